"""A newer list is looked over first: who joins, what changes, who leaves; then it counts exactly as it was shown."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from pydantic import TypeAdapter
from sqlalchemy import delete, select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from advocacy.database import table_of
from advocacy.language import Wording
from advocacy.legislators import directory
from advocacy.legislators.corrected import contradicted
from advocacy.legislators.models import Correction, Legislator, Riding, Status
from advocacy.legislators.records import Record, data_set_key
from advocacy.legislators.roster import FACTS, Merged, TooFew, merge
from advocacy.staff import audit
from advocacy.staff.directory_copy import copied
from advocacy.staff.models import ProposedList

KEPT = timedelta(days=1)
"""How long a list waits for whoever looks it over."""
SHOWN = ("status", *(fact for fact in FACTS if fact not in {"source_id", "profile", "note"}))
MOST_LOOKED_OVER = 4
"""How many previews a process remembers: whoever looks one over asks for it again and again."""
_RECORDS = TypeAdapter(list[Record])


class Stale(ValueError):
    """The directory is no longer the one that the list was looked over against."""


@dataclass(frozen=True, slots=True)
class Change:
    """One fact of somebody, as it is and as it would be."""

    fact: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody, as a list names them: `place` is their riding, or what stands for it."""

    id: str
    name: str
    place: Wording | None
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """What a list would do. `digest` names this very outcome; `too_few` is how many it names, and are there now."""

    digest: str
    total: int
    joins: Sequence[Entry]
    changes: Sequence[Entry]
    leavers: Sequence[Entry]
    vacated: Sequence[Entry]
    agreed: int
    """Corrections of staff that the list agrees with."""
    contradicted: Sequence[Entry]
    """Corrections that stay, although the list now says a third thing."""
    too_few: tuple[int, int] | None

    @property
    def nothing(self) -> bool:
        """Tell whether nothing of anybody would change."""
        return not (self.joins or self.changes or self.leavers or self.vacated or self.agreed or self.contradicted)


_looked_over: dict[str, Preview] = {}


def propose(
    session: Session, records: Iterable[Record], *, source: str, as_of: date, by: int, now: datetime
) -> ProposedList:
    """Keep a list to be looked over; the one that the same account had waiting goes."""
    old = (ProposedList.account_id == by) | (ProposedList.made_at < now - KEPT)
    session.execute(delete(ProposedList).where(old))
    proposed = ProposedList(
        account_id=by, made_at=now, source=source, as_of=as_of, records=_written(records), digest=""
    )
    proposed.digest = digest(session, proposed)
    session.add(proposed)
    session.flush()
    return proposed


def find(session: Session, number: int, *, by: int, now: datetime) -> ProposedList | None:
    """Give the list that an account is looking over; None for another's, and for one that waited too long."""
    proposed = session.get(ProposedList, number)
    if proposed is None or proposed.account_id != by or proposed.made_at < now - KEPT:
        return None
    return proposed


def preview(session: Session, proposed: ProposedList) -> Preview:
    """Tell what a list would do, by doing it to a copy of the directory: nothing is written, and no writer waits.

    Raises RosterRefused for a list that cannot be trusted.
    """
    mark = digest(session, proposed)
    known = _looked_over.get(mark)
    if known is None:
        with copied(session) as copy:
            known = _tried(copy, proposed, mark)
        _looked_over[mark] = known
        for old in list(_looked_over)[:-MOST_LOOKED_OVER]:
            _looked_over.pop(old, None)
    return known


def _tried(copy: Session, proposed: ProposedList, mark: str) -> Preview:
    _ridings, people = [*copy.scalars(select(Riding))], [*copy.scalars(select(Legislator))]
    before, held = {row.id: _facts(row) for row in people}, _corrections(copy)
    merged, too_few = _merged_in_any_case(copy, proposed)
    rows = {row.id: row for row in copy.scalars(select(Legislator))}
    outcome = _outcome(before, rows)
    opposed = [_opposed(one) for one in contradicted(copy) if held.get(one.id) != one.source_value]
    return Preview(
        digest=mark,
        total=merged.total,
        joins=outcome[JOINS],
        changes=outcome[CHANGES],
        leavers=outcome[LEAVERS],
        vacated=outcome[VACATED],
        agreed=len(held) - len(_corrections(copy)),
        contradicted=opposed,
        too_few=too_few,
    )


def confirm(
    session: Session, proposed: ProposedList, *, seen: str, fewer_is_meant: bool, by: int, now: datetime
) -> Merged:
    """Let a list count as it was looked over; `seen` is the digest of what was shown.

    Raises Stale when the directory has changed since, and RosterRefused.
    """
    if seen != digest(session, proposed):
        raise Stale
    records = _read(proposed)
    merged = merge(session, records, source=proposed.source, as_of=proposed.as_of, fewer_is_meant=fewer_is_meant)
    keys = sorted({record.list_key for record in records}, key=str)
    for key in keys:
        directory.record_list(session, key, source=proposed.source, as_of=proposed.as_of, now=now)
    counts = {"added": len(merged.added), "changed": len(merged.changed), "gone": len(merged.left)}
    told = {"source": proposed.source, "as_of": proposed.as_of.isoformat(), **counts}
    lists = ",".join(map(data_set_key, keys))
    audit.write(session, audit.Act.DIRECTORY_REFRESHED, f"list:{lists}"[:200], by=by, now=now, after=told)
    session.delete(proposed)
    return merged


def digest(session: Session, proposed: ProposedList) -> str:
    """Give the number of a list together with the directory as it stands (SHA-256, hexadecimal)."""
    # As the database holds them: reading every fact into its type costs many times what comparing them does.
    columns = (type_coerce(column, NullType()) for column in table_of(Legislator).columns)
    hashed = hashlib.sha256(repr((proposed.source, proposed.as_of, proposed.records)).encode())
    for row in session.execute(select(*columns).order_by(Legislator.id)):
        hashed.update(repr(tuple(row)).encode())
    hashed.update(repr(sorted(_corrections(session).items())).encode())
    return hashed.hexdigest()


JOINS, CHANGES, LEAVERS, VACATED = KINDS = ("joins", "changes", "leavers", "vacated")


def _outcome(before: Mapping[str, Mapping[str, object]], rows: Mapping[str, Legislator]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {kind: [] for kind in KINDS}
    for row in sorted(rows.values(), key=lambda row: (row.last_name, row.id)):
        was, now = before.get(row.id), _facts(row)
        if was == now:
            continue
        changes = tuple(Change(fact, was[fact], now[fact]) for fact in SHOWN if was[fact] != now[fact]) if was else ()
        kind = _kind(was, row, changes)
        if kind:
            found[kind].append(Entry(row.id, row.name, row.place, changes))
    return found


def _kind(was: Mapping[str, object] | None, row: Legislator, changes: Sequence[Change]) -> str | None:
    if not row.name:
        return VACATED if row.vacant and (was is None or was["status"] is not Status.VACANT) else None
    if row.status is Status.LEFT:
        return LEAVERS if was and was["status"] is not Status.LEFT else None
    if was is None or was["status"] is Status.LEFT:
        return JOINS
    return CHANGES if changes else None


def _merged_in_any_case(session: Session, proposed: ProposedList) -> tuple[Merged, tuple[int, int] | None]:
    records, source, as_of = _read(proposed), proposed.source, proposed.as_of
    try:
        return merge(session, records, source=source, as_of=as_of), None
    except TooFew as few:
        merged = merge(session, records, source=source, as_of=as_of, fewer_is_meant=True)
        return merged, (few.offered, few.present)


def _facts(row: Legislator) -> dict[str, object]:
    return {fact: getattr(row, fact) for fact in SHOWN}


def _corrections(session: Session) -> dict[int, object]:
    rows = session.scalars(select(Correction))
    return {row.id: row.source_value for row in rows}


def _opposed(correction: Correction) -> Entry:
    row = correction.legislator
    change = Change(correction.field, correction.value, correction.source_value)
    return Entry(row.id, row.name, row.place, (change,))


def _written(records: Iterable[Record]) -> str:
    return json.dumps([asdict(record) for record in records], default=_as_json, ensure_ascii=False, sort_keys=True)


def _as_json(value: object) -> object:
    if isinstance(value, Wording):
        return {language.value: text for language, text in value.items()}
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _read(proposed: ProposedList) -> list[Record]:
    return _RECORDS.validate_json(proposed.records)
