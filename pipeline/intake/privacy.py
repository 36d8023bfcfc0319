"""Personal data out, before anything is stored, trained on, shown or sent."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

LICENCE_PLATE = re.compile(
    r"\b(?=[A-Z\d-]*\d)(?=[A-Z\d-]*[A-Z])"  # letters and digits both
    r"(?:[A-Z]{1,3}|\d{1,3})-(?:[A-Z]{2,3}|\d{2,3})-(?:[A-Z]{1,2}|\d{1,2})\b"
)
# A name is only sure behind a word that announces one; the announcing word stays.
PARTICLES = r"(?:(?:van|de|der|den|het|ter|ten|te|el|al|bin|ben|von|la|le|'t)\s+)*"
NAME = rf"(?:[A-Z]\.\s?)*{PARTICLES}[A-Z][\w'’-]+(?:\s+{PARTICLES}[A-Z][\w'’-]+)*"
TITLED_NAME = re.compile(
    rf"(?P<cue>\b(?:[Mm]evrouw|[Mm]evr\.?|[Mm]w\.?|[Mm]eneer|[Mm]ijnheer|[Dd]hr\.?|[Dd]e heer|[Ff]am(?:ilie|\.)|"
    rf"[Mm]ijn naam is|[Ii]k heet|[Nn]aam:)\s+){NAME}"
)
SIGNED_NAME = re.compile(
    rf"(?P<cue>\b(?:[Gg]roet(?:en|jes)?|[Mm]vg|[Hh]oogachtend)\b[\s,.!-]*(?:van\s+)?){NAME}(?=[\s.!,]*$)"
)
HOME_ADDRESS = re.compile(
    r"(?P<cue>\b(?:woon|woont|wonen|woonachtig|adres(?: is)?|verhuisd naar)\b:?\s+"
    r"(?:op\s+|aan\s+|in\s+)?(?:de\s+|het\s+)?)"
    r"[A-Z][\w.'’-]+(?:\s[A-Z]?[\w.'’-]+){0,3}?\s\d{1,4}\s?[a-zA-Z]?\b"
)

# In order: a longer, surer pattern takes its characters before a shorter one sees them. A `cue` group stays.
RECOGNISERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("e-mail", re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b")),
    ("iban", re.compile(r"\b[A-Z]{2}\d{2} ?[A-Z]{4}(?: ?\d){10}\b", re.IGNORECASE)),
    ("telefoon", re.compile(r"(?<![\w+])(?:\+31|0031|0)[ .-]?(?:\(0\))?(?:[ .-]?\d){9}(?!\d)")),
    ("bsn", re.compile(r"(?P<cue>\bbsn\b\D{0,12})\d{8,9}\b", re.IGNORECASE)),
    ("adres", HOME_ADDRESS),
    ("postcode", re.compile(r"\b[1-9]\d{3} ?[A-Z]{2}\b")),
    ("kenteken", LICENCE_PLATE),
    ("naam", TITLED_NAME),
    ("naam", SIGNED_NAME),
)


@dataclass(frozen=True)
class Cleaned:
    """A text in which each piece of personal data is replaced by a readable mark, and how many of each kind."""

    text: str
    counts: Counter[str]


def clean(text: str) -> Cleaned:
    """Replace personal data in one text by marks such as "[telefoon]"."""
    counts: Counter[str] = Counter()
    for kind, pattern in RECOGNISERS:
        mark = rf"\g<cue>[{kind}]" if "cue" in pattern.groupindex else f"[{kind}]"
        text, found = pattern.subn(mark, text)
        if found:
            counts[kind] += found
    return Cleaned(text, counts)
