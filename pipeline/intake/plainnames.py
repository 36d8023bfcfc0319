"""Names in small letters, as in quick notes, and names that no list has: found by weighing what speaks for them.

A first name that is no Dutch word is a name by itself. The more a name looks like a word ("jan", "roos"), the more the
words around it must say; an unknown word is a name only right behind a word that announces one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pipeline.intake.namecues import (
    BEFORE_PLACE,
    CAPITALISED,
    DATA_AFTER,
    KNOWN_OTHERWISE,
    NO_NAME,
    PARTICLES,
    PET,
    STREET_ENDING,
)
from pipeline.intake.namelists import fold, is_word, name_lists
from pipeline.intake.nameruns import at_line_starts
from pipeline.intake.roles import is_role
from pipeline.intake.streets import begins_a_street

# what a word in small letters is by itself
SURE = "a first name and no word"
LIKELY = "a first name that is a word too, or a last name"
COMMON = "a name, but mostly a word"
UNKNOWN = "no word and no name that we know"
NEVER = "a word"

SMALL = re.compile(r"(?<![\w@./'’\[-])[^\W\d_A-Z][^\W\d_]+(?:-[^\W\d_]+)*(?![\w@/\]]|-\w|['’]\w|\.\w)")
RELATIVE = (
    r"(?:man|vrouw|zoon|zoontje|dochter|dochtertje|moeder|vader|ma|pa|mam|pap|broer|broertje|zus|zusje|"
    r"neef|neefje|nicht|"
    r"nichtje|kind|kids|kinderen|kleinkind|vriend|vriendin|partner|hulp|begeleid(?:er|ster)|huisgenoot|"
    r"ex|maatje|baby|"
    r"oma|opa|tante|oom|buurman|buurvrouw|buuf|collega)"
)
SMALL_WORD = re.compile(r"(?<!\w)[^\W\d_A-Z][^\W\d_]{2,}(?:-[^\W\d_]+)*")
# right before a name, whatever that looks like
TITLE = re.compile(
    r"(?<![\w])(?:t\.?n\.?v\.?|t\.?a\.?v\.?|dhr\.?|mevr\.?|mw\.?|meneer|mijnheer|fam\.?|familie|wed\.?|"
    r"weduwe|genaamd|"
    r"(?:ik|zij|ze|hij|die)\sheet|heet\sik|(?:mijn|m'n|mn|me)\snaam(?:\sis)?|naam(?:\sis)?\s?:|"
    r"melder\s?:|beller\s?:),?\s$",
    re.IGNORECASE,
)
# these announce a name that is on a list; an unknown word only when the sentence goes on as behind a name
ANNOUNCING = re.compile(
    r"(?<![\w])(?:(?:ik|hier|en)\sben|ben|heet|naam(?:\sis)?|namens|gr(?:oet(?:en|jes|je)?|t(?:z|jes|js|"
    r"n|s)?|oetn)?\.?(?:\s(?:van|uit))?|"
    r"mvg\.?|m\.v\.g\.|vr\.?\s?gr\.?|liefs|kus(?:jes)?|x{1,3}|bedankt|dank(?:\sje|\su)?|bvd|thx|aub|svp|"
    r"mevrouw|juf|"
    r"juffrouw|meester|ome|vrijwillig(?:st)?er|buurtvader|buurtmoeder|stagiaire?|jongen|meisje|"
    r"huismeester|conci[eë]rge|beheerder|"
    r"leerling|klant|mantelzorger|opbouwwerk(?:st)?er|jongerenwerk(?:st)?er|coach|trainer|chauffeur|"
    r"kapper|monteur|boa|opa|oma|tante|oom|cli[eë]nte?|contactpersoon|collega|buurman|buurvrouw|buuf|"
    r"buurjongen|"
    r"buurmeisje|bewoonster|bewoner|spreek(?:t|\su)?\smet|(?:mijn|m'n|mn|me|mij|onze|ons|zijn|z'n|zn|"
    r"haar|d'r|hun|je|jullie)\s"
    rf"(?:klein|schoon|stief|pleeg|oude|jongste|oudste|\s)*{RELATIVE}),?\s$",
    re.IGNORECASE,
)
# before a name, but before much else too
WEAK = re.compile(
    r"(?:^|(?<=\s))(?:met|bij|van|aan|voor|door|dat|hoi|hey|hallo|beste|lieve|dag|vraag|bel|app|mail|is)\s$",
    re.IGNORECASE,
)
ALONE_BEFORE = re.compile(r"(?:^|[.!?\n:,(\x01\]–-]\s*)$")
ALONE_AFTER = re.compile(r"\s*(?:$|[\n.!?,)(]|\x01|\[|[-–]\s)")
PERSON_DOES = re.compile(
    r"\s(?:hier\b|belt|belde|vraagt|vroeg|zegt|zei|mailt|appt|woont|woonde|meldt|klaagt|vertelt|"
    r"uit\s[A-Z]|vd\s|v/d\s)",
    re.IGNORECASE,
)
GOES_ON = re.compile(
    r"\s(?:is|was|heeft|had|wil|wilt|kan|moet|zit|staat|gaat|komt|kwam|wordt|werd|slaapt|loopt|ligt|mag|"
    r"krijgt|en|uit|van)\b"
)
PLACE_BEFORE = re.compile(
    r"\b(?:in|op|bij|aan|langs|richting|naar|achter|naast|hoek|rond)\s(?:de\s|het\s|t\s)?$", re.IGNORECASE
)
PLACE_AFTER = re.compile(
    r"(?:[ ](?:de|der|den|het|van|ten|ter|'t)){0,2}[ -](?<!van de )(?<!van het )(?<!uit de )\w*(?:straat|"
    r"str|laan|weg|plein|park|school|college|hof|kade|singel|kerk|huis|hal|brug|gebouw|zaal|"
    r"flats?)\b(?! \d)",
    re.IGNORECASE,
)

PARTICLE = (
    r"(?:(?:van|v\.?|in|op|uit|aan|bij|onder|over|tot)\s(?:de|der|den|het|'t|’t|d\.?)|van|v\.?/?d\.?|de|"
    r"der|den|ter|ten|te|"
    r"el|al|bin|ben|ibn|von|zu|la|le|da|dos|di|'t|’t|ait|aït|oude|abu|ould|bint)"
)
NEXT = re.compile(
    rf"[ ](?:(?P<particle>{PARTICLE})[ ])?(?P<word>[^\W\d_][^\W\d_'’]*(?:-(?:(?:van|de|"
    rf"der)[ ]){{0,2}}[^\W\d_]+)*)(?![\w@/]|['’]\w|\.\w)"
)
INITIAL = re.compile(r"[ ][a-z]\.?(?=\s*(?:$|[\n,.!?()]|\x01|\[|\d|bsn|geb|tel))", re.IGNORECASE)
WITH_PARTICLE = re.compile(rf"[ ]{PARTICLE}[ ]\w")
MOST_PARTS = 4
LAST_SMALL = re.compile(r"([^\W\d_]{4,})[ ]$")
MONTH = re.compile(r"(?:jan|mei|april|augustus)(?:\.|\s[\d'’])", re.IGNORECASE)
INITIALS_BEFORE = re.compile(rf"(?<!\w)(?:[a-z]\.[ ]?){{1,4}}(?:{PARTICLE}[ ])?$")
LINKED = re.compile(r"[ ](?:en|&)[ ]([^\W\d_]+)(?![\w-])")
ACTS = re.compile(r"\s\w+(?:t|de|te)\b")
VOWEL = re.compile(r"[aeiouy]")
ABBREVIATIONS = frozenset(
    "geb tel mob bsn nrs aub svp ivm ipv mbt tav tnv obv evt bijv enz etc ong incl excl max min sms app ben "
    "an al el can ha us do ga wmo ipv bvd".split()
)

# one behind another: "Aisha, Ilyas en Sofian"
ANOTHER = re.compile(
    rf"\x01\)?(?P<link>,?[ ](?:en|&|of)[ ]|,[ ])(?P<word>{CAPITALISED}|[^\W\d_A-Z][^\W\d_]+)(?![\w@/-])"
)
ONE_BEFORE = re.compile(r"(?<![\w@-])(?P<word>[^\W\d_][\w-]+)[ ](?:en|&)[ ]\x01")


# "karin bolt hier, ..."
SMALL_HERE = re.compile(
    r"(?:^|\n)\s*(?:(?:hoi|hallo|dag|hey|moi|goede\w+)[ ,]+)?(?P<name>(?P<first>[^\W\d_]+)(?:[ ][^\W\d_-]+){0,3}?)[ ]"
    r"(?:weer )?hier\b(?=[ ]?[,.!:\n]|[ ](?:weer|nogmaals|nog een keer|van|uit|ik|mag|met)\b)",
    re.IGNORECASE,
)
# "voor m. lubbers", but not "i.p.v. bomen"
SINGLE_INITIAL = re.compile(rf"[a-z]\.[ ]?(?:{PARTICLE}[ ])?")


def plain_names_in(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each name in small letters, and of names beside one that was found."""
    if any(map(_may_be_name, SMALL_WORD.findall(text))):
        yield from _in_small_letters(text)
    yield from _beside(text)


def _in_small_letters(text: str) -> Iterator[tuple[int, int]]:
    reached = 0
    for match in at_line_starts(SMALL_HERE, text) if "hier" in text else ():
        words = match["name"].split()
        if fold(match["first"]) in name_lists().first and not any(fold(w) in NO_NAME - PARTICLES for w in words):
            reached = match.end("name")
            yield match.span("name")
    for match in SMALL.finditer(text):
        looks = _looks(match.group())
        if looks == NEVER or match.start() < reached or MONTH.match(text, match.start()):
            continue
        before = text[max(0, match.start() - 40) : match.start()]
        titled = TITLE.search(before) is not None
        announced = titled or ANNOUNCING.search(before) is not None or _behind_role(before)
        if initials := INITIALS_BEFORE.search(before):  # "mvg k. el idrissi", but not "i.p.v. een bankje"
            rest = before[: initials.start()]
            titled = titled or ALONE_BEFORE.search(rest) is not None or ANNOUNCING.search(rest) is not None
            titled = titled or (looks == LIKELY and SINGLE_INITIAL.fullmatch(initials.group()) is not None)
        end = _end_of_name(text, match.end(), announced=announced)
        if (
            looks == SURE
            or titled
            or (looks == LIKELY and (announced or _near(before, text, end) > 0))
            or (announced and (_goes_on(text, end) or (looks == COMMON and ACTS.match(text, end))))
            or (looks == COMMON and _near(before, text, end) > 0 and WITH_PARTICLE.match(text, match.end(), end))
        ) and not _is_place(text, match):
            reached = end
            yield match.start() - (len(initials.group()) if initials else 0), end


def _behind_role(before: str) -> bool:
    """Whether the last word says what somebody is: "pleegkind joah"."""
    word = LAST_SMALL.search(before)
    return word is not None and is_role(fold(word[1]))


@lru_cache(maxsize=50_000)
def _may_be_name(word: str) -> bool:
    return _looks(word) != NEVER


@lru_cache(maxsize=50_000)
def _looks(word: str) -> str:
    """What a word in small letters is by itself."""
    folded = fold(word)
    lists = name_lists()
    if folded in NO_NAME or folded in ABBREVIATIONS:
        return NEVER
    if "-" in folded:
        return SURE if all(part in lists.first for part in folded.split("-")) else NEVER
    if folded in lists.common_first:
        return COMMON
    if folded in lists.first:
        return LIKELY if is_word(folded) or len(folded) < 4 else SURE
    return _looks_unlisted(folded)


def _looks_unlisted(folded: str) -> str:
    if is_word(folded) or len(folded) < 3 or VOWEL.search(folded) is None:
        return NEVER
    return LIKELY if folded in name_lists().last else UNKNOWN


def _near(before: str, text: str, end: int) -> int:
    """How much around a name speaks for it, without announcing it."""
    after = text[end : end + 24]
    return sum(
        (
            ALONE_BEFORE.search(before) is not None and ALONE_AFTER.match(after) is not None,
            WEAK.search(before) is not None,
            DATA_AFTER.match(after) is not None,
            PERSON_DOES.match(after) is not None,
            _linked(text, end),
        )
    )


def _linked(text: str, end: int) -> bool:
    """Whether another first name follows: "bart en lisa"."""
    match = LINKED.match(text, end)
    return match is not None and fold(match[1]) in name_lists().first and _looks(match[1]) in (SURE, LIKELY)


def _goes_on(text: str, end: int) -> bool:
    after = text[end : end + 24]
    return any(pattern.match(after) for pattern in (ALONE_AFTER, DATA_AFTER, PERSON_DOES, GOES_ON))


def _is_place(text: str, match: re.Match[str]) -> bool:
    start, end = match.span()
    before = text[max(0, start - 30) : start]
    return (
        PLACE_AFTER.match(text, end) is not None
        or BEFORE_PLACE.search(before) is not None
        or PET.search(before) is not None
        or STREET_ENDING.search(match.group()) is not None
        or text[start : start + 30].lower().startswith(KNOWN_OTHERWISE)
        or (PLACE_BEFORE.search(before) is not None and _begins_a_street(text[start : start + 40]))
    )


def _begins_a_street(text: str) -> bool:
    """Whether the first two or three words begin a street's name: "albert cuyp", "willem de zwijger"."""
    words = re.findall(r"[^\W\d_][\w'’-]*|[^\w\s]", text)
    named = [word.lower() for word in words[: next((n for n, w in enumerate(words) if not w[0].isalpha()), 3)]]
    return any(
        begins_a_street(" ".join(named[:number]))
        for number in (3, 2)
        if len(named) >= number and named[number - 1] not in PARTICLES
    )


def _end_of_name(text: str, end: int, *, announced: bool) -> int:
    """End of a name of which the first part ends at `end`: last names and initials belong to it."""
    lists = name_lists()
    if (partner := LINKED.match(text, end)) and _linked(text, end):
        end = partner.end()
    for _ in range(MOST_PARTS):
        if initial := INITIAL.match(text, end):
            return initial.end()
        match = NEXT.match(text, end)
        if match is None:
            break
        folded = fold(match["word"])
        alone = ALONE_AFTER.match(text[match.end() : match.end() + 4]) is not None
        last = folded in lists.last or all(part in lists.last for part in folded.split("-"))
        unknown = len(folded) > 2 and not all(is_word(part) for part in folded.split("-"))
        rare = folded in lists.first and not is_word(folded)
        listed = last and (match["particle"] or (folded not in lists.common_last and not is_word(folded)) or alone)
        if (
            folded in NO_NAME
            or folded in ABBREVIATIONS
            or not (listed or rare or (unknown and (match["particle"] or announced or alone)))
        ):
            break
        end = match.end()
    return end


def _beside(text: str) -> Iterator[tuple[int, int]]:
    """Names that are linked to something that was found: what comes behind it, and what stands before it."""
    if "\x01" not in text:
        return
    for match in ANOTHER.finditer(text):
        word, folded = match["word"], fold(match["word"])
        if folded in NO_NAME or PLACE_AFTER.match(text, match.end()) or STREET_ENDING.search(word):
            continue
        lists = name_lists()
        listed = folded in lists.first and (folded not in lists.common_first or word[0].isupper())
        unknown = word[0].isupper() and "," not in match["link"] and not is_word(folded)
        if (listed and (word[0].isupper() or _looks(word) in (SURE, LIKELY))) or unknown:
            yield match.start("word"), _end_of_name(text, match.end("word"), announced=True)
    for match in ONE_BEFORE.finditer(text):
        if _looks(match["word"]) in (SURE, LIKELY) and fold(match["word"]) in name_lists().first:
            yield match.span("word")
