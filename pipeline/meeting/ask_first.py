"""Which remarks a person should judge first: where the model doubts most, and not the same doubt twice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pipeline.meeting.repeats import Fingerprints

Floats = npt.NDArray[np.float64]

MOST_SPREAD = 100  # so many are chosen one by one; the rest follows by doubt alone
MOST_COMPARED = 2_000  # of the most doubtful
NEARNESS = 0.5  # how much likeness to what was chosen takes from a remark's turn


def ask_first(doubt: Floats, prints: Fingerprints, most: int = MOST_SPREAD) -> list[int]:
    """Places of remarks, the most telling first: doubt, less what resembles a remark that was already chosen.

    Parameters
    ----------
    doubt
        From 0 to 1, shape (n_remarks,); see `doubt_of`.
    prints
        Words of the remarks, rows of length one, and their probabilities.

    Source: uncertainty with a penalty for redundancy, as maximal marginal relevance (Carbonell and Goldstein 1998).
    """
    order = np.argsort(-doubt, kind="stable").tolist()
    compared, words = order[:MOST_COMPARED], prints[0]
    left = np.asarray(compared)
    rows = words[left]
    nearest = np.zeros(len(left))
    chosen: list[int] = []
    waiting = np.ones(len(left), dtype=bool)
    for _ in range(min(most, len(left))):
        turn = np.where(waiting, doubt[left] - NEARNESS * nearest, -np.inf)
        best = int(turn.argmax())
        waiting[best] = False
        chosen.append(int(left[best]))
        nearest = np.maximum(nearest, np.asarray((rows @ rows[[best]].T).todense()).ravel())
    taken = set(chosen)
    return [*chosen, *(place for place in order if place not in taken)]


def doubt_of(primary_proba: Floats, confidence: Sequence[float] | Floats) -> Floats:
    """How much the model doubts the first domain, 0 to 1: between domains, and whether it is right at all."""
    entropy = -(primary_proba * np.log(np.maximum(primary_proba, 1e-12))).sum(axis=1) / np.log(primary_proba.shape[1])
    return np.asarray((entropy + 1 - np.asarray(confidence, dtype=np.float64)) / 2)
