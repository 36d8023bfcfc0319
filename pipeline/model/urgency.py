"""Acute danger to people: an advice to look now, never a decision and never a reason not to route."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from pipeline.model.calibration import fit_sigmoid

Floats = npt.NDArray[np.float64]

RECALL_WEIGHT = 2.0  # a missed danger weighs twice a needless look (the beta of the F measure)


@dataclass(frozen=True)
class UrgencyAdvice:
    """From the classifier's urgency score to a probability and a flag.

    Attributes
    ----------
    slope, offset
        Of the sigmoid that makes a probability of the score.
    threshold
        Probability from which a remark is flagged.
    """

    slope: float
    offset: float
    threshold: float

    def proba(self, scores: Floats) -> Floats:
        """Probability of acute danger, shape (n_remarks,)."""
        return np.asarray(special.expit(self.slope * scores + self.offset))

    def flag(self, scores: Floats) -> npt.NDArray[np.bool_]:
        """Which remarks may be about acute danger, shape (n_remarks,)."""
        return np.asarray(self.proba(scores) >= self.threshold)


def fit_urgency(scores: Floats, urgent: npt.NDArray[np.bool_]) -> UrgencyAdvice:
    """Fit on out-of-batch scores; the threshold is where the F measure that favours recall is highest."""
    slope, offset = fit_sigmoid(scores, urgent)
    proba = special.expit(slope * scores + offset)
    order = np.argsort(-proba, kind="stable")
    hits = np.cumsum(urgent[order])
    named = np.arange(1, len(order) + 1)
    f = (1 + RECALL_WEIGHT**2) * hits / (named + RECALL_WEIGHT**2 * max(urgent.sum(), 1))
    return UrgencyAdvice(slope, offset, float(proba[order][f.argmax()]) if urgent.any() else 1.0)
