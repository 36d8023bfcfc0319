"""Names that no list has: an unknown word with a capital inside a sentence is mostly somebody.

What stands around it decides: a role before it ("zorgregisseur"), a relation behind it (", haar zus"), or what a person
does. A place has other company: "in", "uit", "naar", an article, or a noun for a shop or a building.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pipeline.intake.namecues import (
    ACRONYM,
    DATA_AFTER,
    INITIALS,
    NO_NAME,
    ONLY_PEOPLE,
    PARTICLES,
    PET,
    PLACE_ENDING,
    WORD,
)
from pipeline.intake.namelists import fold, is_first_name, is_known, is_listed_word, is_town, name_lists
from pipeline.intake.nameruns import is_place
from pipeline.intake.roles import BEHIND_RELATIVE, NO_PERSON_BEFORE, PLACE_PREPOSITIONS, is_role
from pipeline.intake.streets import is_street

# what a word with a capital is by itself
NOBODY = "a word, a town or a make"
LISTED = "on a list of names, and perhaps a word"
UNKNOWN = "on no list, or on one of names only"

PREVIOUS = re.compile(r"([\w'’-]+)([,:]?)[ ]?[(\"'“‘]?$")
BEGINS = re.compile(r"(?:^|[.!?:;\n\x01\]•*–-]\s*)[\"'“‘(]*$")
NAME_PART = re.compile(rf"{INITIALS}|{WORD}")
# surnames that are towns too
TOWN_ENDING = re.compile(
    r"(?:wolde|werd|w[ei]rum|sum|dum|kum|dam|burg|wijk|huizen|loo|drecht|veen|gum|broek|horn|haven|meer|berg)$"
)
COMPANY_BEHIND = re.compile(r"[ ](?:B\.?V|V\.?O\.?F|N\.?V|&|en[ ]Z(?:oo)?n|Zn|Groep|Advies|Bouw|Vastgoed|Wonen)\b")
LETTER_FIRST = re.compile(
    r"^\w-|^\w'?$|-$|['’](?:s|ers?|je|tje|jes)?$|\d|^I['’]|(?:ianen|ezen|iërs)$|(?<!Mc)(?<!Mac)(?<!De)(?<!Van)(?<!Ter)[a-zà-ÿ][A-Z]"
)
QUOTES = ("'", '"', "‘", "“", "’", "”", "«")
# "werd ingelicht", "heeft gevraagd"
DONE_TO = re.compile(
    r"[ ](?:werd|wordt|is|was|heeft|had|kreeg|moest)[ ](?:\w+[ ]){0,2}(?:ge|ver|be|in|aan|uit|op|door)\w+(?:d|t)\b"
)
# what a note begins with before it names somebody: "Terugbelverzoek", "Uitkering"
PAPERS = tuple(
    """
    verzoek melding notitie afspraak gesprek intake bezoek aanvraag klacht uitkering bericht telefoontje contact nazorg
    bezwaar wijziging overlijden verhuizing inschrijving uitschrijving verslag gegevens betreft beschikking terugbellen
    """.split()
)
HEAD_WORDS = frozenset(
    """
    gisteren vandaag morgen vanmorgen vanmiddag vanavond vannacht vorige volgende volgens namens ook zowel sinds
    nadat omdat zodra terwijl hoewel tijdens wegens dankzij via per inmiddels vervolgens daarna eerder later
    binnenkort eindelijk misschien helaas graag zeg vraag bel mail app stuur spreek help weet kent
    """.split()
)


def unknown_names_in(text: str, match: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Start and end of the name in a run of words with capitals, when what stands around it says it is one."""
    parts = _named(match)
    if not parts:
        return
    if match.end() > match.start() + parts[-1].end() and is_place(text, match.start(), match.group(), behind_cue=False):
        return
    start, end = match.start() + parts[0].start(), match.start() + parts[-1].end()
    run = text[start:end]
    if run.isupper() or is_place(text, start, run, behind_cue=False) or COMPANY_BEHIND.match(text, end):
        return
    if parts[0].start() and not _may_follow(match.group()[: parts[0].start()].split()[-1]):
        return
    if text[start - 1 : start] in QUOTES or text[end : end + 1] in QUOTES or text[end : end + 3] in ("'s ", "’s "):
        return  # a title, or more than one of a thing
    looks = [_looks(part.group()) for part in parts if fold(part.group()) not in PARTICLES]
    before = text[max(0, start - 40) : start]
    if PET.search(before):
        return
    previous = PREVIOUS.search(before)
    word = fold(previous[1]) if previous else ""
    if _is_somebody(text, end, looks, word, begins=BEGINS.search(before) is not None):
        yield start, end


def _may_follow(word: str) -> bool:
    """Whether a name may follow a word with a capital: "Gisteren Tesfay", "Inwoner Tesfay", but not "Bar Tesfay"."""
    folded = fold(word)
    return (
        (folded in NO_NAME and not is_town(folded))
        or is_role(folded)
        or folded in HEAD_WORDS
        or folded.endswith(PAPERS)
    )


def _is_somebody(text: str, end: int, looks: list[str], word: str, *, begins: bool) -> bool:
    """Whether a run is a person, by what its words are (`looks`), the word before it, and what follows."""
    if is_role(word) or BEHIND_RELATIVE.match(text, end):
        return True
    if word in NO_PERSON_BEFORE or UNKNOWN not in looks:
        return False
    if len(looks) > 1:
        return word not in PLACE_PREPOSITIONS
    if begins:
        return any(pattern.match(text, end) for pattern in (ONLY_PEOPLE, DATA_AFTER, DONE_TO))
    return word not in PLACE_PREPOSITIONS and word not in ("op", "aan", "ik", "wij")


def _named(match: re.Match[str]) -> list[re.Match[str]]:
    """The words of a run without those at its ends that name nobody; none when one inside does."""
    parts = list(NAME_PART.finditer(match.group()))
    while parts and (_looks(parts[0].group()) == NOBODY or parts[0].group() in ("De", "Het")):
        parts.pop(0)
    while parts and (
        fold(parts[-1].group()) in PARTICLES
        or (_looks(parts[-1].group()) == NOBODY and not (len(parts) > 1 and _may_be_surname(parts[-1].group())))
    ):
        parts.pop()
    inside = (part.group() for part in parts[:-1] or parts)
    return [] if any(fold(part) not in PARTICLES and _looks(part) == NOBODY for part in inside) else parts


def _may_be_surname(word: str) -> bool:
    """Whether a word is two words joined, as many surnames are, and no street, town or word itself: "Bergwijn"."""
    folded = fold(word)
    plain = is_listed_word(folded) or is_town(folded) or is_street(folded) or folded in NO_NAME
    return not plain and folded.isalpha() and word[1:].islower() and not PLACE_ENDING.search(word)


@lru_cache(maxsize=50_000)
def _looks(word: str) -> str:
    """What a word with a capital is by itself."""
    folded = fold(word)
    if folded in NO_NAME or len(folded) < 2 or ACRONYM.search(word) or LETTER_FIRST.search(word) or word.isupper():
        return NOBODY
    pieces = folded.split("-")
    lists = name_lists()
    if is_first_name(word) or all(piece in lists.last for piece in pieces):
        common = folded in lists.common_first or folded in lists.common_last or is_known(folded)
        return LISTED if common else UNKNOWN if is_first_name(word) or not TOWN_ENDING.search(folded) else LISTED
    if len(pieces) > 1 and any(piece in lists.last for piece in pieces):
        return LISTED  # "Hoogeveen-Talsma"
    if any(is_known(piece) for piece in pieces if piece not in lists.last) or is_street(folded):
        return NOBODY
    return UNKNOWN
