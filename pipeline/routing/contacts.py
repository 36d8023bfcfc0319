"""Domain and area to a department contact; deputies; gaps found by a lint."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from pipeline.areas import NO_AREAS, Areas
from pipeline.domains import Taxonomy
from pipeline.tables import read_table

CONTACT_COLUMNS = ("domain", "area", "department", "name", "email", "deputy", "away_from", "away_until")
ADDRESS = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


@dataclass(frozen=True)
class Contact:
    """Somebody who gets a letter."""

    department: str
    name: str
    email: str


@dataclass(frozen=True)
class ContactRow:
    """One row of contacts.csv: who answers for a domain, everywhere or in one area."""

    domain: str
    area: str
    contact: Contact
    deputy: str
    away_from: date | None
    away_until: date | None

    @property
    def ever_away(self) -> bool:
        """Whether an absence is written down."""
        return self.away_from is not None or self.away_until is not None

    def away(self, day: date) -> bool:
        """Whether the contact is away on a day (both ends included)."""
        if not self.ever_away:
            return False
        return (self.away_from or date.min) <= day <= (self.away_until or date.max)


@dataclass(frozen=True)
class Assignment:
    """A remark's domain, the contact who gets it, and the rule that chose that contact."""

    domain: str
    contact: Contact
    rule: str


class ContactBook:
    """All contacts; the most specific row wins, and an absent contact's post goes to the deputy.

    Parameters
    ----------
    team
        Gets what nobody else can be found for.
    areas
        Tells of which larger area an area is part: a contact for Centrum also answers for Binnenstad-Noord.
    """

    def __init__(self, rows: Sequence[ContactRow], team: Contact, areas: Areas = NO_AREAS) -> None:
        self.rows = tuple(rows)
        self.team = team
        self.areas = areas
        self._by_place = {(row.domain, row.area.casefold()): row for row in rows}
        self._by_email = {row.contact.email.casefold(): row for row in rows}

    def assign(self, domains: Iterable[str], area: str, day: date) -> tuple[Assignment, ...]:
        """The contact of each domain, in the order of `domains`."""
        return tuple(self._assign(domain, area, day) for domain in domains)

    def _assign(self, domain: str, area: str, day: date) -> Assignment:
        places = [*self.areas.from_small_to_large(area), ""] if area else [""]
        row = next((self._by_place[domain, place] for place in places if (domain, place) in self._by_place), None)
        if row is None:
            return Assignment(domain, self.team, f"{domain}: geen contact, naar het team")
        rule = f"{domain} in {row.area}" if row.area else f"{domain}, overal"
        if not row.away(day):
            return Assignment(domain, row.contact, rule)
        deputy = self._by_email.get(row.deputy.casefold())
        if deputy is None or deputy.away(day):
            return Assignment(domain, self.team, f"{rule}: afwezig zonder vervanger, naar het team")
        return Assignment(domain, deputy.contact, f"{rule}: vervanger van {row.contact.department}")


def load_contacts(path: Path, taxonomy: Taxonomy, team: Contact, areas: Areas = NO_AREAS) -> ContactBook:
    """Read contacts.csv.

    Raises
    ------
    SettingsError
        When the file is missing, or a row has an unknown domain, no valid address or no valid date; with row.
    """
    rows = read_table(path, CONTACT_COLUMNS, partial(contact_row, taxonomy=taxonomy))
    return ContactBook(rows, team, areas)


def contact_row(row: dict[str, str], taxonomy: Taxonomy) -> ContactRow:
    """One row of contacts.csv; a ValueError says what is wrong with it."""
    if row["domain"] not in taxonomy.position:
        raise ValueError(f"onbekend domein {row['domain']!r}")
    if not ADDRESS.fullmatch(row["email"]):
        raise ValueError("geen geldig e-mailadres in kolom 'email'")
    contact = Contact(row["department"], row["name"], row["email"])
    away_from, away_until = _day(row["away_from"]), _day(row["away_until"])
    return ContactRow(row["domain"], row["area"], contact, row["deputy"], away_from, away_until)


def _day(cell: str) -> date | None:
    try:
        return date.fromisoformat(cell) if cell else None
    except ValueError:
        raise ValueError(f"{cell!r} is geen datum (jjjj-mm-dd)") from None
