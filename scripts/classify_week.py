"""Sort the week's remarks, prepare the letters and make the overview."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

from pipeline.cli import DONE, DONE_WITH_REJECTED, DutchParser, progress_line, run


def main() -> int:
    parser = DutchParser(
        "Verdeelt de opmerkingen van de week over beleidsdomeinen, zet de brieven aan de afdelingen klaar "
        "en maakt het overzicht voor het overleg. Er gaat niets de deur uit.",
        "python scripts/classify_week.py data/example_week.csv --out out/2026-W47",
    )
    parser.add_argument("inputs", nargs="+", type=Path, metavar="INVOER", help="CSV- of XLSX-bestanden met opmerkingen")
    parser.add_argument(
        "--out", required=True, type=Path, metavar="MAP", help="map voor de uitkomst, zoals out/2026-W47"
    )
    parser.add_argument("--store", default="", metavar="URL", help="opslag (standaard: wijk.db naast de map)")
    parser.add_argument("--settings", type=Path, metavar="BESTAND", help="instellingen (standaard: settings.toml)")
    arguments = parser.parse_args()

    from pipeline.settings import load_settings  # noqa: PLC0415  so that --help answers at once
    from pipeline.week import run_week  # noqa: PLC0415

    settings = load_settings(arguments.settings)
    with progress_line("Opmerkingen verdelen", "rijen") as progress:
        report = run_week(
            arguments.inputs, arguments.out, settings, store_url=arguments.store,
            now=datetime.now().astimezone().replace(microsecond=0), progress=progress,
        )  # fmt: skip
    decisions = report.by_decision
    print(
        f"{report.n_remarks} opmerkingen verdeeld: {decisions.get('route', 0)} doorgestuurd, "
        f"{decisions.get('review', 0)} te beoordelen, {decisions.get('urgent', 0)} om nu naar te kijken."
    )
    print(
        f"{report.n_letters} brieven staan in {report.out / 'outbox'} "
        f"({report.n_new_letters} nieuw); niets is verstuurd."
    )
    print(f"Overzicht: {report.out / 'overview.html'}")
    if report.n_rejected:
        print(
            f"{report.n_rejected} rijen konden niet gelezen worden: zie {report.out / 'rejected.csv'}", file=sys.stderr
        )
        return DONE_WITH_REJECTED
    return DONE


if __name__ == "__main__":
    run(main)
