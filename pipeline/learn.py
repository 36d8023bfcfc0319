"""Retraining as its user sees it: corrections in, the gate's table out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.domains import Taxonomy
from pipeline.intake.privacy import clean
from pipeline.model.classifier import RemarkClassifier
from pipeline.model.gate import Comparison, KeptApart
from pipeline.model.history import CONFIRMED, Example
from pipeline.model.training import Gate
from pipeline.store import Store

NOTABLE = 0.01  # change in the share of a domain's remarks that is found


@dataclass(frozen=True)
class Difference:
    """A remark of which another model says something else."""

    remark_id: str
    text: str
    now: tuple[str, ...]
    then: tuple[str, ...]


def differences(rows: Sequence[Mapping[str, Any]], now: RemarkClassifier, then: RemarkClassifier) -> list[Difference]:
    """Remarks of the store that two models give different domains."""
    texts = [row["text"] for row in rows]
    if not texts:
        return []
    pairs = zip(rows, now.predict(texts).domains, then.predict(texts).domains, strict=True)
    return [Difference(row["id"], row["text"], old, new) for row, old, new in pairs if old != new]


def corrections_in(url: str, taxonomy: Taxonomy, team: str = "") -> list[Example]:
    """The team's last correction of each remark as labelled examples; none without a store.

    Raises
    ------
    StoreError
        When the store cannot be opened.
    """
    if not url:
        return []
    store = Store(url, team)
    try:
        return examples_of(store, taxonomy)
    finally:
        store.close()


def examples_of(store: Store, taxonomy: Taxonomy) -> list[Example]:
    """The team's last correction of each remark in a store."""
    latest = {(row["week"], row["remark_id"]): row for row in store.corrections()}
    return [
        Example(
            id=row["remark_id"],
            batch=f"verbeterd {row['week']}",
            text=clean(row["text"]).text,
            domains=taxonomy.split(row["domains"]),
            urgent=row["urgent"],
            source=CONFIRMED,
        )
        for row in latest.values()
    ]


def gate_table(gate: Gate, taxonomy: Taxonomy, *, dry_run: bool = False) -> str:
    """The comparison of candidate and current model in Dutch, and what was (or in a dry run would be) decided."""
    new = gate.candidate
    lines = [f"{'Op weggelaten series':<32}{'nieuw':>8}"]
    names = {
        "primary_accuracy": "eerste domein goed",
        "accepted_accuracy": "... volgens een van twee mensen",
        "micro_f1": "alle domeinen (micro F1)",
        "macro_f1": "alle domeinen (macro F1)",
        "coverage_at_95": "door te sturen bij 95% goed",
        "calibration_error": "fout in de zekerheid",
        "routed_share": "wordt doorgestuurd",
        "routed_error_share": "fouten in wat doorgaat",
        "none_held_share": "past nergens: tegengehouden",
        "urgent_recall": "acuut gevaar gevonden",
        "urgent_precision": "acuut gevaar terecht",
    }
    lines += [_line(name, getattr(new, key)) for key, name in names.items()]
    lines += ["", *_comparison_lines(gate.comparison)] if gate.comparison else []
    lines += _apart_lines(gate.apart) if gate.apart and gate.apart.n_remarks else []
    lines += ["", f"{'Gevonden per domein':<32}{'nieuw':>8}"]
    lines += [_line(domain, new.recall[domain]) for domain in taxonomy.ids]
    lines += ["", f"{'Eerste domein goed per serie':<32}{'nieuw':>8}"]
    lines += [_line(name, share) for name, share in gate.per_batch.items()]
    lines.append("")
    if gate.note:
        lines.append(f"Vergelijken met een huidig model kon niet: {gate.note}")
    would, end = ("zou", " worden. Dit was een proef: er is niets veranderd.") if dry_run else ("is", ".")
    lines.append(
        f"Het nieuwe model {gate.version} {would} in gebruik genomen{end}"
        if gate.promoted
        else f"Het nieuwe model {would} niet in gebruik genomen{end} Reden: {'; '.join(gate.reasons)}."
    )
    return "\n".join(lines)


def gate_in_words(gate: Gate, taxonomy: Taxonomy) -> list[str]:
    """What gets better and what gets worse, for people who do not read tables."""
    if gate.comparison is None:
        return ["Er is geen huidig model om mee te vergelijken."]
    new, old = gate.comparison.candidate, gate.comparison.current
    changes = {name: new.recall[name] - old.recall[name] for name in new.recall if gate.comparison.n_remarks[name]}
    better, worse = (
        [f"{taxonomy.name(name)} (van {old.recall[name]:.0%} naar {new.recall[name]:.0%})"
         for name in sorted(changes, key=lambda name: -sign * changes[name]) if sign * changes[name] >= NOTABLE]
        for sign in (1, -1)
    )  # fmt: skip
    lines = [
        (
            f"Van elke 100 opmerkingen gaan er nu {100 * old.primary_accuracy:.1f} eerst naar de goede afdeling, "
            f"straks {100 * new.primary_accuracy:.1f}."
        ),
        f"Beter: {', '.join(better) or 'geen domein duidelijk'}.",
        f"Slechter: {', '.join(worse) or 'geen domein duidelijk'}.",
    ]
    if gate.apart and gate.apart.n_remarks:
        lines.append(
            f"Van {gate.apart.n_remarks} opmerkingen die mensen bevestigden en waar het niet van leerde, heeft het er "
            f"{gate.apart.gained} goed die het huidige model fout heeft, en andersom {gate.apart.lost}."
        )
    return [*lines, *(f"Niet in gebruik nemen: {reason}." for reason in gate.reasons)]


def _comparison_lines(comparison: Comparison) -> list[str]:
    new, old = comparison.candidate, comparison.current
    return [
        f"{f'Op dezelfde {comparison.n_shared} opmerkingen':<32}{'nieuw':>8}{'huidig':>8}",
        _line("eerste domein goed", new.primary_accuracy, old.primary_accuracy),
        _line("alle domeinen (micro F1)", new.micro_f1, old.micro_f1),
        *(_line(f"gevonden: {domain}", new.recall[domain], old.recall[domain]) for domain in new.recall),
    ]


def _apart_lines(apart: KeptApart) -> list[str]:
    return [
        "",
        f"{f'Op {apart.n_remarks} bevestigde, niet geleerd':<32}{'nieuw':>8}{'huidig':>8}",
        _line("eerste domein goed", apart.candidate_accuracy, apart.current_accuracy),
    ]


def _line(name: str, *shares: float) -> str:
    return f"{name:<32}" + "".join(f"{share:>8.3f}" for share in shares)
