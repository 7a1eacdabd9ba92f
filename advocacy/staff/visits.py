"""One signed-in browser: it begins with a sign-in and ends by itself, by signing out, or when its account changes."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select
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


def prove(session: Session, visit: Visit, *, now: datetime) -> str:
    """Note that the second factor was given, and give the visit's new token: its older one opens nothing any more."""
    token = _renew(visit)
    visit.proved_at = visit.seen_at = now
    session.flush()
    return token


def end_others(session: Session, account: Account, visit: Visit) -> str:
    """End every visit of an account but this one, and give its new token."""
    account.fs_uniquifier = visit.uniquifier = secrets.token_hex(16)
    token = _renew(visit)
    session.execute(delete(Visit).where(Visit.account_id == account.id, Visit.id != visit.id))
    session.flush()
    return token


def end(session: Session, token: str) -> None:
    """End the visit of a token."""
    session.execute(delete(Visit).where(Visit.token_hash == hashed(token)))


def end_all(session: Session, account: Account) -> None:
    """End every visit of an account: whoever is signed in signs in again."""
    account.fs_uniquifier = secrets.token_hex(16)
    session.execute(delete(Visit).where(Visit.account_id == account.id))


def forget(session: Session, *, now: datetime) -> None:
    """Delete the visits that are over by themselves."""
    session.execute(delete(Visit).where((Visit.seen_at < now - IDLE) | (Visit.began_at < now - LONGEST)))


def _renew(visit: Visit) -> str:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    visit.token_hash = hashed(token)
    return token
