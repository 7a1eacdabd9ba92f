"""Brings the database up to this version's tables, from nothing or from any earlier version."""

from pathlib import Path

from sqlalchemy import Connection, Engine, column, inspect, select, table, text

# Any number will do, as long as nothing else in the same PostgreSQL database locks it.
MIGRATION_LOCK = 7_203_114
VERSION_TABLE = table("alembic_version", column("version_num"))
"""Where Alembic keeps the revision of a database."""


class NewerDatabase(Exception):
    """A later version of the software has changed the tables: this one cannot use them."""


def migrate(engine: Engine) -> None:
    """Bring the database up to the newest revision, in one transaction; do nothing when it is there already.

    Two processes that start together migrate one after the other. Raises NewerDatabase.
    """
    with engine.begin() as connection:
        is_new = not inspect(connection).has_table(VERSION_TABLE.name)
        if not is_new and connection.scalars(select(VERSION_TABLE.c.version_num)).all() == [newest_revision()]:
            return
        # A start that has nothing to migrate takes a quarter longer with Alembic (docs/decisions/speed.md).
        from alembic.util import CommandError  # noqa: PLC0415

        from advocacy.migrations.alembic_upgrade import upgrade  # noqa: PLC0415

        _wait_for_turn(connection)
        try:
            upgrade(connection)
        except CommandError as error:
            raise NewerDatabase(str(error)) from None


def newest_revision() -> str:
    """Return the revision of this version's tables: of the migrations, whose files begin with theirs, the last."""
    return max(path.name[:4] for path in (Path(__file__).parent / "versions").glob("[0-9]*_*.py"))


def _wait_for_turn(connection: Connection) -> None:
    """Hold every other starter back until this transaction ends; SQLite's changes of tables join it."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
    else:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
