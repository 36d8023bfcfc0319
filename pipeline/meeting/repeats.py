"""Remarks that say the same thing, in this week and in the weeks before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

Row = dict[str, Any]
Floats = npt.NDArray[np.float64]
Fingerprints = tuple[sparse.csr_matrix, Floats]
"""Of some texts: rows of words with length one, and the probability of each first domain; (n_texts, ...) both."""
MakeFingerprints = Callable[[Sequence[str]], Fingerprints]

# Words in common (cosine) from which two remarks are the same matter, when their subjects agree. In one street little
# is enough; without a street the words must say where.
SAME_STREET, ONE_STREET_UNKNOWN, NO_STREET = 0.18, 0.3, 0.35
SAME_SUBJECT = 0.3  # probability that both have the same first domain
SURELY_ALIKE = 0.5  # words so much in common that the subject does not matter
MOST_COMPARED = 400  # remarks compared with each other; more would take quadratic time


@dataclass(frozen=True)
class Repeat:
    """Remarks that say the same thing, of this week first; the first one stands for all."""

    rows: tuple[Row, ...]

    @property
    def first(self) -> Row:
        """The remark that stands for all."""
        return self.rows[0]

    @property
    def weeks(self) -> tuple[str, ...]:
        """Weeks in which it was said, latest first."""
        return tuple(sorted({row["week"] for row in self.rows}, reverse=True))


def find_repeats(rows: Sequence[Row], make_fingerprints: MakeFingerprints, earlier: Sequence[Row] = ()) -> list[Repeat]:
    """Groups with at least one remark of `rows`, largest first; `earlier` are remarks of weeks before."""
    every = [*rows, *earlier]
    if len(every) < 2:
        return []
    prints = make_fingerprints([row["text"] for row in every])
    groups = [group for block in _blocks(every) for group in _alike(every, block, prints)]
    current = {id(row) for row in rows}
    seen: set[int] = set()
    repeats = []
    for group in sorted(groups, key=len, reverse=True):
        left = [row for row in group if id(row) not in seen]
        if len(left) > 1 and any(id(row) in current for row in left):
            seen.update(map(id, left))
            repeats.append(Repeat(tuple(sorted(left, key=lambda row: id(row) not in current))))
    return repeats


def same_matter(words: Floats, subject: Floats, streets: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Whether each two of some remarks say the same thing, shape (n_remarks, n_remarks).

    Parameters
    ----------
    words, subject
        As `likeness` gives them.
    streets
        Folded names, "" when not known. Remarks from two streets are never the same matter.
    """
    street = np.array(streets, dtype=object)
    known = street != ""
    both = known[:, None] & known[None, :]
    neither = ~known[:, None] & ~known[None, :]
    least = np.where(both, SAME_STREET, np.where(neither, NO_STREET, ONE_STREET_UNKNOWN))
    alike = ((words >= least) & (subject >= SAME_SUBJECT)) | (words >= SURELY_ALIKE)
    return np.asarray(alike & (~both | (street[:, None] == street[None, :])), dtype=np.bool_)


def folded_street(row: Row) -> str:
    """A street's name as it is compared: "de Brink" is "Brink"."""
    return str(row["street"]).casefold().removeprefix("de ").removeprefix("het ")


def likeness(fingerprints: Fingerprints, places: Sequence[int]) -> tuple[Floats, Floats]:
    """How alike the words of each two of some texts are, and how probably their first domain is the same; 0 to 1."""
    words, domains = fingerprints[0][places], fingerprints[1][places]
    return np.asarray((words @ words.T).toarray(), dtype=np.float64), np.asarray(domains @ domains.T)


def _blocks(rows: Sequence[Row]) -> Iterator[list[int]]:
    """Places of remarks that may be about the same: of one street, or of one domain while a street is not known."""
    streets: dict[str, list[int]] = defaultdict(list)
    domains: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        if street := folded_street(row):
            streets[street].append(place)
        domains[row["primary_domain"]].append(place)
    yield from (block[:MOST_COMPARED] for block in streets.values() if len(block) > 1)
    for block in domains.values():
        if len(block) > 1 and any(not rows[place]["street"] for place in block):
            yield block[:MOST_COMPARED]


def _alike(rows: Sequence[Row], block: Sequence[int], fingerprints: Fingerprints) -> Iterator[list[Row]]:
    words, subject = likeness(fingerprints, block)
    same = same_matter(words, subject, [folded_street(rows[place]) for place in block])
    left = list(range(len(block)))
    while left:
        first = left.pop(0)
        group = [other for other in left if same[first, other]]
        if group:
            left = [other for other in left if other not in group]
            yield [rows[block[place]] for place in (first, *group)]
