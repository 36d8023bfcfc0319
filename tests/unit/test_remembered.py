"""What is remembered for a moment."""

from __future__ import annotations

import pytest

from pipeline import remembered
from pipeline.remembered import Memory, for_a_moment


class Board:
    def __init__(self) -> None:
        self.memory, self.asked = Memory(), 0

    @for_a_moment
    def numbers(self, week: str, area: str = "") -> tuple[int, str]:
        self.asked += 1
        return self.asked, area


def test_it_is_asked_once_for_each_week_and_arguments() -> None:
    board = Board()
    assert board.numbers("w1") == board.numbers("w1") == (1, "")
    assert board.numbers("w2") == (2, "")
    assert board.numbers("w1", area="Oost") == (3, "Oost")


def test_a_change_or_time_makes_it_ask_again(monkeypatch: pytest.MonkeyPatch) -> None:
    board = Board()
    board.numbers("w1")
    board.memory.forget()
    assert board.numbers("w1")[0] == 2
    monkeypatch.setattr(remembered, "SECONDS", -1.0)
    assert board.numbers("w1")[0] == 3


def test_an_answer_from_before_a_change_is_not_remembered_after_it() -> None:
    memory = Memory()

    def overtaken() -> str:
        memory.forget()
        return "old"

    assert memory.ask("a", overtaken) == "old"
    assert memory.ask("a", lambda: "new") == "new"


def test_it_does_not_grow_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "MOST", 3)
    board = Board()
    for week in range(10):
        board.numbers(str(week))
    assert len(board.memory._answers) <= 3
