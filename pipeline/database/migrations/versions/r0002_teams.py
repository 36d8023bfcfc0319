"""A team on every row, and rules by which a team sees its own rows only where a store has several."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from alembic import context, op

from pipeline.database.separation import separate

revision, down_revision, branch_labels, depends_on = "0002", "0001", None, None

KEYS = {
    "runs": ["week"],
    "remarks": ["week", "key"],
    "assignments": ["week", "key", "rank"],
    "letters": ["letter"],
    "letter_lines": ["week", "email", "key"],
    "originals": ["week", "key"],
    "cards": ["week", "key"],
    "corrections": ["id"],
    "card_events": ["id"],
    "forgotten": ["id"],
}
NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")
ONLY_TEAM, OF_CONNECTION = sa.text("'-'"), sa.text("current_setting('wijkverbinder.team')")


def upgrade() -> None:
    """Give the rows that are there to the team that opens the store."""
    team = str(context.config.attributes["team"])
    op.create_table(
        "teams",
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.Column("team", NAME, primary_key=True, nullable=False, server_default=ONLY_TEAM),
    )
    several = op.get_context().dialect.name == "postgresql"
    for table in KEYS:
        op.add_column(table, sa.Column("team", NAME, nullable=False, server_default=ONLY_TEAM))
        if several:
            _start_indexes_with_team(table)
        op.execute(sa.table(table, sa.column("team")).update().values(team=team))
    row = {"since": datetime.now(), "team": team}  # noqa: DTZ005  the team's wall time
    op.execute(sa.table("teams", sa.column("since"), sa.column("team")).insert().values(row))
    if several:
        for table in (*KEYS, "teams"):
            op.alter_column(table, "team", server_default=OF_CONNECTION)
        separate(op.get_bind(), {**KEYS, "teams": ["team"]})


def _start_indexes_with_team(table: str) -> None:
    """And sort text as SQLite does."""
    inspector = sa.inspect(op.get_bind())
    indexes = [(str(index["name"]), [*filter(None, index["column_names"])]) for index in inspector.get_indexes(table)]
    for name, _ in indexes:
        op.drop_index(name, table)
    for column in inspector.get_columns(table):
        if type(column["type"]) is sa.VARCHAR:
            op.alter_column(table, column["name"], type_=NAME)
    for name, columns in indexes:
        op.create_index(name, table, ["team", *columns])
