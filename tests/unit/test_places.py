"""Streets and areas that a remark names."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from pipeline.areas import load_areas
from pipeline.errors import SettingsError
from pipeline.intake.places import Places, fill_places
from pipeline.settings import PROJECT_ROOT

AREAS = load_areas(PROJECT_ROOT / "data" / "areas.csv")
STREETS = PROJECT_ROOT / "data" / "streets_nl.txt.gz"


@pytest.fixture(scope="module")
def places() -> Places:
    return Places(AREAS, STREETS, ["Vlierstraat", "Hulstlaan"])


@pytest.mark.parametrize(
    ("text", "street"),
    [
        ("In de vlierstraat is het donker", "Vlierstraat"),
        ("in de vliersraat staat water", "Vlierstraat"),
        ("Ik woon aan de Van Goghstraat, hoek fietspad", "Van Goghstraat"),
        ("bij de Anna Paulownastraat 3 ligt een tegel los", "Anna Paulownastraat"),
        ("kom eens kijken op de Zwiepertjeslaan", "Zwiepertjeslaan"),
        ("bij de Grote Markt", "Grote Markt"),
        ("er ligt glas op het fietspad naar school", ""),
        ("de straat staat blank en het schoolplein ook", ""),
        ("ik ben onderweg naar Noord", ""),
        ("het park is een zooitje", ""),
        ("", ""),
        ("🎉", ""),
    ],
)
def test_a_street_is_found_in_the_text(places: Places, text: str, street: str) -> None:
    found, said = places.street_in(text)
    assert found == street
    assert said in text
    assert bool(said) is bool(street)


@pytest.mark.parametrize(("text", "area"), [("wij wonen in Selwerd", "Selwerd"), ("in het centrum", ""), ("", "")])
def test_an_area_is_found_in_the_text(places: Places, text: str, area: str) -> None:
    assert places.area_in(text) == area


def test_only_empty_columns_are_filled(places: Places) -> None:
    table = pd.DataFrame(
        {
            "text": ["In de Vlierstraat in Selwerd", "in de Vlierstraat", "geen plaats"],
            "street": ["", "Iepenhof", ""],
            "area": ["", "Helpman", ""],
        }
    )
    filled = fill_places(table, places)
    assert filled["street"].tolist() == ["Vlierstraat", "Iepenhof", ""]
    assert filled["area"].tolist() == ["Selwerd", "Helpman", ""]
    assert filled["place_from_text"].tolist() == ["Vlierstraat, Selwerd", "", ""]


def test_a_broken_list_of_streets_says_so(tmp_path: Path) -> None:
    path = tmp_path / "streets.txt.gz"
    path.write_bytes(b"geen gzip")
    with pytest.raises(SettingsError, match="geen leesbare lijst van straten"):
        Places(AREAS, path).street_in("in de Dorpsstraat")
    assert Places(AREAS, tmp_path / "none.txt").street_in("in de dorpsstraat") == ("", "")


def test_what_was_read_before_changes_nothing(places: Places) -> None:
    first = pd.DataFrame({"text": ["x"], "street": ["Zwiepertjesweg"], "area": [""]})
    second = pd.DataFrame(
        {"text": ["bij de zwiepertjesweg", "in de zwiepertsweg"], "street": ["", ""], "area": ["", ""]}
    )
    before = fill_places(second, places)
    fill_places(first, places)
    assert fill_places(second, places).equals(before)
    together = fill_places(pd.concat([first, second], ignore_index=True), places)
    assert together["street"].tolist() == ["Zwiepertjesweg"] * 3
