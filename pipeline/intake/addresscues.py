"""What announces somebody's home address, and the shapes of streets, house numbers and postcodes."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.intake.spans import Recogniser, Step, by_pattern

# A street with a house number, and what may stand behind the number. The street is one to four words; a capital or the
# ending shows that it is one.
HOUSE_NUMBER = (
    r"\d{1,4}(?:\s?[-/]\s?(?:\d{1,4}|[IVX]{1,4}|(?:hs|huis|bis|zw|rd|[a-zA-Z]\d{0,2}))\b(?:-[IVX]{1,4}\b|"
    r"\s?hoog\b)?|"
    r"\s?bis(?:\s[a-zA-Z])?\b|[ ]?[a-zA-Z](?:[-/]?\d{1,3})?(?![\w])|\s[IVX]{1,4}\b(?!\.\w)|[ ][A-Z]\d{1,3}\b|"
    r"\s?(?:zwart|rood|links|rechts|hs|huis|hoog|boven|beneden|achter|zw\.?|rd\.?|bg)(?!\w)|"
    r"[\s,]\d[\s-]?(?:hoog|e\s(?:verd\w*|etage|woonlaag))\b)?"
    r"(?:,?\s(?:kamer|app\.?|appartement|unit|bus|box|flat|"
    r"verd\w*)\s(?:nr\.?\s)?[a-zA-Z]?\d{1,4}[a-zA-Z]?\b)?"
)
ENDING = (
    r"(?:straat|laan|weg|plein|pad|kade|singel|gracht|hof|dijk|steeg|dreef|plantsoen|wal|ring|markt|baan|"
    r"hage|oord|"
    r"burg|veld|berg|kamp|erf|akker|horst|diep|haven|park|dam|bos|str\.?)"
)
NAMED_STREET = rf"(?:(?:(?:[A-Z]\.)+|[A-Z][\w'’-]*)[ ]+){{0,3}}[\w'’-]*{ENDING}"
STREET = (
    rf"(?:{NAMED_STREET}|(?!\S*(?:school|college|lyceum|groep|klas)\b)"
    r"(?:(?:[A-Z]\.)+|[A-Z][\w'’-]*)(?:[ ]+(?!van\s\d)['’]?[^\W\d][\w'’-]*){0,3}?)"
)
HOME = (
    r"(?i:\b(?:woon|woont|wonen|woonde|woonachtig|wonende?|wenj\w*|woan\w*|live[sd]?|living|moved|"
    r"gehuisvest|adres(?:\s+is)?|verhuis(?:d|t)?(?:\s+ik)?(?:\s+van\s+\S+)?\s+naar|"
    r"(?:mijn|ons|onze|haar|zijn|hun)\s+(?:huis|woning|flat|appartement|kamer|voordeur|adres)|"
    r"(?:bij\s+)?(?:mij|ons)\s+thuis|"
    r"thuisadres|huisadres|ingeschreven)\b)"
)
# people who are at home somewhere, and what happens at somebody's home
AT_HOME = (
    r"(?i:\b(?:(?:over|achter|boven|beneden|onder)?(?:buren|buurman|buurvrouw|buurjongen|buurmeisje|"
    r"buur)|buuf|"
    r"bewo(?:ner|onster)s?|huurders?|studenten|familie|fam\.|gezin|cliënte?|eigena(?:ar|res)|"
    r"(?:mijn|m'n|onze|zijn|haar|hun)\s+(?:moeder|vader|oma|opa|zoon|dochter|zus|broer|tante|oom|"
    r"schoonmoeder|ouders)|"
    r"langs\s?(?:komen|komt|te\s+komen)|huisbezoek|aanbellen|aangebeld|(?:uit|in|over)\s?schrijven|"
    r"uitgeschreven|"
    r"ingeschreven|(?:op|toe)?sturen|stuur|bezorgen|bij\s+(?:ons|mij)|adreswijziging|verhuizing)\b)"
)
# two small letters behind a blank are mostly a word or a measure: "1000 km", "2024 en"
NO_POSTCODE_LETTERS = (
    r"(?:aan|al|an|be|bv|cm|cv|da|de|dm|dr|du|ed|ee|eb|em|en|er|et|ex|fl|ft|ga|gb|gr|ha|he|hz|id|ie|ik|"
    r"in|is|ja|je|kb|kg|"
    r"km|kn|kw|le|ln|ma|mb|me|ml|mm|mn|mv|mw|na|nl|nr|nu|of|om|on|op|ov|pa|pc|pk|pm|re|sa|sd|si|ss|st|te|"
    r"tv|tb|uu|va|ve|"
    r"vd|vh|vl|vn|vr|vt|wc|we|xl|ze|zn|zo|xx)"
)
POSTCODE = (
    r"[1-9]\d{3}(?:\s?(?!SA|SD|SS)[A-Z]{2}|(?!sa|sd|ss)[a-z]{2}"
    rf"|(?<!\b19\d\d)(?<!\b20\d\d)\s(?!{NO_POSTCODE_LETTERS}\b)[a-z]{{2}})\b"
)
# a capital, a few words, and a number that counts nothing: without it no pattern with STREET can be found
MAY_BE_STREET = re.compile(
    rf"(?:[A-Z][\w'’.-]*(?:[ ]+['’]?[^\W\d][\w'’-]*){{0,3}}|{ENDING}|n(?:umme)?r\.?):?[ ]*\s\d{{1,4}}"
    r"(?!\d|[.,:]\d|\s?(?:%|€|uur|jaar|km|meter|weken|dagen|maanden|keer|euro|man|mensen|minuten|"
    r"kinderen)\b)"
)


@lru_cache(maxsize=1)
def _may_hold_street(text: str) -> bool:
    # where all is in capitals every word looks like a street; those with an ending are found otherwise
    return not text.isupper() and MAY_BE_STREET.search(text) is not None


SPOKEN = "honderd|tig|tien|elf|twaalf"  # what a text must hold for a house number in words
SPOKEN_STREET = r"[A-Z][\w'’-]{3,}(?:[ ][\w'’-]+){0,2}?"
SPOKEN_NUMBER = r"(?:\w*honderd\w*|(?:\w+en)?(?:twin|der|veer|vijf|zes|zeven|tach|negen)tig|\w*tien|elf|twaalf)"


def _beside_streets(pattern: re.Pattern[str]) -> Recogniser:
    recognise = by_pattern(pattern)
    return lambda text: recognise(text) if _may_hold_street(text) else iter(())


# one of these is in each text with a cue of HOME
HOME_PARTS = "wenj|woan|liv|moved|woon|won|gehuisvest|adres|verhui|mijn|ons|onze|haar|zijn|hun|ingeschreven"

WITH_DIGITS: tuple[Step, ...] = tuple(
    (kind, needed, _beside_streets(pattern))
    for kind, needed, pattern in (
        ("adres", "digit", re.compile(rf"{STREET}\s+{HOUSE_NUMBER}(?=\s*[,(\n]*\s*(?:(?:te|in)\s+)?{POSTCODE})")),
        (
            "adres",
            HOME_PARTS,
            re.compile(
                rf"(?P<cue>{HOME}:?,?\s*"
                rf"(?:(?:ik|wij|we|hij|zij|ze|ernaast,?|nog|zelfstandig|samen|nu|ook|zelf|al\s+\S+\s+jaar|"
                rf"sinds\s+\S+|hier|dus|er|is|ligt|staat|alleen)\s+){{0,3}}"
                rf"(?i:(?:op\s+|aan\s+|in\s+|te\s+|naar\s+)?(?:de\s+|het\s+|'t\s+)?)){STREET}\s+{HOUSE_NUMBER}"
            ),
        ),
        (
            "adres",
            "ik|wij|we",
            re.compile(
                rf"(?P<cue>\b(?:ik|wij|we)\s+(?:woon|wonen)\s+(?:zelf\s+)?(?:op|in)\s+(?:nummer|nr\.?|huisnummer)\s+)"
                rf"{HOUSE_NUMBER}",
                re.IGNORECASE,
            ),
        ),
        (
            "adres",
            "woon|wonen",
            re.compile(
                rf"{NAMED_STREET}\s+{HOUSE_NUMBER}(?=,?\s+(?:(?:daar|die|hij|zij|ze|wij|we|ik|"
                rf"waar(?:\s+\w+){{1,3}})\s+)?"
                r"(?:gewoond|woon|woont|wonen)\b)"
            ),
        ),
        (
            "adres",
            "\x01|]",
            re.compile(
                rf"(?P<cue>[\x01\]][\s,]+(?:hier,?\s)?(?i:(?:van|op|uit|aan|in|te)\s+)?(?i:(?:de|"
                rf"het)\s+)?){STREET}\s+{HOUSE_NUMBER}"
            ),
        ),
        (
            "adres",
            "bij|oud|nieuw",
            re.compile(
                rf"(?P<cue>(?i:\bbij\s+(?:mijn|zijn|haar|hun)\s+\w+\s+(?:in|op|aan)\s+(?:de\s+|het\s+)?|\b(?:oud|"
                rf"nieuw)\s?:\s?))"
                rf"{STREET}\s+{HOUSE_NUMBER}"
            ),
        ),
        (
            "adres",
            "digit",
            re.compile(
                rf"(?P<cue>{AT_HOME}(?:[^.,;:!?\n]{{0,30}},?\s(?i:op|aan|van|in|uit|te|bij|naar)\s(?:(?i:de|het)\s)?|"
                rf",\s|\s\())"
                rf"{STREET}\s+{HOUSE_NUMBER}"
            ),
        ),
        (
            "adres",
            "woning|appartement",
            re.compile(rf"(?P<cue>\b(?i:\w*woning|appartement)\s){STREET}\s+{HOUSE_NUMBER}"),
        ),
        (
            "adres",
            "adreswijziging|verhuizing",
            re.compile(
                rf"(?P<cue>(?i:\b(?:adreswijziging|verhuizing)\b[^\n]{{0,120}}\bnaar\s)){STREET}\s+{HOUSE_NUMBER}"
            ),
        ),
        (
            "adres",
            "digit",
            re.compile(
                rf"(?P<cue>{AT_HOME}[^.,;:!?\n]{{0,12}}\s(?i:op|van)\s)(?i:nr\.?|nummer|huisnummer)\s?{HOUSE_NUMBER}"
            ),
        ),
        (
            "adres",
            "\x01|]",
            re.compile(
                rf"(?P<cue>[\x01\]],?\s\(?(?i:(?:van|op|uit)\s)?(?i:huisnummer|huisnr\.?|nummer|"
                rf"nr\.?):?\s?){HOUSE_NUMBER}"
            ),
        ),
    )
)

# as it is spoken: "woon op de Zilvermeeuw negenentwintig"
IN_WORDS = re.compile(
    r"(?P<cue>\b(?i:woont?|wonen)\s(?:\w+\s)?(?i:(?:op|aan|in)\s)?(?i:(?:de|het)\s)?)"
    rf"{SPOKEN_STREET}\s{SPOKEN_NUMBER}\b"
)
ADDRESS_STEPS: tuple[Step, ...] = (*WITH_DIGITS, ("adres", SPOKEN, by_pattern(IN_WORDS)))
