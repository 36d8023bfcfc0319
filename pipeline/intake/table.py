"""The remark table: its columns, the names that exports give them, and what was refused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Protocol

import pandas as pd

REMARK_COLUMNS = ("id", "received", "area", "street", "channel", "text", "category")

# Names that exports use, after `plain_name`; the first alias that is present wins.
COLUMN_ALIASES: dict[str, tuple[str, ...]] = {
    "text": (
        "tekst", "text", "opmerking", "melding", "omschrijving", "bericht", "inhoud", "verzoek", "vraag", "klacht",
        "toelichting", "detail", "description", "remark", "message", "comment", "omschrijvingmelding",
        "meldingtekst", "signaal",
    ),
    "id": ("id", "nummer", "nr", "meldingnummer", "meldingsnummer", "zaaknummer", "kenmerk", "meldingid", "number",
           "reportid", "servicerequestid"),
    "received": (
        "ontvangen", "received", "datum", "date", "ontvangstdatum", "ontvangenop", "datumontvangst", "aangemaakt",
        "createdat", "created", "datumtijd", "tijdstip", "melddatum", "requesteddatetime",
    ),
    "area": ("wijk", "area", "buurt", "gebied", "wijknaam", "buurtnaam", "stadsdeel", "dorp", "neighbourhood",
             "district", "ward"),
    "street": ("straat", "street", "straatnaam", "locatie", "adres", "plaats", "location", "address"),
    "channel": ("kanaal", "channel", "bron", "source", "via"),
    "category": ("categorie", "category", "rubriek", "servicename"),
    "municipality": ("gemeente", "municipality", "gemeentenaam"),  # whose remark it is, in a file of several
    "title": ("title",),  # FixMyStreet's; put before its detail
    "main": ("main", "hoofdcategorie"),  # main and sub together are the category
    "sub": ("sub", "subcategorie"),
}  # fmt: skip


Numbered = tuple[str, int, dict[str, str] | str]
"""File name, row number, and the row: a text for each of `REMARK_COLUMNS` (and the municipality when a column has it),
or why it cannot be read, in Dutch."""


class Source(Protocol):
    """An input that could be opened."""

    def records(self) -> Iterator[Numbered]:
        """Every row once."""


@dataclass(frozen=True)
class Rejected:
    """A row that could not be read: where it stands and why; never its content, which may be personal.

    Attributes
    ----------
    row
        Row or line number as a user sees it in the file (the header is row 1).
    """

    file: str
    row: int
    reason: str


@dataclass(frozen=True)
class Chunk:
    """Some rows of the input: a remark table (columns `REMARK_COLUMNS`) and the rows refused among them."""

    remarks: pd.DataFrame
    rejected: tuple[Rejected, ...]


def plain_name(header: object) -> str:
    """Column name without case, spaces or signs: " Datum-ontvangst " becomes "datumontvangst"."""
    return re.sub(r"[\W_]+", "", str(header or "").lower())


def find_columns(header: Sequence[object]) -> dict[str, int]:
    """Position of each column that the remark table knows, by its alias; the caller sees whether `text` is there."""
    names = [plain_name(cell) for cell in header]
    found: dict[str, int] = {}
    for column, aliases in COLUMN_ALIASES.items():
        position = next((names.index(alias) for alias in aliases if alias in names), None)
        if position is not None:
            found[column] = position
    if "text" in found and names[found["text"]] != "detail":
        found.pop("title", None)  # of another kind of table
    return found


@lru_cache(maxsize=4096)
def iso_date(cell: str) -> str:
    """A date as municipalities write it, as "YYYY-MM-DD HH:MM"; text that is no date comes back as it was."""
    text = cell.strip()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        match = re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[ T,]+(\d{1,2})[:.](\d{2})(?::\d{2})?)?", text)
        if not match:
            return text
        day, month, year, hour, minute = (int(part or 0) for part in match.groups())
        try:
            moment = datetime(year, month, day, hour, minute)  # noqa: DTZ001  exports give local time without a zone
        except ValueError:
            return text
        return f"{moment:%Y-%m-%d %H:%M}" if match.group(4) else f"{moment:%Y-%m-%d}"
    return f"{moment:%Y-%m-%d %H:%M}" if len(text) > len("2026-11-16") else f"{moment:%Y-%m-%d}"


def record_of(found: dict[str, str]) -> dict[str, str]:
    """A row by its known columns as a record: title and text are one text, main and sub category one category."""
    parts = [found.pop(part, "") for part in ("title", "text")]
    mains = [found.pop(part, "") for part in ("main", "sub")]
    category = found.pop("category", "") or " > ".join(filter(None, mains))
    text = ". ".join(part.strip() for part in parts) if all(part.strip() for part in parts) else "".join(parts)
    return {**dict.fromkeys(REMARK_COLUMNS, ""), **found, "text": text, "category": category}


def cell_text(cell: object) -> str:
    """A cell of a typed table as text; what is no single value gives no text."""
    if cell is None or isinstance(cell, (dict, list, bytes)):
        return ""
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, date):
        return f"{cell:%Y-%m-%d}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
