"""A list is merged into the directory whole or not at all: people are recognised, leavers kept and marked."""

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.language import SOURCE, fold
from advocacy.legislators.corrections import without_corrections
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
EMPTY = message("the list is empty; nothing was changed")
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
    """Recognises by number, by seat and name or e-mail, or by a name that only one person bears."""

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
        row = self._find(record)
        return None if row is not None and _are_two_people(row, record) else row

    def _find(self, record: SourceRecord) -> Legislator | None:
        if record.status is Status.VACANT:
            return self._rows.get(seat_id(record.riding_code or ""))
        if record.source_id in self._by_source_id:
            return self._by_source_id[record.source_id]
        name, seat = fold(record.name), _seat(record)
        found = self._by_seat.get((seat, name)) or self._by_email.get((seat, (record.email or "").casefold()))
        return found or (self._by_name.get(name) if self._namesakes[name] == 1 else None)


def _are_two_people(row: Legislator, record: SourceRecord) -> bool:
    return bool(row.source_id and record.source_id and row.source_id != record.source_id)


def _seat(of: Legislator | SourceRecord) -> str:
    if of.riding_code:
        return of.riding_code
    return fold(next(iter(of.district.values()))) if of.district else of.province or ""


def merge(
    session: Session,
    records: Iterable[SourceRecord],
    *,
    source: str,
    as_of: date,
    accept_shorter: bool = False,
    done: ProgressCallback = no_progress,
) -> MergeResult:
    """Make the lists that `records` belong to say what the records say.

    A fact the source does not give stays as it was for the same person, and is unknown for a new one.
    Whoever the list no longer names is marked as having left. What staff corrected stays, unless the list now
    says the same. Raises ListTooShort unless `accept_shorter`, and ListRejected for an empty list, for an e-mail
    address or a riding given to two people, and for a person named twice.
    """
    offered = list(records)
    _check_records(offered)
    lists = {list_key(record) for record in offered}
    present = [row for row in session.scalars(select(Legislator)) if list_key(row) in lists]
    if not accept_shorter:
        _check_length(offered, present)
    with without_corrections(session):
        merging = _Merging(session, PersonMatcher(present, offered), source=source, as_of=as_of)
        for record in offered:
            merging.take(record)
            done(1)
        if any(map(sits_for_riding, offered)):
            merging.declare_vacancies()
        merging.mark_leavers(present)
        session.flush()
    return merging.outcome(len(offered))


class _Merging:
    """One merge under way: who is known, who was taken, what changed."""

    def __init__(self, session: Session, matcher: PersonMatcher, *, source: str, as_of: date) -> None:
        self._session, self._source, self._as_of = session, source, as_of
        self._ids = set(session.scalars(select(Legislator.id)))
        self._numbers: dict[str, Iterator[int]] = {}
        self._matcher = matcher
        parties = session.scalars(select(Legislator.party).where(Legislator.party.is_not(None)))
        self._parties = {fold(text): party for party in parties if party for text in party.values()}
        self._taken: dict[str, Legislator] = {}
        self._added: list[str] = []
        self._changed: list[str] = []
        self._left: list[str] = []

    def take(self, record: SourceRecord) -> None:
        """Find the record's person, or make a row, and write down what the record says."""
        row = self._matcher.find(record)
        if row is None:
            row = self._add(record)
            self._added.append(row.id)
        elif row.id in self._taken:
            raise ListRejected(message("%(name)s is named twice; remove one of the two", name=record.name))
        elif self._write(row, record):
            self._changed.append(row.id)
        self._taken[row.id] = row

    def mark_leavers(self, present: Sequence[Legislator]) -> None:
        """Mark everyone of these lists whom no record named."""
        for row in present:
            if row.id not in self._taken and row.status is not Status.LEFT:
                row.status, row.as_of, row.source = Status.LEFT, self._as_of, self._source
                self._left.append(row.id)

    def declare_vacancies(self) -> None:
        """Give every riding without a member a vacant seat that can be written to."""
        held = {row.riding_code for row in self._taken.values()}
        for riding in self._session.scalars(select(Riding).order_by(Riding.fed_code)):
            if riding.fed_code not in held:
                self.take(
                    SourceRecord(
                        chamber=COMMONS,
                        status=Status.VACANT,
                        riding_code=riding.fed_code,
                        province=riding.province,
                    )
                )

    def outcome(self, total: int) -> MergeResult:
        """Return what was done."""
        vacated = {row.id for row in self._taken.values() if row.vacant}
        return MergeResult(
            added=tuple(new for new in self._added if new not in vacated),
            changed=tuple(known for known in self._changed if known not in vacated),
            left=tuple(gone for gone in self._left if not gone.startswith("seat-")),
            total=total,
        )

    def _add(self, record: SourceRecord) -> Legislator:
        row = Legislator(
            id=self._new_id(record),
            chamber=record.chamber,
            office=record.office or legislatures().chamber(record.chamber, record.province).member_office,
            status=Status.SITTING,
            privy_councillor=False,
        )
        self._write(row, record)
        self._session.add(row)
        return row

    def _write(self, row: Legislator, record: SourceRecord) -> bool:
        """Write every fact the record gives; tell whether any was news."""
        facts: Mapping[str, object] = {name: getattr(record, name) for name in FACTS}
        given = {name: value for name, value in facts.items() if value not in (None, "", ())}
        given |= self._completed(row, record)
        given["status"] = record.status or ONCE_LISTED.get(row.status, row.status)
        if given["status"] is not row.status:
            given["note"] = record.note
        news = {name: value for name, value in given.items() if getattr(row, name) != value}
        for name, value in news.items():
            setattr(row, name, value)
        row.source, row.as_of = record.source or self._source, record.as_of or self._as_of
        return bool(news)

    def _completed(self, row: Legislator, record: SourceRecord) -> dict[str, object]:
        """Complete what the record says in part: a name not taken apart, a party named in one language."""
        said: dict[str, object] = {}
        if record.name and not record.last_name and fold(row.name or "") != fold(record.name):
            said["first_name"], _, said["last_name"] = record.name.rpartition(" ")
        if record.party is not None and len(set(record.party.values())) == 1:
            said["party"] = self._parties.get(fold(next(iter(record.party.values()))), record.party)
        return said

    def _new_id(self, record: SourceRecord) -> str:
        if record.status is Status.VACANT and record.riding_code:
            return seat_id(record.riding_code)
        prefix = legislatures().chamber(record.chamber, record.province).id_prefix
        wanted = f"{prefix}-{_slug(record.name)}"
        choices = (wanted, f"{wanted}-{record.riding_code or (record.province or '').lower()}")
        # The numbers of a name go on where its last bearer's stopped: of many namesakes, none is tried twice.
        numbered = (f"{wanted}-{number}" for number in self._numbers.setdefault(wanted, itertools.count(2)))
        new = next(choice for choice in itertools.chain(choices, numbered) if choice not in self._ids)
        self._ids.add(new)
        return new


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:MAX_SLUG] or "person"


def _check_records(records: Sequence[SourceRecord]) -> None:
    if not records:
        raise ListRejected(EMPTY)
    _check_unique(SHARED_ADDRESS, (record.email.casefold() for record in records if record.email))
    members = (record for record in records if sits_for_riding(record))
    _check_unique(SHARED_RIDING, (member.riding_code for member in members if member.riding_code))


def _check_unique(what: Message, values: Iterable[str]) -> None:
    shared = ", ".join(sorted(value for value, count in Counter(values).items() if count > 1))
    if shared:
        raise ListRejected(what.with_params(shared=shared))


def _check_length(records: Sequence[SourceRecord], present: Sequence[Legislator]) -> None:
    offered = Counter(list_key(record) for record in records if record.status is not Status.VACANT)
    now = Counter(list_key(row) for row in present if row.status not in {Status.VACANT, Status.LEFT})
    for key, count in now.items():
        if offered[key] < MIN_SHARE * count:
            raise ListTooShort(offered[key], count)
