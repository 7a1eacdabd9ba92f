"""The sessions of signed-in browsers: each ends by itself, by signing out, or when its account changes."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session, contains_eager

from advocacy.encryption import hashed
from advocacy.staff.models import Account, BrowserSession

MAX_IDLE = timedelta(minutes=30)
MAX_AGE = timedelta(hours=12)
TOUCH_INTERVAL = timedelta(minutes=1)
"""How exactly it is known when somebody was last here."""
TOKEN_BYTES = 32


def begin(session: Session, account: Account, *, now: datetime, proved: bool) -> str:
    """Begin a session and return the token for its cookie; `proved` when the second factor was given."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(
        BrowserSession(
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


def find(session: Session, token: str, *, now: datetime) -> BrowserSession | None:
    """Return the session of a token with its account; None once it is over."""
    return session.scalar(
        _lasting(now).options(contains_eager(BrowserSession.account)).where(BrowserSession.token_hash == hashed(token))
    )


def all_of(session: Session, account_id: int, *, now: datetime) -> Sequence[BrowserSession]:
    """Return the sessions of an account that are not over, the latest first."""
    return session.scalars(_lasting(now).where(Account.id == account_id).order_by(BrowserSession.seen_at.desc())).all()


def touch(session: Session, browser_session: BrowserSession, *, now: datetime) -> None:
    """Note that the person of a session is here."""
    session.execute(update(BrowserSession).where(BrowserSession.id == browser_session.id).values(seen_at=now))
    session.execute(update(Account).where(Account.id == browser_session.account_id).values(seen_at=now))


def prove(session: Session, token: str, *, now: datetime) -> None:
    """Note that the second factor was given, or set up."""
    session.execute(
        update(BrowserSession).where(BrowserSession.token_hash == hashed(token)).values(proved_at=now, seen_at=now)
    )


def end(session: Session, token: str) -> None:
    session.execute(delete(BrowserSession).where(BrowserSession.token_hash == hashed(token)))


def forget(session: Session, *, now: datetime) -> None:
    """Delete the sessions that are over by themselves."""
    session.execute(
        delete(BrowserSession).where(
            (BrowserSession.seen_at < now - MAX_IDLE) | (BrowserSession.began_at < now - MAX_AGE)
        )
    )


def _lasting(now: datetime) -> Select[BrowserSession]:
    """Select the sessions that are not over: an account that was signed out everywhere has a new `fs_uniquifier`."""
    current = select(BrowserSession).join(
        Account, (Account.id == BrowserSession.account_id) & (Account.fs_uniquifier == BrowserSession.uniquifier)
    )
    return current.where(
        Account.active, BrowserSession.seen_at > now - MAX_IDLE, BrowserSession.began_at > now - MAX_AGE
    )
