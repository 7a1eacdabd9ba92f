"""Databases that begin as a test wants them: their tables are made once in a process, not once for each test."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import MetaData, event
from sqlalchemy.engine import URL, Engine

from advocacy.database import make_engine, make_sessions
from advocacy.legislators.seed import seed, shipped_lists
from advocacy.migrations import migrate
from advocacy.runtime import open_runtime
from advocacy.settings import Settings

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
both_databases = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
"""For what the two do each in their way: a lock, a race, a migration, a backup. All other tests have SQLite alone."""

SHAPE = """
SELECT md5(string_agg(told, ' ' ORDER BY told)) FROM (
  SELECT format('%s %s', oid, relname) AS told FROM pg_class WHERE relnamespace = 'public'::regnamespace
  UNION ALL SELECT format('%s %s %s', attrelid, attname, attnotnull) FROM pg_attribute
    JOIN pg_class ON pg_class.oid = attrelid AND relnamespace = 'public'::regnamespace
  UNION ALL SELECT format('%s %s', oid, conname) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
  UNION ALL SELECT format('%s %s', pg_trigger.oid, tgname) FROM pg_trigger
    JOIN pg_class ON pg_class.oid = tgrelid AND relnamespace = 'public'::regnamespace
) AS runtime
"""
"""Names and ids of all that tables are made of: another text for tables that a test has changed."""


class Beginning(StrEnum):
    """What a database holds when a test begins."""

    TABLES = "tables"
    """The tables of this version, as empty as they are made."""
    DIRECTORY = "directory"
    """Also the legislators that ship."""
    SITE = "site"
    """Also the letters that ship: all that a first start leaves."""


def fill(url: str, beginning: Beginning) -> None:
    """Make a beginning in an empty database, or in one that has its tables."""
    if beginning is Beginning.SITE:
        with open_runtime(Settings.from_mapping({"ADVOCACY_DATABASE_URL": url}), now=NOW) as runtime:
            assert runtime.notices == ()
        return
    engine = make_engine(url)
    migrate(engine)
    if beginning is Beginning.DIRECTORY:
        with make_sessions(engine).begin() as session:
            assert len(seed(session, now=NOW).imported) == len(shipped_lists())
    engine.dispose()


@contextmanager
def statements_of(engine: Engine) -> Iterator[list[str]]:
    """Note the statements that a database is asked meanwhile."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


class Files:
    """SQLite files, each copied from one that was filled once; `folder` holds those."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def lay(self, file: Path, beginning: Beginning) -> str:
        """Lay a file with this beginning; give its URL."""
        filled = self._folder / f"{beginning}.sqlite3"
        if not filled.exists():
            fill(f"sqlite:///{filled}", beginning)
        # Where an earlier test has left a connection open, its file and the log of that are not this one's.
        for old in (file, *(file.with_name(file.name + end) for end in ("-wal", "-shm"))):
            old.unlink(missing_ok=True)
        shutil.copyfile(filled, file)
        return f"sqlite:///{file}"


class Server:
    """One PostgreSQL database, brought back to a beginning by its rows: its tables stay, which is far quicker."""

    def __init__(self, database: URL) -> None:
        self.url = database.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
        self._database = database
        self._kept: dict[Beginning, sql.Composed] = {}
        with connected(database) as connection:
            self._make_tables(connection)
            self._tables = _tables_of(self.url)
            self._keep(connection, Beginning.TABLES)

    def bring_back(self, beginning: Beginning) -> str:
        """Bring the database back to this beginning; give its URL."""
        with connected(self._database) as connection:
            end_others(connection)
            if _shape(connection) != self._shape:
                self._make_tables(connection)
            if beginning not in self._kept:
                connection.execute(self._kept[Beginning.TABLES])
                fill(self.url, beginning)
                self._keep(connection, beginning)
            connection.execute(self._kept[beginning])
        return self.url

    def _make_tables(self, connection: psycopg.Connection) -> None:
        make_empty(connection)
        fill(self.url, Beginning.TABLES)
        self._shape = _shape(connection)

    def _keep(self, connection: psycopg.Connection, beginning: Beginning) -> None:
        """Keep all rows in a schema of their own; what brings them back is one text, sent at once."""
        schema, back = sql.Identifier(f"kept_{beginning}"), list[sql.Composable]()
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(schema))
        for name in map(sql.Identifier, self._tables):
            keep = sql.SQL("CREATE TABLE {}.{} AS TABLE public.{}").format(schema, name, name)
            if connection.execute(keep).rowcount:
                back.append(sql.SQL("INSERT INTO public.{} SELECT * FROM {}.{}").format(name, schema, name))
        gone = [sql.SQL("DELETE FROM public.{}").format(sql.Identifier(name)) for name in reversed(self._tables)]
        sequences = connection.execute(
            "SELECT sequencename, coalesce(last_value, 1), last_value IS NOT NULL FROM pg_sequences"
            " WHERE schemaname = 'public'"
        )
        numbers = [
            sql.SQL("SELECT setval({}, {}, {})").format(f"public.{name}", last, used)
            for name, last, used in sequences.fetchall()
        ]
        self._kept[beginning] = sql.SQL(";").join([*gone, *back, *numbers])


def connected(database: URL) -> psycopg.Connection:
    """Connect; every statement is a transaction, and several sent as one text are one."""
    conninfo = database.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(conninfo, autocommit=True, connect_timeout=3)


def end_others(connection: psycopg.Connection) -> None:
    """End the connections that an earlier test left open: they would hold their locks for ever."""
    connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


def make_empty(connection: psycopg.Connection) -> None:
    """Drop all tables."""
    connection.execute("DROP SCHEMA IF EXISTS public CASCADE")
    connection.execute("CREATE SCHEMA public")


def _shape(connection: psycopg.Connection) -> object:
    return connection.execute(SHAPE).fetchone()


def _tables_of(url: str) -> Sequence[str]:
    """Return the tables, each after those that it refers to."""
    engine, found = make_engine(url), MetaData()
    found.reflect(engine)
    engine.dispose()
    return [table.name for table in found.sorted_tables if table.name != "alembic_version"]
