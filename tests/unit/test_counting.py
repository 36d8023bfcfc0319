"""Counting without keeping."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from pipeline.counting import Times


@given(st.lists(st.lists(st.text(max_size=3), max_size=8), max_size=5))
def test_it_counts_as_a_counter_does_over_any_number_of_calls(calls: list[list[str]]) -> None:
    times, plain = Times(), Counter()
    for names in calls:
        expected = []
        for name in names:
            plain[name] += 1
            expected.append(plain[name])
        assert times(names) == expected
