"""What Flask-Security signals, written into the audit log, and told by mail to whom it concerns."""

from collections.abc import Callable
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
from advocacy.staff import account_mail, audit, visits
from advocacy.staff.attempts import note
from advocacy.staff.audit import Act
from advocacy.staff.models import Account
from advocacy.web.services import services
from advocacy.web.staff.access import LANGUAGE, VISIT
from advocacy.web.staff.throttle import know_device


def listen(app: Flask) -> None:
    """Listen to the signals of an application."""
    for signal, listener in LISTENERS:
        signal.connect(listener, sender=app)


def put_mail(account_id: int, kind: str, *, token: str = "") -> None:
    """Put a mail to somebody about their account into the outbox."""
    site = services()
    with immediate(site.sessions) as transaction:
        account_mail.put(transaction, account_id, kind, now=site.now(), keys=site.keys, token=token)
    site.ring()


def sign_in_failed(account_id: int | None) -> None:
    """Write a failed try into the audit log: the 1st, 3rd, 10th, 30th … of an account in a quarter of an hour.

    Those for addresses that no account has are counted together.
    """
    now = services().now()
    with immediate(services().sessions) as transaction:
        times = note(transaction, "failed", str(account_id), now=now)
        if audit.is_milestone(times):
            subject = f"account:{account_id}" if account_id else "sign-in"
            audit.write(transaction, Act.SIGN_IN_FAILED, subject, by=None, now=now, after={"times": times})


def begin_session(account: Account, *, proved: bool) -> None:
    """Begin a session of ours in this browser, which ends the one before, whosever it was."""
    now = services().now()
    with immediate(services().sessions) as transaction:
        visits.end(transaction, str(session.get(VISIT, "")))
        session[VISIT] = visits.begin(transaction, account, now=now, proved=proved)
        transaction.get_one(Account, account.id).seen_at = now
    session[LANGUAGE] = account.language.value
    g.pop("staff", None)


def _signed_in(_app: Flask, user: Any, authn_via: list[str] | None, **_: Any) -> None:
    """Begin a session of ours; Flask-Security names no way where the second step was given."""
    account, before = _plain(user), g.get("staff")
    again = authn_via == ["change"] and before is not None and before.visit.proved_at is not None
    is_complete = authn_via is None
    begin_session(account, proved=is_complete or again)
    if is_complete:
        _write(Act.SIGNED_IN, account)
        know_device(account.email)


def _signed_out(_app: Flask, user: Any, **_: Any) -> None:
    """End our session with Flask-Security's."""
    now = services().now()
    with immediate(services().sessions) as transaction:
        visits.end(transaction, str(session.pop(VISIT, "")))
        if request.endpoint == "security.logout":
            audit.write(transaction, Act.SIGNED_OUT, f"account:{user.id}", by=user.id, now=now)


def _failed(_app: Flask, user: Any, **_: Any) -> None:
    sign_in_failed(user.id)


def _password_changed(_app: Flask, user: Any, **_: Any) -> None:
    _write(Act.PASSWORD_CHANGED, user)


def _app_added(_app: Flask, user: Any, **_: Any) -> None:
    _factor(Act.SECOND_FACTOR_ADDED, user, "app")


def _app_removed(_app: Flask, user: Any, **_: Any) -> None:
    _factor(Act.SECOND_FACTOR_REMOVED, user, "app")


def _passkey_added(_app: Flask, user: Any, **_: Any) -> None:
    _factor(Act.SECOND_FACTOR_ADDED, user, "passkey")


def _passkey_removed(_app: Flask, user: Any, **_: Any) -> None:
    _factor(Act.SECOND_FACTOR_REMOVED, user, "passkey")


def _factor(act: Act, user: Any, what: str) -> None:
    """Write down a change of the second factors; whoever has just set one up has given it."""
    if act is Act.SECOND_FACTOR_ADDED:
        with immediate(services().sessions) as transaction:
            visits.prove(transaction, str(session.get(VISIT, "")), now=services().now())
        know_device(user.email)
    _write(act, user, after={"factor": what})
    put_mail(user.id, account_mail.SECOND_FACTOR)


def _write(act: Act, user: Any, after: Any = None) -> None:
    with immediate(services().sessions) as transaction:
        audit.write(transaction, act, f"account:{user.id}", by=user.id, now=services().now(), after=after)


def _plain(user: Any) -> Account:
    account: Account = user._get_current_object() if hasattr(user, "_get_current_object") else user
    return account


LISTENERS: tuple[tuple[Any, Callable[..., None]], ...] = (
    (user_authenticated, _signed_in),
    (user_logged_out, _signed_out),
    (user_failed_authn, _failed),
    (password_changed, _password_changed),
    (password_reset, _password_changed),
    (tf_profile_changed, _app_added),
    (tf_disabled, _app_removed),
    (wan_registered, _passkey_added),
    (wan_deleted, _passkey_removed),
)
