"""What Signalen gives: its data-warehouse export, its REST pages, and its ml.csv. Reporters are never read."""

from __future__ import annotations

import csv
import json
import re
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ijson

from pipeline.errors import InputError
from pipeline.intake.open311 import json_records, street_of
from pipeline.intake.table import REMARK_COLUMNS, Numbered
from pipeline.intake.tablefiles import TableFile, open_table

NULL = ("null", "")
EXPORTED = re.compile(r"(?:^|_)(signals|categories|locations)\.csv$")  # "120000UTC_signals.csv"
JSON_PREFIX = "results.item"
# What is taken of each file; the rest, and every other file, is not read.
TAKEN = {
    "signals": ("id", "text", "created_at", "source", "category_assignment_id", "location_id"),
    "categories": ("id", "main", "sub", "departments", "created_at", "_signal_id"),
    "locations": ("id", "stadsdeel", "buurt_code", "address_street", "area_name"),
}
NEEDED = {"signals": ("id", "text"), "categories": ("id", "main", "sub", "_signal_id"), "locations": ("id",)}
JOINED = """
SELECT s.row, s.id, s.text, s.created_at, s.source, c.main, c.sub, c.departments,
       l.stadsdeel, l.buurt_code, l.address_street, l.area_name
FROM signals s LEFT JOIN categories c ON c.id = s.category_assignment_id LEFT JOIN locations l ON l.id = s.location_id
ORDER BY s.row
"""
ASSIGNED = """
SELECT _signal_id, id, main, sub, departments, created_at FROM categories
ORDER BY CAST(_signal_id AS INTEGER), _signal_id, created_at, CAST(id AS INTEGER)
"""


@dataclass(frozen=True)
class Assigned:
    """One category that a signal got."""

    assignment_id: str
    category: str
    departments: str
    created: str


@dataclass(frozen=True)
class Export:
    """A data-warehouse export, joined in a file of its own so that any size fits."""

    files: dict[str, Path]

    def records(self) -> Iterator[Numbered]:
        """Each signal with its present category and its place."""
        name = self.files["signals"].name
        with tempfile.TemporaryDirectory(prefix="wijk-") as folder, closing(self._joined(Path(folder))) as database:
            for row, key, text, created, source, main, sub, _, district, code, street, area in database.execute(JOINED):
                if text is None:
                    yield name, row, "de rij is niet te lezen"
                    continue
                yield name, row, {
                    **dict.fromkeys(REMARK_COLUMNS, ""), "id": value(key), "text": value(text),
                    "received": value(created), "channel": value(source), "category": category_of(main, sub),
                    "area": value(area) or value(district) or value(code), "street": value(street),
                }  # fmt: skip

    def assignments(self) -> Iterator[tuple[str, list[Assigned]]]:
        """Every category that each signal had, the oldest first."""
        with tempfile.TemporaryDirectory(prefix="wijk-") as folder, closing(self._joined(Path(folder))) as database:
            current = ""
            found: list[Assigned] = []
            for signal, key, main, sub, departments, created in database.execute(ASSIGNED):
                if signal != current and found:
                    yield current, found
                    found = []
                current = signal
                found.append(Assigned(key, category_of(main, sub), value(departments), value(created)))
            if found:
                yield current, found

    def present(self) -> dict[str, tuple[str, str]]:
        """Text and number of the present assignment of each signal."""
        with tempfile.TemporaryDirectory(prefix="wijk-") as folder, closing(self._joined(Path(folder))) as database:
            rows = database.execute("SELECT id, text, category_assignment_id FROM signals")
            return {value(key): (value(text), value(present)) for key, text, present in rows}

    def _joined(self, folder: Path) -> sqlite3.Connection:
        database = sqlite3.connect(folder / "export.db")
        for table, columns in TAKEN.items():
            database.execute(f"CREATE TABLE {table} (row INTEGER, {', '.join(columns)})")
            if table in self.files:
                places = ", ".join("?" * (len(columns) + 1))
                database.executemany(f"INSERT INTO {table} VALUES ({places})", _taken(self.files[table], table))  # noqa: S608  our own names
            database.execute(f"CREATE INDEX {table}_id ON {table} (id)")
        return database


@dataclass(frozen=True)
class SignalenJson:
    """A page of /signals/v1/private/signals."""

    path: Path

    def records(self) -> Iterator[Numbered]:
        """Each signal by its number on the page."""
        yield from json_records(self.path, JSON_PREFIX, _from_json)


def is_export(files: Sequence[Path]) -> bool:
    """Whether some files are an export with signals."""
    return any((match := EXPORTED.search(file.name)) and match.group(1) == "signals" for file in files)


def open_export(files: Sequence[Path]) -> Export:
    """The files of an export that are read.

    Raises
    ------
    InputError
        When a file lacks a column that is needed.
    """
    found = {match.group(1): file for file in files if (match := EXPORTED.search(file.name))}
    for table, file in found.items():
        with file.open(encoding="utf-8-sig", errors="replace", newline="") as source:
            header = next(csv.reader(source), [])
        missing = [column for column in NEEDED[table] if column not in header]
        if missing:
            raise InputError(f"{file.name} lijkt van Signalen maar mist de kolom {', '.join(missing)}")
    return Export(found)


def is_json(path: Path) -> bool:
    """Whether a JSON file is a page of Signalen."""
    try:
        with path.open("rb") as file:
            return any(prefix == f"{JSON_PREFIX}.id_display" for prefix, _, _ in ijson.parse(file))
    except (ijson.JSONError, UnicodeDecodeError):
        return False


def open_json(path: Path) -> SignalenJson:
    """A page of Signalen's REST interface."""
    return SignalenJson(path)


def open_ml(path: Path, head: bytes) -> TableFile:
    """Signalen's ml.csv, which is a table with Text, Main and Sub."""
    return open_table(path, head)


def value(cell: Any) -> str:
    """A cell's text; Signalen writes a missing value as the text null, and JSON texts with quotes."""
    text = str(cell if cell is not None else "").strip()
    if text in NULL:
        return ""
    return str(json.loads(text)) if re.fullmatch(r'"(?:[^"\\]|\\.)*"', text) else text


def category_of(main: Any, sub: Any) -> str:
    """Main and sub category as one name."""
    return " > ".join(filter(None, (value(main), value(sub))))


def _taken(path: Path, table: str) -> Iterator[tuple[Any, ...]]:
    """Rows with only the columns that are taken; the text is None in a row that cannot be read."""
    csv.field_size_limit(1 << 27)
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as source:
        reader = csv.reader(source)
        header = next(reader)
        places = [header.index(column) if column in header else -1 for column in TAKEN[table]]
        line = reader.line_num + 1
        for cells in reader:
            if len(cells) == len(header):
                yield line, *(cells[place] if place >= 0 else "" for place in places)
            elif cells:
                yield line, *(None for _ in places)
            line = reader.line_num + 1


def _from_json(signal: dict[str, Any]) -> dict[str, str] | str:
    """One signal of a page; the reporter, if any, is left at the door."""
    location, category = (signal.get(part) or {} for part in ("location", "category"))
    address = location.get("address") or {}
    return {
        **dict.fromkeys(REMARK_COLUMNS, ""),
        "id": value(signal.get("id_display") or signal.get("id")),
        "text": value(signal.get("text")),
        "received": value(signal.get("created_at")),
        "channel": value(signal.get("source")),
        "area": value(location.get("area_name"))
        or value(location.get("stadsdeel"))
        or value(location.get("buurt_code")),
        "street": value(address.get("openbare_ruimte")) or street_of(value(location.get("address_text"))),
        "category": category_of(category.get("main_slug"), category.get("sub_slug")),
    }
