"""CSV and XLSX files with a header: any delimiter and encoding, Dutch or English column names."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from pipeline.errors import InputError
from pipeline.intake.table import COLUMN_ALIASES, Numbered, cell_text, find_columns, record_of

HEADER_ROWS = 10  # an Excel sheet may have a title and blank rows above its header
DELIMITERS = ",;\t|"
ENCODINGS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@dataclass(frozen=True)
class TableFile:
    """A file that could be opened and has a text column.

    Attributes
    ----------
    columns
        Position of each known column.
    width
        Number of columns of the header.
    header_row
        Row number of the header, from 1.
    encoding, delimiter
        Only for CSV; an XLSX file has neither.
    """

    path: Path
    columns: dict[str, int]
    width: int
    header_row: int
    encoding: str = ""
    delimiter: str = ""

    def records(self) -> Iterator[Numbered]:
        """Each row as its number with the known columns' texts, or with why it cannot be read."""
        for row, cells in _csv_rows(self) if self.delimiter else _xlsx_rows(self):
            if isinstance(cells, str):
                yield self.path.name, row, cells
            elif any(cell.strip() for cell in cells):  # a blank line is not a row
                yield self.path.name, row, self._record(cells)

    def _record(self, cells: Sequence[str]) -> dict[str, str] | str:
        if len(cells) != self.width:
            return f"de rij heeft {len(cells)} cellen, de kop heeft er {self.width}"
        return record_of({column: cells[position] for column, position in self.columns.items()})


def open_table(path: Path, head: bytes) -> TableFile:
    """Look at the head of a file and find its columns.

    Raises
    ------
    InputError
        When the file is binary, or has no text column.
    """
    return _open_xlsx(path) if head.startswith(b"PK") else _open_csv(path, head)


def _missing_text(path: Path, header: Sequence[object]) -> InputError:
    found = ", ".join(repr(str(cell)[:40]) for cell in header if cell not in (None, "")) or "niets"
    known = ", ".join(COLUMN_ALIASES["text"][:5])
    return InputError(f"kolom 'tekst' ontbreekt in {path.name}; gevonden: {found}. Andere namen die mogen: {known}")


# CSV


def _open_csv(path: Path, head: bytes) -> TableFile:
    encoding = next((name for mark, name in ENCODINGS.items() if head.startswith(mark)), "")
    if not encoding and b"\0" in head:
        raise InputError(f"{path.name} is geen tekstbestand; geef een CSV- of XLSX-bestand")
    encoding = encoding or _text_encoding(path)
    header: list[str]
    best: tuple[list[str], str] = ([], ",")
    for delimiter in DELIMITERS:
        with _csv_records(path, encoding, delimiter) as records:
            try:
                header = next((cells for cells in records if any(cell.strip() for cell in cells)), [])
            except (csv.Error, UnicodeError):
                raise InputError(f"{path.name} is geen leesbaar tekstbestand") from None
        if ("text" in find_columns(header), len(header)) > ("text" in find_columns(best[0]), len(best[0])):
            best = (header, delimiter)
    header, delimiter = best
    columns = find_columns(header)
    if "text" not in columns:
        raise _missing_text(path, header)
    return TableFile(path, columns, len(header), 1, encoding, delimiter)


def _text_encoding(path: Path) -> str:
    """UTF-8 when the whole file is; otherwise the code page that older Dutch exports use."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            while file.read(1 << 20):
                pass
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


@contextmanager
def _csv_records(path: Path, encoding: str, delimiter: str) -> Iterator[Any]:
    csv.field_size_limit(1 << 27)  # a huge cell is refused by its own row, not by the parser for the whole file
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        yield csv.reader(file, delimiter=delimiter)


def _csv_rows(source: TableFile) -> Iterator[tuple[int, Sequence[str] | str]]:
    with _csv_records(source.path, source.encoding, source.delimiter) as records:
        line, header_seen = 1, False
        while True:
            try:
                cells = next(records)
            except StopIteration:
                return
            except (csv.Error, UnicodeError) as error:
                yield line, f"de rij is niet te lezen: {error}"
                line = records.line_num + 1
                continue
            if header_seen:
                yield line, _fit(cells, source)
            header_seen = header_seen or any(cell.strip() for cell in cells)
            line = records.line_num + 1


def _fit(cells: list[str], source: TableFile) -> list[str]:
    """Take away empty cells past the header; with one column every delimiter is part of the text."""
    if source.width == 1 and len(cells) > 1:
        return [source.delimiter.join(cells)]
    while len(cells) > source.width and not cells[-1].strip():
        cells = cells[:-1]
    return cells


# XLSX


@contextmanager
def _sheet_rows(path: Path) -> Iterator[Iterator[tuple[Any, ...]]]:
    try:
        workbook = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError, SyntaxError):
        raise InputError(f"{path.name} is geen leesbaar XLSX-bestand") from None
    try:
        sheet = workbook.worksheets[0] if workbook.worksheets else None
        if sheet is None:
            raise InputError(f"{path.name} heeft geen werkblad")
        sheet.reset_dimensions()  # some exporters write a wrong size, and rows would be missed
        yield sheet.iter_rows(values_only=True)
    finally:
        workbook.close()


def _open_xlsx(path: Path) -> TableFile:
    with _sheet_rows(path) as rows:
        first: tuple[Any, ...] = ()
        for number, cells in zip(range(1, HEADER_ROWS + 1), rows, strict=False):
            columns = find_columns(cells)
            if "text" in columns:
                width = max(position for position, cell in enumerate(cells) if cell not in (None, "")) + 1
                return TableFile(path, columns, width, number)
            first = first or cells
    raise _missing_text(path, first)


def _xlsx_rows(source: TableFile) -> Iterator[tuple[int, Sequence[str] | str]]:
    with _sheet_rows(source.path) as rows:
        for number, cells in enumerate(rows, start=1):
            if number > source.header_row:
                texts = [cell_text(cell) for cell in cells[: source.width]]
                yield number, texts + [""] * (source.width - len(texts))
