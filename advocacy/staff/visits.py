"""One signed-in browser: it begins with a sign-in and ends by itself, by signing out, or when its account changes."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session, contains_eager

from advocacy.sealing import hashed
from advocacy.staff.models import Account, Visit

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
TOUCH = timedelta(minutes=1)
"""How exactly it is known when somebody was last here."""
TOKEN_BYTES = 32


def begin(session: Session, account: Account, *, now: datetime, proved: bool) -> str:
    """Begin a visit and return the token for its cookie; `proved` when the second factor was given."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(
        Visit(
            token_hash=hashed(token),
            account_id=account.id,
            uniquifier=account.fs_uniquifier,
            began_at=now,
            seen_at=now,
            proved_at=now if proved else None,
        )
    )
    session.flush()
    return token


def find(session: Session, token: str, *, now: datetime) -> Visit | None:
    """Return the visit of a token with its account; None once it is over."""
    return session.scalar(_lasting(now).options(contains_eager(Visit.account)).where(Visit.token_hash == hashed(token)))


def all_of(session: Session, account_id: int, *, now: datetime) -> Sequence[Visit]:
    """Return the visits of an account that are not over, the latest first."""
    return session.scalars(_lasting(now).where(Account.id == account_id).order_by(Visit.seen_at.desc())).all()


def touch(session: Session, visit: Visit, *, now: datetime) -> None:
    """Note that the person of a visit is here."""
    session.execute(update(Visit).where(Visit.id == visit.id).values(seen_at=now))
    session.execute(update(Account).where(Account.id == visit.account_id).values(seen_at=now))


def prove(session: Session, token: str, *, now: datetime) -> None:
    """Note that the second factor was given, or set up."""
    session.execute(update(Visit).where(Visit.token_hash == hashed(token)).values(proved_at=now, seen_at=now))


def end(session: Session, token: str) -> None:
    """End the visit of a token."""
    session.execute(delete(Visit).where(Visit.token_hash == hashed(token)))


def forget(session: Session, *, now: datetime) -> None:
    """Delete the visits that are over by themselves."""
    session.execute(delete(Visit).where((Visit.seen_at < now - IDLE) | (Visit.began_at < now - LONGEST)))


def _lasting(now: datetime) -> Select[Visit]:
    """Select the visits that are not over: an account that was signed out everywhere has a new `fs_uniquifier`."""
    current = select(Visit).join(
        Account, (Account.id == Visit.account_id) & (Account.fs_uniquifier == Visit.uniquifier)
    )
    return current.where(Account.active, Visit.seen_at > now - IDLE, Visit.began_at > now - LONGEST)
