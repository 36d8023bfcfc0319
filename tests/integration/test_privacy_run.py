"""After a run, no planted piece of personal data is anywhere in what the program wrote."""

from __future__ import annotations

import csv
import email
import zipfile
from email import policy
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from pipeline.intake.marked import load_marked
from pipeline.settings import PROJECT_ROOT
from tests.integration.test_scripts import script

CASES = Path(__file__).parents[1] / "regression" / "cases"
SHORTEST = 5  # shorter values also occur inside ordinary words


def everything_written(folder: Path) -> str:
    """All text below a folder: files as they are, workbooks unpacked, letters decoded."""
    texts = []
    for path in (path for path in folder.rglob("*") if path.is_file()):
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as book:
                texts += [book.read(name).decode("utf-8", "replace") for name in book.namelist()]
        elif "outbox" in path.parts:
            letter = email.message_from_bytes(path.read_bytes(), policy=policy.default)
            texts += [str(part.get_content()) for part in letter.walk() if part.get_content_maintype() == "text"]
            texts += [str(letter["Subject"])]
        else:
            texts.append(path.read_bytes().decode("utf-8", "replace"))
    return "\n".join(texts)


def test_nothing_personal_is_written(tmp_path: Path, settings_file: Path) -> None:
    remarks = [remark for path in sorted(CASES.glob("privacy*.txt")) for remark in load_marked(path)]
    with (tmp_path / "week.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "tekst"])
        writer.writerows([f"r{number}", remark.text] for number, remark in enumerate(remarks))
    out = tmp_path / "uit"
    result = script("classify_week.py", tmp_path / "week.csv", "--out", out / "2026-W47", "--settings", settings_file)
    assert result.returncode == 0, result.stderr
    written = everything_written(out) + result.stdout + result.stderr
    contacts = (PROJECT_ROOT / "data" / "contacts.csv").read_text(encoding="utf-8")  # their names belong in letters
    around = " ".join([contacts, *(remark.text for remark in remarks)])
    planted = {
        remark.text[span.start : span.end] for remark in remarks for span in remark.spans if span not in remark.missed()
    }
    leaked = [value for value in planted if len(value) >= SHORTEST and around.count(value) == 1 and value in written]
    assert len(planted) > 500
    assert "[telefoon]" in written
    assert leaked == []


def test_originals_are_kept_under_lock_and_key_when_asked(
    tmp_path: Path, settings_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    week, out = tmp_path / "week.csv", tmp_path / "uit" / "2026-W47"
    week.write_text("id,tekst\n7,Graag bellen op 06 12345678 over de volle put\n", encoding="utf-8")
    with settings_file.open("a", encoding="utf-8") as file:
        file.write("[privacy]\nkeep_originals_days = 7\n")
    without_key = script("classify_week.py", week, "--out", out, "--settings", settings_file)
    assert (without_key.returncode, out.exists()) == (2, False)
    assert "is een sleutel nodig" in without_key.stderr
    monkeypatch.setenv("WIJKVERBINDER_KEY", Fernet.generate_key().decode())
    assert script("classify_week.py", week, "--out", out, "--settings", settings_file).returncode == 0
    assert "12345678" not in everything_written(tmp_path / "uit")
    assert "06 12345678" in script("read_original.py", out, "7").stdout
    unknown = script("read_original.py", out, "8")
    assert (unknown.returncode, "geen oorspronkelijke tekst" in unknown.stderr) == (2, True)
