"""The labelled history: data/history/**/*.csv to one table that training and evaluation share."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pipeline.domains import Taxonomy
from pipeline.errors import InputError
from pipeline.intake.privacy import clean
from pipeline.tables import read_table

INVENTED, CONFIRMED, MACHINE = "invented", "bevestigd", "machine"  # who says so; what a machine says never trains
WEIGHTS = {CONFIRMED: 1.5}  # next to 1 for an invented remark; see models/README.md
ONE_IN = 5  # confirmed remarks is kept apart for the gate and never trains
HISTORY_COLUMNS = ("id", "batch", "text", "domains", "urgent", "source")
NO_DOMAIN = "-"


@dataclass(frozen=True)
class Example:
    """One labelled remark; `domains` is empty when it fits no domain and a person must look.

    Attributes
    ----------
    source
        Where the label comes from: "invented", "bevestigd" (a person confirmed it), or what the file says.
    batch
        Who wrote or labelled a group of rows together; evaluation leaves whole batches out.
    second
        Domains by someone who labelled the text blind; None when nobody did. Learned from with less weight.
    """

    id: str
    batch: str
    text: str
    domains: tuple[str, ...]
    urgent: bool
    source: str
    second: tuple[str, ...] | None = None


def load_history(folder: Path, taxonomy: Taxonomy) -> list[Example]:
    """Read every CSV below `folder`, in order of path, without the rows that only a machine labelled.

    Raises
    ------
    InputError
        When there is no history, a column is missing, or a label is not in the taxonomy; with file and row.
    """
    files = sorted(folder.rglob("*.csv"))
    if not files:
        raise InputError(f"geen gelabelde opmerkingen gevonden in {folder}")
    make = partial(_example, taxonomy=taxonomy)
    tables = (read_table(file, HISTORY_COLUMNS, make, InputError, optional=("second",)) for file in files)
    return [example for table in tables for example in table if example.source != MACHINE]


def kept_apart(example: Example) -> bool:
    """Whether a confirmed remark is one of those that never train; the same ones each time."""
    if example.source != CONFIRMED:
        return False
    return int(hashlib.sha256(f"{example.batch}/{example.id}".encode()).hexdigest(), 16) % ONE_IN == 0


def digest(examples: Sequence[Example], others: Sequence[str] = ()) -> str:
    """SHA-256 over everything that training uses, in hexadecimal."""
    state = hashlib.sha256()
    for example in examples:
        parts = (
            example.id,
            example.batch,
            example.text,
            ";".join(example.domains),
            str(example.urgent),
            example.source,
            "" if example.second is None else NO_DOMAIN + ";".join(example.second),
        )
        state.update("\x1f".join(parts).encode() + b"\x1e")
    state.update("\x1e".join(others).encode())
    return state.hexdigest()


def _example(row: dict[str, str], taxonomy: Taxonomy) -> Example:
    if row["urgent"] not in ("true", "false"):
        raise ValueError(f"urgent moet true of false zijn, niet {row['urgent']!r}")
    if not row["text"]:
        raise ValueError("er staat geen tekst")
    text = clean(row["text"]).text
    domains = taxonomy.split(row["domains"])
    second = taxonomy.split(row["second"].removeprefix(NO_DOMAIN)) if row["second"] else None
    return Example(row["id"], row["batch"], text, domains, row["urgent"] == "true", row["source"], second)
