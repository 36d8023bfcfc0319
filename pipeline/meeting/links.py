"""What belongs together: repeated remarks, hot spots, and chances to connect domains and running projects."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from pipeline.domains import Taxonomy
from pipeline.tables import read_table

PROJECT_COLUMNS = ("name", "streets", "area", "domains", "from", "until", "contact", "budget")
ALIKE = 0.3  # share of content words that two remarks on the same matter have in common
MOST_COMPARED = 200  # remarks compared with each other in one street; more would take quadratic time
MIN_STREET_REMARKS = 3
WORD = re.compile(r"[^\W\d_]{4,}")
Row = dict[str, Any]


@dataclass(frozen=True)
class Project:
    """A running or planned project of the municipality."""

    name: str
    streets: tuple[str, ...]
    area: str
    domains: tuple[str, ...]
    start: date
    end: date
    contact: str
    budget: str


@dataclass(frozen=True)
class Repeat:
    """Remarks that say the same thing; the first one stands for all."""

    rows: tuple[Row, ...]

    @property
    def first(self) -> Row:
        """The remark that came first."""
        return self.rows[0]


@dataclass(frozen=True)
class Chance:
    """Things that belong together across domains and budgets.

    Attributes
    ----------
    domains
        Domain ids that meet here.
    window
        Time in which it can still be done, in Dutch, or "".
    """

    title: str
    why: str
    domains: tuple[str, ...]
    departments: tuple[str, ...]
    budgets: tuple[str, ...]
    window: str
    rows: tuple[Row, ...]


def load_projects(path: Path, taxonomy: Taxonomy) -> list[Project]:
    """Read projects.csv; no file means no projects.

    Raises
    ------
    SettingsError
        When a column is missing, or a row has an unknown domain or no valid date; with row.
    """
    if not path.exists():
        return []
    return read_table(path, PROJECT_COLUMNS, partial(_project, taxonomy=taxonomy))


def find_repeats(rows: Sequence[Row]) -> list[Repeat]:
    """Groups of remarks in one street or area that share enough words, largest first."""
    groups = [group for place in _by_place(rows) for group in _alike(place)]
    return [Repeat(tuple(group)) for group in sorted(groups, key=len, reverse=True)]


def find_chances(
    rows: Sequence[Row], projects: Sequence[Project], taxonomy: Taxonomy, today: date, most: int
) -> list[Chance]:
    """Chances to connect, those with a project first, at most `most`."""
    by_street: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["street"]:
            by_street[row["street"].casefold()].append(row)
    planned = [chance for project in projects if project.end >= today
               for chance in _project_chance(project, by_street, taxonomy, today)]  # fmt: skip
    taken = {street.casefold() for project in projects if project.end >= today for street in project.streets}
    streets = [chance for street, found in by_street.items() if street not in taken
               for chance in _street_chance(found, taxonomy)]  # fmt: skip
    planned.sort(key=lambda chance: -len(chance.rows))
    streets.sort(key=lambda chance: (-len(chance.domains), -len(chance.rows)))
    return (planned + streets)[:most]


def _project(row: dict[str, str], taxonomy: Taxonomy) -> Project:
    return Project(
        name=row["name"],
        streets=tuple(street.strip() for street in row["streets"].split(";") if street.strip()),
        area=row["area"],
        domains=taxonomy.split(row["domains"]),
        start=date.fromisoformat(row["from"]),
        end=date.fromisoformat(row["until"]),
        contact=row["contact"],
        budget=row["budget"],
    )


def _by_place(rows: Sequence[Row]) -> Iterator[list[Row]]:
    places: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        place = row["street"] or row["area"]
        if place:
            places[place.casefold(), row["primary_domain"]].append(row)
    yield from (found for found in places.values() if len(found) > 1)


def _alike(rows: list[Row]) -> Iterator[list[Row]]:
    words = [set(WORD.findall(row["text"].lower())) for row in rows[:MOST_COMPARED]]
    left = list(range(len(words)))
    while left:
        first = left.pop(0)
        same = [other for other in left if _overlap(words[first], words[other]) >= ALIKE]
        if same:
            left = [other for other in left if other not in same]
            yield [rows[i] for i in (first, *same)]


def _overlap(one: set[str], other: set[str]) -> float:
    return len(one & other) / max(math.sqrt(len(one) * len(other)), 1.0)


def _domains_of(rows: Sequence[Row]) -> list[str]:
    counts = Counter(domain for row in rows for domain in row["domains"].split(";") if domain)
    return [domain for domain, _ in counts.most_common()]


def _departments_of(rows: Sequence[Row]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for row in rows for name in row["departments"].split(";") if name))


def _budgets(domains: Sequence[str], taxonomy: Taxonomy) -> tuple[str, ...]:
    return tuple(dict.fromkeys(field for domain in domains for field in taxonomy.by_id[domain].iv3))


def _project_chance(
    project: Project, by_street: dict[str, list[Row]], taxonomy: Taxonomy, today: date
) -> Iterator[Chance]:
    rows = [row for street in project.streets for row in by_street.get(street.casefold(), [])]
    others = [domain for domain in _domains_of(rows) if domain not in project.domains]
    if not others:
        return
    names = ", ".join(taxonomy.name(domain) for domain in others)
    start = f"{project.start:%d-%m-%Y}"
    window = (
        f"voor de start op {start}" if project.start > today else f"zolang het werk loopt, tot {project.end:%d-%m-%Y}"
    )
    yield Chance(
        title=project.name,
        why=f"Hier wordt gewerkt ({start} tot {project.end:%d-%m-%Y}) en bewoners vragen er ook om: {names}.",
        domains=(*project.domains, *others),
        departments=(project.contact, *_departments_of(rows)),
        budgets=tuple(dict.fromkeys((project.budget, *_budgets(others, taxonomy)))),
        window=window,
        rows=tuple(rows),
    )


def _street_chance(rows: Sequence[Row], taxonomy: Taxonomy) -> Iterator[Chance]:
    domains = list(dict.fromkeys(row["primary_domain"] for row in rows if row["primary_domain"]))
    if len(rows) < MIN_STREET_REMARKS or len(domains) < 2:
        return
    names = ", ".join(taxonomy.name(domain) for domain in domains)
    yield Chance(
        title=rows[0]["street"],
        why=f"{len(rows)} opmerkingen uit dezelfde straat over verschillende onderwerpen: {names}.",
        domains=tuple(domains),
        departments=_departments_of(rows),
        budgets=_budgets(domains, taxonomy),
        window="",
        rows=tuple(rows),
    )
