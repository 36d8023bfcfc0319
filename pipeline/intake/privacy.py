"""Personal data out, before anything is stored, trained on, shown or sent.

An ordered chain of small recognisers. What one has taken, the next cannot take; so the surest come first. Each mark
that takes the place of personal data says what was there, so that a reader and the model lose nothing they need.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline.intake.names import names_in

DIGIT = re.compile(r"\d")
COVER = "\x01"  # stands for each character of what was found
MOST_ROUNDS = 5  # taking one piece out can bring two others together; after a few rounds nothing is left


@dataclass(frozen=True)
class Span:
    """A piece of personal data: characters `start` up to `end` of the text, and its kind."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class Cleaned:
    """A text in which each piece of personal data is replaced by a readable mark, and how many of each kind."""

    text: str
    counts: Counter[str]


# A street with a house number. The street is one to four words; a capital or the ending shows that it is one.
HOUSE_NUMBER = (
    r"\d{1,4}(?:\s?[a-zA-Z](?![\w])|\s?-\s?(?:\d{1,3}|[IVX]{1,4}|[a-zA-Z])\b|\s?bis\b|\s(?:zwart|rood|links|rechts|hs|hoog|boven|achter)\b)?"
    r"(?:,?\s(?:kamer|app\.?|appartement|unit)\s\d{1,4})?"
)
ENDING = (
    r"(?:straat|laan|weg|plein|pad|kade|singel|gracht|hof|dijk|steeg|dreef|plantsoen|wal|ring|markt|baan|hage|oord|"
    r"burg|veld|berg|kamp|erf|akker|horst|diep|haven|park|dam|bos|str\.?)"
)
NAMED_STREET = rf"(?:(?:(?:[A-Z]\.)+|[A-Z][\w'’-]*)\s+){{0,3}}[\w'’-]*{ENDING}"
STREET = rf"(?:{NAMED_STREET}|(?:(?:[A-Z]\.)+|[A-Z][\w'’-]*)(?:\s+(?!van\s\d)[\w'’-]+){{0,3}}?)"
HOME = (
    r"(?i:\b(?:woon|woont|wonen|woonde|woonachtig|wonend|gehuisvest|adres(?:\s+is)?|verhuis(?:d|t)?(?:\s+ik)?(?:\s+van\s+\S+)?\s+naar|"
    r"(?:mijn|ons|onze|haar|zijn|hun)\s+(?:huis|woning|flat|appartement|kamer|voordeur|adres)|"
    r"(?:bij\s+)?(?:mij|ons)\s+thuis|"
    r"thuisadres|huisadres|ingeschreven)\b)"
)
# people who are at home somewhere, and what happens at somebody's home
AT_HOME = (
    r"(?i:\b(?:(?:over|achter|boven|beneden|onder)?(?:buren|buurman|buurvrouw|buurjongen|buurmeisje|buur)|buuf|"
    r"bewo(?:ner|onster)s?|huurders?|studenten|familie|fam\.|gezin|cliënte?|eigena(?:ar|res)|"
    r"(?:mijn|m'n|onze|zijn|haar|hun)\s+(?:moeder|vader|oma|opa|zoon|dochter|zus|broer|tante|oom|schoonmoeder|ouders)|"
    r"langs\s?(?:komen|komt|te\s+komen)|huisbezoek|aanbellen|aangebeld|(?:uit|in|over)\s?schrijven|uitgeschreven|"
    r"ingeschreven|(?:op|toe)?sturen|stuur|bezorgen|bij\s+(?:ons|mij)|adreswijziging|verhuizing)\b)"
)
POSTCODE = r"[1-9]\d{3}(?:\s?(?!SA|SD|SS)[A-Z]{2}|(?!sa|sd|ss)[a-z]{2})\b"

PATTERNS: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("e-mail", "@", re.compile(r"[\w.+-]+\s?@\s?[\w-]+(?:\.[\w-]+)+")),
    ("e-mail", "(at)|[at]| at |apenstaart", re.compile(
        r"\b[\w.+-]+(?:\s+punt\s+[\w-]+)*(?:\s?\(at\)\s?|\s?\[at\]\s?|\s+(?:at|apenstaartje)\s+)[\w-]+(?:\s?\.\s?|\s+(?:punt|dot)\s+)"
        r"(?:nl|com|net|org|be|de|eu)\b", re.IGNORECASE)),
    ("account", "/", re.compile(
        r"(?:https?://)?(?:www\.|m\.)?(?:facebook|instagram|twitter|x|tiktok|linkedin|snapchat|youtube|threads|t)"
        r"\.(?:com|me|net)/[\w@./?=%-]*[\w/]", re.IGNORECASE)),
    ("account", "/", re.compile(r"(?:https?://)?[\w.-]+\.[a-z]{2,}/@[\w.-]*\w", re.IGNORECASE)),
    ("account", "/", re.compile(r"(?:https?://)?(?:www\.)?marktplaats\.nl/u/[\w/.-]*[\w/]", re.IGNORECASE)),
    ("account", "@", re.compile(
        r"(?<![\w@.])@(?!(?:iedereen|allemaal|allen|ouders|buren|buur|beheerder|admin|gemeente|politie|wethouder|team)"
        r"\w*\b)"
        r"[A-Za-z_][\w.]*\w", re.IGNORECASE)),
    ("account", "insta|snap|tiktok|twitter|facebook|fb|telegram", re.compile(
        r"(?P<cue>\b(?:insta(?:gram)?|snap(?:chat)?|tiktok|twitter|facebook|fb|telegram)\b"
        r"(?:\s*(?:account|naam|profiel|gebruiker))?\s*(?:[:=]|is|heet(?:\s+ik)?)\s*)[\w.-]*\w", re.IGNORECASE)),
    ("iban", "digit", re.compile(r"\bNL\s?\d{2}\s?[A-Z]{4}(?:[\s.]?\d){10}\b", re.IGNORECASE)),
    ("iban", "digit", re.compile(r"(?P<cue>\b(?:iban|rekening(?:nummer|nr\.?)?)\b\W{0,3}(?:is\s|nummer\s)?\W{0,2})"
                        r"[A-Z]{2}\d{2}(?:\s?[A-Z\d]{4}){2,7}(?:\s?[A-Z\d]{1,3})?\b", re.IGNORECASE)),
    ("geboortedatum", "digit", re.compile(
        r"(?P<cue>\b(?:geboren|geb(?:oorte)?\.?(?:\s?-?datum)?|gebdatum|gb\.?)\s*(?:is|op|:|-|=)?\s*(?:op\s+)?:?\s*)"
        r"(?:\d{1,2}\s?[-/. ]\s?\d{1,2}\s?[-/. ]\s?(?:19|20)?\d{2}|(?:19|20)\d{2}-\d{2}-\d{2}|"
        r"\d{1,2}\s+(?:jan|feb|maart|mrt|apr|mei|jun|jul|aug|sep|okt|nov|dec)[a-z]*\.?\s+(?:19|20|')?\d{2})\b",
        re.IGNORECASE)),
    ("geboortedatum", "digit", re.compile(
        r"\b(?:\d{1,2}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?(?:19|20)\d{2}|\d{1,2}\s+[a-z]{3,9}\.?\s+(?:19|20)\d{2})(?=[^.\n]{0,20}\bgeboren)")),
    ("bsn", "digit", re.compile(
        r"(?P<cue>\b(?:bsn|burgerservicenummer|sofi(?:-?nummer)?)\b\D{0,60})\d(?:[\s.-]?\d){7,8}\b", re.IGNORECASE)),
    ("telefoon", "digit", re.compile(
        r"(?<![\w+/-])(?:(?:(?:\+|00)31[\s.-]?(?:\(0\))?|0(?![89]00))(?:[\s./-]{0,3}\d){9}"
        r"|\(0\d{1,3}\)(?:[\s./-]{0,3}\d){6,8}|(?:\+|00)(?:32|48|49|90|212|380)(?:[\s./-]{0,3}\d){8,11})(?!\d)")),
    ("telefoon", "digit", re.compile(r"\b(?:nul|0)\s+(?:zes|6)(?:[\s-]*\d){8}\b", re.IGNORECASE)),
    ("kenteken", "digit", re.compile(
        r"\b(?=[A-Z\d-]*\d)(?=[A-Z\d-]*[A-Z])(?:[A-Z]{1,3}|\d{1,3})-(?:[A-Z]{2,3}|\d{2,3})-(?:[A-Z]{1,2}|\d{1,2})\b"
        r"|\b(?=[a-z\d-]*\d)(?=[a-z\d-]*[a-z])"
        r"(?:[a-z]{2}-\d{2,3}-[a-z]{1,2}|\d{1,2}-[a-z]{2,3}-\d{1,2}|\d{2}-[a-z]{2}-[a-z]{2}"
        r"|[a-z]{2}-[a-z]{2}-\d{2}|[a-z]{2}-\d{2}-\d{2}|[a-z]-\d{3}-[a-z]{2})\b")),
    ("kenteken", "digit", re.compile(
        r"(?P<cue>\b(?:kenteken|kentekenplaat|nummerbord|nummerplaat)\b\W{0,3}(?:(?:is|was|met|van\s+\w+)\s+)?\W{0,2})"
        r"(?=[a-z\d -]{0,8}\d)(?=[a-z\d -]{0,8}[a-z])"
        r"(?:[a-z]{1,3}|\d{1,3})[ -]?(?:[a-z]{2,3}|\d{2,3})[ -]?(?:[a-z]{1,2}|\d{1,2})\b",
        re.IGNORECASE)),
    ("kenteken", "digit", re.compile(
        r"\b(?:[A-Z]{2}\d{3}[A-Z]|[A-Z]\d{3}[A-Z]{2}|\d{2}[A-Z]{3}\d|\d[A-Z]{3}\d{2}|\d{2}[A-Z]{4}|[A-Z]{3}\d{2}[A-Z])\b")),
    ("adres", "digit", re.compile(rf"{STREET}\s+{HOUSE_NUMBER}(?=\s*[,(\n]*\s*(?:(?:te|in)\s+)?{POSTCODE})")),
    ("adres", "digit", re.compile(
        rf"(?P<cue>{HOME}:?,?\s*"
        rf"(?:(?:ik|wij|we|hij|zij|ze|ernaast,?|nog|zelfstandig|samen|nu|ook|zelf|al\s+\S+\s+jaar|sinds\s+\S+|hier|dus|er|is|ligt|staat|alleen)\s+){{0,3}}"
                         rf"(?i:(?:op\s+|aan\s+|in\s+|te\s+|naar\s+)?(?:de\s+|het\s+|'t\s+)?)){STREET}\s+{HOUSE_NUMBER}")),
    ("adres", "digit", re.compile(rf"(?P<cue>\b[Aa]dres\s*:\s*){STREET}\s+{HOUSE_NUMBER}")),
    ("adres", "digit", re.compile(
        rf"(?P<cue>\b(?:ik|wij|we)\s+(?:woon|wonen)\s+(?:zelf\s+)?(?:op|in)\s+(?:nummer|nr\.?|huisnummer)\s+)"
        rf"{HOUSE_NUMBER}",
                         re.IGNORECASE)),
    ("adres", "digit", re.compile(
        rf"(?P<cue>\b(?:ik|wij|we)\s+(?:zit|zitten|woon|wonen)\s+(?:\w+\s+)?(?:op|aan|in)\s+(?:de\s+|het\s+)?)"
        rf"{STREET}\s+{HOUSE_NUMBER}",
        )),
    ("adres", "digit", re.compile(
        rf"(?P<cue>\b[Vv]erhui\w+\b[^.\n]{{0,60}}?\b(?:van|naar)\s+(?:de\s+|het\s+)?){STREET}\s+{HOUSE_NUMBER}")),
    ("adres", "digit", re.compile(
        rf"{NAMED_STREET}\s+{HOUSE_NUMBER}(?=,?\s+(?:(?:daar|die|hij|zij|ze|wij|we|ik|waar(?:\s+\w+){{1,3}})\s+)?"
        r"(?:gewoond|woon|woont|wonen)\b)")),
    ("adres", "digit", re.compile(
        rf"(?P<cue>[\x01\]][\s,]+(?:hier,?\s)?(?i:(?:van|op|uit|aan|in|te)\s+)?(?i:(?:de|het)\s+)?){STREET}\s+{HOUSE_NUMBER}")),
    ("adres", "digit", re.compile(
        rf"(?P<cue>(?i:\bbij\s+(?:mijn|zijn|haar|hun)\s+\w+\s+(?:in|op|aan)\s+(?:de\s+|het\s+)?|\b(?:oud|nieuw)\s?:\s?))"
        rf"{STREET}\s+{HOUSE_NUMBER}")),
    ("adres", "digit", re.compile(
        rf"(?P<cue>{AT_HOME}(?:[^.,;:!?\n]{{0,30}},?\s(?i:op|aan|van|in|uit|te|bij|naar)\s(?:(?i:de|het)\s)?|,\s|\s\())"
        rf"{STREET}\s+{HOUSE_NUMBER}")),
    ("adres", "digit", re.compile(
        rf"(?P<cue>(?i:\b(?:adreswijziging|verhuizing)\b[^\n]{{0,120}}\bnaar\s)){STREET}\s+{HOUSE_NUMBER}")),
    ("adres", "digit", re.compile(
        rf"(?P<cue>{AT_HOME}[^.,;:!?\n]{{0,12}}\s(?i:op|van)\s)(?i:nr\.?|nummer|huisnummer)\s?{HOUSE_NUMBER}")),
    ("adres", "digit", re.compile(
        rf"(?P<cue>[\x01\]],?\s(?i:huisnummer|huisnr\.?|nummer|nr\.?):?\s?){HOUSE_NUMBER}")),
    ("geboortedatum", "digit", re.compile(r"(?P<cue>[\x01\]],\s?)\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d{2}\b")),
    ("postcode", "digit", re.compile(rf"(?<![\w-]){POSTCODE}(?:,?[ ]+[A-Z][a-zë-]+(?=\s*(?:$|[\n,.!]|\x01)))?")),
)  # fmt: skip


def _numbers_that_are_bsn(text: str) -> Iterator[tuple[int, int]]:
    """Nine digits that pass the weighted check of a BSN (11-proef)."""
    for match in re.finditer(r"(?<![\w.,€-])\d(?:[ .]?\d){8}(?![\w-]|[.,]\d)", text):
        digits = [int(character) for character in match.group() if character.isdigit()]
        if sum(w * d for w, d in zip((9, 8, 7, 6, 5, 4, 3, 2, -1), digits, strict=True)) % 11 == 0 and any(digits):
            yield match.span()


Recogniser = Callable[[str], Iterator[tuple[int, int]]]


def _with(pattern: re.Pattern[str]) -> Recogniser:
    cued = "cue" in pattern.groupindex

    def recognise(text: str) -> Iterator[tuple[int, int]]:
        for match in pattern.finditer(text):
            yield (match.end("cue") if cued else match.start(), match.end())

    return recognise


# kind, what a text must hold to be worth looking through ("" for every text; "|" between what will do), recogniser
RECOGNISERS: tuple[tuple[str, str, Recogniser], ...] = (
    *((kind, needed, _with(pattern)) for kind, needed, pattern in PATTERNS),
    ("bsn", "digit", _numbers_that_are_bsn),
    ("naam", "", names_in),
)


def personal_data(text: str) -> list[Span]:
    """Personal data in a text, in order, without overlap.

    What is found is covered, so that it can announce what stands beside it: a name before a telephone number, a second
    address behind the first.
    """
    taken: list[Span] = []
    for _ in range(MOST_ROUNDS):
        found = _found_in(text)
        if not found:
            break
        taken += found
        for span in found:
            text = text[: span.start] + COVER * (span.end - span.start) + text[span.end :]
    return sorted(taken, key=lambda span: span.start)


def clean(text: str) -> Cleaned:
    """Replace personal data in one text by marks such as "[telefoon]"; a cleaned text has nothing more to clean."""
    counts: Counter[str] = Counter()
    text = text.replace(COVER, " ")
    for _ in range(MOST_ROUNDS):
        spans = personal_data(text)
        if not spans:
            break
        for span in reversed(spans):
            text = f"{text[: span.start]}[{span.kind}]{text[span.end :]}"
            counts[span.kind] += 1
    return Cleaned(text, counts)


def _found_in(text: str) -> list[Span]:
    taken: list[Span] = []
    has_digit = DIGIT.search(text) is not None
    lowered = text.lower()
    for kind, needed, recognise in RECOGNISERS:
        if needed == "digit":
            if not has_digit:
                continue
        elif not any(part in lowered for part in needed.split("|")):
            continue
        for start, end in recognise(text):
            if start < end and not any(start < span.end and span.start < end for span in taken):
                taken.append(Span(start, end, kind))
    return [span for span in taken if COVER not in text[span.start : span.end]]
