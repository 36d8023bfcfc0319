"""The tables of the store: what must survive a run, with the team that each row belongs to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles

SETTING = "wijkverbinder.team"  # of a connection to PostgreSQL: the team whose rows it sees
ONLY_TEAM = "-"  # the team of a store without [team] id


class WallTime(sa.TypeDecorator[datetime]):
    """The time on the team's wall; PostgreSQL would turn a time with a zone into that of the server."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: sa.Dialect) -> datetime | None:
        """Without the zone."""
        return value.replace(tzinfo=None) if value else None


class OwnTeam(sa.sql.functions.FunctionElement[str]):
    """The default of the column `team`, for rows that no program of ours adds."""

    inherit_cache = True


@compiles(OwnTeam)
def _only_team(_element: OwnTeam, _compiler: Any, **_: Any) -> str:
    return f"'{ONLY_TEAM}'"


@compiles(OwnTeam, "postgresql")
def _team_of_connection(_element: OwnTeam, _compiler: Any, **_: Any) -> str:
    return f"current_setting('{SETTING}')"


def _team_of_engine(context: Any) -> str:
    return str(context.execution_options["team"])


def _team(*, primary_key: bool = False) -> sa.Column[str]:
    """The team of a row; where a store has several, `pipeline.database.separation` makes it the first part of the key.

    In a SQLite file, with one team, it is no part: the planner would no longer know that week and key give one row.
    """
    return sa.Column(
        "team", NAME, primary_key=primary_key, nullable=False, default=_team_of_engine, server_default=OwnTeam()
    )


def _index(name: str, *columns: str) -> tuple[sa.Index, sa.Index]:
    """An index that starts with the team where a store has several."""
    return (
        sa.Index(name, *columns).ddl_if(dialect="sqlite"),
        sa.Index(name, "team", *columns).ddl_if(dialect="postgresql"),
    )


metadata = sa.MetaData()
WALL_TIME = WallTime()
NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")  # in the same order in every database

runs = sa.Table(
    "runs", metadata,
    sa.Column("week", NAME, primary_key=True),
    sa.Column("model", NAME, nullable=False),
    sa.Column("finished", WALL_TIME, nullable=False),
    sa.Column("n_remarks", sa.Integer, nullable=False),
    sa.Column("n_rejected", sa.Integer, nullable=False),
    _team(),
)  # fmt: skip

remarks = sa.Table(
    "remarks", metadata,
    sa.Column("week", NAME, primary_key=True),
    sa.Column("key", NAME, primary_key=True),  # the id, with "#2" and so on where the input repeats an id
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("id", NAME, nullable=False),
    sa.Column("received", NAME, nullable=False),
    sa.Column("area", NAME, nullable=False),
    sa.Column("street", NAME, nullable=False),
    sa.Column("place_from_text", NAME, nullable=False, server_default=""),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("language", NAME, nullable=False),
    sa.Column("domains", NAME, nullable=False),
    sa.Column("primary_domain", NAME, nullable=False),
    sa.Column("confidence", sa.Float, nullable=False),
    sa.Column("danger", sa.Float, nullable=False, server_default="0"),
    sa.Column("urgent", sa.Boolean, nullable=False),
    sa.Column("decision", NAME, nullable=False),
    sa.Column("reason", NAME, nullable=False),
    sa.Column("because", NAME, nullable=False),
    sa.Column("departments", NAME, nullable=False),
    sa.Column("contacts", NAME, nullable=False),
    _team(),
    *_index("remarks_by_decision", "week", "decision", "key"),
)  # fmt: skip

assignments = sa.Table(
    "assignments", metadata,
    sa.Column("week", NAME, primary_key=True),
    sa.Column("key", NAME, primary_key=True),
    sa.Column("rank", sa.Integer, primary_key=True),
    sa.Column("domain", NAME, nullable=False),
    sa.Column("email", NAME, nullable=False),
    sa.Column("department", NAME, nullable=False),
    sa.Column("name", NAME, nullable=False),
    sa.Column("rule", NAME, nullable=False),
    _team(),
    *_index("assignments_by_contact", "week", "email"),
)  # fmt: skip

letters = sa.Table(
    "letters", metadata,
    sa.Column("letter", NAME, primary_key=True),
    sa.Column("week", NAME, nullable=False),
    sa.Column("email", NAME, nullable=False),
    sa.Column("state", NAME, nullable=False),  # "intended" before it is in the outbox, "sent" after
    # on its way to the mail server: "" not tried or not accepted yet, "sending", "delivered", "refused", "undecided"
    sa.Column("delivery", NAME, nullable=False, server_default=""),
    sa.Column("detail", NAME, nullable=False, server_default=""),
    sa.Column("recorded", WALL_TIME, nullable=False),
    _team(),
    *_index("ix_letters_week", "week"),
)  # fmt: skip

letter_lines = sa.Table(
    "letter_lines", metadata,
    sa.Column("week", NAME, primary_key=True),
    sa.Column("email", NAME, primary_key=True),
    sa.Column("key", NAME, primary_key=True),
    sa.Column("letter", NAME, nullable=False),
    _team(),
    *_index("ix_letter_lines_letter", "letter"),
)  # fmt: skip

originals = sa.Table(
    "originals", metadata,
    sa.Column("week", NAME, primary_key=True),
    sa.Column("key", NAME, primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("until", sa.Date, nullable=False),
    _team(),
    *_index("ix_originals_until", "until"),
)  # fmt: skip

corrections = sa.Table(
    "corrections", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("remark_id", NAME, nullable=False),
    sa.Column("week", NAME, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("domains", NAME, nullable=False),
    sa.Column("urgent", sa.Boolean, nullable=False),
    sa.Column("who", NAME, nullable=False),
    sa.Column("recorded", WALL_TIME, nullable=False),
    sa.Column("source", NAME, nullable=False, server_default=""),  # the answer that it came from
    _team(),
    *_index("ix_corrections_source", "source"),
)  # fmt: skip

# one card a remark, made when the board first shows its week; what people decided outlives a new run of the week
cards = sa.Table(
    "cards", metadata,
    sa.Column("week", NAME, primary_key=True),
    sa.Column("key", NAME, primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),  # one more with each change, so that a late form is noticed
    sa.Column("state", NAME, nullable=False),  # one of STATES
    sa.Column("leads", sa.Boolean, nullable=False),  # shown as a card; otherwise it repeats the card `repeat_of`
    sa.Column("repeat_of", NAME, nullable=False),
    sa.Column("ask_order", sa.Integer, nullable=False),  # what a person's judgement teaches most comes first
    sa.Column("judged", sa.Boolean, nullable=False),
    sa.Column("domains", NAME, nullable=False),  # by the person, once judged
    sa.Column("urgent", sa.Boolean, nullable=False),
    sa.Column("proposed", NAME, nullable=False),  # domains by the model
    sa.Column("primary_domain", NAME, nullable=False),
    sa.Column("area", NAME, nullable=False),
    sa.Column("fingerprint", NAME, nullable=False),  # of the text; a judgement is of one text only
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("assignee", NAME, nullable=False),
    sa.Column("who", NAME, nullable=False),
    sa.Column("changed", WALL_TIME, nullable=False),
    _team(),
    *_index("cards_in_column", "week", "leads", "state", "judged", "ask_order"),
    *_index("cards_to_judge", "week", "leads", "judged", "ask_order"),
    *_index("cards_by_position", "week", "position"),
    *_index("cards_repeating", "week", "repeat_of", "position"),
    *_index("cards_urgent", "week", "urgent", "leads", "state"),
    *_index("cards_by_assignee", "assignee"),
)  # fmt: skip

card_events = sa.Table(
    "card_events", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("week", NAME, nullable=False),
    sa.Column("key", NAME, nullable=False),
    sa.Column("who", NAME, nullable=False),
    sa.Column("at", WALL_TIME, nullable=False),
    sa.Column("what", NAME, nullable=False),
    sa.Column("before", sa.Text, nullable=False),  # JSON, to undo; "" once undone
    _team(),
    *_index("card_events_of", "week", "key"),
    *_index("card_events_by", "week", "who"),
)  # fmt: skip

# that something was forgotten, without what it was
forgotten = sa.Table(
    "forgotten", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("remark_id", NAME, nullable=False),
    sa.Column("recorded", WALL_TIME, nullable=False),
    sa.Column("why", NAME, nullable=False),
    _team(),
)  # fmt: skip

# one row a team; in a SQLite file there is one
teams = sa.Table(
    "teams", metadata,
    sa.Column("since", WALL_TIME, nullable=False),
    _team(primary_key=True),
)  # fmt: skip

# as Alembic has it, to know without Alembic whether a store is up to date
versions = sa.Table(
    "alembic_version", sa.MetaData(naming_convention={"pk": "%(table_name)s_pkc"}),
    sa.Column("version_num", sa.String(32), primary_key=True, nullable=False),
)  # fmt: skip
