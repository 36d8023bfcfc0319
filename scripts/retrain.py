"""Learn from the labelled history; the new model is taken only when it is better."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.cli import DONE, REFUSED, DutchParser, progress_line, run

if TYPE_CHECKING:
    import argparse

    from pipeline.domains import Taxonomy
    from pipeline.settings import Settings


def main() -> int:
    parser = _parser()
    arguments = parser.parse_args()
    if arguments.replies and not arguments.store:
        parser.error("the following arguments are required: --store")

    from pipeline.domains import load_taxonomy  # noqa: PLC0415  so that --help answers at once
    from pipeline.engine.choice import training_jobs  # noqa: PLC0415
    from pipeline.learn import corrections_in, gate_table  # noqa: PLC0415
    from pipeline.model.training import load_training_data, retrain  # noqa: PLC0415
    from pipeline.register import check_register, write_papers  # noqa: PLC0415
    from pipeline.settings import load_settings  # noqa: PLC0415

    settings = load_settings(arguments.settings)
    if arguments.forget:
        return _forget(arguments, settings)
    check_register(settings)
    taxonomy = load_taxonomy(settings.path("domains"))
    if arguments.replies:
        _read_replies(arguments, settings, taxonomy)
    if arguments.imported:
        _import(arguments, settings, taxonomy)
    corrections = corrections_in(arguments.store, taxonomy, settings.team.id)
    history = arguments.history or settings.path("history")
    data = load_training_data(
        history, settings.path("lexicon"), taxonomy, corrections, arguments.trust, settings.path("batches")
    )
    where = training_jobs(arguments.jobs, arguments.engine, arguments.scheduler)
    with progress_line("Trainen", "stappen") as progress, where as jobs:
        gate = retrain(
            replace(data, jobs=jobs),
            arguments.models or settings.path("models"),
            taxonomy,
            settings.routing.max_error_share,
            today=date.today(),  # noqa: DTZ011  the date on the wall is what the team knows the model by
            progress=progress,
            dry_run=arguments.dry_run,
            write_papers=lambda folder, card: write_papers(folder, card, settings, taxonomy),
        )
    print(gate_table(gate, taxonomy, dry_run=arguments.dry_run))
    return DONE if gate.promoted else REFUSED


def _parser() -> DutchParser:
    parser = DutchParser(
        "Leert van de gelabelde opmerkingen in data/history en de verbeteringen in de opslag. "
        "Het nieuwe model wordt alleen gebruikt als het beter is dan het huidige.",
        "python scripts/retrain.py",
    )
    parser.add_argument("--history", type=Path, metavar="MAP", help="gelabelde opmerkingen (standaard: data/history)")
    parser.add_argument("--models", type=Path, metavar="MAP", help="map met modellen (standaard: models)")
    parser.add_argument("--store", default="", metavar="URL", help="opslag met verbeteringen van het team")
    parser.add_argument(
        "--replies", type=Path, metavar="MAILDIR", help='lees eerst antwoorden "hoort niet bij ons" (vraagt --store)'
    )
    parser.add_argument(
        "--import", dest="imported", nargs="+", type=Path, metavar="BESTAND",
        help="neem eerst een eigen geschiedenis met categorieën over, bijvoorbeeld uit Signalen",
    )  # fmt: skip
    parser.add_argument("--map", type=Path, metavar="CSV", help="categorieën naar domeinen (data/category_map.csv)")
    parser.add_argument(
        "--forget", metavar="NUMMER", help="haal een opmerking uit opslag (--store), bord en geschiedenis; train niet"
    )
    parser.add_argument(
        "--trust", nargs="+", default=[], metavar="SERIE", help="series die de rest tegenspreken maar nagekeken zijn"
    )
    parser.add_argument(
        "--jobs", type=int, default=2, metavar="N", help="train zoveel modellen tegelijk (standaard: 2; 0: alle kernen)"
    )
    parser.add_argument(
        "--engine", default="local", choices=("local", "dask"), help="waar het werk gebeurt (standaard: deze machine)"
    )
    parser.add_argument("--scheduler", default="", metavar="ADRES", help="van Dask, zoals tcp://10.0.0.5:8786")
    parser.add_argument("--dry-run", action="store_true", help="laat de vergelijking zien en verander niets")
    parser.add_argument("--settings", type=Path, metavar="BESTAND", help="instellingen (standaard: settings.toml)")
    return parser


def _import(arguments: argparse.Namespace, settings: Settings, taxonomy: Taxonomy) -> None:
    from pipeline.imports import import_history, import_lines, load_category_map  # noqa: PLC0415

    categories = load_category_map(arguments.map or settings.path("category_map"), taxonomy)
    history = arguments.history or settings.path("history")
    intake = settings.intake
    report = import_history(
        arguments.imported, categories, history, chunk_rows=intake.chunk_rows, max_text_chars=intake.max_text_chars
    )
    print("\n".join(import_lines(report)))


def _forget(arguments: argparse.Namespace, settings: Settings) -> int:
    from pipeline.forget import forget_lines, forget_remark  # noqa: PLC0415
    from pipeline.store import Store  # noqa: PLC0415

    store = Store(arguments.store, settings.team.id) if arguments.store else None
    try:
        history = arguments.history or settings.path("history")
        models = arguments.models or settings.path("models")
        done = forget_remark(arguments.forget, store, history, models, datetime.now())  # noqa: DTZ005
    finally:
        if store:
            store.close()
    print("\n".join(forget_lines(arguments.forget, done)))
    return DONE


def _read_replies(arguments: argparse.Namespace, settings: Settings, taxonomy: Taxonomy) -> None:
    from pipeline.replies import learn_from_replies, reply_lines  # noqa: PLC0415
    from pipeline.store import Store  # noqa: PLC0415

    store = Store(arguments.store, settings.team.id)
    try:
        print(
            "\n".join(reply_lines(learn_from_replies(arguments.replies, store, taxonomy, datetime.now().astimezone())))
        )
    finally:
        store.close()


if __name__ == "__main__":
    run(main)
