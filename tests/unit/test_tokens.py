from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model.tokens import DutchTokenizer, normalise

TOKENIZER = DutchTokenizer()


def terms_of(text: str) -> list[str]:
    batch = TOKENIZER([text])
    return [batch.terms[i] for i in batch.indices]


@pytest.mark.parametrize(
    ("token", "term"),
    [
        ("Café", "cafe"),
        ("heeeeel", "heel"),
        ("06-12345678", "0-0"),
        ("!!", ""),
        ("'t", "t"),
        ("👍", ""),
        ("één", "een"),
    ],
)
def test_a_token_becomes_one_plain_term(token: str, term: str) -> None:
    assert normalise(token) == term


def test_terms_stand_in_reading_order_without_punctuation() -> None:
    assert terms_of("De put, bij nr. 12, is VOL!") == ["de", "put", "bij", "nr", "0", "is", "vol"]


def test_marks_of_the_privacy_step_are_no_terms() -> None:
    assert terms_of("bel [telefoon] of [e-mail] [zie foto]") == ["bel", "of", "zie", "foto"]


@given(st.lists(st.text(max_size=60), max_size=5))
def test_any_text_gives_one_row_and_a_batch_equals_its_parts(texts: list[str]) -> None:
    batch = TOKENIZER(texts)
    assert len(batch.indptr) == len(texts) + 1
    assert batch.indptr[-1] == len(batch.indices)
    assert len(set(batch.terms)) == len(batch.terms)
    rows = [
        [batch.terms[i] for i in batch.indices[a:b]] for a, b in zip(batch.indptr[:-1], batch.indptr[1:], strict=True)
    ]
    assert rows == [terms_of(text) for text in texts]


def test_counting_leaves_the_batch_as_it_was() -> None:
    batch = TOKENIZER(["een twee een", "", "twee"])
    before = batch.indices.copy()
    columns = dict(zip(batch.terms, batch.counts().toarray().T.tolist(), strict=True))
    assert columns == {"een": [2.0, 0.0, 0.0], "twee": [1.0, 0.0, 1.0]}
    assert np.array_equal(batch.indices, before)


def test_a_tokenizer_can_be_saved() -> None:
    copy = pickle.loads(pickle.dumps(TOKENIZER))
    assert copy(["De put"]).terms == ["de", "put"]


@pytest.mark.parametrize(
    ("text", "kept", "gone"),
    [
        ("Het gaat me niet om het afval, maar om de ratten", "ratten", "afval"),
        ("het gaat niet over de bomen maar over de stoep", "stoep", "bomen"),
        ("Gaat het niet om geld? Ik weet het niet.", "weet", "geld"),
        ("Dit gaat mij niet om de bomen. Zet de borden terug.", "borden", "bomen"),
    ],
)
def test_what_a_remark_says_it_is_not_about_is_no_term(text: str, kept: str, gone: str) -> None:
    terms = [term for _, term in DutchTokenizer().words(text)]
    assert kept in terms
    assert gone not in terms


def test_a_bus_that_does_not_go_at_six_is_about_six() -> None:
    assert "zes" in [term for _, term in DutchTokenizer().words("de bus gaat niet om zes uur")]
