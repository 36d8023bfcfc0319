"""Papers beside a model: the card, and the entry for the Algoritmeregister with its lengths and choices."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.domains import Taxonomy
from pipeline.errors import SettingsError
from pipeline.model.artefact import load_current
from pipeline.model.fairness import length_of, load_batch_kinds, load_trusted, scores_by_group
from pipeline.model.history import Example
from pipeline.register import CATEGORIES, MOST_CHARS, check_register, register_entry, write_papers
from pipeline.settings import PROJECT_ROOT, Settings

FIELDS = {
    "standard_version", "lang", "name", "organization", "description_short", "category", "status", "begin_date",
    "contact_email", "publication_category", "goal", "proportionality", "human_intervention", "risks", "lawful_basis",
    "impacttoetsen", "source_data", "methods_and_models", "provider", "publiccode", "source_id", "tags",
}  # fmt: skip


def test_the_papers_have_this_versions_figures(settings: Settings, taxonomy: Taxonomy, tmp_path: Path) -> None:
    card = load_current(settings.path("models"), taxonomy).card
    write_papers(tmp_path, card, settings, taxonomy)
    entry = json.loads((tmp_path / "algoritmeregister.json").read_text(encoding="utf-8"))
    assert set(entry) == FIELDS
    assert (entry["standard_version"], entry["lang"], entry["begin_date"]) == ("1.0", "nld", "2026-11")
    assert f"{card['scores']['primary_accuracy']:.0%} goed" in entry["risks"]
    assert all(len(entry[field]) <= most for field, most in MOST_CHARS.items())
    assert set(entry["category"]) <= set(CATEGORIES)
    text = (tmp_path / "card.md").read_text(encoding="utf-8")
    assert f"| eerste domein goed | {card['scores']['primary_accuracy']:.1%} |" in text
    assert all(taxonomy.name(domain) in text for domain in taxonomy.ids)
    assert "| lengte | 8 tot 20 woorden |" in text


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        *((field, "x" * (MOST_CHARS[field] + 1), f"{field} is te lang") for field in (
            "name", "description_short", "goal", "proportionality", "human_intervention", "risks", "lawful_basis",
            "impacttoetsen", "source_data", "methods_and_models", "provider", "publiccode", "tags")),
        ("name", " ", "name is leeg"),
        ("status", "Klaar", "status = 'Klaar' kan niet; wel: In ontwikkeling, In gebruik"),
        ("publication_category", "Geen", "publication_category = 'Geen' kan niet"),
        ("category", "Verkeer; Ruimtevaart", "category = 'Ruimtevaart' kan niet"),
        ("begin_date", "november", "moet jjjj-mm zijn"),
        ("begin_date", "2026-13", "moet jjjj-mm zijn"),
    ],
)  # fmt: skip
def test_a_text_that_does_not_fit_names_its_field(field: str, value: str, complaint: str, settings: Settings) -> None:
    changed = replace(settings, register=replace(settings.register, **{field: value}))
    with pytest.raises(SettingsError, match=complaint):
        check_register(changed)


def test_what_is_added_counts_too(settings: Settings, taxonomy: Taxonomy) -> None:
    card = load_current(settings.path("models"), taxonomy).card
    full = replace(settings, register=replace(settings.register, risks="x" * MOST_CHARS["risks"]))
    with pytest.raises(SettingsError, match="risks is te lang"):
        register_entry(card, full)


def test_scores_by_group() -> None:
    neat, sloppy = "De put is vol.", "put vol joh"
    examples = [Example(str(n), "b10", neat if n % 2 else sloppy, ("water",), False, "invented") for n in range(80)]
    found = scores_by_group(examples, [n % 2 == 1 for n in range(80)], {"b10": {"kanaal": "app", "stijl": "dialect"}})
    scores = {(score.kind, score.name): (score.n_remarks, score.primary_accuracy) for score in found}
    assert scores == {
        ("kanaal", "app"): (80, 0.5), ("stijl", "dialect"): (80, 0.5), ("lengte", "tot 8 woorden"): (80, 0.5),
        ("schrijfwijze", "met hoofdletters en punten"): (40, 1.0), ("schrijfwijze", "slordig"): (40, 0.0),
    }  # fmt: skip
    assert scores_by_group(examples[:20], [True] * 20, {}) == []
    assert [length_of("woord " * n) for n in (7, 8, 20, 21, 61)] == [
        "tot 8 woorden", "8 tot 20 woorden", "8 tot 20 woorden", "21 tot 60 woorden", "meer dan 60 woorden",
    ]  # fmt: skip


def test_every_batch_of_the_history_with_a_brief_has_a_channel_and_a_style(tmp_path: Path) -> None:
    kinds = load_batch_kinds(PROJECT_ROOT / "data" / "batches.csv")
    written = {path.stem for path in (PROJECT_ROOT / "data" / "history").glob("[bcd]*.csv")}
    assert set(kinds) == written
    assert load_batch_kinds(tmp_path / "weg.csv") == {}
    (tmp_path / "half.csv").write_text("batch,channel\nb01,app\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="batch, channel en style"):
        load_batch_kinds(tmp_path / "half.csv")


def test_a_batch_can_be_vouched_for(tmp_path: Path) -> None:
    path = tmp_path / "batches.csv"
    path.write_text("batch,channel,style,trusted\na,app,gewoon,ja\nb,app,gewoon,\n", encoding="utf-8")
    assert load_trusted(path) == ["a"]
    assert load_trusted(tmp_path / "weg.csv") == []
    path.write_text("batch,channel,style\na,app,gewoon\n", encoding="utf-8")
    assert load_trusted(path) == []
