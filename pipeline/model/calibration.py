"""Scores to probabilities, a threshold per domain, and the confidence from which a remark may be routed.

Everything here is fitted on scores of remarks from batches that the scoring model never saw.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize, special

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

SHARPNESS = 4.0  # of the softmax in `confidence_signs`; ridge scores lie close together
NO_ROUTE = 1.01  # above any confidence: nothing is routed


@dataclass(frozen=True)
class Calibration:
    """Maps from scores to probabilities.

    Attributes
    ----------
    slopes, offsets
        Per domain, of the sigmoid that turns its score into the probability that it belongs; shape (n_domains,).
    temperature
        Divides the primary scores before the softmax.
    confidence_weights
        Of the sigmoid that gives `confidence`, for the signs of `confidence_signs`, shape (6,).
    thresholds
        Probability from which a domain is named beside the primary, shape (n_domains,).
    route_from
        Least confidence with which a remark may be routed.
    """

    slopes: Floats
    offsets: Floats
    temperature: float
    confidence_weights: Floats
    thresholds: Floats
    route_from: float

    def domain_proba(self, scores: Floats) -> Floats:
        """Probability that each domain belongs to each remark, shape (n_remarks, n_domains)."""
        return np.asarray(special.expit(scores * self.slopes + self.offsets))

    def primary_proba(self, scores: Floats) -> Floats:
        """Probability that each domain is the primary, rows sum to 1, shape (n_remarks, n_domains)."""
        return np.asarray(special.softmax(scores / self.temperature, axis=1))

    def confidence(self, domain_scores: Floats, primary_scores: Floats) -> Floats:
        """Probability that the leading primary is right, shape (n_remarks,)."""
        return np.asarray(special.expit(confidence_signs(domain_scores, primary_scores) @ self.confidence_weights))

    def chosen(self, domain_proba: Floats, primary_proba: Floats) -> Bools:
        """Which domains a remark gets: the leading primary and all at or over their threshold."""
        chosen = domain_proba >= self.thresholds
        chosen[np.arange(len(chosen)), primary_proba.argmax(axis=1)] = True
        return np.asarray(chosen)


def fit_calibration(
    domain_scores: Floats, primary_scores: Floats, labels: Bools, primary: npt.NDArray[np.intp], max_error_share: float
) -> Calibration:
    """Fit all maps on out-of-batch scores.

    Parameters
    ----------
    domain_scores, primary_scores, labels
        Shape (n_remarks, n_domains).
    primary
        Column of the right primary, -1 for a remark that fits no domain, shape (n_remarks,).
    max_error_share
        Accepted share of wrong primaries among routed remarks, 0 to 1.
    """
    lines = [fit_sigmoid(domain_scores[:, column], labels[:, column]) for column in range(labels.shape[1])]
    slopes, offsets = np.array(lines).T
    temperature = _fit_temperature(primary_scores[primary >= 0], primary[primary >= 0])
    right = primary_scores.argmax(axis=1) == primary
    signs = confidence_signs(domain_scores, primary_scores)
    weights = fit_logistic(signs, right)
    confidence = special.expit(signs @ weights)
    domain_proba = special.expit(domain_scores * slopes + offsets)
    return Calibration(
        slopes=slopes,
        offsets=offsets,
        temperature=temperature,
        confidence_weights=weights,
        thresholds=np.array([best_threshold(p, y) for p, y in zip(domain_proba.T, labels.T, strict=True)]),
        route_from=route_threshold(confidence, right, max_error_share),
    )


def best_threshold(probability: Floats, belongs: Bools) -> float:
    """Threshold with the highest F1 for one domain; 0.5 when no remark has the domain."""
    if not belongs.any():
        return 0.5
    order = np.argsort(-probability, kind="stable")
    hits = np.cumsum(belongs[order])
    f1 = 2 * hits / (np.arange(1, len(order) + 1) + belongs.sum())
    return float(np.clip(probability[order][f1.argmax()], 0.05, 0.95))


def route_threshold(confidence: Floats, right: Bools, max_error_share: float) -> float:
    """Lowest confidence that keeps the share of errors among routed remarks within `max_error_share`.

    One error is added to those seen, which makes the bound hold for a next remark drawn from the same source
    (conformal risk control, Angelopoulos et al. 2022, section 2, for a loss of at most 1).
    """
    order = np.argsort(-confidence, kind="stable")
    errors = np.cumsum(~right[order])
    kept = (errors + 1) <= max_error_share * (np.arange(len(order)) + 2)
    return float(confidence[order][np.flatnonzero(kept)[-1]]) if kept.any() else NO_ROUTE


def confidence_signs(domain_scores: Floats, primary_scores: Floats) -> Floats:
    """What tells whether the leading primary is right, shape (n_remarks, 6).

    The leading primary score, its lead over the second, how much the primary scores disagree (entropy), the score
    for belonging of the leading domain, the highest such score of another domain, and 1.
    """
    rows = np.arange(len(primary_scores))
    leader = primary_scores.argmax(axis=1)
    second, first = np.partition(primary_scores, -2, axis=1)[:, -2:].T
    sharpened = SHARPNESS * primary_scores
    entropy = -(special.softmax(sharpened, axis=1) * special.log_softmax(sharpened, axis=1)).sum(axis=1)
    others = domain_scores.copy()
    others[rows, leader] = -np.inf
    belongs, other = domain_scores[rows, leader], others.max(axis=1)
    return np.column_stack([first, first - second, entropy, belongs, other, np.ones(len(rows))])


def fit_sigmoid(scores: Floats, truth: Bools) -> tuple[float, float]:
    """Slope and offset of Platt's sigmoid for one column of scores."""
    slope, offset = fit_logistic(np.column_stack([scores, np.ones(len(scores))]), truth).tolist()
    return slope, offset


def fit_logistic(signs: Floats, truth: Bools) -> Floats:
    """Weights of a logistic regression without penalty, with Platt's softened targets (Platt 1999)."""
    positives, negatives = truth.sum(), (~truth).sum()
    target = np.where(truth, (positives + 1) / (positives + 2), 1 / (negatives + 2))

    def loss(weights: Floats) -> tuple[float, Floats]:
        logits = signs @ weights
        value = np.mean(np.logaddexp(0, logits) - target * logits)
        return float(value), np.asarray(signs.T @ (special.expit(logits) - target) / len(target))

    return np.asarray(optimize.minimize(loss, np.zeros(signs.shape[1]), jac=True, method="L-BFGS-B").x)


def _fit_temperature(scores: Floats, primary: npt.NDArray[np.intp]) -> float:
    rows = np.arange(len(scores))

    def loss(log_temperature: float) -> float:
        return -float(np.mean(special.log_softmax(scores / np.exp(log_temperature), axis=1)[rows, primary]))

    return float(np.exp(optimize.minimize_scalar(loss, bounds=(-4.0, 4.0), method="bounded").x))
