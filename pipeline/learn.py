"""Retraining as its user sees it: corrections in, the gate's table out."""

from __future__ import annotations

from pipeline.domains import Taxonomy
from pipeline.intake.privacy import clean
from pipeline.model.history import Example
from pipeline.model.training import Gate
from pipeline.store import Store


def corrections_in(url: str, taxonomy: Taxonomy) -> list[Example]:
    """The team's last correction of each remark as labelled examples; none without a store.

    Raises
    ------
    StoreError
        When the store cannot be opened.
    """
    if not url:
        return []
    store = Store(url)
    try:
        latest = {(row["week"], row["remark_id"]): row for row in store.corrections()}
    finally:
        store.close()
    return [
        Example(
            id=row["remark_id"],
            batch=f"verbeterd {row['week']}",
            text=clean(row["text"]).text,
            domains=taxonomy.split(row["domains"]),
            urgent=row["urgent"],
            source="bevestigd",
        )
        for row in latest.values()
    ]


def gate_table(gate: Gate, taxonomy: Taxonomy) -> str:
    """The comparison of candidate and current model in Dutch, and what was decided."""
    new, old = gate.candidate, gate.current
    lines = [f"{'Op weggelaten series':<32}{'nieuw':>8}{'huidig':>8}"]
    names = {
        "primary_accuracy": "eerste domein goed",
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
    lines += [_line(name, getattr(new, key), getattr(old, key) if old else None) for key, name in names.items()]
    lines += ["", f"{'Gevonden per domein':<32}{'nieuw':>8}{'huidig':>8}"]
    lines += [_line(domain, new.recall[domain], old.recall.get(domain) if old else None) for domain in taxonomy.ids]
    lines += ["", f"{'Eerste domein goed per serie':<32}{'nieuw':>8}"]
    lines += [_line(name, share, None) for name, share in gate.per_batch.items()]
    lines.append("")
    if gate.note:
        lines.append(f"Vergelijken met een huidig model kon niet: {gate.note}")
    lines.append(
        f"Het nieuwe model {gate.version} is in gebruik genomen."
        if gate.promoted
        else f"Het nieuwe model is niet in gebruik genomen: {'; '.join(gate.reasons)}."
    )
    return "\n".join(lines)


def _line(name: str, new: float, old: float | None) -> str:
    return f"{name:<32}{new:>8.3f}{'' if old is None else format(old, '8.3f')}"
