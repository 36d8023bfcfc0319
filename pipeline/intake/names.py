"""Names of people in Dutch text: found by what announces them, and by lists of names from many languages.

A name that is also a common word ("Roos", "Bakker") is only a name behind a word that announces one, or next to another
name. A name that is part of a street, a school or a company stays: the meeting needs to know the place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.intake.namecues import (
    ABOUT_NAMES,
    ACADEMIC,
    ACRONYM,
    ANY_NAME,
    BEHIND_CLOSING,
    BEHIND_RELATION,
    BEHIND_TITLE,
    CLOSING,
    FIRST_WORD,
    FORMAL,
    FROM_A_STREET,
    GREETED,
    HERE,
    INITIALS,
    INTRODUCED,
    LEADING_PARTICLES,
    LOWER_SIGNED,
    NAME_RUN,
    NO_NAME,
    NOT_FIRST,
    NOTHING,
    PARTICLES,
    PHONED,
    RELATED_TO,
    SECOND_WORD,
    SIGNED,
    VENUE,
    WEAK_CUE,
    WORD,
    WRONG_NAME,
)
from pipeline.intake.namelists import fold, in_small_letters, is_first_name, is_known, is_word, name_lists
from pipeline.intake.nameruns import at_line_starts, end_in_capitals, end_without_tail, is_place, is_thing
from pipeline.intake.unannounced import unannounced_names_in

SHORTEST_LONELY = 4
BEHIND_INITIAL = re.compile(r"(?<!\w)\w\.\s$")
LONGEST_SIGNED = 60  # characters of a name with initials at the end of a text


def names_in(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each name of a person, the announced ones first; spans may overlap."""
    small = in_small_letters(text)
    yield from _behind_titles(text, small)
    for cue in (BEHIND_RELATION, INTRODUCED):
        for match in cue.finditer(small):
            if not VENUE.search(small[max(0, match.start() - 20) : match.start()]):
                yield from _announced(text, match.end(), NOTHING, bare_last_name=False)
    for match in at_line_starts(GREETED, small):
        yield from _listed_at(text, match.end(), alone=False)
    yield from _at_the_end(text, small)
    for match in RELATED_TO.finditer(small):
        yield from _related(text, match.end())
    for match in at_line_starts(HERE, text):
        yield match.span(1)
    for match in WEAK_CUE.finditer(small):
        yield from _weakly_announced(text, match.end())
    if phoned := PHONED.match(small):
        yield from _weakly_announced(text, phoned.end())
    yield from _written_wrongly(text, small)
    yield from unannounced_names_in(text)


def _written_wrongly(text: str, small: str) -> Iterator[tuple[int, int]]:
    """The wrong name in "er staat Jansen, maar ik heet Janssen"."""
    if ABOUT_NAMES.search(small):
        for match in WRONG_NAME.finditer(text):
            run = NAME_RUN.match(text, match.start(1))
            last = run.group().split()[-1] if run and fold(match[1]) in PARTICLES else match[1]
            if len(last) > 1 and fold(last) not in NO_NAME and not is_word(fold(last)):
                yield match.start(1), max(match.end(1), end_without_tail(run) if run else 0)


def _related(text: str, start: int) -> Iterator[tuple[int, int]]:
    """Whose child, mother or friend somebody is: "dat joch van de Vries", but not "het kind van de Jumbo"."""
    particles = LEADING_PARTICLES.match(text, start)
    begin = particles.end() if particles else start
    run = NAME_RUN.match(text, begin)
    if run is None or is_place(text, begin, run.group(), behind_cue=False) or run.group()[:3].isupper():
        return
    if begin == start or fold(run.group()) in name_lists().last:
        yield start, end_without_tail(run)


def _behind_titles(text: str, small: str) -> Iterator[tuple[int, int]]:
    for match in BEHIND_TITLE.finditer(small):
        if VENUE.search(small[max(0, match.start() - 20) : match.start()]):
            continue
        part_of_name = ACADEMIC.match(match.group()) is not None
        formal = FORMAL.match(match.group()) is not None
        for start, end in _announced(text, match.end(), LEADING_PARTICLES, bare_last_name=formal):
            yield match.start() if part_of_name else start, end


def _at_the_end(text: str, small: str) -> Iterator[tuple[int, int]]:
    """Signatures: behind a greeting, alone on the last line, or initials and a name in lower case."""
    for match in SIGNED.finditer(small):
        yield from _listed_at(text, match.end(), alone=True)
    for match in CLOSING.finditer(text):
        yield from _closing(text, match.end())
    for match in LOWER_SIGNED.finditer(text, max(0, len(text) - LONGEST_SIGNED)):
        yield match.span(1)


def _announced(text: str, start: int, before: re.Pattern[str], *, bare_last_name: bool) -> Iterator[tuple[int, int]]:
    """A name directly behind a word that announces one: capitalised, or in lower case when it is on a list."""
    match = before.match(text, start)
    begin = match.end() if match else start
    run = NAME_RUN.match(text, begin)
    first_word, _, more_words = run.group().partition(" ") if run else ("", "", "")
    if run and (fold(first_word) not in NO_NAME or more_words) and not run.group().isupper():
        if not is_place(text, run.start(), run.group(), behind_cue=True):
            yield start, end_without_tail(run)
        elif at_home := FROM_A_STREET.match(run.group()):  # "buurman Cees van Molenweg 61"
            yield start, run.start() + at_home.end(1)
        return
    if run and run.group().isupper():
        yield start, end_in_capitals(run)
        return
    word = FIRST_WORD.match(text, begin)
    if word is None:
        return
    folded = fold(word.group())
    lists = name_lists()
    first, last = lists.first, lists.last
    sure = (bare_last_name and folded in last and (begin > start or folded not in lists.common_last)) or (
        folded in first and folded not in lists.common_first
    )
    if sure and folded not in NO_NAME:
        second = SECOND_WORD.match(text, word.end())
        more = second and fold(second.group(1)) in last and fold(second.group(1)) not in lists.common_last
        yield start, second.end() if second and more else word.end()


def _listed_at(text: str, start: int, *, alone: bool) -> Iterator[tuple[int, int]]:
    """A name in any case right behind a greeting or a signature; `alone`: it must end its line or sentence."""
    match = ANY_NAME.match(text, start)
    if match is None:
        return
    words = list(re.finditer(rf"{INITIALS}|{WORD}", match.group()))
    kept = _words_of_name([word.group() for word in words], alone=alone)
    while kept and fold(words[kept - 1].group()) in PARTICLES:
        kept -= 1
    if not kept:
        return
    end = start + words[kept - 1].end()
    rest = text[end:]
    finished = not rest.strip() or re.match(r"\s*[\n,.!;:\[(-]|\s+(?:[\d+\[]|tel|mob)", rest) is not None
    if (not alone or finished) and not is_place(text, start, text[start:end], behind_cue=True):
        yield start, end


def _words_of_name(words: list[str], *, alone: bool) -> int:
    """How many of the words behind a greeting or a signature may be a name."""
    lists = name_lists()
    if _begins_otherwise(words[0], alone=alone) or (not alone and _is_article_and_thing(words)):
        return 0
    kept = 0
    for number, word in enumerate(words):
        folded = fold(word)
        capital = word[0].isupper() and ACRONYM.search(word) is None
        known = folded in lists.first or "." in word or (number > 0 and (folded in lists.last or folded in PARTICLES))
        if folded in NO_NAME and folded not in PARTICLES:
            break
        if known or (capital and (number > 0 or alone)):
            kept = number + 1
        elif folded not in PARTICLES:
            break
    return kept


def _begins_otherwise(word: str, *, alone: bool) -> bool:
    """Whether a word begins a sentence or names a thing: "Goedemiddag, na de aanleg", "Groet, Sportvereniging X"."""
    folded = fold(word)
    if folded in NOT_FIRST or (alone and is_thing(word)):
        return True
    return not alone and word[0].islower() and folded in name_lists().common_first


def _is_article_and_thing(words: list[str]) -> bool:
    """Whether a sentence begins behind a greeting: "Goedemorgen, de put", but not "hallo de Vries"."""
    return fold(words[0]) in PARTICLES and words[0].islower() and (len(words) < 2 or words[1].islower())


def _closing(text: str, start: int) -> Iterator[tuple[int, int]]:
    """A name (or two with "en") with nothing else between the end of a sentence and the end of the line."""
    match = ANY_NAME.match(text, start)
    if match is None or BEHIND_CLOSING.match(text, match.end()) is None:
        return
    words = [word.group() for word in re.finditer(rf"{INITIALS}|{WORD}", match.group())]
    plain = [word for word in words if fold(word) not in PARTICLES]
    if (
        not plain
        or (len(plain) > 1 and is_thing(plain[0]))
        or any(fold(word) in NO_NAME for word in plain)
        or is_place(text, start, match.group(), behind_cue=True)
    ):
        return
    lists = name_lists()
    first, last = lists.first, lists.last
    initial = "." in words[0] and len(words) > 1
    capitals = all(word[0].isupper() for word in plain)
    listed = [word for word in plain if fold(word) in first or fold(word) in last]
    rest = text[match.end() :].lstrip(" .,:;!\n(-")
    beside_data = rest.startswith(("\x01", "["))
    comma_and_data = beside_data and text[match.end() : match.end() + 1] == ","
    several = len(plain) > 1 and (bool(listed) or beside_data or not rest)
    signed = (
        capitals and not match.group().isupper() and (initial or several or comma_and_data or fold(plain[0]) in first)
    )
    lonely = capitals and not rest and _is_lonely(text, match)
    if signed or lonely or (len(listed) == len(plain) and fold(plain[0]) in first):
        yield start, match.end()


def _is_lonely(text: str, match: re.Match[str]) -> bool:
    """Whether the last word of a text stands on its own and is on no list: "... te komen. Gwendeline"."""
    word = match.group()
    return (
        len(word) >= SHORTEST_LONELY
        and word.isalpha()
        and not word.isupper()
        and not is_known(fold(word))
        and BEHIND_INITIAL.search(text, max(0, match.start() - 6), match.start()) is None
    )


def _weakly_announced(text: str, start: int) -> Iterator[tuple[int, int]]:
    run = NAME_RUN.match(text, start)
    if run and run.group().isupper() and is_first_name(run.group().split()[0]):
        yield start, end_in_capitals(run)
        return
    if run is None or is_place(text, start, run.group(), behind_cue=False):
        return
    words = [fold(word.group()) for word in re.finditer(rf"{INITIALS}|{WORD}", run.group())]
    if run.group()[:2].isalpha() and run.group()[:3].isupper() and len(run.group()) > 2:  # "ZZP-chauffeur", "AZC"
        return
    unknown = run.group()[0].isupper() and len(words[0]) > 2 and not words[0].endswith("en") and not is_known(words[0])
    sure = (
        unknown or words[0] in name_lists().first or len(words) > 1 or text[run.end() : run.end() + 1] in (",", "\x01")
    )
    if (words[0] not in NO_NAME or (words[0] in name_lists().first and len(words) > 1)) and sure:
        yield start, end_without_tail(run)
