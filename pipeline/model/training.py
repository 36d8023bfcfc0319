"""Labelled history to a candidate model, through the gate against the current one, to promoted or refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from pipeline.domains import Taxonomy
from pipeline.errors import ArtefactError, InputError
from pipeline.model.artefact import Artefact, load_answers, load_current, promote, save_answers, save_artefact
from pipeline.model.calibration import fit_calibration
from pipeline.model.classifier import RemarkClassifier
from pipeline.model.evaluation import LeftOut, Metrics, batch_groups, join_left_out, leave_batches_out, measure
from pipeline.model.gate import Answers, Comparison, compare, why_not_better
from pipeline.model.history import Example, digest, load_history
from pipeline.model.lexicon import LexiconEntry, load_lexicon
from pipeline.model.urgency import fit_urgency

MIN_BATCHES, MIN_EXAMPLES = 2, 50

Progress = Callable[[int, int, str], None]
"""Called with steps done, steps in all, and a Dutch word for what is being done."""


@dataclass(frozen=True)
class Gate:
    """What the candidate is worth, and whether it took the place of the current model.

    Attributes
    ----------
    candidate
        On every left-out remark.
    comparison
        With the current model on the same left-out remarks; None when there is nothing to compare with.
    per_batch
        Primary accuracy of each left-out batch.
    reasons
        Why the candidate was refused, in Dutch; empty when it was promoted.
    """

    candidate: Metrics
    comparison: Comparison | None
    per_batch: dict[str, float]
    reasons: tuple[str, ...]
    version: str
    note: str = ""

    @property
    def promoted(self) -> bool:
        """Whether the candidate is the current model now."""
        return not self.reasons


@dataclass(frozen=True)
class TrainingData:
    """Everything that a model learns from."""

    examples: Sequence[Example]
    lexicon: Sequence[LexiconEntry]


def load_training_data(
    history: Path, lexicon: Path, taxonomy: Taxonomy, corrections: Sequence[Example] = ()
) -> TrainingData:
    """Read history and lexicon, and add the team's corrections.

    Raises
    ------
    InputError, SettingsError
        When a file is unusable; with file and row.
    """
    return TrainingData([*load_history(history, taxonomy), *corrections], load_lexicon(lexicon, taxonomy))


def retrain(
    data: TrainingData, models: Path, taxonomy: Taxonomy, max_error_share: float, *, today: date,
    progress: Progress, dry_run: bool = False,
) -> Gate:  # fmt: skip
    """Train a candidate, compare it with the current model, and promote it when it is better.

    Raises
    ------
    InputError
        When the history is too small to leave a batch out.
    """
    _check_size(data.examples)
    left_out = _left_out(data, taxonomy, progress)
    candidate = _train(data, left_out, taxonomy, max_error_share, today)
    answers = _answers(candidate.classifier, left_out)
    comparison, note = _compare(answers, models, data, taxonomy)
    metrics = Metrics(**candidate.card["scores"])
    reasons = _why_not_promoted(metrics, comparison, left_out)
    gate = Gate(metrics, comparison, _accuracy_per_batch(left_out), reasons, candidate.version, note)
    if gate.promoted and not dry_run:
        save_answers(save_artefact(models, candidate), answers)
        promote(models, candidate.version)
    return gate


def _check_size(examples: Sequence[Example]) -> None:
    labelled = [example for example in examples if example.domains]
    batches = {example.batch for example in labelled}
    if len(batches) < MIN_BATCHES or len(labelled) < MIN_EXAMPLES:
        raise InputError(
            f"te weinig om van te leren: {len(labelled)} gelabelde opmerkingen in {len(batches)} series; "
            f"nodig zijn er minstens {MIN_EXAMPLES} in {MIN_BATCHES} series"
        )


def _left_out(data: TrainingData, taxonomy: Taxonomy, progress: Progress) -> LeftOut:
    steps = len(batch_groups([example.batch for example in data.examples], 1_000))
    parts = []
    for done, part in enumerate(leave_batches_out(data.examples, data.lexicon, taxonomy), start=1):
        parts.append(part)
        progress(done, steps + 1, "series weglaten en voorspellen")
    return join_left_out(parts)


def _train(data: TrainingData, left_out: LeftOut, taxonomy: Taxonomy, max_error_share: float, today: date) -> Artefact:
    classifier = RemarkClassifier(taxonomy).fit(data.examples, data.lexicon)
    classifier.calibration = fit_calibration(
        left_out.scores.domain, left_out.scores.primary, left_out.labels, left_out.primary, max_error_share
    )
    urgency = fit_urgency(left_out.scores.urgency, left_out.urgent)
    data_hash = digest(data.examples, [f"{entry.term}={';'.join(entry.domains)}" for entry in data.lexicon])
    card = {
        "version": f"{today:%Y-%m-%d}-{data_hash[:8]}",
        "labels": list(taxonomy.ids),
        "data_sha256": data_hash,
        "batches": sorted({example.batch for example in data.examples}),
        "n_examples": len(data.examples),
        "n_lexicon_entries": len(data.lexicon),
        "max_error_share": max_error_share,
        "scores": measure(left_out, classifier.calibration, urgency, taxonomy).as_dict(),
    }
    return Artefact(classifier, urgency, card)


def _answers(classifier: RemarkClassifier, left_out: LeftOut) -> Answers:
    return dict(zip(left_out.keys, classifier.domains_of(left_out.scores), strict=True))


def _compare(candidate: Answers, models: Path, data: TrainingData, taxonomy: Taxonomy) -> tuple[Comparison | None, str]:
    """Comparison with the current model, or None and why there is nothing to compare with."""
    try:
        version = load_current(models, taxonomy).version
        return compare(candidate, load_answers(models / version), data.examples, taxonomy), ""
    except ArtefactError as error:
        return None, str(error)


def _why_not_promoted(metrics: Metrics, comparison: Comparison | None, left_out: LeftOut) -> tuple[str, ...]:
    if comparison is not None:
        return why_not_better(comparison)
    majority = float(np.bincount(left_out.primary[left_out.primary >= 0]).max() / metrics.n_remarks)
    if metrics.primary_accuracy > majority:
        return ()
    return (f"het raadt niet beter dan altijd hetzelfde domein ({majority:.0%})",)


def _accuracy_per_batch(left_out: LeftOut) -> dict[str, float]:
    right = left_out.scores.primary.argmax(axis=1) == left_out.primary
    names = np.where(left_out.primary >= 0, left_out.batches, "")
    return {str(name): float(right[names == name].mean()) for name in np.unique(names) if name}
