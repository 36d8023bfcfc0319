"""The scripts as their users run them: every error is a clear Dutch line, an exit status, and no traceback."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from pipeline.settings import PROJECT_ROOT

EXAMPLE = PROJECT_ROOT / "data" / "example_week.csv"


def script(name: str, *arguments: object, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(PROJECT_ROOT / "scripts" / name), *map(str, arguments)]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, check=False, encoding="utf-8")


def xlsx(path: Path, *rows: list[object]) -> None:
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    workbook.save(path)


BAD_INPUT = {
    "missing file": (lambda p: None, "week.csv", 2, "het bestand bestaat niet"),
    "empty file": (lambda p: p.write_bytes(b""), "week.csv", 2, "is leeg"),
    "folder": (lambda p: p.mkdir(), "week.csv", 2, "is een lege map"),
    "binary": (lambda p: p.write_bytes(bytes(range(256)) * 9), "week.csv", 2, "geen tekstbestand"),
    "xlsx without text": (lambda p: xlsx(p, ["Nr", "Naam"], [1, "x"]), "week.xlsx", 2, "kolom 'tekst' ontbreekt"),
    "zero rows": (lambda p: p.write_text("id,tekst\n"), "week.csv", 2, "geen opmerkingen gevonden"),
    "ragged rows": (lambda p: p.write_text("id,tekst\n1,put vol\n2,a,b\n"), "week.csv", 1, "1 rijen konden niet"),
    "1 MB cell": (
        lambda p: p.write_text(f"id,tekst\n1,{'put ' * 250_000}\n2,ok lamp stuk\n"),
        "week.csv",
        1,
        "1 rijen",
    ),
    "control characters": (lambda p: p.write_text("id,tekst\n1,\x01\x02\x03\n"), "week.csv", 1, "1 rijen"),
    "only emoji": (lambda p: p.write_text("id,tekst\n1,🎉🎉\n", encoding="utf-8"), "week.csv", 0, ""),
}


@pytest.mark.parametrize("case", BAD_INPUT)
def test_classify_week_says_what_is_wrong(case: str, tmp_path: Path, settings_file: Path, read_csv) -> None:
    make, name, status, complaint = BAD_INPUT[case]
    path = tmp_path / name
    make(path)
    out = tmp_path / "out" / "2026-W47"
    result = script("classify_week.py", path, "--out", out, "--settings", settings_file)
    assert result.returncode == status, result.stderr
    assert complaint in result.stderr
    assert "Traceback" not in result.stderr
    if status == 2:
        assert result.stderr.startswith("Fout: ")
        assert result.stderr.count("\n") == 1
        assert not (out / "remarks.csv").exists()
    else:
        rows_in = len(path.read_text(encoding="utf-8").splitlines()) - 1
        assert len(read_csv(out / "remarks.csv")) + len(read_csv(out / "rejected.csv")) == rows_in


BAD_ARGUMENTS = {
    "nothing": ([], "verplicht en niet gegeven: INVOER, --out"),
    "no out": ([EXAMPLE], "verplicht en niet gegeven: --out"),
    "unknown": ([EXAMPLE, "--out", "x", "--snel"], "onbekend: --snel"),
    "no value": ([EXAMPLE, "--out"], "achter --out hoort een waarde"),
    "no settings": ([EXAMPLE, "--out", "x", "--settings", "weg.toml"], "het instellingenbestand bestaat niet"),
}


@pytest.mark.parametrize("case", BAD_ARGUMENTS)
def test_wrong_arguments_get_a_dutch_line(case: str) -> None:
    arguments, complaint = BAD_ARGUMENTS[case]
    result = script("classify_week.py", *arguments)
    assert result.returncode == 2
    assert complaint in result.stderr
    assert "Traceback" not in result.stderr


def test_a_store_that_is_no_store_is_a_clear_error(tmp_path: Path, settings_file: Path) -> None:
    result = script(
        "classify_week.py", EXAMPLE, "--out", tmp_path / "w", "--store", "onzin", "--settings", settings_file
    )
    assert result.returncode == 2
    assert result.stderr.startswith("Fout: de opslag")


@pytest.mark.parametrize("name", ["classify_week.py", "check_request.py", "retrain.py"])
def test_help_is_dutch_with_an_example(name: str) -> None:
    result = script(name, "--help")
    assert result.returncode == 0
    assert result.stdout.startswith("gebruik: ")
    assert f"voorbeeld:\n  python scripts/{name}" in result.stdout
    assert "show this help" not in result.stdout


def test_check_request_answers_in_dutch_and_in_json(settings_file: Path) -> None:
    said = script("check_request.py", "De put is verstopt, bel 06-12345678", "--settings", settings_file)
    assert said.returncode == 0
    assert "Water en riolering" in said.stdout
    assert "06-12345678" not in said.stdout
    result = script("check_request.py", "-", "--json", "--settings", settings_file, stdin="De put is verstopt\n")
    answer = json.loads(result.stdout)
    assert answer["primary"] == answer["domains"][0]["id"] == "water"
    assert set(answer) >= {
        "domains",
        "primary",
        "confidence",
        "decision",
        "urgent",
        "language",
        "because",
        "contacts",
        "text",
    }
    assert set(answer["contacts"][0]) == {"department", "name", "email"}
    assert answer["because"][0]["terms"]


@pytest.mark.parametrize("text", ["", "   ", "\x01"])
def test_check_request_without_text_is_a_clear_error(text: str, settings_file: Path) -> None:
    result = script("check_request.py", "-", "--settings", settings_file, stdin=text)
    assert result.returncode == 2
    assert result.stderr == "Fout: er is geen tekst om te beoordelen\n"


def test_without_a_model_the_scripts_say_to_retrain(tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    paths = "\n".join(
        f'{name} = "{PROJECT_ROOT}/data/{file}"'
        for name, file in (("domains", "domains.toml"), ("contacts", "contacts.csv"))
    )
    settings.write_text(f'[paths]\nmodels = "leeg"\n{paths}\n', encoding="utf-8")
    result = script("check_request.py", "De put", "--settings", settings)
    assert result.returncode == 2
    assert "er is nog geen model" in result.stderr
    assert "python scripts/retrain.py" in result.stderr


def test_retrain_refuses_what_is_not_better(settings_file: Path) -> None:
    result = script("retrain.py", "--settings", settings_file)
    assert result.returncode == 3, result.stderr
    assert "eerste domein goed" in result.stdout
    assert "niet in gebruik genomen" in result.stdout


def test_retrain_on_nothing_is_bad_input(tmp_path: Path, settings_file: Path) -> None:
    result = script("retrain.py", "--history", tmp_path / "weg", "--settings", settings_file)
    assert result.returncode == 2
    assert "geen gelabelde opmerkingen gevonden" in result.stderr


NEW_ERRORS = {
    "board without a store": ("review.py", ["{tmp}/leeg"], 2, "er is geen opslag in"),
    "audit of nothing": ("audit_signalen.py", ["{tmp}/weg.zip", "--out", "{tmp}/a"], 2, "bestaat niet"),
    "audit of a table": ("audit_signalen.py", [str(EXAMPLE), "--out", "{tmp}/a"], 2, "geen export van Signalen"),
    "audit without out": ("audit_signalen.py", ["x.zip"], 2, "verplicht en niet gegeven: --out"),
    "import of nothing": ("retrain.py", ["--import", "{tmp}/weg.csv"], 2, "bestaat niet"),
    "import without categories": ("retrain.py", ["--import", str(EXAMPLE)], 2, "geen opmerking heeft een categorie"),
    "import without a map": ("retrain.py", ["--import", str(EXAMPLE), "--map", "{tmp}/weg.csv"], 2, "ontbreekt"),
    "unknown format": ("classify_week.py", [str(EXAMPLE), "--out", "{tmp}/o", "--format", "word"], 2, "niet 'word'"),
    "unknown form": ("classify_week.py", [str(EXAMPLE), "--out", "{tmp}/o", "--format-out", "xml"], 2, "niet 'xml'"),
    "table forced on mail": ("classify_week.py", ["{tmp}/a.eml", "--out", "{tmp}/o", "--format", "tabel"], 2, "kolom"),
}  # fmt: skip


@pytest.mark.parametrize("case", NEW_ERRORS)
def test_board_audit_import_and_formats_say_what_is_wrong(case: str, tmp_path: Path, settings_file: Path) -> None:
    name, arguments, status, complaint = NEW_ERRORS[case]
    (tmp_path / "a.eml").write_text("Subject: put\nFrom: x@y.nl\n\nDe put is vol\n", encoding="utf-8")
    given = [argument.replace("{tmp}", str(tmp_path)) for argument in arguments]
    if name == "retrain.py":
        given += ["--history", str(tmp_path / "history")]
    result = script(name, *given, "--settings", settings_file)
    assert result.returncode == status, result.stderr
    assert complaint in result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "o").exists()


def test_forgetting_says_what_was_not_there(tmp_path: Path, settings_file: Path) -> None:
    result = script(
        "retrain.py", "--forget", "W1", "--history", tmp_path, "--models", tmp_path, "--settings", settings_file
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert "Opmerking W1 staat niet in de opslag" in result.stdout
