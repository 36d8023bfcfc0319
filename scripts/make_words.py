"""Make data/words_nl.txt.gz, by which the privacy step knows an ordinary word from a name.

Babel (for the names of countries and languages) is no dependency: run this where it is installed.
The words are those of OpenTaal (BSD; Debian has them in its package wdutch) and of our own history and lexicon.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from pipeline.cli import DONE, DutchParser, run

LOWER_CASE = re.compile(r"(?<![\w'’-])[^\W\d_A-Z]+(?![\w'’-])")
SHORTEST = 2
SHORTEST_PLACE = 3  # "Ee" and "Ede" are also much else
# companies and bodies that a remark may say something about as about a person: "Lefier wil niet"
OWN_PROPER = frozenset(
    """
    lefier nijestee ymere vestia havensteder rochdale eigenhaard stadgenoot mooiland actium woonbron portaal
    mitros enexis liander stedin vitens dunea evides ziggo kpn odido vodafone tmobile eneco vattenfall essent
    greenchoice connexxion arriva qbuzz keolis transdev prorail ret gvb htm ebs hermes breng syntus flixbus picnic
    gorillas thuisbezorgd postnl dhl dpd jumbo lidl aldi plus spar coop dirk deka vomar hoogvliet jumbo hema
    action kruidvat etos blokker gamma praxis karwei hornbach ikea renewi cyclus avalex omrin suez remondis
    vangansewinkel circulus rova attero meerlanden cordaan icare tsn buurtzorg carinova lentis ggz humanitas halt
    veilig thuis svb uwv duo cak rdw kvk nza cbs rivm bol coolblue zalando marktplaats nextdoor whatsapp signal
    digid fixi buiten beter buitenbeter signalen bosch philips siemens miele nefit remeha intergas vaillant quooker
    heineken bavaria grolsch amstel brand hertog jan jupiler nutella unox calve pickwick senseo hak campina lays
    gall wibra zeeman hunkemoller hm zara bijenkorf mediamarkt wehkamp otto kijkshop bristol scapino vanharen intertoys
    toys decathlon jysk leenbakker kwantum gadero intratuin welkoop boerenbond hubo fixet primera bruna ako rituals
    specsavers pearle hansanders mcdonalds kfc subway dominos starbucks febo bakkerbart vitens vesteda accare
    rendac heras ziggo caiway delta simyo lebara lycamobile youfone budget vodafone easyjet ryanair transavia klm
    corendon tui airbnb booking etsy ebay temu shein vinted tikkie paypal klarna afterpay riverty ing rabobank abn
    amro triodos bunq knab asn sns regiobank achmea aegon interpolis centraal vgz menzis czgroep zilveren ohra fbto
    peugeot renault citroen opel volkswagen audi mercedes bmw volvo saab ford fiat lancia ferrari skoda seat dacia
    toyota mazda honda nissan suzuki mitsubishi subaru hyundai kia tesla lexus lynk byd mini jeep landrover jaguar
    porsche kreidler zundapp puch vespa piaggio gazelle batavus sparta koga cortina swapfiets felyx canta biro
    clio twingo kangoo megane corsa astra kadett vectra combo polo golf passat caddy transporter panda punto picanto
    yaris aygo corolla fiesta focus transit berlingo partner boxer sprinter vito micra note swift alto ami octavia
    fabia ibiza leon duster sandero samsung apple huawei nokia sony xiaomi google microsoft windows android chrome
    firefox outlook teams zoom skype youtube netflix spotify videoland disney tiktok instagram facebook snapchat
    telegram messenger roblox fortnite minecraft playstation xbox nintendo lego playmobil alzheimer parkinson
    huntington korsakov down usher wernicke asperger crohn bach mozart beethoven vivaldi rammstein queen abba
    unicef amnesty greenpeace oxfam cliniclowns kika srebrenica tsjernobyl pisa noach jericho
    """.split()
)


def main() -> int:
    parser = DutchParser(
        "Maakt data/words_nl.txt.gz: gewone Nederlandse woorden, waaraan de privacystap ziet wat geen naam is.",
        "python scripts/make_words.py /usr/share/dict/dutch",
    )
    parser.add_argument("words", type=Path, metavar="BESTAND", help="woordenlijst van OpenTaal")
    arguments = parser.parse_args()

    from pipeline.intake.namelists import LONGEST_WORD, PROPER_FILE, WORDS_FILE, fold, name_lists  # noqa: PLC0415  --help is quick
    from pipeline.settings import PROJECT_ROOT  # noqa: PLC0415

    listed = arguments.words.read_text(encoding="utf-8").split("\n")
    words = {fold(word) for word in listed if word.islower() and word.isalpha()}
    words |= {word for word in own_words(PROJECT_ROOT / "data", fold) if word not in name_lists().first}
    kept = sorted(word.encode() for word in words if SHORTEST <= len(word) <= LONGEST_WORD)
    WORDS_FILE.write_bytes(gzip.compress(b"\n".join(kept), mtime=0))
    names = name_lists()
    sure = OWN_PROPER | places(set(listed), PROJECT_ROOT / "data", name_lists().first, fold)
    proper = {fold(word) for word in listed if word[:1].isupper() and word.replace("-", "").isalpha()}
    nobody = sorted(
        word.encode()
        for word in proper | sure
        if word in sure or word not in (names.first - names.common_first) | (names.last - names.common_last)
    )
    PROPER_FILE.write_bytes(gzip.compress(b"\n".join(nobody), mtime=0))
    print(f"{len(nobody)} namen van niemand in {PROPER_FILE.name}")
    print(f"{len(kept)} woorden in {WORDS_FILE.name}")
    return DONE


def places(listed: set[str], data: Path, first_names: frozenset[str], fold: Callable[[str], str]) -> set[str]:
    """Countries, languages and cities of the world (CLDR), our areas, and towns: those with an adjective in -se."""
    from babel import Locale  # noqa: PLC0415  no dependency of the project

    dutch = Locale("nl")
    named = {*dutch.territories.values(), *dutch.languages.values()}
    with (data / "areas.csv").open(encoding="utf-8", newline="") as file:
        named |= {row["name"] for row in csv.DictReader(file)}
    towns = {word.removesuffix("se") for word in listed if word.endswith("se")}
    towns |= {word for word in listed if {f"{word}er", f"{word}ers"} <= listed}
    towns |= {str(zone.get("city", "")) for zone in dutch.time_zones.values()}
    named |= {town for town in towns if (town in listed and town[:1].isupper() and fold(town) not in first_names)}
    return {fold(name) for name in named if name.isalpha() and len(name) > SHORTEST_PLACE}


def own_words(data: Path, fold: Callable[[str], str]) -> set[str]:
    """Words in lower case of the lexicon and of the labelled remarks, those that occur twice or more."""
    counts: Counter[str] = Counter()
    for path in (data / "lexicon.csv", *sorted((data / "history").glob("*.csv"))):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                text = f"{row['term']} {row['term']}" if "term" in row else row["text"]
                counts.update(fold(word) for word in LOWER_CASE.findall(text))
    return {word for word, count in counts.items() if count > 1}


if __name__ == "__main__":
    run(main)
