"""Queries of the directory: who sits for a riding or a province, its lists, and what to know before writing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Row, Select, case, func, or_, select, true
from sqlalchemy.orm import Session

from advocacy.language import Wording, fold
from advocacy.legislators.forms_of_address import postage_free
from advocacy.legislators.legislatures import MINISTERS, SENATE, Chamber, Province, Seats, legislatures
from advocacy.legislators.models import (
    BouncedAddress,
    Correction,
    DataSet,
    Legislator,
    ListKey,
    Origin,
    Riding,
    Status,
    data_set_key,
    to_recipient,
)
from advocacy.legislators.recipient import CABINET, Office
from advocacy.messages import Message, message

LEFT = "left"
ALL_OWN_LISTS = "*"
IN_OFFICE = Legislator.status != Status.LEFT
NO_EMAIL = message("No e-mail address is known: print the letter and mail it, no stamp needed within Canada.")
NO_EMAIL_STAMPED = message("No e-mail address is known: print the letter and mail it.")
NOTICES = {
    Status.DEPARTURE_ANNOUNCED: message("A departure has been announced: check before writing."),
    Status.ELECTED_SINCE: message("Elected since our list was made."),
    Status.PAST_RETIREMENT: message("The date of mandatory retirement has passed: choose someone else."),
    Status.VACANT: message("This seat is vacant: the letter goes to the office."),
    Status.LEFT: message("No longer in office: choose someone else."),
}
CAME_BACK = message(
    "E-mail to this address came back: print the letter and mail it instead, no stamp needed within Canada."
)
CAME_BACK_STAMPED = message("E-mail to this address came back: print the letter and mail it instead.")
AS_OF = message("%(source)s, as of %(date)s; not an official list")


def names_of(riding: Riding) -> Iterable[str]:
    """Return every name a riding may be looked for by."""
    for wording in (riding.name, *(alias.name for alias in riding.aliases)):
        yield from wording.values()


class RidingNames:
    """The federal ridings by any of their names, however typed."""

    def __init__(self, names: Mapping[str, Iterable[str]], provinces: Mapping[str, str]) -> None:
        """Take every name of each riding's code, and each code's province."""
        self.provinces = provinces
        self._codes: dict[str, set[str]] = {}
        for code, names_of_code in names.items():
            for name in names_of_code:
                self._codes.setdefault(fold(name), set()).add(code)

    def code(self, name: str) -> str | None:
        """Return the code of the one riding with this name; None when there is none or more than one."""
        found = self._codes.get(fold(name), set())
        return next(iter(found)) if len(found) == 1 else None


def riding_names(session: Session) -> RidingNames:
    ridings = list(session.scalars(select(Riding)))
    names = {riding.fed_code: list(names_of(riding)) for riding in ridings}
    return RidingNames(names, {riding.fed_code: riding.province for riding in ridings})


def members_for(session: Session, riding_codes: Sequence[str]) -> list[Legislator]:
    """Return the members of the House, or vacant seats, of these ridings, in the order of the codes.

    A minister who sits for one of them comes once, as the minister.
    """
    found = session.scalars(
        _current().where(
            Legislator.chamber.in_(legislatures().keys_by_seats[Seats.RIDING]), Legislator.riding_code.in_(riding_codes)
        )
    )
    order = {code: place for place, code in enumerate(riding_codes)}
    return sorted(found.all(), key=lambda row: (order[row.riding_code or ""], row.id))


def ministers(session: Session) -> list[Legislator]:
    """Return the federal ministers, the Prime Minister first."""
    rank = case((Legislator.office == Office.PRIME_MINISTER, 0), else_=1)
    return list(session.scalars(_current().where(Legislator.office.in_(CABINET)).order_by(rank, Legislator.last_name)))


def everyone(session: Session, *, own_list: str | None = None, today: date | None = None) -> list[Legislator]:
    """Return everyone of the directory who can be written to, vacant seats included.

    With `own_list`, the people whom this campaign lists itself too; with "*", those of every campaign. With `today`,
    without those whose date of mandatory retirement has come.
    """
    own = true() if own_list == ALL_OWN_LISTS else Legislator.campaign == own_list
    rows = session.scalars(_current().where(or_(Legislator.campaign.is_(None), own)))
    return [row for row in rows if today is None or not has_left(row, today)]


def has_left(row: Legislator, today: date) -> bool:
    """Whether nobody writes to someone any more: they left, or must have by their age (Constitution Act, s. 29(2))."""
    return status_on(row, today) in {Status.LEFT, Status.PAST_RETIREMENT}


def status_on(row: Legislator, today: date) -> Status:
    """Return someone's status, a retirement date that has passed since included."""
    retired = row.status is Status.SITTING and row.retires_on is not None and row.retires_on <= today
    return Status.PAST_RETIREMENT if retired else row.status


def status_notices(row: Legislator, today: date) -> tuple[Message, ...]:
    """Return what is out of the ordinary about someone's seat; nothing for most."""
    status = status_on(row, today)
    return (NOTICES[status],) if status in NOTICES else ()


def notices(row: Legislator, today: date) -> tuple[Message, ...]:
    """Return what someone must know before writing: their status, and a missing e-mail address with the way out."""
    status = status_notices(row, today)
    if row.email or row.status is Status.LEFT:
        return status
    return (*status, NO_EMAIL if postage_free(to_recipient(row)) else NO_EMAIL_STAMPED)


def provenance(row: Legislator) -> Message:
    """Return where the facts about this person come from and how fresh they are."""
    return AS_OF.with_params(source=row.source, date=row.as_of)


def mark_bounced(session: Session, legislator_id: str, *, now: datetime, reason: str, email: str | None = None) -> None:
    """Note that mail to the e-mail address of someone, or to another `email` of theirs, came back; the first counts."""
    row = session.get(Legislator, legislator_id)
    email = (email or (row.email if row else None) or "").casefold()
    if email and session.get(BouncedAddress, email) is None:
        session.add(BouncedAddress(email=email, since=now, reason=reason))
        session.flush()


def clear_bounced(session: Session, email: str) -> bool:
    """Remove the mark from an address; False where there was none."""
    row = session.get(BouncedAddress, email.casefold())
    if row is not None:
        session.delete(row)
    return row is not None


def is_bounced(session: Session, email: str) -> bool:
    """Whether mail to an address came back."""
    return session.get(BouncedAddress, email.casefold()) is not None


def bounced_addresses(session: Session) -> Mapping[str, datetime]:
    """Return every address that mail came back from, in small letters, and since when."""
    rows = session.scalars(select(BouncedAddress).order_by(BouncedAddress.email))
    return {row.email: row.since for row in rows}


def bounce_warnings(session: Session, row: Legislator) -> tuple[Message, ...]:
    """Return what someone must know before writing to an address that mail came back from; nothing for most."""
    if not row.email or session.get(BouncedAddress, row.email.casefold()) is None:
        return ()
    return (CAME_BACK if postage_free(to_recipient(row)) else CAME_BACK_STAMPED,)


@dataclass(frozen=True, slots=True)
class DirectoryEntry:
    """One person or seat of a list."""

    id: str
    name: str
    status: Status
    title: Wording | None
    party: Wording | None
    email: str | None
    place: Wording | None
    bounced: bool
    corrected: bool


def sits_in(chamber: Chamber) -> ColumnElement[bool]:
    """Return the condition that somebody sits in a chamber."""
    condition = Legislator.chamber == chamber.key
    return condition & (Legislator.province == chamber.province) if chamber.province else condition


def list_keys() -> Sequence[str]:
    """Return the lists there can be, Parliament's chambers and its ministers first."""
    keys = list(legislatures().by_key)
    place = keys.index(SENATE) + 1
    return (*keys[:place], MINISTERS, *keys[place:], LEFT)


def list_counts(session: Session) -> Mapping[str, int]:
    """Return how many people and seats each list has, without those that are empty."""
    found = {key: session.scalar(select(func.count()).where(_of_list(key))) or 0 for key in list_keys()}
    return {key: number for key, number in found.items() if number}


def list_entries(session: Session, key: str) -> Sequence[DirectoryEntry]:
    """Return one list, by place and name."""
    return _entries(session, _of_list(key))


def entries_by_id(session: Session, ids: Sequence[str]) -> Sequence[DirectoryEntry]:
    return sorted(_entries(session, Legislator.id.in_(ids)), key=lambda line: ids.index(line.id))


def corrected_entries(session: Session) -> Sequence[DirectoryEntry]:
    return _entries(session, Legislator.id.in_(select(Correction.legislator_id)))


def bounced_entries(session: Session) -> Sequence[Row[str, str, str, datetime]]:
    """Return every address of the directory that mail came back from: whose it is, and since when."""
    found = (
        select(Legislator.id, Legislator.name, BouncedAddress.email, BouncedAddress.since)
        .join(BouncedAddress, BouncedAddress.email == func.lower(Legislator.email))
        .where(IN_OFFICE)
        .order_by(Legislator.id)
    )
    return session.execute(found).all()


def unknown_genders(session: Session) -> int:
    """Return how many in office have a neutral form of address, because no source tells their gender."""
    unknown = Legislator.gender.is_(None) & IN_OFFICE & (Legislator.name != "")
    return session.scalars(select(func.count()).where(unknown)).one()


def _of_list(key: str) -> ColumnElement[bool]:
    if key == LEFT:
        return ~IN_OFFICE
    return IN_OFFICE & (Legislator.office.in_(CABINET) if key == MINISTERS else Legislator.chamber == key)


def _entries(session: Session, which: ColumnElement[bool]) -> list[DirectoryEntry]:
    columns = (
        *(Legislator.id, Legislator.name, Legislator.status, Legislator.title, Legislator.party, Legislator.email),
        *(Legislator.last_name, Riding.name, Legislator.district, Legislator.province),
    )
    bounced = set(session.scalars(select(BouncedAddress.email)))
    corrected = set(session.scalars(select(Correction.legislator_id)))
    found = []
    for row in session.execute(select(*columns).outerjoin(Legislator.riding).where(which)):
        last_name, riding, district, province = row[6:]
        place = riding or district or (Province(province).wording if province else None)
        line = DirectoryEntry(*row[:6], place, (row.email or "").casefold() in bounced, row.id in corrected)
        found.append((fold(next(iter(place.values()))) if place else "", fold(last_name), row.id, line))
    return [line for *_order, line in sorted(found, key=lambda one: one[:3])]


def record_import(session: Session, key: ListKey, *, source: str, as_of: date, now: datetime) -> None:
    """Write down that the site itself brought a list in, so that shipped lists leave it alone from now on."""
    chamber, province = key
    listed = select(func.count()).where(
        Legislator.chamber == chamber, Legislator.status.not_in([Status.LEFT, Status.VACANT])
    )
    session.merge(
        DataSet(
            key=data_set_key(key),
            as_of=as_of,
            source=source,
            origin=Origin.SITE,
            digest="",
            rows=session.scalar(listed.where(Legislator.province == province) if province else listed) or 0,
            imported_at=now,
        )
    )


def data_sets(session: Session) -> list[DataSet]:
    """Return every list that was brought in, by its key."""
    return list(session.scalars(select(DataSet).order_by(DataSet.key)))


def _current() -> Select[Legislator]:
    return select(Legislator).where(Legislator.status != Status.LEFT)
