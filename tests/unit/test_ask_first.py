"""Which remarks a person should judge first."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from pipeline.meeting.ask_first import ask_first, doubt_of


def prints(rows: list[list[float]]) -> tuple[sparse.csr_matrix, np.ndarray]:
    matrix = np.array(rows, dtype=float)
    return sparse.csr_matrix(matrix / np.linalg.norm(matrix, axis=1, keepdims=True)), np.full((len(rows), 2), 0.5)


def test_the_same_doubt_is_not_asked_twice() -> None:
    doubt = np.array([0.9, 0.89, 0.6, 0.1])
    assert ask_first(doubt, prints([[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]])) == [0, 2, 1, 3]


def test_doubt_grows_with_spread_and_falls_with_confidence() -> None:
    sure, torn = [0.98, 0.01, 0.01], [0.34, 0.33, 0.33]
    doubt = doubt_of(np.array([sure, torn, torn]), np.array([0.9, 0.9, 0.2]))
    assert doubt[0] < doubt[1] < doubt[2]
    assert ((doubt >= 0) & (doubt <= 1)).all()


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30), st.integers(0, 40))
def test_every_remark_has_its_turn_once(doubts: list[float], most: int) -> None:
    rows = [[1.0, float(place % 3)] for place in range(len(doubts))]
    assert sorted(ask_first(np.array(doubts), prints(rows), most)) == list(range(len(doubts)))
