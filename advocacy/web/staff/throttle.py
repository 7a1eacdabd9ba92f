"""Tries to sign in are limited: those for an account from one network, and those from a network whoever they are for.

Nobody elsewhere can lock anybody out. A try is counted before it is looked at, and taken back when it was right: many
at once gain nothing.
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any, cast

from flask import request
from flask_babel import gettext as _
from flask_security import current_user

from advocacy.abuse import limiter
from advocacy.abuse.networks import network_of
from advocacy.database import immediate
from advocacy.encryption import digests
from advocacy.letters.encrypted_columns import normalize_address
from advocacy.web.services import services

WINDOW = timedelta(minutes=15)
RETRY_AFTER = {"Retry-After": str(20 * 60)}
"""What the pages say too: the limiter's window slides, so that after WINDOW a third of it may still be waited for."""


class Kind(StrEnum):
    """What is tried: a password, a code or recovery code, a link for a new password."""

    PASSWORD = "password"  # noqa: S105 - the name of a count
    SECOND = "second"
    RESET = "reset"


ACCOUNT_LIMITS = {Kind.PASSWORD: 10, Kind.SECOND: 5, Kind.RESET: 3}
"""How many tries one network has for one account within WINDOW."""
NETWORK_LIMITS = {Kind.PASSWORD: 30, Kind.SECOND: 30, Kind.RESET: 10}
"""How many tries one network has within WINDOW, for all accounts together."""


class TooMany(Exception):
    """No more tries for now: known and unknown addresses alike."""


class ThrottledForm:
    """A form of Flask-Security's: posted, it is counted as a try for an account before it is looked at.

    Where there were too many it is not looked at, and `too_many` is true.
    """

    kind = Kind.PASSWORD
    too_many = False

    def validate(self, **kwargs: Any) -> bool:
        """Whether there were few tries, and this one is right."""
        form, site = cast(Any, self), services()
        email = form.email.data if "email" in form else (getattr(form, "user", None) or current_user).email
        if not email:
            return bool(super().validate(**kwargs))  # type: ignore[misc]
        limits, now = _limits(self.kind, email), site.now()
        try:
            with immediate(site.sessions) as session:
                for key, limit in limits.items():
                    if not limiter.hit(session, key, limit=limit, window=WINDOW, now=now):
                        raise TooMany
        except TooMany:
            self.too_many = True
            form.form_errors = [_("Too many tries. Wait 20 minutes, then try again.")]
            return False
        valid = bool(super().validate(**kwargs))  # type: ignore[misc]
        if valid and self.kind is not Kind.RESET:
            with immediate(site.sessions) as session:
                for key in limits:
                    limiter.undo(session, key, window=WINDOW, now=now)
        return valid


def _limits(kind: Kind, email: str) -> Mapping[str, int]:
    """Return the limits that a try of this request counts for, by their keys: keyed hashes, of which none is read."""
    keys, network = services().keys, network_of(request.remote_addr or "")
    account, *_older = digests(keys, f"{normalize_address(email)} {network}", purpose="staff account and network")
    everybody, *_older = digests(keys, network, purpose="staff network")
    return {
        f"sign-in {kind} account {account}": ACCOUNT_LIMITS[kind],
        f"sign-in {kind} network {everybody}": NETWORK_LIMITS[kind],
    }
