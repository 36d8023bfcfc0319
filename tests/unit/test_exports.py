"""The same remarks as CSV, as lines of JSON, and as Parquet."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from pipeline import exports
from pipeline.exports import check_format, write_as, write_partition

CSV = 'id,text,confidence,urgent,domains\n007,"De put\nis ""vol"" é",0.9,true,water;wegen\n8,NA,0.25,false,\n'


@pytest.mark.parametrize("rows", [1, 100])
def test_every_form_holds_the_same(tmp_path: Path, rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "ROWS", rows)
    (tmp_path / "remarks.csv").write_text(CSV, encoding="utf-8")
    assert write_as(tmp_path, "csv") == tmp_path / "remarks.csv"
    lines = write_as(tmp_path, "jsonl").read_text(encoding="utf-8").splitlines()
    expected = [
        {"id": "007", "text": 'De put\nis "vol" é', "confidence": 0.9, "urgent": True, "domains": "water;wegen"},
        {"id": "8", "text": "NA", "confidence": 0.25, "urgent": False, "domains": ""},
    ]
    assert [json.loads(line) for line in lines if line] == expected
    assert pd.read_parquet(write_as(tmp_path, "parquet")).to_dict("records") == expected
    assert sorted(path.name for path in tmp_path.iterdir()) == ["remarks.csv", "remarks.jsonl", "remarks.parquet"]


def test_every_form_can_be_written_here() -> None:
    for name in exports.FORMATS:
        check_format(name)


def test_weeks_of_several_municipalities_are_one_table(tmp_path: Path) -> None:
    for municipality, week in (("Het Hogeland", "2026-W47"), ("Groningen", "2026-W47"), ("Groningen", "2026-W48")):
        out = tmp_path / municipality / week
        out.mkdir(parents=True)
        (out / "remarks.csv").write_text(CSV, encoding="utf-8")
        for _ in range(2):  # a week that is run again replaces its file
            path = write_partition(out, tmp_path / "all", municipality, "oost")
    assert path == tmp_path / "all" / "municipality=Groningen" / "week=2026-W48" / "oost.parquet"
    table = pd.read_parquet(tmp_path / "all")
    assert table.groupby(["municipality", "week"], observed=True).size().tolist() == [2, 2, 2]
