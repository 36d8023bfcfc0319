"""One run for many teams: each its own settings and folder, and nothing of one in another."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from pipeline.engine.base import Inline
from pipeline.errors import InputError
from pipeline.settings import PROJECT_ROOT, Settings
from pipeline.teams import TeamResult, TeamsPlan, load_teams, run_teams, write_unclaimed
from tests.conftest import NOW


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(PROJECT_ROOT / "data" / "teams", tmp_path / "teams")
    return tmp_path / "teams"


def run(plan: TeamsPlan, settings: Settings) -> dict[str, TeamResult]:
    teams = load_teams(plan.folder, settings)
    return {r.team.name: r for r in run_teams(plan, teams, Inline(), now=NOW, progress=lambda _: None)}


def test_what_a_team_lacks_is_shared(folder: Path, settings: Settings) -> None:
    hogeland, oost = (team.settings for team in load_teams(folder, settings))
    assert hogeland.path("contacts") == folder / "hogeland" / "contacts.csv"
    assert oost.path("contacts") == settings.path("contacts")
    assert hogeland.path("models") == oost.path("models") == settings.path("models")
    assert (hogeland.routing.route_from, oost.routing) == (0.9, settings.routing)
    assert [hogeland.team.id, oost.team.id] == ["hogeland", "oost"]


def test_a_broken_team_does_not_stop_the_others(folder: Path, tmp_path: Path, settings_file: Path, read_csv) -> None:
    (folder / "kapot").mkdir()
    (folder / "kapot" / "settings.toml").write_text("[team\n", encoding="utf-8")
    (folder / "leeg").mkdir()
    out, parquet = tmp_path / "out", tmp_path / "parquet"
    command = [sys.executable, str(PROJECT_ROOT / "scripts" / "classify_week.py"), "--teams", str(folder),
               "--out", str(out), "--week", "2026-W47", "--partition", str(parquet),
               "--settings", str(settings_file)]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "kapot: niet gedaan." in done.stderr
    assert "leeg: niet gedaan. er is geen bestand week.*" in done.stderr
    ids = {
        name: [row["id"] for row in read_csv(out / name / "2026-W47" / "remarks.csv")] for name in ("oost", "hogeland")
    }
    assert ids == {"oost": ["O-1", "O-2", "O-3"], "hogeland": ["H-1", "H-2"]}
    others = b"".join(path.read_bytes() for path in (out / "hogeland").rglob("*") if path.is_file())
    assert b"Vlierstraat" not in others
    assert b"06-12345678" not in b"".join(path.read_bytes() for path in out.rglob("*") if path.is_file())
    table = pd.read_parquet(parquet)
    assert dict(zip(table["id"], table["municipality"], strict=True))["H-1"] == "Hogelandvoorbeeld"
    assert len(table) == 5


def test_each_team_reads_its_own_rows_of_one_file(folder: Path, tmp_path: Path, settings: Settings, read_csv) -> None:
    rows = ["gemeente,id,tekst", "Voorbeeldgemeente,1,De put is vol", "Hogelandvoorbeeld,2,De lamp is stuk",
            "Elders,3,De weg is stuk", ",4,De boom is om", "Voorbeeldgemeente,5"]  # fmt: skip
    (tmp_path / "alles.csv").write_text("\n".join(rows), encoding="utf-8")
    plan = TeamsPlan(folder, [tmp_path / "alles.csv"], tmp_path / "out", "2026-W47")
    results = run(plan, settings)
    assert {name: result.report.n_remarks for name, result in results.items()} == {"oost": 1, "hogeland": 1}
    assert write_unclaimed(plan, load_teams(folder, settings)) == 3
    assert [row["row"] for row in read_csv(tmp_path / "out" / "rejected-2026-W47.csv")] == ["4", "5", "6"]


def test_no_row_for_two_teams_and_no_run_without_teams(folder: Path, tmp_path: Path, settings: Settings) -> None:
    shutil.copytree(folder / "oost", folder / "west")
    with pytest.raises(InputError, match="meer dan een team heeft de gemeente Voorbeeldgemeente"):
        run(TeamsPlan(folder, [folder / "oost" / "week.csv"], tmp_path, "2026-W47"), settings)
    with pytest.raises(InputError, match="geen teams gevonden"):
        load_teams(tmp_path / "niets", settings)
