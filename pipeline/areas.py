"""The municipality's areas: names, and which area is part of which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.tables import read_table

AREA_COLUMNS = ("code", "name", "kind", "part_of")


@dataclass(frozen=True)
class Areas:
    """All areas; empty when the municipality has no list of them.

    Attributes
    ----------
    part_of
        Folded name of each area that is part of another, with that other one's folded name.
    names
        Folded names with the names as written.
    """

    names: Mapping[str, str]
    part_of: Mapping[str, str]

    def knows(self, name: str) -> bool:
        """Whether there is an area of this name."""
        return name.casefold() in self.names

    def from_small_to_large(self, name: str) -> list[str]:
        """Folded names of an area and of all that it is part of; only the name itself when it is not known."""
        found = [name.casefold()]
        while (larger := self.part_of.get(found[-1])) is not None and larger not in found:
            found.append(larger)
        return found


NO_AREAS = Areas({}, {})


def load_areas(path: Path) -> Areas:
    """Read areas.csv (columns code, name, kind, part_of: the code of the larger area); no file means no areas.

    Raises
    ------
    SettingsError
        When a column is missing or a row is part of an unknown area; with row.
    """
    if not path.exists():
        return NO_AREAS
    names: dict[str, str] = {}

    def area(row: dict[str, str]) -> tuple[str, str]:
        if row["part_of"] and row["part_of"] not in names:
            raise ValueError(f"deel van onbekend gebied {row['part_of']!r}")
        names[row["code"]] = row["name"]
        return row["name"], names.get(row["part_of"], "")

    rows = read_table(path, AREA_COLUMNS, area)
    part_of = {name.casefold(): larger.casefold() for name, larger in rows if larger and larger != name}
    return Areas({name.casefold(): name for name, _ in rows}, part_of)
