"""Links and overview."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline.domains import Taxonomy
from pipeline.errors import SettingsError
from pipeline.meeting.links import Project, find_chances, find_repeats, load_projects

TODAY = date(2026, 11, 23)
PROJECT = Project(
    "Warmtenet", ("Vlierstraat",), "Oost", ("energie",), date(2027, 3, 1), date(2027, 10, 15), "x@example.nl", "7.4"
)


def row(key: str, text: str, street: str, domains: str) -> dict:
    primary = domains.partition(";")[0]
    return {"key": key, "id": key, "text": text, "street": street, "area": "Oost", "domains": domains,
            "primary_domain": primary, "departments": f"Afdeling {primary}"}  # fmt: skip


ROWS = [
    row("1", "De put bij de school loopt over na elke regenbui", "Vlierstraat", "water"),
    row("2", "na een regenbui loopt de put voor de school steeds over", "vlierstraat", "water"),
    row("3", "Graag bomen en minder auto's", "Vlierstraat", "groen;verkeer"),
    row("4", "Losse tegel", "Hulstlaan", "wegen"),
    row("5", "Lamp kapot", "Hulstlaan", "wegen"),
]


def test_repeats_are_the_same_matter_in_the_same_street() -> None:
    (repeat,) = find_repeats(ROWS)
    assert [found["key"] for found in repeat.rows] == ["1", "2"]


def test_a_project_meets_what_residents_ask_for_in_its_street(taxonomy: Taxonomy) -> None:
    (chance,) = find_chances(ROWS, [PROJECT], taxonomy, TODAY, most=10)
    assert chance.title == "Warmtenet"
    assert chance.domains == ("energie", "water", "groen", "verkeer")
    assert "voor de start op 01-03-2027" in chance.window
    assert "7.4" in chance.budgets
    assert "5.7" in chance.budgets
    assert "Afdeling water" in chance.departments


def test_a_street_with_several_domains_is_a_chance_without_a_project(taxonomy: Taxonomy) -> None:
    (chance,) = find_chances(ROWS, [], taxonomy, TODAY, most=10)
    assert chance.title == "Vlierstraat"
    assert find_chances(ROWS, [], taxonomy, TODAY, most=0) == []


def test_a_finished_project_is_no_chance(taxonomy: Taxonomy) -> None:
    assert [c.title for c in find_chances(ROWS, [PROJECT], taxonomy, date(2028, 1, 1), most=10)] == ["Vlierstraat"]


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
