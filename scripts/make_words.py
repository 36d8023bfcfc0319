"""Make data/words_nl.txt.gz, by which the privacy step knows an ordinary word from a name.

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
    digid fixi buiten beter buitenbeter signalen
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
    proper = {fold(word) for word in listed if word[:1].isupper() and word.replace("-", "").isalpha()}
    nobody = sorted(
        word.encode()
        for word in proper | OWN_PROPER
        if word not in names.first - names.common_first and word not in names.last - names.common_last
    )
    PROPER_FILE.write_bytes(gzip.compress(b"\n".join(nobody), mtime=0))
    print(f"{len(nobody)} namen van niemand in {PROPER_FILE.name}")
    print(f"{len(kept)} woorden in {WORDS_FILE.name}")
    return DONE


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
