"""What keeps accounts safe, by Flask-Security over the site's own sessions: argon2 for passwords, codes of an app.

Flask-Security is made upon an application that answers nothing: its own pages are not used, and what it does at every
request would read the cookie on every page that citizens see.
"""

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask_security import RoleMixin, Security, SQLAlchemySessionUserDatastore, hash_password, verify_password
from flask_security.totp import Totp
from passlib.exc import TokenError
from passlib.totp import TOTP, AppWallet, TotpMatch
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from advocacy.sealing import KEY_BYTES, Keys, id_of
from advocacy.staff.models import Account, Passkey
from advocacy.staff.passwords import normalized

ARGON2 = {"argon2__type": "ID", "argon2__time_cost": 2, "argon2__memory_cost": 19456, "argon2__parallelism": 1}
"""OWASP's Password Storage Cheat Sheet: Argon2id, 19 MiB, two passes, one lane."""
CONFIG = {
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_DEPRECATED_PASSWORD_SCHEMES": [],
    "SECURITY_PASSWORD_SINGLE_HASH": ["argon2"],
    "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": ARGON2,
}
CLOCKS_DIFFER = 30
"""Seconds that an app's clock may be off."""


class Codes(Totp):
    """Codes of an app (RFC 6238), each of which lets in once; their secrets are encrypted for the database.

    `keys` are the site's, from which those of the secrets are derived (HKDF): the newest encrypts, all of them open.
    """

    def __init__(self, keys: Keys, issuer: str, now: Callable[[], datetime]) -> None:
        newest = id_of(keys.newest_first[0]).hex()
        # The keys are random: to stretch them would cost time and add nothing.
        wallet = AppWallet(secrets=_derived(keys), default_tag=newest, encrypt_cost=1)
        self._totp = TOTP.using(issuer=issuer, wallet=wallet, now=lambda: now().timestamp())

    def get_last_counter(self, user: Any) -> int | None:
        """Give the last counter that let its person in."""
        return user.totp_last if isinstance(user, Account) else None

    def set_last_counter(self, user: Any, tmatch: TotpMatch) -> None:
        """Note the counter that lets its person in now."""
        if isinstance(user, Account):
            user.totp_last = tmatch.counter

    def is_right(self, account: Account, code: str, *, secret: str) -> bool:
        """Tell whether it is a code of now that has not been used; the account's row has to be locked.

        A secret whose key is lost opens nothing.
        """
        digits = "".join(code.split())
        try:
            return bool(digits.isascii() and self.verify_totp(digits, secret, account, window=CLOCKS_DIFFER))
        except (KeyError, ValueError, TokenError):
            return False

    def encrypted_anew(self, secret: str) -> str | None:
        """Encrypt a secret with the newest key; None where it is already. Raises KeyError where its key is unknown."""
        opened = self._totp.from_source(secret)
        return opened.to_json(encrypt=True) if opened.changed else None


class Vault:
    """Passwords as hashes and the codes of apps; `app` is a Flask application of its own, which answers nothing."""

    def __init__(self, app: Any, sessions: sessionmaker[Session], *, codes: Codes) -> None:
        app.config.update(CONFIG)
        self._app, self.codes = app, codes
        people = SQLAlchemySessionUserDatastore(scoped_session(sessions), Account, RoleMixin, Passkey)
        Security(app, people, register_blueprint=False)

    def hash(self, password: str) -> str:
        """Hash a password to be kept."""
        with self._app.app_context():
            return str(hash_password(normalized(password)))

    def is_right(self, password: str, kept: str | None) -> bool:
        """Tell whether a password is the one kept; where none is kept the answer takes as long."""
        nobodys = self._nobodys  # made for whoever asks first, known or not
        against = kept or nobodys
        with self._app.app_context():
            return bool(verify_password(normalized(password), against)) and kept is not None

    @cached_property
    def _nobodys(self) -> str:
        return self.hash("a password that nobody has")


def _derived(keys: Keys) -> dict[str, bytes]:
    def derive(key: bytes) -> bytes:
        return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"advocacy staff totp").derive(key)

    return {id_of(key).hex(): derive(key) for key in keys.newest_first}
