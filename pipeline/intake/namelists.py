"""Lists that tell names from words: first and last names of many languages, and the words of Dutch."""

from __future__ import annotations

import gzip
import unicodedata
from bisect import bisect_left, bisect_right
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from pipeline.settings import PROJECT_ROOT

NAMES_FILE = PROJECT_ROOT / "data" / "names.csv"
WORDS_FILE = PROJECT_ROOT / "data" / "words_nl.txt.gz"
PROPER_FILE = PROJECT_ROOT / "data" / "proper_nl.txt.gz"  # towns, peoples, makes: what has a capital and is nobody
LONGEST_WORD = 12  # letters; what is longer is a compound, not a name, and is not in the file


class NameLists(NamedTuple):
    """First names and last names, folded, and of each those that are common Dutch words too."""

    first: frozenset[str]
    last: frozenset[str]
    common_first: frozenset[str]
    common_last: frozenset[str]


@cache
def name_lists() -> NameLists:
    """Read the names, once."""
    rows = NAMES_FILE.read_text(encoding="utf-8").split("\n")[1:]  # nothing is quoted; csv takes twice as long
    common_first, common_last = _ending(rows, ",first,true"), _ending(rows, ",last,true")
    return NameLists(
        first=_ending(rows, ",first,false") | common_first,
        last=_ending(rows, ",last,false") | common_last,
        common_first=common_first,
        common_last=common_last,
    )


def _ending(rows: list[str], ending: str) -> frozenset[str]:
    return frozenset(row[: -len(ending)] for row in rows if row.endswith(ending))


@cache
def _listed(file: Path) -> bytes:
    """All words of a file in order, each between line ends: quicker to begin with than a set of 200,000."""
    return b"\n" + gzip.decompress(file.read_bytes()) + b"\n"


@lru_cache(maxsize=50_000)
def is_word(folded: str) -> bool:
    """Whether a folded word is ordinary Dutch: on the list of words, too long to tell, or two of the list joined."""
    if len(folded) > LONGEST_WORD or _on_the_list(folded, WORDS_FILE):
        return True
    return any(
        _on_the_list(folded[:middle], WORDS_FILE) and _on_the_list(folded[middle:], WORDS_FILE)
        for middle in range(4, len(folded) - 3)
    )


def is_listed_word(folded: str) -> bool:
    """Whether a word itself is on the list: many surnames are two words joined, such as Kromhout."""
    return len(folded) > LONGEST_WORD or _on_the_list(folded, WORDS_FILE)


@lru_cache(maxsize=50_000)
def is_known(folded: str) -> bool:
    """Whether a folded word with a capital is no unknown name: a word, or a town, a people, a make."""
    if is_word(folded) or _on_the_list(folded, PROPER_FILE):
        return True
    return len(folded) > 7 and any(
        _on_the_list(folded[:middle], WORDS_FILE) and _on_the_list(folded[middle:], WORDS_FILE)
        for middle in (3, len(folded) - 3)
    )


def is_town(folded: str) -> bool:
    """Whether a folded word may be a town: it has a capital and is nobody's name."""
    return _on_the_list(folded, PROPER_FILE)


def _on_the_list(folded: str, file: Path) -> bool:
    sought = folded.encode()
    return sought in _beginning(sought[:2], file)


@cache
def _beginning(letters: bytes, file: Path) -> frozenset[bytes]:
    """The words of a file that begin with two letters; so a single text needs only a few of them."""
    words = _listed(file)

    def begins(place: int) -> bytes:  # of the word behind a place
        line = words.find(b"\n", place) + 1
        return words[line : line + len(letters)].split(b"\n")[0] if 0 < line < len(words) else b"\xff"

    first = bisect_left(range(len(words)), letters, key=begins)
    last = bisect_right(range(len(words)), letters, lo=first, key=begins)
    return frozenset(words[first : words.find(b"\n", last)].split(b"\n"))


@lru_cache(maxsize=50_000)
def is_first_name(word: str) -> bool:
    """Whether a word, or each part of a double name, is on the list of first names."""
    first = name_lists().first
    folded = fold(word)
    return folded in first or all(part in first for part in folded.split("-"))


@lru_cache(maxsize=50_000)
def fold(word: str) -> str:
    """Lower case without accents, as the lists have their names."""
    plain = unicodedata.normalize("NFD", word.lower().replace("’", "'"))
    return "".join(c for c in plain if not unicodedata.combining(c)).replace("ı", "i").replace("ł", "l")


def in_small_letters(text: str) -> str:
    """Lower case of the same length, so that places in it are places in the text: a few letters would become two."""
    small = text.lower()
    return small if len(small) == len(text) else "".join(map(_small, text))


def _small(letter: str) -> str:
    small = letter.lower()
    return small if len(small) == 1 else letter
