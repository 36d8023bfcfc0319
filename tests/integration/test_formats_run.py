"""The same fifty remarks in every format give the same remarks.csv; nobody who sent them is in anything written."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from pipeline.settings import PROJECT_ROOT, Settings
from pipeline.week import run_week
from tests.conftest import NOW
from tests.integration.test_privacy_run import everything_written

SENDER, MAIL, PHONE = "Zacharias Plantinga", "z.plantinga@planted.example", "0612349876"
COMPARED = ("text", "language", "domains", "confidence", "urgent", "decision", "because", "contacts")


@pytest.fixture(scope="module")
def texts() -> list[str]:
    with (PROJECT_ROOT / "data" / "example_week.csv").open(encoding="utf-8", newline="") as file:
        return [" ".join(row["tekst"].split()) for row in csv.DictReader(file)][:50]


def write_table(folder: Path, texts: list[str]) -> Path:
    with (folder / "week.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([("id", "naam", "tekst"), *((n, SENDER, text) for n, text in enumerate(texts))])
    return folder / "week.csv"


def write_signalen(folder: Path, texts: list[str]) -> Path:
    header = ("id", "source", "text", "created_at", "category_assignment_id", "location_id", "reporter_id")
    rows = [(n, "online", text, "2026-11-16 09:30:00+00:00", n, "null", n) for n, text in enumerate(texts)]
    with zipfile.ZipFile(folder / "export.zip", "w") as archive:
        for name, lines in (("signals", [header, *rows]), ("reporters", [("id", "email", "phone"), (1, MAIL, PHONE)])):
            path = folder / "deel.csv"
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(lines)
            archive.write(path, f"093000UTC_{name}.csv")
    return folder / "export.zip"


def write_pages(folder: Path, texts: list[str]) -> Path:
    reporter = {"email": MAIL, "phone": PHONE, "name": SENDER}
    rows = [{"id_display": f"SIG-{n}", "text": text, "reporter": reporter} for n, text in enumerate(texts)]
    (folder / "pagina.json").write_text(json.dumps({"results": rows}), encoding="utf-8")
    return folder / "pagina.json"


def write_open311(folder: Path, texts: list[str]) -> Path:
    rows = [
        f"<request><service_request_id>{n}</service_request_id><description>{escape(text)}</description>"
        f"<first_name>{SENDER}</first_name><email>{MAIL}</email></request>"
        for n, text in enumerate(texts)
    ]
    (folder / "open311.xml").write_text(f"<service_requests>{''.join(rows)}</service_requests>", encoding="utf-8")
    return folder / "open311.xml"


def write_open311_json(folder: Path, texts: list[str]) -> Path:
    rows = [{"service_request_id": n, "description": text, "email": MAIL} for n, text in enumerate(texts)]
    (folder / "open311.json").write_text(json.dumps(rows), encoding="utf-8")
    return folder / "open311.json"


def message(text: str) -> str:
    return (
        f'From: "{SENDER}" <{MAIL}>\nReply-To: {MAIL}\nMessage-ID: <{MAIL}>\nMIME-Version: 1.0\n'
        f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nBeste mensen,\n\n{text}\n\n"
        f"Met vriendelijke groet,\n\n{SENDER}\n{PHONE}\n"
    )


def write_mbox(folder: Path, texts: list[str]) -> Path:
    lines = [f"From {MAIL} Mon Nov 16 09:30:00 2026\n{message(text)}\n" for text in texts]
    (folder / "post.mbox").write_text("".join(lines), encoding="utf-8")
    return folder / "post.mbox"


def write_folder_of_mail(folder: Path, texts: list[str]) -> Path:
    (folder / "post").mkdir()
    for n, text in enumerate(texts):
        (folder / "post" / f"{n:03d}.eml").write_text(message(text), encoding="utf-8")
    return folder / "post"


WRITERS: dict[str, Callable[[Path, list[str]], Path]] = {
    "Signalen export": write_signalen,
    "Signalen pages": write_pages,
    "Open311 XML": write_open311,
    "Open311 JSON": write_open311_json,
    "mbox": write_mbox,
    "folder of mail": write_folder_of_mail,
}


@pytest.fixture(scope="module")
def expected(texts: list[str], tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> list[dict[str, str]]:
    folder = tmp_path_factory.mktemp("tabel")
    return classified(write_table(folder, texts), folder, settings)


def classified(path: Path, folder: Path, settings: Settings) -> list[dict[str, str]]:
    run_week([path], folder / "out" / "2026-W47", settings, now=NOW, progress=lambda _: None)
    with (folder / "out" / "2026-W47" / "remarks.csv").open(encoding="utf-8", newline="") as file:
        return [{name: row[name] for name in COMPARED} for row in csv.DictReader(file)]


@pytest.mark.parametrize("name", WRITERS)
def test_every_format_gives_the_same_and_no_sender(
    name: str, texts: list[str], expected: list[dict[str, str]], tmp_path: Path, settings: Settings
) -> None:
    assert classified(WRITERS[name](tmp_path, texts), tmp_path, settings) == expected
    written = everything_written(tmp_path / "out")
    for planted in (SENDER, "Plantinga", MAIL, "planted.example", PHONE):
        assert planted not in written
