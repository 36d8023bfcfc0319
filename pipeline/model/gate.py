"""The gate before promotion: candidate and current model on the same remarks, each left out of its own training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.domains import Taxonomy
from pipeline.model.history import Example

Bools = npt.NDArray[np.bool_]

MIN_DOMAIN_REMARKS = 20  # a domain with fewer remarks says nothing about better or worse

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


def why_not_better(comparison: Comparison) -> tuple[str, ...]:
    """Reasons in Dutch to keep the current model; empty when the candidate is better."""
    candidate, current = comparison.candidate, comparison.current
    compared = [domain for domain, size in comparison.n_remarks.items() if size >= MIN_DOMAIN_REMARKS]
    if not compared:
        return ("er was geen enkel domein om op te vergelijken",)
    reasons = []
    if candidate.primary_accuracy + candidate.micro_f1 <= current.primary_accuracy + current.micro_f1:
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
