"""History, evaluation, artefacts and the gate."""

from __future__ import annotations

import csv
import json
import os
import random
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from pipeline.domains import Taxonomy
from pipeline.errors import ArtefactError, InputError
from pipeline.model.artefact import LIBRARIES, current_version, load_current
from pipeline.model.evaluation import batch_groups, coverage_at, expected_calibration_error
from pipeline.model.gate import (
    Answers,
    Comparison,
    KeptApart,
    Quality,
    compare,
    compare_kept_apart,
    distrusted,
    why_not_better,
)
from pipeline.model.history import Example, digest, load_history
from pipeline.model.training import load_training_data, retrain
from pipeline.settings import PROJECT_ROOT

LEXICON = PROJECT_ROOT / "data" / "lexicon.csv"
HEADER = "id,batch,text,domains,urgent,source\n"


def test_history_has_labels_and_no_personal_data(tmp_path: Path, taxonomy: Taxonomy) -> None:
    (tmp_path / "a.csv").write_text(
        HEADER + "1,a,bel 06-12345678 over de put,water;wegen,false,invented\n", encoding="utf-8"
    )
    (example,) = load_history(tmp_path, taxonomy)
    assert example.domains == ("water", "wegen")
    assert "[telefoon]" in example.text
    assert digest([example]) != digest([replace(example, urgent=True)])


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("id,text\n1,x\n", "kolom batch, domains, urgent, source ontbreekt"),
        (HEADER + "1,a,x,maan,false,invented\n", "rij 2: onbekend domein: maan"),
        (HEADER + "1,a,x,water,ja,invented\n", "urgent moet true of false zijn"),
        (HEADER + "1,a, ,water,true,invented\n", "er staat geen tekst"),
    ],
)
def test_a_wrong_history_row_says_where(tmp_path: Path, taxonomy: Taxonomy, content: str, complaint: str) -> None:
    (tmp_path / "a.csv").write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=complaint):
        load_history(tmp_path, taxonomy)


def test_no_history_is_a_clear_error(tmp_path: Path, taxonomy: Taxonomy) -> None:
    with pytest.raises(InputError, match="geen gelabelde opmerkingen"):
        load_history(tmp_path, taxonomy)


def test_too_little_history_is_refused(tmp_path: Path, taxonomy: Taxonomy) -> None:
    (tmp_path / "a.csv").write_text(HEADER + "1,a,x,water,true,invented\n", encoding="utf-8")
    with pytest.raises(InputError, match="te weinig om van te leren: 1 gelabelde opmerkingen in 1 series"):
        retrain(
            load_training_data(tmp_path, tmp_path / "none.csv", taxonomy),
            tmp_path / "m",
            taxonomy,
            0.05,
            today=date(2026, 11, 23),
            progress=lambda *_: None,
        )


def test_batches_are_left_out_whole() -> None:
    groups = batch_groups(["c", "a", "b", "a"], most=2)
    assert groups == [frozenset({"a", "c"}), frozenset({"b"})]
    assert batch_groups(["c", "a"], most=9) == [frozenset({"a"}), frozenset({"c"})]


def test_coverage_and_calibration_error_by_hand() -> None:
    confidence = np.array([0.9, 0.8, 0.7, 0.6])
    right = np.array([True, True, False, True])
    assert coverage_at(confidence, right, 0.95) == 0.5
    assert coverage_at(confidence, ~right, 0.95) == 0.0
    assert expected_calibration_error(np.array([0.75] * 4), right) == pytest.approx(0.5 * 0.25 + 0.5 * 0.25, abs=0.26)
    assert expected_calibration_error(right.astype(float), right) == 0.0


def test_training_again_on_the_same_data_is_not_better(
    tiny_history: Path, tiny_models: Path, taxonomy: Taxonomy, tmp_path: Path
) -> None:
    models = tmp_path / "models"
    shutil.copytree(tiny_models, models)
    seen: list[tuple[int, int]] = []
    gate = retrain(
        load_training_data(tiny_history, LEXICON, taxonomy),
        models,
        taxonomy,
        0.2,
        today=date(2026, 11, 24),
        progress=lambda a, b, _: seen.append((a, b)),
    )
    assert not gate.promoted
    assert "niet beter" in gate.reasons[0]
    assert gate.comparison is not None
    assert gate.comparison.candidate == gate.comparison.current  # training is deterministic
    assert current_version(models) == current_version(tiny_models)
    assert seen == [(1, 3), (2, 3), (3, 3)]  # the whole, and two groups


def comparison(taxonomy: Taxonomy, new: float, old: float, size: int = 200, **recall: float) -> Comparison:
    usual = dict.fromkeys(taxonomy.ids, 0.8)
    return Comparison(
        500, Quality(new, new, {**usual, **recall}), Quality(old, old, usual), dict.fromkeys(taxonomy.ids, size)
    )


def test_the_gate_names_the_domain_that_got_worse(taxonomy: Taxonomy) -> None:
    assert why_not_better(comparison(taxonomy, 0.9, 0.8)) == ()
    (reason,) = why_not_better(comparison(taxonomy, 0.9, 0.8, zorg=0.5))
    assert reason == "domein zorg zakt van 80% naar 50%"
    assert why_not_better(comparison(taxonomy, 0.7, 0.8)) == ("het is in totaal niet beter dan het huidige model",)


def test_a_gate_that_compared_nothing_refuses(taxonomy: Taxonomy) -> None:
    reasons = why_not_better(comparison(taxonomy, 0.9, 0.8, size=3))
    assert reasons == ("er was geen enkel domein om op te vergelijken",)


def test_models_are_compared_on_what_both_answered(taxonomy: Taxonomy) -> None:
    def remark(name: str, *domains: str) -> Example:
        return Example(name, "a", "tekst", domains, urgent=False, source="invented")

    examples = [remark("1", "water", "wegen"), remark("2", "groen"), remark("3", "zorg"), remark("4")]
    new: Answers = {"a/1": ("water",), "a/2": ("groen",), "a/3": ("afval",), "a/4": ("afval",)}
    old: Answers = {"a/1": ("wegen", "water"), "a/2": ("groen",), "a/4": ()}
    result = compare(new, old, examples, taxonomy)
    assert result.n_shared == 2
    assert (result.candidate.primary_accuracy, result.current.primary_accuracy) == (1.0, 0.5)
    assert (result.candidate.micro_f1, result.current.micro_f1) == (0.8, 1.0)
    assert (result.candidate.recall["wegen"], result.n_remarks["wegen"], result.n_remarks["zorg"]) == (0.0, 1, 0)


@pytest.fixture
def models(tiny_models: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "models"
    shutil.copytree(tiny_models, copy)
    return copy


def version_folder(models: Path) -> Path:
    return models / (current_version(models) or "")


def test_a_saved_model_answers_as_before(tiny_models: Path, models: Path, taxonomy: Taxonomy) -> None:
    texts = ["de put is verstopt", "de bus komt niet"]
    first, second = (load_current(folder, taxonomy).classifier.predict_proba(texts) for folder in (tiny_models, models))
    assert np.array_equal(first, second)


def change_card(models: Path, **changes: object) -> None:
    path = version_folder(models) / "card.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), **changes}), encoding="utf-8")


DAMAGE = {
    "no pointer": (lambda m: (m / "current").unlink(), "er is nog geen model"),
    "no model file": (lambda m: (version_folder(m) / "model.joblib").unlink(), "niet compleet"),
    "changed model": (lambda m: (version_folder(m) / "model.joblib").write_bytes(b"x"), "controlegetal klopt niet"),
    "broken card": (lambda m: (version_folder(m) / "card.json").write_text("{"), "beschadigd"),
    "other domains": (lambda m: change_card(m, labels=["a"]), "andere domeinen"),
    "other library": (lambda m: change_card(m, libraries=dict.fromkeys(LIBRARIES, "0.1")), r"scikit-learn 0\.1"),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_model_says_to_retrain(models: Path, taxonomy: Taxonomy, damage: str) -> None:
    harm, complaint = DAMAGE[damage]
    harm(models)
    with pytest.raises(ArtefactError, match=f"{complaint}.*retrain"):
        load_current(models, taxonomy)


SCORES = """
import hashlib
from pipeline.domains import load_taxonomy
from pipeline.model.classifier import RemarkClassifier
from pipeline.model.history import Example
from pipeline.settings import PROJECT_ROOT
texts = ["de put is vol met blad", "lamp kapot in de straat", "gevaar, het hek valt om", "boom en heg snoeien"] * 3
ids = ["water", "wegen", "veiligheid", "groen"] * 3
examples = [Example(str(row), "b", text, (domain,), urgent="gevaar" in text, source="")
            for row, (text, domain) in enumerate(zip(texts, ids))]
model = RemarkClassifier(load_taxonomy(PROJECT_ROOT / "data" / "domains.toml")).fit(examples)
scores = model.scores(model.tokenizer(texts))
print(hashlib.sha256(scores.domain.tobytes() + scores.primary.tobytes() + scores.urgency.tobytes()).hexdigest())
"""


def test_the_same_data_gives_byte_equal_scores_in_every_process() -> None:
    digests = {
        subprocess.run(
            [sys.executable, "-c", SCORES],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(digests) == 1


def test_what_a_machine_labelled_never_trains(tmp_path: Path, taxonomy: Taxonomy) -> None:
    rows = "1,a,de put loopt over,water,false,machine\n2,a,de lamp is stuk,wegen,false,bevestigd\n"
    (tmp_path / "a.csv").write_text(HEADER + rows, encoding="utf-8")
    assert [example.id for example in load_history(tmp_path, taxonomy)] == ["2"]


def test_a_fixed_part_of_what_people_confirmed_never_trains(tiny_history: Path, taxonomy: Taxonomy) -> None:
    confirmed = [Example(str(n), "verbeterd", f"put {n}", ("water",), False, "bevestigd") for n in range(500)]
    data = load_training_data(tiny_history, LEXICON, taxonomy, confirmed)
    again = load_training_data(tiny_history, LEXICON, taxonomy, confirmed[::-1])
    assert {e.id for e in data.apart} == {e.id for e in again.apart}
    assert not {e.id for e in data.apart} & {e.id for e in data.examples if e.batch == "verbeterd"}
    assert 60 < len(data.apart) < 140


def apart(gained: int, lost: int, number: int = 100) -> KeptApart:
    return KeptApart(number, 0.7 + (gained - lost) / number, 0.7, gained, lost)


def test_confirmed_remarks_that_never_trained_have_a_say(taxonomy: Taxonomy) -> None:
    better, hardly_worse = comparison(taxonomy, 0.9, 0.8), comparison(taxonomy, 0.799, 0.8)
    assert why_not_better(better, apart(3, 20)) == ("van 100 bevestigde opmerkingen worden er 17 meer fout",)
    assert why_not_better(better, apart(3, 20, number=19)) == ()  # too few to say so
    assert why_not_better(better, apart(9, 12)) == ()  # chance
    assert why_not_better(hardly_worse, apart(9, 12)) != ()
    assert why_not_better(hardly_worse, apart(12, 9)) == ()
    assert why_not_better(hardly_worse, must_go=True) == ()


def test_first_domains_are_counted_both_ways() -> None:
    remarks = [Example(str(n), "b", "tekst", ("water",), False, "bevestigd") for n in range(4)]
    found = compare_kept_apart(["water", "water", "afval", ""], ["water", "afval", "water", ""], remarks)
    assert found == KeptApart(4, 0.5, 0.5, gained=1, lost=1)


def test_a_batch_with_wrong_labels_is_found_and_one_can_vouch_for_it() -> None:
    chance = np.random.default_rng(1)
    certainty = chance.uniform(0.4, 1.0, 1200)
    signs = np.column_stack([np.log(certainty / (1.0001 - certainty)), np.ones(1200)])
    right = chance.uniform(size=1200) < certainty
    batches = np.repeat(["a", "b", "c"], 400)
    assert distrusted(signs, right, batches.tolist()) == ()
    poisoned = right & ~((batches == "b") & (chance.uniform(size=1200) < 0.3))
    (reason,) = distrusted(signs, poisoned, batches.tolist())
    assert reason.startswith("serie b spreekt de rest tegen: ")
    assert distrusted(signs, poisoned, batches.tolist(), ["b"]) == ()
    assert distrusted(signs[:400], right[:400], ["a"] * 400) == ()


def test_the_gate_refuses_poisoned_labels(tiny_history: Path, taxonomy: Taxonomy, tmp_path: Path) -> None:
    """30% of one batch gets another domain; without that the same training is promoted."""
    history = tmp_path / "history"
    shutil.copytree(tiny_history, history)
    with (history / "t5.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    chance = random.Random(3)
    for row in rows:
        if row["domains"] and chance.random() < 0.3:
            row["domains"] = chance.choice([name for name in taxonomy.ids if name not in row["domains"]])
    with (history / "t5.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    data = load_training_data(history, LEXICON, taxonomy)
    gate = retrain(data, tmp_path / "models", taxonomy, 0.2, today=date(2026, 11, 24), progress=lambda *_: None)
    assert not gate.promoted
    assert any(reason.startswith("serie t5 spreekt de rest tegen") for reason in gate.reasons)
