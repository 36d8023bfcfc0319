"""What counts as readable text, for files and for a single request."""

from __future__ import annotations

import re

# Control characters and lone surrogates carry no text, and CSV, XLSX and mail cannot hold them.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def readable(text: str) -> str:
    """The text without control characters and outer blanks; "" when nothing is left to read."""
    return UNPRINTABLE.sub("", text).strip()
