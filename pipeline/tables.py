"""The tables in data/: CSV with fixed columns, and errors that name file and row."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from pipeline.errors import PipelineError, SettingsError

Made = TypeVar("Made")


def read_table(
    path: Path,
    columns: Sequence[str],
    make: Callable[[dict[str, str]], Made],
    error: type[PipelineError] = SettingsError,
    *,
    optional: Sequence[str] = (),
) -> list[Made]:
    """Make something of every row of a UTF-8 CSV file; cells reach `make` without outer blanks, absent ones as "".

    Parameters
    ----------
    columns, optional
        Columns that must be there, and columns that may be.

    Raises
    ------
    PipelineError
        Of class `error`: when the file or a column is missing, or `make` raises ValueError; with file and row.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            found = reader.fieldnames or []
            missing = [column for column in columns if column not in found]
            if missing:
                raise error(f"{path}: kolom {', '.join(missing)} ontbreekt; gevonden: {', '.join(found) or 'niets'}")
            try:
                names = (*columns, *optional)
                return [make({name: (row.get(name) or "").strip() for name in names}) for row in reader]
            except ValueError as problem:
                raise error(f"{path}, rij {reader.line_num}: {problem}") from None
    except FileNotFoundError:
        raise error(f"het bestand ontbreekt: {path}") from None
    except (UnicodeDecodeError, csv.Error) as problem:
        raise error(f"{path} is geen leesbare CSV in UTF-8: {problem}") from None
