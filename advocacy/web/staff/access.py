"""Who may enter a staff page: every route says so itself, and whoever may not is told what they can do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from flask import Blueprint, abort, current_app, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from advocacy.database import immediate
from advocacy.language import Language
from advocacy.staff import visits
from advocacy.staff.models import Account, Visit
from advocacy.staff.roles import Role
from advocacy.web.security import Entry, entry
from advocacy.web.services import services

View = TypeVar("View", bound=Callable[..., Any])
VISIT, LANGUAGE, WANTED = "visit", "language", "wanted"
"""What the cookie holds of staff: the visit's token, the language of their pages, the page they wanted."""
LONGEST_WAY = 500
"""Characters of a page's address that are remembered: a cookie holds little."""
NEEDED = {Entry.WRITER: Role.WRITER, Entry.PUBLISHER: Role.PUBLISHER, Entry.MANAGER: Role.MANAGER}


@dataclass(frozen=True, slots=True)
class Staff:
    """Who asks: their account and their visit."""

    account: Account
    visit: Visit

    @property
    def id(self) -> int:
        """The account's id, as the journal wants it."""
        return self.account.id

    def may(self, role: Role) -> bool:
        """Tell whether they may do what this role may."""
        return self.account.role.may(role)


def staff_page(needed: Entry) -> Callable[[View], View]:
    """Declare who may enter a route; nothing keeps its pages."""

    def declare(view: View) -> View:
        view.entry = needed  # type: ignore[attr-defined]
        view.kept_nowhere = True  # type: ignore[attr-defined]
        return view

    return declare


door = staff_page(Entry.DOOR)
"""Pages of signing in, for those who are not signed in."""
own_account = staff_page(Entry.ACCOUNT)
"""Pages of one's own account: a password is enough, so that a second factor can be added."""
writer, publisher, manager = staff_page(Entry.WRITER), staff_page(Entry.PUBLISHER), staff_page(Entry.MANAGER)


def requires(role: Role) -> Callable[[View], View]:
    """Declare that a route is for staff of this role or a higher one, signed in with their second factor."""
    return staff_page(Entry(role.value))


def current_account() -> Account:
    """Return the account of whoever asks; to be called by views that only staff may enter."""
    return staff().account


def staff() -> Staff:
    """Give who asks; to be called by views that only staff may enter."""
    return cast(Staff, g.staff)


def staff_or_none() -> Staff | None:
    """Give who asks, None for whoever is not signed in."""
    return cast("Staff | None", g.get("staff"))


def guard(routes: Blueprint) -> None:
    """Let nobody into a route of this blueprint whom it does not name."""
    routes.before_request(_let_in)


def let_in(token: str, language: Language) -> None:
    """Put a new visit into the cookie; nothing of what was in it stays."""
    session.clear()
    session[VISIT], session[LANGUAGE] = token, language.value


def is_ours(way: object) -> bool:
    """Tell whether it is the address of a staff page, to which somebody may be led back."""
    return (
        isinstance(way, str)
        and way.startswith("/staff/")
        and len(way) <= LONGEST_WAY
        and way.isprintable()
        and not ("//" in way or "\\" in way)
    )


def _let_in() -> Response | tuple[str, int] | None:
    if "\0" in request.path:
        abort(404)  # no name holds one, and PostgreSQL cannot be asked for it
    view = current_app.view_functions[request.endpoint or ""]
    needed = entry(view)
    recognize()
    known = staff_or_none()
    if needed is Entry.DOOR:
        return None
    if known is None:
        return _to_the_door()
    if needed is Entry.ACCOUNT:
        return None
    if known.visit.proved_at is None:
        return redirect(url_for("staff.account"), 303)
    if needed not in NEEDED:
        abort(500)  # a route that names nobody lets nobody in
    if not known.may(NEEDED[needed]):
        return render_template("staff/not_yours.html", needed=NEEDED[needed]), 403
    return None


def recognize() -> None:
    """Find out who asks, and note that they are here."""
    token = session.get(VISIT)
    if not isinstance(token, str):
        return
    now = services().now()
    with services().sessions() as transaction:
        visit = visits.find(transaction, token, now=now)
    if visit is None:
        session.pop(VISIT)
        return
    if visits.wants_touch(visit, now):
        with immediate(services().sessions) as transaction:
            kept = transaction.get(Visit, visit.id)
            if kept is not None:
                kept.seen_at = now
                kept.account.seen_at = now
    g.staff = Staff(visit.account, visit)


def _to_the_door() -> Response:
    if request.method == "GET" and is_ours(request.path):
        session[WANTED] = request.path
    return redirect(url_for("staff.sign_in"), 303)
