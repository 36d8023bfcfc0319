"""What is remembered until somebody changes a card."""

from __future__ import annotations

import pytest

from pipeline import remembered
from pipeline.remembered import until_an_event


class Board:
    def __init__(self) -> None:
        self.remembered = {}
        self.event, self.run, self.asked = 1, "maandag", 0

    def made(self, week: str) -> str:
        return self.run

    def newest_event(self, week: str) -> int:
        return self.event

    @until_an_event
    def numbers(self, week: str, area: str = "") -> tuple[int, str]:
        self.asked += 1
        return self.asked, area


def test_it_is_asked_once_for_each_week_and_arguments() -> None:
    board = Board()
    assert board.numbers("w1") == board.numbers("w1") == (1, "")
    assert board.numbers("w2") == (2, "")
    assert board.numbers("w1", area="Oost") == (3, "Oost")


def test_an_event_a_new_run_or_time_makes_it_ask_again(monkeypatch: pytest.MonkeyPatch) -> None:
    board = Board()
    board.numbers("w1")
    board.event = 2
    assert board.numbers("w1")[0] == 2
    board.run = "dinsdag"
    assert board.numbers("w1")[0] == 3
    monkeypatch.setattr(remembered, "SECONDS", -1.0)
    assert board.numbers("w1")[0] == 4


def test_it_does_not_grow_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "MOST", 3)
    board = Board()
    for week in range(10):
        board.numbers(str(week))
    assert len(board.remembered) <= 3
