"""Links and overview."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline.domains import Taxonomy
from pipeline.errors import SettingsError
from pipeline.judge import Judge
from pipeline.meeting.hotspots import find_hot_spots
from pipeline.meeting.links import Meets, Project, find_chances, load_meets, load_projects
from pipeline.meeting.overview import trend_points
from pipeline.meeting.repeats import find_repeats
from pipeline.settings import PROJECT_ROOT

TODAY = date(2026, 11, 23)
PROJECT = Project(
    "Warmtenet", ("Vlierstraat",), "Oost", ("energie",), date(2027, 3, 1), date(2027, 10, 15), "x@example.nl", "7.4"
)


def row(key: str, text: str, street: str, domains: str) -> dict:
    primary = domains.partition(";")[0]
    return {"key": key, "id": key, "text": text, "street": street, "area": "Oost", "domains": domains,
            "primary_domain": primary, "urgent": False, "week": "2026-W47",
            "departments": f"Afdeling {primary}"}  # fmt: skip


ROWS = [
    row("1", "De put bij de school loopt over na elke regenbui", "Vlierstraat", "water"),
    row("2", "na een regenbui loopt de put voor de school steeds over", "vlierstraat", "water"),
    row("3", "Graag bomen en minder auto's", "Vlierstraat", "groen;verkeer"),
    row("4", "Losse tegel", "Hulstlaan", "wegen"),
    row("5", "Lamp kapot", "Hulstlaan", "wegen"),
]


def test_repeats_are_the_same_matter_in_the_same_street(judge: Judge) -> None:
    (repeat,) = find_repeats(ROWS, judge.fingerprints)
    assert [found["key"] for found in repeat.rows] == ["1", "2"]
    assert repeat.weeks == ("2026-W47",)


def test_a_repeat_of_an_earlier_week_counts_and_one_of_only_earlier_weeks_does_not(judge: Judge) -> None:
    earlier = [{**ROWS[1], "week": "2026-W46"}, {**ROWS[3], "week": "2026-W46"}, {**ROWS[3], "week": "2026-W45"}]
    (repeat,) = find_repeats(ROWS[:1], judge.fingerprints, earlier)
    assert [found["week"] for found in repeat.rows] == ["2026-W47", "2026-W46"]
    assert repeat.weeks == ("2026-W47", "2026-W46")


def test_a_hot_spot_has_more_than_its_own_usual() -> None:
    before = [{"Vlierstraat": 1, "Hulstlaan": 6, "": 40}, {"Vlierstraat": 0, "Hulstlaan": 7, "": 40}]
    spots = find_hot_spots({"Vlierstraat": 9, "Hulstlaan": 7, "": 40, "Iepenhof": 2}, before)
    assert [(spot.place, spot.n_remarks, spot.usual) for spot in spots] == [("Vlierstraat", 9, 0.5)]
    assert spots[0].chance < 0.005
    assert spots[0].chance_in_words.startswith(("1 op", "minder dan"))
    assert find_hot_spots({"Vlierstraat": 9}, []) == []


def test_a_busy_week_makes_no_hot_spots_by_itself() -> None:
    before = [{f"straat {i}": 2 for i in range(40)}] * 8
    assert find_hot_spots({f"straat {i}": 5 for i in range(40)}, before) == []


def test_a_trend_stays_within_its_picture() -> None:
    points = [tuple(map(float, point.split(","))) for point in trend_points([0, 4, 2]).split()]
    assert points == [(0.0, 19.0), (50.0, 1.0), (100.0, 10.0)]
    assert trend_points([0]) == "0.0,19.0"


def test_an_acute_remark_is_no_chance(taxonomy: Taxonomy) -> None:
    rows = [{**found, "urgent": True} for found in ROWS]
    assert find_chances(rows, [PROJECT], taxonomy, Meets(), TODAY, most=10) == []


def test_only_domains_that_meet_make_a_chance(taxonomy: Taxonomy) -> None:
    rows = [row("1", "Container vol", "Vlierstraat", "afval"), row("2", "Toeslag", "Vlierstraat", "inkomen")]
    meets = load_meets(PROJECT_ROOT / "data" / "meets.csv", taxonomy)
    found = find_chances(rows, [PROJECT], taxonomy, meets, TODAY, most=10)
    assert [chance.domains for chance in found] == [("energie", "inkomen")]
    assert load_meets(PROJECT_ROOT / "none.csv", taxonomy)("afval", "inkomen")


def test_a_project_meets_what_residents_ask_for_in_its_street(taxonomy: Taxonomy) -> None:
    (chance,) = find_chances(ROWS, [PROJECT], taxonomy, Meets(), TODAY, most=10)
    assert chance.title == "Warmtenet"
    assert chance.domains == ("energie", "water", "groen", "verkeer")
    assert "voor de start op 01-03-2027" in chance.window
    assert "7.4" in chance.budgets
    assert "5.7" in chance.budgets
    assert "Afdeling water" in chance.departments


def test_a_street_with_several_domains_is_a_chance_without_a_project(taxonomy: Taxonomy) -> None:
    (chance,) = find_chances(ROWS, [], taxonomy, Meets(), TODAY, most=10)
    assert chance.title == "Vlierstraat"
    assert find_chances(ROWS, [], taxonomy, Meets(), TODAY, most=0) == []


def test_a_finished_project_is_no_chance(taxonomy: Taxonomy) -> None:
    assert [c.title for c in find_chances(ROWS, [PROJECT], taxonomy, Meets(), date(2028, 1, 1), most=10)] == [
        "Vlierstraat"
    ]


HEADER = "name,streets,area,domains,from,until,contact,budget\n"


def test_projects_are_read(tmp_path: Path, taxonomy: Taxonomy) -> None:
    path = tmp_path / "projects.csv"
    path.write_text(
        HEADER + "Warmtenet,Vlierstraat,Oost,energie,2027-03-01,2027-10-15,x@example.nl,7.4\n", encoding="utf-8"
    )
    assert load_projects(path, taxonomy) == [PROJECT]
    assert load_projects(tmp_path / "none.csv", taxonomy) == []


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("name,streets\n", "kolom area, domains, from, until, contact, budget ontbreekt"),
        (HEADER + "A,S,O,maan,2027-03-01,2027-10-15,x,7.4\n", "rij 2: onbekend domein: maan"),
        (HEADER + "A,S,O,energie,maart,2027-10-15,x,7.4\n", "rij 2: Invalid isoformat string: 'maart'"),
    ],
)
def test_a_wrong_project_says_where(tmp_path: Path, taxonomy: Taxonomy, content: str, complaint: str) -> None:
    path = tmp_path / "projects.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match=complaint):
        load_projects(path, taxonomy)
