"""Papers that go with each model version: card.md, and an entry for the Dutch Algoritmeregister (standard 1.0)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pipeline.domains import Taxonomy
from pipeline.errors import SettingsError
from pipeline.settings import Settings

MOST_CHARS = {
    "name": 100, "description_short": 500, "organization": 100, "status": 100, "goal": 2_500, "proportionality": 2_500,
    "human_intervention": 2_500, "risks": 2_500, "lawful_basis": 2_500, "impacttoetsen": 2_500, "source_data": 2_500,
    "methods_and_models": 5_000, "provider": 200, "contact_email": 100, "publiccode": 200, "source_id": 100,
    "tags": 200,
}  # fmt: skip
STATUSES = ("In ontwikkeling", "In gebruik", "Buiten gebruik")
PUBLICATION_CATEGORIES = ("Hoog-risico AI-systeem", "Impactvolle algoritmes", "Overige algoritmes")
CATEGORIES = (
    "Organisatie en bedrijfsvoering", "Openbare orde en veiligheid", "Ruimte en infrastructuur", "Sociale zekerheid",
    "Verkeer", "Huisvesting", "Zorg en gezondheid", "Natuur en milieu", "Economie", "Cultuur en recreatie", "Werk",
    "Onderwijs en wetenschap", "Bestuur", "Recht", "Financiën", "Landbouw", "Migratie en integratie", "Internationaal",
)  # fmt: skip
SHOWN = {
    "primary_accuracy": "eerste domein goed", "accepted_accuracy": "goed volgens een van twee mensen",
    "micro_f1": "alle domeinen (micro F1)", "macro_f1": "alle domeinen (macro F1)",
    "coverage_at_95": "door te sturen bij 95% goed", "calibration_error": "fout in de zekerheid",
    "routed_share": "wordt doorgestuurd", "routed_error_share": "fouten in wat doorgaat",
    "none_held_share": "past nergens: tegengehouden", "urgent_recall": "acuut gevaar gevonden",
    "urgent_precision": "acuut gevaar terecht",
}  # fmt: skip
HOLD = ("name", "organization", "contact_email", "description_short", "goal")  # may not be empty


def write_papers(folder: Path, card: dict[str, Any], settings: Settings, taxonomy: Taxonomy) -> None:
    """Write card.md and algoritmeregister.json beside a saved model.

    Raises
    ------
    SettingsError
        When a text of the municipality does not fit the register; with its field.
    """
    (folder / "card.md").write_text(card_text(card, taxonomy), encoding="utf-8")
    entry = json.dumps(register_entry(card, settings), ensure_ascii=False, indent=2)
    (folder / "algoritmeregister.json").write_text(entry + "\n", encoding="utf-8")


def check_register(settings: Settings) -> None:
    """Look whether the municipality's texts fit, before any work.

    Raises
    ------
    SettingsError
        As in `register_entry`.
    """
    scores = {"primary_accuracy": 0.0, "routed_share": 0.0, "routed_error_share": 0.0, "urgent_recall": 0.0}
    card = {"version": "2026-01-01-00000000", "n_examples": 0, "batches": [], "labels": [], "scores": scores}
    register_entry({**card, "max_error_share": 0.05}, settings)


def register_entry(card: dict[str, Any], settings: Settings) -> dict[str, Any]:
    """An entry with this version's figures, checked against the standard.

    Raises
    ------
    SettingsError
        When a text is too long or empty, or a choice does not exist; with its field.
    """
    texts, scores = settings.register, card["scores"]
    entry = {
        "standard_version": "1.0",
        "lang": "nld",
        "name": texts.name,
        "organization": settings.team.municipality,
        "description_short": texts.description_short,
        "category": [part.strip() for part in texts.category.split(";")],
        "status": texts.status,
        "begin_date": texts.begin_date or card["version"][:7],
        "contact_email": settings.team.email,
        "publication_category": texts.publication_category,
        "goal": texts.goal,
        "proportionality": texts.proportionality,
        "human_intervention": texts.human_intervention,
        "risks": f"{texts.risks} Gemeten op opmerkingen waar het model niet van leerde: het eerste domein is bij "
                 f"{scores['primary_accuracy']:.0%} goed; {scores['routed_share']:.0%} gaat zonder beoordeling door, "
                 f"en daarvan is {scores['routed_error_share']:.1%} fout; van acuut gevaar wordt "
                 f"{scores['urgent_recall']:.0%} herkend.",
        "lawful_basis": texts.lawful_basis,
        "impacttoetsen": texts.impacttoetsen,
        "source_data": f"{texts.source_data} Versie {card['version']} leerde van {card['n_examples']} opmerkingen in "
                       f"{len(card['batches'])} series.",
        "methods_and_models": f"{texts.methods_and_models} Er zijn {len(card['labels'])} domeinen. Wat zonder "
                              f"beoordeling doorgaat, mag in hoogstens {card['max_error_share']:.0%} fout zijn.",
        "provider": texts.provider,
        "publiccode": texts.publiccode,
        "source_id": f"wijkverbinder-{card['version']}",
        "tags": texts.tags,
    }  # fmt: skip
    _check(entry)
    return entry


def _check(entry: dict[str, Any]) -> None:
    for field, most in MOST_CHARS.items():
        if len(entry[field]) > most:
            raise SettingsError(
                f"[register] {field} is te lang voor het Algoritmeregister: {len(entry[field])} tekens, "
                f"hoogstens {most}"
            )
    for field in HOLD:
        if not entry[field].strip():
            raise SettingsError(f"[register] {field} is leeg; het Algoritmeregister vraagt erom")
    choices = {"status": STATUSES, "publication_category": PUBLICATION_CATEGORIES}
    for field, known in choices.items():
        if entry[field] not in known:
            raise SettingsError(f"[register] {field} = {entry[field]!r} kan niet; wel: {', '.join(known)}")
    for name in entry["category"]:
        if name not in CATEGORIES:
            raise SettingsError(f"[register] category = {name!r} kan niet; wel: {', '.join(CATEGORIES)}")
    year, _, month = entry["begin_date"].partition("-")
    if not (len(year) == len("2026") and year.isdigit() and month.isdigit() and 1 <= int(month) <= 12):
        raise SettingsError(f"[register] begin_date = {entry['begin_date']!r} moet jjjj-mm zijn")


def card_text(card: dict[str, Any], taxonomy: Taxonomy) -> str:
    """The model's card for people, in Dutch, with this version's figures."""
    scores = card["scores"]
    recall = sorted(scores["recall"].items(), key=lambda item: item[1])
    lines = [
        f"# Model {card['version']}", "",
        "Verdeelt opmerkingen van bewoners over beleidsdomeinen en zegt hoe zeker dat is. Mensen beslissen.", "",
        (f"- Geleerd van {card['n_examples']} opmerkingen in {len(card['batches'])} series en "
        f"{card['n_lexicon_entries']} woorden met hun domein."),
        "- Gemeten door elke serie weg te laten en door een model te laten beantwoorden dat haar niet kende.",
        f"- Van wat zonder beoordeling doorgaat, mag hoogstens {card['max_error_share']:.0%} fout zijn.",
        "", "## Uitkomst", "", "| | |", "|---|---|",
        *(f"| {name} | {scores[key]:.1%} |" for key, name in SHOWN.items()),
        "", "## Per domein gevonden", "", "| Domein | Gevonden |", "|---|---|",
        *(f"| {taxonomy.name(name)} | {scores['recall'][name]:.1%} |" for name in taxonomy.ids),
        "", "## Voor wie het slechter werkt", "", "| Groep | | Opmerkingen | Eerste domein goed |", "|---|---|---|---|",
        *(f"| {group['kind']} | {group['name']} | {group['n_remarks']} | {group['primary_accuracy']:.1%} |"
          for group in card.get("fairness", [])),
        "", "## Bekende zwakke plekken", "",
        f"- Het zwakst in: {', '.join(taxonomy.name(name) for name, _ in recall[:3])}.",
        "- Leert van verzonnen opmerkingen, totdat mensen echte bevestigen.",
        "- Opmerkingen die het onderwerp niet noemen, of over twee zaken tegelijk gaan, gaan vaker mis.",
        "- Woorden die het niet kent, tellen alleen mee door hun lettergroepen.", "",
    ]  # fmt: skip
    return "\n".join(lines)
