"""A store of an older version is carried forward with its content; a new one has the same tables."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.ddl.impl import DefaultImpl
from alembic.script import ScriptDirectory

from pipeline.cards import Cards
from pipeline.database.connections import Database
from pipeline.database.schema import metadata
from pipeline.database.upgrade import REVISIONS, SCRIPTS, migrate
from pipeline.errors import StoreError
from pipeline.settings import PROJECT_ROOT
from pipeline.store import Store, sqlite_url

OLD = PROJECT_ROOT / "tests" / "regression" / "cases" / "store_before_versions.sql"  # made by the version before this
WEEK = "2026-W47"


@pytest.fixture
def old_file(tmp_path: Path) -> str:
    with closing(sqlite3.connect(tmp_path / "oud.db")) as connection:
        connection.executescript(OLD.read_text(encoding="utf-8"))
    return sqlite_url(tmp_path / "oud.db")


def tables_of(store: Store) -> dict[str, object]:
    """All that tells one set of tables from another."""
    inspector = sa.inspect(store.engine)
    found: dict[str, object] = {
        name: (
            [(c["name"], repr(c["type"]), c["nullable"], c["default"]) for c in inspector.get_columns(name)],
            inspector.get_pk_constraint(name),
            sorted(map(str, inspector.get_indexes(name))),
        )
        for name in sorted(inspector.get_table_names())
    }
    if store.engine.dialect.name == "postgresql":
        rules = "SELECT tablename, policyname, permissive, roles, cmd, qual, with_check FROM pg_policies ORDER BY 1"
        forced = "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity ORDER BY 1"
        with store.reading.connect() as connection:
            found |= {query: connection.exec_driver_sql(query).all() for query in (rules, forced)}
    return found


def test_migrations_lead_to_the_tables_of_a_new_store(databases) -> None:
    old = Database(databases.new(), "oost")
    with old.keeping.begin() as connection:
        migrate(connection, "oost", to=REVISIONS[0])
    old.close()
    migrated, new = Store(str(old.engine.url.render_as_string(hide_password=False)), "oost"), Store(databases.new())
    assert tables_of(migrated) == tables_of(new)
    migrated.close()
    new.close()


def test_the_program_knows_its_migrations_without_alembic(store_url: str) -> None:
    scripts = ScriptDirectory(str(SCRIPTS))
    assert [script.revision for script in reversed(list(scripts.walk_revisions()))] == list(REVISIONS)
    look = (
        "import sys; from pipeline.store import Store; Store(sys.argv[1]).close(); assert 'alembic' not in sys.modules"
    )
    for _ in range(2):  # new, and up to date
        subprocess.run([sys.executable, "-c", look, store_url], check=True, cwd=PROJECT_ROOT)


def test_a_file_of_the_version_before_keeps_its_content(old_file: str) -> None:
    store = Store(old_file, "oost")
    assert [(row["key"], row["team"]) for row in store.remarks_of(WEEK)] == [
        ("A1", "oost"),
        ("A2", "oost"),
        ("A2#2", "oost"),
    ]
    assert store.deliveries(WEEK) == [("brief1", "delivered", "")]
    assert store.original(WEEK, "A1") == b"verzegeld"
    assert [row["domains"] for row in store.corrections()] == ["afval"]
    assert Cards(store).numbers(WEEK, _every()) == ({"nieuw": 3, "opgepakt": 0, "wacht": 0, "klaar": 0}, 2)
    assert store.letters_waiting(WEEK) == [("afval@example.nl", 1), ("water@example.nl", 1)]
    event = Cards(store).last_event(WEEK, "Anke")
    assert event is not None
    assert "A2" in event["before"]
    store.close()


def _every():
    from pipeline.cards import CardFilter  # noqa: PLC0415

    return CardFilter()


def test_an_even_older_file_gets_what_came_later(old_file: str) -> None:
    engine = sa.create_engine(old_file)
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE remarks DROP COLUMN danger")
        connection.exec_driver_sql("DROP TABLE originals")
        connection.exec_driver_sql("DROP INDEX assignments_by_contact")
    engine.dispose()
    store, new = Store(old_file), Store("sqlite://")
    carried, made = tables_of(store), tables_of(new)
    assert sorted(carried["remarks"][0]) == sorted(made["remarks"][0])  # the new column comes behind the others
    assert {**carried, "remarks": 0} == {**made, "remarks": 0}
    assert [row["danger"] for row in store.remarks_of(WEEK)] == [0, 0, 0]
    store.close()
    new.close()


def test_a_store_of_a_newer_version_says_so(store_url: str) -> None:
    store = Store(store_url)
    with store.database.keeping.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    store.close()
    with pytest.raises(StoreError, match="nieuwere versie"):
        Store(store_url)


def test_a_migration_that_stops_halfway_leaves_all_as_it_was(old_file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(sqlite3.connect(old_file.removeprefix("sqlite:///"))) as connection:
        before = list(connection.iterdump())
    with monkeypatch.context() as patch:
        patch.setattr("alembic.ddl.impl.DefaultImpl.add_column", _stop_at("cards"))
        with pytest.raises(KeyboardInterrupt):
            Store(old_file)
    with closing(sqlite3.connect(old_file.removeprefix("sqlite:///"))) as connection:
        assert list(connection.iterdump()) == before
    Store(old_file).close()


def _stop_at(name: str):
    add_column = DefaultImpl.add_column

    def stopping(self, table_name, column, **options) -> None:
        if table_name == name:
            raise KeyboardInterrupt
        add_column(self, table_name, column, **options)

    return stopping


OPENER = """
import sys
from pipeline.store import Store
print("ready", flush=True)
sys.stdin.readline()
Store(sys.argv[1], "oost").close()
"""


@pytest.mark.parametrize("kind", ["new", "old"])
def test_several_processes_may_open_a_store_first(kind: str, store_url: str, old_file: str) -> None:
    url = old_file if kind == "old" and store_url.startswith("sqlite") else store_url
    if kind == "old" and url is store_url:
        _make_old(url)
    commands = [[sys.executable, "-c", OPENER, url] for _ in range(4)]
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    openers = [subprocess.Popen(command, **pipes, text=True, cwd=PROJECT_ROOT) for command in commands]
    assert [opener.stdout.readline() for opener in openers] == ["ready\n"] * 4
    for opener in openers:
        opener.stdin.write("\n")
        opener.stdin.flush()
    said = [opener.communicate()[1] for opener in openers]
    assert [opener.returncode for opener in openers] == [0] * 4, said
    store = Store(url, "oost")
    assert set(metadata.tables) <= set(sa.inspect(store.engine).get_table_names())
    store.close()


def _make_old(url: str) -> None:
    database = Database(url, "")
    with database.keeping.begin() as connection:
        migrate(connection, "", to=REVISIONS[0])
    database.close()


def test_a_file_is_of_one_team(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "wijk.db")
    Store(url).close()
    Store(url, "oost").close()  # the only team got a name
    Store(url, "oost").close()
    for other in ("west", ""):
        with pytest.raises(StoreError, match="dit bestand is van team oost"):
            Store(url, other)


@pytest.mark.parametrize("name", ["-", "a b", "é", "x" * 61, "'; DROP TABLE remarks"])
def test_a_name_that_cannot_be_a_team_says_so(name: str, store_url: str) -> None:
    with pytest.raises(StoreError, match=r"\[team\] id = .* kan niet"):
        Store(store_url, name)
