"""Answers about a week that cost much and hold until somebody changes a card."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Hashable
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar, cast

SECONDS = 2.0  # what changes without an event, such as a remark that is forgotten, is seen this late at most
MOST = 500  # answers kept

Answer = TypeVar("Answer")
Arguments = ParamSpec("Arguments")


class HasEvents(Protocol):
    """Knows when a week was made and what its newest event is, and has a place to remember."""

    remembered: dict[Hashable, tuple[Hashable, float, Any]]

    def made(self, week: str) -> Hashable:
        """When the week was classified."""

    def newest_event(self, week: str) -> int:
        """Number of the newest event."""


Asker = TypeVar("Asker", bound=HasEvents)
Method = Callable[Concatenate[Asker, str, Arguments], Answer]


def until_an_event(method: Method[Asker, Arguments, Answer]) -> Method[Asker, Arguments, Answer]:
    """Ask once for each week and arguments, until the week is made anew, a card of it changes, or `SECONDS` pass.

    Counting a city's 50,000 cards takes PostgreSQL 50 ms, and every page shows that number.
    """

    @functools.wraps(method)
    def answer(self: Asker, week: str, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Answer:
        key = (method.__name__, week, args, *kwargs.items())
        state, now = (self.made(week), self.newest_event(week)), time.monotonic()
        found = self.remembered.get(key)
        if found is None or found[0] != state or now - found[1] > SECONDS:
            if len(self.remembered) >= MOST:
                self.remembered.clear()
            found = self.remembered[key] = (state, now, method(self, week, *args, **kwargs))
        remembered: Answer = found[2]
        return remembered

    return cast("Method[Asker, Arguments, Answer]", answer)
