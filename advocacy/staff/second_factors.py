"""What somebody has besides a password: an app with codes (TOTP), passkeys, and recovery codes."""

import base64
from collections.abc import Callable
from datetime import datetime
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask_security.totp import Totp
from passlib.totp import TOTP, AppWallet, TotpMatch
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload, sessionmaker

from advocacy.encryption import KEY_BYTES, Keys, id_of
from advocacy.staff import audit_log
from advocacy.staff.audit_log import Act
from advocacy.staff.models import Account


class LastFactor(Exception):
    """The only second factor there is: add another one before it is removed."""


def locked(session: Session, account_id: int) -> Account:
    """Return an account with its passkeys as it is now, kept from other writers until the transaction ends."""
    passkeys = [selectinload(Account.webauthn)]
    return session.get_one(Account, account_id, options=passkeys, populate_existing=True, with_for_update=True)


def require_another(session: Session, account_id: int) -> None:
    """Raise LastFactor where an account has but one app or passkey, which is then not removed."""
    account = locked(session, account_id)
    if len(account.webauthn) + (account.tf_totp_secret is not None) < 2:
        raise LastFactor


def reset(session: Session, account: Account, *, by: int | None, now: datetime) -> None:
    """Take away every second factor of an account, and its sessions: its person sets up anew after the password."""
    account.tf_totp_secret = account.tf_primary_method = account.totp_last = account.mf_recovery_codes = None
    account.webauthn.clear()
    account.end_sessions()
    audit_log.write(
        session, Act.SECOND_FACTOR_REMOVED, f"account:{account.id}", by=by, now=now, after={"factor": "all of them"}
    )


def recovery_code_keys(keys: Keys) -> list[bytes]:
    """Return what Flask-Security encrypts recovery codes with, derived of the site's keys: the newest encrypts."""
    return [base64.urlsafe_b64encode(_derived(key, b"advocacy staff recovery codes")) for key in keys.newest_first]


class TotpCodes(Totp):
    """Flask-Security's TOTP factory: a code counts once, and the site's keys, by their names, encrypt the secrets.

    The account has to be `locked` while a code is looked at.
    """

    def __init__(self, keys: Keys, issuer: str, now: Callable[[], datetime]) -> None:
        newest = id_of(keys.newest_first[0]).hex()
        derived = {id_of(key).hex(): _derived(key, b"advocacy staff totp") for key in keys.newest_first}
        # The keys are random: to stretch them would cost time and add nothing.
        wallet = AppWallet(secrets=derived, default_tag=newest, encrypt_cost=1)
        self._totp = TOTP.using(issuer=issuer, wallet=wallet, now=lambda: now().timestamp())

    def get_last_counter(self, user: Any) -> int | None:
        """Return the counter of the last code that let somebody in."""
        last: int | None = user.totp_last
        return last

    def set_last_counter(self, user: Any, tmatch: TotpMatch) -> None:
        """Note the counter of a code that lets in."""
        user.totp_last = tmatch.counter

    def encrypt_again(self, secret: str) -> str:
        """Return a secret encrypted with the newest key, the same where it is already. Raises KeyError."""
        opened = self._totp.from_source(secret)
        return opened.to_json(encrypt=True) if opened.changed else secret


class UnknownAccountKey(LookupError):
    """An account's app was encrypted with a key that is not known here."""


def encrypt_again(sessions: sessionmaker[Session], codes: TotpCodes, *, keys: Keys) -> int:
    """Encrypt what accounts verify with anew; return how many changed. Raises UnknownAccountKey."""
    with sessions() as session:
        account_ids = session.scalars(select(Account.id)).all()
    changed = 0
    for account_id in account_ids:
        with sessions.begin() as session:
            changed += _encrypt_account(session.get_one(Account, account_id, with_for_update=True), codes, keys)
    return changed


def _encrypt_account(account: Account, codes: TotpCodes, keys: Keys) -> bool:
    secret, recovery_codes = account.tf_totp_secret, account.mf_recovery_codes or []
    ciphers = [Fernet(key) for key in recovery_code_keys(keys)]
    try:
        account.tf_totp_secret = codes.encrypt_again(secret) if secret else None
        has_older = any(_is_of_older_key(ciphers[0], code) for code in recovery_codes)
        if has_older:
            account.mf_recovery_codes = [MultiFernet(ciphers).rotate(code).decode() for code in recovery_codes]
    except (KeyError, InvalidToken):
        raise UnknownAccountKey(
            f"the verification method of account {account.id} was encrypted with a key that is not known here"
        ) from None
    return has_older or account.tf_totp_secret != secret


def _is_of_older_key(newest: Fernet, encrypted: str) -> bool:
    try:
        newest.decrypt(encrypted)
    except InvalidToken:
        return True
    return False


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose).derive(key)
