"""How often something was seen, for any number of things: what does not fit in memory goes to a nameless file."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import Counter
from collections.abc import Sequence

CACHE_KIB = 64 << 10
COUNT = """
INSERT INTO seen SELECT key, value FROM json_each(?) WHERE true
ON CONFLICT DO UPDATE SET times = times + excluded.times RETURNING name, times
"""


class Times:
    """Counts names, of which only a digest of 63 bits is kept.

    Of a hundred million names, two have the same digest once in two thousand runs; the later one is then taken for a
    repeat. The file is SQLite's own temporary one: it has no name, is gone when the program ends, and holds no text.
    """

    def __init__(self) -> None:
        self._seen = sqlite3.connect("", isolation_level=None)
        self._seen.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        self._seen.execute("PRAGMA journal_mode = OFF")
        self._seen.execute("CREATE TABLE seen (name INTEGER PRIMARY KEY, times INTEGER NOT NULL)")
        self._seen.execute("BEGIN")

    def __call__(self, names: Sequence[str]) -> list[int]:
        """How often each name was seen up to now, this time included."""
        digests = [_digest(name) for name in names]
        new = Counter(digests)
        before = {name: times - new[name] for name, times in self._seen.execute(COUNT, (json.dumps(new),))}
        counted = []
        for digest in digests:
            before[digest] += 1
            counted.append(before[digest])
        return counted


def _digest(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()) >> 1
