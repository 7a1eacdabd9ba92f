"""What somebody has besides a password: an app, passkeys, and recovery codes, each of which is used once."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session, selectinload

from advocacy.encryption import Keys, digests
from advocacy.staff import audit_log
from advocacy.staff.audit_log import Act
from advocacy.staff.models import Account

RECOVERY_CODES, GROUPS, GROUP_BYTES = 10, 3, 2
"""Ten codes of 48 bits, written in groups of four signs."""


class LastFactor(Exception):
    """The only second factor there is: add another one before it is removed."""


def locked(session: Session, account_id: int) -> Account:
    """Return an account with its passkeys as it is now, kept from other writers until the transaction ends."""
    passkeys = [selectinload(Account.webauthn)]
    return session.get_one(Account, account_id, options=passkeys, populate_existing=True, with_for_update=True)


def remove_app(account: Account) -> None:
    """Forget an app: its codes no longer work. Raises LastFactor."""
    if not account.webauthn:
        raise LastFactor
    account.tf_totp_secret = account.tf_primary_method = account.totp_last = None


def remove_passkey(account: Account, passkey_id: int) -> None:
    """Forget a passkey. Raises LastFactor."""
    if account.tf_totp_secret is None and len(account.webauthn) == 1:
        raise LastFactor
    account.webauthn = [one for one in account.webauthn if one.id != passkey_id]


def make_recovery_codes(session: Session, account: Account, *, keys: Keys, now: datetime) -> Sequence[str]:
    """Make new codes for when nothing else is at hand, which nobody sees again; older ones work no more."""
    made = ["-".join(secrets.token_hex(GROUP_BYTES) for _ in range(GROUPS)) for _ in range(RECOVERY_CODES)]
    account.mf_recovery_codes = [_hashes(account, code, keys)[0] for code in made]
    audit_log.write(session, Act.RECOVERY_CODES_MADE, f"account:{account.id}", by=account.id, now=now)
    return made


def use_recovery_code(session: Session, account: Account, typed: str, *, keys: Keys, now: datetime) -> bool:
    """Return whether it is a recovery code, which then works no more; the account has to be `locked`."""
    left = list(account.mf_recovery_codes or [])
    used = next((one for one in _hashes(account, typed, keys) if one in left), None)
    if used is None:
        return False
    left.remove(used)
    account.mf_recovery_codes = left
    audit_log.write(
        session, Act.RECOVERY_CODE_USED, f"account:{account.id}", by=account.id, now=now, after={"left": len(left)}
    )
    return True


def reset(session: Session, account: Account, *, by: int | None, now: datetime) -> None:
    """Take away every second factor of an account, and its sessions: its person sets up anew after the password."""
    account.tf_totp_secret = account.tf_primary_method = account.totp_last = account.mf_recovery_codes = None
    account.webauthn.clear()
    account.end_sessions()
    audit_log.write(
        session, Act.SECOND_FACTOR_REMOVED, f"account:{account.id}", by=by, now=now, after={"factor": "all of them"}
    )


def _hashes(account: Account, code: str, keys: Keys) -> tuple[str, ...]:
    plain = "".join(char for char in code.casefold() if char.isalnum())
    return digests(keys, f"{account.id} {plain}", purpose="staff recovery code")
