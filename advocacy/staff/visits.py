"""One signed-in browser: it begins with a sign-in and ends by itself, by signing out, or when its account changes."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, joinedload

from advocacy.sealing import hashed
from advocacy.staff.models import Account, Visit

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
TOUCH = timedelta(minutes=1)
"""How exactly it is known when somebody was last here."""
TOKEN_BYTES = 32


def begin(session: Session, account: Account, *, now: datetime, proved: bool) -> str:
    """Begin a visit and give the token for its cookie; `proved` when the second factor was given."""
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
    """Give the visit of a token with its account; None once it is over."""
    which = select(Visit).options(joinedload(Visit.account)).where(Visit.token_hash == hashed(token))
    visit = session.scalar(which)
    if visit is None or not visit.account.active or visit.uniquifier != visit.account.fs_uniquifier:
        return None
    return None if is_over(visit, now) else visit


def is_over(visit: Visit, now: datetime) -> bool:
    """Tell whether a visit has ended by itself."""
    return now - visit.seen_at >= IDLE or now - visit.began_at >= LONGEST


def wants_touch(visit: Visit, now: datetime) -> bool:
    """Tell whether it should be noted that its person is here."""
    return now - visit.seen_at >= TOUCH


def prove(session: Session, token: str, *, now: datetime) -> None:
    """Note that the second factor was given, or set up."""
    session.execute(update(Visit).where(Visit.token_hash == hashed(token)).values(proved_at=now, seen_at=now))


def end(session: Session, token: str) -> None:
    """End the visit of a token."""
    session.execute(delete(Visit).where(Visit.token_hash == hashed(token)))


def end_all(session: Session, account: Account) -> None:
    """End every visit of an account: whoever is signed in signs in again."""
    account.fs_uniquifier = secrets.token_hex(16)
    end_all_of(session, account.id)


def end_all_of(session: Session, account_id: int) -> None:
    """End every visit of an account whose `fs_uniquifier` is new."""
    session.execute(delete(Visit).where(Visit.account_id == account_id))


def forget(session: Session, *, now: datetime) -> None:
    """Delete the visits that are over by themselves."""
    session.execute(delete(Visit).where((Visit.seen_at < now - IDLE) | (Visit.began_at < now - LONGEST)))
