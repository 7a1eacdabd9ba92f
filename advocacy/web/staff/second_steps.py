"""Second steps are added, replaced and removed by their person, who gives one again before."""

from collections.abc import Sequence

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from advocacy.database import immediate
from advocacy.staff import factors, passkeys, visits
from advocacy.staff.factors import LastFactor
from advocacy.staff.models import Account
from advocacy.web.services import services
from advocacy.web.staff.access import own_account, staff
from advocacy.web.staff.drawn_code import drawn
from advocacy.web.staff.entering import admit, fresh, mine, settled, still_fresh
from advocacy.web.staff.safe import safe

Answer = Response | str | tuple[str, int]
SECRET = "app-secret"  # noqa: S105 - the name of what the cookie holds, encrypted, while an app is set up


def add_second_steps(routes: Blueprint) -> None:
    """Make the routes."""
    routes.get("/account/app", endpoint="app")(app)
    routes.post("/account/app", endpoint="app_added")(app_added)
    routes.post("/account/app/remove", endpoint="app_removed")(app_removed)
    routes.get("/account/passkey", endpoint="passkey")(passkey)
    routes.post("/account/passkey", endpoint="passkey_added")(passkey_added)
    routes.post("/account/passkey/<int:passkey_id>/remove", endpoint="passkey_removed")(passkey_removed)
    routes.get("/account/recovery", endpoint="recovery")(recovery)
    routes.post("/account/recovery", endpoint="recovery_made")(recovery_made)


@own_account
@fresh
def app() -> str:
    """Show the secret of a new app, drawn and written."""
    session.setdefault(SECRET, safe().codes.generate_totp_secret())
    return _app_asked({})


@own_account
@fresh
def app_added() -> Answer:
    """Take the app whose first code is right."""
    secret = session.get(SECRET)
    if not isinstance(secret, str):
        return redirect(url_for("staff.app"), 303)
    now, code = services().now(), request.form.get("code", "")
    with immediate(services().sessions) as transaction:
        me, visit = still_fresh(transaction)
        added = factors.add_app(transaction, me, secret, code=code, codes=safe().codes, now=now)
        token = visits.prove(transaction, visit, now=now) if added else ""
    if not added:
        return _app_asked({"code": gettext("Wrong code. Wait for the app to show the next one.")}), 422
    return _gone_on(token, me, gettext("The app is added."))


@own_account
@fresh
def app_removed() -> Response:
    """Take the app's codes no more."""
    try:
        with immediate(services().sessions) as transaction:
            removed = factors.remove_app(transaction, still_fresh(transaction)[0], now=services().now())
    except LastFactor:
        flash(_last())
    else:
        if removed:
            flash(gettext("App removed: its codes no longer work."))
    return redirect(url_for("staff.account"), 303)


@own_account
@fresh
def passkey() -> str:
    """Ask the browser for a new passkey."""
    return _passkey_asked({})


@own_account
@fresh
def passkey_added() -> Answer:
    """Take the passkey that answers rightly."""
    now, name = services().now(), " ".join(request.form.get("name", "").split())
    with immediate(services().sessions) as transaction:
        me, visit = still_fresh(transaction)
        answer, named = request.form.get("answer", ""), name or gettext("Passkey")
        added = passkeys.add(transaction, safe().site, me, visit=visit, answer=answer, name=named, now=now)
        token = visits.prove(transaction, visit, now=now) if added else ""
    if not added:
        return _passkey_asked({"name": gettext("The passkey could not be added. Try again.")}), 422
    return _gone_on(token, me, gettext("The passkey is added."))


@own_account
@fresh
def passkey_removed(passkey_id: int) -> Response:
    """Take a passkey no more."""
    try:
        with immediate(services().sessions) as transaction:
            me, _ = still_fresh(transaction)
            removed = factors.remove_passkey(transaction, me, passkey_id, now=services().now())
    except LastFactor:
        flash(_last())
        return redirect(url_for("staff.account"), 303)
    if not removed:
        abort(404)
    flash(gettext("Passkey removed: it no longer works."))
    return redirect(url_for("staff.account"), 303)


@own_account
@settled
def recovery() -> Answer:
    """Tell how many recovery codes are left, and offer new ones."""
    me = mine()
    if not me.has_second_factor:
        return redirect(url_for("staff.account"), 303)
    return _recovery_shown(me, ())


@own_account
@fresh
def recovery_made() -> Answer:
    """Make new recovery codes and show them, this once."""
    with immediate(services().sessions) as transaction:
        me, _ = still_fresh(transaction)
        if not me.has_second_factor:
            return redirect(url_for("staff.account"), 303)
        codes = factors.make_recovery_codes(transaction, me, keys=services().keys, now=services().now())
    return _recovery_shown(me, codes)


def _gone_on(token: str, me: Account, sentence: str) -> Response:
    """Go on to the recovery codes, where there are none yet."""
    admit(token, me)
    flash(sentence)
    return redirect(url_for("staff.account" if me.mf_recovery_codes else "staff.recovery"), 303)


def _app_asked(errors: dict[str, str]) -> str:
    secret, me = str(session[SECRET]), mine()
    code = drawn(safe().codes.get_totp_uri(me.email, secret))
    key = safe().codes.get_totp_pretty_key(secret)
    return render_template("staff/app.html", code=code, key=key, errors=errors, account=me)


def _passkey_asked(errors: dict[str, str]) -> str:
    site, name = safe().site, " ".join(request.form.get("name", "").split())
    asked = passkeys.to_add(site, mine(), staff().visit) if site.possible else ""
    return render_template("staff/passkey.html", asked=asked, name=name, errors=errors)


def _recovery_shown(me: Account, codes: Sequence[str]) -> str:
    left = len(me.mf_recovery_codes or [])
    return render_template("staff/recovery.html", codes=codes, left=left, site=services().settings.shown_name)


def _last() -> str:
    return str(gettext("This is your only verification method: add another one first."))
