"""Codes of an app (RFC 6238), each of which lets in once; their secrets are encrypted in the database.

With a new key of the site, what is encrypted of accounts is encrypted again; recovery codes are hashes, and stay.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask_security.totp import Totp
from passlib.exc import UsedTokenError
from passlib.totp import TOTP, AppWallet, TotpMatch
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session, sessionmaker

from advocacy.database import immediate
from advocacy.encryption import KEY_BYTES, Keys, id_of, is_newest
from advocacy.staff.invitations import encrypt_token, token_of
from advocacy.staff.models import Account, AccountMail, Invitation


class Codes(Totp):
    """Flask-Security's TOTP factory, safe against a code that is given twice, also at the same moment.

    `keys` are the site's, from which those of the secrets are derived (HKDF): the newest encrypts, all of them open.
    """

    def __init__(
        self, keys: Keys, issuer: str, now: Callable[[], datetime], *, sessions: sessionmaker[Session]
    ) -> None:
        newest = id_of(keys.newest_first[0]).hex()
        purpose = b"advocacy staff totp"
        secrets = {
            id_of(key).hex(): HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose).derive(key)
            for key in keys.newest_first
        }
        # The keys are random: to stretch them would cost time and add nothing.
        wallet = AppWallet(secrets=secrets, default_tag=newest, encrypt_cost=1)
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


class KeyGone(LookupError):
    """An account's app was encrypted with a key that is not known here."""


def encrypt_again(sessions: sessionmaker[Session], codes: Codes, *, keys: Keys) -> int:
    """Encrypt the secrets of apps and the tokens that wait for their mail anew; return how many rows changed.

    Raises KeyGone where a key is missing.
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
            elif isinstance(row, Invitation | AccountMail):
                changed += _encrypt_token(row, keys)
    return changed


def _encrypt_app(account: Account, codes: Codes) -> bool:
    before = account.tf_totp_secret
    try:
        account.tf_totp_secret = codes.encrypt_again(before) if before else None
    except KeyError:
        raise KeyGone(
            f"the verification method of account {account.id} was encrypted with a key that is not known here"
        ) from None
    return account.tf_totp_secret != before


def _encrypt_token(row: Invitation | AccountMail, keys: Keys) -> bool:
    if row.token_sealed is None or is_newest(keys, row.token_sealed):
        return False
    encrypt_token(row, token_of(row, keys=keys), keys=keys)
    return True
