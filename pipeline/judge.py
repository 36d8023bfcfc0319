"""The middle of a remark's way, shared by the week and by one request: clean text to domains, decision, contacts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from pipeline.areas import load_areas
from pipeline.domains import Taxonomy, load_taxonomy
from pipeline.errors import InputError
from pipeline.intake.language import detect
from pipeline.intake.privacy import clean
from pipeline.intake.text import readable
from pipeline.model.artefact import Artefact, load_current
from pipeline.model.classifier import Prediction
from pipeline.model.lexicon import load_lexicon
from pipeline.routing.contacts import Assignment, Contact, ContactBook, load_contacts
from pipeline.routing.triage import Decision, Signs, triage
from pipeline.settings import Settings

Floats = npt.NDArray[np.float64]

CLOSE = 0.6  # a second primary with more than this share of the first's probability is "nearly as probable"


@dataclass(frozen=True)
class Judgement:
    """What the program makes of one remark.

    Attributes
    ----------
    domains
        Ordered domain ids, primary first.
    probabilities
        Probability that each of `domains` belongs, 0 to 1.
    confidence
        Calibrated probability that the primary is right, 0 to 1.
    danger
        Probability of acute danger to people, 0 to 1.
    because
        Per domain the words that decided it.
    """

    language: str
    domains: tuple[str, ...]
    probabilities: tuple[float, ...]
    confidence: float
    danger: float
    urgent: bool
    decision: Decision
    reason: str
    because: tuple[tuple[str, tuple[str, ...]], ...]
    assignments: tuple[Assignment, ...]


@dataclass(frozen=True)
class Judge:
    """Everything that judging needs, loaded once."""

    settings: Settings
    taxonomy: Taxonomy
    model: Artefact
    contacts: ContactBook

    def __call__(self, texts: Sequence[str], areas: Sequence[str], day: date) -> list[Judgement]:
        """Judge clean texts; `areas` are names or "", `day` decides who is away."""
        classifier = self.model.classifier
        prediction = classifier.predict(texts)
        danger = self.model.urgency.proba(prediction.urgency)
        return [
            self._judge(text, area, day, prediction, row, float(danger[row]))
            for row, (text, area) in enumerate(zip(texts, areas, strict=True))
        ]

    def assignment_rows(self, day: date) -> Callable[[Sequence[str], str], list[dict[str, Any]]]:
        """From ordered domains and an area to the store's rows of who gets a remark on a day."""
        return lambda domains, area: as_rows(self.contacts.assign(domains, area, day))

    def fingerprints(self, texts: Sequence[str]) -> tuple[sparse.csr_matrix, Floats]:
        """What tells whether texts say the same: words (rows of length one), probability of each first domain."""
        classifier = self.model.classifier
        return classifier.word_fingerprints(texts), classifier.predict(texts).primary_proba

    def new_words(self, texts: Sequence[str]) -> list[set[str]]:
        """The words of each text that the model never saw; without names, which have a capital."""
        known = self.model.classifier.features.rarity
        words = (self.model.classifier.tokenizer.words(text) for text in texts)
        return [
            {word for word, term in pairs if word.isalpha() and word.islower() and term not in known} for pairs in words
        ]

    def _judge(self, text: str, area: str, day: date, prediction: Prediction, row: int, danger: float) -> Judgement:
        domains = prediction.domains[row]
        routing = self.settings.routing
        urgent = danger >= (routing.urgent_from or self.model.urgency.threshold)
        language = detect(text)
        signs = Signs(
            language=language,
            urgent=urgent,
            n_terms=int(prediction.n_terms[row]),
            known_share=float(prediction.known_share[row]),
            confidence=float(prediction.confidence[row]),
            route_from=routing.route_from or self.model.classifier.route_from,
            fit=float(prediction.domain_proba[row].max()),
            second=self._second(prediction, row),
        )
        decision, reason = triage(signs, routing.min_terms)
        position = self.taxonomy.position
        return Judgement(
            language=language,
            domains=domains,
            probabilities=tuple(float(prediction.domain_proba[row, position[domain]]) for domain in domains),
            confidence=signs.confidence,
            danger=danger,
            urgent=urgent,
            decision=decision,
            reason=reason,
            because=tuple(zip(domains, prediction.because[row], strict=True)),
            assignments=self.contacts.assign(domains, area, day),
        )

    def _second(self, prediction: Prediction, row: int) -> str:
        first, second = np.argsort(-prediction.primary_proba[row], kind="stable")[:2].tolist()
        proba = prediction.primary_proba[row]
        return self.taxonomy.domains[second].name if proba[second] > CLOSE * proba[first] else ""


def as_rows(assignments: Sequence[Assignment]) -> list[dict[str, Any]]:
    """Rows for the store's table of assignments, the contact of the first domain first."""
    return [
        {"rank": rank, "domain": one.domain, "rule": one.rule, "email": one.contact.email,
         "department": one.contact.department, "name": one.contact.name}
        for rank, one in enumerate(assignments)
    ]  # fmt: skip


def load_judge(settings: Settings) -> Judge:
    """Load taxonomy, model and contacts, so that whatever is wrong with them is said before any work.

    Raises
    ------
    SettingsError, ArtefactError
        See the loaders.
    """
    taxonomy = load_taxonomy(settings.path("domains"))
    team = Contact(settings.team.name, settings.team.name, settings.team.email)
    contacts = load_contacts(settings.path("contacts"), taxonomy, team, load_areas(settings.path("areas")))
    model = load_current(settings.path("models"), taxonomy)
    model.classifier.add_words(load_lexicon(settings.path("lexicon"), taxonomy))
    return Judge(settings, taxonomy, model, contacts)


def check_request(text: str, area: str, judge: Judge, day: date) -> dict[str, Any]:
    """Answer for one request as written, in the contract's form (see README); the text comes back clean.

    Raises
    ------
    InputError
        When there is no readable text.
    """
    request = readable(text)
    if not request:
        raise InputError("er is geen tekst om te beoordelen")
    cleaned = clean(request).text
    judgement = judge([cleaned], [area], day)[0]
    against = judge.model.classifier.spoke_against(cleaned, judgement.domains)
    contacts = dict.fromkeys(assignment.contact for assignment in judgement.assignments)
    return {
        "domains": [
            {"id": domain, "name": judge.taxonomy.name(domain), "probability": round(probability, 4)}
            for domain, probability in zip(judgement.domains, judgement.probabilities, strict=True)
        ],
        "primary": judgement.domains[0] if judgement.domains else None,
        "confidence": round(judgement.confidence, 4),
        "decision": judgement.decision,
        "reason": judgement.reason,
        "urgent": judgement.urgent,
        "language": judgement.language,
        "because": [
            {"domain": domain, "terms": list(terms), "against": list(others)}
            for (domain, terms), others in zip(judgement.because, against, strict=True)
        ],
        "contacts": [{"department": c.department, "name": c.name, "email": c.email} for c in contacts],
        "text": cleaned,
    }
