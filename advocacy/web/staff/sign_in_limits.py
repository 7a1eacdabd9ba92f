"""How often somebody may try to sign in: for an account from one network, and from a network whoever it is for.

So nobody elsewhere can lock anybody out. A try is counted before it is looked at, and taken back when it was right:
many at once gain nothing.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, NamedTuple

from flask import Flask, g, make_response, render_template, request, session
from flask_security import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from advocacy.abuse import limiter
from advocacy.abuse.networks import network_of
from advocacy.encryption import digests
from advocacy.letters.encrypted_columns import normalize_address
from advocacy.staff import audit_log, invitations
from advocacy.staff.audit_log import Act
from advocacy.staff.models import Account
from advocacy.web.services import services

WINDOW = timedelta(minutes=15)
RETRY_AFTER = {"Retry-After": str(20 * 60)}
"""What the page says too: the limiter's window slides, so that after WINDOW a third of it may still be waited for."""
TRIED_AT = "tried_at"
"""Where the session holds when the last right try was: until the second step is given, that of the password."""


class Limits(NamedTuple):
    """How many tries one network has within WINDOW: for one account, and for all of them together."""

    kind: str
    account: int
    network: int


PASSWORD, SECOND_STEP, RESET = Limits("password", 10, 30), Limits("second", 5, 30), Limits("reset", 3, 10)
LIMITED_VIEWS = {
    "login": PASSWORD,
    "verify": PASSWORD,
    "change_password": PASSWORD,
    "two_factor_token_validation": SECOND_STEP,
    "mf_recovery": SECOND_STEP,
    "forgot_password": RESET,
}
"""Flask-Security's views that take a password, a code or an address."""
TRIED_FIELDS = {"email", "password", "code"}
"""A form with none of these is no try."""


def limit_tries(app: Flask) -> None:
    """Count what is posted to the views of LIMITED_VIEWS."""
    for name, limits in LIMITED_VIEWS.items():
        app.view_functions[f"security.{name}"] = _limited(app.view_functions[f"security.{name}"], name, limits)


def _limited(view: Callable[..., Any], name: str, limits: Limits) -> Callable[..., Any]:
    """Return a view that answers 429 after too many tries; a wrong one is written into the audit log."""

    @wraps(view)
    def limited(**arguments: Any) -> Any:
        if not request.form.keys() & TRIED_FIELDS:
            return view(**arguments)
        email, now = _address_tried(name), services().now()
        keys = _keys(limits, email)
        if not all(limiter.hit(g.session, key, limit=limit, window=WINDOW, now=now) for key, limit in keys.items()):
            return make_response(render_template("security/too_many_tries.html"), 429, RETRY_AFTER)
        answer: Response = make_response(view(**arguments))
        if answer.status_code == 302:
            session[TRIED_AT] = now.timestamp()
            for key in keys:
                limiter.undo(g.session, key, window=WINDOW, now=now)
        elif answer.status_code == 422 and name != "change_password":
            account = invitations.by_email(g.session, email)
            subject = f"account:{account.id}" if account else "sign-in"  # of unknown addresses none is written down
            audit_log.write_few(g.session, Act.SIGN_IN_FAILED, subject, by=None, now=now)
        return answer

    return limited


def _address_tried(name: str) -> str:
    """Return the address of the account that is tried, "" for nobody's.

    In the second step the account is locked, so that each code counts once.
    """
    if name in {"login", "forgot_password"}:
        return normalize_address(request.form.get("email", ""))
    if LIMITED_VIEWS[name] is PASSWORD:
        return str(current_user.email)
    owner = select(Account).where(Account.fs_uniquifier == session.get("tf_user_id")).with_for_update()
    account = g.session.scalar(owner, execution_options={"populate_existing": True})
    return account.email if account else ""


def _keys(limits: Limits, email: str) -> dict[str, int]:
    """Return the limits of this request by what they count: keyed hashes, of which none is read."""
    keys, network = services().keys, network_of(request.remote_addr or "")
    account, *_older = digests(keys, f"{email} {network}", purpose="staff account and network")
    everybody, *_older = digests(keys, network, purpose="staff network")
    return {
        f"sign-in {limits.kind} account {account}": limits.account,
        f"sign-in {limits.kind} network {everybody}": limits.network,
    }
