"""A new store gets its tables, one of an older version is carried forward; one that is up to date is left alone."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from pipeline.database.connections import Database
from pipeline.database.schema import ONLY_TEAM, metadata, remarks, teams, versions
from pipeline.database.separation import separate
from pipeline.errors import StoreError

REVISIONS = ("0001", "0002")  # of migrations/, the oldest first
HEAD = REVISIONS[-1]
SCRIPTS = Path(__file__).resolve().parent / "migrations"


def open_database(url: str, team: str) -> Database:
    """The database with the tables that this version of the program needs, in which the team has a place.

    Several processes may do so at once: the first does it, the others find it done.

    Raises
    ------
    StoreError, SQLAlchemyError, ImportError
        When the store is of a newer version, or a SQLite file of another team, or cannot be reached.
    """
    database = Database(url, team)
    try:
        _bring_up_to_date(database)
    except BaseException:
        database.close()
        raise
    return database


def _bring_up_to_date(database: Database) -> None:
    with database.looking.begin() as connection:
        ready = _version(connection) == HEAD and database.team in _owners(connection)
    if ready:
        return
    with database.keeping.begin() as connection:
        if database.many_teams:
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtextextended('wijkverbinder', 2))")
        _make_or_migrate(connection, database.team)
    if database.many_teams:
        database.engine.dispose()  # connections from before there was a role
    with database.engine.begin() as connection:
        _claim(connection, database.team)


def _make_or_migrate(connection: sa.Connection, team: str) -> None:
    version = _version(connection)
    if version == HEAD:
        return
    if version and version not in REVISIONS:
        raise StoreError("deze opslag is van een nieuwere versie van het programma; werk het programma bij")
    if version or sa.inspect(connection).has_table(remarks.name):
        migrate(connection, team)
        return
    metadata.create_all(connection)
    versions.create(connection, checkfirst=True)
    connection.execute(versions.insert(), {"version_num": HEAD})
    if connection.dialect.name == "postgresql":
        separate(connection, {table.name: table.primary_key.columns.keys() for table in metadata.sorted_tables})


def migrate(connection: sa.Connection, team: str, to: str = "head") -> None:
    """Carry the tables forward to a version, step by step; rows without a team become the team's."""
    from alembic import command  # noqa: PLC0415  few runs need it
    from alembic.config import Config  # noqa: PLC0415

    config = Config(attributes={"connection": connection, "team": team})
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    command.upgrade(config, to)


def _version(connection: sa.Connection) -> str:
    """Of the store; "" when it is new, or older than versions."""
    if not sa.inspect(connection).has_table(versions.name):
        return ""
    return connection.scalar(sa.select(versions.c.version_num)) or ""


def _owners(connection: sa.Connection) -> list[str]:
    """Teams in this store, as far as this one can see."""
    return list(connection.scalars(sa.select(teams.c.team)))


def _claim(connection: sa.Connection, team: str) -> None:
    """Write down that the team is here; a file without a team becomes the team's."""
    owners = _owners(connection)
    if team in owners:
        return
    if owners == [ONLY_TEAM]:
        for table in metadata.sorted_tables:
            connection.execute(table.update().values(team=team))
    elif owners:
        raise StoreError(
            f"dit bestand is van team {owners[0]}; elk team heeft een eigen bestand, of samen een PostgreSQL-server. "
            "Kijk naar [team] id in settings.toml"
        )
    else:
        connection.execute(teams.insert(), {"since": datetime.now()})  # noqa: DTZ005  the team's wall time
