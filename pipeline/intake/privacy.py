"""Personal data out, before anything is stored, trained on, shown or sent."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

LICENCE_PLATE = re.compile(
    r"\b(?=[A-Z\d-]*\d)(?=[A-Z\d-]*[A-Z])"  # letters and digits both
    r"(?:[A-Z]{1,3}|\d{1,3})-(?:[A-Z]{2,3}|\d{2,3})-(?:[A-Z]{1,2}|\d{1,2})\b"
)

# In order: a longer, surer pattern takes its characters before a shorter one sees them.
RECOGNISERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("e-mail", re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b")),
    ("iban", re.compile(r"\b[A-Z]{2}\d{2} ?[A-Z]{4}(?: ?\d){10}\b", re.IGNORECASE)),
    ("telefoon", re.compile(r"(?<![\w+])(?:\+31|0031|0)[ .-]?(?:\(0\))?(?:[ .-]?\d){9}(?!\d)")),
    ("bsn", re.compile(r"(?<=bsn )\d{8,9}\b", re.IGNORECASE)),
    ("postcode", re.compile(r"\b[1-9]\d{3} ?[A-Z]{2}\b")),
    ("kenteken", LICENCE_PLATE),
)  # fmt: skip


@dataclass(frozen=True)
class Cleaned:
    """A text in which each piece of personal data is replaced by a readable mark, and how many of each kind."""

    text: str
    counts: Counter[str]


def clean(text: str) -> Cleaned:
    """Replace personal data in one text by marks such as "[telefoon]"."""
    counts: Counter[str] = Counter()
    for kind, pattern in RECOGNISERS:
        text, found = pattern.subn(f"[{kind}]", text)
        if found:
            counts[kind] += found
    return Cleaned(text, counts)
