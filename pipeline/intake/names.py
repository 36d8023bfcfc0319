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
    BEFORE_PLACE,
    BEHIND_CLOSING,
    BEHIND_RELATION,
    BEHIND_TITLE,
    CLOSING,
    DATA_AFTER,
    FIRST_WORD,
    FORMAL,
    FROM_A_STREET,
    GREETED,
    HEADED,
    HERE,
    INITIALS,
    INITIAL_AT_END,
    INTRODUCED,
    KNOWN_OTHERWISE,
    KNOWN_STARTS,
    LEADING_PARTICLES,
    LISTED_WITH,
    LOWER_SIGNED,
    MID_SENTENCE,
    NAME_RUN,
    NOTHING,
    NOT_FIRST,
    NO_NAME,
    ONLY_INITIALS,
    ONLY_PEOPLE,
    PARTICLES,
    PARTNER,
    PHONED,
    PLACE_ENDING,
    RELATED_TO,
    ROW_BEGINS,
    SECOND_OF_TWO,
    SECOND_WORD,
    SIGNED,
    STREET_ENDING,
    SURNAME,
    WEAK_CUE,
    WORD,
    WRONG_NAME,
)
from pipeline.intake.namelists import fold, in_small_letters, is_first_name, is_known, is_word, name_lists


def names_in(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each name of a person, the announced ones first; spans may overlap."""
    small = in_small_letters(text)
    yield from _behind_titles(text, small)
    for cue in (BEHIND_RELATION, INTRODUCED):
        for match in cue.finditer(small):
            yield from _announced(text, match.end(), NOTHING, bare_last_name=False)
    for match in GREETED.finditer(small):
        yield from _listed_at(text, match.end(), alone=False)
    yield from _at_the_end(text, small)
    for match in RELATED_TO.finditer(small):
        yield from _related(text, match.end())
    for match in HERE.finditer(text):
        yield match.span(1)
    for cue in (WEAK_CUE, PHONED):
        for match in cue.finditer(small):
            yield from _weakly_announced(text, match.end())
    if ABOUT_NAMES.search(small):
        for match in WRONG_NAME.finditer(text):
            if fold(match[1]) not in NO_NAME and not is_word(fold(match[1])):
                yield match.span(1)
    yield from _unannounced(text)


def _acting(text: str, match: re.Match[str]) -> Iterator[tuple[int, int]]:
    """One word with a capital that does what only people do, or stands in a row of such words."""
    folded = fold(match.group())
    if " " in match.group() or folded in NO_NAME or len(folded) < 2 or match.group()[:3].isupper():
        return
    acts = ONLY_PEOPLE.match(text, match.end()) is not None
    in_row = LISTED_WITH.match(text, match.end()) and ROW_BEGINS.search(text[max(0, match.start() - 3) : match.start()])
    if not (acts or in_row):
        return
    listed = folded in name_lists().first
    if (listed and acts) or (len(folded) > 2 and not is_known(folded) and not listed):
        if not _is_place(text, match.start(), match.group(), behind_cue=False):
            yield match.span()


def _related(text: str, start: int) -> Iterator[tuple[int, int]]:
    """Whose child, mother or friend somebody is: "dat joch van de Vries", but not "het kind van de Jumbo"."""
    particles = LEADING_PARTICLES.match(text, start)
    begin = particles.end() if particles else start
    run = NAME_RUN.match(text, begin)
    if run is None or _is_place(text, begin, run.group(), behind_cue=False) or run.group()[:3].isupper():
        return
    if begin == start or fold(run.group()) in name_lists().last:
        yield start, _end_without_tail(run)


def _unannounced(text: str) -> Iterator[tuple[int, int]]:
    for match in NAME_RUN.finditer(text):
        yield from _in_run(text, match)
        yield from _acting(text, match)
        if (initial := INITIAL_AT_END.search(match.group())) and (
            run := NAME_RUN.match(text, match.start() + initial.start(1))
        ):  # "Uitkering L. Kromhout"
            yield from _in_run(text, run)
    for match in HEADED.finditer(text):
        group = 1 if match[1] else 2
        surname = fold(match[group].split()[-1].split("-")[-1])
        listed = surname in name_lists().last or surname in name_lists().first
        if (
            surname not in NO_NAME
            and (listed or group == 2)
            and not _is_place(text, match.start(group), match[group], behind_cue=True)
        ):
            yield match.span(group)
    for match in ONLY_INITIALS.finditer(text):
        yield match.span(1)
    for match in SURNAME.finditer(text):
        if not _is_place(text, match.start(), match.group(), behind_cue=False):
            yield match.span()


def _behind_titles(text: str, small: str) -> Iterator[tuple[int, int]]:
    for match in BEHIND_TITLE.finditer(small):
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
    for match in LOWER_SIGNED.finditer(text):
        yield match.span(1)


def _announced(text: str, start: int, before: re.Pattern[str], *, bare_last_name: bool) -> Iterator[tuple[int, int]]:
    """A name directly behind a word that announces one: capitalised, or in lower case when it is on a list."""
    match = before.match(text, start)
    begin = match.end() if match else start
    run = NAME_RUN.match(text, begin)
    first_word, _, more_words = run.group().partition(" ") if run else ("", "", "")
    if run and (fold(first_word) not in NO_NAME or more_words) and not run.group().isupper():
        if not _is_place(text, run.start(), run.group(), behind_cue=True):
            yield start, _end_without_tail(run)
        elif at_home := FROM_A_STREET.match(run.group()):  # "buurman Cees van Molenweg 61"
            yield start, run.start() + at_home.end(1)
        return
    if run and run.group().isupper():
        yield start, _end_in_capitals(run)
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


def _end_in_capitals(run: re.Match[str]) -> int:
    """End of a name in a text of capitals only: initials, a word, and what is no word behind it."""
    words = list(re.finditer(rf"{INITIALS}|{WORD}", run.group()))
    kept = 2 if "." in words[0].group() and len(words) > 1 else 1
    if kept < len(words) and is_first_name(words[0].group()) and fold(words[kept].group()) not in NO_NAME:
        kept += 1
    while kept < len(words) and not is_word(fold(words[kept].group())) and fold(words[kept].group()) not in NO_NAME:
        kept += 1
    return run.start() + words[kept - 1].end()


def _listed_at(text: str, start: int, *, alone: bool) -> Iterator[tuple[int, int]]:
    """A name in any case right behind a greeting or a signature; `alone`: it must end its line or sentence."""
    match = ANY_NAME.match(text, start)
    if match is None:
        return
    words = list(re.finditer(rf"{INITIALS}|{WORD}", match.group()))
    lists = name_lists()
    first, last = lists.first, lists.last
    kept = 0
    for number, word in enumerate(words):
        folded = fold(word.group())
        capital = word.group()[0].isupper() and ACRONYM.search(word.group()) is None
        initial = "." in word.group()
        known = folded in first or (number > 0 and (folded in last or folded in PARTICLES)) or initial
        if (folded in NO_NAME and folded not in PARTICLES) or (number == 0 and folded in NOT_FIRST):
            break
        if number == 0 and alone and _is_thing(word.group()):
            break  # "Sportvereniging Gorecht"
        if number == 0 and not alone and not capital and folded in lists.common_first:
            break  # "Goedemiddag, na de aanleg"
        if known or (capital and (number > 0 or alone)) or (alone and capital):
            kept = number + 1
        elif folded not in PARTICLES:
            break
    while kept and fold(words[kept - 1].group()) in PARTICLES:
        kept -= 1
    if not kept:
        return
    end = start + words[kept - 1].end()
    rest = text[end:]
    finished = not rest.strip() or re.match(r"\s*[\n,.!;:\[(-]|\s+(?:[\d+\[]|tel|mob)", rest) is not None
    if (not alone or finished) and not _is_place(text, start, text[start:end], behind_cue=True):
        yield start, end


def _is_thing(word: str) -> bool:
    """Whether a word is ordinary and no name at all, as in "Sportvereniging Gorecht"."""
    folded = fold(word)
    return "." not in word and is_word(folded) and folded not in name_lists().last and not is_first_name(word)


def _closing(text: str, start: int) -> Iterator[tuple[int, int]]:
    """A name (or two with "en") with nothing else between the end of a sentence and the end of the line."""
    match = ANY_NAME.match(text, start)
    if match is None or BEHIND_CLOSING.match(text, match.end()) is None:
        return
    words = [word.group() for word in re.finditer(rf"{INITIALS}|{WORD}", match.group())]
    plain = [word for word in words if fold(word) not in PARTICLES]
    if (
        not plain
        or (len(plain) > 1 and _is_thing(plain[0]))
        or any(fold(word) in NO_NAME for word in plain)
        or _is_place(text, start, match.group(), behind_cue=True)
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
    if signed or (len(listed) == len(plain) and fold(plain[0]) in first):
        yield start, match.end()


def _weakly_announced(text: str, start: int) -> Iterator[tuple[int, int]]:
    run = NAME_RUN.match(text, start)
    if run and run.group().isupper() and is_first_name(run.group().split()[0]):
        yield start, _end_in_capitals(run)
        return
    if run is None or _is_place(text, start, run.group(), behind_cue=False):
        return
    words = [fold(word.group()) for word in re.finditer(rf"{INITIALS}|{WORD}", run.group())]
    if run.group()[:3].isupper() and len(run.group()) > 2:  # "ZZP-chauffeur", "AZC"
        return
    unknown = run.group()[0].isupper() and len(words[0]) > 2 and not words[0].endswith("en") and not is_known(words[0])
    sure = (
        unknown or words[0] in name_lists().first or len(words) > 1 or text[run.end() : run.end() + 1] in (",", "\x01")
    )
    if (words[0] not in NO_NAME or (words[0] in name_lists().first and len(words) > 1)) and sure:
        yield start, _end_without_tail(run)


def _in_run(text: str, match: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Names in a run of capitalised words without a word that announces them."""
    run = match.group()
    words = list(re.finditer(rf"{INITIALS}|{WORD}", run))
    lists = name_lists()
    first, last = lists.first, lists.last
    if fold(words[0].group()) in NO_NAME and "." in words[0].group():
        return
    if (
        len(words) > 1
        and DATA_AFTER.match(text, match.end())
        and not any(is_word(fold(word.group())) or fold(word.group()) in NO_NAME for word in words)
    ):  # on no list, but a date of birth or a telephone number follows
        yield match.span()
        return
    if "." not in words[0].group() and not any(is_first_name(word.group()) for word in words):
        return
    if _is_place(text, match.start(), run, behind_cue=False):
        return
    if "." in words[0].group() and len(words) > 1:
        bare = len(words[0].group().strip()) == len("A.")  # one letter may end a sentence: "label G. Wij willen ..."
        if (
            not bare
            or any(part in last for part in fold(words[-1].group()).split("-"))
            or (len(words[1].group()) > 1 and not is_word(fold(words[1].group())))
            or fold(words[1].group()) in PARTICLES
        ):
            yield match.span()
        return
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
        if BEFORE_PLACE.search(text[max(0, begin - 30) : begin]) or (run.isupper() and not listed):
            return
        if folded not in lists.common_first or listed or (followed and particle) or inside:
            end = match.end() if followed else match.start() + word.end()
            partner = PARTNER.match(text, end)
            yield begin, partner.end() if partner and fold(partner.group(1)) in first else end
            return


def _is_place(text: str, start: int, run: str, *, behind_cue: bool) -> bool:
    """Whether a run of words names a street, a school, a company or somebody public."""
    folded = fold(run)
    if (STREET_ENDING if behind_cue else PLACE_ENDING).search(run):
        return True
    if any(known in folded for known in KNOWN_OTHERWISE):
        return True
    if folded.partition(" ")[0] in KNOWN_STARTS and text[start : start + 30].lower().startswith(KNOWN_OTHERWISE):
        return True
    after = text[start + len(run) : start + len(run) + 24]
    if re.match(r"(?:[ -](?:school|straat|laan|plein|weg|college|huis|kerk|park|hal|b\.?v\.?|&)\b|"
                r"\s+\d{1,4}\b(?!\s*(?:jaar|jr|,\s*\d)))",
                after, re.IGNORECASE) and not behind_cue:  # fmt: skip
        return True
    return not behind_cue and BEFORE_PLACE.search(text[max(0, start - 30) : start]) is not None


def _end_without_tail(run: re.Match[str]) -> int:
    """End of a run, without capitalised words at its end that start something else."""
    words = list(re.finditer(rf"{INITIALS}|{WORD}", run.group()))
    kept = len(words)
    while kept > 1 and fold(words[kept - 1].group()) in NO_NAME:
        kept -= 1
    return run.start() + words[kept - 1].end()
