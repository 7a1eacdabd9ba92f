"""Facts that staff corrected: they outlast every newer list, until a list says the same."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeAlias

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from advocacy.database import take_turn
from advocacy.language import Language, Wording
from advocacy.legislators.legislatures import COMMONS, legislatures
from advocacy.legislators.models import (
    OWN_LIST_CHAMBER,
    Correction,
    Legislator,
    OfficeAddress,
    Riding,
    Status,
    seat_id,
    sits_for_riding,
)
from advocacy.legislators.recipient import Gender, Office

FactValue: TypeAlias = Any
"""A fact as JSON holds it: a text, a truth, a text per language, or None."""


@dataclass(frozen=True, slots=True)
class Fact:
    """How one fact of a row is written down, and written back."""

    get: Callable[[Legislator], FactValue]
    set: Callable[[Legislator, FactValue], None]


def _plain(field: str) -> Fact:
    return Fact(lambda row: getattr(row, field), lambda row, value: setattr(row, field, value))


def _enum(field: str, values: type[StrEnum]) -> Fact:
    def get(row: Legislator) -> FactValue:
        value = getattr(row, field)
        return None if value is None else value.value

    return Fact(get, lambda row, value: setattr(row, field, None if value is None else values(value)))


def _wording(field: str) -> Fact:
    def get(row: Legislator) -> FactValue:
        wording: Wording | None = getattr(row, field)
        return None if wording is None else {language.value: text for language, text in wording.items()}

    return Fact(get, lambda row, value: setattr(row, field, None if value is None else Wording(value)))


def _set_telephone(row: Legislator, value: FactValue) -> None:
    first, *others = row.addresses or (OfficeAddress("legislature"),)
    changed = replace(first, telephone=value)
    row.addresses = tuple(one for one in (changed, *others) if one.lines or one.telephone or one.fax)


FACTS: Mapping[str, Fact] = MappingProxyType(
    {
        "name": _plain("name"),
        "first_name": _plain("first_name"),
        "last_name": _plain("last_name"),
        "status": _enum("status", Status),
        "office": _enum("office", Office),
        "title": _wording("title"),
        "responsible_for": _plain("responsible_for"),
        "honorific": _plain("honorific"),
        "privy_councillor": _plain("privy_councillor"),
        "gender": _enum("gender", Gender),
        "preferred_language": _enum("preferred_language", Language),
        "party": _wording("party"),
        "email": _plain("email"),
        "telephone": Fact(lambda row: row.addresses[0].telephone if row.addresses else "", _set_telephone),
    }
)
"""What can be corrected of a person or a seat; who they are and where they sit is a list's to say."""
EDITABLE_STATUSES = (Status.SITTING, Status.DEPARTURE_ANNOUNCED, Status.LEFT)
"""The statuses that staff can set; the rest is for lists."""
OFFICES_WITH_TITLE = frozenset({Office.MINISTER, Office.PRIME_MINISTER})
SEAT_FIELDS = ("email", "telephone")
"""What a seat that nobody holds has."""


def fields_for(row: Legislator) -> tuple[str, ...]:
    """Return what can be corrected of a person, or of a vacant seat."""
    if row.vacant or not row.name:
        return SEAT_FIELDS
    # Only federal ministers answer for bills; other people introduce them.
    return tuple(field for field in FACTS if field != "responsible_for" or Office.MINISTER in offices_for(row))


def offices_for(row: Legislator) -> tuple[Office, ...]:
    """Return the offices that somebody of this chamber can hold."""
    return (
        (row.office,)
        if row.chamber == OWN_LIST_CHAMBER
        else tuple(legislatures().chamber(row.chamber, row.province).offices)
    )


def statuses_for(row: Legislator) -> tuple[Status, ...]:
    """Return the statuses that staff can choose for somebody, the present one included."""
    return EDITABLE_STATUSES if row.status in EDITABLE_STATUSES else (row.status, *EDITABLE_STATUSES)


def facts_of(row: Legislator) -> Mapping[str, FactValue]:
    """Return what the directory says of somebody now, as far as it can be corrected."""
    return {field: FACTS[field].get(row) for field in fields_for(row)}


def is_taken(session: Session, email: str, row: Legislator) -> bool:
    """Whether somebody else in office has an e-mail address."""
    others = select(Legislator.id).where(
        func.lower(Legislator.email) == email.lower(), Legislator.id != row.id, Legislator.status != Status.LEFT
    )
    return session.scalar(others.limit(1)) is not None


def corrections_of(session: Session, legislator_id: str) -> Mapping[str, Correction]:
    found = session.scalars(select(Correction).where(Correction.legislator_id == legislator_id))
    return {correction.field: correction for correction in found}


def is_corrected_since(session: Session, legislator_id: str, field: str, *, moment: datetime) -> bool:
    """Whether staff corrected a fact after a moment."""
    correction = corrections_of(session, legislator_id).get(field)
    return correction is not None and correction.at > moment


def conflicting_corrections(session: Session) -> Sequence[Correction]:
    """Return the corrections whose list has changed since and still does not agree, each with its legislator."""
    return [one for one in session.scalars(select(Correction).order_by(Correction.id)) if one.differs]


def lock_directory(session: Session) -> None:
    """Hold back every other writer of the directory until this transaction ends; to be called before it is read.

    Of two who correct at once the second sees what the first one saved, and no two people get the same address.
    """
    take_turn(session, "directory")


def correct(
    session: Session, row: Legislator, facts: Mapping[str, FactValue], *, by: int, now: datetime
) -> tuple[Mapping[str, FactValue], Mapping[str, FactValue]]:
    """Set facts of somebody, and return those that changed, as they were and as they are now.

    One that is set to what the list says is no longer a correction.
    """
    corrections = corrections_of(session, row.id)
    before = {field: FACTS[field].get(row) for field, value in facts.items() if FACTS[field].get(row) != value}
    after = {field: facts[field] for field in before}
    for field, value in after.items():
        correction = corrections.get(field)
        FACTS[field].set(row, value)
        if correction is None:
            listed = before[field]
            made = {"value": value, "source_value": listed, "source_then": listed, "by": by, "at": now}
            session.add(Correction(legislator_id=row.id, field=field, **made))
        elif value == correction.source_value:
            session.delete(correction)
        else:
            correction.value, correction.source_then = value, correction.source_value
            correction.by, correction.at = by, now
    session.flush()
    if "status" in after:
        _update_seats(session, [row])
    return before, after


@contextmanager
def without_corrections(session: Session) -> Iterator[None]:
    """Set every row back to what its list says while a newer list is merged, and apply the corrections again after it.

    One that the newer list agrees with is gone.
    """
    corrections = list(session.scalars(select(Correction)))
    for correction in corrections:
        FACTS[correction.field].set(correction.legislator, correction.source_value)
    try:
        yield
    finally:
        for correction in corrections:
            fact = FACTS[correction.field]
            listed = fact.get(correction.legislator)
            if listed == correction.value:
                session.delete(correction)
            else:
                correction.source_value = listed
                fact.set(correction.legislator, correction.value)
        _update_seats(session, [one.legislator for one in corrections if one.field == "status"])


def _update_seats(session: Session, rows: Iterable[Legislator]) -> None:
    """Make a riding have a vacant seat exactly while nobody holds it, after a status was corrected."""
    codes = {row.riding_code for row in rows if sits_for_riding(row) and row.riding_code}
    for code in sorted(codes):
        here = select(Legislator).where(Legislator.riding_code == code, Legislator.chamber == COMMONS)
        seated = list(session.scalars(here))
        seat = next((row for row in seated if row.id == seat_id(code)), None)
        is_taken = any(row is not seat and row.status is not Status.LEFT for row in seated)
        if seat is not None:
            seat.status = Status.LEFT if is_taken else Status.VACANT
        elif not is_taken:
            made = {"chamber": COMMONS, "office": Office.MEMBER, "status": Status.VACANT, "riding_code": code}
            province = session.get_one(Riding, code).province
            origin = {"source": seated[0].source, "as_of": seated[0].as_of}
            session.add(Legislator(id=seat_id(code), province=province, **made, **origin))
    session.flush()
