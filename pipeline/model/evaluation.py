"""Every metric, over all domains of the taxonomy, on remarks of batches that the model never saw."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed

from pipeline.domains import Taxonomy
from pipeline.model.calibration import Calibration
from pipeline.model.classifier import RemarkClassifier, Scores
from pipeline.model.gate import key_of
from pipeline.model.history import Example
from pipeline.model.lexicon import LexiconEntry
from pipeline.model.urgency import UrgencyAdvice

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

CALIBRATION_BINS = 10


@dataclass(frozen=True)
class LeftOut:
    """Scores of remarks by a model that was trained without their batch.

    Attributes
    ----------
    scores
        Of every remark.
    labels
        Shape (n_remarks, n_domains).
    primary
        Column of the right primary, -1 for a remark that fits no domain, shape (n_remarks,).
    urgent
        Shape (n_remarks,).
    keys, batches
        Key and batch of each remark.
    second
        As `primary`, by the second labeller; where there was none, the same as `primary`.
    """

    scores: Scores
    labels: Bools
    primary: npt.NDArray[np.intp]
    urgent: Bools
    keys: list[str]
    batches: list[str]
    second: npt.NDArray[np.intp]


@dataclass(frozen=True)
class Metrics:
    """Quality of predictions; all shares from 0 to 1.

    Attributes
    ----------
    n_remarks
        Remarks with a domain; the first three figures, `recall` and `coverage_at_95` are about them.
    accepted_accuracy
        Share whose primary is right by at least one of the two people who labelled the remark.
    coverage_at_95
        Largest share of remarks, most confident first, of which 95% have the right primary.
    calibration_error
        Expected calibration error of `confidence`, ten bins with equally many remarks.
    routed_share, routed_error_share
        Share of remarks with a domain that would be routed; share of errors among all that would be routed.
    none_held_share
        Share of the remarks without a domain that is not routed.
    urgent_recall, urgent_precision
        Of the advice to look now.
    recall
        Per domain id, the share of its remarks that get it.
    """

    n_remarks: int
    primary_accuracy: float
    accepted_accuracy: float
    micro_f1: float
    macro_f1: float
    coverage_at_95: float
    calibration_error: float
    routed_share: float
    routed_error_share: float
    none_held_share: float
    urgent_recall: float
    urgent_precision: float
    recall: dict[str, float]

    def as_dict(self) -> dict[str, object]:
        """Plain dictionary, for card.json."""
        return asdict(self)


def batch_groups(batches: Sequence[str], most: int) -> list[frozenset[str]]:
    """Batches to leave out together: each alone, or when there are more than `most`, dealt out over `most` groups."""
    names = sorted(set(batches))
    return [frozenset(names[start::most]) for start in range(min(most, len(names)))]


def leave_batches_out(
    examples: Sequence[Example],
    lexicon: Sequence[LexiconEntry],
    taxonomy: Taxonomy,
    *,
    most_groups: int = 1_000,
    jobs: int = 2,
) -> Iterator[LeftOut]:
    """Scores for every example, one group of left-out batches at a time (as they get ready).

    Parameters
    ----------
    most_groups
        Train at most this many times; the default leaves out every batch alone.
    jobs
        Models trained at once, where joblib's `parallel_config` says: in processes, unless it names a cluster.
    """
    groups = batch_groups([example.batch for example in examples], most_groups)
    work = (delayed(_score_group)(examples, lexicon, taxonomy, group) for group in groups)
    yield from Parallel(n_jobs=jobs, return_as="generator")(work)


def join_left_out(parts: Sequence[LeftOut]) -> LeftOut:
    """One table of all groups."""
    return LeftOut(
        scores=Scores(
            np.vstack([part.scores.domain for part in parts]),
            np.vstack([part.scores.primary for part in parts]),
            np.vstack([part.scores.urgency for part in parts]),
        ),
        labels=np.vstack([part.labels for part in parts]),
        primary=np.concatenate([part.primary for part in parts]),
        urgent=np.concatenate([part.urgent for part in parts]),
        keys=[key for part in parts for key in part.keys],
        batches=[batch for part in parts for batch in part.batches],
        second=np.concatenate([part.second for part in parts]),
    )


def measure(left_out: LeftOut, calibration: Calibration, urgency: UrgencyAdvice, taxonomy: Taxonomy) -> Metrics:
    """All metrics of out-of-batch scores under one calibration."""
    some = left_out.primary >= 0
    primary_proba = calibration.primary_proba(left_out.scores.primary)
    chosen = calibration.chosen(calibration.domain_proba(left_out.scores.domain), primary_proba)[some]
    labels = left_out.labels[some]
    hits, named, true = (chosen & labels).sum(0), chosen.sum(0), labels.sum(0)
    f1 = 2 * hits / np.maximum(named + true, 1)
    confidence = calibration.confidence(left_out.scores.domain, left_out.scores.primary)
    right = primary_proba.argmax(axis=1) == left_out.primary
    routed = confidence >= calibration.route_from
    flagged = urgency.proba(left_out.scores.urgency) >= urgency.threshold
    return Metrics(
        n_remarks=int(some.sum()),
        primary_accuracy=_share(right[some]),
        accepted_accuracy=_share((right | (primary_proba.argmax(axis=1) == left_out.second))[some]),
        micro_f1=float(2 * hits.sum() / max(named.sum() + true.sum(), 1)),
        macro_f1=float(f1[true > 0].mean()),
        coverage_at_95=coverage_at(confidence[some], right[some], 0.95),
        calibration_error=expected_calibration_error(confidence, right),
        routed_share=_share(routed[some]),
        routed_error_share=_share(~right[routed]),
        none_held_share=_share(~routed[~some]),
        urgent_recall=_share(flagged[left_out.urgent]),
        urgent_precision=_share(left_out.urgent[flagged]),
        recall=dict(zip(taxonomy.ids, (hits / np.maximum(true, 1)).tolist(), strict=True)),
    )


def _share(marks: Bools) -> float:
    """Share that is true; 0 when there is nothing to count."""
    return float(marks.mean()) if len(marks) else 0.0


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


def _score_group(
    examples: Sequence[Example], lexicon: Sequence[LexiconEntry], taxonomy: Taxonomy, group: frozenset[str]
) -> LeftOut:
    seen = [example for example in examples if example.batch not in group]
    unseen = [example for example in examples if example.batch in group]
    model = RemarkClassifier(taxonomy).fit(seen, lexicon)
    return LeftOut(
        scores=model.scores(model.tokenizer([e.text for e in unseen])),
        labels=taxonomy.to_matrix(e.domains for e in unseen),
        primary=_first_columns((e.domains for e in unseen), taxonomy),
        urgent=np.array([e.urgent for e in unseen]),
        keys=[key_of(e) for e in unseen],
        batches=[e.batch for e in unseen],
        second=_first_columns((e.domains if e.second is None else e.second for e in unseen), taxonomy),
    )


def _first_columns(domains: Iterable[tuple[str, ...]], taxonomy: Taxonomy) -> npt.NDArray[np.intp]:
    return np.array([taxonomy.position[some[0]] if some else -1 for some in domains], dtype=np.intp)
