"""Labelled history to a candidate model, through the gate against the current one, to promoted or refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from pipeline.domains import Taxonomy
from pipeline.errors import ArtefactError, InputError
from pipeline.model.artefact import Artefact, load_current, promote, save_artefact
from pipeline.model.calibration import fit_calibration
from pipeline.model.classifier import RemarkClassifier
from pipeline.model.evaluation import LeftOut, Metrics, batch_groups, join_left_out, leave_batches_out, measure
from pipeline.model.history import Example, digest, load_history
from pipeline.model.lexicon import LexiconEntry, load_lexicon
from pipeline.model.urgency import fit_urgency

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
    current, note = _current(models, taxonomy)
    gate = _compare(candidate, current, left_out, taxonomy, note)
    if gate.promoted and not dry_run:
        save_artefact(models, candidate)
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


def _current(models: Path, taxonomy: Taxonomy) -> tuple[Artefact | None, str]:
    try:
        return load_current(models, taxonomy), ""
    except ArtefactError as error:
        return None, str(error)


def _compare(candidate: Artefact, current: Artefact | None, left_out: LeftOut, taxonomy: Taxonomy, note: str) -> Gate:
    metrics = Metrics(**candidate.card["scores"])
    per_batch = _accuracy_per_batch(left_out)
    old: Metrics | None = None
    if current is None:
        majority = float(np.bincount(left_out.primary[left_out.primary >= 0]).max() / metrics.n_remarks)
        better = metrics.primary_accuracy > majority
        worse = f"het raadt niet beter dan altijd hetzelfde domein ({majority:.0%})"
        reasons: tuple[str, ...] = () if better else (worse,)
    else:
        old = Metrics(**current.card["scores"])
        reasons = why_not_better(metrics, old, _domain_sizes(left_out, taxonomy))
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


def _domain_sizes(left_out: LeftOut, taxonomy: Taxonomy) -> dict[str, int]:
    return dict(zip(taxonomy.ids, left_out.labels.sum(axis=0).tolist(), strict=True))


def _accuracy_per_batch(left_out: LeftOut) -> dict[str, float]:
    right = left_out.scores.primary.argmax(axis=1) == left_out.primary
    names = np.where(left_out.primary >= 0, left_out.batches, "")
    return {str(name): float(right[names == name].mean()) for name in np.unique(names) if name}
