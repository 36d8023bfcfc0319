"""RemarkClassifier: which policy domains a remark touches, which comes first, how sure that is and why."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from spacy.lang.nl.stop_words import STOP_WORDS

from pipeline.domains import Taxonomy
from pipeline.model.calibration import Calibration
from pipeline.model.explanation import deciding_terms
from pipeline.model.features import TermFeatures
from pipeline.model.head import LinearHead
from pipeline.model.history import WEIGHTS, Example
from pipeline.model.lexicon import LexiconEntry
from pipeline.model.pairs import PairFeatures
from pipeline.model.ridge import fit_ridge
from pipeline.model.tokens import DutchTokenizer, TokenBatch
from pipeline.model.urgency import DangerWords

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
SECOND_SHARE = 1 / 3  # of the second labeller's domains in what is learned; from a quarter to a half it is the same
SMOOTHING = 0.03  # of naive Bayes; found on left-out batches, with little difference from 0.03 to 0.1


@dataclass(frozen=True)
class Scores:
    """Raw scores of some remarks.

    Attributes
    ----------
    domain, primary
        Shape (n_remarks, n_domains): for belonging, and for being the primary.
    urgency
        For acute danger, by the regression and by the words of danger; shape (n_remarks, 2).
    """

    domain: Floats
    primary: Floats
    urgency: Floats


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
    urgency
        Raw scores for acute danger, shape (n_remarks, 2).
    """

    domains: list[tuple[str, ...]]
    domain_proba: Floats
    primary_proba: Floats
    confidence: Floats
    n_terms: npt.NDArray[np.int64]
    known_share: Floats
    because: list[tuple[tuple[str, ...], ...]]
    urgency: Floats


class RemarkClassifier:
    """Multi-label text classifier for Dutch remarks with an ordered answer.

    One ridge regression on shared features scores three questions at once: does a domain belong, which domain is the
    primary, and is there acute danger. To its coefficients are added those of naive Bayes, the log odds of each
    feature: ridge weighs features against each other, naive Bayes believes also a feature that was seen only twice.
    Lexicon entries are short examples with a weight of their own; remarks that a person confirmed weigh more. Where a
    second person labelled a remark too, the regression learns from both.

    Parameters
    ----------
    taxonomy
        The domains, in the order of the columns of every matrix.
    penalty
        Regularisation of the ridge regression (scikit-learn's `alpha`).
    lexicon_weight
        Weight of a lexicon entry next to a labelled remark.
    bayes_weight
        Weight of the log odds of naive Bayes next to the coefficients of the ridge regression.
    """

    def __init__(
        self, taxonomy: Taxonomy, penalty: float = 1.5, lexicon_weight: float = 1.0, bayes_weight: float = 0.08
    ) -> None:
        self.taxonomy = taxonomy
        self.penalty = penalty
        self.lexicon_weight = lexicon_weight
        self.bayes_weight = bayes_weight
        self.tokenizer = DutchTokenizer()
        self.features = TermFeatures()
        self.pairs = PairFeatures()
        self.danger = DangerWords()
        self.calibration: Calibration | None = None

    def fit(
        self, examples: Sequence[Example], lexicon: Sequence[LexiconEntry] = (), batch: TokenBatch | None = None
    ) -> RemarkClassifier:
        """Learn from labelled remarks and the lexicon; `batch` holds their terms when these are known already."""
        batch = batch or self.tokenizer(texts_of(examples, lexicon))
        counts, pairs = self.features.fit(batch).weights(batch), self.pairs.fit(batch).transform(batch)
        features = self.features.transform_terms(batch.terms)
        # of remarks and of terms, where a pair is a term that has itself as its only feature
        left = sparse.csr_matrix(sparse.hstack([counts, pairs]))
        right = sparse.csr_matrix(sparse.block_diag([features, sparse.eye_array(pairs.shape[1])]))
        urgent = np.array([example.urgent for example in examples], dtype=bool)
        first, targets = self._targets(examples, lexicon)
        weights = np.full(len(targets), self.lexicon_weight)
        weights[: len(examples)] = [WEIGHTS.get(example.source, 1.0) for example in examples]
        coefficients, intercepts = fit_ridge(left, right, targets, weights, self.penalty)
        coefficients += self.bayes_weight * log_odds(left, right, first, weights)
        of_terms, of_pairs = np.split(coefficients, [len(self.features)])
        self.head = LinearHead(self.features, of_terms, intercepts, batch.terms, features)
        self.pair_scores = of_pairs.astype(np.float32)
        self.danger.fit(batch.first(len(examples)), urgent)
        self.lexicon_terms = frozenset(entry.term for entry in lexicon)
        return self

    def add_words(self, lexicon: Sequence[LexiconEntry]) -> None:
        """Let words that a municipality added to the lexicon count before the next training.

        A new word gets at least the score that the lexicon's own words have for their domain; phrases wait for the
        training.
        """
        new = [entry for entry in lexicon if entry.term not in self.lexicon_terms]
        own = self._typical_score() if new else 0.0
        for entry in new:
            terms = [term for _, term in self.tokenizer.words(entry.term)]
            if len(terms) == 1:
                columns = [self.taxonomy.position[domain] for domain in entry.domains]
                self.head.raise_to(terms[0], [*columns, columns[0] + len(self.taxonomy)], own)

    def scores(self, batch: TokenBatch) -> Scores:
        """Raw scores of remarks."""
        return self._scores(self.features.weights(batch), self.head.term_scores(batch.terms), batch)

    def predict_proba(self, texts: Sequence[str]) -> Floats:
        """Calibrated probability that each domain belongs to each remark, shape (n_remarks, n_domains)."""
        return self._calibration.domain_proba(self.scores(self.tokenizer(texts)).domain)

    def predict(self, texts: Sequence[str]) -> Prediction:
        """Domains, probabilities, confidence and reasons of remarks."""
        batch = self.tokenizer(texts)
        calibration = self._calibration
        weights = self.features.weights(batch)
        term_scores = self.head.term_scores(batch.terms)
        scores = self._scores(weights, term_scores, batch)
        domains = self.domains_of(scores)
        return Prediction(
            domains=domains,
            domain_proba=calibration.domain_proba(scores.domain),
            primary_proba=calibration.primary_proba(scores.primary),
            confidence=np.where(batch.lengths > 0, calibration.confidence(scores.domain, scores.primary), 0.0),
            n_terms=batch.lengths,
            known_share=self._known_share(batch),
            because=deciding_terms(batch.terms, weights, term_scores, self._columns(domains)),
            urgency=scores.urgency,
        )

    def domains_of(self, scores: Scores) -> list[tuple[str, ...]]:
        """Domains of remarks, primary first, from their scores."""
        domain_proba = self._calibration.domain_proba(scores.domain)
        primary_proba = self._calibration.primary_proba(scores.primary)
        chosen = self._calibration.chosen(domain_proba, primary_proba)
        return self.taxonomy.from_matrix(chosen, _primary_first(domain_proba, primary_proba))

    def _scores(self, weights: sparse.csr_matrix, term_scores: npt.NDArray[np.float32], batch: TokenBatch) -> Scores:
        of_words, of_pairs = weights @ term_scores, self.pairs.transform(batch) @ self.pair_scores
        whole = of_words.astype(np.float64) + of_pairs + self.head.intercepts
        n_domains = len(self.taxonomy)
        urgency = np.column_stack([whole[:, -1], self.danger.scores(batch)])
        return Scores(whole[:, :n_domains], whole[:, n_domains:-1], urgency)

    def _targets(self, examples: Sequence[Example], lexicon: Sequence[LexiconEntry]) -> tuple[Bools, Floats]:
        """What is said of each example and lexicon entry, by the first labeller (true or false) and by both (-1 to 1).

        Shape (n_labels, 2 * n_domains + 1): for belonging, for being the primary, and for acute danger.
        """
        of_lexicon = [entry.domains for entry in lexicon]
        urgent = [*(example.urgent for example in examples), *(False for _ in lexicon)]
        first = self._indicators([*(e.domains for e in examples), *of_lexicon], urgent)
        second = [e.domains if e.second is None else e.second for e in examples]
        both = first + SECOND_SHARE * (self._indicators([*second, *of_lexicon], urgent) - 1.0 * first)
        return first, 2 * both - 1

    def _indicators(self, labels: Sequence[tuple[str, ...]], urgent: Sequence[bool]) -> Bools:
        primary = self.taxonomy.to_matrix(domains[:1] for domains in labels)
        return np.column_stack([self.taxonomy.to_matrix(labels), primary, np.asarray(urgent, dtype=bool)])

    def _typical_score(self) -> float:
        """Median score of the lexicon's words, over the domain that each leads to."""
        known = [term for term in self.lexicon_terms if term in self.features.rarity]
        return float(np.median(self.head.term_scores(known)[:, : len(self.taxonomy)].max(axis=1))) if known else 0.0

    def _known_share(self, batch: TokenBatch) -> Floats:
        known = np.array([term in self.features.rarity for term in batch.terms] or [False])
        running = np.concatenate([[0], np.cumsum(known[batch.indices])])
        return np.asarray(np.diff(running[batch.indptr]) / np.maximum(batch.lengths, 1))

    def _columns(self, domains: Sequence[tuple[str, ...]]) -> list[list[int]]:
        return [[self.taxonomy.position[name] for name in names] for names in domains]

    def spoke_against(self, text: str, domains: Sequence[str]) -> list[tuple[str, ...]]:
        """For each domain the terms of the text that took most from its score."""
        batch = self.tokenizer([text])
        weights = self.features.weights(batch)
        return list(
            deciding_terms(batch.terms, weights, -self.head.term_scores(batch.terms), self._columns([tuple(domains)]))[
                0
            ]
        )

    def word_fingerprints(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Features without stop words and numbers, rows of length one, shape (n_texts, n_features)."""
        batch = self.tokenizer(texts)
        telling = [term not in STOP_WORDS and not term.startswith("0") and term != "nummer" for term in batch.terms]
        matrix = self.features.weights(batch) @ sparse.diags_array(np.asarray(telling, dtype=np.float64))
        matrix = matrix @ self.features.transform_terms(batch.terms)
        lengths = np.sqrt(np.asarray(matrix.power(2).sum(axis=1)).ravel())
        return sparse.csr_matrix(sparse.diags_array(1 / np.maximum(lengths, 1e-9)) @ matrix)

    def sentences_about(self, text: str, domain: str, most: int = 2) -> str:
        """The sentences of a text that speak most for a domain, in reading order."""
        sentences = [part for part in SENTENCE_END.split(text) if part.strip()]
        scores = self.scores(self.tokenizer(sentences)).domain[:, self.taxonomy.position[domain]]
        return " ".join(
            sentences[place].strip() for place in sorted(np.argsort(-scores, kind="stable")[:most].tolist())
        )

    def explain(self, text: str) -> dict[str, list[tuple[str, float]]]:
        """For each domain every term and pair of terms of the text with its contribution to the domain's score.

        The contributions and the intercept (under the empty term) add up to the score.
        """
        batch = self.tokenizer([text])
        pairs = self.pairs.transform(batch)
        of_terms = self.features.weights(batch).toarray()[0][:, None] * self.head.term_scores(batch.terms)
        of_pairs = pairs.data[:, None] * self.pair_scores[pairs.indices]
        names = [*batch.terms, *self.pairs.index.names(pairs.indices), ""]
        parts = np.vstack([of_terms, of_pairs, self.head.intercepts])
        return {
            domain: list(zip(names, parts[:, column].tolist(), strict=True))
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


def texts_of(examples: Sequence[Example], lexicon: Sequence[LexiconEntry]) -> list[str]:
    """All texts to learn from, the examples first."""
    return [*(example.text for example in examples), *(entry.term for entry in lexicon)]


def log_odds(left: sparse.csr_matrix, right: sparse.csr_matrix, belongs: Bools, weights: Floats) -> Floats:
    """Log odds of features in the remarks of each class against all other remarks, as naive Bayes has them.

    Parameters
    ----------
    left, right
        Factors of the matrix of remarks and features, not negative; shape (n_remarks, n_terms) and
        (n_terms, n_features).
    belongs
        Shape (n_remarks, n_classes).
    weights
        Shape (n_remarks,).

    Returns
    -------
    Shape (n_features, n_classes).
    """
    whole = np.asarray(right.T @ (left.T @ weights))[:, None]
    inside = np.asarray(right.T @ (left.T @ (belongs * weights[:, None])))
    within, without = inside + SMOOTHING, whole - inside + SMOOTHING
    odds = np.log(within / within.sum(axis=0)) - np.log(without / without.sum(axis=0))
    return np.asarray(odds, dtype=np.float64)


def _primary_first(domain_proba: Floats, primary_proba: Floats) -> Floats:
    order = domain_proba.copy()
    order[np.arange(len(order)), primary_proba.argmax(axis=1)] = 2.0
    return order
