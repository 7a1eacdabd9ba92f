"""What managers decide about accounts; the last manager stays one, whoever decides at the same moment."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from advocacy.database import take_turn
from advocacy.staff import audit_log, second_factors
from advocacy.staff.audit_log import Act
from advocacy.staff.models import Account, Role


class LastManager(Exception):
    """Without this person nobody could invite anybody: give somebody else the role first."""


def all_accounts(session: Session) -> Sequence[Account]:
    """List the accounts with their passkeys, open ones first, by name."""
    by_name = select(Account).options(selectinload(Account.webauthn))
    return session.scalars(by_name.order_by(Account.active.desc(), Account.name, Account.id)).all()


def lock_to_decide(session: Session, account_id: int) -> Account | None:
    """Return an account to decide about, alone until the transaction ends; None where there is none."""
    take_turn(session, "people")
    return second_factors.locked(session, account_id) if session.get(Account, account_id) else None


def change_role(session: Session, account: Account, role: Role, *, by: int, now: datetime) -> None:
    """Change somebody's role, which ends their sessions; raises LastManager.

    The account has to be locked by `lock_to_decide`.
    """
    if account.role is role:
        return
    _refuse_last(session, account)
    before, account.role = account.role, role
    account.end_sessions()
    audit_log.write(
        session, Act.ROLE_CHANGED, f"account:{account.id}", by=by, now=now, before=before.value, after=role.value
    )


def close(session: Session, account: Account, *, by: int, now: datetime) -> None:
    """Close an account; raises LastManager. The account has to be locked by `lock_to_decide`."""
    if not account.active:
        return
    _refuse_last(session, account)
    account.active = False
    account.end_sessions()
    audit_log.write(session, Act.ACCOUNT_CLOSED, f"account:{account.id}", by=by, now=now)


def open_again(session: Session, account: Account, *, by: int, now: datetime) -> None:
    """Open an account again, with what it had."""
    if account.active:
        return
    account.active = True
    audit_log.write(session, Act.ACCOUNT_OPENED, f"account:{account.id}", by=by, now=now)


def end_sessions(session: Session, account: Account, *, by: int, now: datetime) -> None:
    account.end_sessions()
    audit_log.write(session, Act.SESSIONS_ENDED, f"account:{account.id}", by=by, now=now)


def _refuse_last(session: Session, account: Account) -> None:
    if account.role is not Role.MANAGER or not account.active:
        return
    others = select(Account.id).where(Account.role == Role.MANAGER, Account.active, Account.id != account.id)
    if session.scalar(others.limit(1)) is None:
        raise LastManager
