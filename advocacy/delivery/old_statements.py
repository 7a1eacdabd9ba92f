"""Statements that the outbox still builds by hand."""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Insert, Table, insert
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

from advocacy.database import Base, table_of

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql


def connection_of(session: Session) -> Connection:
    """Return the connection of a session's transaction."""
    return session.connection()


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

    def add(self, statement: Any, values: Mapping[str, Any]) -> None:
        """Add a statement of PostgreSQL that is built once, and whose values have names of their own."""
        self._statements.append(statement)
        self._values.update(values)

    def execute(self) -> None:
        """Send what was added."""
        if self._statements:
            self.connection.execute(_as_one_statement(tuple(self._statements)), self._values)


@cache
def _plain_insert(table: type[Base]) -> Insert:
    return insert(table_of(table)).inline()


@cache
def _as_one_statement(statements: tuple[Any, ...]) -> Any:
    """Join statements of PostgreSQL: the last one follows the others in its WITH clause."""
    *others, last = statements
    return last.add_cte(*(one.cte(f"write_{number}") for number, one in enumerate(others)))
