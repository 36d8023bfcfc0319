"""Check the labelled history and the lexicon, and print the figures of their data card."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.cli import COULD_NOT_START, DONE, DutchParser, run
from pipeline.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from pipeline.intake.marked import PrivacyScore
    from pipeline.model.datacard import DataCard

MORE_REMARKS = 4_000
PRIVACY_CASES = PROJECT_ROOT / "tests" / "regression" / "cases"


def main() -> int:
    parser = DutchParser(
        "Controleert de gelabelde opmerkingen en de woordenlijst, en laat hun cijfers zien.",
        "python scripts/check_data.py",
    )
    parser.add_argument("--batches", nargs="+", metavar="SERIE", help="alleen deze series, bijvoorbeeld: t1 t2")
    parser.add_argument("--curve", type=Path, metavar="SVG", help="teken de leercurve in dit bestand (enkele minuten)")
    parser.add_argument("--settings", type=Path, metavar="BESTAND", help="instellingen (standaard: settings.toml)")
    arguments = parser.parse_args()

    from pipeline.domains import load_taxonomy  # noqa: PLC0415  so that --help answers at once
    from pipeline.errors import InputError  # noqa: PLC0415
    from pipeline.intake.marked import load_marked, score  # noqa: PLC0415
    from pipeline.model.curve import accuracy_at, draw, learning_curve  # noqa: PLC0415
    from pipeline.model.datacard import describe  # noqa: PLC0415
    from pipeline.model.training import load_training_data  # noqa: PLC0415
    from pipeline.settings import load_settings  # noqa: PLC0415

    settings = load_settings(arguments.settings)
    taxonomy = load_taxonomy(settings.path("domains"))
    data = load_training_data(settings.path("history"), settings.path("lexicon"), taxonomy)
    only = set(arguments.batches or ())
    examples = [example for example in data.examples if not only or example.batch in only]
    if not examples:
        raise InputError(f"geen opmerkingen in serie {', '.join(sorted(only))}")
    card = describe(examples, data.lexicon, taxonomy)
    print(figures(card, taxonomy.ids))
    print(
        privacy_figures(
            score([remark for path in sorted(PRIVACY_CASES.glob("privacy*.txt")) for remark in load_marked(path)])
        )
    )
    if arguments.curve:
        points = list(learning_curve(examples, data.lexicon, taxonomy))
        for point in points:
            print(f"{point.n_remarks:>8,.0f} opmerkingen: eerste domein goed {point.accuracy:.3f}")
        expected = accuracy_at(points, points[-1].n_remarks + MORE_REMARKS)
        print(f"met {MORE_REMARKS} meer naar verwachting {expected:.3f}")
        arguments.curve.write_text(draw(points, MORE_REMARKS), encoding="utf-8")
    print("\n" + ("\n".join(card.problems) or "Geen fouten gevonden."))
    return COULD_NOT_START if card.problems else DONE


def figures(card: DataCard, domains: Sequence[str]) -> str:
    """The history and the lexicon in numbers."""
    shortest, middle, longest = card.words
    agreement = card.agreement
    lines = [
        f"{card.n_remarks} opmerkingen in {card.n_batches} series; {card.n_without_domain} passen nergens",
        f"twee domeinen {card.two_share:.0%}, drie of meer {card.three_share:.0%}, dringend {card.urgent_share:.1%}",
        f"woorden: {shortest} tot {longest}, middelste {middle:g}; verschillende woorden {card.type_token_ratio:.2f}",
    ]
    if agreement:
        lines.append(
            f"twee mensen, {agreement.n_remarks} opmerkingen: eerste domein gelijk {agreement.primary_share:.1%}, "
            f"eerste bij de ander genoemd {agreement.within_share:.1%}, alles gelijk {agreement.exact_share:.1%}"
        )
    lines += ["", f"{'domein':<18}{'eerste':>8}{'termen':>8}{'variatie':>10}{'kappa':>8}"]
    for domain in domains:
        kappa = f"{agreement.kappa[domain]:>8.2f}" if agreement else ""
        counts = f"{card.by_primary[domain]:>8}{card.lexicon_terms[domain]:>8}{card.variety[domain]:>10}"
        lines.append(f"{domain:<18}{counts}{kappa}")
    return "\n".join([*lines, f"variatie: verschillende inhoudswoorden per {card.sample_words}"])


def privacy_figures(score: PrivacyScore) -> str:
    """How much of the marked personal data the privacy step finds."""
    lines = ["", "persoonsgegevens   gemerkt  gevonden  ten onrechte"]
    for kind, number in score.marked.items():
        lines.append(f"{kind:<17}{number:>9}{1 - score.missed[kind] / number:>10.1%}{score.false[kind]:>14}")
    return "\n".join(lines)


if __name__ == "__main__":
    run(main)
