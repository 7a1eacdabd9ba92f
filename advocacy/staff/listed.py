"""The directory as its managers go through it: by list, by what is in doubt, by what was corrected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from advocacy.language import Wording, fold
from advocacy.legislators.models import Chamber, Correction, DoubtfulAddress, Legislator, Riding, Status
from advocacy.legislators.province import Province
from advocacy.legislators.recipient import CABINET, Office
from advocacy.staff.models import AuditEntry

MINISTERS, LEFT = "ministers", "left"
LISTS = (Chamber.COMMONS, Chamber.SENATE, MINISTERS, Chamber.ASSEMBLY, Chamber.COUNCIL, LEFT)
"""The lists there can be."""
MOST_ACTS = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One person or seat of a list."""

    id: str
    name: str
    status: Status
    office: Office
    title: Wording | None
    party: Wording | None
    email: str | None
    last_name: str
    place: Wording | None
    doubtful: bool
    corrected: bool


@dataclass(frozen=True, slots=True)
class Doubt:
    """An address that mail came back from, and whose it is."""

    id: str
    name: str
    email: str
    since: datetime
    reason: str


def counts(session: Session) -> Mapping[str, int]:
    """Give how many people and seats each list has, without those that are empty."""
    rows = session.execute(
        select(Legislator.chamber, Legislator.status, func.count()).group_by(Legislator.chamber, Legislator.status)
    )
    found: dict[str, int] = {}
    for chamber, status, number in rows:
        key = LEFT if status is Status.LEFT else chamber.value
        found[key] = found.get(key, 0) + number
    ministers = select(func.count()).where(Legislator.office.in_(CABINET), Legislator.status != Status.LEFT)
    found[MINISTERS] = session.scalar(ministers) or 0
    return {key: found[key] for key in LISTS if found.get(key)}


def lines(session: Session, key: str) -> Sequence[Line]:
    """Give one list, by place and name."""
    return _lines(session, _which(key))


def lines_of(session: Session, ids: Sequence[str]) -> Sequence[Line]:
    """Give these people and seats, in this order."""
    order = {one: place for place, one in enumerate(ids)}
    return sorted(_lines(session, Legislator.id.in_(ids)), key=lambda line: order[line.id])


def doubts(session: Session) -> Sequence[Doubt]:
    """Give every address in doubt that the directory has."""
    found = (
        select(Legislator.id, Legislator.name, DoubtfulAddress.email, DoubtfulAddress.since, DoubtfulAddress.reason)
        .join(DoubtfulAddress, DoubtfulAddress.email == func.lower(Legislator.email))
        .where(Legislator.status != Status.LEFT)
        .order_by(Legislator.id)
    )
    return [Doubt(*row) for row in session.execute(found)]


def doubt_about(session: Session, row: Legislator) -> DoubtfulAddress | None:
    """Give what is in doubt about somebody's address."""
    return session.get(DoubtfulAddress, row.email.casefold()) if row.email else None


def acts_on(session: Session, legislator_id: str) -> Sequence[AuditEntry]:
    """Give what staff did to an entry, newest first."""
    about = select(AuditEntry).where(AuditEntry.subject == f"legislator:{legislator_id}")
    return list(session.scalars(about.order_by(AuditEntry.id.desc()).limit(MOST_ACTS)))


def unknown_gender(session: Session) -> Sequence[Legislator]:
    """Return everybody in office whose form of address is neutral, because no source tells their gender."""
    unknown = select(Legislator).where(
        Legislator.gender.is_(None), Legislator.status != Status.LEFT, Legislator.name != ""
    )
    return list(session.scalars(unknown.order_by(Legislator.chamber, Legislator.last_name, Legislator.id)))


def corrected(session: Session) -> Sequence[Line]:
    """Give everybody of whom something is corrected."""
    return _lines(session, Legislator.id.in_(select(Correction.legislator_id)))


def _which(key: str) -> object:
    if key == LEFT:
        return Legislator.status == Status.LEFT
    current = Legislator.status != Status.LEFT
    return current & (Legislator.office.in_(CABINET) if key == MINISTERS else (Legislator.chamber == Chamber(key)))


def _lines(session: Session, which: object) -> list[Line]:
    columns = (
        *(Legislator.id, Legislator.name, Legislator.status, Legislator.office, Legislator.title, Legislator.party),
        *(Legislator.email, Legislator.last_name, Riding.name, Legislator.district, Legislator.province),
    )
    found = session.execute(select(*columns).outerjoin(Legislator.riding).where(which))  # type: ignore[arg-type]
    doubtful = set(session.scalars(select(DoubtfulAddress.email)))
    changed = set(session.scalars(select(Correction.legislator_id)))
    made = [
        Line(*row[:8], _place(*row[8:]), (row.email or "").casefold() in doubtful, row.id in changed) for row in found
    ]
    return sorted(made, key=lambda line: (fold(_first(line.place)), fold(line.last_name), line.id))


def _place(riding: Wording | None, district: Wording | None, province: str | None) -> Wording | None:
    return riding or district or (Province(province).wording if province else None)


def _first(place: Wording | None) -> str:
    return next(iter(place.values())) if place else ""
