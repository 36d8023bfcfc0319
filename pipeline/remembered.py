"""Answers that cost much, remembered for a moment, and forgotten when something changes here."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Hashable
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar, cast

SECONDS = 1.0  # what another process changes is seen this late at most
MOST = 500  # answers kept

Answer = TypeVar("Answer")
Arguments = ParamSpec("Arguments")


class Memory:
    """Answers by what was asked."""

    def __init__(self) -> None:
        self._answers: dict[Hashable, tuple[float, Any]] = {}
        self._changes = 0

    def forget(self) -> None:
        """Something changed: whoever is asking now may not remember the answer."""
        self._changes += 1
        self._answers = {}

    def ask(self, key: Hashable, question: Callable[[], Answer]) -> Answer:
        """The answer of at most `SECONDS` ago, or a new one."""
        changes, now = self._changes, time.monotonic()
        found = self._answers.get(key)
        if found is not None and now - found[0] <= SECONDS:
            return cast("Answer", found[1])
        answer = question()
        if changes == self._changes:
            if len(self._answers) >= MOST:
                self._answers = {}
            self._answers[key] = (now, answer)
        return answer


class Remembers(Protocol):
    """Has a memory for what its methods answered."""

    memory: Memory


Asker = TypeVar("Asker", bound=Remembers)
Method = Callable[Concatenate[Asker, Arguments], Answer]


def for_a_moment(method: Method[Asker, Arguments, Answer]) -> Method[Asker, Arguments, Answer]:
    """Remember what a method answers; nobody may change the answer.

    Counting a city's 50,000 cards takes PostgreSQL 50 ms, and every page of eight people's boards shows that number.
    """

    @functools.wraps(method)
    def answer(self: Asker, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Answer:
        return self.memory.ask((method.__name__, args, *kwargs.items()), lambda: method(self, *args, **kwargs))

    return cast("Method[Asker, Arguments, Answer]", answer)
