"""Words and phrases that point to a domain: written by people, learned from as weak labels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pipeline.domains import Taxonomy
from pipeline.tables import read_table

LEXICON_COLUMNS = ("term", "domains")


@dataclass(frozen=True)
class LexiconEntry:
    """A word or short phrase, and the domains that it points to."""

    term: str
    domains: tuple[str, ...]


def load_lexicon(path: Path, taxonomy: Taxonomy) -> list[LexiconEntry]:
    """Read lexicon.csv; no file means no lexicon.

    Raises
    ------
    SettingsError
        When a column is missing, a term is empty, or a domain is unknown; with row.
    """
    if not path.exists():
        return []
    return read_table(path, LEXICON_COLUMNS, partial(_entry, taxonomy=taxonomy))


def _entry(row: dict[str, str], taxonomy: Taxonomy) -> LexiconEntry:
    domains = taxonomy.split(row["domains"])
    if not row["term"] or not domains:
        raise ValueError("een term en minstens één domein zijn verplicht")
    return LexiconEntry(row["term"], domains)
