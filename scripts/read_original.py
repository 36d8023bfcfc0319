"""Read one original text that the store keeps under lock and key."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pipeline.cli import DONE, DutchParser, run


def main() -> int:
    parser = DutchParser(
        "Laat de oorspronkelijke tekst van een opmerking zien, als de opslag die bewaart (zie [privacy] in "
        "settings.toml). De sleutel staat in de omgevingsvariabele WIJKVERBINDER_KEY.",
        "python scripts/read_original.py out/2026-W47 W47-001",
    )
    parser.add_argument("out", type=Path, metavar="MAP", help="map met de resultaten van de week")
    parser.add_argument("id", metavar="ID", help="nummer van de opmerking")
    parser.add_argument("--store", default="", metavar="URL", help="opslag (standaard: wijk.db naast MAP)")
    parser.add_argument("--settings", type=Path, metavar="BESTAND", help="instellingen (standaard: settings.toml)")
    arguments = parser.parse_args()

    from pipeline.errors import InputError  # noqa: PLC0415  so that --help answers at once
    from pipeline.intake.vault import Vault  # noqa: PLC0415
    from pipeline.settings import load_settings  # noqa: PLC0415
    from pipeline.store import Store, url_beside, week_of  # noqa: PLC0415

    vault = Vault()
    week = week_of(arguments.out)
    store = Store(arguments.store or url_beside(arguments.out), load_settings(arguments.settings).team.id)
    store.forget_originals(date.today())  # noqa: DTZ011  retention counts in local days
    sealed = store.original(week, arguments.id)
    if sealed is None:
        raise InputError(f"van opmerking {arguments.id} van {week} is geen oorspronkelijke tekst bewaard")
    print(vault.unseal(sealed))
    return DONE


if __name__ == "__main__":
    run(main)
