"""JSON lines and Parquet, read a little at a time, so that any size fits."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import unquote

from pipeline.errors import InputError
from pipeline.intake.table import COLUMN_ALIASES, Numbered, cell_text, find_columns, record_of

SUFFIXES = (".jsonl", ".ndjson")
PARQUET_MARK = b"PAR1"
MOST_LINE_BYTES = 16 << 20  # a longer line is a broken file, not a remark
BATCH_ROWS = 4_096
PARTITION = "municipality="


@dataclass(frozen=True)
class JsonLines:
    """A file with a plain JSON object on every line."""

    path: Path

    def records(self) -> Iterator[Numbered]:
        """Each line once; blank lines are no rows."""
        with self.path.open("rb") as file:
            for number, line in enumerate(_lines(file), start=1):
                if line is None or line.strip():
                    yield self.path.name, number, _from_line(line)


@dataclass(frozen=True)
class ParquetTable:
    """A Parquet file, alone or in a folder such as municipality=Groningen/week=2026-W47.

    Attributes
    ----------
    columns
        Name in the file of each known column.
    municipality
        Of the folder; "" when it is in none.
    """

    path: Path
    columns: dict[str, str]
    municipality: str = ""

    def records(self) -> Iterator[Numbered]:
        """Each row by its number, from 1.

        Raises
        ------
        InputError
            When the file is damaged halfway.
        """
        import pyarrow.parquet as pq  # noqa: PLC0415

        row = 0
        try:
            with pq.ParquetFile(self.path) as file:
                for batch in file.iter_batches(BATCH_ROWS, columns=list(self.columns.values())):
                    for cells in batch.to_pylist():
                        row += 1
                        found = {column: cell_text(cells[name]) for column, name in self.columns.items()}
                        if self.municipality:
                            found.setdefault("municipality", self.municipality)
                        yield self.path.name, row, record_of(found)
        except (OSError, ValueError) as error:
            raise InputError(f"{self.path.name} is vanaf rij {row + 1} niet te lezen: {_first_line(error)}") from None


def is_json_lines(path: Path, head: bytes) -> bool:
    """Whether a file has a plain object on its first line, or says so by its name."""
    if path.suffix.lower() in SUFFIXES:
        return True
    record = _from_line(head.removeprefix(b"\xef\xbb\xbf").lstrip().split(b"\n", 1)[0])
    return isinstance(record, dict)


def open_parquet(path: Path) -> ParquetTable:
    """Look at the columns of a Parquet file.

    Raises
    ------
    InputError
        When pyarrow is not installed, the file is damaged, or it has no text column.
    """
    try:
        import pyarrow.parquet as pq  # noqa: PLC0415  only for who has Parquet
    except ImportError:
        raise InputError("voor parquet is pyarrow nodig: .venv/bin/pip install 'wijkverbinder[parquet]'") from None
    try:
        names: list[str] = pq.read_schema(path).names
    except (OSError, ValueError) as error:
        raise InputError(f"{path.name} is geen leesbaar Parquet-bestand: {_first_line(error)}") from None
    columns = {column: names[position] for column, position in find_columns(names).items()}
    if "text" not in columns:
        raise InputError(
            f"kolom 'tekst' ontbreekt in {path.name}; gevonden: {', '.join(names) or 'niets'}. "
            f"Andere namen die mogen: {', '.join(COLUMN_ALIASES['text'][:5])}"
        )
    return ParquetTable(path, columns, _municipality_of(path))


def _municipality_of(path: Path) -> str:
    parts = [part.removeprefix(PARTITION) for part in path.parts if part.startswith(PARTITION)]
    return unquote(parts[-1]) if parts else ""


def _lines(file: BinaryIO) -> Iterator[bytes | None]:
    """Lines; None for one that is too long to be held."""
    while line := file.readline(MOST_LINE_BYTES):
        whole = line.endswith(b"\n") or len(line) < MOST_LINE_BYTES
        while not line.endswith(b"\n") and len(line) == MOST_LINE_BYTES:
            line = file.readline(MOST_LINE_BYTES)
        yield line if whole else None


def _from_line(line: bytes | None) -> dict[str, str] | str:
    """A line as a record, or why it is none; never its content."""
    if line is None:
        return f"de regel is langer dan {MOST_LINE_BYTES} bytes"
    try:
        content: Any = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return "de regel is geen geldige JSON in UTF-8"
    if not isinstance(content, dict):
        return "de regel is geen JSON-object"
    names = list(content)
    found = {column: cell_text(content[names[position]]) for column, position in find_columns(names).items()}
    return record_of(found) if "text" in found else "de regel heeft geen tekst: kolom 'tekst' ontbreekt"


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
