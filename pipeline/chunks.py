"""The work on one chunk of remarks, the same wherever it is done: raw rows in, columns without personal data out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from pipeline.desk import Desk
from pipeline.intake.places import fill_places
from pipeline.intake.privacy import clean
from pipeline.judge import Judgement

READ_FIELDS = ("id", "received", "area", "street", "text")
JUDGED_FIELDS = (
    "language", "domains", "primary", "confidence", "urgent", "decision", "reason", "because", "departments",
    "contacts",
)  # fmt: skip
REMARK_FIELDS = (*READ_FIELDS, *JUDGED_FIELDS)
STORED_FIELDS = (*REMARK_FIELDS, "place_from_text", "danger")
ASSIGNED_FIELDS = ("domain", "rule", "email", "department", "name")

Assigned = tuple[str, str, str, str, str]
"""A value for each of `ASSIGNED_FIELDS`."""


@dataclass(frozen=True, repr=False)  # a log must not show what people wrote
class SortedChunk:
    """What became of the remarks of one chunk; plain columns, so that it is cheap to send and to write.

    Attributes
    ----------
    columns
        `STORED_FIELDS`, each with one value a remark, in the input's order; `urgent` is true or false.
    assignments
        Of each remark who gets it, the contact of the first domain first; each with `ASSIGNED_FIELDS`.
    personal_data
        How many pieces of each kind were taken out; never the values.
    """

    columns: dict[str, list[Any]]
    assignments: list[list[Assigned]]
    personal_data: Counter[str]

    def __len__(self) -> int:
        return len(self.assignments)


def sort_remarks(remarks: pd.DataFrame, desk: Desk, day: date) -> SortedChunk:
    """Take personal data out, find places, judge.

    The answer depends on the chunk, the desk and the day alone, so that any process on any machine gives the same.

    Parameters
    ----------
    remarks
        A remark table as `read_chunks` gives it.
    day
        Decides which contacts are away.
    """
    cleaned = [clean(text) for text in remarks["text"]]
    counts: Counter[str] = Counter()
    for one in cleaned:
        counts.update(one.counts)
    placed = fill_places(remarks.assign(text=[one.text for one in cleaned]), desk.places)
    judgements = desk.judge(placed["text"].tolist(), placed["area"].tolist(), day)
    columns = {name: placed[name].tolist() for name in (*READ_FIELDS, "place_from_text")}
    columns |= _judged_columns(judgements)
    assignments = [
        [(one.domain, one.rule, one.contact.email, one.contact.department, one.contact.name)
         for one in judgement.assignments]
        for judgement in judgements
    ]  # fmt: skip
    return SortedChunk({name: columns[name] for name in STORED_FIELDS}, assignments, counts)


def _judged_columns(judgements: Sequence[Judgement]) -> dict[str, list[Any]]:
    contacts = [[assignment.contact for assignment in judgement.assignments] for judgement in judgements]
    return {
        "language": [judgement.language for judgement in judgements],
        "domains": [";".join(judgement.domains) for judgement in judgements],
        "primary": [judgement.domains[0] if judgement.domains else "" for judgement in judgements],
        "confidence": [round(judgement.confidence, 4) for judgement in judgements],
        "urgent": [bool(judgement.urgent) for judgement in judgements],
        "decision": [judgement.decision for judgement in judgements],
        "reason": [judgement.reason for judgement in judgements],
        "because": [
            "; ".join(f"{domain}: {', '.join(terms)}" for domain, terms in judgement.because if terms)
            for judgement in judgements
        ],
        "departments": [";".join(dict.fromkeys(contact.department for contact in some)) for some in contacts],
        "contacts": [";".join(dict.fromkeys(contact.email for contact in some)) for some in contacts],
        "danger": [judgement.danger for judgement in judgements],
    }
