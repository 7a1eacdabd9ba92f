"""The database: SQLite in a file, or PostgreSQL by its URL, with the same rules in both."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Any, cast
from zlib import crc32

from sqlalchemy import (
    BigInteger,
    Connection,
    DateTime,
    Engine,
    Enum,
    Integer,
    MetaData,
    Table,
    create_engine,
    event,
    func,
    select,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Session, SessionTransaction, sessionmaker
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
PRAGMAS = ("busy_timeout=10000", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
WAL_ATTEMPTS = 100
KEYS_IN_SESSION = "data_keys"
"""The name under which a session holds the function that returns the site's keys (`Session.info`)."""
LEDGER_IN_SESSION = "erasure_ledger"
"""The name under which a session holds the folder of the site's erasure ledger."""
WRITES = "writes"
"""The name under which a session says that it writes."""
MAX_CONNECTIONS = 32
"""The most connections of a process: two for each of the threads that answer, as a page may read twice at once."""


BIG_ID = BigInteger().with_variant(Integer(), "sqlite")
"""The type of an id that may grow past two thousand millions; SQLite numbers rows by INTEGER alone."""


class Base(DeclarativeBase):
    """The mapping all tables share; its naming convention lets migrations name every constraint."""

    metadata = MetaData(naming_convention=NAMING)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, always aware and always UTC, on databases that keep zones and on those that do not."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive moment: nobody could say later which hour it was."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a stored moment needs a time zone; pass datetime.now(UTC)")
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment with its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def enum_type(values: type[StrEnum], *, length: int = 16) -> Enum:
    """Return the type of a column that stores a member as its short text; the code says which there may be."""
    return Enum(
        values, native_enum=False, length=length, values_callable=lambda members: [one.value for one in members]
    )


def create_private_file(path: Path) -> None:
    """Create an empty file, where there is none, that only its owner can read, as its folder where that is missing too.

    SQLite gives its logs the rights of the database's file.
    """
    path.parent.mkdir(0o700, parents=True, exist_ok=True)
    if not path.exists():
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))


def make_engine(url: str) -> Engine:
    """Open the database at `url` (an SQLAlchemy URL); an SQLite file's folder is not made here.

    An error never repeats the values of a statement: they may be what a person typed.
    """
    engine = create_engine(url, hide_parameters=True, pool_pre_ping=True, pool_size=5, max_overflow=MAX_CONNECTIONS - 5)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_pragmas)
    return engine


def make_sessions(engine: Engine) -> sessionmaker[Session]:
    """Return the factory of sessions; one whose `info` says WRITES waits its turn to write."""
    sessions = sessionmaker(engine, expire_on_commit=False)
    event.listen(sessions, "after_begin", _begin_to_write)
    return sessions


@contextmanager
def immediate(sessions: sessionmaker[Session]) -> Iterator[Session]:
    """Open one unit of work that writes: committed at the end, rolled back on an error."""
    with sessions(info={WRITES: True}) as session, session.begin():
        yield session


def _begin_to_write(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    """Have SQLite wait its turn as a transaction that writes begins, not when it first writes.

    With a deferred BEGIN a writer that has read what another one changes meanwhile fails, however long it may wait.
    """
    if session.info.get(WRITES) and not transaction.nested and connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def reading(sessions: sessionmaker[Session]) -> Iterator[Session]:
    """Open a session that only reads, each statement by itself: without a BEGIN before and a ROLLBACK after it.

    After a ROLLBACK psycopg prepares all statements of a connection anew.
    """
    with sessions() as session:
        session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
        yield session


def take_turn(session: Session, name: str) -> None:
    """Make the next one who takes the turn of this name wait until this transaction ends.

    SQLite has one writer at a time anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(crc32(name.encode()))))


def insert_into(session: Session, table: type[Base]) -> "postgresql.Insert | sqlite.Insert":
    """Begin an INSERT that may say ON CONFLICT, in the words of the session's own database."""
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415  # a tenth of a start that SQLite has no use for

    return postgresql.insert(table)


def table_of(model: type[Base]) -> Table:
    """Return the table a model is kept in."""
    return cast(Table, model.__table__)


def _set_pragmas(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    _write_ahead(cursor)
    cursor.close()


def _write_ahead(cursor: Any) -> None:
    """Switch the file to its write-ahead log; the switch does not wait its turn by itself, so two first starts do."""
    for attempt in range(1, WAL_ATTEMPTS + 1):
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if attempt == WAL_ATTEMPTS:
                raise
            sleep(0.1)
        else:
            return
