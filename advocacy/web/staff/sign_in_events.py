"""What Flask-Security signals: it is written into the audit log, and mailed to whom it concerns."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Flask, g, request, session
from flask_login import user_logged_out
from flask_security import (
    password_changed,
    password_reset,
    reset_password_instructions_sent,
    tf_disabled,
    tf_profile_changed,
    user_authenticated,
    wan_deleted,
    wan_registered,
)

from advocacy.staff import audit_log, emails
from advocacy.staff.audit_log import Act
from advocacy.web.services import services
from advocacy.web.staff.access import BEGAN_AT, LANGUAGE, PROVED, SEEN_AT, is_proved
from advocacy.web.unit_of_work import after_commit


def listen(app: Flask) -> None:
    for signal, listener in LISTENERS:
        signal.connect(listener, sender=app)


def record_own(act: Act, user: Any, after: Any = None) -> None:
    """Write into the audit log what somebody does to their own account."""
    audit_log.write(g.session, act, f"account:{user.id}", by=user.id, now=services().now(), after=after)


def _signed_in(_app: Flask, user: Any, authn_via: list[str] | None, **_: Any) -> None:
    """Begin a session in this browser, in place of the one before, whosever it was.

    Flask-Security names no way where the second step was given.
    """
    g.pop("account", None)
    user.signed_in_at = services().now()
    session[BEGAN_AT] = session[SEEN_AT] = user.signed_in_at.timestamp()
    session[PROVED] = authn_via is None or (authn_via == ["change"] and is_proved())
    session[LANGUAGE] = user.language.value
    if authn_via is None:
        record_own(Act.SIGNED_IN, user)


def _signed_out(_app: Flask, user: Any, **_: Any) -> None:
    for name in (BEGAN_AT, SEEN_AT, PROVED, "tf_totp_secret"):  # a key that was shown is nobody else's
        session.pop(name, None)
    if request.endpoint == "security.logout":
        record_own(Act.SIGNED_OUT, user)


def _reset_asked(_app: Flask, user: Any, **_: Any) -> None:
    _send(emails.send_password_reset_email, user)


def _password_changed(_app: Flask, user: Any, **_: Any) -> None:
    record_own(Act.PASSWORD_CHANGED, user)
    _send(emails.send_password_changed_email, user)


def _factor_changed(act: Act, factor: str, _app: Flask, *, user: Any, **_: Any) -> None:
    """Write down a change of the second factors; whoever has just set one up has given it."""
    if act is Act.SECOND_FACTOR_ADDED:
        session[PROVED] = True
    record_own(act, user, after={"factor": factor})
    _send(emails.send_second_factor_changed_email, user)


def _send(send: Callable[..., None], user: Any) -> None:
    """Put an e-mail to somebody about their account into the outbox."""
    send(g.session, user.id, now=services().now())
    after_commit(services().deliver_soon)


LISTENERS: tuple[tuple[Any, Callable[..., None]], ...] = (
    (user_authenticated, _signed_in),
    (user_logged_out, _signed_out),
    (reset_password_instructions_sent, _reset_asked),
    (password_changed, _password_changed),
    (password_reset, _password_changed),
    (tf_profile_changed, partial(_factor_changed, Act.SECOND_FACTOR_ADDED, "app")),
    (tf_disabled, partial(_factor_changed, Act.SECOND_FACTOR_REMOVED, "app")),
    (wan_registered, partial(_factor_changed, Act.SECOND_FACTOR_ADDED, "passkey")),
    (wan_deleted, partial(_factor_changed, Act.SECOND_FACTOR_REMOVED, "passkey")),
)
"""A signal holds its listener weakly: they are kept here."""
