"""Names of people in Dutch text: found by what announces them, and by lists of names from many languages.

A name that is also a common word ("Roos", "Bakker") is only a name behind a word that announces one, or next to another
name. A name that is part of a street, a school or a company stays: the meeting needs to know the place.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from pipeline.settings import PROJECT_ROOT

NAMES_FILE = PROJECT_ROOT / "data" / "names.csv"

PARTICLE = (
    r"(?:van|de|der|den|het|ter|ten|te|el|al|bin|ben|ibn|von|zu|la|le|du|da|dos|di|"
    r"(?:op|in)(?=[ ](?:de|den|het|'t|’t))|"
    r"'t|’t|d'|ait|aït|v\.?\s?d\.?|v/d)"
)
LETTERS = r"[^\W\d_]"
WORD = rf"{LETTERS}[\w'’-]*"
CAPITAL = r"[A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢİĪĮĶĹĽŁŃŅŇŌŐŒŔŘŚŞŠŢŤŪŮŰŲŹŻŽȘȚ]"
CAPITALISED = rf"(?:(?:al|el|at|ben|van)-)?{CAPITAL}[\w'’-]*"
INITIALS = rf"(?:{CAPITAL}\.[ ]?){{1,5}}"
# what may be one name: initials, capitalised words, and particles between or before them
NAME_RUN = re.compile(
    rf"(?<![\w\[@&-])(?:{INITIALS}(?:{PARTICLE}[ ]){{0,3}}{CAPITALISED}"
    rf"(?:[ ]op[ ](?!\S*(?:straat|laan|weg|plein|kade|singel|hof|pad)\b){CAPITALISED})?|{CAPITALISED})"
    rf"(?:[ ](?:{PARTICLE}[ ]){{0,3}}{CAPITALISED}|-{CAPITALISED})*"
)
# the first letters stand before the words in these cues: the engine then skips most of a text at once
BEHIND_TITLE = re.compile(
    r"\b(?=[abcdfghijmnptwz])"
    r"(?:mevrouw|mevr\.?|mw\.?|hr\.?|mej\.?|meneer|menier|mijnheer|dhr\.?|de heer|heer|fam\.?|familie|gezin|juf|"
    r"juffrouw|meester|dokter|"
    r"dr\.|drs\.|mr\.|ir\.|ing\.|prof\.|professor|zuster|broeder|pastoor|dominee|ds\.|imam|notaris|tandarts|huisarts|"
    r"wijkagent|agent|conciërge|coach|trainer|buurman|buurvrouw)[ ]",
    re.IGNORECASE,
)
BEHIND_RELATION = re.compile(
    r"\b(?=[bchjmnotz])"
    r"(?:tante|oom|opa|oma|buurjongen|buurmeisje|buuf|collega|"
    r"(?:mijn|m'n|mn|onze|ons|zijn|haar|hun|je|jullie)\s+(?:ex-?|klein|schoon|stief|pleeg)?(?:man|"
    r"vrouw|zoon|dochter|zoontje|dochtertje|"
    r"moeder|vader|ma|pa|broer|broertje|zus|zusje|zuster|neef|neefje|nicht|nichtje|kind|vriend|"
    r"vriendin|partner|collega|hulp|"
    r"begeleider|bewindvoerder|huisgenoot|baas|verhuurder|huisbaas|cliënt|mentor|voogd|maatje|ex)"
    r"),?[ ]",
    re.IGNORECASE,
)
RELATED_TO = re.compile(
    r"\b(?=[bdkmovwz])"
    r"(?:kind|kinderen|zoontje|dochtertje|zoon|dochter|zus|zusje|broer|broertje|moeder|vader|ouders|"
    r"vriend|vriendin|weduwe)[ ]van[ ]",
    re.IGNORECASE,
)
# somebody who says who is calling: "Van der Veen hier, ..."
HERE = re.compile(
    rf"(?:^|\n)\s*((?:{INITIALS})?(?:(?:[Vv]an|[Dd]e|[Dd]er|[Dd]en|[Tt]er) ){{0,2}}{CAPITALISED}(?: {CAPITALISED})?)"
    r" hier[,.]"
)
PHONED = re.compile(r"^\s*(?:goede\w+ )?(?:u spreekt )?met ", re.IGNORECASE)
LOWER_SIGNED = re.compile(
    rf"(?:(?<=[.!?:)\]\x01])\s+|\n\s*)((?:[a-z]\.[ ]?){{1,3}}(?:{PARTICLE}[ ]){{0,3}}[a-z-]{{3,}})\s*$"
)
# these announce a name only when it is on a list, or has two parts
WEAK_CUE = re.compile(
    r"\b(?=[bcdhikmnpsvwz])"
    r"(?:(?:klein|stief|pleeg)?(?:zoon|dochter|zoontje|dochtertje)|begeleid(?:st)?er|cliënte?|klant|"
    r"bewo(?:ner|onster)|"
    r"mantelzorger|keurder|hulpverlener|vrijwillig(?:st)?er|behandelaar|naam|ik ben|wij zijn|we zijn|"
    r"dit is|heet geloof ik)[ ]",
    re.IGNORECASE,
)
INTRODUCED = re.compile(
    r"\b(?=[abcdghijmnostuvz])"
    r"(?:(?:mijn|m'n) naam is|ik heet|heet ik|genaamd|ondergetekende,?|u spreekt met|spreekt u met|"
    r"je spreekt met|spreek met|"
    r"naam(?: \w+)?\s?:|contactpersoon\s?:?|t\.?a\.?v\.?|t\.?n\.?v\.?|ten name van|op naam van|gericht aan|"
    r"ter attentie van|afzender\s?:|melder\s?:|beller\s?:|van\s?:|"
    r"(?:hij|zij|ze|die|dat) heet)[ ]",
    re.IGNORECASE,
)
GREETED = re.compile(
    r"(?:^|\n)\s*(?:hoi|hallo|hey|hee|hi|dag|moi|beste|lieve|geachte|goede(?:morgen|middag|navond))[ ,]+",
    re.IGNORECASE,
)
SIGNED = re.compile(
    r"(?=[ghmvlkbdntox])"
    r"(?:\b(?:groet(?:en|jes|je)?|gr\.?|grtz|grt|mvg|m\.v\.g\.?|vriendelijke groet(?:en)?|hoogachtend|"
    r"liefs|kus(?:jes)?|knuffel|"
    r"bedankt|dank(?: u| je)?(?: wel)?|dankjewel|namens [^,\n]{2,40}|getekend|ondertekend)\b|(?<!\w)x{1,3}(?!\w))"
    r"[\s,.!:;-]*(?:(?:van|namens|en)\s+)?",
    re.IGNORECASE,
)
# what stands alone at the end of a text, of a line, or before a telephone number and the like
CLOSING = re.compile(r"(?:(?<=[.!?:)\]])\s+|\n[\s\-–]*|(?<=\x01)[\s,]+)(?=\S{2})")
BEHIND_CLOSING = re.compile(
    r"[\s,.:;(-]*(?:$|\n|\x01|\[[a-z-]+\]|(?:tel|mob|06|bsn|rek|mail|e-mail|geb|adres|iban)\b)", re.IGNORECASE
)
FORMAL = re.compile(r"(?:mevr|mw|meneer|menier|mijnheer|dhr|hr|de heer|heer|fam)", re.IGNORECASE)
ACADEMIC = re.compile(r"(?:drs|dr|ir|mr|ing|prof|fam|familie)\b", re.IGNORECASE)
LEADING_PARTICLES = re.compile(rf"(?:{PARTICLE}[ ]){{0,3}}", re.IGNORECASE)
NOTHING = re.compile("")
MID_SENTENCE = re.compile(r"(?:^|\s)(?!de |het |een |in |op )[a-zé]{2,}[ ]$")  # a common word has no capital there
SECOND_OF_TWO = re.compile(r"\x01[ ](?:en|of)[ ]$")
PARTNER = re.compile(rf"[ ]en[ ]({CAPITALISED})(?:[ ](?:{PARTICLE}[ ]){{0,3}}{CAPITALISED})?")
FIRST_WORD = re.compile(WORD)
SECOND_WORD = re.compile(rf"[ ](?:{PARTICLE}[ ]){{0,3}}({WORD})")
ANY_NAME = re.compile(rf"(?:{INITIALS})?(?:{WORD})(?:(?:[ ]|-)(?:en[ ])?{WORD}){{0,5}}")

PLACE_ENDING = re.compile(
    r"(?:straat|laan|weg|plein|pad|kade|singel|gracht|steeg|dreef|plantsoen|park|allee|hage|brug|"
    r"tunnel|viaduct|sluis|flat|toren|"
    r"school|scholen|college|lyceum|academie|kerk|kapel|moskee|ziekenhuis|kliniek|huis|zaal|hal|"
    r"stadion|kwartier|buurt|wijk|polder|"
    r"haven|steiger|markt|poort|molen|borg|hofje|complex|centrum|stichting|museum|theater)$",
    re.IGNORECASE,
)
STREET_ENDING = re.compile(
    r"\w(?:straat|laan|weg|plein|kade|singel|gracht|steeg|dreef|plantsoen|school|college|lyceum|moskee)$", re.IGNORECASE
)
FROM_A_STREET = re.compile(rf"({CAPITALISED}) (?:van|op|uit|in) (?:de |het )?{CAPITALISED}$")
BEFORE_PLACE = re.compile(
    r"\b(?:pizzeria|lunchroom|rijschool|huize|villa|boerderij|manege|praktijk|school|basisschool|"
    r"scholengemeenschap|college|lyceum|café|cafe|kroeg|restaurant|eetcafé|"
    r"bakker|bakkerij|slager|slagerij|"
    r"kapper|kapsalon|garage|autobedrijf|firma|bedrijf|winkel|supermarkt|stichting|vereniging|hotel|"
    r"museum|theater|sporthal|zaal|"
    r"kerk|molen|station|halte|lijn|straat|plein|park|ziekenhuis|gemeente|wethouder|burgemeester|"
    r"minister|koning|koningin|prins|"
    r"prinses|sint|st\.|flat|complex|gebouw|boot|schip|merk|app|bank|club|team|standbeeld van|"
    r"beeld van|buurthuis|dorpshuis|"
    r"verzorgingshuis|verpleeghuis|hofje|aannemer|bouwbedrijf|makelaar|makelaardij|"
    r"advocatenkantoor|notariskantoor|rijschool|autorijschool|fysiotherapie|apotheek|tandartspraktijk)\s+['\"‘“]?$",
    re.IGNORECASE,
)
# companies, and people whom everybody knows from something else than the remark
KNOWN_OTHERWISE = (
    "albert heijn", "jan linders", "dirk van den broek", "van gogh", "anne frank", "willem alexander",
    "willem-alexander", "sinterklaas", "zwarte piet", "prins bernhard", "van gend", "van lanschot", "hans anders",
    "cruijff court", "jan modaal", "jan en alleman", "jan rap", "jan publiek", "adam en eva", "robin hood", "don bosco",
    "johan cruijff", "douwe egberts",
)  # fmt: skip
KNOWN_STARTS = frozenset(name.partition(" ")[0] for name in KNOWN_OTHERWISE)
# words that start a sentence or follow a title, but never name a person
NO_NAME = frozenset(
    """
    hoogachtend rekening mw mevr dhr hr fam geboren geboortedatum naam liefs buurvrouw buurman mail bel nieuw
    oud melder groetn gr syriër iban bsn mien mienent onze ha frans koningsdag ik we wij hij zij ze u je jij
    jullie het de een dat dit die er hier daar en of maar want dus als toen nu dan ook nog wel niet geen van
    voor met zonder op in aan bij uit naar over onder door tot om te is was zijn heeft had wil kan kunt kunnen
    mag moet moeten gaat ging komt kwam staat stond ligt lag zit zat belt belde geeft vraagt meldt zegt zei
    woont wonen loopt doet deed krijgt kreeg vindt wat wie waar wanneer waarom hoe welke graag alvast allemaal
    iedereen mensen bewoners bewoner buren gemeente heer mevrouw meneer team college collega collega's
    burgemeester wethouder raad medewerker wijkteam gebiedsteam groet groeten groetjes mvg bedankt dank alles
    voorbaat nederlands nederlandse turks turkse pools poolse marokkaanse marokkaan syrische groningen groninger
    nederland jezus god maandag dinsdag woensdag donderdag vrijdag zaterdag zondag januari februari maart april
    mei juni juli augustus september oktober november december kerst pasen help hulp moeder vader zoon dochter
    man vrouw kind kinderen oma opa wmo tel hallo hoi dag beste geachte ps nb ja nee ok oke top succes weer
    iemand niemand lieve lieverd selam salaam surinaams surinaamse hindoestaans hindoestaanse zou zal wordt werd
    worden wilt jaar zelf al altijd alleen
    """.split()
)
NOT_FIRST = frozenset("op in het te".split())  # behind a greeting these begin a sentence, not a name
PARTICLES = frozenset(
    "van de der den het ter ten te el al bin ben ibn von zu la le du da dos di op in 't ’t ait aït en".split()
)


@lru_cache(maxsize=1)
def _lists() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """First names, last names, and those of both that are common words too; folded."""
    first: set[str] = set()
    last: set[str] = set()
    common: set[str] = set()
    with NAMES_FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            (first if row["kind"] == "first" else last).add(row["name"])
            if row["common"] == "true":
                common.add(f"{row['kind']} {row['name']}")
    return frozenset(first), frozenset(last), frozenset(common)


def names_in(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each name of a person, the announced ones first; spans may overlap."""
    yield from _behind_titles(text)
    for cue in (BEHIND_RELATION, INTRODUCED):
        for match in cue.finditer(text):
            yield from _announced(text, match.end(), NOTHING, bare_last_name=False)
    for match in GREETED.finditer(text):
        yield from _listed_at(text, match.end(), alone=False)
    yield from _at_the_end(text)
    for match in RELATED_TO.finditer(text):
        run = NAME_RUN.match(text, match.end())
        if run and not _is_place(text, run.start(), run.group(), behind_cue=False):
            yield match.end(), _end_without_tail(run)
    for match in HERE.finditer(text):
        yield match.span(1)
    for cue in (WEAK_CUE, PHONED):
        for match in cue.finditer(text):
            yield from _weakly_announced(text, match.end())
    for match in NAME_RUN.finditer(text):
        yield from _in_run(text, match)


def _behind_titles(text: str) -> Iterator[tuple[int, int]]:
    for match in BEHIND_TITLE.finditer(text):
        part_of_name = ACADEMIC.match(match.group()) is not None
        formal = FORMAL.match(match.group()) is not None
        for start, end in _announced(text, match.end(), LEADING_PARTICLES, bare_last_name=formal):
            yield match.start() if part_of_name else start, end


def _at_the_end(text: str) -> Iterator[tuple[int, int]]:
    """Signatures: behind a greeting, alone on the last line, or initials and a name in lower case."""
    for match in SIGNED.finditer(text):
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
    if run and _fold(run.group().split()[0]) not in NO_NAME and not run.group().isupper():
        if not _is_place(text, run.start(), run.group(), behind_cue=True):
            yield start, _end_without_tail(run)
        elif at_home := FROM_A_STREET.match(run.group()):  # "buurman Cees van Molenweg 61"
            yield start, run.start() + at_home.end(1)
        return
    if run and run.group().isupper():
        yield start, run.start() + len(run.group().split()[0])
        return
    word = FIRST_WORD.match(text, begin)
    if word is None:
        return
    folded = _fold(word.group())
    first, last, common = _lists()
    sure = (bare_last_name and folded in last and (begin > start or f"last {folded}" not in common)) or (
        folded in first and f"first {folded}" not in common
    )
    if sure and folded not in NO_NAME:
        second = SECOND_WORD.match(text, word.end())
        more = second and _fold(second.group(1)) in last and f"last {_fold(second.group(1))}" not in common
        yield start, second.end() if second and more else word.end()


def _listed_at(text: str, start: int, *, alone: bool) -> Iterator[tuple[int, int]]:
    """A name in any case right behind a greeting or a signature; `alone`: it must end its line or sentence."""
    match = ANY_NAME.match(text, start)
    if match is None:
        return
    words = list(re.finditer(rf"{INITIALS}|{WORD}", match.group()))
    first, last, _ = _lists()
    kept = 0
    for number, word in enumerate(words):
        folded = _fold(word.group())
        capital = word.group()[0].isupper()
        initial = "." in word.group()
        known = folded in first or (number > 0 and (folded in last or folded in PARTICLES)) or initial
        if (folded in NO_NAME and folded not in PARTICLES) or (number == 0 and folded in NOT_FIRST):
            break
        if known or (capital and (number > 0 or alone)) or (alone and capital):
            kept = number + 1
        elif folded not in PARTICLES:
            break
    while kept and _fold(words[kept - 1].group()) in PARTICLES:
        kept -= 1
    if not kept:
        return
    end = start + words[kept - 1].end()
    rest = text[end:]
    finished = not rest.strip() or re.match(r"\s*[\n,.!;:\[(-]|\s+(?:[\d+\[]|tel|mob)", rest) is not None
    if (not alone or finished) and not _is_place(text, start, text[start:end], behind_cue=True):
        yield start, end


def _closing(text: str, start: int) -> Iterator[tuple[int, int]]:
    """A name (or two with "en") with nothing else between the end of a sentence and the end of the line."""
    match = ANY_NAME.match(text, start)
    if match is None or BEHIND_CLOSING.match(text, match.end()) is None:
        return
    words = [word.group() for word in re.finditer(rf"{INITIALS}|{WORD}", match.group())]
    plain = [word for word in words if _fold(word) not in PARTICLES]
    if (
        not plain
        or any(_fold(word) in NO_NAME for word in plain)
        or _is_place(text, start, match.group(), behind_cue=True)
    ):
        return
    first, last, _ = _lists()
    initial = "." in words[0] and len(words) > 1
    capitals = all(word[0].isupper() for word in plain)
    listed = [word for word in plain if _fold(word) in first or _fold(word) in last]
    rest = text[match.end() :].lstrip(" .,:;!\n(-")
    beside_data = rest.startswith(("\x01", "["))
    comma_and_data = beside_data and text[match.end() : match.end() + 1] == ","
    several = len(plain) > 1 and (bool(listed) or beside_data or not rest)
    signed = (
        capitals and not match.group().isupper() and (initial or several or comma_and_data or _fold(plain[0]) in first)
    )
    if signed or (len(listed) == len(plain) and _fold(plain[0]) in first):
        yield start, match.end()


def _weakly_announced(text: str, start: int) -> Iterator[tuple[int, int]]:
    run = NAME_RUN.match(text, start)
    if run is None or _is_place(text, start, run.group(), behind_cue=False):
        return
    words = [_fold(word.group()) for word in re.finditer(rf"{INITIALS}|{WORD}", run.group())]
    sure = words[0] in _lists()[0] or len(words) > 1 or text[run.end() : run.end() + 1] in (",", "\x01")
    if words[0] not in NO_NAME and sure:
        yield start, _end_without_tail(run)


def _in_run(text: str, match: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Names in a run of capitalised words without a word that announces them."""
    run = match.group()
    words = list(re.finditer(rf"{INITIALS}|{WORD}", run))
    first, last, common = _lists()
    if "." not in words[0].group() and not any(_is_first_name(word.group()) for word in words):
        return
    if _is_place(text, match.start(), run, behind_cue=False):
        return
    if "." in words[0].group() and len(words) > 1:
        bare = len(words[0].group().strip()) == len("A.")  # one letter may end a sentence: "label G. Wij willen ..."
        if (
            not bare
            or any(part in last for part in _fold(words[-1].group()).split("-"))
            or _fold(words[1].group()) in PARTICLES
        ):
            yield match.span()
        return
    for number, word in enumerate(words):
        folded = _fold(word.group())
        if folded in NO_NAME or not _is_first_name(word.group()):
            continue
        followers = [w for w in words[number + 1 :] if _fold(w.group()) not in PARTICLES]
        followed = bool(followers) and _fold(followers[0].group()) not in NO_NAME
        listed = followed and (_fold(followers[0].group()) in last or _fold(followers[0].group()) in first)
        particle = len(words) > number + 1 and _fold(words[number + 1].group()) in PARTICLES
        begin = match.start() + word.start()
        inside = MID_SENTENCE.search(text[max(0, begin - 12) : begin]) is not None or SECOND_OF_TWO.search(
            text[max(0, begin - 30) : begin]
        )
        if BEFORE_PLACE.search(text[max(0, begin - 30) : begin]) or (run.isupper() and not listed):
            return
        if f"first {folded}" not in common or listed or (followed and particle) or inside:
            end = match.end() if followed else match.start() + word.end()
            partner = PARTNER.match(text, end)
            yield begin, partner.end() if partner and _fold(partner.group(1)) in first else end
            return


@lru_cache(maxsize=50_000)
def _is_first_name(word: str) -> bool:
    """Whether a word, or each part of a double name, is on the list of first names."""
    first, _, _ = _lists()
    folded = _fold(word)
    return folded in first or all(part in first for part in folded.split("-"))


def _is_place(text: str, start: int, run: str, *, behind_cue: bool) -> bool:
    """Whether a run of words names a street, a school, a company or somebody public."""
    folded = _fold(run)
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
    while kept > 1 and _fold(words[kept - 1].group()) in NO_NAME:
        kept -= 1
    return run.start() + words[kept - 1].end()


@lru_cache(maxsize=50_000)
def _fold(word: str) -> str:
    """Lower case without accents, as the lists have their names."""
    plain = unicodedata.normalize("NFD", word.lower().replace("’", "'"))
    return "".join(c for c in plain if not unicodedata.combining(c)).replace("ı", "i").replace("ł", "l")
