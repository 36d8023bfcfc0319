"""Sheets for Excel: a header that stays in view, filters, widths, and cells that are never formulas."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
WIDE = 60  # from this width on, text is wrapped
MOST_CHARS = 32_767  # of one cell, by Excel


def add_table(
    workbook: Workbook, title: str, columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[Any]]
) -> None:
    """Add a sheet with a header; `columns` are names and widths in characters."""
    sheet = workbook.create_sheet(title)
    for number, (_, width) in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "A2"
    sheet.append([cell(sheet, name, bold=True) for name, _ in columns])
    n_rows = 1
    for row in rows:
        sheet.append([cell(sheet, value, wrap=width >= WIDE) for value, (_, width) in zip(row, columns, strict=True)])
        n_rows += 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{n_rows}"


def cell(sheet: Any, value: Any, *, bold: bool = False, wrap: bool = False) -> Any:
    """A cell that shows its value and is never a formula; plain values need no cell object of their own."""
    text = isinstance(value, str)
    if text:
        value = ILLEGAL_CHARACTERS_RE.sub("", value)[:MOST_CHARS]
    if not (bold or wrap or isinstance(value, date) or (text and value.startswith(FORMULA_STARTS))):
        return value
    made = WriteOnlyCell(sheet, value=value)
    if text:
        made.data_type = "s"
    if isinstance(value, date):
        made.number_format = "dd-mm-yyyy hh:mm" if isinstance(value, datetime) else "dd-mm-yyyy"
    if bold:
        made.font = Font(bold=True)
    if wrap:
        made.alignment = Alignment(wrap_text=True, vertical="top")
    return made


def without_formula(cell: str) -> str:
    """A cell of a CSV file that Excel will not take for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def as_date(text: str) -> Any:
    """A date or moment when the text is one in ISO form, otherwise the text."""
    try:
        return (
            datetime.fromisoformat(text).replace(tzinfo=None)
            if len(text) > len("2026-11-16")
            else date.fromisoformat(text)
        )
    except ValueError:
        return text
