"""Acute danger to people: an advice to look now, never a decision and never a reason not to route."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import special
from sklearn.linear_model import LogisticRegression

from pipeline.model.classifier import RemarkClassifier
from pipeline.model.features import TermFeatures
from pipeline.model.head import LinearHead
from pipeline.model.tokens import TokenBatch


class UrgencyModel:
    """Linear model that tells which remarks someone must look at within hours.

    Parameters
    ----------
    strength
        Inverse regularisation (scikit-learn's `C`).
    """

    def __init__(self, strength: float = 10.0) -> None:
        self.strength = strength
        self.threshold = 0.5

    def fit(self, classifier: RemarkClassifier, texts: Sequence[str], urgent: Sequence[bool]) -> UrgencyModel:
        """Learn from clean texts and whether each was urgent, on the features of a fitted classifier."""
        model = LogisticRegression(C=self.strength, class_weight="balanced", solver="liblinear")
        batch = classifier.tokenizer(texts)
        model.fit(classifier.features.transform(batch), np.asarray(urgent))
        self.head = LinearHead(classifier.features, model.coef_.T, model.intercept_, batch.terms)
        return self

    def flag(self, features: TermFeatures, batch: TokenBatch) -> npt.NDArray[np.bool_]:
        """Which remarks may be about acute danger, shape (n_remarks,)."""
        return np.asarray(self.proba(features, batch) >= self.threshold)

    def proba(self, features: TermFeatures, batch: TokenBatch) -> npt.NDArray[np.float64]:
        """Probability of acute danger, shape (n_remarks,)."""
        scores = features.weights(batch) @ self.head.term_scores(batch.terms) + self.head.intercepts
        return np.asarray(special.expit(scores[:, 0]), dtype=np.float64)
