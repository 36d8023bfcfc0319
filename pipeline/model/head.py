"""Linear scores, folded into one row of scores per distinct term."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse

from pipeline.model.features import TermFeatures

MAX_CACHED_TERMS = 500_000


class LinearHead:
    """Linear scores of remarks from scores of their terms.

    A remark's features are a weighted sum over its terms, and so are its scores: the product of a term's features
    and the coefficients is made once. The terms of the history are folded when the model is made, others when they
    are met.

    Parameters
    ----------
    features
        Fitted features.
    coefficients, intercepts
        Shape (n_features, n_outputs) and (n_outputs,).
    known, known_features
        Terms to fold now, and their features; shape (n_terms,) and (n_terms, n_features).
    """

    def __init__(
        self,
        features: TermFeatures,
        coefficients: npt.NDArray[np.floating],
        intercepts: npt.NDArray[np.floating],
        known: Sequence[str],
        known_features: sparse.csr_matrix,
    ) -> None:
        self.features = features
        self.coefficients = coefficients.astype(np.float32)
        self.intercepts = intercepts.astype(np.float64)
        self._known = list(known)
        self._known_scores = known_features @ self.coefficients
        self._raised: dict[str, npt.NDArray[np.float32]] = {}
        self._forget()

    def _forget(self) -> None:
        self._row_of = {term: row for row, term in enumerate(self._known)}
        self._scores = self._known_scores.copy()
        self._met = len(self._known)
        for term, scores in self._raised.items():
            self._put(term, scores)

    def term_scores(self, terms: Sequence[str]) -> npt.NDArray[np.float32]:
        """Scores of terms, shape (n_terms, n_outputs)."""
        if len(self._row_of) > max(MAX_CACHED_TERMS, 2 * len(self._known)):
            self._forget()
        new = [term for term in terms if term not in self._row_of]
        if new:
            self._meet(new)
        return self._scores[[self._row_of[term] for term in terms]]

    def raise_to(self, term: str, outputs: Sequence[int], score: float) -> None:
        """Give a term at least `score` for some outputs, as part of the model's own terms from now on."""
        row = self.term_scores([term])[0].copy()
        row[list(outputs)] = np.maximum(row[list(outputs)], score)
        self._raised[term] = row
        self._put(term, row)

    def _put(self, term: str, scores: npt.NDArray[np.float32]) -> None:
        if term not in self._row_of:
            self._meet([term])
        self._scores[self._row_of[term]] = scores

    def _meet(self, new: Sequence[str]) -> None:
        needed = self._met + len(new)
        if needed > len(self._scores):
            grown = np.empty((2 * needed, self._scores.shape[1]), np.float32)
            grown[: self._met] = self._scores[: self._met]
            self._scores = grown
        self._scores[self._met : needed] = self.features.transform_terms(new) @ self.coefficients
        self._row_of.update(zip(new, range(self._met, needed), strict=True))
        self._met = needed

    def __getstate__(self) -> dict[str, object]:
        caches = ("_row_of", "_scores", "_met", "_raised")
        return {name: value for name, value in self.__dict__.items() if name not in caches}

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update(state)
        self._raised = {}
        self._forget()
