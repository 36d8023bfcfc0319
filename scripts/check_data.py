"""Check the labelled history and the lexicon, and print the figures of their data card."""

from __future__ import annotations

from pathlib import Path

from pipeline.cli import COULD_NOT_START, DONE, DutchParser, run


def main() -> int:
    parser = DutchParser(
        "Controleert de gelabelde opmerkingen en de woordenlijst, en laat hun cijfers zien.",
        "python scripts/check_data.py",
    )
    parser.add_argument("--settings", type=Path, metavar="BESTAND", help="instellingen (standaard: settings.toml)")
    arguments = parser.parse_args()

    from pipeline.domains import load_taxonomy  # noqa: PLC0415  so that --help answers at once
    from pipeline.model.datacard import describe  # noqa: PLC0415
    from pipeline.model.training import load_training_data  # noqa: PLC0415
    from pipeline.settings import load_settings  # noqa: PLC0415

    settings = load_settings(arguments.settings)
    taxonomy = load_taxonomy(settings.path("domains"))
    data = load_training_data(settings.path("history"), settings.path("lexicon"), taxonomy)
    card = describe(data.examples, data.lexicon, taxonomy)
    shortest, middle, longest = card.words
    print(f"{card.n_remarks} opmerkingen in {card.n_batches} series; {card.n_without_domain} passen nergens")
    print(f"twee domeinen {card.two_share:.0%}, drie of meer {card.three_share:.0%}, dringend {card.urgent_share:.1%}")
    print(f"woorden: {shortest} tot {longest}, middelste {middle:g}; verschillende woorden {card.type_token_ratio:.2f}")
    print(f"\n{'domein':<18}{'eerste':>8}{'termen':>8}")
    for domain in taxonomy.ids:
        print(f"{domain:<18}{card.by_primary[domain]:>8}{card.lexicon_terms[domain]:>8}")
    print("\n" + ("\n".join(card.problems) or "Geen fouten gevonden."))
    return COULD_NOT_START if card.problems else DONE


if __name__ == "__main__":
    run(main)
