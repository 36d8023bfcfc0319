"""A lint of contacts.csv: everything that would send a letter to the wrong place, or nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline.areas import Areas
from pipeline.domains import Taxonomy
from pipeline.routing.contacts import ADDRESS, CONTACT_COLUMNS, ContactRow, contact_row
from pipeline.tables import read_table


@dataclass(frozen=True)
class Finding:
    """One thing that is not right.

    Attributes
    ----------
    row
        Row in the file, the header being row 1; 0 for what is about the whole file.
    undeliverable
        Whether a letter would reach nobody.
    """

    row: int
    message: str
    undeliverable: bool = False


def check_contacts(path: Path, taxonomy: Taxonomy, areas: Areas, team_email: str, today: date) -> list[Finding]:
    """Everything that is wrong with contacts.csv, by row.

    Raises
    ------
    SettingsError
        When the file cannot be read or a column is missing.
    """
    cells = read_table(path, CONTACT_COLUMNS, dict)
    findings: list[Finding] = []
    rows: dict[int, ContactRow] = {}
    for number, row in enumerate(cells, start=2):
        try:
            rows[number] = contact_row(row, taxonomy)
        except ValueError as error:
            findings.append(Finding(number, str(error), undeliverable=not ADDRESS.fullmatch(row["email"])))
    findings += [*_places(rows, areas), *_doubles(rows), *_deputies(rows)]
    team = bool(ADDRESS.fullmatch(team_email)) and not team_email.endswith("@example.nl")
    findings += _gaps(rows, taxonomy, today, team_reachable=team)
    return sorted(findings, key=lambda finding: finding.row)


def _places(rows: dict[int, ContactRow], areas: Areas) -> Iterator[Finding]:
    for number, row in rows.items():
        if row.area and areas.names and not areas.knows(row.area):
            yield Finding(number, f"onbekend gebied {row.area!r}: deze rij wordt nooit gekozen")


def _doubles(rows: dict[int, ContactRow]) -> Iterator[Finding]:
    places: dict[tuple[str, str], int] = {}
    people: dict[str, tuple[int, str]] = {}
    for number, row in rows.items():
        first = places.setdefault((row.domain, row.area.casefold()), number)
        if first != number:
            yield Finding(number, f"{row.domain} in {row.area or 'alle gebieden'} staat al in rij {first}")
        earlier, name = people.setdefault(row.contact.email.casefold(), (number, row.contact.name))
        if name != row.contact.name:
            yield Finding(number, f"hetzelfde adres als in rij {earlier}, met een andere naam")


def _deputies(rows: dict[int, ContactRow]) -> Iterator[Finding]:
    by_email = {row.contact.email.casefold(): row for row in rows.values()}
    for number, row in rows.items():
        deputy = by_email.get(row.deputy.casefold())
        if not row.deputy:
            if row.ever_away:
                yield Finding(number, f"{row.contact.department} is afwezig en heeft geen vervanger")
        elif deputy is None:
            yield Finding(number, "de vervanger is zelf geen contact in dit bestand")
        elif row.deputy.casefold() == row.contact.email.casefold():
            yield Finding(number, "de vervanger is het contact zelf")
        elif row.ever_away and deputy.ever_away and _overlap(row, deputy):
            yield Finding(number, f"{row.contact.department} en de vervanger zijn tegelijk afwezig")


def _overlap(one: ContactRow, other: ContactRow) -> bool:
    start = max(one.away_from or date.min, other.away_from or date.min)
    return start <= min(one.away_until or date.max, other.away_until or date.max)


def _gaps(rows: dict[int, ContactRow], taxonomy: Taxonomy, today: date, *, team_reachable: bool) -> Iterator[Finding]:
    by_email = {row.contact.email.casefold(): row for row in rows.values()}
    everywhere = {row.domain: row for row in rows.values() if not row.area}
    to_team = "de post gaat naar het team" if team_reachable else "en het team heeft geen geldig adres ([team] email)"
    for domain in taxonomy.ids:
        row = everywhere.get(domain)
        if row is None:
            yield Finding(0, f"{domain} heeft geen contact voor alle gebieden: {to_team}", not team_reachable)
        elif row.away(today):
            deputy = by_email.get(row.deputy.casefold())
            if deputy is None or deputy.away(today):
                yield Finding(0, f"{domain}: contact en vervanger zijn vandaag afwezig: {to_team}", not team_reachable)


def as_lines(findings: Sequence[Finding], path: Path) -> list[str]:
    """Findings as Dutch lines with file and row."""
    return [_line(finding, path) for finding in findings]


def _line(finding: Finding, path: Path) -> str:
    where = f"{path}, rij {finding.row}" if finding.row else str(path)
    return f"{'FOUT' if finding.undeliverable else 'Let op'}: {where}: {finding.message}"
