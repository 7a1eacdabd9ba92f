"""A copy of the directory in memory: a list is tried there, so that nothing changes and nobody waits."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from advocacy.database import Base, table_of
from advocacy.legislators.models import Correction, Legislator, Riding, RidingAlias

COPIED = (Riding, Legislator, Correction)
EMPTY = (RidingAlias,)
"""What no list speaks of, but its riding asks for."""


@contextmanager
def copied(session: Session) -> Iterator[Session]:
    """Give a session over a copy of the directory as `session` reads it; what is done to the copy is forgotten."""
    engine = create_engine("sqlite://", poolclass=StaticPool, hide_parameters=True)
    tables = [table_of(model) for model in (*COPIED, *EMPTY)]
    try:
        with engine.begin() as there:
            Base.metadata.create_all(there, tables=tables, checkfirst=False)
            for table in tables[: len(COPIED)]:
                rows = [dict(row) for row in session.execute(select(table)).mappings()]
                if rows:
                    there.execute(table.insert(), rows)
        with Session(engine, expire_on_commit=False) as copy:
            yield copy
    finally:
        engine.dispose()
