"""JSON lines and Parquet, also in folders by municipality and week."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from pipeline.errors import InputError
from pipeline.intake import datafiles
from pipeline.intake.readers import open_sources
from tests.unit.test_readers import read


def test_json_lines_with_dutch_names(tmp_path: Path) -> None:
    lines = [
        json.dumps({"Nummer": 7, "Tekst": "put\nvol é", "wijk": None, "datum": "16-11-2026", "extra": {"a": 1}}),
        "",
        "{niet goed",
        "[1]",
        json.dumps({"nummer": 8}),
        json.dumps({"tekst": "lamp stuk"}),
    ]
    (tmp_path / "week.jsonl").write_text("\n".join(lines), encoding="utf-8")
    remarks, rejected = read(tmp_path / "week.jsonl")
    assert (remarks[0]["id"], remarks[0]["received"]) == ("7", "2026-11-16")
    assert [r["text"] for r in remarks] == ["put\nvol é", "lamp stuk"]
    assert [row for _, row, _ in rejected] == [3, 4, 5]
    assert "niet goed" not in str(rejected)


def test_json_lines_are_recognised_by_their_first_line(tmp_path: Path) -> None:
    (tmp_path / "export.txt").write_text('{"text": "put vol"}\n{"text": "lamp stuk"}\n', encoding="utf-8")
    assert [r["text"] for r in read(tmp_path / "export.txt")[0]] == ["put vol", "lamp stuk"]


def test_a_line_without_end_is_refused_and_the_next_one_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datafiles, "MOST_LINE_BYTES", 50)
    long = json.dumps({"text": "put " * 100})
    (tmp_path / "week.jsonl").write_text(f'{long}\n{{"text": "lamp stuk"}}\n', encoding="utf-8")
    remarks, rejected = read(tmp_path / "week.jsonl")
    assert [r["text"] for r in remarks] == ["lamp stuk"]
    assert [row for _, row, _ in rejected] == [1]


@pytest.fixture
def partitioned(tmp_path: Path) -> Path:
    for name, rows in {"Groningen": 3, "Het%20Hogeland": 2}.items():
        folder = tmp_path / "remarks" / f"municipality={name}" / "week=2026-W47"
        folder.mkdir(parents=True)
        table = {"id": [f"{name[0]}{n}" for n in range(rows)], "text": [f"put {n}" for n in range(rows)]}
        pd.DataFrame({**table, "received": date(2026, 11, 16), "score": 0.5}).to_parquet(folder / "deel.parquet")
    return tmp_path / "remarks"


def test_a_folder_by_municipality_is_read_in_batches(partitioned: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datafiles, "BATCH_ROWS", 2)
    remarks, rejected = read(partitioned)
    assert [r["id"] for r in remarks] == ["G0", "G1", "G2", "H0", "H1"]
    assert remarks[0]["received"] == "2026-11-16"
    assert rejected == []


def test_only_the_rows_of_one_municipality(partitioned: Path, tmp_path: Path) -> None:
    (tmp_path / "week.csv").write_text("gemeente,tekst\nGroningen,a b\nhet hogeland,c d\n,e f\n", encoding="utf-8")
    found = [
        content["text"]
        for source in open_sources([partitioned, tmp_path / "week.csv"], municipality="Het Hogeland")
        for _, _, content in source.records()
    ]
    assert found == ["put 0", "put 1", "c d"]


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda path: path.write_bytes(b"PAR1 geen parquet"), "geen leesbaar Parquet-bestand"),
        (
            lambda path: pd.DataFrame({"a": [1]}).to_parquet(path),
            "kolom 'tekst' ontbreekt in week.parquet",
        ),
    ],
)
def test_parquet_that_cannot_be_used_says_so(tmp_path: Path, make, complaint: str) -> None:
    make(tmp_path / "week.parquet")
    with pytest.raises(InputError, match=complaint):
        open_sources([tmp_path / "week.parquet"])
