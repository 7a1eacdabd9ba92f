"""Merge a list into the directory, whole or not at all; those whom it no longer names are marked as having left."""

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.language import SOURCE, fold
from advocacy.legislators.corrections import lock_directory, without_corrections
from advocacy.legislators.legislatures import COMMONS, legislatures
from advocacy.legislators.models import (
    Legislator,
    ProgressCallback,
    Riding,
    SourceRecord,
    Status,
    list_key,
    no_progress,
    seat_id,
    sits_for_riding,
)
from advocacy.messages import Message, message

# A list this much shorter than the present one is more likely cut off than true.
MIN_SHARE = 0.9
MAX_SLUG = 70
SHARED_ADDRESS = message("the same e-mail address is given to two people: %(shared)s")
SHARED_RIDING = message("the same riding is given to two people: %(shared)s")
NOT_FACTS = frozenset({"chamber", "status", "source", "as_of"})
FACTS = tuple(field.name for field in fields(SourceRecord) if field.name not in NOT_FACTS)
ONCE_LISTED = {Status.LEFT: Status.SITTING, Status.ELECTED_SINCE: Status.SITTING}


@dataclass(frozen=True, slots=True)
class MergeResult:
    """What a merge did, as ids: people added, changed and gone; `total` is how many the list names."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    left: tuple[str, ...]
    total: int


class ListRejected(ValueError):
    """The list cannot be trusted as it is; nothing was changed. `message` says what to do."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(message.in_language(SOURCE))


class ListTooShort(ListRejected):
    """The list is so much shorter than the present one that a person must say it is meant."""

    def __init__(self, offered: int, present: int) -> None:
        self.offered, self.present = offered, present
        super().__init__(
            message(
                "this list names %(offered)s people where the directory now has %(present)s, more than 10%% fewer: "
                "pass --yes if that is meant",
                offered=offered,
                present=present,
            )
        )


class PersonMatcher:
    """Matches a record to a row: by number, by seat and name or e-mail, or by a name that only one person bears."""

    def __init__(self, rows: Sequence[Legislator], records: Sequence[SourceRecord]) -> None:
        self._rows = {row.id: row for row in rows}
        self._by_source_id = {row.source_id: row for row in rows if row.source_id}
        people = [row for row in rows if row.name]
        self._by_seat = {(_seat(row), fold(row.name)): row for row in people}
        self._by_email = {(_seat(row), row.email.casefold()): row for row in people if row.email}
        self._by_name = {fold(row.name): row for row in people}
        self._namesakes = Counter(fold(row.name) for row in people)
        self._namesakes |= Counter(fold(record.name) for record in records)

    def find(self, record: SourceRecord) -> Legislator | None:
        """Return the row of the record's person or seat; None for someone new."""
        if record.status is Status.VACANT:
            return self._rows.get(seat_id(record.riding_code or ""))
        if record.source_id in self._by_source_id:
            return self._by_source_id[record.source_id]
        name, seat = fold(record.name), _seat(record)
        row = self._by_seat.get((seat, name)) or self._by_email.get((seat, (record.email or "").casefold()))
        if row is None and self._namesakes[name] == 1:
            row = self._by_name.get(name)
        are_two_people = row is not None and row.source_id and record.source_id  # their numbers would have matched
        return None if are_two_people else row


def _seat(person: Legislator | SourceRecord) -> str:
    if person.riding_code:
        return person.riding_code
    return fold(next(iter(person.district.values()))) if person.district else person.province or ""


def merge(
    session: Session,
    records: Iterable[SourceRecord],
    *,
    source: str,
    as_of: date,
    accept_shorter: bool = False,
    progress: ProgressCallback = no_progress,
) -> MergeResult:
    """Make the lists that `records` belong to say what the records say.

    A fact that the source leaves out stays as it was for the same person, and is unknown for a new one.
    Whoever the list no longer names is marked as having left. What staff corrected stays, unless the list now
    says the same. Raises ListTooShort unless `accept_shorter`, and ListRejected for an empty list, for an e-mail
    address or a riding of two people, and for a person named twice.
    """
    records = list(records)
    _check_records(records)
    lock_directory(session)
    keys = {list_key(record) for record in records}
    present = [row for row in session.scalars(select(Legislator)) if list_key(row) in keys]
    if not accept_shorter:
        _check_length(records, present)
    with without_corrections(session):
        merging = _Merging(session, PersonMatcher(present, records), source=source, as_of=as_of)
        for record in records:
            merging.apply(record)
            progress(1)
        if any(map(sits_for_riding, records)):
            merging.add_vacant_seats()
        left = merging.mark_left(present)
        session.flush()
    vacant = {row.id for row in merging.rows.values() if row.vacant}
    return MergeResult(
        added=tuple(one for one in merging.added if one not in vacant),
        changed=tuple(one for one in merging.changed if one not in vacant),
        left=tuple(one for one in left if not one.startswith("seat-")),
        total=len(records),
    )


class _Merging:
    """One merge under way: `rows` are those of the records so far, by their ids."""

    def __init__(self, session: Session, matcher: PersonMatcher, *, source: str, as_of: date) -> None:
        self.rows: dict[str, Legislator] = {}
        self.added: list[str] = []
        self.changed: list[str] = []
        self._session, self._matcher, self._source, self._as_of = session, matcher, source, as_of
        self._ids = set(session.scalars(select(Legislator.id)))
        self._numbers: dict[str, Iterator[int]] = {}
        parties = session.scalars(select(Legislator.party).where(Legislator.party.is_not(None)))
        self._parties = {fold(text): party for party in parties if party for text in party.values()}

    def apply(self, record: SourceRecord) -> None:
        """Write a record to the row of its person or seat, or to a new one."""
        row = self._matcher.find(record)
        if row is None:
            office = record.office or legislatures().chamber(record.chamber, record.province).member_office
            row = Legislator(
                id=self._new_id(record),
                chamber=record.chamber,
                office=office,
                status=Status.SITTING,
                privy_councillor=False,
            )
            self._write(row, record)
            self._session.add(row)
            self.added.append(row.id)
        elif row.id in self.rows:
            raise ListRejected(message("%(name)s is named twice; remove one of the two", name=record.name))
        elif self._write(row, record):
            self.changed.append(row.id)
        self.rows[row.id] = row

    def add_vacant_seats(self) -> None:
        """Add a vacant seat, which can be written to, for every riding without a member."""
        taken = {row.riding_code for row in self.rows.values()}
        for riding in self._session.scalars(select(Riding).order_by(Riding.fed_code)):
            if riding.fed_code not in taken:
                code, province = riding.fed_code, riding.province
                self.apply(SourceRecord(chamber=COMMONS, status=Status.VACANT, riding_code=code, province=province))

    def mark_left(self, present: Sequence[Legislator]) -> list[str]:
        """Mark everyone of these lists whom no record named as having left, and return their ids."""
        left = [row for row in present if row.id not in self.rows and row.status is not Status.LEFT]
        for row in left:
            row.status, row.as_of, row.source = Status.LEFT, self._as_of, self._source
        return [row.id for row in left]

    def _write(self, row: Legislator, record: SourceRecord) -> bool:
        """Write every fact of the record; return whether any of it is new."""
        facts = {name: value for name in FACTS if (value := getattr(record, name)) not in (None, "", ())}
        if record.name and not record.last_name and fold(row.name or "") != fold(record.name):
            facts["first_name"], _, facts["last_name"] = record.name.rpartition(" ")
        if record.party is not None and len(set(record.party.values())) == 1:  # named in one language
            facts["party"] = self._parties.get(fold(next(iter(record.party.values()))), record.party)
        facts["status"] = record.status or ONCE_LISTED.get(row.status, row.status)
        if facts["status"] is not row.status:
            facts["note"] = record.note
        changes = {name: value for name, value in facts.items() if getattr(row, name) != value}
        for name, value in changes.items():
            setattr(row, name, value)
        row.source, row.as_of = record.source or self._source, record.as_of or self._as_of
        return bool(changes)

    def _new_id(self, record: SourceRecord) -> str:
        if record.status is Status.VACANT and record.riding_code:
            return seat_id(record.riding_code)
        prefix = legislatures().chamber(record.chamber, record.province).id_prefix
        slug = re.sub(r"[^a-z0-9]+", "-", fold(record.name)).strip("-")[:MAX_SLUG] or "person"
        wanted = f"{prefix}-{slug}"
        choices = (wanted, f"{wanted}-{record.riding_code or (record.province or '').lower()}")
        # The numbers of a name go on where its last bearer's stopped: of many namesakes, none is tried twice.
        numbered = (f"{wanted}-{number}" for number in self._numbers.setdefault(wanted, itertools.count(2)))
        new = next(choice for choice in itertools.chain(choices, numbered) if choice not in self._ids)
        self._ids.add(new)
        return new


def _check_records(records: Sequence[SourceRecord]) -> None:
    if not records:
        raise ListRejected(message("the list is empty; nothing was changed"))
    _check_unique(SHARED_ADDRESS, (record.email.casefold() for record in records if record.email))
    members = (record for record in records if sits_for_riding(record))
    _check_unique(SHARED_RIDING, (member.riding_code for member in members if member.riding_code))


def _check_unique(what: Message, values: Iterable[str]) -> None:
    shared = ", ".join(sorted(value for value, count in Counter(values).items() if count > 1))
    if shared:
        raise ListRejected(what.with_params(shared=shared))


def _check_length(records: Sequence[SourceRecord], present: Sequence[Legislator]) -> None:
    new = Counter(list_key(record) for record in records if record.status is not Status.VACANT)
    now = Counter(list_key(row) for row in present if row.status not in {Status.VACANT, Status.LEFT})
    for key, count in now.items():
        if new[key] < MIN_SHARE * count:
            raise ListTooShort(new[key], count)
