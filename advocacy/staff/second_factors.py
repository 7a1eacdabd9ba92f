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
from advocacy.staff.models import Account


def locked(session: Session, account_id: int) -> Account:
    """Return an account with its passkeys as it is now, kept from other writers until the transaction ends."""
    passkeys = [selectinload(Account.webauthn)]
    return session.get_one(Account, account_id, options=passkeys, populate_existing=True, with_for_update=True)


def has_another(session: Session, account_id: int) -> bool:
    """Whether one app or passkey of an account may be removed: the last one stays. The account is locked."""
    account = locked(session, account_id)
    return len(account.webauthn) + (account.tf_totp_secret is not None) > 1


def reset(account: Account) -> None:
    """Take away every second factor of a locked account, and its sessions: its person sets up anew."""
    account.tf_totp_secret = account.tf_primary_method = account.totp_last = account.mf_recovery_codes = None
    account.webauthn.clear()
    account.end_sessions()


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
        """Return a secret encrypted with the newest key. Raises KeyError."""
        return str(self._totp.from_source(secret).to_json(encrypt=True))


class UnknownAccountKey(LookupError):
    """What an account verifies with was encrypted with a key that is not known here."""


def encrypt_again(sessions: sessionmaker[Session], codes: TotpCodes, *, keys: Keys) -> int:
    """Encrypt with the newest key what accounts verify with; return of how many. Raises UnknownAccountKey."""
    cipher, changed = MultiFernet([Fernet(key) for key in recovery_code_keys(keys)]), 0
    with sessions.begin() as session:
        for account in session.scalars(select(Account).order_by(Account.id).with_for_update()):
            secret, recovery_codes = account.tf_totp_secret, account.mf_recovery_codes
            try:
                account.tf_totp_secret = codes.encrypt_again(secret) if secret else None
                account.mf_recovery_codes = recovery_codes and [cipher.rotate(code).decode() for code in recovery_codes]
            except (KeyError, InvalidToken):
                raise UnknownAccountKey(
                    f"the verification method of account {account.id} was encrypted with a key that is not known here"
                ) from None
            changed += bool(secret or recovery_codes)
    return changed


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose).derive(key)
