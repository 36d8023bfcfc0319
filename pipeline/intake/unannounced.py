"""Names of people that no word announces: known by the lists, by initials, or by what only people do."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.intake.namecues import (
    ARTICLE,
    BEFORE_PLACE,
    CALLED,
    DATA_AFTER,
    HEADED,
    INITIAL_AT_END,
    INITIALS,
    INITIALS_BEHIND,
    LAST_WORD,
    LISTED_WITH,
    MID_SENTENCE,
    NAME_FROM_A_STREET,
    NAME_RUN,
    NO_NAME,
    ONLY_INITIALS,
    ONLY_PEOPLE,
    PARTICLES,
    PARTNER,
    PET,
    ROW_BEGINS,
    SECOND_OF_TWO,
    SURNAME,
    WORD,
)
from pipeline.intake.namelists import fold, is_first_name, is_known, is_listed_word, is_town, is_word, name_lists
from pipeline.intake.nameruns import at_line_starts, is_place
from pipeline.intake.streets import is_street
from pipeline.intake.unknownnames import unknown_names_in

FIRST_AND_LAST = 2  # words


def unannounced_names_in(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each name that stands there without a word that announces it."""
    for match in CALLED.finditer(text) if "(" in text else ():
        yield match.span()
    for match in NAME_RUN.finditer(text):
        at_home = NAME_FROM_A_STREET.match(match.group())
        if at_home and is_first_name(at_home[2]) and not is_street(match.group().lower()):
            yield match.start(), match.start() + at_home.end(1)
            continue
        yield from _in_run(text, match)
        yield from _acting(text, match)
        yield from unknown_names_in(text, match)
        if (initial := INITIAL_AT_END.search(match.group())) and (
            run := NAME_RUN.match(text, match.start() + initial.start(1))
        ):  # "Uitkering L. Kromhout"
            yield from _in_run(text, run)
    yield from _at_the_head(text)
    for match in ONLY_INITIALS.finditer(text):
        yield match.span(1)
    for match in SURNAME.finditer(text) if "(" in text else ():
        if not is_place(text, match.start(), match.group(), behind_cue=False):
            yield match.span()


def _at_the_head(text: str) -> Iterator[tuple[int, int]]:
    """Surnames as in files: "Visser, mw." and "Sterk, J."."""
    for match in at_line_starts(HEADED, text):
        surname = fold(match[1].split()[-1].split("-")[-1])
        listed = surname in name_lists().last or surname in name_lists().first
        if listed and surname not in NO_NAME and not is_place(text, match.start(1), match[1], behind_cue=True):
            yield match.span(1)
    for match in INITIALS_BEHIND.finditer(text):
        word = LAST_WORD.search(text, max(0, match.start() - 40), match.start())
        if word and fold(word.group()) not in NO_NAME:
            yield word.start(), match.end()


def _acting(text: str, match: re.Match[str]) -> Iterator[tuple[int, int]]:
    """One word with a capital that does what only people do, or stands in a row of such words."""
    folded = fold(match.group())
    if " " in match.group() or folded in NO_NAME or len(folded) < 2 or match.group()[:3].isupper():
        return
    acts = ONLY_PEOPLE.match(text, match.end()) is not None
    in_row = LISTED_WITH.match(text, match.end()) and ROW_BEGINS.search(text[max(0, match.start() - 3) : match.start()])
    if not (acts or in_row) or ARTICLE.search(text[max(0, match.start() - 6) : match.start()]):
        return
    listed = folded in name_lists().first
    nobody_we_know = len(folded) > 2 and not is_known(folded) and not listed
    if ((listed and acts) or nobody_we_know) and not is_place(text, match.start(), match.group(), behind_cue=False):
        yield match.span()


def _in_run(text: str, match: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Names in a run of capitalised words without a word that announces them."""
    words = list(re.finditer(rf"{INITIALS}|{WORD}", match.group()))
    initials = "." in words[0].group()
    if initials and fold(words[0].group()) in NO_NAME:
        return
    unknown = not any(is_word(fold(word.group())) or fold(word.group()) in NO_NAME for word in words)
    if len(words) > 1 and unknown and DATA_AFTER.match(text, match.end()):
        yield match.span()  # on no list, but a date of birth or a telephone number follows
        return
    if not initials and not any(is_first_name(word.group()) for word in words):
        return
    if is_place(text, match.start(), match.group(), behind_cue=False):
        return
    if not initials or len(words) == 1:
        yield from _behind_first_name(text, match, words)
    elif _initials_belong(words):
        yield match.span()


def _initials_belong(words: list[re.Match[str]]) -> bool:
    """Whether initials begin a name: one letter may also end a sentence, as in "label G. Wij willen ..."."""
    if len(words[0].group().strip()) > len("A."):
        return True
    second, last = fold(words[1].group()), fold(words[-1].group())
    listed = any(part in name_lists().last for part in last.split("-"))
    return listed or second in PARTICLES or (len(second) > 1 and not is_listed_word(second))


def _is_pair(text: str, match: re.Match[str], words: list[re.Match[str]]) -> bool:
    """Whether a run is a first name and one word that is no word by itself: a sentence has one capital, not two."""
    second = fold(words[-1].group())
    ends = text[match.end() : match.end() + 1] in ("", ",", ".", "(", ")", "\n")
    return len(words) == FIRST_AND_LAST and ends and second not in NO_NAME and not is_town(second)


def _behind_first_name(text: str, match: re.Match[str], words: list[re.Match[str]]) -> Iterator[tuple[int, int]]:
    """The first name on the list in a run, with the last name that follows and the partner."""
    run = match.group()
    lists = name_lists()
    first, last = lists.first, lists.last
    for number, word in enumerate(words):
        folded = fold(word.group())
        if folded in NO_NAME or not is_first_name(word.group()):
            continue
        followers = [w for w in words[number + 1 :] if fold(w.group()) not in PARTICLES]
        followed = bool(followers) and fold(followers[0].group()) not in NO_NAME
        listed = followed and (fold(followers[0].group()) in last or fold(followers[0].group()) in first)
        particle = len(words) > number + 1 and fold(words[number + 1].group()) in {*PARTICLES, "t"}
        begin = match.start() + word.start()
        inside = MID_SENTENCE.search(text[max(0, begin - 12) : begin]) is not None or SECOND_OF_TWO.search(
            text[max(0, begin - 30) : begin]
        )
        before = text[max(0, begin - 40) : begin]
        if BEFORE_PLACE.search(before) or PET.search(before) or (run.isupper() and not listed):
            return
        if ARTICLE.search(before) and (not followed or particle):
            return
        if (
            folded not in lists.common_first
            or listed
            or (followed and particle)
            or inside
            or _is_pair(text, match, words)
        ):
            end = match.end() if followed else match.start() + word.end()
            partner = PARTNER.match(text, end)
            yield begin, partner.end() if partner and fold(partner.group(1)) in first else end
            return
