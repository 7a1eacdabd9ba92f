"""The database: SQLite in a file, or PostgreSQL by its URL, with the same rules in both."""

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, TypeAlias, cast
from zlib import crc32

from sqlalchemy import (
    BigInteger,
    Connection,
    DateTime,
    Engine,
    Enum,
    Insert,
    Integer,
    MetaData,
    Table,
    bindparam,
    create_engine,
    event,
    func,
    insert,
    select,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Dialect, make_url
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry
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
CONNECTION = "connection"
"""The name under which a session of one transaction holds its connection."""
USED_AT, PING_AFTER_S = "used_at", 0.1
"""A connection that was idle for so long is asked whether it is still there; `used_at` is when it was used last."""
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
    pool = {"pool_size": 5, "max_overflow": MAX_CONNECTIONS - 5}
    if make_url(url).get_backend_name() != "sqlite":
        engine = create_engine(url, hide_parameters=True, **pool)
        event.listen(engine, "checkin", lambda _, record: record.info.update({USED_AT: monotonic()}))
        event.listen(engine, "checkout", lambda connection, record, _: _ping(engine.dialect, connection, record))
        return engine
    engine = create_engine(url, hide_parameters=True, **pool, connect_args={"check_same_thread": False})
    event.listen(engine, "connect", _set_pragmas)
    return engine


Sessions: TypeAlias = sessionmaker[Session]


def make_sessions(engine: Engine) -> Sessions:
    """Return the factory whose `begin()` is one transaction."""
    return sessionmaker(engine, expire_on_commit=False)


@contextmanager
def immediate(sessions: sessionmaker[Session]) -> Iterator[Session]:
    """Open one transaction that writes: on SQLite it waits its turn before it reads, not when it first writes.

    With a deferred BEGIN a writer that has read what another one changes meanwhile fails, however long it may wait.
    """
    with sessions.begin() as session:
        connection = session.connection()
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        session.info[CONNECTION] = connection
        try:
            yield session
        finally:
            del session.info[CONNECTION]


@contextmanager
def reading(sessions: sessionmaker[Session]) -> Iterator[Session]:
    """Open a session that only reads, each statement by itself: without a BEGIN before and a ROLLBACK after it.

    After a ROLLBACK psycopg prepares all statements of a connection anew.
    """
    with sessions() as session:
        session.info[CONNECTION] = session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
        yield session


def connection_of(session: Session) -> Connection:
    """Return the connection of a session's transaction.

    A session asked for it goes through its states each time, which costs a third of a small statement: in an
    `immediate` transaction it is known.
    """
    return session.info.get(CONNECTION) or session.connection()


def take_turn(session: Session, name: str) -> None:
    """Make the next one who takes the turn of this name wait until this transaction ends.

    SQLite has one writer at a time anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(crc32(name.encode()))))


def insert_into(session: Session, table: type[Base]) -> "postgresql.Insert | sqlite.Insert":
    """Begin an INSERT that may say ON CONFLICT, in the words of the session's own database."""
    return insert_in(session.get_bind().dialect.name, table)


def insert_in(dialect: str, table: type[Base] | Table) -> "postgresql.Insert | sqlite.Insert":
    """Begin the same for a database of this dialect, "sqlite" or "postgresql": a statement that can be kept."""
    if dialect == "sqlite":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415  # a tenth of a start that SQLite has no use for

    return postgresql.insert(table)


def insert_rows(session: Session, table: type[Base], *rows: Mapping[str, Any]) -> None:
    """Insert rows that the session need not know: at once, and at a fraction of what it costs to add objects."""
    connection_of(session).execute(_plain_insert(table), rows)


class Batch:
    """Writes of one transaction whose results nobody reads: PostgreSQL is sent all of them as one statement.

    Other databases get each at once. References between the rows are checked at the end of the statement.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.connection = connection_of(session)
        self.is_one_statement = self.connection.dialect.name == "postgresql"
        self._statements: list[Any] = []
        self._values: dict[str, Any] = {}

    def insert(self, model: type[Base], row: Mapping[str, Any]) -> None:
        if self.is_one_statement:
            self._add_row(_numbered_insert, model, row)
        else:
            self.connection.execute(_plain_insert(model), row)

    def add_one(self, model: type[Base], **key: Any) -> None:
        """Add one to the `count` of a row, which is made where there is none; once for each row of a batch."""
        row = {"count": 1, **key}
        if self.is_one_statement:
            self._add_row(_numbered_count, model, row)
        else:
            self.connection.execute(_counting(self.connection.dialect.name, model), row)

    def add(self, statement: Any, values: Mapping[str, Any]) -> None:
        """Add a statement of PostgreSQL that is built once, and whose values have names of their own."""
        self._statements.append(statement)
        self._values.update(values)

    def execute(self) -> None:
        """Send what was added."""
        if self._statements:
            self.connection.execute(_as_one_statement(tuple(self._statements)), self._values)

    def _add_row(self, build: Callable[..., Any], model: type[Base], row: Mapping[str, Any]) -> None:
        number = len(self._statements)
        self.add(build(model, tuple(row), number), {f"{name}_{number}": value for name, value in row.items()})


def add_one(session: Session, model: type[Base], **key: Any) -> int:
    """Add one to the `count` of a row and return it, in one statement, whoever else counts at the same moment.

    The row, made where there is none, stays ours until the transaction ends.
    """
    connection = connection_of(session)
    statement = _counting(connection.dialect.name, model)
    return int(connection.execute(statement, {"count": 1, **key}).scalar_one())


@cache
def _counting(dialect: str, model: type[Base]) -> Any:
    """Build the statement once: building it costs more than having it carried out."""
    table = table_of(model)
    return adding_to_count(insert_in(dialect, table), table).returning(table.c.count)


def adding_to_count(statement: Any, table: Table) -> Any:
    """Have an INSERT add its `count` to that of a row that is stored already."""
    count = table.c.count + statement.excluded.count
    return statement.on_conflict_do_update(index_elements=list(table.primary_key), set_={"count": count})


def table_of(model: type[Base]) -> Table:
    """Return the table a model is kept in."""
    return cast(Table, model.__table__)


@cache
def _plain_insert(table: type[Base]) -> Insert:
    return insert(table_of(table)).inline()


@cache
def _numbered_insert(model: type[Base], columns: tuple[str, ...], number: int) -> Any:
    """Build an INSERT whose values have the number of their statement in their names."""
    table = table_of(model)
    values = {name: bindparam(f"{name}_{number}", type_=table.c[name].type) for name in columns}
    return insert_in("postgresql", table).inline().values(values)


@cache
def _numbered_count(model: type[Base], columns: tuple[str, ...], number: int) -> Any:
    return adding_to_count(_numbered_insert(model, columns, number), table_of(model))


@cache
def _as_one_statement(statements: tuple[Any, ...]) -> Any:
    """Join statements of PostgreSQL: the last one follows the others in its WITH clause."""
    *others, last = statements
    return last.add_cte(*(one.cte(f"write_{number}") for number, one in enumerate(others)))


def _ping(dialect: Dialect, connection: Any, record: ConnectionPoolEntry) -> None:
    """Have the pool replace its connections where one that was idle is gone, as `pool_pre_ping` does.

    That asks at each checkout: twice within a few milliseconds for a page that reads and then writes.
    """
    used_at = record.info.get(USED_AT)
    if used_at is None or monotonic() - used_at < PING_AFTER_S:
        return
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as error:
        if not dialect.is_disconnect(error, connection, None):
            raise
        raise InvalidatePoolError from error


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
