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


def main() -> int:
    parser = DutchParser(
        "Maakt data/words_nl.txt.gz: gewone Nederlandse woorden, waaraan de privacystap ziet wat geen naam is.",
        "python scripts/make_words.py /usr/share/dict/dutch",
    )
    parser.add_argument("words", type=Path, metavar="BESTAND", help="woordenlijst van OpenTaal")
    arguments = parser.parse_args()

    from pipeline.intake.namelists import LONGEST_WORD, WORDS_FILE, fold, name_lists  # noqa: PLC0415  --help is quick
    from pipeline.settings import PROJECT_ROOT  # noqa: PLC0415

    listed = arguments.words.read_text(encoding="utf-8").split("\n")
    words = {fold(word) for word in listed if word.islower() and word.isalpha()}
    words |= {word for word in own_words(PROJECT_ROOT / "data", fold) if word not in name_lists().first}
    kept = sorted(word.encode() for word in words if SHORTEST <= len(word) <= LONGEST_WORD)
    WORDS_FILE.write_bytes(gzip.compress(b"\n".join(kept), mtime=0))
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
