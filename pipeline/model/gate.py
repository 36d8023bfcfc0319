"""The gate before promotion: candidate and current model on the same remarks, each left out of its own training."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from pipeline.domains import Taxonomy
from pipeline.model.calibration import fit_logistic
from pipeline.model.history import Example

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

MIN_DOMAIN_REMARKS = 20  # a domain with fewer remarks says nothing about better or worse
MIN_KEPT_APART = 20  # with fewer confirmed remarks kept apart these decide nothing
MOST_BEYOND_CHANCE = 4.5  # standard deviations; see models/README.md for honest and for wrong labels
LITTLE_WORSE = 0.005  # on left-out batches, when the confirmed remarks that were kept apart got better

Answers = dict[str, tuple[str, ...]]
"""Domains, primary first, that a model gave remarks of batches it was not trained on; by `key_of` of the remark."""


@dataclass(frozen=True)
class Quality:
    """How right one model was on the shared remarks; all shares from 0 to 1.

    Attributes
    ----------
    recall
        Per domain id, the share of its remarks that got it.
    """

    primary_accuracy: float
    micro_f1: float
    recall: dict[str, float]


@dataclass(frozen=True)
class Comparison:
    """Two models on the remarks that both of them answered out of batch.

    Attributes
    ----------
    n_shared
        Number of those remarks with a domain.
    n_remarks
        Of them, per domain id.
    """

    n_shared: int
    candidate: Quality
    current: Quality
    n_remarks: dict[str, int]


@dataclass(frozen=True)
class KeptApart:
    """Both models on the confirmed remarks that never train.

    Attributes
    ----------
    n_remarks
        How many there are.
    gained, lost
        Of how many the candidate names the first domain right while the current model does not, and the reverse.
    """

    n_remarks: int
    candidate_accuracy: float
    current_accuracy: float
    gained: int
    lost: int


def compare_kept_apart(candidate: Sequence[str], current: Sequence[str], examples: Sequence[Example]) -> KeptApart:
    """Compare first domains (or "") with what people confirmed."""
    truth = ["".join(example.domains[:1]) for example in examples]
    mine, theirs = ([answer == right for answer, right in zip(answers, truth, strict=True)]
                    for answers in (candidate, current))  # fmt: skip
    pairs = list(zip(mine, theirs, strict=True))
    return KeptApart(
        len(truth), sum(mine) / max(len(truth), 1), sum(theirs) / max(len(truth), 1),
        gained=pairs.count((True, False)), lost=pairs.count((False, True)),
    )  # fmt: skip


def distrusted(signs: Floats, right: Bools, batches: Sequence[str], trusted: Collection[str] = ()) -> tuple[str, ...]:
    """Batches whose labels contradict the rest far more often than the model's own doubt explains, in Dutch.

    What doubt explains in a batch is learned from the other batches.

    Parameters
    ----------
    signs
        `confidence_signs` of left-out remarks with a domain, shape (n_remarks, n_signs).
    right
        Whether their first domain is the labelled one, shape (n_remarks,).
    trusted
        Batches that somebody looked at and trusts.
    """
    names = np.asarray(batches)
    reasons = []
    for name in sorted(set(batches) - set(trusted)) if len(set(batches)) > 1 else ():
        of_batch = names == name
        doubt = 1 - special.expit(signs[of_batch] @ fit_logistic(signs[~of_batch], right[~of_batch]))
        wrong, expected, spread = int((~right[of_batch]).sum()), doubt.sum(), (doubt * (1 - doubt)).sum() ** 0.5
        if wrong - expected > MOST_BEYOND_CHANCE * spread:
            reasons.append(
                f"serie {name} spreekt de rest tegen: {wrong} van de {of_batch.sum()} labels zijn anders dan verwacht, "
                f"waar er {expected:.0f} te verwachten waren; kijk ze na (of geef --trust '{name}')"
            )
    return tuple(reasons)


def key_of(example: Example) -> str:
    """Batch and id, which together name a remark for ever."""
    return f"{example.batch}/{example.id}"


def compare(candidate: Answers, current: Answers, examples: Sequence[Example], taxonomy: Taxonomy) -> Comparison:
    """Measure both models against the labels as they are now, on the remarks that both answered."""
    shared = [e for e in examples if e.domains and key_of(e) in candidate and key_of(e) in current]
    labels = taxonomy.to_matrix(example.domains for example in shared)
    sizes = dict(zip(taxonomy.ids, labels.sum(axis=0).tolist(), strict=True))
    mine, theirs = (_quality([answers[key_of(e)] for e in shared], shared, labels, taxonomy)
                    for answers in (candidate, current))  # fmt: skip
    return Comparison(len(shared), mine, theirs, sizes)


def why_not_better(comparison: Comparison, apart: KeptApart | None = None, *, must_go: bool = False) -> tuple[str, ...]:
    """Reasons in Dutch to keep the current model; empty when the candidate is better.

    Better on what people confirmed outweighs a very little less on the left-out batches; so does it when the current
    model must go (`must_go`), since it learned from something that was forgotten.
    """
    candidate, current = comparison.candidate, comparison.current
    compared = [domain for domain, size in comparison.n_remarks.items() if size >= MIN_DOMAIN_REMARKS]
    if not compared:
        return ("er was geen enkel domein om op te vergelijken",)
    reasons = []
    decides = apart is not None and apart.n_remarks >= MIN_KEPT_APART
    if apart is not None and decides and apart.lost - apart.gained > 2 * (apart.lost + apart.gained) ** 0.5:
        reasons.append(f"van {apart.n_remarks} bevestigde opmerkingen worden er {apart.lost - apart.gained} meer fout")
    rise = candidate.primary_accuracy + candidate.micro_f1 - current.primary_accuracy - current.micro_f1
    better_apart = apart is not None and decides and apart.gained > apart.lost
    if rise <= (-LITTLE_WORSE if better_apart or must_go else 0):
        reasons.append("het is in totaal niet beter dan het huidige model")
    for domain in compared:
        # two standard errors of the difference between two shares
        old, new = current.recall[domain], candidate.recall[domain]
        spread = 2 * (2 * old * (1 - old) / comparison.n_remarks[domain]) ** 0.5
        if new < old - max(spread, 0.02):
            reasons.append(f"domein {domain} zakt van {old:.0%} naar {new:.0%}")
    return tuple(reasons)


def _quality(
    answers: Sequence[tuple[str, ...]], examples: Sequence[Example], labels: Bools, taxonomy: Taxonomy
) -> Quality:
    chosen = taxonomy.to_matrix(answers)
    hits = (chosen & labels).sum(axis=0)
    right = [answer[:1] == example.domains[:1] for answer, example in zip(answers, examples, strict=True)]
    return Quality(
        primary_accuracy=float(np.mean(right)) if right else 0.0,
        micro_f1=float(2 * hits.sum() / max(chosen.sum() + labels.sum(), 1)),
        recall=dict(zip(taxonomy.ids, (hits / np.maximum(labels.sum(axis=0), 1)).tolist(), strict=True)),
    )
