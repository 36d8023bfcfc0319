"""Labelled history to a candidate model, through the gate against the current one, to promoted or refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.domains import Taxonomy
from pipeline.errors import ArtefactError, InputError
from pipeline.model.artefact import (
    Artefact,
    load_answers,
    load_current,
    promote,
    save_answers,
    save_artefact,
    to_replace,
)
from pipeline.model.calibration import confidence_signs, fit_calibration
from pipeline.model.classifier import RemarkClassifier
from pipeline.model.evaluation import (
    Judged,
    LeftOut,
    Metrics,
    batch_groups,
    fit_and_leave_batches_out,
    join_left_out,
    judge_left_out,
    measure,
)
from pipeline.model.fairness import GroupScore, load_batch_kinds, load_trusted, scores_by_group
from pipeline.model.gate import (
    Answers,
    Comparison,
    KeptApart,
    compare,
    compare_kept_apart,
    distrusted,
    key_of,
    why_not_better,
)
from pipeline.model.history import Example, digest, kept_apart, load_history
from pipeline.model.lexicon import LexiconEntry, load_lexicon
from pipeline.model.urgency import fit_urgency

MIN_BATCHES, MIN_EXAMPLES = 2, 50
GROUPS = 8  # of batches to leave out; each batch alone would be a little kinder and take six times as long

Progress = Callable[[int, int, str], None]
"""Called with steps done, steps in all, and a Dutch word for what is being done."""


@dataclass(frozen=True)
class Gate:
    """What the candidate is worth, and whether it may take the place of the current model.

    Attributes
    ----------
    candidate
        On every left-out remark.
    comparison
        With the current model on the same left-out remarks; None when there is nothing to compare with.
    per_batch
        Primary accuracy of each left-out batch.
    reasons
        Why the candidate was refused, in Dutch; empty when it may take the current model's place.
    apart
        Both models on confirmed remarks that never train.
    """

    candidate: Metrics
    comparison: Comparison | None
    per_batch: dict[str, float]
    reasons: tuple[str, ...]
    version: str
    note: str = ""
    apart: KeptApart | None = None

    @property
    def promoted(self) -> bool:
        """Whether nothing speaks against the candidate."""
        return not self.reasons


@dataclass(frozen=True)
class Candidate:
    """A trained model that is not in use yet.

    Attributes
    ----------
    answers
        Its domains for remarks of left-out batches.
    """

    artefact: Artefact
    answers: Answers
    gate: Gate


@dataclass(frozen=True)
class TrainingData:
    """Everything that a model learns from, and the confirmed remarks that it never learns from.

    Attributes
    ----------
    apart
        Confirmed remarks for the gate.
    trusted
        Batches whose labels somebody vouches for.
    kinds
        Channel and style of batches, for the scores by group.
    jobs
        Models trained at once while batches are left out; the scores do not depend on it.
    """

    examples: Sequence[Example]
    lexicon: Sequence[LexiconEntry]
    apart: Sequence[Example] = ()
    trusted: Sequence[str] = ()
    kinds: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    jobs: int = 2


def load_training_data(
    history: Path, lexicon: Path, taxonomy: Taxonomy, corrections: Sequence[Example] = (), trusted: Sequence[str] = (),
    batches: Path | None = None,
) -> TrainingData:  # fmt: skip
    """Read history and lexicon, add the team's corrections, and keep some of what people confirmed apart.

    Raises
    ------
    InputError, SettingsError
        When a file is unusable; with file and row.
    """
    examples = [*load_history(history, taxonomy), *corrections]
    apart = [example for example in examples if kept_apart(example)]
    learned = [example for example in examples if not kept_apart(example)]
    kinds, vouched_for = (load_batch_kinds(batches), load_trusted(batches)) if batches else ({}, [])
    return TrainingData(learned, load_lexicon(lexicon, taxonomy), apart, [*trusted, *vouched_for], kinds)


def retrain(
    data: TrainingData, models: Path, taxonomy: Taxonomy, max_error_share: float, *, today: date,
    progress: Progress, dry_run: bool = False, write_papers: Callable[[Path, dict[str, Any]], None] | None = None,
) -> Gate:  # fmt: skip
    """Train a candidate, compare it with the current model, and promote it when it is better.

    Parameters
    ----------
    write_papers
        Puts more files beside a saved model, from its card.

    Raises
    ------
    InputError
        When the history is too small to leave a batch out.
    """
    candidate = train_candidate(data, models, taxonomy, max_error_share, today=today, progress=progress)
    if candidate.gate.promoted and not dry_run:
        saved = keep_candidate(candidate, models)
        if write_papers:
            write_papers(saved, candidate.artefact.card)
        promote(models, candidate.artefact.version)
    return candidate.gate


def train_candidate(
    data: TrainingData, models: Path, taxonomy: Taxonomy, max_error_share: float, *, today: date, progress: Progress
) -> Candidate:
    """Train a candidate and compare it with the current model; nothing is written.

    Raises
    ------
    InputError
        When the history is too small to leave a batch out.
    """
    _check_size(data.examples)
    classifier, left_out = _fit_and_leave_out(data, taxonomy, progress)
    judged = judge_left_out(left_out, max_error_share)
    artefact = _artefact(classifier, data, left_out, judged, taxonomy, max_error_share, today)
    answers = dict(zip(left_out.keys, artefact.classifier.domains_of(left_out.scores), strict=True))
    current, note = _current(models, taxonomy)
    comparison, apart, forgot = None, None, False
    if current:
        forgot = current.forgot_since
        comparison = compare(answers, current.answers, data.examples, taxonomy)
        apart = _on_kept_apart(artefact.classifier, current.artefact.classifier, data.apart)
    metrics = Metrics(**artefact.card["scores"])
    doubts = _distrusted(left_out, data.trusted)
    reasons = (*_why_not_promoted(metrics, comparison, apart, left_out, forgot=forgot), *doubts)
    per_batch = _accuracy_per_batch(left_out, judged)
    return Candidate(artefact, answers, Gate(metrics, comparison, per_batch, reasons, artefact.version, note, apart))


def keep_candidate(candidate: Candidate, models: Path) -> Path:
    """Save a candidate beside the other versions and give its folder; it is not in use yet."""
    folder = save_artefact(models, candidate.artefact)
    save_answers(folder, candidate.answers)
    return folder


def _check_size(examples: Sequence[Example]) -> None:
    labelled = [example for example in examples if example.domains]
    batches = {example.batch for example in labelled}
    if len(batches) < MIN_BATCHES or len(labelled) < MIN_EXAMPLES:
        raise InputError(
            f"te weinig om van te leren: {len(labelled)} gelabelde opmerkingen in {len(batches)} series; "
            f"nodig zijn er minstens {MIN_EXAMPLES} in {MIN_BATCHES} series"
        )


def _fit_and_leave_out(data: TrainingData, taxonomy: Taxonomy, progress: Progress) -> tuple[RemarkClassifier, LeftOut]:
    steps = 1 + len(batch_groups([example.batch for example in data.examples], GROUPS))
    classifier, work = fit_and_leave_batches_out(
        data.examples, data.lexicon, taxonomy, most_groups=GROUPS, jobs=data.jobs
    )
    progress(1, steps, "alle series leren")
    parts = []
    for part in work:
        parts.append(part)
        progress(1 + len(parts), steps, "series weglaten en voorspellen")
    return classifier, join_left_out(parts)


def _artefact(
    classifier: RemarkClassifier, data: TrainingData, left_out: LeftOut, judged: Judged, taxonomy: Taxonomy,
    max_error_share: float, today: date,
) -> Artefact:  # fmt: skip
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
        "scores": measure(left_out, judged, taxonomy).as_dict(),
        "fairness": [score.as_dict() for score in _scores_by_group(data, left_out)],
    }
    return Artefact(classifier, urgency, card)


def _scores_by_group(data: TrainingData, left_out: LeftOut) -> list[GroupScore]:
    by_key = {key_of(example): example for example in data.examples}
    right = left_out.scores.primary.argmax(axis=1) == left_out.primary
    some = [place for place, primary in enumerate(left_out.primary) if primary >= 0]
    return scores_by_group([by_key[left_out.keys[place]] for place in some], right[some].tolist(), data.kinds)


@dataclass(frozen=True)
class _Current:
    artefact: Artefact
    answers: Answers
    forgot_since: bool


def _current(models: Path, taxonomy: Taxonomy) -> tuple[_Current | None, str]:
    """The model in use with its answers, or None and why there is nothing to compare with."""
    try:
        artefact = load_current(models, taxonomy)
        return _Current(artefact, load_answers(models / artefact.version), to_replace(models / artefact.version)), ""
    except ArtefactError as error:
        return None, str(error)


def _on_kept_apart(candidate: RemarkClassifier, current: RemarkClassifier, apart: Sequence[Example]) -> KeptApart:
    texts = [example.text for example in apart]
    mine, theirs = (
        ["".join(domains[:1]) for domains in model.predict(texts).domains] if texts else []
        for model in (candidate, current)
    )
    return compare_kept_apart(mine, theirs, apart)


def _distrusted(left_out: LeftOut, trusted: Sequence[str]) -> tuple[str, ...]:
    some = left_out.primary >= 0
    scores = left_out.scores
    right = (scores.primary.argmax(axis=1) == left_out.primary)[some]
    batches = [batch for batch, kept in zip(left_out.batches, some, strict=True) if kept]
    return distrusted(confidence_signs(scores.domain, scores.primary)[some], right, batches, trusted)


def _why_not_promoted(
    metrics: Metrics, comparison: Comparison | None, apart: KeptApart | None, left_out: LeftOut, *, forgot: bool
) -> tuple[str, ...]:
    if comparison is not None:
        return why_not_better(comparison, apart, must_go=forgot)
    majority = float(np.bincount(left_out.primary[left_out.primary >= 0]).max() / metrics.n_remarks)
    if metrics.primary_accuracy > majority:
        return ()
    return (f"het raadt niet beter dan altijd hetzelfde domein ({majority:.0%})",)


def _accuracy_per_batch(left_out: LeftOut, judged: Judged) -> dict[str, float]:
    right = judged.primary == left_out.primary
    names = np.where(left_out.primary >= 0, left_out.batches, "")
    return {str(name): float(right[names == name].mean()) for name in np.unique(names) if name}
