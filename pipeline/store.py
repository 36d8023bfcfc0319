"""What must survive a run: remarks without personal data, who gets them, and which letters left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from filelock import FileLock, Timeout
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from pipeline.counting import Times
from pipeline.errors import StoreError

metadata = sa.MetaData()

runs = sa.Table(
    "runs", metadata,
    sa.Column("week", sa.String, primary_key=True),
    sa.Column("model", sa.String, nullable=False),
    sa.Column("finished", sa.DateTime, nullable=False),
    sa.Column("n_remarks", sa.Integer, nullable=False),
    sa.Column("n_rejected", sa.Integer, nullable=False),
)  # fmt: skip

remarks = sa.Table(
    "remarks", metadata,
    sa.Column("week", sa.String, primary_key=True),
    sa.Column("key", sa.String, primary_key=True),  # the id, with "#2" and so on where the input repeats an id
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("id", sa.String, nullable=False),
    sa.Column("received", sa.String, nullable=False),
    sa.Column("area", sa.String, nullable=False),
    sa.Column("street", sa.String, nullable=False),
    sa.Column("place_from_text", sa.String, nullable=False, server_default=""),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("language", sa.String, nullable=False),
    sa.Column("domains", sa.String, nullable=False),
    sa.Column("primary_domain", sa.String, nullable=False),
    sa.Column("confidence", sa.Float, nullable=False),
    sa.Column("danger", sa.Float, nullable=False, server_default="0"),
    sa.Column("urgent", sa.Boolean, nullable=False),
    sa.Column("decision", sa.String, nullable=False),
    sa.Column("reason", sa.String, nullable=False),
    sa.Column("because", sa.String, nullable=False),
    sa.Column("departments", sa.String, nullable=False),
    sa.Column("contacts", sa.String, nullable=False),
    sa.Index("remarks_by_decision", "week", "decision", "key"),
)  # fmt: skip

assignments = sa.Table(
    "assignments", metadata,
    sa.Column("week", sa.String, primary_key=True),
    sa.Column("key", sa.String, primary_key=True),
    sa.Column("rank", sa.Integer, primary_key=True),
    sa.Column("domain", sa.String, nullable=False),
    sa.Column("email", sa.String, nullable=False),
    sa.Column("department", sa.String, nullable=False),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("rule", sa.String, nullable=False),
    sa.Index("assignments_by_contact", "week", "email"),
)  # fmt: skip

letters = sa.Table(
    "letters", metadata,
    sa.Column("letter", sa.String, primary_key=True),
    sa.Column("week", sa.String, nullable=False, index=True),
    sa.Column("email", sa.String, nullable=False),
    sa.Column("state", sa.String, nullable=False),  # "intended" before it is in the outbox, "sent" after
    # on its way to the mail server: "" not tried or not accepted yet, "sending", "delivered", "refused", "undecided"
    sa.Column("delivery", sa.String, nullable=False, server_default=""),
    sa.Column("detail", sa.String, nullable=False, server_default=""),
    sa.Column("recorded", sa.DateTime, nullable=False),
)  # fmt: skip

letter_lines = sa.Table(
    "letter_lines", metadata,
    sa.Column("week", sa.String, primary_key=True),
    sa.Column("email", sa.String, primary_key=True),
    sa.Column("key", sa.String, primary_key=True),
    sa.Column("letter", sa.String, nullable=False, index=True),
)  # fmt: skip

originals = sa.Table(
    "originals", metadata,
    sa.Column("week", sa.String, primary_key=True),
    sa.Column("key", sa.String, primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("until", sa.Date, nullable=False, index=True),
)  # fmt: skip

corrections = sa.Table(
    "corrections", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("remark_id", sa.String, nullable=False),
    sa.Column("week", sa.String, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("domains", sa.String, nullable=False),
    sa.Column("urgent", sa.Boolean, nullable=False),
    sa.Column("who", sa.String, nullable=False),
    sa.Column("recorded", sa.DateTime, nullable=False),
    sa.Column("source", sa.String, nullable=False, server_default="", index=True),  # the answer that it came from
)  # fmt: skip

# one card a remark, made when the board first shows its week; what people decided outlives a new run of the week
cards = sa.Table(
    "cards", metadata,
    sa.Column("week", sa.String, primary_key=True),
    sa.Column("key", sa.String, primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),  # one more with each change, so that a late form is noticed
    sa.Column("state", sa.String, nullable=False),  # one of STATES
    sa.Column("leads", sa.Boolean, nullable=False),  # shown as a card; otherwise it repeats the card `repeat_of`
    sa.Column("repeat_of", sa.String, nullable=False),
    sa.Column("ask_order", sa.Integer, nullable=False),  # what a person's judgement teaches most comes first
    sa.Column("judged", sa.Boolean, nullable=False),
    sa.Column("domains", sa.String, nullable=False),  # by the person, once judged
    sa.Column("urgent", sa.Boolean, nullable=False),
    sa.Column("proposed", sa.String, nullable=False),  # domains by the model
    sa.Column("primary_domain", sa.String, nullable=False),
    sa.Column("area", sa.String, nullable=False),
    sa.Column("fingerprint", sa.String, nullable=False),  # of the text; a judgement is of one text only
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("assignee", sa.String, nullable=False),
    sa.Column("who", sa.String, nullable=False),
    sa.Column("changed", sa.DateTime, nullable=False),
    sa.Index("cards_in_column", "week", "leads", "state", "judged", "ask_order"),
    sa.Index("cards_to_judge", "week", "leads", "judged", "ask_order"),
    sa.Index("cards_by_position", "week", "position"),
    sa.Index("cards_repeating", "week", "repeat_of", "position"),
    sa.Index("cards_urgent", "week", "urgent", "leads", "state"),
    sa.Index("cards_by_assignee", "assignee"),
)  # fmt: skip

card_events = sa.Table(
    "card_events", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("week", sa.String, nullable=False),
    sa.Column("key", sa.String, nullable=False),
    sa.Column("who", sa.String, nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("what", sa.String, nullable=False),
    sa.Column("before", sa.Text, nullable=False),  # JSON, to undo; "" once undone
    sa.Index("card_events_of", "week", "key"),
    sa.Index("card_events_by", "week", "who"),
)  # fmt: skip

# that something was forgotten, without what it was
forgotten = sa.Table(
    "forgotten", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("remark_id", sa.String, nullable=False),
    sa.Column("recorded", sa.DateTime, nullable=False),
    sa.Column("why", sa.String, nullable=False),
)  # fmt: skip

MAILED = ("route", "urgent")
NO_LIMIT = 1_000_000_000
_HELD = sa.and_(  # the line of a letter that already holds a remark for a contact
    letter_lines.c.week == assignments.c.week,
    letter_lines.c.email == assignments.c.email,
    letter_lines.c.key == assignments.c.key,
)
BUSY_SECONDS = 5  # a second writer waits this long before it is told that somebody else is busy


@dataclass(frozen=True)
class PastWeek:
    """Numbers of one earlier or present week, for the trend."""

    week: str
    n_remarks: int
    by_domain: dict[str, int]


class Store:
    """The store of one team.

    Parameters
    ----------
    url
        SQLAlchemy URL, such as "sqlite:///out/wijk.db".

    Attributes
    ----------
    engine, reading
        For transactions that write, and for those that only read.

    Raises
    ------
    StoreError
        When the store cannot be opened or is no store.
    """

    def __init__(self, url: str) -> None:
        try:
            self.engine = sa.create_engine(url, hide_parameters=True)  # an error must not show what people wrote
            self.reading = self.engine.execution_options(reading=True)
            if self.engine.dialect.name == "sqlite":
                _prepare_sqlite(self.engine)
            metadata.create_all(self.engine)
            _add_what_came_later(self.engine)
        except (SQLAlchemyError, ImportError, ValueError, OSError) as error:
            raise _store_error(error, f"de opslag {_without_password(url)} kan niet geopend worden") from None

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()

    @contextmanager
    def replacing_week(self, week: str) -> Iterator[WeekShelf]:
        """Replace the remarks of one week, all or nothing; only one run at a time can do so.

        Raises
        ------
        StoreError
            When another run is writing.
        """
        try:
            with self.engine.begin() as connection:
                for table in (remarks, assignments, originals):
                    connection.execute(table.delete().where(table.c.week == week))
                yield WeekShelf(connection, week)
        except DBAPIError as error:
            raise _store_error(error, "de opslag is niet te schrijven") from None

    def contacts_waiting(self, week: str) -> list[str]:
        """Addresses with remarks of this week that no letter holds yet."""
        return [email for email, _ in self.letters_waiting(week)]

    def letters_waiting(self, week: str) -> list[tuple[str, int]]:
        """Addresses with remarks of this week that no letter holds yet, each with how many."""
        # with a limit the database takes the few mailed remarks first, and not all assignments
        mailed = sa.select(remarks.c.key).where(remarks.c.week == week, remarks.c.decision.in_(MAILED))
        few = mailed.limit(NO_LIMIT).subquery()
        given = sa.and_(assignments.c.week == week, assignments.c.key == few.c.key)
        query = (
            sa.select(assignments.c.email, sa.func.count(assignments.c.key.distinct()))
            .select_from(few.join(assignments, given).outerjoin(letter_lines, _HELD))
            .where(letter_lines.c.key.is_(None))
            .group_by(assignments.c.email)
            .order_by(assignments.c.email)
        )
        with self.reading.connect() as connection:
            return [tuple(row) for row in connection.execute(query)]

    def lines_waiting(self, week: str, email: str, most: int = NO_LIMIT) -> list[dict[str, Any]]:
        """Remarks of this week for one address that no letter holds yet, at most `most`, in the input's order."""
        decided = sa.func.coalesce(remarks.c.decision, "")  # no index on it: by contact is quicker
        query = (
            sa.select(remarks, assignments.c.domain, assignments.c.rank, assignments.c.department,
                      assignments.c.name, assignments.c.rule)
            .select_from(_waiting())
            .where(assignments.c.week == week, assignments.c.email == email, letter_lines.c.key.is_(None),
                   decided.in_(MAILED))
            .order_by(remarks.c.position, assignments.c.rank)
            .limit(most)  # of its several domains the first stands in front, so that a cut loses none of a remark
        )  # fmt: skip
        with self.reading.connect() as connection:
            found: dict[str, dict[str, Any]] = {}
            for row in connection.execute(query).mappings():
                found.setdefault(row["key"], dict(row))
            return list(found.values())

    def intend_letter(self, letter: str, week: str, email: str, keys: Sequence[str], now: datetime) -> None:
        """Write down which remarks a letter holds, before it leaves."""
        with self.engine.begin() as connection:
            connection.execute(
                letters.insert(), {"letter": letter, "week": week, "email": email, "state": "intended", "recorded": now}
            )
            rows = [{"week": week, "email": email, "key": key, "letter": letter} for key in keys]
            connection.execute(letter_lines.insert(), rows)

    def letters_of(self, week: str, state: str) -> list[tuple[str, str]]:
        """(letter, email) of this week's letters in one state."""
        query = sa.select(letters.c.letter, letters.c.email).where(letters.c.week == week, letters.c.state == state)
        with self.reading.connect() as connection:
            return [(row.letter, row.email) for row in connection.execute(query.order_by(letters.c.letter))]

    def forget_letter(self, letter: str) -> None:
        """Take back a letter that never left, so that its remarks wait again."""
        with self.engine.begin() as connection:
            connection.execute(letter_lines.delete().where(letter_lines.c.letter == letter))
            connection.execute(letters.delete().where(letters.c.letter == letter))

    def letter_left(self, letter: str, now: datetime) -> None:
        """Write down that a letter left."""
        with self.engine.begin() as connection:
            change = letters.update().where(letters.c.letter == letter).values(state="sent", recorded=now)
            connection.execute(change)

    def settle_interrupted_deliveries(self, week: str) -> None:
        """Mark letters that an earlier run was sending when it ended: whether they arrived is not known."""
        with self.engine.begin() as connection:
            connection.execute(
                letters.update()
                .where(letters.c.week == week, letters.c.delivery == "sending")
                .values(delivery="undecided", detail="de run stopte tijdens het versturen")
            )

    def letters_to_deliver(self, week: str) -> list[tuple[str, str]]:
        """(letter, email) of this week's letters in the outbox that did not reach the mail server."""
        query = sa.select(letters.c.letter, letters.c.email).where(
            letters.c.week == week, letters.c.state == "sent", letters.c.delivery == ""
        )
        with self.reading.connect() as connection:
            return [(row.letter, row.email) for row in connection.execute(query.order_by(letters.c.letter))]

    def record_delivery(self, letter: str, delivery: str, detail: str) -> None:
        """Write down how far a letter is on its way to the mail server."""
        with self.engine.begin() as connection:
            change = letters.update().where(letters.c.letter == letter)
            connection.execute(change.values(delivery=delivery, detail=detail))

    def deliveries(self, week: str) -> list[tuple[str, str, str]]:
        """(letter, delivery, detail) of this week's letters."""
        query = sa.select(letters.c.letter, letters.c.delivery, letters.c.detail).where(letters.c.week == week)
        with self.reading.connect() as connection:
            return [tuple(row) for row in connection.execute(query.order_by(letters.c.letter))]

    def send_again(self, week: str, letter: str) -> bool:
        """Let an undecided or refused letter leave again; False when this week has no such letter."""
        with self.engine.begin() as connection:
            found = connection.execute(
                letters.update()
                .where(letters.c.week == week, letters.c.letter == letter,
                       letters.c.delivery.in_(("undecided", "refused")))
                .values(delivery="", detail="")
            )  # fmt: skip
        return found.rowcount == 1

    def forget_originals(self, today: date) -> None:
        """Delete the original texts whose days are over."""
        with self.engine.begin() as connection:
            connection.execute(originals.delete().where(originals.c.until < today))

    def original(self, week: str, key: str) -> bytes | None:
        """Encrypted original text of one remark, or None when none is kept."""
        query = sa.select(originals.c.sealed).where(originals.c.week == week, originals.c.key == key)
        with self.reading.connect() as connection:
            found: bytes | None = connection.scalar(query)
        return found

    def remarks_of(
        self, week: str, *, most: int | None = None, where: Sequence[Any] = (), order: Sequence[Any] = ()
    ) -> list[dict[str, Any]]:
        """Remarks of one week, at most `most`, by `order` and then in the input's order."""
        query = sa.select(remarks).where(remarks.c.week == week, *where)
        query = query.order_by(*order, remarks.c.position).limit(most)
        with self.reading.connect() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def count_by(self, week: str, *columns: str) -> list[tuple[Any, ...]]:
        """Number of remarks of one week per combination of columns, as (*columns, number)."""
        chosen = [remarks.c[name] for name in columns]
        query = sa.select(*chosen, sa.func.count()).where(remarks.c.week == week).group_by(*chosen).order_by(*chosen)
        with self.reading.connect() as connection:
            return [tuple(row) for row in connection.execute(query)]

    def weeks(self) -> list[PastWeek]:
        """All weeks in the store, oldest first, with their remarks per primary domain."""
        with self.reading.connect() as connection:
            names = connection.execute(sa.select(runs.c.week, runs.c.n_remarks).order_by(runs.c.week)).all()
        return [PastWeek(name, number, dict(self.count_by(name, "primary_domain"))) for name, number in names]

    def remark(self, week: str, key: str) -> dict[str, Any] | None:
        """One remark, or None."""
        query = sa.select(remarks).where(remarks.c.week == week, remarks.c.key == key)
        with self.reading.connect() as connection:
            row = connection.execute(query).mappings().first()
        return dict(row) if row else None

    def add_correction(
        self, remark: Mapping[str, Any], domains: Sequence[str], *, who: str, source: str, now: datetime
    ) -> bool:
        """Write down the right domains of a remark; False when the same source was written down before."""
        with self.engine.begin() as connection:
            if connection.scalar(sa.select(corrections.c.id).where(corrections.c.source == source).limit(1)):
                return False
            row = {
                "remark_id": remark["id"], "week": remark["week"], "text": remark["text"], "domains": ";".join(domains),
                "urgent": remark["urgent"], "who": who, "recorded": now, "source": source,
            }  # fmt: skip
            connection.execute(corrections.insert(), row)
        return True

    def corrections(self) -> list[dict[str, Any]]:
        """Every correction, oldest first; the last one of a remark is the one that counts."""
        with self.reading.connect() as connection:
            return [
                dict(row) for row in connection.execute(sa.select(corrections).order_by(corrections.c.id)).mappings()
            ]


class WeekShelf:
    """Adds one week's rows inside one transaction."""

    def __init__(self, connection: sa.Connection, week: str) -> None:
        self.connection = connection
        self._week = week
        self._times = Times()
        self._position = 0

    def keys(self, ids: Sequence[str]) -> list[str]:
        """A key for each remark: its id, or "id#2" and so on when the input repeats an id."""
        return [name if times == 1 else f"{name}#{times}" for name, times in zip(ids, self._times(ids), strict=True)]

    def add(self, remark_rows: Iterable[Mapping[Any, Any]], assignment_rows: Iterable[Mapping[Any, Any]]) -> None:
        """Add remarks, in the input's order, and their assignments."""
        numbered = [{**row, "position": position} for position, row in enumerate(remark_rows, self._position)]
        self._position += len(numbered)
        for table, rows in ((remarks, numbered), (assignments, assignment_rows)):
            prepared = [{**row, "week": self._week} for row in rows]
            if prepared:
                self.connection.execute(table.insert(), prepared)

    def keep_originals(self, keys: Sequence[str], sealed: Iterable[bytes], until: date) -> None:
        """Keep encrypted original texts up to and including a day."""
        rows = [{"week": self._week, "key": key, "sealed": one, "until": until}
                for key, one in zip(keys, sealed, strict=True)]  # fmt: skip
        if rows:
            self.connection.execute(originals.insert(), rows)

    def close_week(self, model: str, n_remarks: int, n_rejected: int, now: datetime) -> None:
        """Write down that the week is complete."""
        self.connection.execute(runs.delete().where(runs.c.week == self._week))
        row = {"week": self._week, "model": model, "finished": now, "n_remarks": n_remarks, "n_rejected": n_rejected}
        self.connection.execute(runs.insert(), row)


@contextmanager
def alone_with(out: Path) -> Iterator[None]:
    """Hold the folder of a week, so that a second run stops at once.

    Raises
    ------
    StoreError
        When another run holds it. A run that was killed holds nothing.
    """
    try:
        with FileLock(out / ".bezig", timeout=0):
            yield
    except Timeout:
        raise StoreError(f"een andere run is bezig met {out}; wacht tot die klaar is en probeer het opnieuw") from None


def sqlite_url(path: Path) -> str:
    """URL of a SQLite file."""
    return f"sqlite:///{path.resolve()}"


def _add_what_came_later(engine: sa.Engine) -> None:
    """Give the tables of an older version the columns (which have a default) and indexes that came later."""
    inspector = sa.inspect(engine)
    missing = [
        f"ALTER TABLE {table.name} ADD COLUMN {sa.schema.CreateColumn(column).compile(engine)}"
        for table in metadata.sorted_tables
        for column in table.columns
        if column.name not in {present["name"] for present in inspector.get_columns(table.name)}
    ]
    absent = [
        index
        for table in metadata.sorted_tables
        for index in table.indexes
        if index.name not in {present["name"] for present in inspector.get_indexes(table.name)}
    ]
    if missing or absent:
        with engine.begin() as connection:
            for statement in missing:
                connection.exec_driver_sql(statement)
            for index in absent:
                index.create(connection)


def _waiting() -> sa.FromClause:
    """Assignments with their remark and, if there is one, the letter line that already holds them."""
    same = sa.and_(assignments.c.week == remarks.c.week, assignments.c.key == remarks.c.key)
    return assignments.join(remarks, same).outerjoin(letter_lines, _HELD)


def _prepare_sqlite(engine: sa.Engine) -> None:
    @sa.event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # so that our own BEGIN below is the only one
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")  # a letter that left stays known after a power cut
        connection.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        # two writers meet here, not halfway; readers keep nobody waiting
        connection.exec_driver_sql("BEGIN" if connection.get_execution_options().get("reading") else "BEGIN IMMEDIATE")


def _without_password(url: str) -> str:
    try:
        return sa.make_url(url).render_as_string(hide_password=True)
    except SQLAlchemyError:
        return "(ongeldige URL)"


def _store_error(error: Exception, what: str) -> StoreError:
    reason = str(getattr(error, "orig", None) or error).splitlines()[0]
    if "locked" in reason:
        return StoreError(f"{what}: een andere run is ermee bezig; wacht tot die klaar is en probeer het opnieuw")
    return StoreError(f"{what}: {reason}")
