"""Brings the database up to this version's tables, from nothing or from any earlier version."""

from pathlib import Path
from time import sleep

from sqlalchemy import Connection, Engine, column, inspect, select, table, text
from sqlalchemy.exc import OperationalError

# Any number will do, as long as nothing else in the same PostgreSQL database locks it.
MIGRATION_LOCK = 7_203_114
LOCK_TIMEOUT_MS = 400
"""How long a migration waits for its tables, and pages behind it.

Less than the second after which PostgreSQL looks for deadlocks (`deadlock_timeout`): it is always the migration that
gives way, never a page.
"""
MAX_TRIES, RETRY_AFTER_S = 120, 0.5
LOCK_CONFLICTS = frozenset({"55P03", "40P01", "SQLITE_BUSY"})
"""The codes where a lock was not had in time, or never can be.

PostgreSQL's are lock_not_available and deadlock_detected. SQLite's switch to its write-ahead log waits for nobody.
"""
QUEUE_TABLES = "huey"
"""How the names of the task queue's own tables begin."""
VERSION_TABLE = table("alembic_version", column("version_num"))
"""Where Alembic keeps the revision of a database."""


class NewerDatabase(Exception):
    """A later version of the software has changed the tables: this one cannot use them."""


def migrate(engine: Engine) -> None:
    """Bring the database up to the newest revision, in one transaction; do nothing when it is there already.

    Two processes that start together migrate one after the other. On PostgreSQL a site of an earlier version may go on
    serving meanwhile: its pages wait for the tables, and get an error from none. Raises NewerDatabase.
    """
    for tries in range(1, MAX_TRIES + 1):
        try:
            _migrate(engine)
        except OperationalError as error:
            code = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None)
            if code not in LOCK_CONFLICTS or tries == MAX_TRIES:
                raise
            sleep(RETRY_AFTER_S)
        else:
            return


def _migrate(engine: Engine) -> None:
    with engine.begin() as connection:
        is_new = not inspect(connection).has_table(VERSION_TABLE.name)
        if not is_new and connection.scalars(select(VERSION_TABLE.c.version_num)).all() == [newest_revision()]:
            return
        # A start that has nothing to migrate takes a quarter longer with Alembic (docs/decisions/speed.md).
        from alembic.util import CommandError  # noqa: PLC0415

        from advocacy.migrations.alembic_upgrade import upgrade  # noqa: PLC0415

        lock_tables(connection, timeout_ms=LOCK_TIMEOUT_MS)
        try:
            upgrade(connection)
        except CommandError as error:
            raise NewerDatabase(str(error)) from None


def newest_revision() -> str:
    """Return the revision of this version's tables: of the migrations, whose files begin with theirs, the last."""
    return max(path.name[:4] for path in (Path(__file__).parent / "versions").glob("[0-9]*_*.py"))


def lock_tables(connection: Connection, *, timeout_ms: int) -> None:
    """Hold every other starter back until this transaction ends, then take all tables at once.

    Taken one by one while others use them, they would be waited for crosswise. SQLite's BEGIN IMMEDIATE takes the whole
    file, and waits as long as any statement.
    """
    if connection.dialect.name != "postgresql":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        return
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
    quoted = connection.dialect.identifier_preparer.quote
    tables = [quoted(name) for name in inspect(connection).get_table_names() if not name.startswith(QUEUE_TABLES)]
    if tables:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {timeout_ms}")
        connection.exec_driver_sql(f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE")
