"""Personal data with a shape of its own: e-mail, accounts, IBAN, BSN, telephone, licence plates, dates of birth."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.intake.spans import Step, by_pattern

TOP = r"(?:nl|com|net|org|be|de|eu|fr|pl|frl|info|online|shop|nu|tv|me|uk|tr|es|it|at|amsterdam)"
GAP = r"[\s./–—-]{0,3}"  # between the digits of a telephone number
PLATFORM = (
    r"(?:insta(?:gram)?|snap(?:chat)?|tik\s?tok|twitter|facebook|fb|telegram|discord|roblox|wechat|"
    r"signal|skype|twitch|"
    r"youtube|linkedin|nextdoor|marktplaats|threads|bluesky|mastodon|whatsapp|vinted)"
)
MONTH = r"(?:jan|feb|maart|mrt|apr|mei|jun|jul|aug|sep|okt|oct|nov|dec)[a-z]*\.?"
SEPARATOR = r"\s?[-/. ]\s?"
YEAR = r"(?:(?:19|20)\d{2}|['’]\s?\d{2}|\d{2}(?!\s?(?:uur|u\b|:)))"
COUNTED = r"(?:[a-z]*(?:een|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|tig|duizend)[a-z]*)"
DATE = (
    rf"(?:(?:19|20)\d{{2}}{SEPARATOR}\d{{1,2}}{SEPARATOR}\d{{1,2}}|"
    rf"\d{{1,2}}{SEPARATOR}\d{{1,2}}{SEPARATOR}{YEAR}|"
    rf"(?:\d{{1,2}}(?:e|ste|de)?|{COUNTED})[\s-]{MONTH}[\s-](?:{YEAR}|{COUNTED}))(?!\w)"
)
BORN = (
    r"(?:geboren|geb(?:oorte)?\.?[\s-]?(?:datum|dat\.?|dag|d\.)?|gebdat\w*|gb\.?d?|gd|g\.d\.|dob|birthdate|"
    r"date of birth|born|jarig|verjaardag|verjaart)"
)
DIGIT_WORD = (
    r"(?:nul|(?:\w*en)?(?:twintig|dertig|veertig|vijftig|zestig|zeventig|tachtig|negentig)|"
    r"(?:der|veer|vijf|zes|zeven|acht|negen)?tien|elf|twaalf|een|één|twee|drie|vier|vijf|zes|zeven|acht|negen|\d{1,3})"
)

# the shapes of Dutch plates: X a letter, 9 a digit
SHAPES = (
    "XX-99-99 99-99-XX 99-XX-99 XX-99-XX XX-XX-99 99-XX-XX 99-XXX-9 9-XXX-99 XX-999-X X-999-XX XXX-99-X X-99-XXX "
    "9-XX-999 999-XX-9"
).split()


def _plates(letter: str, gap: str) -> str:
    shapes = (shape.replace("X", letter).replace("9", r"\d").replace("-", gap) for shape in SHAPES)
    ahead = rf"(?=[A-Za-z\d]{{1,3}}{gap}[A-Za-z\d]{{2,3}}{gap}[A-Za-z\d]{{1,3}}(?![\w-]))"
    return rf"(?<![\w-]){ahead}(?:{'|'.join(shapes)})(?![\w-])"


# letters and digits together, without which no plate need be sought
MIXED = re.compile(
    r"[A-Za-z]-?\d|\d-?[A-Za-z]|\b(?:\d{1,3} [A-Za-z]{1,3} \d{1,3}|[A-Za-z]{1,3} \d{1,3} [A-Za-z]{1,3}|"
    r"\d\d [A-Za-z]{2} [A-Za-z]{2}|"
    r"[A-Za-z]{2} [A-Za-z]{2} \d\d|[A-Za-z]{2} \d\d \d\d|\d\d \d\d [A-Za-z]{2})\b"
)
NO_PLATE_BEHIND = re.compile(
    r"(?:type|model|maat|artikel|zaak|dossier|formulier|serie|kamer|lokaal|code|paal|mast|nummer)[\s:]*$", re.IGNORECASE
)
PLATE = re.compile(rf"{_plates('[A-Z]', '-')}|{_plates('[a-z]', '-')}|{_plates('[A-Z]', '')}")
LOOSE_PLATE = re.compile(
    rf"(?!(?:\w{{1,3}} ){{0,2}}(?:jr|km|nr|vr|st|kg|mm|dm|tm|mnd|wk)\b)"
    rf"{_plates('[bdfghjklmnprstvxz]', '[ -]?')}",
    re.IGNORECASE,
)
VEHICLE = re.compile(
    r"(?:\bauto|wagen|scooter|brommer|brommobiel|\bbus\b|busje|bestel|camper|motor|aanhang|taxi|truck|"
    r"caravan|"
    r"kente[a-z]|nummerbord|nummerplaat|parke|geparke|vergunning|"
    r"\b(?:opel|vw|volkswagen|golf|polo|bmw|audi|mercedes|renault|clio|peugeot|toyota|yaris|aygo|ford|"
    r"fiesta|focus|fiat|"
    r"panda|kia|picanto|seat|ibiza|skoda|tesla|volvo|citroen|citroën|mini|mazda|suzuki|hyundai|nissan|"
    r"honda|vespa|"
    r"dacia|transit|caddy|sprinter|piaggio|sym)\b)",
    re.IGNORECASE,
)
IBAN_START = re.compile(r"(?<!\w)(?P<country>[A-Z]{2})\s?\d{2}(?=[ .-]?[A-Z\d])", re.IGNORECASE)
IBAN_LENGTHS = {
    country: int(length)
    for country, length in (
        item.split(":")
        for item in (
            "AD:24 AL:28 AT:20 BA:20 BE:16 BG:22 CH:21 CY:28 CZ:24 DE:22 DK:18 EE:20 ES:24 FI:18 FR:27 GB:22 "
            "GE:22 GR:27 HR:21 HU:28 IE:22 IL:23 IS:26 IT:27 LI:21 LT:20 LU:20 LV:21 MC:27 MD:24 ME:22 MK:19 "
            "MT:31 NL:18 NO:15 PL:28 PT:25 RO:24 RS:22 SA:24 SE:24 SI:19 SK:24 SM:27 TN:24 TR:26 UA:29 XK:20"
        ).split()
    )
}
NINE_DIGITS = re.compile(r"(?<![\w.,€-])\d(?:[ .]?\d){8}(?![\w-]|[.,]\d)")

# groups of four: the shape leaves no doubt, also when a digit is wrong
IBAN_GROUPS = rf"(?-i:\b(?:{'|'.join(IBAN_LENGTHS)})\d{{2}}(?:[ ][A-Z\d]{{4}}){{3,7}}(?:[ ][A-Z\d]{{1,3}})?\b)"

FIRST_STEPS: tuple[Step, ...] = tuple(
    (kind, needed, by_pattern(re.compile(pattern, re.IGNORECASE)))
    for kind, needed, pattern in (
        ("e-mail", "@", rf"[\w.+-]+\s?@\s?[\w-]+(?:\.[\w-]+)+|[\w.+-]+\s?@\s?[\w-]+\s?\.\s?{TOP}\b"),
        (
            "e-mail",
            "(at)|[at]| at |apenstaart|(a)",
            (
                r"\b[\w.+-]+(?:\s+(?:punt|streepje)\s+[\w-]+)*"
                r"(?:\s?\((?:at|a|apenstaartje)\)\s?|\s?\[at\]\s?|\s+(?:at|apenstaart(?:je)?)\s+)"
                rf"[\w-]+(?:(?:\s?\.\s?|\s+(?:punt|dot)\s+)[\w-]+)??(?:\s?\.\s?|\s*\(?\b(?:punt|dot)\)?\s*){TOP}\b"
            ),
        ),
        (
            "account",
            "/",
            (
                r"(?:https?://)?(?:www\.|m\.|nl\.)?(?:facebook|instagram|twitter|x|tiktok|linkedin|snapchat|youtube|"
                r"threads|t|wa|fb)"
                r"\.(?:com|me|net)/[\w@./?=%-]*[\w/]"
            ),
        ),
        ("account", "/", r"(?:https?://)?[\w.-]+\.[a-z]{2,}/@[\w.-]*\w"),
        ("account", "/", r"(?:https?://)?(?:www\.)?marktplaats\.nl/u/[\w/.-]*[\w/]"),
        (
            "account",
            "@",
            (
                r"(?<![\w@.])@(?!(?:iedereen|allemaal|allen|ouders|buren|buur|beheerder|admin|gemeente|politie|"
                r"wethouder|team)"
                r"\w*\b)[A-Za-z_][\w.-]*\w"
            ),
        ),
        (
            "account",
            "insta|snap|tik|twitter|facebook|fb|telegram|discord|roblox|wechat",
            (
                rf"(?P<cue>\b{PLATFORM}\b"
                r"(?:\s*(?:account|naam|profiel|gebruiker(?:snaam)?))?\s*(?:[:=]|(?:is|heet(?:\s+ik)?|als|"
                r"onder)\s)\s*)@?[\w.-]*\w"
            ),
        ),
        (
            "account",
            "insta|snap|tik|twitter|facebook|fb|telegram|discord|roblox|wechat",
            (
                rf"(?P<cue>\b{PLATFORM}\s+)"
                r"@?(?=[\w.-]*[\d_])[a-z][\w.-]{2,}\w"
            ),
        ),
        ("account", "_", r"(?<![\w/.@])(?!\w+\.(?:jpe?g|png|pdf|docx?|mp4)\b)[a-z\d]+(?:_[a-z\d]+)+(?![\w@])"),
        ("iban", "digit", IBAN_GROUPS),
        ("iban", "digit", r"\bNL\s?\d{2}[\s.-]?[A-Z]{4}(?:[\s.-]?\d){10}\b"),
        (
            "iban",
            "iban|rek",
            (
                r"(?P<cue>\b(?:iban|rek(?:ening)?(?:nummer|nr)?\.?)(?:\s(?:is|nummer|van|op|bij|nr\.?))?\W{0,4})"
                r"[A-Z]{2}\d{2}(?:\s?[A-Z\d]{4}){2,7}(?:\s?[A-Z\d]{1,3})?\b"
            ),
        ),
        (
            "geboortedatum",
            "geb|jarig|verjaar|dob|born|gb|gd|g.d",
            rf"(?P<cue>\b{BORN}(?<!ge)(?:\b|(?<=\.))[^.\n\d\x01]{{0,25}}?){DATE}",
        ),
        (
            "geboortedatum",
            "geb",
            rf"(?P<cue>\b{BORN}(?:\s(?:op|is|:))?[\s:]+)(?:{COUNTED})\s{MONTH}\s{COUNTED}(?:\s{COUNTED})?\b",
        ),
        (
            "geboortedatum",
            "geb|jarig|verjaar|dob|born|gb|gd|g.d",
            rf"(?P<cue>\b{BORN}\s*(?:op|is)?[\s:=]*)(?:\d{{8}}|\d{{6}})\b",
        ),
        (
            "geboortedatum",
            "digit",
            (
                rf"(?P<cue>\b(?:ik|hij|zij|ze|die|m[ao]eder|vader|zoon|dochter|kind)\s(?:ben|is)\svan\s)"
                rf"(?:\d{{1,2}}{SEPARATOR}\d{{1,2}}{SEPARATOR}|\d{{1,2}}\s{MONTH}\s)(?:19\d{{2}}|200\d|['’]\d{{2}})\b"
            ),
        ),
        (
            "geboortedatum",
            "'|’",
            (
                r"(?P<cue>\b(?:ik|hij|zij|ze|m[ao]eder|vader|man|vrouw|oma|opa|zoon|dochter)\s(?:ben|is)\s(?:van|"
                r"uit)\s)['’]\d{2}\b"
            ),
        ),
        ("geboortedatum", "geboren", rf"\b{DATE}(?=[^.\n]{{0,20}}\bgeboren)"),
        ("geboortedatum", "beval|bevie", rf"(?P<cue>\b(?:bevallen|beviel)\b[^.\n\d]{{0,60}}?\b){DATE}"),
        (
            "bsn",
            "bsn|burgerservice|sofi",
            (
                r"(?P<cue>\b(?:bsn\w*|burgerservice\s?(?:nummer|nr\.?)|"
                r"sofi(?:-?\s?nummer)?)\b\D{0,60})\d(?:[\s.-]?\d){7,8}\b"
            ),
        ),
        (
            "telefoon",
            "digit",
            (
                rf"(?<![\w+/-])(?:00(?:32|44|48|49|33|34|39|90|212|380|359|40|597)(?:{GAP}\d){{7,11}}|(?:(?:\+|"
                rf"00){GAP}31[\s.-]?(?:\(0\))?|0(?![89]00))(?:{GAP}\d){{9}}"
                rf"|[(\[]0\d{{1,3}}[)\]](?:{GAP}\d){{6,8}}|\+(?!31)\d{{1,3}}(?:[\s./()–-]{{0,3}}\d){{7,12}})(?!\d)"
            ),
        ),
        ("telefoon", "digit", r"\b(?:nul|0)[\s-]*(?:zes|6)(?:[\s-]+(?:en|dan|eh|uh)){0,3}(?:[\s-]*\d){8}\b"),
        ("telefoon", "bel", r"(?P<cue>\bbel(?:len)?\b[^.\d\n]{0,20}?)\d{2,3}[\s.-]?\d{2}[\s.-]?\d{2}(?![\d-])"),
        ("telefoon", "nul ", rf"\bnul[\s,-]+{DIGIT_WORD}(?:[\s,-]+{DIGIT_WORD}){{3,8}}(?!\w)"),
        (
            "telefoon",
            "tel|mob",
            (
                rf"(?P<cue>\b(?:tel(?:efoon)?(?:nummer|nr)?|mob(?:iel)?)\b\.?\s*(?:is|"
                rf":)?\s*)\d(?:{GAP}\d){{5,9}}(?![\d-])"
            ),
        ),
    )
)


def _right_ibans(text: str) -> Iterator[tuple[int, int]]:
    """Account numbers of any country that have its length and the right check digits."""
    for match in IBAN_START.finditer(text):
        country = match["country"].upper()
        end = re.compile(rf"(?:[ .-]?[A-Za-z\d]){{{IBAN_LENGTHS.get(country, 99) - 4}}}(?!\w)").match(text, match.end())
        if end and _iban_is_right(re.sub(r"\W", "", text[match.start() : end.end()]).upper()):
            yield match.start(), end.end()


def _iban_is_right(number: str) -> bool:
    return int("".join(str(int(character, 36)) for character in number[4:] + number[:4])) % 97 == 1


def _plates_in(text: str) -> Iterator[tuple[int, int]]:
    if MIXED.search(text) is None:
        return
    for match in PLATE.finditer(text):
        if NO_PLATE_BEHIND.search(text[max(0, match.start() - 12) : match.start()]) is None:
            yield match.span()
    loose = list(LOOSE_PLATE.finditer(text))
    if loose and VEHICLE.search(text):
        yield from (match.span() for match in loose)


def _right_bsns(text: str) -> Iterator[tuple[int, int]]:
    """Nine digits that pass the weighted check of a BSN (11-proef)."""
    for match in NINE_DIGITS.finditer(text):
        digits = [int(character) for character in match.group() if character.isdigit()]
        if sum(w * d for w, d in zip((9, 8, 7, 6, 5, 4, 3, 2, -1), digits, strict=True)) % 11 == 0 and any(digits):
            yield match.span()


BEHIND_SOMEBODY = re.compile(
    rf"(?P<cue>[\x01\]],?\s?(?:\(?(?:mw|mevr|mevrouw|dhr|hr|meneer)\.?\)?,?\s)?\(?|"
    rf"(?-i:\b[A-Z][\w.-]*)\s\((?=[^()]*\)))(?:\d{{1,2}}[-/.]\d{{1,2}}[-/.](?:(?:19|20)\d{{2}}|['’]\d{{2}})|"
    rf"\d{{1,2}}\s{MONTH}\s(?:19\d{{2}}|20[01]\d|['’]\d{{2}}))\b",
    re.IGNORECASE,
)
NUMBER_STEPS: tuple[Step, ...] = (
    *FIRST_STEPS,
    ("iban", "digit", _right_ibans),
    ("kenteken", "digit", _plates_in),
    (
        "kenteken",
        "kente|plaat",
        by_pattern(
            re.compile(
                r"(?P<cue>\b(?:kente[a-z]+|nummerplaat|plaat)\b(?:\s\w+){0,3}\s)(?-i:[A-Z]{1,3}-\d{1,3}|"
                r"\d{1,3}-[A-Z]{1,3}|[A-Z]{1,3} \d{1,3} [A-Z]{1,2}|\d{1,3} [A-Z]{2,3} \d{1,3})(?:-\w{1,3})?\b",
                re.IGNORECASE,
            )
        ),
    ),
    (
        "kenteken",
        "kente|nummer",
        by_pattern(
            re.compile(
                r"(?P<cue>\b(?:kente[a-z]+|nummerbord|nummerplaat)\b\W{0,3}(?:(?:is|was|met|van\s+\w+)\s+)?\W{0,2})"
                r"(?=[a-z\d -]{0,8}\d)(?=[a-z\d -]{0,8}[a-z])"
                r"(?:[a-z]{1,3}|\d{1,3})[ -]?(?:[a-z]{2,3}|\d{2,3})[ -]?(?:[a-z]{1,2}|\d{1,2})\b",
                re.IGNORECASE,
            )
        ),
    ),
)
LATER_STEPS: tuple[Step, ...] = (
    ("geboortedatum", "digit", by_pattern(BEHIND_SOMEBODY)),
    ("bsn", "digit", _right_bsns),
)
