"""Cards of the review board: what people decided of each remark, with who and when, and the way back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pipeline.database.connections import done_again
from pipeline.database.schema import assignments, card_events, cards, corrections, remarks, runs
from pipeline.errors import PipelineError
from pipeline.remembered import Memory, for_a_moment
from pipeline.store import Store

STATES = ("nieuw", "opgepakt", "wacht", "klaar")
JUDGED_REMARK = ("domains", "primary_domain", "urgent", "decision", "reason", "departments", "contacts")
JUDGED_CARD = (
    "state", "leads", "repeat_of", "judged", "domains", "urgent", "primary_domain", "note", "assignee", "who",
)  # fmt: skip
ASSIGNED = ("rank", "domain", "email", "department", "name", "rule")
BOARD = "bord"

Assign = Callable[[Sequence[str], str], list[dict[str, Any]]]
"""From ordered domains and an area to rows for the store's table of assignments."""


class CardConflictError(PipelineError):
    """Somebody else changed the card since it was shown."""


@dataclass(frozen=True)
class Verdict:
    """What a person says of a remark; no domains: it fits nowhere."""

    domains: tuple[str, ...]
    urgent: bool


@dataclass(frozen=True)
class CardFilter:
    """Which cards to show; "" for all."""

    domain: str = ""
    area: str = ""
    assignee: str = ""

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """For a query on cards."""
        wanted = {"primary_domain": self.domain, "area": self.area, "assignee": self.assignee}
        return [cards.c[column] == value for column, value in wanted.items() if value]


class Cards:
    """The cards of one store."""

    def __init__(self, store: Store) -> None:
        self.database, self.engine, self.reading = store.database, store.engine, store.reading
        self.memory = Memory()

    @contextmanager
    def _changing(self) -> Iterator[sa.Connection]:
        """A transaction that writes."""
        with self.engine.begin() as connection:
            yield connection
        self.memory.forget()

    @for_a_moment
    @done_again
    def weeks(self) -> list[str]:
        """Weeks that were classified, the newest first."""
        with self.reading.connect() as connection:
            return list(connection.scalars(sa.select(runs.c.week).order_by(runs.c.week.desc())))

    @done_again
    def made(self, week: str) -> datetime | None:
        """When a week was classified; None when it was not."""
        with self.reading.connect() as connection:
            found: datetime | None = connection.scalar(sa.select(runs.c.finished).where(runs.c.week == week))
        return found

    @done_again
    def is_laid_out(self, week: str) -> bool:
        """Whether every remark of the week has a card."""
        missing = sa.select(remarks.c.key).outerjoin(cards, _same(cards)).where(
            remarks.c.week == week, cards.c.key.is_(None)
        )  # fmt: skip
        with self.reading.connect() as connection:
            return connection.execute(missing.limit(1)).first() is None

    def lay_out(self, week: str, ask_first: Sequence[str], repeats: Mapping[str, str], now: datetime) -> None:
        """Make a card for every remark that has none.

        Parameters
        ----------
        ask_first
            Keys whose judgement teaches most, the best first; the others follow, least certain first.
        repeats
            From the key of a remark to that of the remark which it repeats.
        """
        places = {key: place for place, key in enumerate(ask_first)}
        with self._changing() as connection:
            present = set(connection.scalars(sa.select(cards.c.key).where(cards.c.week == week)))
            query = sa.select(remarks).where(remarks.c.week == week).order_by(remarks.c.confidence, remarks.c.position)
            rows = [
                _new_card(dict(row), places.get(row["key"], len(places) + place), repeats.get(row["key"], ""), now)
                for place, row in enumerate(connection.execute(query).mappings())
                if row["key"] not in present
            ]
            if rows:
                connection.execute(cards.insert(), rows)
        self.database.count_again("cards")

    @for_a_moment
    @done_again
    def column(self, week: str, state: str, chosen: CardFilter, *, start: int, most: int) -> list[dict[str, Any]]:
        """Cards of one column with their remarks, what is still to be judged first."""
        picked = (
            sa.select(cards.c.key)
            .where(cards.c.week == week, cards.c.leads, cards.c.state == state, *chosen.conditions())
            .order_by(cards.c.judged, cards.c.ask_order)
            .offset(start)
            .limit(most)
        )
        with self.reading.connect() as connection:
            keys = list(connection.scalars(picked))
            found = {row["key"]: row for row in _shown(connection, week, keys)}
        return [found[key] for key in keys if key in found]

    @for_a_moment
    @done_again
    def numbers(self, week: str, chosen: CardFilter) -> tuple[dict[str, int], int]:
        """Number of cards per column, and of those to be judged."""
        query = (
            sa.select(cards.c.state, cards.c.judged, sa.func.count())
            .where(cards.c.week == week, cards.c.leads, *chosen.conditions())
            .group_by(cards.c.state, cards.c.judged)
        )
        by_state, to_judge = dict.fromkeys(STATES, 0), 0
        with self.reading.connect() as connection:
            for state, judged, number in connection.execute(query):
                by_state[state] += number
                to_judge += 0 if judged else number
        return by_state, to_judge

    @for_a_moment
    @done_again
    def urgent(self, week: str, most: int) -> list[dict[str, Any]]:
        """Cards of remarks to look at now that nobody picked up yet, the likeliest danger first."""
        query = (
            sa.select(cards.c.key).join(remarks, _same(cards))
            .where(cards.c.week == week, cards.c.leads, cards.c.state == STATES[0], cards.c.urgent)
            .order_by(remarks.c.danger.desc()).limit(most)
        )  # fmt: skip
        with self.reading.connect() as connection:
            keys = list(connection.scalars(query))
            found = {row["key"]: row for row in _shown(connection, week, keys)}
        return [found[key] for key in keys]

    @done_again
    def at(self, week: str, position: int) -> dict[str, Any] | None:
        """The card at a position of the input, with its remark."""
        query = sa.select(cards.c.key).where(cards.c.week == week, cards.c.position == position)
        with self.reading.connect() as connection:
            found = _shown(connection, week, list(connection.scalars(query)))
        return found[0] if found else None

    @done_again
    def card(self, week: str, key: str) -> dict[str, Any] | None:
        """One card with its remark."""
        with self.reading.connect() as connection:
            found = _shown(connection, week, [key])
        return found[0] if found else None

    @done_again
    def next_to_judge(self, week: str, after: int = -1) -> dict[str, Any] | None:
        """The first card to be judged behind a place in the order of asking."""
        query = (
            sa.select(cards.c.key)
            .where(cards.c.week == week, cards.c.leads, sa.not_(cards.c.judged), cards.c.ask_order > after)
            .order_by(cards.c.ask_order)
            .limit(1)
        )
        with self.reading.connect() as connection:
            found = _shown(connection, week, list(connection.scalars(query)))
        return found[0] if found else None

    @done_again
    def repeats_of(self, week: str, key: str) -> list[dict[str, Any]]:
        """Cards that repeat this one, in the input's order."""
        query = sa.select(cards.c.key).where(cards.c.week == week, cards.c.repeat_of == key)
        with self.reading.connect() as connection:
            return _shown(connection, week, list(connection.scalars(query.order_by(cards.c.position))))

    @done_again
    def events(self, week: str, key: str, most: int = 20) -> list[dict[str, Any]]:
        """What happened to a card, the newest first."""
        query = sa.select(card_events).where(card_events.c.week == week, card_events.c.key == key)
        with self.reading.connect() as connection:
            return [
                dict(row) for row in connection.execute(query.order_by(card_events.c.id.desc()).limit(most)).mappings()
            ]

    @done_again
    def last_event(self, week: str, who: str) -> dict[str, Any] | None:
        """The newest change by somebody that is not undone."""
        query = (
            sa.select(card_events)
            .where(card_events.c.week == week, card_events.c.who == who, card_events.c.before != "")
            .order_by(card_events.c.id.desc())
            .limit(1)
        )
        with self.reading.connect() as connection:
            row = connection.execute(query).mappings().first()
        return dict(row) if row else None

    @done_again
    def newest_event(self, week: str) -> int:
        """Number of the last change in a week, 0 when there is none."""
        with self.reading.connect() as connection:
            return connection.scalar(sa.select(sa.func.max(card_events.c.id)).where(card_events.c.week == week)) or 0

    @done_again
    def key_of(self, week: str, remark_id: str) -> str:
        """Key of the first remark with an id, "" when there is none."""
        query = sa.select(remarks.c.key).where(remarks.c.week == week, remarks.c.id == remark_id)
        with self.reading.connect() as connection:
            return connection.scalar(query.order_by(remarks.c.position).limit(1)) or ""

    @done_again
    def areas(self, week: str) -> list[str]:
        """Areas of a week's remarks."""
        query = sa.select(remarks.c.area).where(remarks.c.week == week, remarks.c.area != "").distinct()
        with self.reading.connect() as connection:
            return sorted(connection.scalars(query))

    @for_a_moment
    @done_again
    def people(self) -> list[str]:
        """Everybody who changed a card or was given one."""
        with self.reading.connect() as connection:
            who = set(connection.scalars(sa.select(card_events.c.who).distinct()))
            who.update(connection.scalars(sa.select(cards.c.assignee).where(cards.c.assignee > "").distinct()))
        return sorted(who)

    def judge(
        self, week: str, key: str, version: int, verdict: Verdict, assign: Assign, *, who: str, now: datetime,
        with_repeats: bool = True,
    ) -> None:  # fmt: skip
        """Store a person's verdict of a card and, when asked, of what repeats it; letters follow it from now on.

        Raises
        ------
        CardConflictError
            When somebody else changed the card since `version`. The same verdict twice is no conflict.
        """
        with self._changing() as connection:
            lead = _locked(connection, week, key)
            if lead["version"] != version:
                if lead["judged"] and lead["who"] == who and _verdict_of(lead) == verdict:
                    return
                raise _conflict(lead)
            others = _shown(connection, week, _repeating(connection, week, key)) if with_repeats else []
            _remember(connection, week, [lead, *others], who, now, _in_words(verdict))
            judged = {"judged": True, "domains": ";".join(verdict.domains), "urgent": verdict.urgent,
                      "primary_domain": verdict.domains[0] if verdict.domains else ""}  # fmt: skip
            for row in (lead, *others):
                _change(connection, row, who, now, **judged)
                _give_verdict(connection, row, verdict, assign, who)
                _learn(connection, row, verdict, who, now)

    def change(
        self, week: str, key: str, version: int, *, who: str, now: datetime, state: str, assignee: str, note: str
    ) -> None:
        """Move a card to another column, give it to a colleague, or write a note on it.

        Raises
        ------
        CardConflictError
            When somebody else changed the card since `version`.
        """
        wanted = {"state": state, "assignee": assignee, "note": note}
        with self._changing() as connection:
            card = _locked(connection, week, key)
            if all(card[name] == value for name, value in wanted.items()):
                return
            if card["version"] != version:
                raise _conflict(card)
            _remember(connection, week, [card], who, now, _changes_in_words(card, wanted))
            _change(connection, card, who, now, **wanted)

    def split(self, week: str, key: str, *, who: str, now: datetime) -> None:
        """Make a repeat a card of its own again."""
        with self._changing() as connection:
            card = _locked(connection, week, key)
            if card["repeat_of"]:
                _remember(connection, week, [card], who, now, "losgemaakt: gaat over iets anders")
                _change(connection, card, who, now, leads=True, repeat_of="")

    def join(self, week: str, key: str, lead_key: str, *, who: str, now: datetime) -> None:
        """Make a card, and all that repeats it, a repeat of another card.

        Raises
        ------
        CardConflictError
            When the other card is gone, is the card itself, or is a repeat.
        """
        with self._changing() as connection:
            card, lead = _locked(connection, week, key), _locked(connection, week, lead_key)
            if card["repeat_of"] == lead_key:
                return
            if key == lead_key or not lead["leads"]:
                raise CardConflictError("een opmerking kan alleen bij een andere kaart horen, niet bij een herhaling")
            moved = [card, *_shown(connection, week, _repeating(connection, week, key))]
            _remember(connection, week, moved, who, now, f"hoort bij {lead['id']}")
            for row in moved:
                _change(connection, row, who, now, leads=False, repeat_of=lead_key)

    def undo(self, week: str, event_id: int, *, who: str, now: datetime) -> None:
        """Take back a change of one's own.

        Raises
        ------
        CardConflictError
            When it is not there, was undone, is somebody else's, or the card was changed after it.
        """
        with self._changing() as connection:
            query = sa.select(card_events).where(card_events.c.week == week, card_events.c.id == event_id)
            event = connection.execute(query).mappings().first()
            if event is None or event["who"] != who or not event["before"]:
                raise CardConflictError("dit is al ongedaan gemaakt")
            before = json.loads(event["before"])
            for key, state in before.items():
                card = _locked(connection, week, key)
                if card["version"] != state["version"] + 1:
                    raise _conflict(card)
                _restore(connection, card, state, now)
            connection.execute(card_events.update().where(card_events.c.id == event_id).values(before=""))
            _note_event(connection, week, event["key"], who, now, f"ongedaan gemaakt: {event['what']}", "")


def give_verdicts_again(connection: sa.Connection, week: str, assign: Assign) -> int:
    """Let what people judged hold for a week that was classified again; gives how many remarks that are.

    A remark whose text is another one now is to be judged anew.
    """
    judged = connection.execute(sa.select(cards).where(cards.c.week == week, cards.c.judged)).mappings().all()
    found = {row["key"]: row for row in _shown(connection, week, [card["key"] for card in judged])}
    same = [row for row in found.values() if fingerprint(row["text"]) == row["fingerprint"]]
    for row in same:
        _give_verdict(connection, row, _verdict_of(row), assign, row["who"])
    kept = {row["key"] for row in same}
    for card in judged:
        if card["key"] not in kept:
            connection.execute(cards.delete().where(cards.c.week == week, cards.c.key == card["key"]))
    return len(same)


def fingerprint(text: str) -> str:
    """Tells one text from another."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _same(table: sa.Table) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.week == remarks.c.week, table.c.key == remarks.c.key)


def _new_card(row: Mapping[str, Any], ask_order: int, repeat_of: str, now: datetime) -> dict[str, Any]:
    return {
        "week": row["week"], "key": row["key"], "position": row["position"], "version": 0, "state": STATES[0],
        "leads": not repeat_of, "repeat_of": repeat_of, "ask_order": ask_order, "judged": False, "domains": "",
        "urgent": row["urgent"], "proposed": row["domains"], "primary_domain": row["primary_domain"],
        "area": row["area"], "fingerprint": fingerprint(row["text"]), "note": "", "assignee": "", "who": "",
        "changed": now,
    }  # fmt: skip


def _shown(connection: sa.Connection, week: str, keys: Sequence[str]) -> list[dict[str, Any]]:
    """Cards with their remarks and number of repeats, in the order of asking.

    The model's domains stand under `proposed`, those that hold now under `domains`.
    """
    if not keys:
        return []
    of_remark = [remarks.c[name] for name in ("id", "received", "street", "text", "confidence", "danger", "decision",
                                              "reason", "because", "departments", "contacts")]  # fmt: skip
    query = sa.select(cards, *of_remark, remarks.c.domains.label("domains_now")).join(remarks, _same(cards)).where(
        cards.c.week == week, cards.c.key.in_(keys)
    )  # fmt: skip
    repeats = sa.select(cards.c.repeat_of, sa.func.count().label("n")).where(
        cards.c.week == week, cards.c.repeat_of.in_(keys)
    ).group_by(cards.c.repeat_of)  # fmt: skip
    numbers = {row.repeat_of: row.n for row in connection.execute(repeats)}
    rows = connection.execute(query.order_by(cards.c.ask_order)).mappings()
    return [{**row, "n_repeats": numbers.get(row["key"], 0)} for row in rows]


def _locked(connection: sa.Connection, week: str, key: str) -> dict[str, Any]:
    found = _shown(connection, week, [key])
    if not found:
        raise CardConflictError("deze kaart is er niet meer")
    return found[0]


def _repeating(connection: sa.Connection, week: str, key: str) -> list[str]:
    return list(connection.scalars(sa.select(cards.c.key).where(cards.c.week == week, cards.c.repeat_of == key)))


def _conflict(card: Mapping[str, Any]) -> CardConflictError:
    when = f"{card['changed']:%H:%M}"
    return CardConflictError(
        f"{card['who'] or 'iemand anders'} heeft deze kaart om {when} veranderd; hieronder staat hoe hij nu is. "
        "Wat u koos is niet opgeslagen: kijk en kies opnieuw"
    )


def _verdict_of(card: Mapping[str, Any]) -> Verdict:
    return Verdict(tuple(filter(None, card["domains"].split(";"))), card["urgent"])


def _in_words(verdict: Verdict) -> str:
    return f"beoordeeld: {', '.join(verdict.domains) or 'past nergens'}{', dringend' if verdict.urgent else ''}"


def _changes_in_words(card: Mapping[str, Any], wanted: Mapping[str, str]) -> str:
    names = {"state": "kolom", "assignee": "voor", "note": "notitie"}
    return "; ".join(f"{names[name]}: {value or '-'}" for name, value in wanted.items() if card[name] != value)


def _change(connection: sa.Connection, card: Mapping[str, Any], who: str, now: datetime, **values: Any) -> None:
    where = sa.and_(cards.c.week == card["week"], cards.c.key == card["key"], cards.c.version == card["version"])
    values = {**values, "version": card["version"] + 1, "who": who, "changed": now}
    if connection.execute(cards.update().where(where).values(values)).rowcount != 1:
        raise _conflict(card)


def _give_verdict(
    connection: sa.Connection, card: Mapping[str, Any], verdict: Verdict, assign: Assign, who: str
) -> None:
    """Let remark and assignments follow what a person said."""
    rows = assign(verdict.domains, card["area"])
    decision = "review" if not verdict.domains else "urgent" if verdict.urgent else "route"
    _write_remark(connection, card, rows, {
        "domains": ";".join(verdict.domains), "primary_domain": verdict.domains[0] if verdict.domains else "",
        "urgent": verdict.urgent, "decision": decision,
        "reason": f"{'beoordeeld' if verdict.domains else 'past nergens, gezegd'} door {who}",
        "departments": ";".join(dict.fromkeys(row["department"] for row in rows)),
        "contacts": ";".join(dict.fromkeys(row["email"] for row in rows)),
    })  # fmt: skip


def _write_remark(
    connection: sa.Connection, card: Mapping[str, Any], rows: Iterable[Mapping[str, Any]], values: Mapping[str, Any]
) -> None:
    week, key = card["week"], card["key"]
    connection.execute(remarks.update().where(remarks.c.week == week, remarks.c.key == key).values(dict(values)))
    connection.execute(assignments.delete().where(assignments.c.week == week, assignments.c.key == key))
    if prepared := [{**row, "week": week, "key": key} for row in rows]:
        connection.execute(assignments.insert(), prepared)


def _learn(connection: sa.Connection, card: Mapping[str, Any], verdict: Verdict, who: str, now: datetime) -> None:
    """Write the verdict down as a label to learn from, in the place of an earlier one from the board."""
    source = _source(card)
    connection.execute(corrections.delete().where(corrections.c.source == source))
    connection.execute(corrections.insert(), {
        "remark_id": card["key"], "week": card["week"], "text": card["text"], "domains": ";".join(verdict.domains),
        "urgent": verdict.urgent, "who": who, "recorded": now, "source": source,
    })  # fmt: skip


def _source(card: Mapping[str, Any]) -> str:
    return f"{BOARD} {card['week']}/{card['key']}"


def _remember(
    connection: sa.Connection, week: str, rows: Sequence[Mapping[str, Any]], who: str, now: datetime, what: str
) -> None:
    """Write down what is about to change, with all that is needed to change it back."""
    before = {}
    for row in rows:
        where = sa.and_(remarks.c.week == week, remarks.c.key == row["key"])
        remark = connection.execute(sa.select(*(remarks.c[name] for name in JUDGED_REMARK)).where(where)).mappings()
        given = sa.select(*(assignments.c[name] for name in ASSIGNED)).where(
            assignments.c.week == week, assignments.c.key == row["key"]
        )  # fmt: skip
        before[row["key"]] = {
            "version": row["version"],
            "card": {name: row[name] for name in JUDGED_CARD},
            "remark": dict(remark.one()),
            "assignments": [dict(found) for found in connection.execute(given).mappings()],
        }
    _note_event(connection, week, rows[0]["key"], who, now, what, json.dumps(before, ensure_ascii=False))


def _note_event(
    connection: sa.Connection, week: str, key: str, who: str, now: datetime, what: str, before: str
) -> None:
    row = {"week": week, "key": key, "who": who, "at": now, "what": what, "before": before}
    connection.execute(card_events.insert(), row)


def _restore(connection: sa.Connection, card: Mapping[str, Any], before: Mapping[str, Any], now: datetime) -> None:
    was = before["card"]
    _write_remark(connection, card, before["assignments"], before["remark"])
    connection.execute(corrections.delete().where(corrections.c.source == _source(card)))
    if was["judged"]:
        _learn(connection, card, _verdict_of(was), was["who"], now)
    where = sa.and_(cards.c.week == card["week"], cards.c.key == card["key"])
    values = {**was, "version": card["version"] + 1, "changed": now}
    connection.execute(cards.update().where(where).values(values))
