"""One's own account: name and language, password, second steps, visits."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response

from advocacy.database import immediate
from advocacy.language import Language
from advocacy.letters.moments import speak_moment
from advocacy.staff import attempts, audit, factors, passwords, visits
from advocacy.staff.attempts import Kind, TooMany
from advocacy.staff.audit import Act
from advocacy.staff.models import NAME, Account, Visit
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import LANGUAGE, own_account, staff
from advocacy.web.staff.entering import admit, count_try, mine, settled
from advocacy.web.staff.safe import safe
from advocacy.web.staff.second_steps import add_second_steps

Answer = Response | str | tuple[str, int]


def add_account(routes: Blueprint) -> None:
    """Make the routes."""
    routes.get("/account", endpoint="account")(account)
    routes.post("/account", endpoint="account_changed")(account_changed)
    routes.get("/account/password", endpoint="password")(password)
    routes.post("/account/password", endpoint="password_changed")(password_changed)
    routes.post("/account/visits/end", endpoint="visits_ended")(visits_ended)
    add_second_steps(routes)


@own_account
@settled
def account() -> str:
    """Show one's own account."""
    me = mine()
    return _shown(me, me.name, {})


@own_account
@settled
def account_changed() -> Answer:
    """Change one's name, and the language of pages and mails."""
    name, language = " ".join(request.form.get("name", "").split()), request.form.get("language", "")
    if not 0 < len(name) <= NAME or language not in set(Language):
        wrong = gettext("Enter the name your team knows you by.")
        return _shown(mine(), name, {"name": wrong}), 422
    with immediate(services().sessions) as transaction:
        me = factors.locked(transaction, staff().id)
        me.name, me.language = name, Language(language)
        audit.write(transaction, Act.ACCOUNT_CHANGED, f"account:{me.id}", by=me.id, now=services().now())
    session[LANGUAGE] = language
    flash(gettext("Your name and language are saved."))
    return redirect(url_for("staff.account"), 303)


@own_account
@settled
def password() -> str:
    """Ask for the old password and a new one."""
    return render_template("staff/password.html", account=mine(), errors={})


@own_account
@settled
def password_changed() -> Answer:
    """Set a new password, and end all visits but this one."""
    me, old, new = mine(), request.form.get("old", ""), request.form.get("password", "")
    try:
        taken = count_try(Kind.PASSWORD, me.email)
    except TooMany:
        errors = {"old": gettext("Too many tries. Wait 15 minutes, then try again.")}
        return render_template("staff/password.html", account=me, errors=errors), 429
    errors = _wrong(me, old, new)
    if "old" not in errors:
        with immediate(services().sessions) as transaction:
            attempts.give_back(transaction, taken)
    if errors or not _set_password(me, new):
        return render_template("staff/password.html", account=me, errors=errors), 422
    flash(gettext("Your password is changed. You’re signed out everywhere else."))
    return redirect(url_for("staff.account"), 303)


@own_account
@settled
def visits_ended() -> Response:
    """End all visits but this one."""
    with immediate(services().sessions) as transaction:
        me = factors.locked(transaction, staff().id)
        token = visits.end_others(transaction, me, transaction.get_one(Visit, staff().visit.id))
        audit.write(transaction, Act.VISITS_ENDED, f"account:{me.id}", by=me.id, now=services().now())
    admit(token, me)
    flash(gettext("You’re signed out everywhere else."))
    return redirect(url_for("staff.account"), 303)


def _wrong(me: Account, old: str, new: str) -> dict[str, str]:
    found = {}
    if not safe().vault.is_right(old, me.password):
        found["old"] = gettext("This is not your password.")
    known = (me.email, me.name, "advocacy", services().settings.shown_name)
    if wrong := passwords.problem(new, known=known):
        found["password"] = wrong.spoken(current_language())
    elif new != request.form.get("again", ""):
        found["again"] = gettext("The two passwords differ. Type the same one twice.")
    return found


def _set_password(me: Account, new: str) -> bool:
    """Set it, unless somebody else did meanwhile."""
    hashed = safe().vault.hash(new)
    with immediate(services().sessions) as transaction:
        account = factors.locked(transaction, me.id)
        visit = transaction.get(Visit, staff().visit.id, populate_existing=True)
        if account.password != me.password or visit is None:
            return False
        account.password = hashed
        token = visits.end_others(transaction, account, visit)
        audit.write(transaction, Act.PASSWORD_CHANGED, f"account:{me.id}", by=me.id, now=services().now())
    admit(token, account)
    return True


def _shown(me: Account, name: str, errors: dict[str, str]) -> str:
    with services().sessions() as transaction:
        mine_ = select(Visit).where(Visit.account_id == me.id).order_by(Visit.seen_at.desc())
        own = [one for one in transaction.scalars(mine_) if not visits.is_over(one, services().now())]
    spoken = current_language()
    seen = [(speak_moment(one.seen_at, spoken), one.id == staff().visit.id) for one in own]
    added = {one.id: speak_moment(one.create_datetime, spoken) for one in me.webauthn}
    codes = len(me.mf_recovery_codes or [])
    return render_template(
        "staff/account.html", account=me, name=name, errors=errors, visits=seen, added=added, codes=codes
    )
