"""Whether the model serves some writers worse than others: scores by channel, style, length and spelling."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.errors import SettingsError
from pipeline.model.history import Example

LEAST_REMARKS = 30  # in a group, before its score says anything
LENGTHS = ((7, "tot 8 woorden"), (20, "8 tot 20 woorden"), (60, "21 tot 60 woorden"))
LONGEST = "meer dan 60 woorden"
NEAT = re.compile(r"\s*[A-ZÀ-Ý\"'\d(].*[.!?)\"']\s*", re.DOTALL)


@dataclass(frozen=True)
class GroupScore:
    """How often the first domain of some writers' remarks is right, 0 to 1."""

    kind: str
    name: str
    n_remarks: int
    primary_accuracy: float

    def as_dict(self) -> dict[str, object]:
        """Plain dictionary, for card.json."""
        return asdict(self)


def load_batch_kinds(path: Path) -> dict[str, dict[str, str]]:
    """Channel and style of each batch; empty when there is no such file.

    Raises
    ------
    SettingsError
        When it lacks a column.
    """
    return {row["batch"]: {"kanaal": row["channel"], "stijl": row["style"]} for row in _batch_rows(path)}


def load_trusted(path: Path) -> list[str]:
    """Batches that somebody looked at and vouches for: "ja" in the column `trusted`, which may be absent.

    Raises
    ------
    SettingsError
        When the file lacks another column.
    """
    return [row["batch"] for row in _batch_rows(path) if row.get("trusted") == "ja"]


def _batch_rows(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    if rows and not {"batch", "channel", "style"} <= set(rows[0]):
        raise SettingsError(f"{path}: nodig zijn de kolommen batch, channel en style")
    return rows


def scores_by_group(
    examples: Sequence[Example], right: Sequence[bool], kinds: Mapping[str, Mapping[str, str]]
) -> list[GroupScore]:
    """Scores of left-out remarks with a domain, by each way to group their writers; large enough groups only.

    Parameters
    ----------
    right
        Whether the first domain of each of `examples` is right.
    kinds
        As `load_batch_kinds` gives them.
    """
    ways: dict[str, Callable[[Example], str]] = {
        "kanaal": lambda example: kinds.get(example.batch, {}).get("kanaal", ""),
        "stijl": lambda example: kinds.get(example.batch, {}).get("stijl", ""),
        "lengte": lambda example: length_of(example.text),
        "schrijfwijze": lambda example: "met hoofdletters en punten" if NEAT.fullmatch(example.text) else "slordig",
    }
    found = []
    for kind, group_of in ways.items():
        groups: dict[str, list[bool]] = defaultdict(list)
        for example, good in zip(examples, right, strict=True):
            groups[group_of(example)].append(good)
        found += [
            GroupScore(kind, name, len(marks), sum(marks) / len(marks))
            for name, marks in sorted(groups.items())
            if name and len(marks) >= LEAST_REMARKS
        ]
    return found


def length_of(text: str) -> str:
    """Class of length of a text."""
    words = len(text.split())
    return next((name for most, name in LENGTHS if words <= most), LONGEST)
