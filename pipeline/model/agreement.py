"""How far two people who label the same remarks agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.domains import Taxonomy
from pipeline.model.history import Example


@dataclass(frozen=True)
class Agreement:
    """Agreement on the remarks that have a second, blind label; all shares from 0 to 1.

    Attributes
    ----------
    exact_share
        The same set of domains.
    primary_share
        The same primary.
    within_share
        The second primary is among the first labeller's domains.
    kappa
        Per domain id, Cohen's kappa of belonging: 1 is full agreement, 0 is what chance gives.
    """

    n_remarks: int
    exact_share: float
    primary_share: float
    within_share: float
    kappa: dict[str, float]


def agreement_of(examples: Sequence[Example], taxonomy: Taxonomy) -> Agreement | None:
    """Agreement of first and second labels; None when nothing was labelled twice."""
    twice = [(example.domains, example.second) for example in examples if example.second is not None]
    if not twice:
        return None
    first, second = (taxonomy.to_matrix(labels) for labels in zip(*twice, strict=True))
    seen = (first == second).mean(axis=0)
    chance = first.mean(axis=0) * second.mean(axis=0) + (1 - first.mean(axis=0)) * (1 - second.mean(axis=0))
    kappa = np.where(chance < 1, (seen - chance) / np.maximum(1 - chance, 1e-12), 1.0)
    return Agreement(
        n_remarks=len(twice),
        exact_share=float((first == second).all(axis=1).mean()),
        primary_share=float(np.mean([one[:1] == two[:1] for one, two in twice])),
        within_share=float(np.mean([two[0] in one if two else not one for one, two in twice])),
        kappa=dict(zip(taxonomy.ids, kappa.tolist(), strict=True)),
    )
