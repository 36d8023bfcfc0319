"""The review board: judge the week's remarks in the browser, together."""

from __future__ import annotations

import webbrowser
from pathlib import Path

from pipeline.cli import DONE, DutchParser, run


def main() -> int:
    parser = DutchParser(
        "Opent het bord waarop het team de opmerkingen van de week beoordeelt. Stoppen kan met Ctrl-C; "
        "alles is dan al bewaard.",
        "python scripts/review.py out",
    )
    parser.add_argument(
        "folder", nargs="?", type=Path, default=Path("out"), metavar="MAP", help="map met de weken (standaard: out)"
    )
    parser.add_argument("--store", default="", metavar="URL", help="opslag (standaard: wijk.db in MAP)")
    parser.add_argument("--port", type=int, metavar="N", help="poort (standaard: 8765)")
    parser.add_argument("--no-browser", action="store_true", help="open niet vanzelf een browser")
    parser.add_argument("--settings", type=Path, metavar="BESTAND", help="instellingen (standaard: settings.toml)")
    arguments = parser.parse_args()

    from dataclasses import replace  # noqa: PLC0415  so that --help answers at once

    from pipeline.review import open_board, serve  # noqa: PLC0415
    from pipeline.settings import load_settings  # noqa: PLC0415

    settings = load_settings(arguments.settings)
    if arguments.port is not None:
        settings = replace(settings, board=replace(settings.board, port=arguments.port))
    board = open_board(arguments.folder, settings, store_url=arguments.store)
    print(f"Het bord staat op {board.address}", flush=True)
    print("Dit adres is geheim: wie het heeft, kan alles op het bord zien. Stoppen: Ctrl-C.", flush=True)
    if not arguments.no_browser:
        webbrowser.open(board.address)
    serve(board)
    return DONE


if __name__ == "__main__":
    run(main)
