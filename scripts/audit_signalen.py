"""How often signals in Signalen had to be passed on, and what our model would have said."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from pipeline.cli import DONE, DutchParser, run


def main() -> int:
    parser = DutchParser(
        "Laat zien hoe vaak signalen in Signalen naar een andere categorie moesten, wat dat kostte, en wat "
        "Wijkverbinder gezegd zou hebben. Gegevens van melders worden niet gelezen.",
        "python scripts/audit_signalen.py export.zip --out audit",
    )
    parser.add_argument("export", type=Path, metavar="EXPORT", help="zip of map met de csv-bestanden van Signalen")
    parser.add_argument("--out", type=Path, required=True, metavar="MAP", help="map voor audit.html en audit.csv")
    parser.add_argument("--map", type=Path, metavar="CSV", help="categorieën naar domeinen (data/category_map.csv)")
    parser.add_argument("--settings", type=Path, metavar="BESTAND", help="instellingen (standaard: settings.toml)")
    arguments = parser.parse_args()

    from pipeline.audit import audit_export, write_audit  # noqa: PLC0415  so that --help answers at once
    from pipeline.imports import load_category_map  # noqa: PLC0415
    from pipeline.judge import load_judge  # noqa: PLC0415
    from pipeline.settings import load_settings  # noqa: PLC0415

    settings = load_settings(arguments.settings)
    judge = load_judge(settings)
    categories = load_category_map(arguments.map or settings.path("category_map"), judge.taxonomy)
    audit = audit_export(arguments.export, judge, categories, datetime.now().astimezone())
    print(
        f"{audit.whole.n_signals} signalen, {audit.whole.n_corrected} gecorrigeerd ({audit.whole.share:.1%}). "
        f"Verslag: {write_audit(arguments.out, audit, settings.team)}"
    )
    return DONE


if __name__ == "__main__":
    run(main)
