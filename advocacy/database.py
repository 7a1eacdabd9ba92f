"""The database: SQLite in a file, or PostgreSQL by its URL, with the same rules in both."""

import os
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
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
from sqlalchemy.orm import DeclarativeBase, Session, SessionTransaction, SessionTransactionOrigin, sessionmaker
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
PRAGMAS = ("busy_timeout=10000", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "journal_mode=WAL")
"""How SQLite is used; the first connection to a file switches it to the write-ahead log (`migrations.migrate`)."""
KEYS_IN_SESSION = "data_keys"
"""The name under which a session holds the function that returns the site's keys (`Session.info`)."""
LEDGER_IN_SESSION = "erasure_ledger"
"""The name under which a session holds the folder of the site's erasure ledger."""
MAIL_IN_SESSION = "mail_folder"
"""The name under which a session holds the folder that mail is laid in."""
MAX_CONNECTIONS = 32
"""The most connections of a process: two for each of the threads that answer, as a page may read twice at once."""


BIG_ID = BigInteger().with_variant(Integer(), "sqlite")
"""The type of an id that may grow past two thousand millions; SQLite numbers rows by INTEGER alone."""


class Base(DeclarativeBase):
    """The mapping all tables share; its naming convention lets migrations name every constraint."""

    metadata = MetaData(naming_convention=NAMING)
    __table__: ClassVar[Table]


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
    if engine.dialect.name == "sqlite":  # PRAGMA is SQLite's own
        event.listen(engine, "connect", _set_pragmas)
    return engine


def make_sessions(engine: Engine) -> sessionmaker[Session]:
    """Return the factory of sessions: `with sessions.begin()` writes, `with sessions()` only reads."""
    sessions = sessionmaker(engine, expire_on_commit=False)
    event.listen(sessions, "after_begin", _wait_to_write)
    return sessions


def _wait_to_write(_session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    """Have a transaction that writes wait for its turn as it begins, not when it first writes.

    With SQLite's usual BEGIN, a writer that has read what another one changes meanwhile fails, however long it may
    wait. PostgreSQL waits at each row.
    """
    is_explicit = transaction.origin is SessionTransactionOrigin.BEGIN
    if is_explicit and connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def take_turn(session: Session, name: str) -> None:
    """Make the next one who takes the turn of this name wait until this transaction ends.

    No row could be locked: what is guarded is mostly yet to come. SQLite has one writer at a time anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(crc32(name.encode()))))


def insert_into(session: Session, table: type[Base]) -> "postgresql.Insert | sqlite.Insert":
    """Begin an INSERT that may say ON CONFLICT: SQLAlchemy has it in two classes, one a database."""
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415  # a tenth of a start that SQLite has no use for

    return postgresql.insert(table)


def _set_pragmas(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
