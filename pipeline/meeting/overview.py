"""overview.html and overview.xlsx: one page that gives the meeting its overview."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from openpyxl import Workbook

from pipeline.domains import Taxonomy
from pipeline.meeting.links import Chance, Repeat
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
DECISIONS = {"route": "doorgestuurd", "review": "te beoordelen", "urgent": "nu kijken"}


@dataclass(frozen=True)
class Week:
    """Everything the page shows.

    Attributes
    ----------
    rows
        Remarks that are written out, in the input's order; at most the setting's number.
    n_remarks, n_rejected, n_letters
        Numbers over the whole week, also of what is not written out.
    by_domain, by_area, by_decision
        Number of remarks of the whole week per primary domain, area and decision.
    past
        Weeks in the store, oldest first, this one included.
    """

    name: str
    rows: Sequence[Row]
    urgent: Sequence[Row]
    review: Sequence[Row]
    n_remarks: int
    n_rejected: int
    n_letters: int
    by_domain: dict[str, int]
    by_area: dict[str, int]
    by_decision: dict[str, int]
    repeats: Sequence[Repeat]
    chances: Sequence[Chance]
    past: Sequence[PastWeek]
    personal_data: Counter[str]


def write_overview_html(path: Path, week: Week, taxonomy: Taxonomy, team: Team) -> None:
    """Write the page: one file that needs nothing from anywhere else."""
    page = _environment().get_template("overview.html.j2").render(
        week=week, taxonomy=taxonomy, team=team, decisions=DECISIONS, before=_week_before(week)
    )  # fmt: skip
    path.write_text(page, encoding="utf-8")


def write_overview_xlsx(path: Path, week: Week, taxonomy: Taxonomy) -> None:
    """Write the workbook for who wants to sort and filter."""
    workbook = Workbook(write_only=True)
    figures = workbook.create_sheet("Overzicht")
    figures.column_dimensions["A"].width = 42
    for line in _figures(week, taxonomy):
        figures.append([cell(figures, value, bold=len(line) == 1) for value in line])
    _remark_sheet(workbook, "Te beoordelen", [row for row in week.rows if row["decision"] == "review"])
    _remark_sheet(workbook, "Alle opmerkingen", week.rows)
    workbook.save(path)


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


def _remark_sheet(workbook: Workbook, title: str, rows: Sequence[Row]) -> None:
    columns = list(zip(SHEET_COLUMNS.values(), WIDTHS, strict=True))
    add_table(workbook, title, columns, ([_shown(name, row[name]) for name in SHEET_COLUMNS] for row in rows))


def _shown(column: str, value: Any) -> Any:
    if column == "received":
        return as_date(value)
    return DECISIONS.get(value, value) if column == "decision" else value


def _week_before(week: Week) -> PastWeek | None:
    earlier = [past for past in week.past if past.week < week.name]
    return earlier[-1] if earlier else None


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
