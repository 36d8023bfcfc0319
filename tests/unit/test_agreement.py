from __future__ import annotations

from dataclasses import replace

import pytest
from sklearn.metrics import cohen_kappa_score

from pipeline.domains import Taxonomy
from pipeline.model.agreement import agreement_of
from pipeline.model.history import Example

BASE = Example("1", "a", "tekst", ("water",), urgent=False, source="invented")
PAIRS = [
    (("water",), ("water",)),
    (("water", "wegen"), ("wegen",)),
    (("groen",), ("wegen",)),
    ((), ()),
    ((), ("zorg",)),
]


def test_agreement_is_counted(taxonomy: Taxonomy) -> None:
    examples = [replace(BASE, domains=first, second=second) for first, second in PAIRS]
    agreement = agreement_of([*examples, replace(BASE, second=None)], taxonomy)
    assert agreement is not None
    assert (agreement.n_remarks, agreement.exact_share, agreement.primary_share) == (5, 0.4, 0.4)
    assert agreement.within_share == 0.6
    for domain in ("water", "wegen", "groen"):
        first, second = ([domain in labels for labels in side] for side in zip(*PAIRS, strict=True))
        assert agreement.kappa[domain] == pytest.approx(cohen_kappa_score(first, second))


def test_nothing_labelled_twice_has_no_agreement(taxonomy: Taxonomy) -> None:
    assert agreement_of([BASE], taxonomy) is None
