"""RemarkClassifier: which policy domains a remark touches, which comes first, how sure that is and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier

from pipeline.domains import Taxonomy
from pipeline.model.calibration import Calibration
from pipeline.model.explanation import deciding_terms
from pipeline.model.features import TermFeatures
from pipeline.model.head import LinearHead
from pipeline.model.tokens import DutchTokenizer, TokenBatch

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Prediction:
    """What the model says of some remarks.

    Attributes
    ----------
    domains
        Ordered domain ids of each remark, primary first.
    domain_proba, primary_proba
        Shape (n_remarks, n_domains): the probability that a domain belongs, and that it is the primary.
    confidence
        Calibrated probability that the primary is right, shape (n_remarks,).
    n_terms, known_share
        Number of terms of each remark, and the share of them that the history knows; shape (n_remarks,).
    because
        Per remark, for each of its `domains`, the terms that decided it.
    """

    domains: list[tuple[str, ...]]
    domain_proba: Floats
    primary_proba: Floats
    confidence: Floats
    n_terms: npt.NDArray[np.int64]
    known_share: Floats
    because: list[tuple[tuple[str, ...], ...]]


class RemarkClassifier:
    """Multi-label text classifier for Dutch remarks with an ordered answer.

    Two linear models share the features: one scores for each domain whether it belongs, the other which domain is
    the primary.

    Parameters
    ----------
    taxonomy
        The domains, in the order of the columns of every matrix.
    domain_strength, primary_strength
        Inverse regularisation of the two models (scikit-learn's `C`).
    """

    def __init__(self, taxonomy: Taxonomy, domain_strength: float = 10.0, primary_strength: float = 10.0) -> None:
        self.taxonomy = taxonomy
        self.domain_strength = domain_strength
        self.primary_strength = primary_strength
        self.tokenizer = DutchTokenizer()
        self.features = TermFeatures()
        self.calibration: Calibration | None = None

    def fit(self, texts: Sequence[str], labels: Sequence[Sequence[str]]) -> RemarkClassifier:
        """Learn from labelled remarks.

        Parameters
        ----------
        texts, labels
            Clean texts, and for each its domains with the primary first.
        """
        batch = self.tokenizer(texts)
        matrix = self.features.fit(batch).transform(batch)
        membership = self.taxonomy.to_matrix(labels)
        primary = np.array([self.taxonomy.position[domains[0]] for domains in labels])
        parts = (
            _fit_membership(matrix, membership, self.domain_strength),
            _fit_primary(matrix, primary, len(self.taxonomy), self.primary_strength),
        )
        coefficients, intercepts = (np.hstack(found) for found in zip(*parts, strict=True))
        self.head = LinearHead(self.features, coefficients, intercepts, batch.terms)
        return self

    def scores(self, batch: TokenBatch) -> tuple[Floats, Floats]:
        """Raw scores for belonging and for being primary, each of shape (n_remarks, n_domains)."""
        return self._split(self.features.weights(batch) @ self.head.term_scores(batch.terms))

    def predict_proba(self, texts: Sequence[str]) -> Floats:
        """Calibrated probability that each domain belongs to each remark, shape (n_remarks, n_domains)."""
        return self._calibration.domain_proba(self.scores(self.tokenizer(texts))[0])

    def predict(self, texts: Sequence[str]) -> Prediction:
        """Domains, probabilities, confidence and reasons of remarks."""
        return self.predict_batch(self.tokenizer(texts))

    def predict_batch(self, batch: TokenBatch) -> Prediction:
        """As `predict`, for texts that are tokenised already."""
        calibration = self._calibration
        weights = self.features.weights(batch)
        term_scores = self.head.term_scores(batch.terms)
        domain_scores, primary_scores = self._split(weights @ term_scores)
        domain_proba = calibration.domain_proba(domain_scores)
        primary_proba = calibration.primary_proba(primary_scores)
        domains = self.taxonomy.from_matrix(
            calibration.chosen(domain_proba, primary_proba), _primary_first(domain_proba, primary_proba)
        )
        return Prediction(
            domains=domains,
            domain_proba=domain_proba,
            primary_proba=primary_proba,
            confidence=np.where(batch.lengths > 0, calibration.confidence(primary_proba), 0.0),
            n_terms=batch.lengths,
            known_share=self._known_share(batch),
            because=deciding_terms(batch.terms, weights, term_scores, self._columns(domains)),
        )

    def _split(self, scores: npt.NDArray[np.float32]) -> tuple[Floats, Floats]:
        whole = scores.astype(np.float64) + self.head.intercepts
        return whole[:, : len(self.taxonomy)], whole[:, len(self.taxonomy) :]

    def _known_share(self, batch: TokenBatch) -> Floats:
        known = np.array([term in self.features.rarity for term in batch.terms] or [False])
        running = np.concatenate([[0], np.cumsum(known[batch.indices])])
        return np.asarray(np.diff(running[batch.indptr]) / np.maximum(batch.lengths, 1))

    def _columns(self, domains: Sequence[tuple[str, ...]]) -> list[list[int]]:
        return [[self.taxonomy.position[name] for name in names] for names in domains]

    def explain(self, text: str) -> dict[str, list[tuple[str, float]]]:
        """For each domain every term of the text with its contribution to the domain's score.

        The contributions and the intercept (under the empty term) add up to the score.
        """
        batch = self.tokenizer([text])
        weights = self.features.weights(batch)
        parts = weights.toarray()[0][:, None] * self.head.term_scores(batch.terms)
        return {
            domain: [*zip(batch.terms, parts[:, column].tolist(), strict=True), ("", self.head.intercepts[column])]
            for column, domain in enumerate(self.taxonomy.ids)
        }

    @property
    def route_from(self) -> float:
        """Least confidence with which a remark may be routed."""
        return self._calibration.route_from

    @property
    def _calibration(self) -> Calibration:
        if self.calibration is None:
            raise ValueError("the classifier has no calibration yet")
        return self.calibration


def _primary_first(domain_proba: Floats, primary_proba: Floats) -> Floats:
    order = domain_proba.copy()
    order[np.arange(len(order)), primary_proba.argmax(axis=1)] = 2.0
    return order


def _fit_membership(
    matrix: sparse.csr_matrix, membership: npt.NDArray[np.bool_], strength: float
) -> tuple[Floats, Floats]:
    model = OneVsRestClassifier(LogisticRegression(C=strength, solver="liblinear")).fit(matrix, membership)
    return (
        np.hstack([estimator.coef_.T for estimator in model.estimators_]),
        np.hstack([estimator.intercept_ for estimator in model.estimators_]),
    )


def _fit_primary(
    matrix: sparse.csr_matrix, primary: npt.NDArray[np.intp], n_domains: int, strength: float
) -> tuple[Floats, Floats]:
    model = LogisticRegression(C=strength, max_iter=300).fit(matrix, primary)
    coefficients, intercepts = np.zeros((matrix.shape[1], n_domains)), np.full(n_domains, -20.0)
    coefficients[:, model.classes_], intercepts[model.classes_] = model.coef_.T, model.intercept_
    return coefficients, intercepts
