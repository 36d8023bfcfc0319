"""Many teams in one PostgreSQL: a team sees its own rows only, whatever is asked, and letters leave once for each."""

from __future__ import annotations

import csv
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError

from pipeline import week as week_module
from pipeline.database.schema import forgotten, metadata, remarks
from pipeline.errors import StoreError
from pipeline.routing.outbox import MaildirOutbox
from pipeline.settings import PROJECT_ROOT, Settings
from pipeline.store import Store, open_week
from pipeline.week import WeekReport, run_week
from scripts.own_postgres import OwnPostgres
from tests.conftest import NOW, store_content

EXAMPLE = PROJECT_ROOT / "data" / "example_week.csv"
WEEK = "2026-W47"
NEW = {"remark_id": "x", "recorded": NOW, "why": "test"}


@pytest.fixture
def url(postgres: OwnPostgres) -> str:
    return postgres.new()


def of_team(settings: Settings, name: str) -> Settings:
    return replace(settings, team=replace(settings.team, id=name, email=f"team@{name}.example.nl"))


def run(inputs: list[Path], out: Path, settings: Settings, url: str, progress=lambda _: None) -> WeekReport:
    return run_week(inputs, out, settings, store_url=url, now=NOW, progress=progress)


def ask(store: Store, query: str) -> list[tuple]:
    with store.engine.begin() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query)]


@pytest.fixture(params=["plain login", "superuser", "member of the role"])
def shared(request: pytest.FixtureRequest, postgres: OwnPostgres, url: str):
    """Two teams with a row each, by every kind of login."""
    if request.param == "superuser":
        url = postgres.as_admin(url)
    if request.param == "member of the role":
        Store(postgres.as_admin(url), "noord").close()  # makes tables and role
        with psycopg.connect(postgres.as_admin(url)) as connection:
            connection.execute("GRANT wijkverbinder TO teams")
    stores = [Store(url, "oost"), Store(url, "west")]
    for store in stores:
        with store.engine.begin() as connection:
            connection.execute(forgotten.insert(), NEW)
    yield stores
    for store in stores:
        store.close()
    with psycopg.connect(postgres.as_admin(url)) as connection:
        if request.param == "member of the role":
            connection.execute("REVOKE wijkverbinder FROM teams")


def test_a_team_sees_and_changes_its_own_rows_only(shared: list[Store]) -> None:
    oost, west = shared
    assert ask(oost, "SELECT team, why FROM forgotten") == [("oost", "test")]
    assert ask(oost, "UPDATE forgotten SET why = 'gezien' RETURNING team") == [("oost",)]
    assert ask(west, "SELECT team, why FROM forgotten WHERE team = 'oost' OR true") == [("west", "test")]
    assert ask(west, "DELETE FROM forgotten WHERE team = 'oost' RETURNING team") == []
    assert ask(oost, "SELECT why FROM forgotten") == [("gezien",)]
    for forbidden in (
        "INSERT INTO forgotten (remark_id, recorded, why, team) VALUES ('x', now(), '', 'oost')",
        "UPDATE forgotten SET team = 'oost'",
    ):
        with pytest.raises(ProgrammingError, match="row-level security"):
            ask(west, forbidden)
    connection = west.engine.raw_connection()  # without a transaction of SQLAlchemy that says the team
    assert connection.cursor().execute("SELECT team FROM forgotten").fetchall() == [("west",)]
    connection.close()


def test_a_connection_that_names_no_team_sees_nothing(shared: list[Store]) -> None:
    connection = shared[0].engine.raw_connection()
    connection.cursor().execute("SELECT set_config('wijkverbinder.team', '', false)")
    assert connection.cursor().execute("SELECT * FROM forgotten").fetchall() == []
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.cursor().execute(
            "INSERT INTO forgotten (remark_id, recorded, why, team) VALUES ('x', now(), '', '')"
        )
    connection.close()


def test_every_table_is_kept_apart(url: str) -> None:
    store = Store(url, "oost")
    rules = ask(store, "SELECT tablename, qual, with_check FROM pg_policies")
    forced = ask(store, "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
    store.close()
    assert {name for (name,) in forced} == {name for name, *_ in rules} == set(metadata.tables)
    assert all("wijkverbinder.team" in rule for _, *both in rules for rule in both)
    assert all("team" in table.columns for table in metadata.tables.values())


def test_a_login_that_the_rules_do_not_hold_for_is_refused(postgres: OwnPostgres, url: str) -> None:
    Store(url, "oost").close()
    with psycopg.connect(postgres.as_admin(url)) as connection:
        connection.execute("ALTER ROLE teams BYPASSRLS")
    try:
        with pytest.raises(StoreError, match="mag de rijen van alle teams zien"):
            Store(url, "west").weeks()
    finally:
        with psycopg.connect(postgres.as_admin(url)) as connection:
            connection.execute("ALTER ROLE teams NOBYPASSRLS")


def test_errors_hold_no_password_and_no_remark(url: str) -> None:
    password = url.split(":")[2].split("@", maxsplit=1)[0]
    with pytest.raises(StoreError, match="kan niet geopend worden") as caught:
        Store(url.replace(password, "geraden-wachtwoord"), "oost")
    assert "geraden-wachtwoord" not in str(caught.value)
    store = Store(url, "oost")
    row = {column.name: "geheim" for column in remarks.columns if isinstance(column.type, sa.String)}
    numbers = {"position": 0, "confidence": 0.5, "urgent": False, "team": "oost", "week": WEEK}
    with pytest.raises(StoreError) as caught, store.replacing_week(WEEK) as shelf:
        shelf.connection.execute(remarks.insert(), [{**row, **numbers}] * 2)
    assert "geheim" not in str(caught.value)
    store.close()


# what a team of the test below does, in a process of its own
TEAM = """
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from pipeline.settings import load_settings
from pipeline.week import run_week
name, week, out, url, file = sys.argv[1:]
settings = load_settings(Path(file))
settings = replace(settings, team=replace(settings.team, id=name, email=f"team@{name}.example.nl"))
run_week([Path(week)], Path(out), settings, store_url=url, now=datetime(2026, 11, 23, 9, 0), progress=lambda _: None)
"""


def test_teams_at_once_have_nothing_of_each_other(url: str, settings_file: Path, tmp_path: Path) -> None:
    names = ("oost", "west", "zuid")
    with EXAMPLE.open(encoding="utf-8", newline="") as file:
        header, *rows = list(csv.reader(file))
    started = []
    for name in names:
        week, out = tmp_path / f"{name}.csv", tmp_path / name / WEEK
        with week.open("w", encoding="utf-8", newline="") as file:
            own = [[f"merk-{name}-{row[0]}", *row[1:-1], f"{row[-1]} merk{name}"] for row in rows]
            csv.writer(file).writerows([header, *own])
        command = [sys.executable, "-c", TEAM, name, str(week), str(out), url, str(settings_file)]
        started.append(subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=PROJECT_ROOT))
    said = [process.communicate()[1] for process in started]
    assert [process.returncode for process in started] == [0] * len(names), said
    for name in names:
        texts = [path.read_text("utf-8", "replace") for path in (tmp_path / name).rglob("*") if path.is_file()]
        seen = "\n".join([*texts, store_content(url, name)])
        assert f"merk-{name}-" in seen
        assert not [other for other in names if other != name and (f"merk{other}" in seen or f"merk-{other}" in seen)]
        store = Store(url, name)
        assert [(week.week, week.n_remarks) for week in store.weeks()] == [(WEEK, len(rows))]
        assert len(store.letters_of(WEEK, "sent")) == len(list((tmp_path / name / WEEK / "outbox" / "new").iterdir()))
        store.close()


def test_two_machines_do_not_run_the_same_week_of_a_team(url: str, settings: Settings, tmp_path: Path) -> None:
    first, second = tmp_path / "een" / WEEK, tmp_path / "twee" / WEEK
    for folder in (first, second, second.with_name("2026-W48")):
        folder.mkdir(parents=True)
    with open_week(first, url, "oost"):
        with pytest.raises(StoreError, match=f"een andere run is bezig met {WEEK}"):
            run([EXAMPLE], second, of_team(settings, "oost"), url)
        with open_week(second, url, "west") as other_team, open_week(second.with_name("2026-W48"), url, "oost"):
            assert other_team.weeks() == []
    assert run([EXAMPLE], second, of_team(settings, "oost"), url).n_new_letters > 0


HOLDER = """
import sys, time
from pipeline.store import Store
store = Store(sys.argv[1], "oost")
with store.database.alone("2026-W47"), store.engine.begin():
    print("holds", flush=True)
    time.sleep(600)
"""


def test_a_run_that_was_killed_holds_nothing(url: str) -> None:
    command = [sys.executable, "-c", HOLDER, url]
    holder = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=PROJECT_ROOT)
    assert holder.stdout.readline() == "holds\n"
    store = Store(url, "west")
    with store.database.alone(WEEK):  # another team has nothing to wait for
        store.forget_letter("niets")
    store.close()
    holder.send_signal(signal.SIGKILL)
    holder.communicate()
    store = Store(url, "oost")
    for _ in range(50):  # the server notices within moments
        try:
            with store.database.alone(WEEK):
                store.forget_letter("niets")
                break
        except StoreError:
            time.sleep(0.1)
    else:
        pytest.fail("the lock of a killed run is still held")
    store.close()


def in_parts(settings: Settings) -> Settings:
    """A week in three parts, so that there is something between them."""
    return replace(of_team(settings, "oost"), intake=replace(settings.intake, chunk_rows=30))


def outputs(out: Path, url: str) -> tuple[bytes, bytes, list[str], str]:
    letters = sorted(path.name for path in (out / "outbox" / "new").iterdir())
    return (out / "remarks.csv").read_bytes(), (out / "overview.html").read_bytes(), letters, store_content(url, "oost")


@pytest.fixture(scope="module")
def undisturbed(postgres: OwnPostgres, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> tuple:
    out, url = tmp_path_factory.mktemp("undisturbed") / WEEK, postgres.new()
    run([EXAMPLE], out, in_parts(settings), url)
    return outputs(out, url)


@pytest.mark.parametrize("moment", ["reading", "letters", "overview"])
def test_a_server_that_is_restarted_in_the_middle_changes_nothing(
    moment: str, url: str, settings: Settings, tmp_path: Path, undisturbed: tuple, pull_the_plug, monkeypatch, caplog
) -> None:
    out, done = tmp_path / WEEK, []

    def once(_number: int = 0) -> None:
        if not done:
            done.append(True)
            pull_the_plug()

    def plugged(self, letter, message, put=MaildirOutbox.put) -> None:
        put(self, letter, message)
        once()

    def unplugged(*arguments, lay=week_module.lay_overview_on_table) -> None:
        once()
        lay(*arguments)

    if moment == "letters":
        monkeypatch.setattr(MaildirOutbox, "put", plugged)
    if moment == "overview":
        monkeypatch.setattr(week_module, "lay_overview_on_table", unplugged)
    run([EXAMPLE], out, in_parts(settings), url, progress=once if moment == "reading" else lambda _: None)
    assert done
    assert "De server van de opslag antwoordt niet" in caplog.text
    assert outputs(out, url) == undisturbed


def test_a_server_that_stays_away_is_a_clear_error(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(url, "oost")
    store.close()
    monkeypatch.setattr("pipeline.database.connections.PAUSES", (0.01, 0.01))
    away = Store.__new__(Store)
    away.database = store.database.__class__(url.replace(url.rsplit(":", 1)[1], "1/geen"), "oost")
    away.engine, away.reading = away.database.engine, away.database.reading
    with pytest.raises(StoreError, match="de server antwoordt niet"):
        away.weeks()
    away.close()


def test_writers_of_one_team_wait_for_each_other_and_nobody_else(url: str) -> None:
    stores = [Store(url, name) for name in ("oost", "oost", "west")]
    with ThreadPoolExecutor(2) as pool, stores[0].replacing_week(WEEK):
        waiting = pool.submit(stores[1].forget_letter, "x")
        pool.submit(stores[2].forget_letter, "x").result(timeout=4)
        time.sleep(0.2)
        assert not waiting.done()
        assert stores[1].letters_of(WEEK, "sent") == []  # who reads waits for nobody
    for store in stores:
        store.close()
