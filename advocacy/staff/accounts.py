"""What managers decide about accounts; the last manager stays one, whoever decides at the same moment."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from advocacy.database import take_turn
from advocacy.staff import second_factors
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


def change_role(session: Session, account: Account, role: Role) -> None:
    """Change the role of a locked account, which ends its sessions; raises LastManager."""
    _refuse_last(session, account)
    account.role = role
    account.end_sessions()


def close(session: Session, account: Account) -> None:
    """Close a locked account; raises LastManager."""
    _refuse_last(session, account)
    account.active = False
    account.end_sessions()


def _refuse_last(session: Session, account: Account) -> None:
    if account.role is not Role.MANAGER or not account.active:
        return
    others = select(Account.id).where(Account.role == Role.MANAGER, Account.active, Account.id != account.id)
    if session.scalar(others.limit(1)) is None:
        raise LastManager
