"""Who may open a staff page: each route declares it, and `check_access` holds every request to it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_security import current_user
from flask_security.utils import logout_user
from werkzeug.wrappers import Response

from advocacy.staff import audit_log
from advocacy.staff.audit_log import Act
from advocacy.staff.models import Account, Role
from advocacy.web.security import SAFE, Access, access_of
from advocacy.web.services import services
from advocacy.web.unit_of_work import begin_to_write, commit

bp = Blueprint("staff", __name__, url_prefix="/staff")


View = TypeVar("View", bound=Callable[..., Any])
BEGAN_AT, SEEN_AT, PROVED, LANGUAGE = "began_at", "seen_at", "proved", "language"
"""What the cookie of the staff pages holds besides Flask-Security's: when the session began and was last used, whether
the second factor was given, and the pages' language."""
MAX_IDLE, MAX_AGE = timedelta(minutes=30), timedelta(hours=12)
TOUCH_INTERVAL = timedelta(minutes=1)
"""How exactly it is known when somebody was last here."""
MAX_PATH = 500
"""Characters of a page's address that one is led back to."""
REQUIRED_ROLES = {Access.WRITER: Role.WRITER, Access.PUBLISHER: Role.PUBLISHER, Access.MANAGER: Role.MANAGER}


def staff_page(needed: Access) -> Callable[[View], View]:
    """Declare who may enter a route; nothing stores its pages."""

    def declare(view: View) -> View:
        view.access = needed  # type: ignore[attr-defined]
        view.no_store = True  # type: ignore[attr-defined]
        return view

    return declare


def requires(role: Role) -> Callable[[View], View]:
    """Declare that a route is for staff of this role or a higher one, signed in with their second factor."""
    return staff_page(Access(role.value))


open_to_everyone = staff_page(Access.SIGN_IN)
"""Declare that a route needs no account: signing in, joining."""
own_account = staff_page(Access.ACCOUNT)
"""Declare that a route needs a password alone while there is no second factor, so that one can be set up."""


def form_limits(*, body: int | None = None, parts: int | None = None) -> Callable[[View], View]:
    """Declare how many bytes and how many fields the form of a route may have, where the usual is too little."""

    def declare(view: View) -> View:
        for name, limit in (("body_limit", body), ("parts_limit", parts)):
            if limit is not None:
                setattr(view, name, limit)
        return view

    return declare


T = TypeVar("T")


def or_404(found: T | None) -> T:
    """Return what was looked for; without it the address leads to nothing."""
    if found is None:
        abort(404)
    return found


def current_account() -> Account:
    """Return the account of whoever asks; to be called by views that only staff may enter."""
    return cast(Account, account_or_none())


def account_or_none() -> Account | None:
    """Return the account of whoever is signed in, None for whoever is not."""
    if "account" not in g:
        g.account = _signed_in()
    return cast("Account | None", g.account)


def is_proved() -> bool:
    """Whether whoever is signed in gave their second factor."""
    return bool(session.get(PROVED))


def record(act: Act, subject: str, **changes: Any) -> None:
    """Write what whoever asks does into the audit log; `changes` are what `audit_log.write` takes besides."""
    audit_log.write(g.session, act, subject, by=current_account().id, now=services().now(), **changes)


def is_ours(path: object) -> bool:
    """Whether it is the path of a staff page, to which somebody may be led back."""
    return (
        isinstance(path, str)
        and path.startswith("/staff/")
        and len(path) <= MAX_PATH
        and path.isprintable()
        and not ("//" in path or "\\" in path)
    )


@bp.before_app_request
def check_access() -> Response | tuple[str, int] | None:
    """Turn away, before each request, whoever its route does not name."""
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None:
        return None  # there is no such page
    if "\0" in request.path:
        abort(404)  # no name holds one, and PostgreSQL cannot be asked for it
    needed, account = access_of(view), account_or_none()
    if needed is Access.SIGN_IN:
        return None
    if account is None:
        return _lead_to_sign_in()
    if needed is Access.ACCOUNT:
        return None
    if not is_proved():
        return redirect(url_for("staff.account"), 303)
    if needed not in REQUIRED_ROLES:
        abort(500)  # a route that names nobody lets nobody in
    if not account.role.may(REQUIRED_ROLES[needed]):
        subject = f"page:{(request.endpoint or '').partition('.')[2]}"
        begin_to_write()
        audit_log.write_few(g.session, Act.REFUSED, subject, by=account.id, now=services().now())
        commit()
        return render_template("staff/not_yours.html", needed=REQUIRED_ROLES[needed]), 403
    return None


def _lead_to_sign_in() -> Response:
    """Lead to where one signs in, and from there back: to the page, or after a form to the page that it was on."""
    page = request.path if request.method in SAFE else urlsplit(request.referrer or "").path
    return redirect(url_for("security.login", next=page if is_ours(page) else None), 303)


def _signed_in() -> Account | None:
    """Find out who is signed in, and note that they are here; a session that is over is signed out."""
    if not current_user.is_authenticated:
        return None
    account, now = cast(Account, current_user._get_current_object()), services().now()
    idle, age = (now.timestamp() - session.get(name, 0) for name in (SEEN_AT, BEGAN_AT))
    is_over = idle >= MAX_IDLE.total_seconds() or age >= MAX_AGE.total_seconds()
    if is_over or (account.has_second_factor and not is_proved()):
        logout_user()
        flash(_("Your session has ended. Sign in again."), "info")
        return None
    if idle >= TOUCH_INTERVAL.total_seconds():
        session[SEEN_AT] = now.timestamp()
    return account
