"""Whatever does the work, the results are the same to the byte."""

from __future__ import annotations

import csv
import random
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.engine.base import Engine, Inline
from pipeline.engine.choice import choose_engine
from pipeline.engine.processes import Processes
from pipeline.errors import ArtefactError, EngineError, InputError
from pipeline.settings import PROJECT_ROOT, Settings
from pipeline.week import WeekReport, run_week
from tests.conftest import NOW

N_REMARKS = 300


@pytest.fixture(scope="module")
def small_chunks(settings: Settings) -> Settings:
    return replace(settings, intake=replace(settings.intake, chunk_rows=25))


def make_week(path: Path, n_remarks: int) -> Path:
    """Remarks of the example week, mixed and told again; ids repeat, streets are misspelled, some rows are broken."""
    with (PROJECT_ROOT / "data" / "example_week.csv").open(encoding="utf-8", newline="") as file:
        texts = [row["tekst"] for row in csv.DictReader(file)]
    chance = random.Random(3)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "straat", "tekst"))
        for row in range(n_remarks):
            text = f"{chance.choice(texts)} Bel mij op 06-1234{row:04d}."
            street = chance.choice(("", "", "Zwiepertjesweg", "Kwetterlaan"))
            writer.writerow((row // 2, street, f"{text} Het is bij de kwetterlan.") if row % 97 else (row, "", ""))
    return path


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_week(tmp_path_factory.mktemp("input") / "week.csv", N_REMARKS)


def everything(out: Path) -> dict[str, bytes]:
    """What a run leaves, except what has the time of writing in it."""
    kept = [path for path in sorted(out.rglob("*")) if path.is_file() and path.suffix != ".xlsx"]
    return {str(path.relative_to(out)): path.read_bytes() for path in kept if path.parent.name != "new"} | {
        f"letter {path.name}": b"" for path in kept if path.parent.name == "new"
    }


def run(week: Path, out: Path, settings: Settings, engine: Engine) -> WeekReport:
    return run_week([week], out, settings, now=NOW, progress=lambda _: None, engine=engine)


@pytest.fixture(scope="module")
def alone(week: Path, small_chunks: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("alone") / "2026-W47"
    run(week, out, small_chunks, Inline())
    return out


def test_two_processes_give_what_one_gives(week: Path, alone: Path, small_chunks: Settings, tmp_path: Path) -> None:
    report = run(week, tmp_path / "2026-W47", small_chunks, Processes(2))
    assert report.n_remarks + report.n_rejected == N_REMARKS
    assert report.n_rejected == 4
    assert everything(tmp_path / "2026-W47") == everything(alone)


def test_an_error_in_the_input_reaches_the_caller(small_chunks: Settings, tmp_path: Path) -> None:
    (tmp_path / "week.csv").write_text("id,tekst\n", encoding="utf-8")
    with pytest.raises(InputError, match="geen opmerkingen gevonden"):
        run(tmp_path / "week.csv", tmp_path / "2026-W47", small_chunks, Processes(2))


def test_a_model_that_changes_during_the_run_is_noticed(
    week: Path, small_chunks: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.engine.processes.model_digest", lambda _: "another")
    with pytest.raises(ArtefactError, match="door een ander vervangen"):
        run(week, tmp_path / "2026-W47", small_chunks, Processes(2))


def test_choosing_an_engine() -> None:
    assert isinstance(choose_engine(1), Inline)
    assert isinstance(choose_engine(3), Processes)
    with pytest.raises(EngineError, match="--jobs -1 kan niet"):
        choose_engine(-1)
