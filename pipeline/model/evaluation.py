"""Every metric, over all domains of the taxonomy, on remarks of batches that the model never saw."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed

from pipeline.domains import Taxonomy
from pipeline.model.classifier import RemarkClassifier
from pipeline.model.history import Example

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

CALIBRATION_BINS = 10


@dataclass(frozen=True)
class LeftOut:
    """Scores of remarks by a model that was trained without their batch.

    Attributes
    ----------
    domain_scores, primary_scores, labels
        Shape (n_remarks, n_domains).
    primary
        Column of the right primary, shape (n_remarks,).
    batches
        Batch of each remark.
    """

    domain_scores: Floats
    primary_scores: Floats
    labels: Bools
    primary: npt.NDArray[np.intp]
    batches: list[str]


@dataclass(frozen=True)
class Metrics:
    """Quality of predictions; all shares from 0 to 1.

    Attributes
    ----------
    coverage_at_95
        Largest share of remarks, most confident first, of which 95% have the right primary.
    calibration_error
        Expected calibration error of `confidence`, ten bins with equally many remarks.
    recall
        Per domain id, the share of its remarks that get it.
    """

    n_remarks: int
    primary_accuracy: float
    micro_f1: float
    macro_f1: float
    coverage_at_95: float
    calibration_error: float
    recall: dict[str, float]

    def as_dict(self) -> dict[str, object]:
        """Plain dictionary, for card.json."""
        return asdict(self)


def batch_groups(batches: Sequence[str], most: int) -> list[frozenset[str]]:
    """Batches to leave out together: each alone, or when there are more than `most`, dealt out over `most` groups."""
    names = sorted(set(batches))
    return [frozenset(names[start::most]) for start in range(min(most, len(names)))]


def leave_batches_out(
    examples: Sequence[Example], taxonomy: Taxonomy, *, most_groups: int = 1_000, jobs: int = 2
) -> Iterator[LeftOut]:
    """Scores for every labelled example, one group of left-out batches at a time (as they get ready).

    Parameters
    ----------
    most_groups
        Train at most this many times; the default leaves out every batch alone.
    """
    groups = batch_groups([example.batch for example in examples], most_groups)
    work = (delayed(_score_group)(examples, taxonomy, group) for group in groups)
    yield from Parallel(n_jobs=jobs, return_as="generator")(work)


def join_left_out(parts: Sequence[LeftOut]) -> LeftOut:
    """One table of all groups."""
    return LeftOut(
        domain_scores=np.vstack([part.domain_scores for part in parts]),
        primary_scores=np.vstack([part.primary_scores for part in parts]),
        labels=np.vstack([part.labels for part in parts]),
        primary=np.concatenate([part.primary for part in parts]),
        batches=[batch for part in parts for batch in part.batches],
    )


def measure(
    chosen: Bools, labels: Bools, primary_proba: Floats, primary: npt.NDArray[np.intp], confidence: Floats,
    taxonomy: Taxonomy,
) -> Metrics:  # fmt: skip
    """All metrics of one set of predictions; matrices have shape (n_remarks, n_domains)."""
    hits, named, true = (chosen & labels).sum(0), chosen.sum(0), labels.sum(0)
    f1 = 2 * hits / np.maximum(named + true, 1)
    right = primary_proba.argmax(axis=1) == primary
    return Metrics(
        n_remarks=len(labels),
        primary_accuracy=float(right.mean()),
        micro_f1=float(2 * hits.sum() / max(named.sum() + true.sum(), 1)),
        macro_f1=float(f1[true > 0].mean()),
        coverage_at_95=coverage_at(confidence, right, 0.95),
        calibration_error=expected_calibration_error(confidence, right),
        recall=dict(zip(taxonomy.ids, (hits / np.maximum(true, 1)).tolist(), strict=True)),
    )


def coverage_at(confidence: Floats, right: Bools, precision: float) -> float:
    """Largest share of remarks, most confident first, of which at least `precision` is right."""
    order = np.argsort(-confidence, kind="stable")
    running = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(running >= precision)
    return float((enough[-1] + 1) / len(order)) if len(enough) else 0.0


def expected_calibration_error(confidence: Floats, right: Bools) -> float:
    """Mean gap between confidence and share right over bins of equally many remarks (Guo et al. 2017)."""
    order = np.argsort(confidence, kind="stable")
    bins = [part for part in np.array_split(order, CALIBRATION_BINS) if len(part)]
    return float(sum(len(part) * abs(confidence[part].mean() - right[part].mean()) for part in bins) / len(order))


def _score_group(examples: Sequence[Example], taxonomy: Taxonomy, group: frozenset[str]) -> LeftOut:
    seen = [example for example in examples if example.batch not in group]
    unseen = [example for example in examples if example.batch in group]
    model = RemarkClassifier(taxonomy).fit([e.text for e in seen], [e.domains for e in seen])
    domain_scores, primary_scores = model.scores(model.tokenizer([e.text for e in unseen]))
    return LeftOut(
        domain_scores=domain_scores,
        primary_scores=primary_scores,
        labels=taxonomy.to_matrix(e.domains for e in unseen),
        primary=np.array([taxonomy.position[e.domains[0]] for e in unseen]),
        batches=[e.batch for e in unseen],
    )
