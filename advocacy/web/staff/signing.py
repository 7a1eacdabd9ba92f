"""Signing in and out: an address and a password, then a second step. Known and unknown are answered alike."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from advocacy.database import immediate
from advocacy.staff import attempts, audit, factors, invitations, passkeys, visits
from advocacy.staff.attempts import Kind, TooMany
from advocacy.staff.audit import Act
from advocacy.staff.models import Account, Visit
from advocacy.web.services import services
from advocacy.web.staff.access import VISIT, door, own_account, staff, staff_or_none
from advocacy.web.staff.entering import admit, count_try, end_earlier, mine, onwards
from advocacy.web.staff.safe import keep_safe, safe

Answer = Response | str | tuple[str, int] | tuple[str, int, dict[str, str]]
WAIT = {"Retry-After": str(int(attempts.WINDOW.total_seconds()))}


def add_signing(routes: Blueprint) -> None:
    """Make the routes."""
    keep_safe(routes)
    routes.get("/sign-in", endpoint="sign_in")(sign_in)
    routes.post("/sign-in", endpoint="signing_in")(signing_in)
    routes.get("/forgotten", endpoint="forgotten")(forgotten)
    routes.get("/second", endpoint="second")(second)
    routes.post("/second", endpoint="second_given")(second_given)
    routes.post("/sign-out", endpoint="sign_out")(sign_out)


@door
def sign_in() -> Answer:
    """Ask who it is."""
    if staff_or_none() is not None:
        return redirect(url_for("staff.home"), 303)
    return render_template("staff/sign_in.html", email="", errors={})


@door
def signing_in() -> Answer:
    """Let in whoever has the password, as far as their own account."""
    email, password = request.form.get("email", ""), request.form.get("password", "")
    try:
        taken = count_try(Kind.PASSWORD, email)
    except TooMany:
        return _asked_again(email, _too_many(), 429)
    account = _let_in(email, password, taken)
    if account is None:
        wrong = gettext("The address or the password is not right, or the account is closed.")
        return _asked_again(email, wrong, 422)
    return redirect(url_for("staff.second" if account.has_second_factor else "staff.account"), 303)


@door
def forgotten() -> str:
    """Say what to do without one's password, or without one's second step."""
    return render_template("staff/forgotten.html")


@own_account
def second() -> Answer:
    """Ask for the second step."""
    account = mine()
    if not account.has_second_factor:
        return redirect(url_for("staff.account"), 303)
    return _second_asked(account, {})


@own_account
def second_given() -> Answer:
    """Open all pages of one's role to whoever gives their second step."""
    account = mine()
    try:
        taken = count_try(Kind.SECOND, account.email)
    except TooMany:
        return _second_asked(account, {_field(): _too_many()}), 429, WAIT
    token = _prove(taken)
    if token is None:
        return _second_asked(account, {_field(): _wrong()}), 422
    admit(token, account)
    return onwards()


@door
def sign_out() -> Response:
    """End the visit."""
    known, token = staff_or_none(), session.get(VISIT)
    if isinstance(token, str):
        with immediate(services().sessions) as transaction:
            visits.end(transaction, token)
            if known is not None:
                audit.write(transaction, Act.SIGNED_OUT, f"account:{known.id}", by=known.id, now=services().now())
    session.clear()
    return redirect(url_for("staff.sign_in"), 303)


sign_out.secret = True  # type: ignore[attr-defined]  # an invitation's page has it too, and names itself to nobody


def _let_in(email: str, password: str, taken: tuple[int, ...]) -> Account | None:
    with services().sessions() as transaction:
        asked = invitations.by_email(transaction, email)
    kept = asked.password if asked is not None and asked.active else None
    if not safe().vault.is_right(password, kept) or asked is None:
        return None
    now = services().now()
    with immediate(services().sessions) as transaction:
        account = factors.locked(transaction, asked.id)
        if account.password != kept or not account.active:
            return None  # it was changed meanwhile
        attempts.give_back(transaction, taken)
        end_earlier(transaction)
        token = visits.begin(transaction, account, now=now, proved=False)
        account.seen_at = now
    admit(token, account)
    return account


def _prove(taken: tuple[int, ...]) -> str | None:
    """Take what was given as a second step, and give the visit's new token; None where it is not right."""
    now, known = services().now(), staff()
    with immediate(services().sessions) as transaction:
        account = factors.locked(transaction, known.id)
        visit = transaction.get(Visit, known.visit.id, populate_existing=True)
        if visit is None or not _is_right(transaction, account, visit):
            return None
        attempts.give_back(transaction, taken)
        if visit.proved_at is None:
            audit.write(transaction, Act.SIGNED_IN, f"account:{account.id}", by=account.id, now=now)
        return visits.prove(transaction, visit, now=now)


def _is_right(transaction: Session, account: Account, visit: Visit) -> bool:
    now = services().now()
    if answer := request.form.get("answer", ""):
        return passkeys.is_right(safe().site, account, visit=visit, answer=answer, now=now)
    if typed := request.form.get("recovery", ""):
        return factors.use_recovery_code(transaction, account, typed, keys=services().keys, now=now)
    secret = account.tf_totp_secret
    return secret is not None and safe().codes.is_right(account, request.form.get("code", ""), secret=secret)


def _field() -> str:
    return next((name for name in ("answer", "recovery") if request.form.get(name)), "code")


def _asked_again(email: str, sentence: str, status: int) -> Answer:
    page = render_template("staff/sign_in.html", email=email, errors={"email": sentence})
    return (page, status, WAIT) if status == 429 else (page, status)


def _second_asked(account: Account, errors: dict[str, str]) -> str:
    site, visit = safe().site, staff().visit
    asked = passkeys.to_give(site, account, visit) if account.webauthn and site.possible else ""
    return render_template("staff/second.html", account=account, errors=errors, asked=asked)


def _too_many() -> str:
    return str(gettext("Too many tries. Wait 15 minutes, then try again."))


def _wrong() -> str:
    match _field():
        case "answer":
            return str(gettext("The passkey was not recognized. Try again."))
        case "recovery":
            return str(gettext("This recovery code is not right, or was used before."))
        case _:
            return str(gettext("This code is not right, or was used before. Wait for the next one."))
