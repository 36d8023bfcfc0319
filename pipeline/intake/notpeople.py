"""What has the look of a name and is nobody in the remark: companies, pets, people of long ago, sayings, labels.

The recognisers of names look for what speaks for a person; this looks at each of their finds for what speaks against
it. It only runs on what was found, so it may look at the whole remark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.intake.namecues import ARTICLE, CAPITAL, DATA_AFTER, PARTICLES, WORD
from pipeline.intake.namelists import LONGEST_WORD, fold, is_first_name, is_listed_word, is_town, name_lists
from pipeline.intake.roles import is_role
from pipeline.intake.spans import Recogniser
from pipeline.intake.streets import begins_a_street

# names in sayings, tales and feasts
SAYING = re.compile(
    r"\b(?:joost (?:mag|mocht|zal) (?:het )?weten|jan met (?:de|zijn) pet|jan[ -](?:modaal|salie|rap|klaassen|doedel|"
    r"publiek|boezeroen|soldaat|steen)|klaassen en katrijn|"
    r"sint(?:erklaas)? en (?:\w+ )?piet\w*|\w+ piet(?:en)?(?= en sint)|"
    r"piet snot|pietje precies|(?:hollen? )?bolle gijs|brave hendrik|malle pietje|suske en wiske|hans en grietje|"
    r"romeo en julia|bert en ernie|adam en eva|jip en janneke|jut en jul|jan,? piet en klaas|piet,? jan en klaas|"
    r"tom en jerry|ot en sien|bassie en adriaan|buurman en buurman|jozef en maria|maria en jozef|maria magdalena|"
    r"kaïn en abel|david en goliath|ark van noach|heilige \w+|sint[ -](?:maarten|nicolaas|jan|joris|martinus)|"
    r"vrouw holle|roodkapje|repelsteeltje|tante betje|ome jan|haantje de voorste|janneman|hans worst|"
    r"jonge klare|vrolijke frans|houten klaas|stijve klaas|dolle mina|mooie anna|groene michel)\b",
    re.IGNORECASE,
)
# what a business does, behind the name on its front
TRADE = re.compile(
    r"[ -]?(?:tweewielers|fietsen|rijwielen|auto'?s|autobedrijf|autoverhuur|autoschade|verhuur|verhuizingen|transport|"
    r"logistiek|bouw|bouwbedrijf|schilders|schilderwerken|loodgieters?|installatie\w*|techniek|elektra|tuinen|hoveniers?|"
    r"groen|groenvoorziening|infra|wegenbouw|grondwerken|containers|recycling|milieu|schoonmaak|glas|kozijnen|dakwerken|"
    r"bloemen|bloemist|mode|schoenen|kleding|juweliers?|optiek|opticiens?|wonen|meubelen|keukens|vloeren|interieur|"
    r"vastgoed|makelaars|makelaardij|advocaten|advocatuur|notariaat|accountancy|juristen|architecten|ingenieurs|\w+kantoor|notarissen|accountants|adviseurs|assurantiën|verzekeringen|catering|"
    r"events|evenementen|travel|reizen|tours|taxi'?s?|rijschool|rijopleidingen|kinderopvang|thuiszorg|zorggroep|tandartsen|"
    r"dierenartsen|fysio\w*|apotheken?|drogisterij|slagerij|bakkerij|supermarkt(?:en)?|kaas|vis|vleeswaren|delicatessen|"
    r"hair|beauty|nails|fashion|sports?|fitness|gym|coaching|consultancy|holding|services?|trading|media|design|"
    r"productions?|foundation|fonds|festival|fanclub|cup|memorial|bokaal|loop|toernooi|trofee|"
    r"b\.?v|v\.?o\.?f|n\.?v|zonen|en zn|"
    r"en co|& zn|& co|& zonen|gebroeders|house|home|center|centre|lodge|hub|lab)\b\.?",
    re.IGNORECASE,
)
ON_A_FRONT = re.compile(rf"\b{CAPITAL}[\w'’]*[ ](?:by|chez|of)[ ]$|[ ](?:by|chez)[ ]$")
TITLED = re.compile(
    r"\b(?:mevr(?:ouw)?|mw|me?neer|mijnheer|dhr|hr|heer|fam|familie|gezin|echtpaar|weduwe|wed|buren|eigenaar|bewoner|cli[eë]nt|"
    r"juf|meester|dokter|buurvr|buurm|echtg|ki|ptr|mantelz|bew|cl|begel|naam|heet(?:\s\w+)*)\.?:?\s\(?$",
    re.IGNORECASE,
)
PAIRED = re.compile(rf"({CAPITAL}[\w'’]+) & $")
ROW_OF_SHOPS = re.compile(
    rf"(?:^|[\s,])(?:[Dd]e|[Hh]et)[ ]{CAPITAL}[\w'’-]*(?:,[ ](?:de[ ]|het[ ])?{CAPITAL}[\w'’-]*)*[ ]en[ ]$"
)
# work, contracts and goods: the word behind is a company or a make
COMPANY_BEFORE = re.compile(
    r"\b(?:(?:bouwvakkers?|stratenmakers?|werklui|werknemers?|personeel|mensen|mannen|monteurs?|medewerkers?|chauffeurs?|"
    r"bezorgers?|koeriers?|\w*wagens?|bus|busje|busjes|bestelbus\w*|vrachtwagens?|vrachtauto\w*|taxi\w*|container\w*|"
    r"filialen|filiaal|vestiging|app|website|klantenservice|helpdesk|aandelen|pakket\w*|pakje\w*|factuur|rekening|brief|"
    r"mail|contract|abonnement|huurwoning|huurhuis|woning|flat|project|bouwplaats|keten|reclame|folder|bon|cadeaubon|"
    r"deel\w*|laadpa\w+|zonnepanelen)\s(?:van|bij|door)|"
    r"(?:fles|flessen|blik|blikjes?|zakken|zakje|doos|dozen|pak|pakjes?|krat|kratten|merk|sticker|stickers|tag|logo)(?:\svan)?|"
    r"(?:huur\w*|klant|verzekerd|abonnement|betaal\w*|besteld|gekocht|koop|kocht|werk|werkte|werkt|werken|baan|dienst|stage|"
    r"achterstand\s\w*|schuld|open|lening|rekening|ingeschreven|aangesloten|lid|contract|sollicit\w*)\s(?:\w+\s){0,3}?bij)\s$",
    re.IGNORECASE,
)
# these leave no doubt, also when the word is somebody's surname
WORK_OR_DRINK = re.compile(
    r"\b(?:(?:bouwvakkers?|stratenmakers?|werklui|werknemers|personeel|\w*wagens?|busjes?|bestelbus\w*|vrachtauto'?s?|filialen|filiaal|"
    r"vestiging|klantenservice|helpdesk|bouwplaats|aannemer)\svan|(?:fles|flessen|blik|blikjes?|krat|kratten)(?:\svan)?)\s$",
    re.IGNORECASE,
)
# a child without its name is hardly ever among dogs and cats
OURS = re.compile(
    r"\b(?:onze|mijn|mien|m'n|ons|uus|us)\s(?:oude\s|lieve\s)?$|\b(?:hond|hondje|poes|kat|konijn)\W{1,2}naam:?\s$",
    re.IGNORECASE,
)
IT_IS_CALLED = re.compile(r"(?<!\bik\s)\b(?:heet|hiet|heette|luistert naar|genoemd|genaamd)\s$", re.IGNORECASE)
SIGNED = re.compile(r"\b(?:groet\w*|gr|mvg|grtz?|bedankt|dank\w*|hoogachtend|liefs|namens)[\s.,!:–-]*$", re.IGNORECASE)
ANIMAL = re.compile(
    r"\b(?:hond(?:je|jes)?|honden(?!bel|poep|drol)\w*|ingeslapen|ooi|puppy\w*|pup|teef|reu|losloop\w*|uitlaat\w*|uitlaten|kat|katten|poes|poezen|kater|kitten|konijn\w*|cavia\w*|"
    r"paard\w*|pony\w*|ezel|geit\w*|schaap|schapen|kip|kippen|haan|zwaan|eend|gans|papegaai|\w*spani[eë]l|labrador\w*|\w*herder|"
    r"teckel|terri[eë]r|halsband|riem|blafte?|blaft|asiel|dierenarts|dierenambulance|beest|beestje|kwispel\w*|pootjes?)\b",
    re.IGNORECASE,
)
# streets, statues and books are about people of long ago, and so are years of long ago
AFTER_SOMEBODY = re.compile(
    r"\b(?:heet|heten|ge?noemd|vernoem\w*|noemen|vernoemd)\b[^.!?\n]{0,25}\bnaar\s(?:de\s|het\s)?$", re.IGNORECASE
)
LONG_AGO = re.compile(
    r"\b(?:oorlog\w*|verzet\w*|bevrijd\w*|bezetting|onderdui\w*|ondergedoken|geschiedenis|historisch\w*|historie|eeuw|herdenk\w*|"
    r"gedenk\w*|monument\w*|standbeeld|beeld|plaquette|bord|bordje|tekst|tentoonstelling|lezing|zeeheld|schilder|dichter\w*|"
    r"slavernij\w*|vrijheid|kampioene?|geboortehuis|museum|straatnaam\w*|straatnaambord\w*|straten)\b",
    re.IGNORECASE,
)
OLD_YEAR = re.compile(r"(?<!geboren )(?<!sinds )\bin\s1(?:[5-8]\d\d|9[0-3]\d)\b")
PLAY = re.compile(
    r"\b(?:stuk|toneelstuk|voorstelling|film|musical|boek|lied|liedje|revue|klucht|opera)\b[^.!?\n]{0,20}[\"“‘'„][^\"”’']{0,25}$"
)
# "Aanw.:", "Ingek. mail", "Groetend,": a word at the head of a line that tells what follows
HEAD_OF_LINE = re.compile(r"(?:^|[\n/.–-])\s*$")
LABEL_BEHIND = re.compile(r"\.?:|\.\s(?:[a-z\d])|\.,")
CLOSING_WORD = re.compile(r"\w+(?:end|jks),\s*\n")  # "Groetend,"
HERE_BEHIND = re.compile(r"\shier\b")
INTO_A_PLACE = re.compile(r"\b(?:in|uit|naar|te|tot|noar|oet|nabij|vanuit|richting|van hier tot)\s$", re.IGNORECASE)
SPELT = re.compile(r"(?:^|[\s\"'(])[a-z]\s(?:van|als in|de)\s$", re.IGNORECASE)
# in German each noun has a capital, and in dialect "'n" is an article
OTHER_ARTICLE = re.compile(
    r"(?:^|[\s'’])n\s$|\b(?:mein|dein|unser|sein|ihr|kein|ein)(?:e|em|en|er|es)?\s$|\b(?:dem|das|zum|zur|vom|im|am|und|keine)\s$"
)
GERMAN = re.compile(r"\b(?:ich|nicht|und|mein|meine|wir|unser\w*|guten)\b", re.IGNORECASE)
COMPOUND = re.compile(r"-([a-zà-ÿ]{3,})$")
A_MAKE = re.compile(r"\b(?:een|zo'n|elke|valse|nieuwe)\s$", re.IGNORECASE)  # "rijdt in een Ferrari"
VAN = re.compile(r"(?:ben )?van ")
AT_A_DESK = re.compile(
    r"\b(?:medewerkster|medewerker|\w*manager|adviseur|directeur|teamleider|coördinator|consulent)\s$", re.IGNORECASE
)
ENGLISH = re.compile(r"\b(?:bij|via|van|met|door|traject|project)\s[A-Z][a-z]+ing$")  # "Housing First"
PART = re.compile(WORD)
LAST = re.compile(r"([^\W\d_]+)[ ]$")


def of_people(recognise: Recogniser) -> Recogniser:
    """Recogniser without what is found and is nobody."""

    def recognise_people(text: str) -> Iterator[tuple[int, int]]:
        for start, end in recognise(text):
            if "\x01" in text[start:end] or not is_nobody(text, start, end):
                yield start, end

    return recognise_people


def is_nobody(text: str, start: int, end: int) -> bool:
    """Whether what looks like a name from `start` up to `end` is no person of whom the remark tells."""
    run = text[start:end]
    words = [word for word in PART.findall(run) if fold(word) not in PARTICLES]
    if not words:
        return False
    before = text[max(0, start - 80) : start]
    return (
        _in_a_saying(text, start, end)
        or _is_business(text, before, end, words)
        or (not is_first_name(words[0]) and WORK_OR_DRINK.search(before) is not None)
        or _is_of_long_ago(text, before, run, end)
        or (len(words) == 1 and _is_pet(text, before))
        or (not _is_listed(words) and _is_thing(text, before, run, end, words))
        or _is_spelt_or_joined(before, run)
    )


def _in_a_saying(text: str, start: int, end: int) -> bool:
    begin = max(0, start - 25)
    return any(begin + m.start() < end and start < begin + m.end() for m in SAYING.finditer(text[begin : end + 25]))


def _is_pet(text: str, before: str) -> bool:
    """Whether one word is an animal's name; before "heet" an animal must stand, for people have dogs."""
    if IT_IS_CALLED.search(before):
        return ANIMAL.search(before) is not None
    return OURS.search(before) is not None and ANIMAL.search(text) is not None


def _is_listed(words: list[str]) -> bool:
    """Whether one of the words is a first name or a last name."""
    last = name_lists().last
    return any(is_first_name(word) or any(part in last for part in fold(word).split("-")) for word in words)


def _is_plain_word(word: str) -> bool:
    return len(word) <= LONGEST_WORD and is_listed_word(fold(word))


def _is_business(text: str, before: str, end: int, words: list[str]) -> bool:
    """Whether a name is on a front: what the business does follows, or what stands before it is no person either."""
    if words[0][0].islower():
        return False
    if (len(words) > 1 and TRADE.fullmatch(words[-1])) or (text[end : end + 2].istitle() and TRADE.match(text, end)):
        return True
    pair = PAIRED.search(before)
    if len(words) == 1 and (A_MAKE.search(before) or _is_place_gone_to(before, words[0])):
        return True
    if len(words) > 1 and ARTICLE.search(before):
        return True  # "de Leen Bakker"
    return (
        ON_A_FRONT.search(before) is not None
        or (pair is not None and not is_first_name(pair[1]))
        or (len(words) == 1 and ROW_OF_SHOPS.search(before) is not None)
    )


def _is_place_gone_to(before: str, word: str) -> bool:
    """Whether a word is a town, and no first name, that somebody is in or goes to: "verhuist naar Hengelo"."""
    return is_town(fold(word)) and not is_first_name(word) and INTO_A_PLACE.search(before) is not None


def _is_of_long_ago(text: str, before: str, run: str, end: int) -> bool:
    """Whether somebody is known from history: a street bears the name, or the sentence tells of a year of long ago."""
    if AFTER_SOMEBODY.search(before) or PLAY.search(before):
        return True
    if DATA_AFTER.match(text, end):
        return False
    sentence = (
        before[max(before.rfind(mark) for mark in ".!?\n") + 1 :] + re.split(r"[.!?\n]", text[end : end + 100])[0]
    )
    if OLD_YEAR.search(sentence):
        return True
    return " " in run and LONG_AGO.search(sentence) is not None and begins_a_street(run.lower())


def _is_thing(text: str, before: str, run: str, end: int, words: list[str]) -> bool:
    """Whether words on no list of names are a company, a town, a label or a body such as "Veilig Thuis"."""
    plain = all(_is_plain_word(word) or word.isupper() or is_town(fold(word)) for word in words)
    if plain and VAN.match(run):  # "een mevrouw van Thuiszorg"
        return True
    previous = LAST.search(before)
    role = previous is not None and is_role(fold(previous[1])) and not AT_A_DESK.search(before)
    if (
        "." in run
        or role
        or TITLED.search(before)
        or SIGNED.search(before)
        or fold(run.split(maxsplit=1)[0]) in PARTICLES - {"te"}
    ):
        return False
    if plain or OTHER_ARTICLE.search(before) or ENGLISH.search(before + words[0]):
        return True
    if is_town(fold(words[0])) and (run.startswith("te ") or INTO_A_PLACE.search(before)):
        return True
    return len(words) == 1 and _is_company_or_label(text, before, end, fold(words[0]))


def _is_company_or_label(text: str, before: str, end: int, folded: str) -> bool:
    """Whether one unlisted word is what work, goods or a contract come from, or tells what follows on its line."""
    return (
        COMPANY_BEFORE.search(before) is not None
        or (HEAD_OF_LINE.search(before) is not None and _tells_what_follows(text, end, folded))
        or (HERE_BEHIND.match(text, end) is not None and is_listed_word(folded))
        or (GERMAN.search(text) is not None and INTO_A_PLACE.search(before) is not None)
    )


def _tells_what_follows(text: str, end: int, folded: str) -> bool:
    return LABEL_BEHIND.match(text, end) is not None or CLOSING_WORD.match(folded + text[end : end + 3]) is not None


def _is_spelt_or_joined(before: str, run: str) -> bool:
    """Whether a name spells a letter ("de h van hendrik") or is the first part of a thing ("het Gansfort-beeld")."""
    joined = COMPOUND.search(run)
    return SPELT.search(before) is not None or (
        joined is not None and is_listed_word(joined[1]) and not is_first_name(joined[1]) and run[0].isupper()
    )
