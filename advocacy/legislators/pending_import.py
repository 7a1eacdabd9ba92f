"""A newer list waits until somebody has seen who joins, what changes and who leaves, and confirms exactly that."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pydantic import TypeAdapter
from sqlalchemy import create_engine, delete, select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool
from sqlalchemy.types import NullType

from advocacy.database import Base
from advocacy.language import Wording
from advocacy.legislators import directory_queries
from advocacy.legislators.corrections import conflicting_corrections, lock_directory
from advocacy.legislators.list_merge import FACTS, ListTooShort, MergeResult, merge
from advocacy.legislators.models import (
    Correction,
    Legislator,
    PendingImport,
    Riding,
    RidingAlias,
    SourceRecord,
    Status,
    data_set_key,
    list_key,
)

MAX_AGE = timedelta(days=1)
"""How long a list waits to be confirmed."""
COMPARED = ("status", *(fact for fact in FACTS if fact not in {"source_id", "profile", "note"}))
COPIED = (Riding, Legislator, Correction)
EMPTY = (RidingAlias,)
"""Tables that a preview leaves empty, but a riding's query needs."""
RECORDS = TypeAdapter(list[SourceRecord])


class DirectoryChanged(ValueError):
    """The directory has changed since the preview that is confirmed."""


@dataclass(frozen=True, slots=True)
class Change:
    """One fact of somebody, as it is and as it would be."""

    fact: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody, as a list names them: `place` is their riding, district or municipality."""

    id: str
    name: str
    place: Wording | None
    changes: tuple[Change, ...] = ()


@dataclass(slots=True)
class Preview:
    """What a list would do. `digest` identifies the outcome; `too_few` is how many it names, and are there now."""

    digest: str
    total: int
    too_few: tuple[int, int] | None
    joins: list[Entry]
    changes: list[Entry]
    leavers: list[Entry]
    vacated: list[Entry]
    agreed: int
    """Corrections of staff that the list agrees with."""
    contradicted: Sequence[Entry]
    """Corrections that stay, although the list now has another value."""


def store(
    session: Session, records: Iterable[SourceRecord], *, source: str, as_of: date, by: int, now: datetime
) -> PendingImport:
    """Store a list to be confirmed; it replaces the one that the same account had waiting."""
    old = (PendingImport.account_id == by) | (PendingImport.made_at < now - MAX_AGE)
    session.execute(delete(PendingImport).where(old))
    as_json = RECORDS.dump_json(list(records), fallback=dict).decode()
    pending = PendingImport(account_id=by, made_at=now, source=source, as_of=as_of, records=as_json, digest="")
    pending.digest = digest(session, pending)
    session.add(pending)
    session.flush()
    return pending


def find(session: Session, number: int, *, by: int, now: datetime) -> PendingImport | None:
    """Return the list that an account is to confirm; None for another's, and for one that is too old."""
    pending = session.get(PendingImport, number)
    if pending is None or pending.account_id != by or pending.made_at < now - MAX_AGE:
        return None
    return pending


def preview(session: Session, pending: PendingImport) -> Preview:
    """Return what a list would do, by doing it to a copy of the directory: nothing is written, and no writer waits.

    Raises ListRejected for a list that cannot be trusted.
    """
    with _copy(session) as copy:
        return _build_preview(copy, pending, digest(session, pending))


def confirm(
    session: Session, pending: PendingImport, *, seen: str, accept_shorter: bool, now: datetime
) -> tuple[MergeResult, Sequence[str]]:
    """Import a list as its preview showed it, and return what that did and the keys of its data sets.

    `seen` is the digest of the preview. Raises DirectoryChanged when the directory has changed since, and
    ListRejected.
    """
    lock_directory(session)
    if seen != digest(session, pending):
        raise DirectoryChanged
    records = RECORDS.validate_json(pending.records)
    merged = merge(session, records, source=pending.source, as_of=pending.as_of, accept_shorter=accept_shorter)
    keys = sorted({list_key(record) for record in records}, key=str)
    for key in keys:
        directory_queries.record_import(session, key, source=pending.source, as_of=pending.as_of, now=now)
    session.delete(pending)
    return merged, [data_set_key(key) for key in keys]


def digest(session: Session, pending: PendingImport) -> str:
    """Return the number of a list together with the directory as it is (SHA-256, hexadecimal)."""
    # As the database holds them: reading every fact into its type costs many times what comparing them does.
    columns = (type_coerce(column, NullType()) for column in Legislator.__table__.columns)
    hashed = hashlib.sha256(repr((pending.source, pending.as_of, pending.records)).encode())
    for row in session.execute(select(*columns).order_by(Legislator.id)):
        hashed.update(repr(tuple(row)).encode())
    hashed.update(repr(sorted(_source_values(session).items())).encode())
    return hashed.hexdigest()


@contextmanager
def _copy(session: Session) -> Iterator[Session]:
    """Open a session over a copy of the directory in memory; what is done to the copy is forgotten."""
    engine = create_engine("sqlite://", poolclass=StaticPool, hide_parameters=True)
    try:
        with engine.begin() as there:
            tables = [model.__table__ for model in (*COPIED, *EMPTY)]
            Base.metadata.create_all(there, tables=tables, checkfirst=False)
            for table in tables[: len(COPIED)]:
                rows = [dict(row) for row in session.execute(select(table)).mappings()]
                if rows:
                    there.execute(table.insert(), rows)
        with Session(engine, expire_on_commit=False) as copy:
            yield copy
    finally:
        engine.dispose()


def _build_preview(copy: Session, pending: PendingImport, mark: str) -> Preview:
    before, corrections = {row.id: _facts(row) for row in copy.scalars(select(Legislator))}, _source_values(copy)
    records, too_few = RECORDS.validate_json(pending.records), None
    try:
        merged = merge(copy, records, source=pending.source, as_of=pending.as_of)
    except ListTooShort as few:
        too_few = few.offered, few.present
        merged = merge(copy, records, source=pending.source, as_of=pending.as_of, accept_shorter=True)
    opposed = [
        _entry(one.legislator, Change(one.field, one.value, one.source_value))
        for one in conflicting_corrections(copy)
        if corrections.get(one.id) != one.source_value
    ]
    agreed = len(corrections) - len(_source_values(copy))
    found = Preview(mark, merged.total, too_few, [], [], [], [], agreed, opposed)
    for row in copy.scalars(select(Legislator).order_by(Legislator.last_name, Legislator.id)):
        was, now = before.get(row.id, {}), _facts(row)
        changes = [Change(fact, was[fact], now[fact]) for fact in was if was[fact] != now[fact]]
        if not row.name:
            if row.vacant and was.get("status") is not Status.VACANT:
                found.vacated.append(_entry(row))
        elif row.status is Status.LEFT:
            if was and was["status"] is not Status.LEFT:
                found.leavers.append(_entry(row))
        elif not was or was["status"] is Status.LEFT:
            found.joins.append(_entry(row))
        elif changes:
            found.changes.append(_entry(row, *changes))
    return found


def _entry(row: Legislator, *changes: Change) -> Entry:
    return Entry(row.id, row.name, row.place, changes)


def _facts(row: Legislator) -> Mapping[str, object]:
    return {fact: getattr(row, fact) for fact in COMPARED}


def _source_values(session: Session) -> Mapping[int, object]:
    return {row.id: row.source_value for row in session.scalars(select(Correction))}
