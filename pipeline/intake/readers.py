"""Any supported file to one remark table; one small reader a format."""

from __future__ import annotations

import csv
import hashlib
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
from openpyxl.utils.exceptions import InvalidFileException

from pipeline.errors import InputError
from pipeline.intake.table import COLUMN_ALIASES, REMARK_COLUMNS, Chunk, Rejected, find_columns, iso_date
from pipeline.intake.text import readable

HEADER_ROWS = 10  # an Excel sheet may have a title and blank rows above its header
DELIMITERS = ",;\t|"
ENCODINGS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@dataclass(frozen=True)
class Source:
    """One input file that could be opened and has a text column.

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


def open_sources(paths: Sequence[Path]) -> list[Source]:
    """Look at the head of every input, so that a file that cannot be used stops the run before it starts.

    Raises
    ------
    InputError
        When a file is missing, empty, a folder, binary, or has no text column.
    """
    return [_open_source(path) for path in paths]


def read_chunks(sources: Sequence[Source], chunk_rows: int, max_text_chars: int) -> Iterator[Chunk]:
    """Read all sources in order, `chunk_rows` rows at a time.

    Every row of every file comes back exactly once, as a remark or as a rejected row.
    """
    shelf = _Shelf(max_text_chars)
    for source in sources:
        for row, cells in _numbered_rows(source):
            shelf.put(source, row, cells)
            if len(shelf) >= chunk_rows:
                yield shelf.empty()
    if len(shelf):
        yield shelf.empty()


@dataclass
class _Shelf:
    """Rows collected for the next chunk; remembers made ids, so that twins get different ones."""

    max_text_chars: int
    remarks: list[dict[str, str]] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    made_ids: Counter[str] = field(default_factory=Counter)

    def __len__(self) -> int:
        return len(self.remarks) + len(self.rejected)

    def put(self, source: Source, row: int, cells: Sequence[str] | str) -> None:
        """Add one row; `cells` is a text when the file itself was unreadable there."""
        reason = cells if isinstance(cells, str) else _why_refused(source, cells, self.max_text_chars)
        if reason:
            self.rejected.append(Rejected(source.path.name, row, reason))
            return
        remark = dict.fromkeys(REMARK_COLUMNS, "")
        for column, position in source.columns.items():
            remark[column] = readable(cells[position])
        remark["received"] = iso_date(remark["received"])
        remark["id"] = remark["id"] or self._made_id(remark)
        self.remarks.append(remark)

    def empty(self) -> Chunk:
        """Hand over what is on the shelf."""
        chunk = Chunk(pd.DataFrame(self.remarks, columns=list(REMARK_COLUMNS), dtype=str), tuple(self.rejected))
        self.remarks, self.rejected = [], []
        return chunk

    def _made_id(self, remark: dict[str, str]) -> str:
        content = "\x1f".join(remark[column] for column in ("received", "area", "street", "text"))
        made = "r-" + hashlib.sha256(content.encode()).hexdigest()[:10]
        self.made_ids[made] += 1
        return made if self.made_ids[made] == 1 else f"{made}-{self.made_ids[made]}"


def _why_refused(source: Source, cells: Sequence[str], max_text_chars: int) -> str:
    if len(cells) != source.width:
        return f"de rij heeft {len(cells)} cellen, de kop heeft er {source.width}"
    text = cells[source.columns["text"]]
    if len(text) > max_text_chars:
        return f"de tekst is te lang: {len(text)} tekens, hoogstens {max_text_chars}"
    if not readable(text):
        return "de rij heeft geen tekst" if not text.strip() else "de tekst heeft geen leesbare tekens"
    return ""


def _open_source(path: Path) -> Source:
    if path.is_dir():
        raise InputError(f"{path} is een map; geef een CSV- of XLSX-bestand")
    if not path.exists():
        raise InputError(f"het bestand bestaat niet: {path}")
    try:
        with path.open("rb") as file:
            head = file.read(1 << 16)
    except OSError as error:
        raise InputError(f"{path.name} kan niet gelezen worden: {error.strerror}") from None
    if not head.strip():
        raise InputError(f"{path.name} is leeg")
    return _open_xlsx(path) if head.startswith(b"PK") else _open_csv(path, head)


def _numbered_rows(source: Source) -> Iterator[tuple[int, Sequence[str] | str]]:
    rows = _csv_rows(source) if source.delimiter else _xlsx_rows(source)
    for row, cells in rows:
        if isinstance(cells, str) or any(cell.strip() for cell in cells):  # a blank line is not a row
            yield row, cells


def _missing_text(path: Path, header: Sequence[object]) -> InputError:
    found = ", ".join(repr(str(cell)[:40]) for cell in header if cell not in (None, "")) or "niets"
    known = ", ".join(COLUMN_ALIASES["text"][:5])
    return InputError(f"kolom 'tekst' ontbreekt in {path.name}; gevonden: {found}. Andere namen die mogen: {known}")


# CSV


def _open_csv(path: Path, head: bytes) -> Source:
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
    return Source(path, columns, len(header), 1, encoding, delimiter)


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


def _csv_rows(source: Source) -> Iterator[tuple[int, Sequence[str] | str]]:
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


def _fit(cells: list[str], source: Source) -> list[str]:
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


def _open_xlsx(path: Path) -> Source:
    with _sheet_rows(path) as rows:
        first: tuple[Any, ...] = ()
        for number, cells in zip(range(1, HEADER_ROWS + 1), rows, strict=False):
            columns = find_columns(cells)
            if "text" in columns:
                width = max(position for position, cell in enumerate(cells) if cell not in (None, "")) + 1
                return Source(path, columns, width, number)
            first = first or cells
    raise _missing_text(path, first)


def _xlsx_rows(source: Source) -> Iterator[tuple[int, Sequence[str] | str]]:
    with _sheet_rows(source.path) as rows:
        for number, cells in enumerate(rows, start=1):
            if number > source.header_row:
                texts = [_cell_text(cell) for cell in cells[: source.width]]
                yield number, texts + [""] * (source.width - len(texts))


def _cell_text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, date):
        return f"{cell:%Y-%m-%d}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
