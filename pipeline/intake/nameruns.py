"""What a run of words with capitals is: a place or a thing, and where a name in it ends."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.intake.namecues import (
    ARTICLE,
    BEFORE_PLACE,
    INITIALS,
    KNOWN_OTHERWISE,
    KNOWN_STARTS,
    NO_NAME,
    PLACE_ENDING,
    PLACE_FOLLOWS,
    STREET_ENDING,
    WORD,
)
from pipeline.intake.namelists import fold, is_first_name, is_word, name_lists

# surnames end so too, when more stands before it: "Winkelhuis", but not "Huis"
LIKE_A_BUILDING = re.compile(r"\w{3}(?:huis|hof|molen|haven|poort|borg|wijk|brug|sluis|toren|kerk)$")


def is_place(text: str, start: int, run: str, *, behind_cue: bool) -> bool:
    """Whether a run of words names a street, a school, a company or somebody public."""
    folded = fold(run)
    if (STREET_ENDING if behind_cue else PLACE_ENDING).search(run) and not (
        _ends_in_a_name(run) or _has_first_name(text, start, run)
    ):
        return True
    if any(known in folded for known in KNOWN_OTHERWISE):
        return True
    if folded.partition(" ")[0] in KNOWN_STARTS and text[start : start + 30].lower().startswith(KNOWN_OTHERWISE):
        return True
    if behind_cue:
        return False
    after = text[start + len(run) : start + len(run) + 24]
    return PLACE_FOLLOWS.match(after) is not None or BEFORE_PLACE.search(text[max(0, start - 30) : start]) is not None


def at_line_starts(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Matches of a pattern that begins with the start of a line: looking elsewhere takes time."""
    begin = 0
    while begin >= 0:
        if match := pattern.match(text, begin):
            yield match
        begin = text.find("\n", begin + 1 if begin or text[:1] == "\n" else 0)


def _ends_in_a_name(run: str) -> bool:
    """Whether the last word is a name although it ends like a place: Ingeborg, Priya Jagroep."""
    _, blank, last = run.rpartition(" ")
    return is_first_name(last) or (blank != "" and fold(last) in name_lists().last)


def _has_first_name(text: str, start: int, run: str) -> bool:
    """Whether a surname that ends like a building stands behind initials or a first name: "Bep Winkelhuis"."""
    words = run.split()
    if len(words) < 2 or not LIKE_A_BUILDING.search(words[-1]) or ARTICLE.search(text[max(0, start - 6) : start]):
        return False
    first = fold(words[0])
    return "." in words[0] or (first in name_lists().first and first not in name_lists().common_first)


def end_without_tail(run: re.Match[str]) -> int:
    """End of a run, without capitalised words at its end that start something else."""
    words = list(re.finditer(rf"{INITIALS}|{WORD}", run.group()))
    kept = len(words)
    while kept > 1 and fold(words[kept - 1].group()) in NO_NAME:
        kept -= 1
    return run.start() + words[kept - 1].end()


def end_in_capitals(run: re.Match[str]) -> int:
    """End of a name in a text of capitals only: initials, a word, and what is no word behind it."""
    words = list(re.finditer(rf"{INITIALS}|{WORD}", run.group()))
    kept = 2 if "." in words[0].group() and len(words) > 1 else 1
    if kept < len(words) and is_first_name(words[0].group()) and fold(words[kept].group()) not in NO_NAME:
        kept += 1
    while kept < len(words) and not is_word(fold(words[kept].group())) and fold(words[kept].group()) not in NO_NAME:
        kept += 1
    return run.start() + words[kept - 1].end()


def is_thing(word: str) -> bool:
    """Whether a word is ordinary and no name at all, as in "Sportvereniging Gorecht"."""
    folded = fold(word)
    return "." not in word and is_word(folded) and folded not in name_lists().last and not is_first_name(word)
