from __future__ import annotations

import pytest

from pipeline.intake.table import find_columns, iso_date, plain_name


@pytest.mark.parametrize(
    ("cell", "iso"),
    [
        ("2026-11-16 09:12", "2026-11-16 09:12"),
        ("2026-11-16T09:12:44", "2026-11-16 09:12"),
        ("2026-11-16", "2026-11-16"),
        ("16-11-2026", "2026-11-16"),
        ("6/1/2026 9:05", "2026-01-06 09:05"),
        ("16.11.2026 21:05:10", "2026-11-16 21:05"),
        ("31-02-2026", "31-02-2026"),
        ("vorige week", "vorige week"),
        ("", ""),
    ],
)
def test_dates_become_iso_or_stay_as_they_were(cell: str, iso: str) -> None:
    assert iso_date(cell) == iso


def test_column_names_lose_case_and_signs() -> None:
    assert plain_name(" Datum-ontvangst ") == "datumontvangst"
    assert plain_name(None) == ""


def test_dutch_and_english_names_are_found() -> None:
    assert find_columns(["Nr", "Omschrijving melding", "Buurt"]) == {"id": 0, "text": 1, "area": 2}
    assert find_columns(["id", "received", "area", "street", "text"]).keys() == {
        "id", "received", "area", "street", "text",
    }  # fmt: skip
