"""A piece of personal data, and how a recogniser gives the places of such pieces."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

COVER = "\x01"  # stands for each character of what was found

# gives start and end of each piece that it recognises
Recogniser = Callable[[str], Iterator[tuple[int, int]]]
# kind, what a text must hold to be worth looking through, recogniser. "digit": a digit; "" for every text;
# otherwise one of the parts between "|"
Step = tuple[str, str, Recogniser]


@dataclass(frozen=True)
class Span:
    """A piece of personal data: characters `start` up to `end` of the text, and its kind."""

    start: int
    end: int
    kind: str


def by_pattern(pattern: re.Pattern[str]) -> Recogniser:
    """Recogniser of all that a pattern matches, without its group `cue`."""
    cued = "cue" in pattern.groupindex

    def recognise(text: str) -> Iterator[tuple[int, int]]:
        for match in pattern.finditer(text):
            yield (match.end("cue") if cued else match.start(), match.end())

    return recognise
