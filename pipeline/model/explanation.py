"""Which words of a remark decided: exact, since the model's score is a sum over terms."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse
from spacy.lang.nl.stop_words import STOP_WORDS


def deciding_terms(
    terms: Sequence[str],
    weights: sparse.csr_matrix,
    term_scores: npt.NDArray[np.float32],
    columns: Sequence[Sequence[int]],
    most: int = 3,
) -> list[tuple[tuple[str, ...], ...]]:
    """The terms that spoke most for each domain of each remark, strongest first.

    Parameters
    ----------
    terms
        Shape (n_terms,).
    weights
        How much each term counts in each remark, shape (n_remarks, n_terms).
    term_scores
        Scores of the terms, shape (n_terms, n_outputs).
    columns
        For each remark the outputs to explain.
    most
        Name at most this many terms; only terms that spoke for the domain are named, and no stop words ("de", "ik"):
        these count in the score, but say nothing to a reader.
    """
    telling = np.array([term not in STOP_WORDS for term in terms] or [False])
    owner = np.repeat(np.arange(len(columns)), [len(found) for found in columns])  # of each pair (remark, output)
    output = np.array([column for found in columns for column in found], dtype=np.intp)
    sizes = np.diff(weights.indptr)[owner]
    starts = np.cumsum(sizes) - sizes
    n_parts = int(sizes.sum())
    entries = np.arange(n_parts) + np.repeat(weights.indptr[:-1][owner] - starts, sizes)
    term = weights.indices[entries]
    part = weights.data[entries] * term_scores[term, np.repeat(output, sizes)] * telling[term]
    # one more part that speaks for nothing, for pairs with fewer terms than are asked for
    order = np.append(np.lexsort((-part, np.repeat(np.arange(len(owner)), sizes))), n_parts)
    term, part = np.append(term, 0), np.append(part, 0)
    rank = np.arange(most)
    best = order[np.where(rank < sizes[:, None], starts[:, None] + rank, n_parts)]
    named = iter(
        tuple(terms[t] for t, speaks in zip(*pair, strict=True) if speaks)
        for pair in zip(term[best].tolist(), (part[best] > 0).tolist(), strict=True)
    )
    return [tuple(next(named) for _ in found) for found in columns]
