"""overview.html and overview.xlsx: one page that gives the meeting its overview."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from openpyxl import Workbook

from pipeline.domains import Taxonomy
from pipeline.meeting.hotspots import HotSpot
from pipeline.meeting.links import Chance
from pipeline.meeting.repeats import Repeat
from pipeline.settings import Team
from pipeline.sheets import add_table, as_date, cell
from pipeline.store import PastWeek

Row = dict[str, Any]

SHEET_COLUMNS = {
    "id": "Nummer", "received": "Ontvangen", "area": "Wijk", "street": "Straat", "text": "Opmerking",
    "domains": "Domeinen", "confidence": "Zekerheid", "decision": "Besluit", "reason": "Waarom",
    "departments": "Afdelingen",
}  # fmt: skip
WIDTHS = (12, 17, 20, 20, 90, 28, 10, 10, 36, 40)
MOST_AREAS_IN_MAP = 30
CHANCE_COLUMNS = (
    ("Kans", 32),
    ("Waarom", 70),
    ("Wanneer", 30),
    ("Wie met wie", 60),
    ("Taakvelden", 18),
    ("Nummers", 40),
)
FIXED_SHEETS = ("Overzicht", "Te beoordelen", "Kansen", "Alle opmerkingen")
FORBIDDEN_IN_TITLE = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
MOST_TITLE_CHARS = 31
DECISIONS = {"route": "doorgestuurd", "review": "te beoordelen", "urgent": "nu kijken"}


@dataclass(frozen=True)
class Week:
    """Everything the page shows.

    Attributes
    ----------
    rows
        Remarks that are written out, in the input's order; at most the setting's number.
    urgent, review
        Remarks to look at now, the likeliest danger first, and remarks that need a person's judgement.
    n_remarks, n_rejected, n_letters
        Numbers over the whole week, also of what is not written out.
    by_domain, by_area, by_decision, by_area_and_domain
        Number of remarks of the whole week per primary domain, area, decision, and area with primary domain.
    busiest_streets
        Streets with more than one remark, the busiest first.
    weeks
        Weeks in the store up to this one, oldest first.
    drift
        Signs that the model no longer fits, in Dutch.
    """

    name: str
    rows: Sequence[Row]
    urgent: Sequence[Row]
    review: Sequence[Row]
    n_remarks: int
    by_domain: dict[str, int]
    by_area: dict[str, int]
    by_decision: dict[str, int]
    by_area_and_domain: dict[tuple[str, str], int]
    hot_spots: Sequence[HotSpot]
    busiest_streets: dict[str, int]
    repeats: Sequence[Repeat]
    chances: Sequence[Chance]
    weeks: Sequence[PastWeek]
    n_rejected: int
    n_letters: int
    personal_data: Counter[str]
    drift: Sequence[str] = ()

    @property
    def before(self) -> PastWeek | None:
        """The week before in the store."""
        earlier = [past for past in self.weeks if past.week != self.name]
        return earlier[-1] if earlier else None

    def trend(self, domain: str) -> list[int]:
        """Remarks with this primary domain in each of `weeks`."""
        return [week.by_domain.get(domain, 0) for week in self.weeks]


def write_overview_html(path: Path, week: Week, taxonomy: Taxonomy, team: Team) -> None:
    """Write the page: one file that needs nothing from anywhere else."""
    areas = list(week.by_area)
    context = {
        "week": week,
        "taxonomy": taxonomy,
        "team": team,
        "decisions": DECISIONS,
        "trend_points": trend_points,
        "areas": areas,
        "area_number": {area: number for number, area in enumerate(areas)},
        "map_areas": areas[:MOST_AREAS_IN_MAP],
        "present": [domain for domain in taxonomy.ids if domain in week.by_domain],
        "shown": frozenset(row["key"] for row in week.rows),
    }
    page = _environment().get_template("overview.html.j2").render(context)
    path.write_text(page, encoding="utf-8")


def write_overview_xlsx(path: Path, week: Week, taxonomy: Taxonomy) -> None:
    """Write the workbook for who wants to sort and filter."""
    workbook = Workbook(write_only=True)
    figures = workbook.create_sheet("Overzicht")
    figures.column_dimensions["A"].width = 42
    for line in _figures(week, taxonomy):
        figures.append([cell(figures, value, bold=len(line) == 1) for value in line])
    _remark_sheet(workbook, "Te beoordelen", week.review)
    add_table(workbook, "Kansen", CHANCE_COLUMNS, map(_chance_cells, week.chances))
    _remark_sheet(workbook, "Alle opmerkingen", week.rows)
    for department, rows in _by_department(week.rows).items():
        _remark_sheet(workbook, department, rows)
    workbook.save(path)


def trend_points(numbers: Sequence[int]) -> str:
    """Points of an SVG line of 100 by 20 through numbers, the first at the left."""
    most, last = max(*numbers, 1), max(len(numbers) - 1, 1)
    return " ".join(f"{100 * place / last:.1f},{19 - 18 * number / most:.1f}" for place, number in enumerate(numbers))


def anchor(key: str) -> str:
    """Stable address of a remark within the page."""
    return "o-" + quote(key, safe="")


def _figures(week: Week, taxonomy: Taxonomy) -> list[tuple[Any, ...]]:
    lines: list[tuple[Any, ...]] = [
        (f"Overzicht {week.name}",),
        ("Opmerkingen", week.n_remarks),
        ("Niet leesbaar (zie rejected.csv)", week.n_rejected),
        ("Uitgeschreven in dit bestand (de rest staat in remarks.csv)", len(week.rows)),
    ]
    lines += [("Besluit",), *((DECISIONS.get(name, name), number) for name, number in week.by_decision.items())]
    lines += [("Eerste domein",), *((taxonomy.name(name), number) for name, number in week.by_domain.items())]
    lines += [("Wijk",), *((name or "onbekend", number) for name, number in week.by_area.items())]
    return lines


def _chance_cells(chance: Chance) -> list[str]:
    return [chance.title, chance.why, chance.window, "; ".join(chance.departments), ", ".join(chance.budgets),
            ", ".join(row["id"] for row in chance.rows)]  # fmt: skip


def _by_department(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Remarks per department, under a name that Excel allows for a sheet and that no other sheet has."""
    by_name: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        for name in filter(None, row["departments"].split(";")):
            by_name[name].append(row)
    sheets: dict[str, list[Row]] = {}
    for name, found in sorted(by_name.items()):
        short = FORBIDDEN_IN_TITLE.sub(" ", name).strip("' ")[:MOST_TITLE_CHARS]
        taken = {title.casefold() for title in (*sheets, *FIXED_SHEETS)}
        number = 2
        title = short or "Afdeling"
        while title.casefold() in taken:
            title = f"{short[: MOST_TITLE_CHARS - 4]} {number}"
            number += 1
        sheets[title] = found
    return sheets


def _remark_sheet(workbook: Workbook, title: str, rows: Sequence[Row]) -> None:
    columns = list(zip(SHEET_COLUMNS.values(), WIDTHS, strict=True))
    add_table(workbook, title, columns, ([_shown(name, row[name]) for name in SHEET_COLUMNS] for row in rows))


def _shown(column: str, value: Any) -> Any:
    if column == "received":
        return as_date(value)
    return DECISIONS.get(value, value) if column == "decision" else value


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("pipeline.meeting"),
        autoescape=select_autoescape(["html.j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["anchor"] = anchor
    return environment
