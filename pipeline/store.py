"""What must survive a run: remarks without personal data, who gets them, and which letters left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from filelock import FileLock, Timeout
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from pipeline.counting import Times
from pipeline.database.connections import done_again, store_error, without_password
from pipeline.database.schema import assignments, corrections, letter_lines, letters, originals, remarks, runs
from pipeline.database.upgrade import open_database
from pipeline.errors import StoreError

MAILED = ("route", "urgent")
NO_LIMIT = 1_000_000_000
_HELD = sa.and_(  # the line of a letter that already holds a remark for a contact
    letter_lines.c.week == assignments.c.week,
    letter_lines.c.email == assignments.c.email,
    letter_lines.c.key == assignments.c.key,
)


@dataclass(frozen=True)
class PastWeek:
    """Numbers of one earlier or present week, for the trend."""

    week: str
    n_remarks: int
    by_domain: dict[str, int]


class Store:
    """The store of one team.

    Each method is one transaction, and can be done again when the server went away in the middle of it.

    Parameters
    ----------
    url
        SQLAlchemy URL, such as "sqlite:///out/wijk.db" or "postgresql://user@host/database".
    team
        The team whose rows these are; "" for a store with one team.

    Attributes
    ----------
    engine, reading
        For transactions that write, and for those that only read. They see the rows of this team only.

    Raises
    ------
    StoreError
        When the store cannot be opened, is no store, or is that of another team.
    """

    def __init__(self, url: str, team: str = "") -> None:
        try:
            self.database = open_database(url, team)
            self.engine, self.reading = self.database.engine, self.database.reading
        except (SQLAlchemyError, ImportError, ValueError, OSError) as error:
            raise store_error(error, f"de opslag {without_password(url)} kan niet geopend worden") from None

    def close(self) -> None:
        """Let go of every connection."""
        self.database.close()

    @contextmanager
    def replacing_week(self, week: str) -> Iterator[WeekShelf]:
        """Replace the remarks of one week, all or nothing; only one run at a time can do so.

        Raises
        ------
        StoreError
            When another run is writing.
        """
        try:
            self.database.still_alone()
            with self.engine.begin() as connection:
                for table in (remarks, assignments, originals):
                    connection.execute(table.delete().where(table.c.week == week))
                yield WeekShelf(connection, week)
            self.database.count_again("remarks", "assignments")
        except DBAPIError as error:
            raise store_error(error, "de opslag is niet te schrijven") from None

    def contacts_waiting(self, week: str) -> list[str]:
        """Addresses with remarks of this week that no letter holds yet."""
        return [email for email, _ in self.letters_waiting(week)]

    @done_again
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

    @done_again
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

    @done_again
    def intend_letter(self, letter: str, week: str, email: str, keys: Sequence[str], now: datetime) -> None:
        """Write down which remarks a letter holds, before it leaves."""
        self.database.still_alone()
        with self.engine.begin() as connection:
            mine = sa.select(letters.c.letter).where(letters.c.letter == letter, letters.c.state == "intended")
            if connection.scalar(mine.where(letters.c.recorded == now)):
                return  # this run wrote it down just before the server went away
            connection.execute(
                letters.insert(), {"letter": letter, "week": week, "email": email, "state": "intended", "recorded": now}
            )
            rows = [{"week": week, "email": email, "key": key, "letter": letter} for key in keys]
            connection.execute(letter_lines.insert(), rows)

    @done_again
    def letters_of(self, week: str, state: str) -> list[tuple[str, str]]:
        """(letter, email) of this week's letters in one state."""
        query = sa.select(letters.c.letter, letters.c.email).where(letters.c.week == week, letters.c.state == state)
        with self.reading.connect() as connection:
            return [(row.letter, row.email) for row in connection.execute(query.order_by(letters.c.letter))]

    @done_again
    def forget_letter(self, letter: str) -> None:
        """Take back a letter that never left, so that its remarks wait again."""
        with self.engine.begin() as connection:
            connection.execute(letter_lines.delete().where(letter_lines.c.letter == letter))
            connection.execute(letters.delete().where(letters.c.letter == letter))

    @done_again
    def letter_left(self, letter: str, now: datetime) -> None:
        """Write down that a letter left."""
        with self.engine.begin() as connection:
            change = letters.update().where(letters.c.letter == letter).values(state="sent", recorded=now)
            connection.execute(change)

    @done_again
    def settle_interrupted_deliveries(self, week: str) -> None:
        """Mark letters that an earlier run was sending when it ended: whether they arrived is not known."""
        with self.engine.begin() as connection:
            connection.execute(
                letters.update()
                .where(letters.c.week == week, letters.c.delivery == "sending")
                .values(delivery="undecided", detail="de run stopte tijdens het versturen")
            )

    @done_again
    def letters_to_deliver(self, week: str) -> list[tuple[str, str]]:
        """(letter, email) of this week's letters in the outbox that did not reach the mail server."""
        query = sa.select(letters.c.letter, letters.c.email).where(
            letters.c.week == week, letters.c.state == "sent", letters.c.delivery == ""
        )
        with self.reading.connect() as connection:
            return [(row.letter, row.email) for row in connection.execute(query.order_by(letters.c.letter))]

    @done_again
    def record_delivery(self, letter: str, delivery: str, detail: str) -> None:
        """Write down how far a letter is on its way to the mail server."""
        if delivery == "sending":  # the last moment to notice that another machine took over
            self.database.still_alone()
        with self.engine.begin() as connection:
            change = letters.update().where(letters.c.letter == letter)
            connection.execute(change.values(delivery=delivery, detail=detail))

    @done_again
    def deliveries(self, week: str) -> list[tuple[str, str, str]]:
        """(letter, delivery, detail) of this week's letters."""
        query = sa.select(letters.c.letter, letters.c.delivery, letters.c.detail).where(letters.c.week == week)
        with self.reading.connect() as connection:
            return [tuple(row) for row in connection.execute(query.order_by(letters.c.letter))]

    @done_again
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

    @done_again
    def forget_originals(self, today: date) -> None:
        """Delete the original texts whose days are over."""
        with self.engine.begin() as connection:
            connection.execute(originals.delete().where(originals.c.until < today))

    @done_again
    def original(self, week: str, key: str) -> bytes | None:
        """Encrypted original text of one remark, or None when none is kept."""
        query = sa.select(originals.c.sealed).where(originals.c.week == week, originals.c.key == key)
        with self.reading.connect() as connection:
            found: bytes | None = connection.scalar(query)
        return found

    @done_again
    def remarks_of(
        self, week: str, *, most: int | None = None, where: Sequence[Any] = (), order: Sequence[Any] = ()
    ) -> list[dict[str, Any]]:
        """Remarks of one week, at most `most`, by `order` and then in the input's order."""
        query = sa.select(remarks).where(remarks.c.week == week, *where)
        query = query.order_by(*order, remarks.c.position).limit(most)
        with self.reading.connect() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    @done_again
    def count_by(self, week: str, *columns: str) -> list[tuple[Any, ...]]:
        """Number of remarks of one week per combination of columns, as (*columns, number)."""
        chosen = [remarks.c[name] for name in columns]
        query = sa.select(*chosen, sa.func.count()).where(remarks.c.week == week).group_by(*chosen).order_by(*chosen)
        with self.reading.connect() as connection:
            return [tuple(row) for row in connection.execute(query)]

    @done_again
    def weeks(self) -> list[PastWeek]:
        """All weeks in the store, oldest first, with their remarks per primary domain."""
        with self.reading.connect() as connection:
            names = connection.execute(sa.select(runs.c.week, runs.c.n_remarks).order_by(runs.c.week)).all()
        return [PastWeek(name, number, dict(self.count_by(name, "primary_domain"))) for name, number in names]

    @done_again
    def remark(self, week: str, key: str) -> dict[str, Any] | None:
        """One remark, or None."""
        query = sa.select(remarks).where(remarks.c.week == week, remarks.c.key == key)
        with self.reading.connect() as connection:
            row = connection.execute(query).mappings().first()
        return dict(row) if row else None

    @done_again
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

    @done_again
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


@contextmanager
def open_week(out: Path, url: str, team: str) -> Iterator[Store]:
    """The store of a week's folder, while no other run, here or elsewhere, works on this week of the team.

    Parameters
    ----------
    url
        By default, when it is "", the file wijk.db beside `out`.

    Raises
    ------
    StoreError
        When the store cannot be opened, or another run works on the week.
    """
    with alone_with(out), closing(Store(url or url_beside(out), team)) as store, store.database.alone(week_of(out)):
        yield store


def week_of(out: Path) -> str:
    """Name of the week of which a folder holds the results."""
    return out.resolve().name


def url_beside(out: Path) -> str:
    """URL of the store that the weeks in one folder share."""
    return sqlite_url(out.resolve().parent / "wijk.db")


def sqlite_url(path: Path) -> str:
    """URL of a SQLite file."""
    return f"sqlite:///{path.resolve()}"


def _waiting() -> sa.FromClause:
    """Assignments with their remark and, if there is one, the letter line that already holds them."""
    same = sa.and_(assignments.c.week == remarks.c.week, assignments.c.key == remarks.c.key)
    return assignments.join(remarks, same).outerjoin(letter_lines, _HELD)
