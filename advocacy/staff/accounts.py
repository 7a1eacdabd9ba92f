"""Codes of an app (RFC 6238), each of which lets in once; their secrets are encrypted in the database."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask_security.totp import Totp
from passlib.exc import TokenError
from passlib.totp import TOTP, AppWallet
from sqlalchemy import or_, update
from sqlalchemy.orm import Session, sessionmaker

from advocacy.database import immediate
from advocacy.sealing import KEY_BYTES, Keys, id_of
from advocacy.staff.models import Account

CLOCK_SKEW = 30
"""Seconds that an app's clock may be off."""


class Codes(Totp):
    """Flask-Security's TOTP factory, safe against a code that is given twice, also at the same moment.

    `keys` are the site's, from which those of the secrets are derived (HKDF): the newest encrypts, all of them open.
    """

    def __init__(
        self, keys: Keys, issuer: str, now: Callable[[], datetime], *, sessions: sessionmaker[Session]
    ) -> None:
        newest = id_of(keys.newest_first[0]).hex()
        # The keys are random: to stretch them would cost time and add nothing.
        wallet = AppWallet(secrets=_derived(keys), default_tag=newest, encrypt_cost=1)
        self._totp = TOTP.using(issuer=issuer, wallet=wallet, now=lambda: now().timestamp())
        self._sessions = sessions

    def verify_totp(self, token: str, totp_secret: str, user: Any, window: int = CLOCK_SKEW) -> bool:  # noqa: PLR0917
        """Whether it is a code of now that has not been used. A secret whose key is lost opens nothing."""
        digits, is_new_app = "".join(str(token).split()), totp_secret != user.tf_totp_secret
        try:
            last = None if is_new_app else user.totp_last
            counter = self._totp.verify(digits, totp_secret, window=window, last_counter=last).counter
        except (TokenError, KeyError, ValueError):
            return False
        return self._use(user, counter, is_new_app=is_new_app)

    def _use(self, user: Any, counter: int, *, is_new_app: bool) -> bool:
        """Store the counter that lets its person in; False where another request was first."""
        row = update(Account).where(Account.id == user.id)
        if not is_new_app:
            row = row.where(or_(Account.totp_last.is_(None), Account.totp_last < counter))
        with immediate(self._sessions) as session:
            return bool(session.connection().execute(row.values(totp_last=counter)).rowcount)

    def encrypted_anew(self, secret: str) -> str | None:
        """Encrypt a secret with the newest key; None where it is already. Raises KeyError where its key is unknown."""
        opened = self._totp.from_source(secret)
        return opened.to_json(encrypt=True) if opened.changed else None


def _derived(keys: Keys) -> dict[str, bytes]:
    def derive(key: bytes) -> bytes:
        return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"advocacy staff totp").derive(key)

    return {id_of(key).hex(): derive(key) for key in keys.newest_first}
