"""Rules inside PostgreSQL by which a team sees and writes its own rows only, whatever a query asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from pipeline.database.schema import SETTING

ROLE = "wijkverbinder"  # with rights on the rows only; for a login that the rules would not hold for
OWN_ROW = f"team = nullif(current_setting('{SETTING}'), '')"  # a connection that names no team has no rows
NUMBER = ["id"]  # the key of a table of which the database counts the rows
RIGHTS = "SELECT, INSERT, UPDATE, DELETE"

# who the session belongs to: do the rules not hold for it, and may it act as the role (a superuser always may)
STANDING = f"""
SELECT login.rolsuper OR login.rolbypassrls,
       coalesce((SELECT pg_has_role(session_user, oid, 'MEMBER') FROM pg_roles WHERE rolname = '{ROLE}'), false)
FROM pg_roles AS login WHERE login.rolname = session_user
"""  # noqa: S608  a constant

MAKE_ROLE = f"""
DO $$ BEGIN
    CREATE ROLE {ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$
"""


def separate(connection: sa.Connection, keys: Mapping[str, Sequence[str]]) -> None:
    """Let the rules hold for tables, also for their owner, and each team have keys of its own.

    Parameters
    ----------
    keys
        The columns of each table's primary key in a store with one team.
    """
    for table, key in keys.items():
        connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        connection.exec_driver_sql(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        connection.exec_driver_sql(f"CREATE POLICY own_team ON {table} USING ({OWN_ROW}) WITH CHECK ({OWN_ROW})")
        if not {"team", *NUMBER} & set(key):
            connection.exec_driver_sql(
                f"ALTER TABLE {table} DROP CONSTRAINT {table}_pkey, ADD PRIMARY KEY (team, {', '.join(key)})"
            )
    privileged, _ = connection.exec_driver_sql(STANDING).one()
    if privileged:
        connection.exec_driver_sql(MAKE_ROLE)
        schema = connection.dialect.identifier_preparer.quote(str(connection.scalar(sa.func.current_schema())))
        connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA {schema} TO {ROLE}")
    if connection.exec_driver_sql(f"SELECT FROM pg_roles WHERE rolname = '{ROLE}'").first() is not None:
        _give_rights(connection, keys)


def _give_rights(connection: sa.Connection, keys: Mapping[str, Sequence[str]]) -> None:
    for table, key in keys.items():
        connection.exec_driver_sql(f"GRANT {RIGHTS} ON {table} TO {ROLE}")
        if list(key) == NUMBER:
            connection.exec_driver_sql(f"GRANT USAGE ON SEQUENCE {table}_id_seq TO {ROLE}")
    connection.exec_driver_sql(f"GRANT SELECT ON alembic_version TO {ROLE}")
