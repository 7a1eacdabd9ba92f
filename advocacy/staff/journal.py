"""Reading the journal: newest first, page by page, of one person, one act or one day where that is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from advocacy.language import EASTERN
from advocacy.staff.models import Account, AuditEntry

PAGE = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be read; `below` is the id that the page before ended with, `day` a day in Ottawa."""

    account_id: int | None = None
    act: str = ""
    day: date | None = None
    below: int | None = None


def read(session: Session, asked: Asked) -> tuple[Sequence[AuditEntry], bool]:
    """Give one page of entries, newest first, and whether there are older ones."""
    wanted = select(AuditEntry).options(joinedload(AuditEntry.account)).order_by(AuditEntry.id.desc()).limit(PAGE + 1)
    if asked.account_id is not None:
        wanted = wanted.where(AuditEntry.account_id == asked.account_id)
    if asked.act:
        wanted = wanted.where(AuditEntry.act == asked.act)
    if asked.day is not None:
        begins, ends = (_midnight(asked.day + timedelta(days=days)) for days in (0, 1))
        wanted = wanted.where(AuditEntry.at >= begins, AuditEntry.at < ends)
    if asked.below is not None:
        wanted = wanted.where(AuditEntry.id < asked.below)
    found = session.scalars(wanted).all()
    return found[:PAGE], len(found) > PAGE


def people(session: Session) -> Sequence[Account]:
    """Give everybody who has an account, open or closed, by their names."""
    return session.scalars(select(Account).order_by(Account.name, Account.id)).all()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), EASTERN)
