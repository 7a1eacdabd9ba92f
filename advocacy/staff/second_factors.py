"""What somebody has besides a password: an app with codes (TOTP), passkeys, and recovery codes."""

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, cast

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask_security.totp import Totp
from passlib.exc import UsedTokenError
from passlib.totp import TOTP, AppWallet, TotpMatch
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session, selectinload, sessionmaker

from advocacy.database import immediate
from advocacy.encryption import KEY_BYTES, Keys, digests, id_of, is_newest
from advocacy.staff import audit_log
from advocacy.staff.audit_log import Act
from advocacy.staff.invitations import encrypt_token, token_of
from advocacy.staff.models import Account, AccountMail, Invitation

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


class TotpCodes(Totp):
    """Flask-Security's TOTP factory, safe against a code that is given twice, also at the same moment.

    `keys` are the site's, from which those of the secrets are derived (HKDF): the newest encrypts, all of them open.
    """

    def __init__(
        self, keys: Keys, issuer: str, now: Callable[[], datetime], *, sessions: sessionmaker[Session]
    ) -> None:
        newest = id_of(keys.newest_first[0]).hex()
        purpose = b"advocacy staff totp"
        derived = {
            id_of(key).hex(): HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose).derive(key)
            for key in keys.newest_first
        }
        # The keys are random: to stretch them would cost time and add nothing.
        wallet = AppWallet(secrets=derived, default_tag=newest, encrypt_cost=1)
        self._totp = TOTP.using(issuer=issuer, wallet=wallet, now=lambda: now().timestamp())
        self._sessions = sessions

    def verify_totp(self, token: str, totp_secret: str, user: Any, window: int = 0) -> bool:  # noqa: PLR0917
        """Whether it is a code of now that has not been used. A secret whose key is lost opens nothing."""
        try:
            return super().verify_totp(token, totp_secret, user, window)
        except (KeyError, ValueError):
            return False

    def get_last_counter(self, user: Any) -> int | None:
        """Return the counter of the last code that let somebody in."""
        return cast(Account, user).totp_last

    def set_last_counter(self, user: Any, tmatch: TotpMatch) -> None:
        """Store the counter of a code that lets in; raises UsedTokenError where another request was first."""
        row = update(Account).where(Account.id == user.id)
        row = row.where(or_(Account.totp_last.is_(None), Account.totp_last < tmatch.counter))
        with immediate(self._sessions) as session:
            if not session.connection().execute(row.values(totp_last=tmatch.counter)).rowcount:
                raise UsedTokenError

    def encrypt_again(self, secret: str) -> str:
        """Return a secret encrypted with the newest key, the same where it is already. Raises KeyError."""
        opened = self._totp.from_source(secret)
        return opened.to_json(encrypt=True) if opened.changed else secret


class UnknownAccountKey(LookupError):
    """An account's app was encrypted with a key that is not known here."""


def encrypt_again(sessions: sessionmaker[Session], codes: TotpCodes, *, keys: Keys) -> int:
    """Encrypt the secrets of apps and the tokens that wait for their mail anew; return how many rows changed.

    Raises UnknownAccountKey where a key is missing.
    """
    models = (
        (Account, Account.tf_totp_secret),
        (Invitation, Invitation.token_sealed),
        (AccountMail, AccountMail.token_sealed),
    )
    with sessions() as session:
        rows = [
            (model, key)
            for model, secret in models
            for key in session.scalars(select(model.id).where(secret.is_not(None)))
        ]
    changed = 0
    for model, key in rows:
        with immediate(sessions) as session:
            row = session.get_one(model, key, with_for_update=True)
            if isinstance(row, Account):
                changed += _encrypt_app(row, codes)
            elif not isinstance(row, Invitation | AccountMail) or row.token_sealed is None:
                continue
            elif not is_newest(keys, row.token_sealed):
                encrypt_token(row, token_of(row, keys=keys), keys=keys)
                changed += 1
    return changed


def _encrypt_app(account: Account, codes: TotpCodes) -> bool:
    before = account.tf_totp_secret
    try:
        account.tf_totp_secret = codes.encrypt_again(before) if before else None
    except KeyError:
        raise UnknownAccountKey(
            f"the verification method of account {account.id} was encrypted with a key that is not known here"
        ) from None
    return account.tf_totp_secret != before
