"""What the program says of why: exact for every golden case, since the model is linear."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from spacy.lang.nl.stop_words import STOP_WORDS

from pipeline.judge import Judge

CASES = (Path(__file__).parent / "cases" / "explained.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("text", CASES)
def test_contributions_add_up_to_the_decision_score(judge: Judge, text: str) -> None:
    classifier = judge.model.classifier
    scores = classifier.scores(classifier.tokenizer([text])).domain[0]
    explained = classifier.explain(text)
    sums = [sum(part for _, part in explained[domain]) for domain in classifier.taxonomy.ids]
    assert np.allclose(sums, scores, atol=1e-4)
    calibration = classifier.calibration
    assert calibration is not None
    assert np.allclose(calibration.domain_proba(np.array([sums])), classifier.predict_proba([text]), atol=1e-4)


@pytest.mark.parametrize("text", CASES)
def test_the_words_named_are_the_telling_ones_that_contributed_most(judge: Judge, text: str) -> None:
    classifier = judge.model.classifier
    prediction = classifier.predict([text])
    explained = classifier.explain(text)
    against = classifier.spoke_against(text, prediction.domains[0])
    for domain, for_it, against_it in zip(prediction.domains[0], prediction.because[0], against, strict=True):
        parts = {term: part for term, part in explained[domain] if term and " " not in term and term not in STOP_WORDS}
        ranked = sorted(parts, key=parts.__getitem__, reverse=True)
        assert {parts[term] for term in for_it} == {parts[term] for term in ranked[:3] if parts[term] > 0}
        assert {parts[term] for term in against_it} == {parts[term] for term in ranked[-3:] if parts[term] < 0}
