"""The queue of what is held: alike letters are one group, and a group is decided on at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, select
from sqlalchemy.orm import Session

from advocacy.delivery.models import Message
from advocacy.delivery.states import State
from advocacy.legislators.models import Legislator
from advocacy.letters.holding import HoldReason
from advocacy.letters.models import MessageKind, OwnText, StoredLetter

MAX_GROUPS = 100


@dataclass(frozen=True, slots=True)
class HoldGroup:
    """What is held together: `number` messages since `since`, from the id `first` to `last`.

    Letters are to one `office`; confirmation mails have none.
    """

    kind: str
    reason: str
    office: Legislator | None
    key: str
    number: int
    since: datetime
    first: int
    last: int

    @property
    def is_letters(self) -> bool:
        return self.kind == MessageKind.LETTER


_OFFICE = func.coalesce(StoredLetter.legislator_id, "")
_KEY = case(
    (Message.kind != MessageKind.LETTER, ""),
    (Message.reason == HoldReason.RECIPIENT_LIMIT, ""),
    else_=func.coalesce(OwnText.group_key, Message.ref),
)
"""What letters of a group have in common besides their office: a text, or that there are too many."""


def hold_groups(session: Session) -> Sequence[HoldGroup]:
    """Return the groups, those that wait longest first; MAX_GROUPS at most."""
    found = session.execute(_grouped().order_by(func.min(Message.changed_at), func.min(Message.id)).limit(MAX_GROUPS))
    return _read(session, found.all())


def find_group(session: Session, number: int) -> HoldGroup | None:
    """Return the group that the message of this number is in; None where it is not held."""
    one = _joined(select(Message.kind, Message.reason, _OFFICE, _KEY)).where(Message.id == number)
    found = session.execute(one).one_or_none()
    if found is None:
        return None
    kind, reason, office, key = found
    which = _of_group(kind=kind, reason=reason, office=office, key=key)
    groups = _read(session, session.execute(_grouped().where(which)).all())
    return groups[0] if groups else None


def message_ids(session: Session, group: HoldGroup, *, last: int, after: int = 0, limit: int) -> Sequence[int]:
    """Return the ids of a group's messages between `after`, exclusive, and `last`, the oldest first."""
    office = group.office.id if group.office else ""
    which = _joined(select(Message.id)).where(
        _of_group(kind=group.kind, reason=group.reason, office=office, key=group.key)
    )
    page = which.where(Message.id > after, Message.id <= last).order_by(Message.id).limit(limit)
    return session.scalars(page).all()


def _grouped() -> Select[Any]:
    columns = (Message.kind, Message.reason, _OFFICE, _KEY)
    counts = func.count(), func.min(Message.changed_at), func.min(Message.id), func.max(Message.id)
    return _joined(select(*columns, *counts)).group_by(*columns)


def _joined(statement: Select[Any]) -> Select[Any]:
    is_letter = and_(Message.kind == MessageKind.LETTER, StoredLetter.id == Message.ref)
    joined = statement.select_from(Message).outerjoin(StoredLetter, is_letter)
    return joined.outerjoin(OwnText, OwnText.letter_id == StoredLetter.id).where(Message.state == State.HELD)


def _of_group(*, kind: str, reason: str, office: str, key: str) -> ColumnElement[bool]:
    return and_(Message.kind == kind, Message.reason == reason, literal(office) == _OFFICE, literal(key) == _KEY)


def _read(session: Session, rows: Sequence[Any]) -> list[HoldGroup]:
    offices = {
        row.id: row for row in session.scalars(select(Legislator).where(Legislator.id.in_([r[2] for r in rows])))
    }
    return [HoldGroup(kind, reason, offices.get(office), *rest) for kind, reason, office, *rest in rows]
