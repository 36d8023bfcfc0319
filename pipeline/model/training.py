"""Labelled history to a candidate model, through the gate against the current one, to promoted or refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.domains import Taxonomy
from pipeline.errors import ArtefactError, InputError
from pipeline.model.artefact import Artefact, load_current, promote, save_artefact
from pipeline.model.calibration import fit_calibration
from pipeline.model.classifier import RemarkClassifier
from pipeline.model.evaluation import (
    LeftOut,
    Metrics,
    batch_groups,
    join_left_out,
    leave_batches_out,
    measure,
)
from pipeline.model.history import Example, digest, load_history
from pipeline.model.urgency import UrgencyModel

MIN_BATCHES, MIN_EXAMPLES = 2, 50
MIN_DOMAIN_REMARKS = 20  # a domain with fewer remarks says nothing about better or worse

Progress = Callable[[int, int, str], None]
"""Called with steps done, steps in all, and a Dutch word for what is being done."""


@dataclass(frozen=True)
class Gate:
    """Candidate and current model side by side on the same left-out remarks.

    Attributes
    ----------
    current
        None when there is no current model to compare with.
    reasons
        Why the candidate was refused, in Dutch; empty when it was promoted.
    """

    candidate: Metrics
    current: Metrics | None
    per_batch: dict[str, float]
    reasons: tuple[str, ...]
    version: str
    note: str = ""

    @property
    def promoted(self) -> bool:
        """Whether the candidate is the current model now."""
        return not self.reasons


def retrain(
    history: Path, models: Path, taxonomy: Taxonomy, max_error_share: float, *, today: date, progress: Progress,
    corrections: Sequence[Example] = (), dry_run: bool = False,
) -> Gate:  # fmt: skip
    """Train on the history and the corrections, compare with the current model, and promote when better.

    Raises
    ------
    InputError
        When the history is unusable or too small to leave a batch out.
    """
    examples = [*load_history(history, taxonomy), *corrections]
    labelled = [example for example in examples if example.domains]
    _check_size(labelled)
    left_out = _left_out(labelled, taxonomy, progress)
    candidate = _train(examples, labelled, left_out, taxonomy, max_error_share, today)
    current, note = _current(models, taxonomy)
    gate = _compare(candidate, current, left_out, labelled, taxonomy, note)
    if gate.promoted and not dry_run:
        save_artefact(models, candidate)
        promote(models, candidate.version)
    return gate


def _check_size(labelled: Sequence[Example]) -> None:
    batches = {example.batch for example in labelled}
    if len(batches) < MIN_BATCHES or len(labelled) < MIN_EXAMPLES:
        raise InputError(
            f"te weinig om van te leren: {len(labelled)} gelabelde opmerkingen in {len(batches)} series; "
            f"nodig zijn er minstens {MIN_EXAMPLES} in {MIN_BATCHES} series"
        )


def _left_out(labelled: Sequence[Example], taxonomy: Taxonomy, progress: Progress) -> LeftOut:
    steps = len(batch_groups([example.batch for example in labelled], 1_000))
    parts = []
    for done, part in enumerate(leave_batches_out(labelled, taxonomy), start=1):
        parts.append(part)
        progress(done, steps + 1, "series weglaten en voorspellen")
    return join_left_out(parts)


def _train(
    examples: Sequence[Example], labelled: Sequence[Example], left_out: LeftOut, taxonomy: Taxonomy,
    max_error_share: float, today: date,
) -> Artefact:  # fmt: skip
    classifier = RemarkClassifier(taxonomy).fit([e.text for e in labelled], [e.domains for e in labelled])
    classifier.calibration = fit_calibration(
        left_out.domain_scores, left_out.primary_scores, left_out.labels, left_out.primary, max_error_share
    )
    urgency = UrgencyModel().fit(classifier, [e.text for e in examples], [e.urgent for e in examples])
    data = digest(examples)
    card = {
        "version": f"{today:%Y-%m-%d}-{data[:8]}",
        "labels": list(taxonomy.ids),
        "data_sha256": data,
        "batches": sorted({example.batch for example in examples}),
        "n_examples": len(examples),
        "max_error_share": max_error_share,
        "scores": measure_left_out(classifier, left_out).as_dict(),
    }
    return Artefact(classifier, urgency, card)


def measure_left_out(classifier: RemarkClassifier, left_out: LeftOut) -> Metrics:
    """Metrics of out-of-batch scores under a classifier's calibration."""
    calibration = classifier.calibration
    if calibration is None:
        raise ValueError("the classifier has no calibration yet")
    domain_proba = calibration.domain_proba(left_out.domain_scores)
    primary_proba = calibration.primary_proba(left_out.primary_scores)
    chosen = calibration.chosen(domain_proba, primary_proba)
    confidence = calibration.confidence(primary_proba)
    return measure(chosen, left_out.labels, primary_proba, left_out.primary, confidence, classifier.taxonomy)


def _current(models: Path, taxonomy: Taxonomy) -> tuple[Artefact | None, str]:
    try:
        return load_current(models, taxonomy), ""
    except ArtefactError as error:
        return None, str(error)


def _compare(
    candidate: Artefact, current: Artefact | None, left_out: LeftOut, labelled: Sequence[Example],
    taxonomy: Taxonomy, note: str,
) -> Gate:  # fmt: skip
    metrics = measure_left_out(candidate.classifier, left_out)
    per_batch = _accuracy_per_batch(left_out)
    old: Metrics | None = None
    if current is None:
        majority = float(np.bincount(left_out.primary).max() / len(left_out.primary))
        better = metrics.primary_accuracy > majority
        worse = f"het raadt niet beter dan altijd hetzelfde domein ({majority:.0%})"
        reasons: tuple[str, ...] = () if better else (worse,)
    else:
        old = Metrics(**current.card["scores"])
        reasons = why_not_better(metrics, old, _domain_sizes(labelled, taxonomy))
    return Gate(metrics, old, per_batch, reasons, candidate.version, note)


def why_not_better(candidate: Metrics, current: Metrics, domain_sizes: dict[str, int]) -> tuple[str, ...]:
    """Reasons in Dutch to keep the current model; empty when the candidate is better."""
    reasons = []
    if candidate.primary_accuracy + candidate.micro_f1 <= current.primary_accuracy + current.micro_f1:
        reasons.append("het is in totaal niet beter dan het huidige model")
    compared = [d for d, size in domain_sizes.items() if size >= MIN_DOMAIN_REMARKS and d in current.recall]
    if not compared:
        reasons.append("er was geen enkel domein om op te vergelijken")
    for domain in compared:
        # two standard errors of the difference between two shares
        spread = 2 * (2 * current.recall[domain] * (1 - current.recall[domain]) / domain_sizes[domain]) ** 0.5
        if candidate.recall[domain] < current.recall[domain] - max(spread, 0.02):
            reasons.append(f"domein {domain} zakt van {current.recall[domain]:.0%} naar {candidate.recall[domain]:.0%}")
    return tuple(reasons)


def _domain_sizes(labelled: Sequence[Example], taxonomy: Taxonomy) -> dict[str, int]:
    sizes: npt.NDArray[np.int64] = taxonomy.to_matrix(e.domains for e in labelled).sum(axis=0)
    return dict(zip(taxonomy.ids, sizes.tolist(), strict=True))


def _accuracy_per_batch(left_out: LeftOut) -> dict[str, float]:
    right = left_out.primary_scores.argmax(axis=1) == left_out.primary
    names = np.array(left_out.batches)
    return {str(name): float(right[names == name].mean()) for name in np.unique(names)}
