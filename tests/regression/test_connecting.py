"""What is the same matter, and what belongs together: precision and recall on labelled pairs of our own."""

from __future__ import annotations

import csv
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from pipeline.areas import NO_AREAS
from pipeline.domains import Taxonomy
from pipeline.intake.places import Places
from pipeline.judge import Judge
from pipeline.meeting.links import Project, load_meets, touches
from pipeline.meeting.repeats import folded_street, likeness, same_matter
from pipeline.settings import PROJECT_ROOT

CASES = Path(__file__).parent / "cases"


@dataclass(frozen=True)
class Score:
    """Precision and recall of found pairs, 0 to 1."""

    precision: float
    recall: float


def score(found: list[bool], right: list[bool]) -> Score:
    hits = sum(f and r for f, r in zip(found, right, strict=True))
    return Score(hits / sum(found), hits / sum(right))


def rows_of(name: str) -> list[dict[str, str]]:
    with (CASES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_repeats_are_precise_and_most_are_found(judge: Judge, capsys) -> None:
    pairs = rows_of("repeats.csv")
    places = Places(NO_AREAS, PROJECT_ROOT / "data" / "streets_nl.txt.gz")
    found = []
    for pair in pairs:
        texts = [pair["text_1"], pair["text_2"]]
        streets = [
            folded_street({"street": pair[f"street_{i}"] or places.street_in(pair[f"text_{i}"])[0]}) for i in (1, 2)
        ]
        found.append(bool(same_matter(*likeness(judge.fingerprints(texts), [0, 1]), streets)[0, 1]))
    result = score(found, [pair["same"] == "1" for pair in pairs])
    with capsys.disabled():
        sys.stdout.write(f"\n{len(pairs)} pairs: same matter, {result}\n")
    assert len(pairs) >= 100
    assert result.precision >= 0.9
    assert result.recall >= 0.6


def test_chances_are_precise_before_complete(taxonomy: Taxonomy, capsys) -> None:
    meets = load_meets(PROJECT_ROOT / "data" / "meets.csv", taxonomy)
    pairs = rows_of("chances.csv")
    found = []
    for pair in pairs:
        one, other = pair["domains_1"].split(";"), tuple(pair["domains_2"].split(";"))
        together = pair["street_1"] == pair["street_2"]
        project = Project("P", (), "", other, date(2027, 1, 1), date(2027, 9, 1), "", "")
        served = bool(touches(project, one, meets)) if pair["kind"] == "project" else meets(one[0], other[0])
        found.append(together and served)
    result = score(found, [pair["connect"] == "1" for pair in pairs])
    with capsys.disabled():
        sys.stdout.write(f"\n{len(pairs)} pairs: chance to connect, {result}\n")
    assert len(pairs) >= 60
    assert result.precision >= 0.8  # the domains meet in the wrong ones too; only their words tell that they do not
    assert result.recall >= 0.9


def test_remarks_of_different_streets_are_never_the_same_matter() -> None:
    all_alike = np.ones((3, 3))
    assert same_matter(all_alike, all_alike, ["a", "b", ""]).tolist() == [
        [True, False, True],
        [False, True, True],
        [True, True, True],
    ]
