"""Remarks with their personal data marked by hand, to measure the privacy step on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.intake.privacy import personal_data
from pipeline.intake.spans import Span

MARK = re.compile(r"\{(?P<kind>[a-z-]+):(?P<value>[^{}]*)\}")


@dataclass(frozen=True)
class MarkedRemark:
    """A text and where its personal data is."""

    text: str
    spans: tuple[Span, ...]

    def missed(self) -> list[Span]:
        """Marked pieces that the privacy step does not cover whole."""
        found = personal_data(self.text)
        hidden = {position for span in found for position in range(span.start, span.end)}
        return [
            span
            for span in self.spans
            if any(self.text[p].isalnum() and p not in hidden for p in range(span.start, span.end))
        ]

    def false(self) -> list[Span]:
        """Pieces that the privacy step takes out and that touch nothing marked."""
        return [
            span
            for span in personal_data(self.text)
            if not any(span.start < marked.end and marked.start < span.end for marked in self.spans)
        ]


@dataclass(frozen=True)
class PrivacyScore:
    """How well the privacy step did; counts per kind.

    Attributes
    ----------
    marked, missed
        Pieces of personal data, and those not covered whole.
    false
        Pieces taken out that are not personal.
    """

    n_remarks: int
    marked: Counter[str]
    missed: Counter[str]
    false: Counter[str]


def read_marked(line: str) -> MarkedRemark:
    r"""Read one remark such as "Groet, {naam:Fatima}"; `\n` is a line break."""
    text, spans, last = "", [], 0
    line = line.replace("\\n", "\n")
    for match in MARK.finditer(line):
        text += line[last : match.start()]
        spans.append(Span(len(text), len(text) + len(match["value"]), match["kind"]))
        text += match["value"]
        last = match.end()
    return MarkedRemark(text + line[last:], tuple(spans))


def load_marked(path: Path) -> list[MarkedRemark]:
    """Read a file with one marked remark a line."""
    return [read_marked(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def score(remarks: Sequence[MarkedRemark]) -> PrivacyScore:
    """Count what the privacy step covers, misses and takes for nothing."""
    return PrivacyScore(
        n_remarks=len(remarks),
        marked=Counter(span.kind for remark in remarks for span in remark.spans),
        missed=Counter(span.kind for remark in remarks for span in remark.missed()),
        false=Counter(span.kind for remark in remarks for span in remark.false()),
    )
