"""Shared by all tests: the taxonomy, and a tiny model that is really trained once a session."""

from __future__ import annotations

import csv
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa

from pipeline.database.schema import metadata
from pipeline.domains import Taxonomy, load_taxonomy
from pipeline.judge import Judge, load_judge
from pipeline.model.training import load_training_data, retrain
from pipeline.settings import PROJECT_ROOT, Settings, load_settings
from pipeline.store import Store, sqlite_url
from scripts.own_postgres import NoPostgresError, OwnPostgres

NOW = datetime(2026, 11, 23, 9, 0)
TINY_BATCHES = ("t1", "t5")


@pytest.fixture(scope="session")
def taxonomy() -> Taxonomy:
    return load_taxonomy(PROJECT_ROOT / "data" / "domains.toml")


@pytest.fixture(scope="session")
def tiny_history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two small batches of the real history."""
    folder = tmp_path_factory.mktemp("history")
    for name in TINY_BATCHES:
        (folder / f"{name}.csv").write_bytes((PROJECT_ROOT / "data" / "history" / f"{name}.csv").read_bytes())
    return folder


@pytest.fixture(scope="session")
def tiny_models(tiny_history: Path, taxonomy: Taxonomy, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A models folder with one really trained and promoted model."""
    folder = tmp_path_factory.mktemp("models")
    data = load_training_data(tiny_history, PROJECT_ROOT / "data" / "lexicon.csv", taxonomy)
    gate = retrain(data, folder, taxonomy, 0.2, today=date(2026, 11, 23), progress=lambda *_: None)
    assert gate.promoted, gate.reasons
    return folder


@pytest.fixture(scope="session")
def settings(tiny_models: Path, tiny_history: Path) -> Settings:
    base = load_settings()
    return replace(base, paths=replace(base.paths, models=tiny_models, history=tiny_history))


@pytest.fixture(scope="session")
def judge(settings: Settings) -> Judge:
    return load_judge(settings)


@pytest.fixture
def pull_the_plug(postgres: OwnPostgres):
    """Stops the server at once, and starts it again a second later."""
    starting: list[threading.Timer] = []

    def pull() -> None:
        postgres.stop("immediate")
        starting.append(threading.Timer(1, postgres.start))
        starting[-1].start()

    yield pull
    for timer in starting:
        timer.join()


class SqliteFiles:
    """Stores in files."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._numbers = folder, count(1)

    def new(self) -> str:
        return sqlite_url(self._folder / f"{next(self._numbers)}.db")

    def copy_of(self, url: str) -> str:
        copy = self.new()
        Path(copy.removeprefix("sqlite:///")).write_bytes(Path(url.removeprefix("sqlite:///")).read_bytes())
        return copy


@pytest.fixture(scope="session")
def postgres() -> Iterator[OwnPostgres]:
    """A real server, on loopback, as an ordinary user; stopped afterwards."""
    try:
        server = OwnPostgres()
    except NoPostgresError as error:
        pytest.skip(str(error))
    with server:
        yield server


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> SqliteFiles | OwnPostgres:
    """Makes stores of one kind; what uses it is tested with both kinds."""
    if request.param == "sqlite":
        return SqliteFiles(tmp_path_factory.mktemp("stores"))
    server: OwnPostgres = request.getfixturevalue("postgres")
    return server


@pytest.fixture
def store_url(databases: SqliteFiles | OwnPostgres) -> str:
    """An empty store, of each kind."""
    return databases.new()


def store_content(url: str, team: str = "") -> str:
    """Every row that a team has in a store, in a fixed order; not since when the team is there."""
    store = Store(url, team)
    try:
        with store.reading.connect() as connection:
            columns = [[c for c in table.c if c.name != "since"] for table in metadata.sorted_tables]
            rows = [str(row) for chosen in columns for row in connection.execute(sa.select(*chosen))]
            return "\n".join(sorted(rows))
    finally:
        store.close()


@pytest.fixture
def settings_file(settings: Settings, tmp_path: Path) -> Path:
    """A settings.toml that points the scripts at the tiny model."""
    names = ("domains", "contacts", "projects", "history", "lexicon", "models", "category_map", "batches")
    lines = ["[paths]", *(f'{name} = "{settings.path(name)}"' for name in names)]
    path = tmp_path / "settings.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def read_csv():
    def read(path: Path) -> list[dict[str, str]]:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return read
