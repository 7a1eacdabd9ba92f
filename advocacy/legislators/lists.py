"""The directory as its managers go through it: by list, by what is in doubt, by what was corrected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import Session

from advocacy.language import Wording, fold
from advocacy.legislators.models import Chamber, Correction, DoubtfulAddress, Legislator, Riding, Status
from advocacy.legislators.province import Province
from advocacy.legislators.recipient import CABINET

MINISTERS, LEFT = "ministers", "left"
LISTS = (Chamber.COMMONS, Chamber.SENATE, MINISTERS, Chamber.ASSEMBLY, Chamber.COUNCIL, LEFT)
"""The lists there can be."""
IN_OFFICE = Legislator.status != Status.LEFT
UNKNOWN_GENDER = Legislator.gender.is_(None) & IN_OFFICE & (Legislator.name != "")


@dataclass(frozen=True, slots=True)
class Line:
    """One person or seat of a list."""

    id: str
    name: str
    status: Status
    title: Wording | None
    party: Wording | None
    email: str | None
    place: Wording | None
    doubtful: bool
    corrected: bool


def counts(session: Session) -> Mapping[str, int]:
    """Return how many people and seats each list has, without those that are empty."""
    found = {key: session.scalar(select(func.count()).where(_of_list(key))) or 0 for key in LISTS}
    return {key: number for key, number in found.items() if number}


def list_lines(session: Session, key: str) -> Sequence[Line]:
    """Return one list, by place and name."""
    return _lines(session, _of_list(key))


def lines_of(session: Session, ids: Sequence[str]) -> Sequence[Line]:
    """Return these people and seats, in this order."""
    return sorted(_lines(session, Legislator.id.in_(ids)), key=lambda line: ids.index(line.id))


def corrected_lines(session: Session) -> Sequence[Line]:
    """Return everybody of whom something is corrected."""
    return _lines(session, Legislator.id.in_(select(Correction.legislator_id)))


def doubts(session: Session) -> Sequence[Row[str, str, str, datetime]]:
    """Return every address in doubt that the directory has: whose it is, and since when."""
    found = (
        select(Legislator.id, Legislator.name, DoubtfulAddress.email, DoubtfulAddress.since)
        .join(DoubtfulAddress, DoubtfulAddress.email == func.lower(Legislator.email))
        .where(IN_OFFICE)
        .order_by(Legislator.id)
    )
    return session.execute(found).all()


def unknown_genders(session: Session) -> Mapping[Chamber, int]:
    """Return how many in office have a neutral form of address, because no source tells their gender."""
    unknown = select(Legislator.chamber, func.count()).where(UNKNOWN_GENDER)
    return dict(session.execute(unknown.group_by(Legislator.chamber)).all())


def _of_list(key: str) -> ColumnElement[bool]:
    if key == LEFT:
        return ~IN_OFFICE
    return IN_OFFICE & (Legislator.office.in_(CABINET) if key == MINISTERS else Legislator.chamber == Chamber(key))


def _lines(session: Session, which: ColumnElement[bool]) -> list[Line]:
    columns = (
        *(Legislator.id, Legislator.name, Legislator.status, Legislator.title, Legislator.party, Legislator.email),
        *(Legislator.last_name, Riding.name, Legislator.district, Legislator.province),
    )
    doubtful = set(session.scalars(select(DoubtfulAddress.email)))
    corrected = set(session.scalars(select(Correction.legislator_id)))
    found = []
    for row in session.execute(select(*columns).outerjoin(Legislator.riding).where(which)):
        last_name, riding, district, province = row[6:]
        place = riding or district or (Province(province).wording if province else None)
        line = Line(*row[:6], place, (row.email or "").casefold() in doubtful, row.id in corrected)
        found.append((fold(next(iter(place.values()))) if place else "", fold(last_name), row.id, line))
    return [line for *_order, line in sorted(found, key=lambda one: one[:3])]
