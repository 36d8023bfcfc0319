"""Personal data out, before anything is stored, trained on, shown or sent.

An ordered chain of small recognisers. What one has taken, the next cannot take; so the surest come first. Each mark
that takes the place of personal data says what was there, so that a reader and the model lose nothing they need.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from pipeline.intake.addresscues import ADDRESS_STEPS, SPOKEN
from pipeline.intake.addresses import addresses_in, postcodes_in
from pipeline.intake.names import names_in
from pipeline.intake.notpeople import of_people
from pipeline.intake.numbers import LATER_STEPS, NUMBER_STEPS
from pipeline.intake.plainnames import plain_names_in
from pipeline.intake.spans import COVER, Span, Step

DIGIT = re.compile(r"\d")
GROWING = ("naam", "adres")
MOST_ROUNDS = 5  # taking one piece out can bring two others together; after a few rounds nothing is left

STEPS: tuple[Step, ...] = (
    *NUMBER_STEPS,
    *ADDRESS_STEPS,
    ("adres", "digit", addresses_in),
    ("postcode", "digit", postcodes_in),
    *LATER_STEPS,
    ("naam", "", of_people(plain_names_in)),
    ("naam", "", of_people(names_in)),
)
# the same with what is needed cut up; and what is left of them in a text without digits
WITH_PARTS = tuple(
    (kind, ("",) if needed == "digit" else tuple(needed.split("|")), step) for kind, needed, step in STEPS
)
WITHOUT_DIGITS = tuple(
    step
    for step, (kind, needed, _) in zip(WITH_PARTS, STEPS, strict=True)
    if needed not in ("digit", "bel", "tel|mob")
    and (needed == SPOKEN or kind not in ("iban", "bsn", "kenteken", "adres", "postcode"))
)


@dataclass(frozen=True)
class Cleaned:
    """A text in which each piece of personal data is replaced by a readable mark, and how many of each kind."""

    text: str
    counts: Counter[str]


def personal_data(text: str) -> list[Span]:
    """Personal data in a text, in order, without overlap.

    What is found is covered, so that it can announce what stands beside it: a name before a telephone number, a second
    address behind the first.
    """
    taken: list[Span] = []
    for _ in range(MOST_ROUNDS):
        found = _found_in(text)
        if not found:
            break
        taken += found
        for span in found:
            text = text[: span.start] + COVER * (span.end - span.start) + text[span.end :]
    return sorted(taken, key=lambda span: span.start)


def clean(text: str) -> Cleaned:
    """Replace personal data in one text by marks such as "[telefoon]"; a cleaned text has nothing more to clean."""
    counts: Counter[str] = Counter()
    text = text.replace(COVER, " ")
    for _ in range(MOST_ROUNDS):
        spans = personal_data(text)
        if not spans:
            break
        for span in reversed(spans):
            text = f"{text[: span.start]}[{span.kind}]{text[span.end :]}"
            counts[span.kind] += 1
    return Cleaned(text, counts)


def _found_in(text: str) -> list[Span]:
    taken: list[Span] = []
    lowered = text.lower()
    for kind, needed, recognise in WITH_PARTS if DIGIT.search(text) else WITHOUT_DIGITS:
        for part in needed:
            if part in lowered:
                break
        else:
            continue
        for start, end in recognise(text):
            if start < end:
                _take(taken, Span(start, end, kind), may_grow=not text[start:end].isupper())
    return [span for span in taken if COVER not in text[span.start : span.end]]


def _take(taken: list[Span], new: Span, *, may_grow: bool) -> None:
    """Add a piece where nothing is taken yet; what goes on behind a piece of the same kind makes that longer.

    An address may begin earlier too ("Burg. Kolfschotenlaan"), but not a name: what stands before it announces it.
    """
    touched = [span for span in taken if new.start < span.end and span.start < new.end]
    if not touched:
        taken.append(new)
    elif len(touched) == 1 and touched[0].kind == new.kind and new.kind in GROWING and may_grow:
        old = touched[0]
        start = min(old.start, new.start) if new.kind == "adres" else old.start
        taken[taken.index(old)] = Span(start, max(old.end, new.end), old.kind)
