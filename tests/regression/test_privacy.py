"""Marked remarks of other writers than the recognisers': a ratchet, so that what is found stays found."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.intake.marked import MarkedRemark, PrivacyScore, load_marked, read_marked, score
from pipeline.intake.privacy import clean
from pipeline.intake.spans import Span

CASES = [
    remark for path in sorted((Path(__file__).parent / "cases").glob("privacy*.txt")) for remark in load_marked(path)
]
# most that may be missed of each kind, and taken for nothing in all; lower these when the recognisers get better
MOST_MISSED = {"naam": 11, "adres": 3}  # of 1,318 and 288
MOST_FALSE = 0


def test_a_marked_remark_is_read() -> None:
    remark = read_marked(r"Groet,\n{naam:Fatima} op {telefoon:0612345678}")
    assert remark.text == "Groet,\nFatima op 0612345678"
    assert remark.spans == (Span(7, 13, "naam"), Span(17, 27, "telefoon"))


def test_what_is_missed_and_what_is_false_is_counted() -> None:
    remark = MarkedRemark("Zeehond, mail a@b.nl", (Span(0, 7, "naam"),))
    result = score([remark])
    assert (result.missed["naam"], result.false["e-mail"], result.n_remarks) == (1, 1, 1)


@pytest.fixture(scope="module")
def result() -> PrivacyScore:
    return score(CASES)


@pytest.mark.parametrize("kind", sorted({span.kind for remark in CASES for span in remark.spans}))
def test_no_more_is_missed_than_before(kind: str, result: PrivacyScore) -> None:
    assert result.marked[kind] > 0
    assert result.missed[kind] <= MOST_MISSED.get(kind, 0)


def test_no_more_is_taken_for_nothing_than_before(result: PrivacyScore) -> None:
    assert sum(result.false.values()) <= MOST_FALSE, result.false


def test_what_is_found_is_gone_from_the_clean_text() -> None:
    for remark in CASES:
        missed = remark.missed()
        text = clean(remark.text).text
        for span in remark.spans:
            value = remark.text[span.start : span.end]
            if span not in missed and len(value) > 4 and remark.text.count(value) == 1:
                assert value not in text
