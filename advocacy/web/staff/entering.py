"""From one step of signing in to the next: who has to give what, and where they wanted to go."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import redirect, request, session, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from advocacy.database import immediate
from advocacy.staff import attempts, factors, visits
from advocacy.staff.attempts import Kind, Trying
from advocacy.staff.models import Account, Visit
from advocacy.web.services import services
from advocacy.web.staff.access import VISIT, WANTED, is_ours, let_in, staff

View = TypeVar("View", bound=Callable[..., Any])


class NotFresh(Exception):
    """A second step has to be given again before this."""


def admit(token: str, account: Account) -> None:
    """Put a new token into the cookie; of what was in it only the page they wanted stays."""
    wanted = session.get(WANTED)
    let_in(token, account.language)
    if wanted:
        session[WANTED] = wanted


def onwards(default: str = "staff.home") -> Response:
    """Lead to the page they wanted, one of this site's."""
    wanted = session.pop(WANTED, "")
    return redirect(wanted if is_ours(wanted) else url_for(default), 303)


def mine() -> Account:
    """Give the account of whoever asks, with its passkeys, as it stands now."""
    with services().sessions() as transaction:
        return factors.read(transaction, staff().id)


def settled(view: View) -> View:
    """Let in whoever has given all they have: their password, and the second step where there is one."""

    @wraps(view)
    def guarded(**given: Any) -> Any:
        if mine().has_second_factor and staff().visit.proved_at is None:
            return to_second()
        return view(**given)

    return cast(View, guarded)


def fresh(view: View) -> View:
    """Let in whoever gave their second step just now, or has none yet; one that changes anything asks `still_fresh`."""

    @wraps(view)
    def guarded(**given: Any) -> Any:
        if not factors.is_fresh(mine(), staff().visit, services().now()):
            return to_second()
        try:
            return view(**given)
        except NotFresh:
            return to_second()

    return cast(View, guarded)


def still_fresh(transaction: Session) -> tuple[Account, Visit]:
    """Give one's account and visit, locked until the transaction ends; raises NotFresh where either changed meanwhile.

    In another browser a first second step may have been added, or this visit ended, while the lock was waited for.
    """
    known = staff()
    account = factors.locked(transaction, known.id)
    visit = transaction.get(Visit, known.visit.id, populate_existing=True)
    if visit is None or not factors.is_fresh(account, visit, services().now()):
        raise NotFresh
    return account, visit


def end_earlier(transaction: Session) -> None:
    """End the visit that this browser had, whosever it was, before another begins in it."""
    if isinstance(earlier := session.get(VISIT), str):
        visits.end(transaction, earlier)


def to_second() -> Response:
    """Ask for the second step, and come back to this page, or to one's account where a form was posted."""
    session[WANTED] = request.path if request.method == "GET" else url_for("staff.account")
    return redirect(url_for("staff.second"), 303)


def count_try(kind: Kind, email: str) -> tuple[int, ...]:
    """Count a try before it is looked at; raises TooMany."""
    trying = Trying(kind, email, request.remote_addr or "")
    with immediate(services().sessions) as transaction:
        return attempts.take(transaction, trying, keys=services().keys, now=services().now())
