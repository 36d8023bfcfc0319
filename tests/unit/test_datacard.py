from __future__ import annotations

from dataclasses import replace

from pipeline.domains import Taxonomy
from pipeline.model.datacard import describe
from pipeline.model.history import Example
from pipeline.model.lexicon import LexiconEntry

BASE = Example("a-1", "a", "De put bij de school is al weken verstopt", ("water",), urgent=False, source="invented")
OTHERS = [
    replace(BASE, id=f"a-{i}", text=f"woord{i} staat{i} hier{i} anders{i}", domains=("wegen", "groen"))
    for i in range(2, 201)
]
LEXICON = [LexiconEntry("put", ("water",)), LexiconEntry("boom", ("groen", "water"))]


def test_figures_are_counted(taxonomy: Taxonomy) -> None:
    card = describe([BASE, *OTHERS], LEXICON, taxonomy)
    assert (card.n_remarks, card.n_batches, card.n_without_domain) == (200, 1, 0)
    assert card.by_primary["wegen"] == 199
    assert card.two_share == 199 / 200
    assert card.lexicon_terms["water"] == 2
    assert card.words == (4, 4, 9)
    assert card.problems == ()


def test_problems_are_named(taxonomy: Taxonomy) -> None:
    twin = replace(BASE, id="a-2", text="De put bij de school is al weken verstopt.")
    lexicon = [*LEXICON, LexiconEntry("Put", ("wegen",))]
    problems = describe(
        [BASE, *OTHERS, twin, replace(BASE, id="b-1", batch="b", domains=(), text="hallo")], lexicon, taxonomy
    ).problems
    assert problems == (
        "id a-2 komt meer dan eens voor",
        "serie b heeft 1 rijen; 200 tot 700 is de bedoeling",
        "bijna gelijk: a-1 en a-2",
        "de term 'put' staat er 2 keer",
    )
