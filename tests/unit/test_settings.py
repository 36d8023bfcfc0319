from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import SettingsError
from pipeline.settings import Settings, load_settings


def test_without_a_file_every_default_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.settings.PROJECT_ROOT", tmp_path)
    assert load_settings().routing == Settings().routing


def test_a_file_changes_what_it_names_and_anchors_paths(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('[team]\nname = "Oost"\n[routing]\nmax_error_share = 0\n[paths]\nmodels = "m"\n', encoding="utf-8")
    settings = load_settings(path)
    assert settings.team.name == "Oost"
    assert settings.routing.max_error_share == 0.0
    assert settings.path("models") == tmp_path / "m"


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("[teem]\nname = 'x'", r"onbekend onderdeel \[teem\]"),
        ("team = 3", r"onbekend onderdeel \[team\]"),
        ("[team]\nnaam = 'x'", "kent geen 'naam'; wel: name, email"),
        ("[team]\nname = 3", "moet van het type str zijn"),
        ("[intake]\nchunk_rows = true", "moet van het type int zijn"),
        ("[team", "geen geldige TOML"),
    ],
)
def test_a_wrong_setting_says_what_and_where(tmp_path: Path, content: str, complaint: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match=complaint):
        load_settings(path)


def test_a_named_file_must_exist(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="bestaat niet"):
        load_settings(tmp_path / "none.toml")
