"""Words for what somebody is: family, neighbours, callings, helpers, members. A name often follows one."""

from __future__ import annotations

import re
from functools import lru_cache

# the last part of the word is enough: "zorgregisseur", "buurtvader", "ex-buurvrouw", "taalmaatje"
ROLE_ENDINGS = tuple(
    """
    vader moeder broer zus zusje broertje zoon zoontje dochter dochtertje neef neefje nicht nichtje tante oom opa oma
    ouder kleinkind echtgenoot echtgenote partner verloofde vriend vriendin weduwe weduwnaar echtpaar stel tweeling
    buurman buurvrouw buurjongen buurmeisje buur bewoner bewoonster inwoner inwoonster huurder huurster verhuurder
    verhuurster eigenaar eigenaresse huisgenoot huisgenote huisbaas kamergenoot overbuur achterbuur
    cliënt cliente cliënte patiënt patiënte klant leerling student studente deelnemer deelneemster jongere oudere
    peuter kleuter baby jongen meisje jongeman kind man vrouw heer dame mevrouw meneer statushouder vluchteling
    nieuwkomer asielzoeker
    melder meldster beller belster aanvrager aanvraagster indiener klager klaagster bezwaarmaker verzoeker appellant
    afzender schrijver schrijfster briefschrijver getuige slachtoffer dader verdachte betrokkene contactpersoon
    ondertekenaar gemachtigde bestuurder passagier
    begeleider begeleidster hulpverlener hulpverleenster mantelzorger mantelzorgster verzorger verzorgster
    verzorgende verpleegkundige verpleegster zuster broeder wijkzuster behandelaar therapeut therapeute psycholoog
    psychologe psychiater arts huisarts tandarts dokter specialist apotheker verloskundige kraamhulp kraamverzorgster
    hulp maatje coach mentor voogd bewindvoerder curator regisseur consulent consulente adviseur adviseuse werker
    werkster medewerker medewerkster ambtenaar ambtenares manager coördinator coordinator coördinatrice teamleider
    teamleidster leider leidster opvoeder opvoedster tolk vertaler vertaalster makelaar notaris advocaat advocate
    jurist juriste rechter griffier secretaris secretaresse voorzitter voorzitster penningmeester bestuurslid lid
    raadslid directeur directrice rector docent docente leraar lerares leerkracht onderwijzer juf juffrouw meester
    meneer ib'er intern trainer trainster scheidsrechter speler speelster keeper aanvoerder vrijwilliger
    vrijwilligster stagiair stagiaire collega chef baas bazin opzichter opzichtster uitvoerder monteur installateur
    loodgieter schilder timmerman aannemer tuinman hovenier klusjesman schoonmaker schoonmaakster huishoudster
    huismeester conciërge portier beheerder beheerster beveiliger handhaver agent wijkagent rechercheur inspecteur
    keurder chauffeur buschauffeur taxichauffeur bezorger bezorgster postbode kapper kapster winkelier ondernemer
    ondernemster boer boerin visser schipper koster predikant dominee pastoor pater imam rabbijn kapelaan diaken
    fysiotherapeut logopedist logopediste diëtist diëtiste ergotherapeut pedicure oppas gastouder pleegouder
    pleegkind pleegzoon pleegdochter ex vriendje vriendinnetje klasgenoot klasgenootje schoolvriend kennis
    maatschappelijk loopbaanbegeleider jobcoach reïntegratiecoach casus zaak dossier
    """.split()
)
# one of these exactly: as the end of a word they are too common, or they are too short for that
EXACT = frozenset(
    """
    ex stel lid man vrouw kind boer dame heer oom opa oma zus hulp arts agent werker kennis zaak buur casus meester
    dossier baas intern tolk coach mentor klant ouder jongere oudere baby stelletje namens genaamd ene betreft
    betreffende inzake aldus
    """.split()
)
SHORTEST_ENDING = 5
ENDINGS = tuple(ending for ending in ROLE_ENDINGS if len(ending) >= SHORTEST_ENDING and ending not in EXACT)
# these end like a role and are none
NO_ROLE = frozenset("gezelschap onderwerker koopman ambacht supporter helicopter bakboord waterspecialist".split())
RELATIVES = (
    r"(?:ex-?|klein|schoon|stief|pleeg|half)?(?:man|vrouw|zoon|zoontje|dochter|dochtertje|moeder|vader|ma|pa|broer|broertje|"
    r"zus|zusje|neef|neefje|nicht|nichtje|kind|kinderen|vriend|vriendin|partner|collega|buurman|buurvrouw|oma|opa|"
    r"tante|oom|begeleid(?:er|ster)|mentor|voogd|bewindvoerder|hulp|mantelzorger|huisgenoot|ex|verloofde|echtgenote?)"
)
# what somebody is to somebody, behind a comma or a bracket: Ruthsel, haar zus
BEHIND_RELATIVE = re.compile(rf",?[ ]\(?(?:mijn|m'n|mn|onze|ons|zijn|z'n|haar|hun|je|jullie)[ ]{RELATIVES}\b")
# behind these a word with a capital is a place, a language, a thing or a body
PLACE_PREPOSITIONS = frozenset(
    """
    in uit naar te nabij richting via vanaf vanuit tot rond rondom tussen langs omgeving regio gemeente dorp stad wijk
    buurt eiland provincie land noord zuid oost west groot klein
    """.split()
)
NO_PERSON_BEFORE = frozenset(
    """
    de het een 't d'n den der deze die dat dit geen elke iedere ieder ander andere andre nieuwe oude eigen zo'n label
    spreek spreekt spreken praat praten sprak leer leert leren les lessen taal cursus programma serie film boek krant
    merk type model auto fiets motor scooter app website site systeem software bedrijf firma winkel keten organisatie
    stichting vereniging club school café restaurant hotel camping park project plan festival concert band zanger
    zangeres muziek lied nummer spel game speelde speelt speelden draait draaide kijken kijkt heilige sint ziekte
    syndroom ras wijn bier artikel via tegen zoals heeft hebben had krijgt virus medicijn tigrinya farsi dari pasjtoe
    moedertaal gain geen
    """.split()
)


@lru_cache(maxsize=20_000)
def is_role(folded: str) -> bool:
    """Whether a folded word says what somebody is."""
    return folded in EXACT or (folded.endswith(ENDINGS) and folded not in NO_ROLE)
