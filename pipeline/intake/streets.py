"""Whether words are a Dutch street's name, from the list of all streets."""

from __future__ import annotations

import gzip
from functools import cache, lru_cache

from pipeline.settings import PROJECT_ROOT

STREETS_FILE = PROJECT_ROOT / "data" / "streets_nl.txt.gz"


@cache
def _streets() -> str:
    """All streets in small letters, each between line ends: quicker to begin with than a set of them."""
    if not STREETS_FILE.exists():
        return ""
    return "\n" + gzip.decompress(STREETS_FILE.read_bytes()).decode().lower() + "\n"


@cache
def _names() -> frozenset[str]:
    return frozenset(_streets().split("\n")) - {""}


@lru_cache(maxsize=20_000)
def is_street(phrase: str) -> bool:
    """Whether a phrase in small letters is the name of a street."""
    return phrase in _names()


@lru_cache(maxsize=20_000)
def begins_a_street(phrase: str) -> bool:
    """Whether the name of a street begins with a phrase in small letters."""
    return f"\n{phrase}" in _streets()
