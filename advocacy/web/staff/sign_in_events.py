"""What Flask-Security signals, written into the audit log, and told by mail to whom it concerns."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Flask, g, request, session
from flask_login import user_logged_out
from flask_security import (
    password_changed,
    password_reset,
    tf_disabled,
    tf_profile_changed,
    user_authenticated,
    user_failed_authn,
    wan_deleted,
    wan_registered,
)

from advocacy.database import immediate
from advocacy.staff import audit_log, emails
from advocacy.staff.audit_log import Act
from advocacy.staff.models import Account
from advocacy.web.services import services
from advocacy.web.staff.access import BEGAN_AT, LANGUAGE, PROVED, SEEN_AT


def listen(app: Flask) -> None:
    for signal, listener in LISTENERS:
        signal.connect(listener, sender=app)


def send_soon(send: Callable[..., None], account_id: int, **options: Any) -> None:
    """Send somebody an e-mail about their account, one of `emails.py`."""
    site = services()
    with immediate(site.sessions) as transaction:
        send(transaction, account_id, now=site.now(), **options)
    site.deliver_soon()


def sign_in_failed(account_id: int | None) -> None:
    """Write a failed try into the audit log; those for addresses that no account has are counted together."""
    subject, now = f"account:{account_id}" if account_id else "sign-in", services().now()
    with immediate(services().sessions) as transaction:
        audit_log.write_few(transaction, Act.SIGN_IN_FAILED, subject, by=None, now=now)


def _signed_in(app: Flask, user: Any, authn_via: list[str] | None, **_: Any) -> None:
    """Begin a session in this browser, in place of the one before, whosever it was.

    Flask-Security names no way where the second step was given.
    """
    before, now = g.pop("staff", None), services().now()
    again = authn_via == ["change"] and before is not None and before.is_proved
    with immediate(services().sessions) as transaction:
        account = transaction.get_one(Account, user.id)
        account.seen_at = now
    session[BEGAN_AT] = session[SEEN_AT] = now.timestamp()
    session[PROVED] = authn_via is None or again
    session[LANGUAGE] = account.language.value
    if authn_via is None:
        _record(Act.SIGNED_IN, app, user=user)


def _signed_out(app: Flask, user: Any, **_: Any) -> None:
    for name in (BEGAN_AT, SEEN_AT, PROVED):
        session.pop(name, None)
    if request.endpoint == "security.logout":
        _record(Act.SIGNED_OUT, app, user=user)


def _factor_changed(act: Act, factor: str, app: Flask, *, user: Any, **_: Any) -> None:
    """Write down a change of the second factors; whoever has just set one up has given it."""
    if act is Act.SECOND_FACTOR_ADDED:
        session[PROVED] = True
    _record(act, app, user=user, after={"factor": factor})
    send_soon(emails.send_second_factor_changed_email, user.id)


def _record(act: Act, _app: Flask, *, user: Any, after: Any = None, **_: Any) -> None:
    with immediate(services().sessions) as transaction:
        audit_log.write(transaction, act, f"account:{user.id}", by=user.id, now=services().now(), after=after)


LISTENERS: tuple[tuple[Any, Callable[..., None]], ...] = (
    (user_authenticated, _signed_in),
    (user_logged_out, _signed_out),
    (user_failed_authn, lambda _app, user, **_: sign_in_failed(user.id)),
    (password_changed, partial(_record, Act.PASSWORD_CHANGED)),
    (password_reset, partial(_record, Act.PASSWORD_CHANGED)),
    (tf_profile_changed, partial(_factor_changed, Act.SECOND_FACTOR_ADDED, "app")),
    (tf_disabled, partial(_factor_changed, Act.SECOND_FACTOR_REMOVED, "app")),
    (wan_registered, partial(_factor_changed, Act.SECOND_FACTOR_ADDED, "passkey")),
    (wan_deleted, partial(_factor_changed, Act.SECOND_FACTOR_REMOVED, "passkey")),
)
"""A signal holds its listener weakly: they are kept here."""
