"""What names look like in Dutch text, and the words and places that announce one."""

from __future__ import annotations

import re

PARTICLE = (
    r"(?:van|de|der|den|het|ter|ten|te|el|al|bin|ben|ibn|von|zu|la|le|du|da|dos|di|"
    r"(?:op|in)(?=[ ](?:de|den|het|'t|’t))|"
    r"(?:aan|uit|over|onder)(?=[ ](?:de|den|het|'t|’t)[ ](?!\S*(?:straat|laan|weg|plein|kade|singel|hof|"
    r"pad|dijk|gracht)\b))|"
    r"(?:baron|baronesse|graaf|gravin|ridder)(?=[ ]van)|tot(?=[ ][A-Z])|"
    r"'t|’t|d'|ait|aït|v\.?\s?d\.?|v/d)"
)
LETTERS = r"[^\W\d_]"
WORD = rf"{LETTERS}[\w'’-]*"
CAPITAL = r"[A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢİĪĮĶĹĽŁŃŅŇŌŐŒŔŘŚŞŠŢŤŪŮŰŲŹŻŽȘȚ]"
CAPITALISED = rf"(?:(?:al|el|at|ben|van)-)?{CAPITAL}[\w'’-]*"
INITIALS = rf"(?:{CAPITAL}(?:h|hr|j)?\.[ ]?){{1,5}}"  # "G.W.Th."
# "Henk van de Kerkstraat 4" lives there, he is not called so
NO_HOME = (
    r"(?!(?:van|uit|op|in)[ ](?:de|het)[ ]\S*(?:straat|laan|weg|plein|kade|singel|gracht|dijk|steeg|"
    r"dreef|hof)[ ]\d)"
)
# what may be one name: initials, capitalised words, and particles between or before them
NAME_RUN = re.compile(
    rf"(?<![\w\[@&-])(?:{INITIALS}(?:{PARTICLE}[ ]){{0,3}}{CAPITALISED}"
    rf"(?:[ ]op[ ](?!\S*(?:straat|laan|weg|plein|kade|singel|hof|pad)\b){CAPITALISED})?|{CAPITALISED})"
    rf"(?:[ ]{NO_HOME}(?:{PARTICLE}[ ]){{0,3}}(?:{CAPITAL}\.[ ])?{CAPITALISED}|-{CAPITALISED})*"
)
# Cues are sought in the text in small letters; the letters that a cue can begin with stand before its words. Both let
# the engine skip most of a text at once.
BEHIND_TITLE = re.compile(
    r"\b(?=[abcdefghijkmnptvwz])"
    r"(?:mevrouw|mevr\.?|mw\.?|hr\.?|mej\.?|meneer|menier|mijnheer|dhr\.?|de heer|heer|fam\.?|familie|"
    r"gezin|juf|"
    r"juffrouw|meester|dokter|"
    r"dr\.|drs\.|jhr\.|mr\.|ir\.|ing\.|prof\.|professor|zuster|broeder|pastoor|dominee|ds\.|imam|notaris|"
    r"tandarts|huisarts|echtg\.|ki\.|buurvr\.|buurm\.|mantelz\.|ptr\.|bew\.|cl\.|begel\.|"
    r"wijkagent|agent|conciërge|coach|trainer|buurman|buurvrouw|ene|weduwe|wed\.|keurder|(?:keurings|"
    r"bedrijfs|jeugd|dieren|school)?arts|consulent|"
    r"inspecteur|hulpverleen?ster|medewerk(?:st)?er|therapeut|docent|directeur|verpleegkundige|"
    r"maatschappelijk werk(?:st)?er|bruid:?|bruidegom:?|verloofde|echtgeno(?:ot|te))[ ]",
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
)
RELATED_TO = re.compile(
    r"\b(?=[abdhjkmovwz])"
    r"(?:kind|kinderen|joch|jong|jongen|jongens|meisje|kleinkind|kleinkinderen|hond|auto|zoontje|"
    r"dochtertje|zoon|dochter|zus|zusje|broer|broertje|moeder|vader|ouders|"
    r"vriend|vriendin|weduwe)[ ]van[ ]",
)
# somebody who says who is calling: "Van der Veen hier, ..."
HERE = re.compile(
    rf"(?:^|\n)\s*((?:{INITIALS})?(?:(?:[Vv]an|[Dd]e|[Dd]er|[Dd]en|"
    rf"[Tt]er) ){{0,2}}{CAPITALISED}(?: {CAPITALISED})?)"
    r" hier[,.]"
)
PHONED = re.compile(r"^\s*(?:goede\w+ )?(?:u spreekt )?met ", re.IGNORECASE)
LOWER_SIGNED = re.compile(
    rf"(?:(?<=[.!?:)\]\x01])\s+|\n\s*)((?:[a-z]\.[ ]?){{1,3}}(?:{PARTICLE}[ ]){{0,3}}[a-zà-ÿ-]{{3,}})\s*$"
)
# these announce a name only when it is on a list, or has two parts
WEAK_CUE = re.compile(
    r"\b(?=[bcdhijkmnpstvwz])"
    r"(?:(?:klein|stief|pleeg)?(?:zoon|dochter|zoontje|dochtertje)|begeleid(?:st)?er|cliënte?|klant|"
    r"bewo(?:ner|onster)|"
    r"mantelzorger|vriend|vriendin|broer|zus|moeder|vader|kleinkind|keurder|hulpverlener|"
    r"vrijwillig(?:st)?er|behandelaar|naam|ik ben|wij zijn|we zijn|"
    r"zijnde|te weten|dit is|heet geloof ik|ben|ik bin|i am|i'm|this is|ich bin|jestem|soy)[ ]",
)
INTRODUCED = re.compile(
    r"\b(?=[abcdghijlmnostuvz])"
    r"(?:naam (?:is|luidt|was)|ik heet(?:[ ](?:sinds|nu|weer|mijn|gewoon|eigenlijk|dus|officieel|"
    r"\w*scheiding|trouwen|en)){0,5}|heet ik|genaamd|ondergetekende,?|u spreekt met|spreekt u met|"
    r"je spreekt met|spreek met|"
    r"naam(?: \w+)?\s?:|contactpersoon\s?:?|t\.?a\.?v\.?|t\.?n\.?v\.?|ten name van|op naam van|gericht aan|"
    r"ter attentie van|afzender\s?:|melder\s?:|beller\s?:|van\s?:|"
    r"(?:hij|zij|ze|die|dat) heet|(?:de jongens|de meiden|ze|zij) heten|my name is|mein name ist|"
    r"ich hei(?:ss|ß)e|nazywam się|"
    r"je m'appelle|me llamo|benim adım|adım|ik hjit|myn namme is|mien noam is|leerling|(?:achter|voor|"
    r"roep)naam:?|handtekening(?:en)?:?)[ ]",
)
GREETED = re.compile(
    r"(?:^|\n)\s*(?:hoi|hallo|hey|hee|hi|dag|moi|beste|lieve|geachte|goede(?:morgen|middag|navond))[ ,]+",
)
SIGNED = re.compile(
    r"(?=[acdghmrsvlkbntox])"
    r"(?:\b(?:groet(?:en|jes|je)?|gr\.?|grtz|grt|mvg|m\.v\.g\.?|vriendelijke groet(?:en)?|hoogachtend|"
    r"liefs|kus(?:jes)?|knuffel|groutnis(?:sen)?|groetnis|groetn|saluut(?:jes)?|salut|regards|cheers|"
    r"adieu|hgr\.?|doei|houdoe|"
    r"bedankt|dank(?: u| je)?(?: wel)?|dankjewel|namens [^,\n]{2,40}|getekend|ondertekend)\b|"
    r"(?<!\w)x{1,3}(?!\w))"
    r"[\s,.!:;-]*(?:(?:van|namens|en)\s+)?",
)
# what stands alone at the end of a text, of a line, or before a telephone number and the like
CLOSING = re.compile(r"(?:(?<=[.!?:)\]])\s+|\n[\s\-–]*|(?<=\x01)[\s,]+)(?=\S{2})")
BEHIND_CLOSING = re.compile(
    r"[\s,.:;(-]*(?:$|\n|\x01|\[[a-z-]+\]|(?:tel|mob|06|bsn|rek|mail|e-mail|geb|adres|iban)\b)", re.IGNORECASE
)
FORMAL = re.compile(r"(?:mevr|mw|meneer|menier|mijnheer|dhr|hr|de heer|heer|fam)", re.IGNORECASE)
ACADEMIC = re.compile(r"(?:drs|dr|jhr|ir|mr|ing|prof|fam|familie)\b", re.IGNORECASE)
LEADING_PARTICLES = re.compile(rf"(?:(?!(?:aan|uit|over|onder|tot|op|in)\b){PARTICLE}[ ]){{0,3}}", re.IGNORECASE)
NOTHING = re.compile("")
MID_SENTENCE = re.compile(r"(?:^|\s)(?!de |het |een |in |op )[a-zé]{2,}[ ]$")  # a common word has no capital there
SECOND_OF_TWO = re.compile(r"\x01[ ](?:en|of)[ ]$")
PARTNER = re.compile(rf"[ ]en[ ]({CAPITALISED})(?:[ ]{NO_HOME}(?:{PARTICLE}[ ]){{0,3}}{CAPITALISED})?")
# data that follow a name
DATA_AFTER = re.compile(
    r"[\s,.:;(-]*(?:\x01|\[|\+?\d[\d\s-]{7}|(?:geb|tel|mob|bsn|mail|adres)\b|\d{1,2}\s?(?:j|jr|jaar)\b)", re.IGNORECASE
)
# neighbours between brackets, as Van Houten in: de buren (Van Houten)
SURNAME = re.compile(rf"(?<=[(])(?:Van|Ter|Ten|Vander)(?:[ ](?:de|der|den|het|'t))?[ ]{CAPITALISED}(?:-{CAPITALISED})?")
# a name that was written wrongly: "er staat Jansen, maar ik heet Janssen"
WRONG_NAME = re.compile(
    rf"\b(?:staat|stond|stonden|niet|geen|als|met|moet|schreef|"
    rf"schrijft)(?:[ ]er)?[ ]['\"“]?({CAPITALISED}(?:-{CAPITALISED})?)"
)
ABOUT_NAMES = re.compile(r"\b(?:ik heet|achternaam|voornaam|naam is|mijn naam|verkeerd gespeld|meisjesnaam)\b")
ACRONYM = re.compile(r"[a-z][A-Z]$|^[A-Z][a-z]?[A-Z]$")  # "VvE"
# initials only, as in reports: "cliënt J.v.d.B."
ONLY_INITIALS = re.compile(
    r"\b(?=[bcdhjlmp])(?:cliënte?|leerling|bewoner|bewoonster|mw|mevr|dhr|meneer|mevrouw|hr|jongere|"
    r"patiënt)\.?[ ]((?:[A-Za-z]\.){2,6}|[A-Z]\.?(?=[ ,]*[\x01(]))"
)
# a surname at the head of a note: "Visser, mw.", "De Groot (mevrouw)", and the other way round: "Sterk, J."
HEADED = re.compile(
    rf"(?:^|\n)((?:(?:[Vv]an|[Dd]e|[Dd]en|[Tt]er|[Tt]en) ){{0,2}}{CAPITALISED}(?:-{CAPITALISED})?)"
    r"(?=,[ ](?:\x01|[A-Z][\w'’. -]{2,40}[ ]\d)|,?[ ]\(?(?:mw|mevr|mevrouw|dhr|hr|meneer)\b)"
)
INITIALS_BEHIND = re.compile(rf", (?:{CAPITAL}\.){{1,4}}(?=\s|$|[,)])")
LAST_WORD = re.compile(rf"(?<![\w-]){CAPITALISED}(?:-{CAPITALISED})?$")
# what only people do, so that a word with a capital before it is one: "Gholam wil vrijwilligerswerk"
ONLY_PEOPLE = re.compile(
    r"[ ](?:wil|wilde|vraagt|vroeg|zegt|zei|belt|belde|vertelt|vertelde|mailt|mailde|appt|appte|woont|"
    r"woonde|huilde?|huilt|loopt|slaapt|"
    r"weet|stopt|durft|klaagt|meldt|schrijft|kwam|ging|spreekt|zorgt|zoekt|heeft gebeld|is (?:ziek|bang|"
    r"boos|gevallen|overleden))\b"
)
LISTED_WITH = re.compile(rf",[ ]{CAPITALISED}(?:,| en )")
ROW_BEGINS = re.compile(r"(?:^|[:\n]\s*)$")
INITIAL_AT_END = re.compile(rf"[ ]({CAPITAL})(?:$|\.[ ])")
FIRST_WORD = re.compile(WORD)
SECOND_WORD = re.compile(rf"[ ](?:{PARTICLE}[ ]){{0,3}}({WORD})")
ANY_NAME = re.compile(rf"(?:{INITIALS})?(?:{WORD})(?:(?:[ ]|-)(?:en[ ])?{WORD}){{0,5}}")

PET = re.compile(
    r"\b(?:hond|hondje|puppy|pup|kat|poes|kater|kitten|konijn|cavia|hamster|paard|pony|papegaai|parkiet|"
    r"teckel|labrador|herder|halsband|penning)"
    r"(?:[^.!?\n]{0,20}\b(?:heet|naam|genaamd|met|luistert naar|is))?,?\s$",
    re.IGNORECASE,
)
PLACE_ENDING = re.compile(
    r"(?:straat|laan|weg|plein|pad|kade|singel|gracht|steeg|dreef|plantsoen|park|allee|hage|brug|"
    r"tunnel|viaduct|sluis|flat|toren|"
    r"school|scholen|college|lyceum|academie|kerk|kapel|moskee|ziekenhuis|kliniek|huis|zaal|hal|"
    r"stadion|veldje|pleintje|straatje|laantje|parkje|weggetje|court|kwartier|buurt|wijk|polder|"
    r"haven|steiger|markt|poort|molen|borg|hofje|complex|centrum|stichting|museum|theater|gebouw|groep|"
    r"vereniging|bibliotheek|paviljoen|fonds|prijs|toernooi|zwembad|winkel|garage|café)$",
    re.IGNORECASE,
)
PLACE_FOLLOWS = re.compile(
    r"(?:[ -](?:school|straat|laan|plein|weg|college|huis|kerk|park|hal|b\.?v\.?|&)\b|"
    r"\s+\d{1,4}\b(?!\s*(?:jaar|jr|,\s*\d)))",
    re.IGNORECASE,
)
STREET_ENDING = re.compile(
    r"\w(?:straat|laan|weg|plein|kade|singel|gracht|steeg|dreef|plantsoen|school|college|lyceum|moskee|gebouw|groep|flat)$",
    re.IGNORECASE,
)
# "Henk Stegeman van Hoofdweg"; but "Jan van Galenstraat" is a street
NAME_FROM_A_STREET = re.compile(
    rf"(({CAPITALISED}) (?:{PARTICLE} ){{0,3}}{CAPITALISED}) (?:van|uit) (?:de |het )?"
    r"\w{3,}(?:straat|laan|weg|plein|kade|singel|gracht|steeg|dreef)$"
)
# behind these a title is part of the name on the front: "café Tante Sien"
VENUE = re.compile(
    r"(?:café|cafe|kroeg|lunchroom|restaurant|bistro|bar|theehuis|tearoom|winkel|salon|snackbar|bakkerij|eetcafé|"
    r"eethuis|pannenkoekenhuis|boutique|hotel|pension)[ ]['\"‘“]?$"
)
# a thing that has a name: "de Willibrordus", "het Antoni van Leeuwenhoek"
ARTICLE = re.compile(r"(?:^|[\s(])(?:[Hh]et|'t|[Dd]e)[ ]$")
CALLED = re.compile(
    rf"(?<!\w)(?:{INITIALS}|{CAPITALISED})[ ]?\(\w+\)[ ](?:{PARTICLE}[ ]){{0,3}}{CAPITALISED}"
)  # "R. (Roy) de Wit"
FROM_A_STREET = re.compile(rf"({CAPITALISED}) (?:van|op|uit|in) (?:de |het )?{CAPITALISED}$")
BEFORE_PLACE = re.compile(
    r"(?:\b(?:vernoemd|genoemd|straat|laan|plein|park|school|brug|zaal)\snaar\s|\b(?:parkeergarage|"
    r"pizzeria|lunchroom|rijschool|huize|villa|boerderij|manege|praktijk|school|basisschool|"
    r"scholengemeenschap|college|lyceum|café|cafe|kroeg|restaurant|eetcafé|"
    r"bakker|bakkerij|slager|slagerij|"
    r"kapper|kapsalon|garage|autobedrijf|firma|bedrijf|winkel|supermarkt|stichting|vereniging|hotel|"
    r"museum|theater|sporthal|zaal|"
    r"kerk|molen|station|halte|lijn|straat|plein|park|ziekenhuis|gemeente|wethouder|burgemeester|"
    r"minister|koning|koningin|prins|"
    r"prinses|sint|st\.|flat|complex|gebouw|boot|schip|merk|bank|club|team|standbeeld van|"
    r"beeld van|buurthuis|dorpshuis|"
    r"verzorgingshuis|verpleeghuis|hofje|aannemer|bouwbedrijf|makelaar|makelaardij|"
    r"advocatenkantoor|notariskantoor|rijschool|autorijschool|fysiotherapie|apotheek|"
    r"tandartspraktijk)\s+|(?:winkel|zaak|salon|kapper|bakker|slager|praktijk|garage|bedrijf|kantoor|centrum|kroeg|café|"
    r"restaurant|bistro|\bbar|brasserie|snackbar|cafetaria|eethuis|eethuisje|grillroom|slijterij|drogist|drogisterij|"
    r"bloemist|juwelier|opticien|makelaardij|studio|atelier|galerie|galerij|camping|hoeve|stoeterij|kasteel|"
    r"landgoed|speeltuin|kinderopvang|opvang|crèche|peuterspeelzaal|kinderdagverblijf|\bkdv|\bstorm|orkaan|\bbso|hospice|zorgcentrum|"
    r"woonzorgcentrum|tehuis|kliniek|school|zaal|hal|gebouw|huis|kerk|fonds|prijs|toernooi|orkest|koor|fanfare|"
    r"harmonie|scouting|uitgeverij|drukkerij|theater|ijscoman|ijscokar)\s(?:(?:tante|ome|oom|mama|papa|oma|opa)\s)?"
    r"['\"‘“]?|(?:gedenkplaat|gedenksteen|plaquette|monument|borstbeeld|buste|schilderij|liedje|lied|boek|film|muziek|"
    r"concert|gedicht|stolpersteine?|struikelsteen|geboortehuis)\s(?:van|voor|over|door)\s)$",
    re.IGNORECASE,
)
# companies, and people whom everybody knows from something else than the remark
KNOWN_OTHERWISE = (
    "albert heijn",
    "jan linders",
    "dirk van den broek",
    "van gogh",
    "anne frank",
    "willem alexander",
    "willem-alexander",
    "sinterklaas",
    "zwarte piet",
    "prins bernhard",
    "van gend",
    "van lanschot",
    "hans anders",
    "cruijff court",
    "jan modaal",
    "jan en alleman",
    "jan rap",
    "jan publiek",
    "adam en eva",
    "robin hood",
    "don bosco",
    "johan cruijff",
    "douwe egberts",
    "pontius",
    "max havelaar",
    "max verstappen",
    "albert cuyp",
    "cliff richard",
    "bakker bart",
)
KNOWN_STARTS = frozenset(name.partition(" ")[0] for name in KNOWN_OTHERWISE)
# words that start a sentence or follow a title, but never name a person
NO_NAME = frozenset(
    """
    hai heej ondergetekende
    groutnis groutnissen groetnis saluutjes saluut salut regards cheers adieu hgr doei houdoe
    l.s l.s. hoogachtend rekening mw mevr dhr hr fam geboren geboortedatum naam liefs buurvrouw buurman mail bel nieuw
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
    getekend ondertekend handtekening vertegenwoordiger gemachtigde hello hi dear monday tuesday wednesday thursday
    friday saturday sunday thanks tigrinya farsi dari pasjtoe sranan papiaments kirundi lingala hindi urdu mandarijn
    kantonees sorani kurmandji amazigh berber tamazight somali swahili twi igbo yoruba fries gronings limburgs
    brabants twents iemand niemand lieve lieverd selam salaam surinaams surinaamse hindoestaans hindoestaanse
    zou zal wordt werd
    worden wilt jaar zelf al altijd alleen
    """.split()
)
NOT_FIRST = frozenset("op in het te".split())  # behind a greeting these begin a sentence, not a name
PARTICLES = frozenset(
    "van de der den het ter ten te el al bin ben ibn von zu la le du da dos di op in 't ’t ait aït en".split()
)
