"""Acute danger to people: an advice to look now, never a decision and never a reason not to route."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse, special

from pipeline.model.calibration import fit_logistic
from pipeline.model.pairs import Neighbours
from pipeline.model.tokens import TokenBatch

Floats = npt.NDArray[np.float64]

RECALL_WEIGHT = 4.0  # a missed danger weighs four times a needless look (the beta of the F measure)
PENALTY = 10.0  # inverse, as scikit-learn's `C`; from 3 to 30 it makes no difference on left-out batches
URGENT_WEIGHT = 3.0  # of an urgent remark next to the sixteen times as many others


class DangerWords:
    """Logistic regression on words and pairs of neighbouring words.

    It stands beside the urgency column of the domains' own regression, that knows letter groups and no order;
    the two err on different remarks (`fit_urgency` joins them).
    """

    def fit(self, batch: TokenBatch, urgent: npt.NDArray[np.bool_]) -> DangerWords:
        """Learn from the terms of labelled remarks; `urgent` has shape (n_remarks,)."""
        from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  takes half a second that only training needs

        self._index = Neighbours(with_words=True).fit(batch)
        self._rarity = 1 + np.log((1 + len(urgent)) / (1 + self._index.remarks_with))
        self._coefficients = np.zeros(len(self._index))
        self._intercept = 0.0
        if urgent.any() and not urgent.all():
            weights = {True: URGENT_WEIGHT, False: 1.0}
            model = LogisticRegression(C=PENALTY, class_weight=weights, solver="liblinear", random_state=0)
            model.fit(self._transform(batch), urgent)
            self._coefficients, self._intercept = model.coef_[0], float(model.intercept_[0])
        return self

    def scores(self, batch: TokenBatch) -> Floats:
        """Score for acute danger, shape (n_remarks,)."""
        return np.asarray(self._transform(batch) @ self._coefficients + self._intercept)

    def _transform(self, batch: TokenBatch) -> sparse.csr_matrix:
        """Rarity-weighted counts of known words and pairs, rows of length one, shape (n_remarks, n_features)."""
        matrix = self._index.counts(batch)
        matrix.data = (1 + np.log(matrix.data)) * self._rarity[matrix.indices]
        lengths = np.sqrt(np.asarray(matrix.power(2).sum(axis=1)).ravel())
        return sparse.csr_matrix(sparse.diags_array(1 / np.maximum(lengths, 1e-6)) @ matrix)


@dataclass(frozen=True)
class UrgencyAdvice:
    """From the classifier's urgency scores to a probability and a flag.

    Attributes
    ----------
    weights
        Of the sigmoid that makes a probability of the two scores and 1, shape (3,).
    threshold
        Probability from which a remark is flagged.
    """

    weights: Floats
    threshold: float

    def proba(self, scores: Floats) -> Floats:
        """Probability of acute danger from scores of shape (n_remarks, 2); shape (n_remarks,)."""
        return np.asarray(special.expit(_with_one(scores) @ self.weights))


def fit_urgency(scores: Floats, urgent: npt.NDArray[np.bool_]) -> UrgencyAdvice:
    """Fit on out-of-batch scores; the threshold is where the F measure that favours recall is highest."""
    weights = fit_logistic(_with_one(scores), urgent)
    proba = special.expit(_with_one(scores) @ weights)
    order = np.argsort(-proba, kind="stable")
    hits = np.cumsum(urgent[order])
    named = np.arange(1, len(order) + 1)
    f = (1 + RECALL_WEIGHT**2) * hits / (named + RECALL_WEIGHT**2 * max(urgent.sum(), 1))
    return UrgencyAdvice(weights, float(proba[order][f.argmax()]) if urgent.any() else 1.0)


def _with_one(scores: Floats) -> Floats:
    return np.column_stack([scores, np.ones(len(scores))])
