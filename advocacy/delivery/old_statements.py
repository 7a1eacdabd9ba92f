"""Statements that the outbox still builds by hand."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Insert, Table, bindparam, insert
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

    def insert(self, model: type[Base], row: Mapping[str, Any]) -> None:
        if self.is_one_statement:
            self._add_row(_numbered_insert, model, row)
        else:
            self.connection.execute(_plain_insert(model), row)

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
def _as_one_statement(statements: tuple[Any, ...]) -> Any:
    """Join statements of PostgreSQL: the last one follows the others in its WITH clause."""
    *others, last = statements
    return last.add_cte(*(one.cte(f"write_{number}") for number, one in enumerate(others)))
