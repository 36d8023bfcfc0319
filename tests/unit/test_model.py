"""Features, calibration, classifier and urgency, on a really trained tiny model."""

from __future__ import annotations

import copy
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from scipy import sparse
from sklearn.linear_model import Ridge

from pipeline.judge import Judge
from pipeline.model.calibration import NO_ROUTE, best_threshold, fit_calibration, route_threshold
from pipeline.model.classifier import RemarkClassifier
from pipeline.model.lexicon import LexiconEntry
from pipeline.model.pairs import PairFeatures
from pipeline.model.ridge import fit_ridge
from pipeline.model.tokens import DutchTokenizer
from pipeline.model.urgency import DangerWords, fit_urgency

TEXTS = ["De put bij ons voor de deur is verstopt", "geluidsoverlast van de kroeg, elke nacht weer", "", "🎉", "zzqx"]


@pytest.fixture(scope="module")
def classifier(judge: Judge) -> RemarkClassifier:
    return judge.model.classifier


def test_probabilities_are_probabilities(classifier: RemarkClassifier) -> None:
    proba = classifier.predict_proba(TEXTS)
    assert proba.shape == (len(TEXTS), 17)
    assert ((proba >= 0) & (proba <= 1)).all()
    prediction = classifier.predict(TEXTS)
    assert np.allclose(prediction.primary_proba.sum(axis=1), 1)
    assert ((prediction.confidence >= 0) & (prediction.confidence <= 1)).all()


def test_obvious_remarks_get_their_domain(classifier: RemarkClassifier) -> None:
    prediction = classifier.predict(TEXTS)
    assert prediction.domains[0][0] == "water"
    assert prediction.domains[1][0] == "milieu"


def test_texts_without_terms_have_no_confidence(classifier: RemarkClassifier) -> None:
    prediction = classifier.predict(TEXTS)
    assert prediction.n_terms.tolist()[2:4] == [0, 0]
    assert prediction.confidence[2] == prediction.confidence[3] == 0


def test_the_folded_scores_equal_features_times_coefficients(classifier: RemarkClassifier) -> None:
    batch = classifier.tokenizer(TEXTS)
    whole = classifier.features.transform(batch) @ classifier.head.coefficients + classifier.head.intercepts
    whole = whole + classifier.pairs.transform(batch) @ classifier.pair_scores
    scores = classifier.scores(batch)
    assert np.allclose(np.column_stack([scores.domain, scores.primary, scores.urgency[:, 0]]), whole, atol=1e-4)


def test_pairs_are_words_side_by_side_in_two_remarks() -> None:
    tokenize = DutchTokenizer()
    pairs = PairFeatures().fit(tokenize(["te hard rijden", "rijdt te hard", "hard te", "rijden te"]))
    assert pairs.index.names(np.arange(len(pairs.index))) == ["te hard"]
    matrix = pairs.transform(tokenize(["veel te hard", "hard te", ""])).toarray()
    assert (matrix[:, 0] > 0).tolist() == [True, False, False]


def test_the_ridge_regression_is_scikit_learns() -> None:
    random = np.random.default_rng(5)
    left = sparse.random_array((400, 90), density=0.1, rng=random, format="csr")
    right = sparse.random_array((90, 60), density=0.1, rng=random, format="csr")
    targets, weights = random.normal(size=(400, 3)), random.uniform(0.5, 2, 400)
    coefficients, intercepts = fit_ridge(left, right, targets, weights, 1.5)
    peer = Ridge(alpha=1.5, solver="sparse_cg", tol=1e-8).fit(left @ right, targets, sample_weight=weights)
    assert np.abs(coefficients - peer.coef_.T).max() < 0.05 * np.abs(peer.coef_).max()
    assert np.abs(intercepts - peer.intercept_).max() < 0.01


def test_taken_remarks_are_as_if_tokenised_alone() -> None:
    texts = ["een bank", "", "de boom, de boom", "bank"]
    taken = DutchTokenizer()(texts).take(np.array([3, 1, 2]))
    alone = DutchTokenizer()(["bank", "", "de boom, de boom"])
    words = [[batch.terms[i] for i in batch.indices[a:b]] for batch in (taken, alone)
             for a, b in pairwise(batch.indptr)]  # fmt: skip
    assert words[:3] == words[3:]
    assert sorted(taken.terms) == sorted(alone.terms)


@pytest.mark.parametrize("text", TEXTS)
def test_contributions_add_up_to_the_score(classifier: RemarkClassifier, text: str) -> None:
    scores = classifier.scores(classifier.tokenizer([text])).domain
    explained = classifier.explain(text)
    sums = [sum(part for _, part in explained[domain]) for domain in classifier.taxonomy.ids]
    assert np.allclose(sums, scores[0], atol=1e-4)


def test_because_names_words_of_the_remark(classifier: RemarkClassifier) -> None:
    prediction = classifier.predict(TEXTS)
    assert "put" in prediction.because[0][0]


def test_answers_do_not_depend_on_the_company(classifier: RemarkClassifier) -> None:
    together = classifier.predict_proba(TEXTS)
    alone = np.vstack([classifier.predict_proba([text]) for text in TEXTS])
    assert np.allclose(together, alone, atol=1e-5)


@hypothesis_settings(deadline=None, max_examples=50)
@given(texts=st.lists(st.text(max_size=80), min_size=1, max_size=4))
def test_no_text_crashes_the_model(judge: Judge, texts: list[str]) -> None:
    prediction = judge.model.classifier.predict(texts)
    assert len(prediction.domains) == len(prediction.because) == len(texts)
    assert np.isfinite(prediction.domain_proba).all()


def test_threshold_is_where_f1_is_best() -> None:
    probability = np.array([0.9, 0.8, 0.4, 0.2])
    assert best_threshold(probability, np.array([True, True, False, False])) == pytest.approx(0.8)
    assert best_threshold(probability, np.zeros(4, bool)) == 0.5


def test_routing_keeps_errors_within_the_risk() -> None:
    confidence = np.linspace(1, 0, 1_000)
    right = np.arange(1_000) < 700
    threshold = route_threshold(confidence, right, 0.05)
    routed = confidence >= threshold
    assert 0 < (~right[routed]).mean() <= 0.05
    assert route_threshold(confidence, ~right, 0.05) == NO_ROUTE
    assert route_threshold(confidence[:5], right[:5], 0.05) == NO_ROUTE  # five right answers prove little


def test_calibration_makes_confident_scores_honest() -> None:
    random = np.random.default_rng(3)
    primary = random.integers(0, 4, 4_000)
    scores = random.normal(size=(4_000, 4))
    scores[np.arange(4_000), primary] += 1.5
    labels = np.eye(4, dtype=bool)[primary]
    calibration = fit_calibration(scores * 10, scores * 10, labels, primary, 0.05)
    right = calibration.primary_proba(scores * 10).argmax(axis=1) == primary
    assert calibration.confidence(scores * 10, scores * 10).mean() == pytest.approx(right.mean(), abs=0.01)
    assert calibration.domain_proba(scores * 10).mean() == pytest.approx(0.25, abs=0.02)


def test_urgency_threshold_favours_recall() -> None:
    scores = np.column_stack([[3.0, 2.0, 1.0, 0.0, -1.0, -2.0, -3.0], np.zeros(7)])
    urgent = np.array([True, False, True, False, False, False, False])
    advice = fit_urgency(scores, urgent)
    assert (advice.proba(scores) >= advice.threshold).tolist() == [True, True, True, False, False, False, False]
    none = fit_urgency(scores, np.zeros(7, bool))
    assert not (none.proba(scores) >= none.threshold).any()


def test_danger_is_learned_from_words_in_their_order() -> None:
    tokenize = DutchTokenizer()
    texts = [
        "man valt niet om",
        "man valt om",
        "om wie valt man niet",
        "hij valt om",
        "man niet om wie",
        "boom valt om",
    ]
    danger = DangerWords().fit(tokenize(texts), np.array(["valt om" in text for text in texts]))
    falls, does_not, unknown, empty = danger.scores(tokenize(["kraan valt om", "kraan om valt", "zeehond", ""]))
    assert falls > does_not
    assert unknown == empty


def test_danger_without_examples_of_it_says_no() -> None:
    batch = DutchTokenizer()(["een bank", "een boom"])
    assert DangerWords().fit(batch, np.zeros(2, bool)).scores(batch).tolist() == [0.0, 0.0]


def test_a_word_added_to_the_lexicon_counts_without_training(judge: Judge) -> None:
    classifier = copy.deepcopy(judge.model.classifier)
    before = classifier.predict_proba(["zwiepertje"])[0, classifier.taxonomy.position["cultuur"]]
    classifier.add_words([LexiconEntry("zwiepertje", ("cultuur",)), LexiconEntry("twee woorden", ("zorg",))])
    prediction = classifier.predict(["zwiepertje"])
    assert prediction.domains[0][0] == "cultuur"
    assert prediction.domain_proba[0, classifier.taxonomy.position["cultuur"]] > before
    classifier.head._forget()  # as happens in an endless stream of new words
    assert classifier.predict(["zwiepertje"]).domain_proba.tolist() == prediction.domain_proba.tolist()


def test_urgency_flags_danger_and_not_calm(judge: Judge) -> None:
    model = judge.model
    danger = [
        "ik ruik gas in het trappenhuis en er ligt iemand bewusteloos",
        "er staat nu brand in de kelder, we kunnen er niet uit",
        "een kind is in het water gevallen en komt niet boven, kom snel",
        "man loopt met een mes op straat en bedreigt mensen, bel de politie",
    ]
    calm = [
        "mooie bloembakken op het plein",
        "graag wat vaker maaien langs het fietspad",
        "wanneer is het gemeentehuis open voor een paspoort",
        "de bibliotheek mag wel langer open",
    ]
    proba = model.urgency.proba(model.classifier.predict([*danger, *calm]).urgency)
    assert proba[:4].mean() > 1.5 * proba[4:].mean()
