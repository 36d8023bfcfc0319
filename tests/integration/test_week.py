"""The main job from input file to letters and overview, with a really trained tiny model."""

from __future__ import annotations

import mailbox
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from email import policy
from email.parser import BytesParser
from pathlib import Path

import openpyxl
import pytest

from pipeline import week as week_module
from pipeline.errors import InputError, StoreError
from pipeline.settings import PROJECT_ROOT, Settings
from pipeline.store import Store
from pipeline.week import REMARK_FIELDS, WeekReport, run_week
from tests.conftest import NOW, store_content

EXAMPLE = PROJECT_ROOT / "data" / "example_week.csv"


def run(inputs: list[Path], out: Path, settings: Settings, **options) -> WeekReport:
    return run_week(inputs, out, settings, now=options.pop("now", NOW), progress=lambda _: None, **options)


@pytest.fixture(scope="module")
def done_url(databases) -> str:
    """The store of `done`."""
    return databases.new()


@pytest.fixture(scope="module")
def done(done_url: str, tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> WeekReport:
    return run([EXAMPLE], tmp_path_factory.mktemp("weeks") / "2026-W47", settings, store_url=done_url)


def letters_in(out: Path) -> list:
    files = sorted((out / "outbox" / "new").iterdir())
    return [BytesParser(policy=policy.default).parsebytes(file.read_bytes()) for file in files]


def test_rows_in_are_rows_out_in_order(done: WeekReport, read_csv) -> None:
    given, found = read_csv(EXAMPLE), read_csv(done.out / "remarks.csv")
    assert tuple(found[0]) == REMARK_FIELDS
    assert [row["id"] for row in found] == [row["id"] for row in given]
    assert done.n_remarks == len(given) == 80
    assert read_csv(done.out / "rejected.csv") == []


def test_remarks_keep_the_contract(done: WeekReport, read_csv, taxonomy) -> None:
    for row in read_csv(done.out / "remarks.csv"):
        domains = taxonomy.split(row["domains"])
        assert domains
        assert row["primary"] == domains[0]
        assert 0 <= float(row["confidence"]) <= 1
        assert row["urgent"] in ("true", "false")
        assert row["decision"] in ("route", "review", "urgent")
        assert row["reason"]
        assert "@" in row["contacts"]


def test_no_personal_data_in_any_output(done: WeekReport, done_url: str) -> None:
    values = [b"06-12345678", b"@example.nl"]
    planted = [v for v in values[:1] if v in EXAMPLE.read_bytes()]
    outputs = [done.out / "remarks.csv", done.out / "overview.html"]
    for value in planted:
        assert all(value not in path.read_bytes() for path in outputs)
        assert value.decode() not in store_content(done_url)
    assert done.personal_data.total() >= 3


def test_every_mailed_remark_is_in_the_letter_of_each_contact(done: WeekReport, read_csv) -> None:
    wanted = Counter(
        (contact, row["id"])
        for row in read_csv(done.out / "remarks.csv") if row["decision"] != "review"
        for contact in row["contacts"].split(";")
    )  # fmt: skip
    found: Counter[tuple[str, str]] = Counter()
    for message in letters_in(done.out):
        attachment, _ = message.iter_attachments()
        for line in attachment.get_content().splitlines()[1:]:
            if line.startswith("W47-"):
                found[message["To"].addresses[0].addr_spec, line.split(";")[0]] += 1
    assert found == wanted
    assert len(mailbox.Maildir(done.out / "outbox", create=False)) == done.n_letters


def test_the_overview_needs_no_network(done: WeekReport) -> None:
    page = (done.out / "overview.html").read_text(encoding="utf-8")
    assert "http" not in page.replace("http-equiv", "")
    assert page.count('id="o-') == 80
    workbook = openpyxl.load_workbook(done.out / "overview.xlsx")
    assert workbook.sheetnames[:4] == ["Overzicht", "Te beoordelen", "Kansen", "Alle opmerkingen"]
    assert workbook["Alle opmerkingen"].max_row == 81


def test_running_again_gives_the_same_and_no_letter_twice(done: WeekReport, done_url: str, settings: Settings) -> None:
    before = {path: path.read_bytes() for path in done.out.rglob("*") if path.is_file() and path.suffix != ".xlsx"}
    again = run([EXAMPLE], done.out, settings, store_url=done_url, now=NOW + timedelta(hours=1))
    assert again.n_new_letters == 0
    assert again.n_letters == done.n_letters
    assert {path: path.read_bytes() for path in before} == before


@pytest.mark.parametrize("moment", ["put_on_shelf", "put_letters_in_outbox", "lay_overview_on_table"])
def test_a_run_cut_off_can_be_run_again(
    tmp_path: Path, settings: Settings, store_url: str, done: WeekReport, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "2026-W47"
    with monkeypatch.context() as patch:
        patch.setattr(week_module, moment, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            run([EXAMPLE], out, settings, store_url=store_url)
    report = run([EXAMPLE], out, settings, store_url=store_url)
    assert report.n_letters == done.n_letters
    assert (out / "remarks.csv").read_bytes() == (done.out / "remarks.csv").read_bytes()
    assert sorted(m["Message-ID"] for m in letters_in(out)) == sorted(m["Message-ID"] for m in letters_in(done.out))


def test_a_letter_intended_but_never_put_is_put_once(
    tmp_path: Path, settings: Settings, store_url: str, done: WeekReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "2026-W47"
    calls = []

    def put_two_and_stop(self, letter, message) -> None:
        calls.append(letter)
        if len(calls) > 2:
            raise KeyboardInterrupt
        (self.folder / "new" / letter).write_bytes(message.as_bytes())

    with monkeypatch.context() as patch:
        patch.setattr("pipeline.routing.outbox.MaildirOutbox.put", put_two_and_stop)
        with pytest.raises(KeyboardInterrupt):
            run([EXAMPLE], out, settings, store_url=store_url)
    report = run([EXAMPLE], out, settings, store_url=store_url)
    assert report.n_new_letters == done.n_letters - 2
    assert len(list((out / "outbox" / "new").iterdir())) == done.n_letters


def test_a_letter_that_would_be_too_large_becomes_several(tmp_path: Path, settings: Settings, done: WeekReport) -> None:
    small = replace(settings, letters=replace(settings.letters, max_in_letter=3))
    report = run([EXAMPLE], tmp_path / "2026-W47", small)
    assert report.n_letters > done.n_letters
    sizes, every = [], []
    for out in (report.out, done.out):
        found = [_ids(message) for message in letters_in(out)]
        sizes.append(max(len(ids) for _, ids in found))
        every.append(Counter((to, one) for to, ids in found for one in ids))
    assert sizes[0] == 3
    assert every[0] == every[1]
    assert run([EXAMPLE], report.out, small).n_new_letters == 0


def _ids(message) -> tuple[str, list[str]]:
    attachment = next(message.iter_attachments())
    lines = attachment.get_content().splitlines()[1:]
    return message["To"].addresses[0].addr_spec, [line.split(";")[0] for line in lines if line.startswith("W47-")]


def test_bad_rows_are_kept_apart(tmp_path: Path, settings: Settings, store_url: str, read_csv) -> None:
    path = tmp_path / "week.csv"
    path.write_text("id,tekst\n1,De put is verstopt\n2,a,b\n3,\n1,De lamp is kapot\n", encoding="utf-8")
    report = run([path], tmp_path / "w", settings, store_url=store_url)
    assert (report.n_remarks, report.n_rejected) == (2, 2)
    assert [row["row"] for row in read_csv(tmp_path / "w" / "rejected.csv")] == ["3", "4"]
    assert [row["id"] for row in read_csv(tmp_path / "w" / "remarks.csv")] == ["1", "1"]


def test_an_input_without_rows_leaves_nothing(tmp_path: Path, settings: Settings, store_url: str) -> None:
    path = tmp_path / "week.csv"
    path.write_text("id,tekst\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"geen opmerkingen gevonden in week\.csv"):
        run([path], tmp_path / "w", settings, store_url=store_url)
    assert not (tmp_path / "w" / "remarks.csv").exists()


def test_a_second_run_at_the_same_time_says_so(
    tmp_path: Path, settings: Settings, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.database.connections.BUSY_SECONDS", 1)
    first = Store(store_url)
    with first.replacing_week("2026-W47"), pytest.raises(StoreError, match="een andere run is ermee bezig"):
        run([EXAMPLE], tmp_path / "2026-W47", settings, store_url=store_url)
    first.close()
