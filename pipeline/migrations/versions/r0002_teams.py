"""A team on every row, and rules by which a team sees its own rows only where a store has several."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from alembic import context, op

from pipeline.separation import separate

revision, down_revision, branch_labels, depends_on = "0002", "0001", None, None

KEYS = {
    "runs": ["week"],
    "remarks": ["week", "key"],
    "assignments": ["week", "key", "rank"],
    "letters": ["letter"],
    "letter_lines": ["week", "email", "key"],
    "originals": ["week", "key"],
    "cards": ["week", "key"],
}
NUMBERED = ("corrections", "card_events", "forgotten")
NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")
OF_CONNECTION = "current_setting('wijkverbinder.team')"


def upgrade() -> None:
    """Give the rows that are there to the team that opens the store."""
    team = str(context.config.attributes["team"])
    op.create_table(
        "teams",
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.Column("team", NAME, nullable=False, server_default=sa.text("'-'")),
        sa.PrimaryKeyConstraint("team", name="teams_pkey"),
    )
    carry = _on_postgresql if op.get_context().dialect.name == "postgresql" else _on_sqlite
    for table in (*KEYS, *NUMBERED):
        carry(table)
        op.execute(sa.table(table, sa.column("team")).update().values(team=team))
    row = {"since": datetime.now(), "team": team}  # noqa: DTZ005  the team's wall time
    op.execute(sa.table("teams", sa.column("since"), sa.column("team")).insert().values(row))
    if carry is _on_postgresql:
        for table in (*KEYS, *NUMBERED, "teams"):
            op.alter_column(table, "team", server_default=sa.text(OF_CONNECTION))
        separate(op.get_bind(), [*KEYS, *NUMBERED, "teams"], NUMBERED)


def _on_sqlite(table: str) -> None:
    with op.batch_alter_table(table, recreate="always") as batch:
        batch.add_column(_team(primary_key=table in KEYS))
        key = [*KEYS[table], "team"] if table in KEYS else ["id"]
        batch.create_primary_key(f"{table}_pkey", key)


def _on_postgresql(table: str) -> None:
    inspector = sa.inspect(op.get_bind())
    indexes = [(str(index["name"]), [*filter(None, index["column_names"])]) for index in inspector.get_indexes(table)]
    op.add_column(table, _team())
    for column in inspector.get_columns(table):
        if type(column["type"]) is sa.VARCHAR:
            op.alter_column(table, column["name"], type_=NAME)
    if table in KEYS:
        op.drop_constraint(f"{table}_pkey", table)
        op.create_primary_key(f"{table}_pkey", table, [*KEYS[table], "team"])
    for name, columns in indexes:
        op.drop_index(name, table)
        op.create_index(name, table, ["team", *columns])


def _team(*, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column("team", NAME, primary_key=primary_key, nullable=False, server_default=sa.text("'-'"))
