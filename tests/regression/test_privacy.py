"""Marked remarks of other writers than the recognisers': a ratchet, so that what is found stays found."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.intake.marked import MarkedRemark, load_marked, read_marked, score
from pipeline.intake.privacy import clean
from pipeline.intake.spans import Span

SETS = {path.stem: load_marked(path) for path in sorted((Path(__file__).parent / "cases").glob("privacy*.txt"))}
CASES = [remark for cases in SETS.values() for remark in cases]
# most that may be missed of each set and kind, elsewhere nothing; lower these when the recognisers get better
MOST_MISSED = {
    ("privacy", "naam"): 1,
    ("privacy_counter", "naam"): 1,
    ("privacy_fieldwork", "adres"): 1,
    ("privacy_letters", "naam"): 2,
    ("privacy_minutes", "naam"): 5,
    ("privacy_minutes", "adres"): 2,
    ("privacy_mixed", "naam"): 2,
}


def test_a_marked_remark_is_read() -> None:
    remark = read_marked(r"Groet,\n{naam:Fatima} op {telefoon:0612345678}")
    assert remark.text == "Groet,\nFatima op 0612345678"
    assert remark.spans == (Span(7, 13, "naam"), Span(17, 27, "telefoon"))


def test_what_is_missed_and_what_is_false_is_counted() -> None:
    remark = MarkedRemark("Zeehond, mail a@b.nl", (Span(0, 7, "naam"),))
    result = score([remark])
    assert (result.missed["naam"], result.false["e-mail"], result.n_remarks) == (1, 1, 1)


@pytest.mark.parametrize("name", SETS)
def test_no_more_is_missed_than_before_and_nothing_is_false(name: str) -> None:
    result = score(SETS[name])
    assert sum(result.marked.values()) > 0
    allowed = {kind: most for (of, kind), most in MOST_MISSED.items() if of == name}
    more = {kind: n for kind, n in result.missed.items() if n > allowed.get(kind, 0)}
    assert (more, {kind: n for kind, n in result.false.items() if n}) == ({}, {})


def test_what_is_found_is_gone_from_the_clean_text() -> None:
    for remark in CASES:
        missed = remark.missed()
        text = clean(remark.text).text
        for span in remark.spans:
            value = remark.text[span.start : span.end]
            if span not in missed and len(value) > 4 and remark.text.count(value) == 1:
                assert value not in text
