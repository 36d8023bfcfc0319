"""Every metric, over all domains of the taxonomy, on remarks of batches that the model never saw."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed

from pipeline.domains import Taxonomy
from pipeline.model.calibration import fit_calibration
from pipeline.model.classifier import RemarkClassifier, Scores, texts_of
from pipeline.model.gate import key_of
from pipeline.model.history import Example
from pipeline.model.lexicon import LexiconEntry
from pipeline.model.tokens import DutchTokenizer, TokenBatch
from pipeline.model.urgency import fit_urgency

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

CALIBRATION_BINS = 10
CALIBRATION_GROUPS = 5  # of batches; each is judged with probabilities and thresholds fitted on the others


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
class Judged:
    """What is said of left-out remarks when nothing at all was fitted on their batch.

    Attributes
    ----------
    primary
        Column of the likeliest primary, shape (n_remarks,).
    chosen
        Shape (n_remarks, n_domains).
    confidence, routed, flagged
        Probability that the primary is right, and whether the remark would be routed or named as acute danger;
        shape (n_remarks,).
    """

    primary: npt.NDArray[np.intp]
    chosen: Bools
    confidence: Floats
    routed: Bools
    flagged: Bools


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
    batch = DutchTokenizer()(texts_of(examples, lexicon))
    yield from _side_by_side(_groups_to_score(examples, lexicon, batch, taxonomy, most_groups), jobs)


def fit_and_leave_batches_out(
    examples: Sequence[Example], lexicon: Sequence[LexiconEntry], taxonomy: Taxonomy, *, most_groups: int, jobs: int
) -> tuple[RemarkClassifier, Iterator[LeftOut]]:
    """The model of all examples, and the scores as `leave_batches_out` gives them; all are trained side by side."""
    batch = DutchTokenizer()(texts_of(examples, lexicon))
    whole = delayed(_fit)(examples, lexicon, batch, taxonomy)
    done = _side_by_side(chain([whole], _groups_to_score(examples, lexicon, batch, taxonomy, most_groups)), jobs)
    return next(done), done


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


def judge_left_out(left_out: LeftOut, max_error_share: float) -> Judged:
    """Judge each remark with probabilities and thresholds that were fitted on other batches."""
    scores, names = left_out.scores, np.asarray(left_out.batches)
    judged = Judged(
        left_out.primary.copy(), left_out.labels.copy(), np.zeros(len(names)), np.zeros(len(names), dtype=bool),
        np.zeros(len(names), dtype=bool),
    )  # fmt: skip
    for group in batch_groups(left_out.batches, CALIBRATION_GROUPS):
        here = np.isin(names, sorted(group))
        domain, primary, others = scores.domain[here], scores.primary[here], ~here
        calibration = fit_calibration(
            scores.domain[others], scores.primary[others], left_out.labels[others], left_out.primary[others],
            max_error_share,
        )  # fmt: skip
        advice = fit_urgency(scores.urgency[others], left_out.urgent[others])
        primary_proba = calibration.primary_proba(primary)
        judged.primary[here] = primary_proba.argmax(axis=1)
        judged.chosen[here] = calibration.chosen(calibration.domain_proba(domain), primary_proba)
        judged.confidence[here] = calibration.confidence(domain, primary)
        judged.routed[here] = judged.confidence[here] >= calibration.route_from
        judged.flagged[here] = advice.proba(scores.urgency[here]) >= advice.threshold
    return judged


def measure(left_out: LeftOut, judged: Judged, taxonomy: Taxonomy) -> Metrics:
    """All metrics of what was said of left-out remarks."""
    some = left_out.primary >= 0
    chosen, labels = judged.chosen[some], left_out.labels[some]
    hits, named, true = (chosen & labels).sum(0), chosen.sum(0), labels.sum(0)
    f1 = 2 * hits / np.maximum(named + true, 1)
    confidence, routed, flagged = judged.confidence, judged.routed, judged.flagged
    right = judged.primary == left_out.primary
    return Metrics(
        n_remarks=int(some.sum()),
        primary_accuracy=_share(right[some]),
        accepted_accuracy=_share((right | (judged.primary == left_out.second))[some]),
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


def _side_by_side(work: Iterable[Any], jobs: int) -> Iterator[Any]:
    return iter(Parallel(n_jobs=jobs, return_as="generator")(work))


def _groups_to_score(
    examples: Sequence[Example], lexicon: Sequence[LexiconEntry], batch: TokenBatch, taxonomy: Taxonomy,
    most_groups: int,
) -> Iterator[Any]:  # fmt: skip
    """The work of `_score_group` for each group; the texts were tokenised once, for all of them."""
    for group in batch_groups([example.batch for example in examples], most_groups):
        yield delayed(_score_group)(examples, lexicon, batch, taxonomy, group)


def _fit(
    examples: Sequence[Example], lexicon: Sequence[LexiconEntry], batch: TokenBatch, taxonomy: Taxonomy
) -> RemarkClassifier:
    return RemarkClassifier(taxonomy).fit(examples, lexicon, batch)


def _score_group(
    examples: Sequence[Example], lexicon: Sequence[LexiconEntry], batch: TokenBatch, taxonomy: Taxonomy,
    group: frozenset[str],
) -> LeftOut:  # fmt: skip
    out = np.array([example.batch in group for example in examples] + [False] * len(lexicon))
    seen = [example for example in examples if example.batch not in group]
    unseen = [example for example in examples if example.batch in group]
    model = _fit(seen, lexicon, batch.take(np.flatnonzero(~out)), taxonomy)
    return LeftOut(
        scores=model.scores(batch.take(np.flatnonzero(out))),
        labels=taxonomy.to_matrix(e.domains for e in unseen),
        primary=_first_columns((e.domains for e in unseen), taxonomy),
        urgent=np.array([e.urgent for e in unseen]),
        keys=[key_of(e) for e in unseen],
        batches=[e.batch for e in unseen],
        second=_first_columns((e.domains if e.second is None else e.second for e in unseen), taxonomy),
    )


def _first_columns(domains: Iterable[tuple[str, ...]], taxonomy: Taxonomy) -> npt.NDArray[np.intp]:
    return np.array([taxonomy.position[some[0]] if some else -1 for some in domains], dtype=np.intp)
