"""Tries to sign in are counted; a browser that signed in fully before carries a cookie, and is counted by itself."""

import secrets
import time
from threading import BoundedSemaphore, Lock
from typing import Any, cast

from flask import Response, after_this_request, current_app, request
from flask_babel import gettext as _
from flask_security import current_user
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.exceptions import ServiceUnavailable

from advocacy.database import immediate
from advocacy.encryption import digests
from advocacy.letters.encrypted_columns import normalize_address
from advocacy.staff import attempts
from advocacy.staff.attempts import Kind, TooMany
from advocacy.web.services import services

RETRY_AFTER = {"Retry-After": str(int(attempts.WINDOW.total_seconds()))}
DEVICE_DAYS = 180
MAX_ACCOUNTS_PER_BROWSER = 4
"""Accounts that one browser is known for."""
DELAY_S = 0.25
"""Seconds between two tries from unknown browsers while the whole site gets too many."""
MAX_WAITING = 8
"""How many of them a process lets wait: half of its threads."""
_waiting, _turn = BoundedSemaphore(MAX_WAITING), Lock()


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
        known = _known_devices()
        device = next((known[digest] for digest in _email_digests(email) if digest in known), "")
        source = {"email": email, "network": request.remote_addr or "", "device": device}
        try:
            with immediate(site.sessions) as session:
                taken = attempts.count(session, self.kind, **source, keys=site.keys, now=site.now())
        except TooMany:
            self.too_many = True
            form.form_errors = [_("Too many tries. Wait 15 minutes, then try again.")]
            return False
        if taken.is_slowed:
            _wait()
        valid = bool(super().validate(**kwargs))  # type: ignore[misc]
        if valid and self.kind is not Kind.RESET:
            with immediate(site.sessions) as session:
                attempts.uncount(session, taken)
        return valid


def remember_device(email: str) -> None:
    """Store in this browser that it signed in to the account with both steps."""
    digests_of_email = _email_digests(email)
    known = {digest: number for digest, number in _known_devices().items() if digest not in digests_of_email}
    devices = dict(list(known.items())[-(MAX_ACCOUNTS_PER_BROWSER - 1) :]) | {
        digests_of_email[0]: secrets.token_hex(16)
    }
    value = _signer().dumps(devices)

    @after_this_request
    def set_cookie(answer: Response) -> Response:
        answer.set_cookie(
            _cookie_name(),
            value,
            max_age=DEVICE_DAYS * 86400,
            secure=request.is_secure,
            httponly=True,
            samesite="Lax",
            path="/",
        )
        return answer


def _known_devices() -> dict[str, str]:
    """Read which accounts this browser signed in to: by keyed hashes of their addresses, with a random number each."""
    try:
        known = _signer().loads(request.cookies.get(_cookie_name(), ""), max_age=DEVICE_DAYS * 86400)
    except BadSignature:
        return {}
    return known if isinstance(known, dict) else {}


def _email_digests(email: str) -> tuple[str, ...]:
    return tuple(digest[:32] for digest in digests(services().keys, normalize_address(email), purpose="staff device"))


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="staff device")


def _cookie_name() -> str:
    return "__Host-advocacy-device" if request.is_secure else "advocacy-device"


def _wait() -> None:
    """Wait for one's turn: the site answers everybody, but not fast. Raises ServiceUnavailable where too many wait."""
    if not _waiting.acquire(blocking=False):
        raise ServiceUnavailable(retry_after=3)
    try:
        with _turn:
            time.sleep(DELAY_S)
    finally:
        _waiting.release()
