"""Streets and areas that a remark names, for when their columns are empty."""

from __future__ import annotations

import gzip
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd
from rapidfuzz import fuzz, process

from pipeline.areas import Areas
from pipeline.errors import SettingsError

SURE = re.compile(r"[\w'’-]{3,}(?:straat|laan|weg|plein|kade|singel|gracht|steeg|dreef|plantsoen)$", re.IGNORECASE)
# these end a street's name too, but only a capital tells it from a thing
MAYBE = re.compile(
    r"[\w'’-]{2,}(?:straat|laan|weg|plein|kade|singel|gracht|steeg|dreef|plantsoen|pad|hof|dijk|wal|kamp|park|diep|hage|weide|"
    r"veld|akker|erf|horst|oord|haven|markt)$|^brink$|^markt$",
    re.IGNORECASE,
)
WORD = re.compile(r"[\w'’.-]*[\w'’]")
MOST_WORDS = 4  # of a street's name
ALIKE_ENOUGH = 88  # of 100: "Vliersraat" is Vlierstraat, Vlierhof is not
# kinds of road and place, which are also names of some street somewhere
GENERIC = frozenset(
    """
    straat laan weg plein pad kade singel gracht steeg dreef plantsoen hof dijk wal kamp park veld akker erf haven
    fietspad voetpad wandelpad zebrapad achterpad tuinpad ruiterpad looppad zandpad schelpenpad schoolpad kerkpad
    schoolplein speelplein marktplein dorpsplein winkelplein stationsplein parkeerplein werkplein voorplein
    winkelstraat hoofdstraat zijstraat fietsstraat woonstraat speelstraat milieustraat schoolstraat dwarsstraat
    dorpsstraat wasstraat buurtstraat snelweg ringweg rondweg rijweg parallelweg ventweg omweg vluchtweg bouwweg
    hoofdweg zandweg dorpsweg landweg onderweg tramweg waterweg uitweg inweg halverwege wandelweg invalsweg
    oprijlaan sportpark vakantiepark pretpark stadspark zonnepark tennispark wijkpark speelpark recreatiepark
    trapveld speelveld sportveld voetbalveld grasveld speelweide ligweide jachthaven binnenhaven kerkhof gerechtshof
    winkelhof kinderhof omslag overweg ontsluitingsweg
    toegangsweg provincialeweg rijksweg autoweg spoorweg luchthaven huisdreef voorhof achtererf
    schoolerf woonerf boerenerf
    """.split()
)


@dataclass(frozen=True)
class StreetList:
    """The names of all streets, read when they are first needed.

    Parameters
    ----------
    path
        File with a street's name on every line, gzipped when it ends in ".gz".
    """

    path: Path

    @cached_property
    def names(self) -> dict[str, str]:
        """Folded names with the names as written; empty without a file.

        Raises
        ------
        SettingsError
            When the file cannot be read.
        """
        if not self.path.exists():
            return {}
        try:
            with gzip.open(self.path, "rt", encoding="utf-8") if self.path.suffix == ".gz" else \
                 self.path.open(encoding="utf-8") as file:  # fmt: skip
                return {name.casefold(): name for name in map(str.strip, file) if name}
        except (OSError, EOFError, UnicodeDecodeError) as error:
            raise SettingsError(f"{self.path} is geen leesbare lijst van straten: {error}") from None


class Places:
    """Finds the street and the area that a text names.

    Parameters
    ----------
    streets
        All streets, or the file that has them.
    near
        Streets of this team: a misspelled one is recognised.
    """

    def __init__(self, areas: Areas, streets: Path | StreetList, near: Iterable[str] = ()) -> None:
        self._areas = areas
        self._streets = StreetList(streets) if isinstance(streets, Path) else streets
        self.near: dict[str, str] = {}
        self._near_by_start: dict[str, list[str]] = defaultdict(list)
        for name in near:
            folded = name.casefold()
            if folded and folded not in self.near:
                self.near[folded] = name
                self._near_by_start[folded[:3]].append(folded)
        names = sorted((re.escape(name) for name in areas.names.values() if len(name) > 4), key=len, reverse=True)
        self._area = re.compile(rf"\b(?:{'|'.join(names)})\b") if names else None

    def with_near(self, names: Iterable[str]) -> Places:
        """The same places with more streets of this team; the list of all streets is shared."""
        return Places(self._areas, self._streets, (*self.near.values(), *names))

    def load(self) -> None:
        """Read the list of streets now, for when its file will not stay."""
        self._streets.names  # noqa: B018

    def street_in(self, text: str) -> tuple[str, str]:
        """The first street that a text names, and the words that said so; both "" when there is none."""
        words = list(WORD.finditer(text))
        for place, word in enumerate(words):
            for street, start in self._ending_at(words, place):
                return street, text[words[start].start() : word.end()]
        return "", ""

    def area_in(self, text: str) -> str:
        """The first area that a text names, or ""."""
        found = self._area.search(text) if self._area else None
        return found[0] if found else ""

    def _ending_at(self, words: list[re.Match[str]], place: int) -> Iterator[tuple[str, int]]:
        """Street of which this word is the last, with the place of its first word."""
        last = words[place].group()
        folded = last.casefold()
        capital = last[0].isupper()
        if (MAYBE if capital else SURE).search(last) and (capital or folded not in GENERIC):
            for start in range(max(0, place - MOST_WORDS + 1), place + 1):
                name = self._known(" ".join(word.group() for word in words[start : place + 1]))
                if name and (start < place or folded not in GENERIC):
                    yield name, start
                    return
        if near := self._nearly(folded):
            yield near, place
        elif capital and place and folded not in GENERIC and SURE.search(last):
            yield last, place

    def _known(self, phrase: str) -> str:
        folded = phrase.casefold()
        return self.near.get(folded) or self._streets.names.get(folded, "")

    def _nearly(self, word: str) -> str:
        names = self._near_by_start.get(word[:3]) if len(word) >= 7 else None
        found = process.extractOne(word, names, scorer=fuzz.ratio, score_cutoff=ALIKE_ENOUGH) if names else None
        return self.near[found[0]] if found else ""


def fill_places(table: pd.DataFrame, places: Places) -> pd.DataFrame:
    """The remark table with streets and areas from the text where the columns are empty.

    The new column `place_from_text` has the words in which a street or area was found, otherwise "". Streets of the
    table's own column help to read misspelled ones; those of other tables do not, so that the answer is the same
    whatever was read before.
    """
    places = places.with_near(table["street"])
    streets, areas, found = [], [], []
    for text, street, area in zip(table["text"], table["street"], table["area"], strict=True):
        words: list[str] = []
        if not street:
            street, said = places.street_in(text)  # noqa: PLW2901
            words += [said] if said else []
        if not area:
            area = places.area_in(text)  # noqa: PLW2901
            words += [area] if area else []
        streets.append(street)
        areas.append(area)
        found.append(", ".join(words))
    return table.assign(street=streets, area=areas, place_from_text=found)
