"""Connections to the store's database: whose rows they see, who may write, and what happens when one is lost."""

from __future__ import annotations

import functools
import logging
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

from pipeline.database.schema import ONLY_TEAM, SETTING
from pipeline.database.separation import ROLE, STANDING
from pipeline.errors import StoreError

BUSY_SECONDS = 5  # a second writer waits this long before it is told that somebody else is busy
PAUSES = (0.5, 1, 2, 4, 8, 15, 15, 15)  # seconds between attempts to find a lost server again: a minute in all
TEAM_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}")
DRIVERS = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}  # the driver that we install
STAYS_ALIVE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}  # a silent line is noticed
UNDER_WAY = re.compile("57P0[1-5]|08...")  # the server stops, starts, or the connection broke (SQLSTATE)

P = ParamSpec("P")
T = TypeVar("T")
_log = logging.getLogger(__name__)


class ConnectionLostError(StoreError):
    """The server went away; what was not finished has not happened, and can be done again."""


class Database:
    """One team's way to the database.

    Parameters
    ----------
    url
        SQLAlchemy URL.
    team
        As in settings.toml; "" for the only team.

    Attributes
    ----------
    engine, reading
        For transactions that write, and for those that only read.
    looking, keeping
        For those that look whether the tables are right, and for those that change the tables.

    Raises
    ------
    StoreError
        When `team` is no name for a team.
    """

    def __init__(self, url: str, team: str) -> None:
        if team and not TEAM_ID.fullmatch(team):
            raise StoreError(
                f"[team] id = {team!r} kan niet: gebruik hoogstens 60 letters, cijfers, punten en streepjes, "
                "en begin met een letter of cijfer"
            )
        self.team = team or ONLY_TEAM
        address = sa.make_url(url)
        address = address.set(drivername=DRIVERS.get(address.drivername, address.drivername))
        self.many_teams = address.get_backend_name() == "postgresql"
        self.engine = sa.create_engine(
            address,
            hide_parameters=True,  # an error must not show what people wrote
            pool_pre_ping=self.many_teams,
            connect_args=STAYS_ALIVE if self.many_teams else {},
            execution_options={"team": self.team},
        )
        self.reading = self.engine.execution_options(use="reading")
        self.looking = self.engine.execution_options(use="looking")
        self.keeping = self.engine.execution_options(use="keeping")
        self._held: dict[str, sa.Connection | None] = {}  # None: lost with its connection
        (_prepare_postgresql if self.many_teams else _prepare_sqlite)(self.engine, self.team)

    def close(self) -> None:
        """Let go of every lock and connection."""
        for what in list(self._held):
            self._let_go(what)
        self.engine.dispose()

    def patiently(self, work: Callable[[], T]) -> T:
        """Do what can be done twice; when the server goes away meanwhile, wait for it and do it again.

        Raises
        ------
        StoreError
            When the database refuses, or the server is still away after a minute.
        """
        pauses = iter(PAUSES)
        while True:
            try:
                return work()
            except (DBAPIError, ConnectionLostError) as error:
                lost = isinstance(error, ConnectionLostError) or is_lost(error)
                pause = next(pauses, None) if lost else None
                if pause is None:
                    raise StoreError(*store_error(error, "de opslag is niet te gebruiken").args) from None
                _log.warning("De server van de opslag antwoordt niet. Opnieuw proberen over %s seconden.", pause)
                time.sleep(pause)

    @contextmanager
    def alone(self, what: str) -> Iterator[None]:
        """Be the only process, on whatever machine, that does something for this team; a killed one holds nothing.

        In a SQLite file writers wait for each other anyhow, and the folder has a lock of its own.

        Raises
        ------
        StoreError
            When another process does it.
        """
        if not self.many_teams:
            yield
            return
        self.patiently(lambda: self._hold(what))
        try:
            yield
        finally:
            self._let_go(what)

    def still_alone(self) -> None:
        """Take the locks again that were lost with their connection.

        Raises
        ------
        StoreError
            When another process took one meanwhile.
        """
        for what, connection in list(self._held.items()):
            if connection is None or not _answers(connection):
                self._held[what] = None
                self._hold(what)

    def count_again(self, *tables: str) -> None:
        """Let PostgreSQL know at once how much was added: guessing, it takes minutes for a big week's letters."""
        if self.many_teams:
            with self.keeping.begin() as connection:
                connection.exec_driver_sql(f"ANALYZE {', '.join(tables)}")

    def _hold(self, what: str) -> None:
        # without a transaction, since one that stays open for hours keeps the server from cleaning up
        connection = self.reading.connect().execution_options(isolation_level="AUTOCOMMIT")
        key = sa.func.hashtextextended(f"{self.team}/{what}", 1)
        if not connection.scalar(sa.select(sa.func.pg_try_advisory_lock(key))):
            connection.close()
            raise StoreError(f"een andere run is bezig met {what}; wacht tot die klaar is en probeer het opnieuw")
        connection.detach()  # its lock ends with it, so it must not go back to the others
        self._held[what] = connection

    def _let_go(self, what: str) -> None:
        connection = self._held.pop(what, None)
        if connection is not None:
            connection.close()


def _answers(connection: sa.Connection) -> bool:
    try:
        connection.exec_driver_sql("SELECT 1")
    except DBAPIError:
        connection.close()
        return False
    return True


class UsesDatabase(Protocol):
    """Anything that works on a database."""

    database: Database


User = TypeVar("User", bound=UsesDatabase)


def done_again(method: Callable[Concatenate[User, P], T]) -> Callable[Concatenate[User, P], T]:
    """Let a method that is one transaction wait for a server that went away, and do it again."""

    @functools.wraps(method)
    def patient(user: User, /, *args: P.args, **named: P.kwargs) -> T:
        return user.database.patiently(lambda: method(user, *args, **named))

    return patient


def is_lost(error: DBAPIError) -> bool:
    """Whether the server went away, or is not there yet; nothing of this is known for SQLite."""
    if not isinstance(error, OperationalError) or not type(error.orig).__module__.startswith("psycopg"):
        return False
    state = getattr(error.orig, "sqlstate", None)  # none: there was no server to give one
    return error.connection_invalidated or state is None or UNDER_WAY.fullmatch(state) is not None


def store_error(error: Exception, what: str) -> StoreError:
    """A database error in Dutch, without any value that was sent."""
    reason = (str(getattr(error, "orig", None) or error).splitlines() or [""])[0]
    if isinstance(error, DBAPIError) and is_lost(error):
        return ConnectionLostError(f"{what}: de server antwoordt niet ({reason})")
    if "locked" in reason or "lock timeout" in reason:
        return StoreError(f"{what}: een andere run is ermee bezig; wacht tot die klaar is en probeer het opnieuw")
    if isinstance(error, ImportError):
        return StoreError(
            f"{what}: er ontbreekt een onderdeel ({reason}); installeer het met pip install '.[postgres]'"
        )
    return StoreError(f"{what}: {reason}")


def without_password(url: str) -> str:
    """A URL to show."""
    try:
        return sa.make_url(url).set(query={}).render_as_string(hide_password=True)
    except SQLAlchemyError:
        return "(ongeldige URL)"


def _prepare_sqlite(engine: sa.Engine, _team: str) -> None:
    @sa.event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # so that our own BEGIN below is the only one
        connection.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")  # first: the next line may have to wait
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")  # a letter that left stays known after a power cut

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        # two writers meet here, not halfway; readers keep nobody waiting
        reads = connection.get_execution_options().get("use") in {"reading", "looking"}
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _prepare_postgresql(engine: sa.Engine, team: str) -> None:
    @sa.event.listens_for(engine, "connect")
    def _connect(connection: Any, record: Any) -> None:
        with connection.cursor() as cursor:
            privileged, member = cursor.execute(STANDING).fetchone()
            record.info["role"] = ROLE if member else None if privileged else "none"
            cursor.execute("SELECT set_config(%s, %s, false)", (SETTING, team))
            if member:
                cursor.execute("SELECT set_config('role', %s, false)", (ROLE,))
        connection.commit()

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        use = connection.get_execution_options().get("use")
        role = "none" if use in {"looking", "keeping"} else connection.info["role"]
        if role is None:
            raise StoreError(
                f"deze aanmelding bij PostgreSQL mag de rijen van alle teams zien; "
                f"gebruik een gewone, of maak de rol {ROLE}"
            )
        # said again for each transaction, since a pooler between us and the server may give us another's connection
        values = {"setting": SETTING, "team": team, "role": role, "wait": f"{BUSY_SECONDS}s"}
        connection.exec_driver_sql(
            "SELECT set_config('role', %(role)s, true), set_config(%(setting)s, %(team)s, true)", values
        )
        if use is None:  # the team's writers meet here, not halfway, as they do in SQLite
            connection.exec_driver_sql("SELECT set_config('lock_timeout', %(wait)s, true)", values)
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtextextended(%(team)s, 0))", values)
