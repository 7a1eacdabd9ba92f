"""Invitations: links that work once and create an account, or give somebody a new password."""

from datetime import datetime, timedelta

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from advocacy.language import Language
from advocacy.letters.encrypted_columns import normalize_address
from advocacy.staff import audit_log
from advocacy.staff.audit_log import Act
from advocacy.staff.models import EMAIL, NAME, Account, Invitation, Role

VALIDITY, FIRST_VALIDITY = timedelta(days=7), timedelta(hours=24)
RETENTION = timedelta(days=30)
"""How long an invitation that nobody used is stored after its end."""
ANYBODY = ""
"""Instead of an address, for the first manager, who types theirs."""


class NotInvited(Exception):
    """The address that the first manager typed already has an account."""


def read_address(typed: str) -> str | None:
    """Return the one spelling of an e-mail address by which an account is known; None for what is none."""
    try:
        validate_email(typed.strip(), check_deliverability=False)
    except EmailNotValidError:
        return None
    address = normalize_address(typed)
    return address if len(address) <= EMAIL else None


def by_email(session: Session, email: str) -> Account | None:
    """Return the account of an address, in any spelling."""
    return session.scalar(select(Account).where(Account.email == normalize_address(email)))


def invite(
    session: Session, email: str, role: Role, *, by: int | None, now: datetime, valid: timedelta = VALIDITY
) -> Invitation:
    """Invite an address; older links to it end.

    An address that has an account gets a new password by it, and keeps its own role.
    """
    account = by_email(session, email)
    for older in open_invitations(session, now=now, email=email):
        older.withdrawn_at = now
    invitation = Invitation(
        email=email,
        role=account.role if account else role,
        invited_by=by,
        created_at=now,
        expires_at=now + valid,
    )
    session.add(invitation)
    session.flush()
    after = {"role": invitation.role.value} | ({"account": account.id} if account else {})
    audit_log.write(session, Act.INVITED, f"invitation:{invitation.id}", by=by, now=now, after=after)
    return invitation


def invite_first_manager(session: Session, *, now: datetime) -> Invitation | None:
    """Return the invitation by which whoever runs the site becomes its first manager; None where there is one."""
    if _has_manager(session):
        return None
    return invite(session, ANYBODY, Role.MANAGER, by=None, now=now, valid=FIRST_VALIDITY)


def open_invitations(session: Session, *, now: datetime, email: str | None = None) -> list[Invitation]:
    """List the invitations that can be used, of one address or of all, the newest first."""
    which = _usable(now) if email is None else _usable(now).where(Invitation.email == email)
    return list(session.scalars(which.order_by(Invitation.created_at.desc(), Invitation.id)))


def find(session: Session, invitation_id: str, *, now: datetime) -> Invitation | None:
    """Return an invitation, locked until the transaction ends; None where it cannot be used (any more)."""
    invitation = session.scalar(_usable(now).where(Invitation.id == invitation_id).with_for_update())
    if invitation is None or (invitation.email == ANYBODY and _has_manager(session)):
        return None
    account = by_email(session, invitation.email)
    return None if account is not None and not account.active else invitation


def accept(
    session: Session,
    invitation: Invitation,
    password_hash: str,
    *,
    email: str,
    name: str,
    language: Language,
    now: datetime,
) -> Account:
    """Make the account that was invited, or give one that exists a new password, which ends its sessions.

    The invitation is one that `find` returned. Raises NotInvited where an address was typed that has an account.
    """
    account = by_email(session, email)
    if account is not None and invitation.email == ANYBODY:
        raise NotInvited
    act = Act.PASSWORD_CHANGED if account else Act.JOINED
    if account is None:
        account = Account(email=email, name=name[:NAME], role=invitation.role, language=language, created_at=now)
        session.add(account)
        session.flush()
    else:
        account.end_sessions()
    account.password = password_hash
    invitation.used_at = now
    audit_log.write(session, act, f"account:{account.id}", by=account.id, now=now, after={"invitation": invitation.id})
    return account


def withdraw(session: Session, invitation: Invitation, *, by: int, now: datetime) -> None:
    invitation.withdrawn_at = now
    audit_log.write(session, Act.INVITATION_WITHDRAWN, f"invitation:{invitation.id}", by=by, now=now)


def forget(session: Session, *, now: datetime) -> None:
    """Delete invitations some time after their end: of an address nothing stays but its account."""
    session.execute(delete(Invitation).where(Invitation.expires_at <= now - RETENTION))


def _usable(now: datetime) -> Select[Invitation]:
    return select(Invitation).where(
        Invitation.used_at.is_(None), Invitation.withdrawn_at.is_(None), Invitation.expires_at > now
    )


def _has_manager(session: Session) -> bool:
    managers = select(Account.id).where(Account.role == Role.MANAGER, Account.active)
    return session.scalar(managers.limit(1)) is not None
