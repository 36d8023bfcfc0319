"""What belongs together: chances to connect domains and running projects."""

from __future__ import annotations

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
MIN_STREET_REMARKS = 3
MEETS_COLUMNS = ("domain", "meets")
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


@dataclass(frozen=True)
class Meets:
    """Which domains can serve each other with one piece of work, one place or one budget.

    Attributes
    ----------
    pairs
        Both orders of every pair; None when no table is given: then all domains meet.
    """

    pairs: frozenset[tuple[str, str]] | None = None

    def __call__(self, one: str, other: str) -> bool:
        """Whether two different domains meet."""
        return one != other and (self.pairs is None or (one, other) in self.pairs)


def load_meets(path: Path, taxonomy: Taxonomy) -> Meets:
    """Read meets.csv (domain, meets: domains joined by ";"); a pair counts in both orders.

    Raises
    ------
    SettingsError
        When a column is missing or a domain is unknown; with row.
    """
    if not path.exists():
        return Meets()

    def pairs(row: dict[str, str]) -> list[tuple[str, str]]:
        (domain,) = taxonomy.split(row["domain"])
        return [(domain, other) for other in taxonomy.split(row["meets"])]

    found = [pair for row in read_table(path, MEETS_COLUMNS, pairs) for pair in row]
    return Meets(frozenset([*found, *((other, one) for one, other in found)]))


def find_chances(
    rows: Sequence[Row], projects: Sequence[Project], taxonomy: Taxonomy, meets: Meets, today: date, most: int
) -> list[Chance]:
    """Chances to connect, those with a project first, at most `most`.

    A remark about acute danger is no chance: it is looked at now.
    """
    by_street: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["street"] and not row["urgent"]:
            by_street[row["street"].casefold()].append(row)
    planned = [chance for project in projects if project.end >= today
               for chance in _project_chance(project, by_street, taxonomy, meets, today)]  # fmt: skip
    taken = {street.casefold() for project in projects if project.end >= today for street in project.streets}
    streets = [chance for street, found in by_street.items() if street not in taken
               for chance in _street_chance(found, taxonomy, meets)]  # fmt: skip
    planned.sort(key=lambda chance: -len(chance.rows))
    streets.sort(key=lambda chance: (-len(chance.domains), -len(chance.rows)))
    return (planned + streets)[:most]


def touches(project: Project, domains: Sequence[str], meets: Meets) -> list[str]:
    """The domains of a remark that a project could serve while it does not do so by itself."""
    if any(domain in project.domains for domain in domains[:1]):
        return []
    return [domain for domain in domains if any(meets(own, domain) for own in project.domains)]


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


def _domains_of(rows: Sequence[Row]) -> list[str]:
    counts = Counter(domain for row in rows for domain in row["domains"].split(";") if domain)
    return [domain for domain, _ in counts.most_common()]


def _departments_of(rows: Sequence[Row]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for row in rows for name in row["departments"].split(";") if name))


def _budgets(domains: Sequence[str], taxonomy: Taxonomy) -> tuple[str, ...]:
    return tuple(dict.fromkeys(field for domain in domains for field in taxonomy.by_id[domain].iv3))


def _project_chance(
    project: Project, by_street: dict[str, list[Row]], taxonomy: Taxonomy, meets: Meets, today: date
) -> Iterator[Chance]:
    here = [row for street in project.streets for row in by_street.get(street.casefold(), [])]
    rows = [row for row in here if touches(project, row["domains"].split(";"), meets)]
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


def _street_chance(rows: Sequence[Row], taxonomy: Taxonomy, meets: Meets) -> Iterator[Chance]:
    """The remarks of one street whose first domains meet those of another remark there."""
    met = [row for row in rows if any(meets(row["primary_domain"], other["primary_domain"]) for other in rows)]
    domains = list(dict.fromkeys(row["primary_domain"] for row in met))
    if len(met) < MIN_STREET_REMARKS:
        return
    names = ", ".join(taxonomy.name(domain) for domain in domains)
    yield Chance(
        title=met[0]["street"],
        why=f"{len(met)} opmerkingen uit dezelfde straat over onderwerpen die elkaar raken: {names}.",
        domains=tuple(domains),
        departments=_departments_of(met),
        budgets=_budgets(domains, taxonomy),
        window="",
        rows=tuple(met),
    )
