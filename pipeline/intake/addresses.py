"""Home addresses: a street with a house number is personal when something ties it to a person.

Where a problem is ("de lantaarn bij Kerkstraat 14") must stay: the meeting needs it. So each address is weighed: what
stands before and behind it, and whether it stands alone as in a signature. The street itself is known by its ending or
from the list of all Dutch streets, in capitals or not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.intake.addresscues import AT_HOME, HOME, HOUSE_NUMBER, POSTCODE
from pipeline.intake.addresstopics import topic_points
from pipeline.intake.namelists import fold, is_town, is_word
from pipeline.intake.streets import is_street

MOST_WORDS = 5  # of a street's name

NUMBER = re.compile(
    rf"(?<=[^\W\d_.][ ])(?:nr\.?\s|nummer\s)?(?P<number>{HOUSE_NUMBER})(?![\w%€]|[.,:]\d|(?<=/\d):|(?<=/\d\d):)",
    re.IGNORECASE,
)
WORDS_BEFORE = re.compile(r"(?:[^\W\d_](?:[\w'’-]*\w)?\.?|'[ts]|’[ts]|\d+e|[A-Z]\.)(?=[ ]|$)")
ENDING = re.compile(
    r"\w{2}(?:straat|str|strjitte|laan|weg|wei|plein|pad|kade|singel|gracht|steeg|dreef|plantsoen|hof|"
    r"dijk|hage|horst|"
    r"akker|erf|oord|leane|loane|dyk|buorren|finne|diep)\.?$"
)
MAYBE_WORD = re.compile(r"^[a-z]\w*(?:hof|erf|oord|akker|horst|diep|wei|pad|dijk|hage)$")  # "antwoord", "gerechtshof"
# these words end in the same way, and a number may follow them, but they name no street
NO_STREET = frozenset(
    """
    hoofdweg_ snelweg fietspad voetpad zebrapad onderweg halverwege omweg parallelweg rijksweg autoweg ringweg
    speelplein schoolplein marktplein parkeerplein kerkhof gerechtshof woonerf schoolerf zandpad wandelpad
    winkelstraat zijstraat dwarsstraat rijweg ventweg autosnelweg provinciale waterweg spoorweg milieustraat
    pakweg paviljoen plaats ruiterpad looppad tuinpad achterpad spoorwegovergang
    """.split()
)
LEADS = frozenset(
    """
    van de der den het 't 's ter ten te op in aan bij onder over korte lange nieuwe oude grote kleine eerste tweede
    derde eerst eerste 1e 2e 3e burg. burgemeester ds. dominee dr. dokter prof. professor pastoor mr. st. sint prins
    prinses koningin koning jonkheer jhr. pater meester generaal graaf gravin verlengde hoge lage achter noord
    zuid oost west
    """.split()
)

# towns whose names are also words
WORDISH_TOWNS = (
    r"delft|zwolle|ede|goes|breda|tiel|hoorn|haren|buren|best|veere|epe|laren|bergen|asten|son|winkel|"
    r"horst|lisse|lent|made|"
    r"noord|beek|stein|wijk|zeist|soest|meppel|elst|geel|mol|heel|nes|grave|cuijk|leek|vries|roden|"
    r"heerde|hulst|urk|gouda"
)
POSTCODE_HERE = re.compile(rf"(?<![\w-]){POSTCODE}")
# behind an address four digits and two letters are a postcode, whatever the letters say
BEHIND_ADDRESS = re.compile(
    rf"\x01[\s,]+(?P<code>[1-9]\d{{3}}\s?[a-z]{{2}}(?:\s(?:{WORDISH_TOWNS}|(?!er|ik|en|is|de|"
    rf"het)[a-z]{{4,}}(?=\s*[,.\n]|\s*$)))?)\b",
    re.IGNORECASE,
)
TOWN = re.compile(
    r",?[ ]+(?P<town>(?:(?:den|de|het|sint|st\.?|nieuw|oud)[ ]|"
    r"'[st][- ])?[^\W\d_][\w-]*[^\W\d_](?:[ ](?:aan|op|bij)[ ](?:den|de|zoom|zee)"
    r"(?:[ ][^\W\d_]+)?|[ ][A-Z][a-z]+)?)(?=\s*(?:$|[\n,.!;)(]|\x01|\s(?:tnv|tel|mail|gr|groet)))",
    re.IGNORECASE,
)

TOWN_IN_SENTENCE = re.compile(r",?[ ](?P<town>[A-Z][a-z]+(?:-[A-Z][a-z]+)*)(?=[ ][a-z])")

ENOUGH = 2  # points that make an address personal
BEFORE = (
    (2, re.compile(rf"(?:{HOME})[^.!?;\n]{{0,45}}$", re.IGNORECASE)),
    (1, re.compile(rf"(?:{AT_HOME})[^.!?;\n]{{0,45}}$", re.IGNORECASE)),
    (
        2,
        re.compile(
            r"[\x01\]][\s,.;:()/–-]{0,4}(?:en\s)?(?:(?:van|op|uit|aan|in|adres:?)\s(?:de\s|het\s)?)?$", re.IGNORECASE
        ),
    ),
    (2, re.compile(r"\bverhui\w+\b[^.!?;\n]{0,60}\s(?:van|naar|uit|op|in)\s(?:de\s|het\s)?$", re.IGNORECASE)),
    (
        2,
        re.compile(
            r"\b(?:straat(?:naam)?(?:\s?(?:en|\+|&|/)\s?(?:huis)?(?:nr|nummer)\.?)?|adres(?:sen|gegevens)?|"
            r"address|naw)\s?[:=]\s*$",
            re.IGNORECASE,
        ),
    ),
    (
        2,
        re.compile(
            r"\b(?:brief|envelop|enveloppe|akte|pas|formulier|papier\w*|rekening)\b[^.!?;\n]{0,12}\s(?:stond|"
            r"staat|met)\s"
            r"(?:op\s)?$",
            re.IGNORECASE,
        ),
    ),
    (
        2,
        re.compile(
            r"\b(?:(?:ik|wij|we|hij|zij|ze|die)\s(?:zit|zitten|huur|huren|huurt|zat|logeer\w*|verblij\w*|slaap\w*)|"
            r"(?:zit|zitten|huur|huren|zat|logeer|verblijf|slaap)\s(?:ik|wij|we))\b[^.!?;\n]{0,15}\s(?:op|in|"
            r"aan)\s(?:de\s|het\s)?$",
            re.IGNORECASE,
        ),
    ),
    (
        2,
        re.compile(
            r"\b(?:man|vrouw|mensen|lui|gasten|jongen|jongens|joch|meisje|familie|gezin|buren|eigenaar|bewoners?|"
            r"huurders?|"
            r"studenten|meneer|mevrouw)\s(?:van|op|uit)\s(?:de\s|het\s)?$",
            re.IGNORECASE,
        ),
    ),
    (
        2,
        re.compile(
            r"\b(?:brief|post|pas|container|kliko|pakket|sleutels?|formulier|kaart)\b[^.!?;\n]{0,20}"
            r"\s(?:naar|nr|sturen naar|brengen naar|bezorgen op)\s(?:de\s|het\s)?$",
            re.IGNORECASE,
        ),
    ),
    (
        2,
        re.compile(
            r"\b(?:voordeur|achterdeur|keukendeur|deur|brievenbus|tuin|achtertuin|voortuin|schuur|balkon|oprit|uitrit|inrit|"
            r"zolder|kelder|dak|dakgoot|keuken|garage|bewoners?|bewoning|brp|postadres|huisarts)\s"
            r"(?:van|op|bij|naast|aan|in)\s(?:de\s|het\s)?$",
            re.IGNORECASE,
        ),
    ),
    (3, re.compile(r"\b(?:\w*ruzie|conflict|bemiddel\w*|geschil|vete)\b[^.!?\n]{0,50}$", re.IGNORECASE)),
    (
        2,
        re.compile(
            r"\b(?:lever\w*|bezorg\w*|afgeleverd|geleverd|ophalen|opgehaald|plaats\w*|intake|kraamzorg|thuiszorg)\b"
            r"[^.!?\n]{0,25}\s(?:bij|op|aan)\s(?:de\s|het\s)?$",
            re.IGNORECASE,
        ),
    ),
    (
        2,
        re.compile(
            r"\b(?:verblij\w*|verbleef|slaapt?|slapen|logeer\w*|overnacht\w*|ondergedoken|opgevangen|ingetrokken|mieszka\w*|"
            r"wohn\w*|habit\w*|oturuyor\w*)\b[^.!?;\n]{0,25}\s(?:op|in|aan|pod|in der|au)\s(?:de\s|het\s)?$",
            re.IGNORECASE,
        ),
    ),
    (1, re.compile(r"\b(?:vanuit|uit)\s(?:de\s|het\s)?$", re.IGNORECASE)),
    (
        1,
        re.compile(
            r"(?:stuur|sturen|post|brief|langs\w*|afspraak|bezoek|ophalen|bezorg\w*|bel aan)\b[^.!?;\n]{0,40}\s"
            r"(?:naar|nr|nr\.|op|bij|aan|voor)\s(?:de\s|het\s)?$",
            re.IGNORECASE,
        ),
    ),
    (
        1,
        re.compile(
            r"\b(?:huur|huis|woning|flat|uithuiszetting|huurcontract|sleutels?|ontruim\w*)\b[^.!?;\n]{0,25}\s"
            r"(?:van|vn|v|op|in|voor|aan)\s(?:de\s)?$",
            re.IGNORECASE,
        ),
    ),
    (2, re.compile(r"\b(?:aan huis|\w*woning|appartement|kamer|etage),?\s$", re.IGNORECASE)),
    # what is open to all has an address too
    (
        -4,
        re.compile(
            r"\b(?:(?:bezoek|vestigings|kantoor|werk)adres|locatie)\s?:?\s*$|\b\w*(?:gebouw|clubhuis|kantoor|school|winkel|kerk|moskee|"
            r"sporthal|kantine|buurthuis|dorpshuis|museum|bibliotheek|restaurant|caf[eé]|monument)\s?(?:[(,]\s?|(?:aan|op)\s(?:de\s|het\s)?)$",
            re.IGNORECASE,
        ),
    ),
    (
        -2,
        re.compile(
            r"(?:\b(?:voor|bij|tegenover|naast|langs|achter|tussen|nabij|richting|hoek|vanaf|rond|ter hoogte van|"
            r"t\.?h\.?v\.?|hoogte)\s(?:van\s)?(?:de\s|het\s|'t\s)?)$",
            re.IGNORECASE,
        ),
    ),
)
AFTER = (
    (
        3,
        re.compile(
            r"[?,.!]?\s(?:dat|dit|daar|hier)\s(?:is|zijn|woon|wonen)\s(?:mijn|ons|onze|ik|wij|we)\b", re.IGNORECASE
        ),
    ),
    (2, re.compile(rf"[\s,(]*(?:(?:te|in)\s)?(?:{POSTCODE}|[\x01\[])", re.IGNORECASE)),
    (1, re.compile(r",?\s(?:(?:daar|die|hij|zij|ze|wij|we|ik|waar)\s)?(?:woon|woont|wonen|gewoond)\b", re.IGNORECASE)),
    (
        2,
        re.compile(
            r"\s(?:alleen\s|samen\s|nu\s|ge)?(?:zit|zitten|woont|woon|wonen|verblij\w+|logeer\w*|slaap\w*|slapen|kocht|huurd|"
            r"verkocht)\b",
            re.IGNORECASE,
        ),
    ),
    (4, re.compile(r"[^.!?;\n]{1,30},\s(?:daar|die|hij|zij|waar)\s(?:woon|woont|wonen|gewoond)\b", re.IGNORECASE)),
    (-2, re.compile(r"\s?(?:t/m|tot|-|–|en|/)\s?(?:nr\.?\s|nummer\s)?\d")),
)
# between two of these an address stands alone, as in a signature
BORDER_BEFORE = re.compile(r"(?:^|[.!?\n;:(,\x01\]]|\bgr(?:oet\w*)?)\s*$")
BORDER_AFTER = re.compile(r"\s*(?:$|[\n.!?,;)\x01\[])")
DWELLING = re.compile(
    r"(?:\d\s?-?\s?(?:hs|huis|[IVX]{1,4}|bis|zw\w*|rd|rood|bg|\d-?\s?hoog|hoog)\b|\d[-/]\d|app|kamer|"
    r"\bbus\b|unit)"
)
PEOPLE = re.compile(
    r"\b(?:mijn|m'n|mn|me|ons|onze|wij|we|ik)\s(?:man|vrouw|kind\w*|zoon|dochter|moeder|vader|huis|"
    r"woning|flat|deur|"
    r"voordeur|tuin|raam|ramen|woon\w*|post|buren|huur)|\bhun\b|\bonze\b|\bdie man\b|\bdie vrouw\b|"
    r"\bbij (?:ons|mij)\b",
    re.IGNORECASE,
)


def addresses_in(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each street with house number that belongs to somebody."""
    for match in NUMBER.finditer(text):
        words = _words_before(text, match.start())
        if not words or fold(words[-1].group()) in NO_STREET:
            continue
        last = words[-1].group()
        if ENDING.search(last.lower()) is None and last.islower() and is_word(fold(last)):
            continue  # a thing and a number, such as "groep 6"
        start = _start_of_street(words)
        if start is not None and _points(text, start, match.end("number")) >= ENOUGH:
            yield start, match.end("number")


def _words_before(text: str, end: int) -> list[re.Match[str]]:
    """The last words before a house number, without anything between them but blanks."""
    begin = max(text.rfind(mark, 0, end) for mark in '\n\x01,:;()!?]"') + 1
    words = list(WORDS_BEFORE.finditer(text, max(begin, end - 70), end))
    kept: list[re.Match[str]] = []
    for word in reversed(words):
        if kept and text[word.end() : kept[0].start()] != " ":
            break
        kept.insert(0, word)
        if len(kept) == MOST_WORDS:
            break
    return kept if kept and text[kept[-1].end() : end].strip() == "" else []


def _start_of_street(words: list[re.Match[str]]) -> int | None:
    """Where the street's name begins: the longest name on the list, or the word with an ending and what leads it."""
    for place in range(len(words)):
        phrase = " ".join(word.group().lower() for word in words[place:])
        known_word = len(words) - place == 1 and words[place].group()[0].islower() and is_word(fold(phrase))
        if len(phrase) > 4 and not known_word and is_street(phrase):
            return words[place].start()
    last = words[-1].group()
    if ENDING.search(last.lower()) is None or (MAYBE_WORD.search(last) and is_word(fold(last))):
        return None
    place = len(words) - 1
    while place and (words[place - 1].group()[0].isupper() or words[place - 1].group() in LEADS):
        place -= 1
    while place < len(words) - 1 and words[place].group() in LEADS and words[place].group() not in LONG_LEADS:
        place += 1
    return words[place].start()


LONG_LEADS = frozenset(lead for lead in LEADS if len(lead) > 4 or lead.endswith("."))


def _points(text: str, start: int, end: int) -> int:
    before, after = text[max(0, start - 90) : start], text[end : end + 60]
    points = sum(weight for weight, pattern in BEFORE if pattern.search(before))
    points += sum(weight for weight, pattern in AFTER if pattern.match(after))
    points += BORDER_BEFORE.search(before) is not None and BORDER_AFTER.match(after) is not None
    points += DWELLING.search(text[start:end]) is not None
    points += PEOPLE.search(text) is not None
    return points if points >= ENOUGH else points + topic_points(text[:start] + text[end:])


def postcodes_in(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each postcode, with the place behind it."""
    for match in BEHIND_ADDRESS.finditer(text):
        yield match.start("code"), match.end()
    for match in POSTCODE_HERE.finditer(text):
        place = TOWN.match(text, match.end()) or TOWN_IN_SENTENCE.match(text, match.end())
        yield match.start(), place.end() if place and _is_town(place) else match.end()


def _is_town(place: re.Match[str]) -> bool:
    """A capital says so; in small letters it must be no ordinary word."""
    return (
        re.fullmatch(WORDISH_TOWNS, place["town"]) is not None
        or place["town"][0].isupper()
        or place["town"].startswith("'")
        or is_town(fold(place["town"]))
    )
