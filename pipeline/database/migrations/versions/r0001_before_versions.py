"""The store as it was before it had versions; what an even older one lacks is added."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "0001", None, None, None

metadata = sa.MetaData()

sa.Table(
    "runs", metadata,
    sa.Column("week", sa.String, primary_key=True),
    sa.Column("model", sa.String, nullable=False),
    sa.Column("finished", sa.DateTime, nullable=False),
    sa.Column("n_remarks", sa.Integer, nullable=False),
    sa.Column("n_rejected", sa.Integer, nullable=False),
)  # fmt: skip

sa.Table(
    "remarks", metadata,
    sa.Column("week", sa.String, primary_key=True),
    sa.Column("key", sa.String, primary_key=True),
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

sa.Table(
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

sa.Table(
    "letters", metadata,
    sa.Column("letter", sa.String, primary_key=True),
    sa.Column("week", sa.String, nullable=False, index=True),
    sa.Column("email", sa.String, nullable=False),
    sa.Column("state", sa.String, nullable=False),

    sa.Column("delivery", sa.String, nullable=False, server_default=""),
    sa.Column("detail", sa.String, nullable=False, server_default=""),
    sa.Column("recorded", sa.DateTime, nullable=False),
)  # fmt: skip

sa.Table(
    "letter_lines", metadata,
    sa.Column("week", sa.String, primary_key=True),
    sa.Column("email", sa.String, primary_key=True),
    sa.Column("key", sa.String, primary_key=True),
    sa.Column("letter", sa.String, nullable=False, index=True),
)  # fmt: skip

sa.Table(
    "originals", metadata,
    sa.Column("week", sa.String, primary_key=True),
    sa.Column("key", sa.String, primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("until", sa.Date, nullable=False, index=True),
)  # fmt: skip

sa.Table(
    "corrections", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("remark_id", sa.String, nullable=False),
    sa.Column("week", sa.String, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("domains", sa.String, nullable=False),
    sa.Column("urgent", sa.Boolean, nullable=False),
    sa.Column("who", sa.String, nullable=False),
    sa.Column("recorded", sa.DateTime, nullable=False),
    sa.Column("source", sa.String, nullable=False, server_default="", index=True),
)  # fmt: skip

sa.Table(
    "cards", metadata,
    sa.Column("week", sa.String, primary_key=True),
    sa.Column("key", sa.String, primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("leads", sa.Boolean, nullable=False),
    sa.Column("repeat_of", sa.String, nullable=False),
    sa.Column("ask_order", sa.Integer, nullable=False),
    sa.Column("judged", sa.Boolean, nullable=False),
    sa.Column("domains", sa.String, nullable=False),
    sa.Column("urgent", sa.Boolean, nullable=False),
    sa.Column("proposed", sa.String, nullable=False),
    sa.Column("primary_domain", sa.String, nullable=False),
    sa.Column("area", sa.String, nullable=False),
    sa.Column("fingerprint", sa.String, nullable=False),
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

sa.Table(
    "card_events", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("week", sa.String, nullable=False),
    sa.Column("key", sa.String, nullable=False),
    sa.Column("who", sa.String, nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("what", sa.String, nullable=False),
    sa.Column("before", sa.Text, nullable=False),
    sa.Index("card_events_of", "week", "key"),
    sa.Index("card_events_by", "week", "who"),
)  # fmt: skip

sa.Table(
    "forgotten", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("remark_id", sa.String, nullable=False),
    sa.Column("recorded", sa.DateTime, nullable=False),
    sa.Column("why", sa.String, nullable=False),
)  # fmt: skip


def upgrade() -> None:
    """Add the tables, columns (which have a default) and indexes that are not there."""
    connection = op.get_bind()
    inspector = sa.inspect(connection)
    present = set(inspector.get_table_names())
    metadata.create_all(connection)
    for table in metadata.sorted_tables:
        if table.name in present:
            _add_what_came_later(table, inspector)


def _add_what_came_later(table: sa.Table, inspector: sa.Inspector) -> None:
    columns = {column["name"] for column in inspector.get_columns(table.name)}
    indexes = {index["name"] for index in inspector.get_indexes(table.name)}
    for column in table.columns:
        if column.name not in columns:
            default = str(column.server_default.arg) if isinstance(column.server_default, sa.DefaultClause) else None
            op.add_column(table.name, sa.Column(column.name, column.type, nullable=False, server_default=default))
    for index in table.indexes:
        if index.name not in indexes:
            op.create_index(index.name, table.name, [column.name for column in index.columns])
