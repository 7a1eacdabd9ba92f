"""The people of the site: who they are, who is invited, and what a manager decides about them."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from advocacy.database import immediate
from advocacy.delivery import outbox
from advocacy.delivery.models import By
from advocacy.letters.moments import speak_moment
from advocacy.staff import factors, invitations, people
from advocacy.staff.models import Account, Invitation
from advocacy.staff.roles import Role
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import manager, staff
from advocacy.web.staff.invitation_way import shows_link, way

Answer = Response | str | tuple[str, int]
LINK = "invitation-link"
"""What the cookie holds until the page has shown it, where no mail leaves: the token of an invitation just made."""


def add_people(routes: Blueprint) -> None:
    """Make the routes."""
    routes.get("/people", endpoint="people")(list_people)
    routes.post("/people", endpoint="people_invite")(invite)
    routes.get("/people/<int:account_id>", endpoint="person")(person)
    routes.post("/people/<int:account_id>", endpoint="person_decided")(decide)
    routes.get("/people/invitations/<int:invitation_id>", endpoint="invitation")(invitation)
    routes.post("/people/invitations/<int:invitation_id>", endpoint="invitation_withdrawn")(withdraw)


@manager
def list_people() -> str:
    """List everybody, and whoever is invited."""
    return _listed("", "", {})


@manager
def invite() -> Answer:
    """Invite an address: its link leaves by mail, for nobody else to see."""
    typed, role = request.form.get("email", ""), request.form.get("role", "")
    email = invitations.read_address(typed)
    errors = {}
    if email is None:
        errors["email"] = gettext("Enter one e-mail address, like someone@example.ca.")
    if role not in set(Role):
        errors["role"] = gettext("Choose a role.")
    if not errors and email is not None:
        with immediate(services().sessions) as transaction:
            known = invitations.by_email(transaction, email)
            made = _invited(transaction, email, Role(role)) if known is None else None
        if made is not None:
            services().ring()
            return made
        errors["email"] = gettext("This address already has an account: see the list.")
    return _listed(typed, role, errors), 422


@manager
def person(account_id: int) -> str:
    """Show one account and what may be decided about it."""
    with services().sessions() as transaction:
        if transaction.get(Account, account_id) is None:
            abort(404)
        account = factors.read(transaction, account_id)
    seen = speak_moment(account.seen_at, current_language()) if account.seen_at else ""
    return render_template("staff/person.html", account=account, seen=seen, steps=_steps(account))


@manager
def decide(account_id: int) -> Response:
    """Carry out what was decided."""
    act = DECISIONS.get(request.form.get("act", ""))
    if act is None:
        abort(400)
    try:
        with immediate(services().sessions) as transaction:
            account = people.decided(transaction, account_id)
            if account is None:
                abort(404)
            answer = act(transaction, account)
        services().ring()  # there may be a mail
    except people.LastManager:
        flash(
            gettext("Nothing was changed: the site needs at least one manager. Give the role to someone else first."),
            "refused",
        )
        answer = None
    return answer or redirect(url_for("staff.person", account_id=account_id), 303)


@manager
def invitation(invitation_id: int) -> str:
    """Show one invitation and where its link is; the link itself only where no mail leaves, just after it was made."""
    held, spoken = session.pop(LINK, None), current_language()
    with services().sessions() as transaction:
        row = _usable(transaction, invitation_id)
        account = invitations.by_email(transaction, row.email)
        known = way(transaction, row)
    token = held[1] if isinstance(held, list) and held[:1] == [row.id] else ""
    link = f"{services().settings.base_url}/staff/join/{token}" if token else ""
    return render_template(
        "staff/invitation.html",
        invitation=row,
        account=account,
        link=link,
        until=speak_moment(row.expires_at, spoken),
        told=known.said.spoken(spoken).format(address=services().settings.test_recipient or row.email),
        way=known,
    )


@manager
def withdraw(invitation_id: int) -> Response:
    """Let an invitation be used no more."""
    with immediate(services().sessions) as transaction:
        row = _usable(transaction, invitation_id)
        invitations.withdraw(transaction, row, by=staff().id, now=services().now())
    flash(gettext("Invitation withdrawn: its link no longer works."))
    return redirect(url_for("staff.people"), 303)


def _usable(transaction: Session, invitation_id: int) -> Invitation:
    row = transaction.get(Invitation, invitation_id)
    if row is None or row.used_at or row.withdrawn_at or row.expires_at <= services().now():
        abort(404)
    return row


def _invited(transaction: Session, email: str, role: Role) -> Response:
    """Invite, and put the mail that carries the link into the outbox."""
    now = services().now()
    made, token = invitations.invite(transaction, email, role, by=staff().id, now=now)
    invitations.keep_token(made, token, keys=services().keys)
    outbox.put(transaction, invitations.KIND, str(made.id), now=now, by=By.STAFF)
    if shows_link():
        session[LINK] = [made.id, token]
    flash(gettext("Invitation created."))
    return redirect(url_for("staff.invitation", invitation_id=made.id), 303)


def _change_role(transaction: Session, account: Account) -> Response | None:
    wanted = request.form.get("role", "")
    if wanted not in set(Role):
        abort(400)
    itself = account.id == staff().id and account.role is not Role(wanted)
    people.change_role(transaction, account, Role(wanted), by=staff().id, now=services().now())
    flash(gettext("Role changed. They are signed out everywhere."))
    return redirect(url_for("staff.sign_in"), 303) if itself else None


def _close(transaction: Session, account: Account) -> Response | None:
    people.close(transaction, account, by=staff().id, now=services().now())
    flash(gettext("Account closed. They are signed out everywhere."))
    return redirect(url_for("staff.sign_in"), 303) if account.id == staff().id else None


def _open(transaction: Session, account: Account) -> None:
    people.open_again(transaction, account, by=staff().id, now=services().now())
    flash(gettext("The account is open again."))


def _end_visits(transaction: Session, account: Account) -> Response | None:
    people.end_visits(transaction, account, by=staff().id, now=services().now())
    flash(gettext("They are signed out everywhere."))
    return redirect(url_for("staff.sign_in"), 303) if account.id == staff().id else None


def _reset(transaction: Session, account: Account) -> Response | None:
    factors.reset(transaction, account, by=staff().id, now=services().now())
    flash(gettext("Two-step verification is reset: after the password they set it up again."))
    return redirect(url_for("staff.sign_in"), 303) if account.id == staff().id else None


def _renew(transaction: Session, account: Account) -> Response | None:
    if not account.active:
        abort(400)
    return _invited(transaction, account.email, account.role)


DECISIONS: dict[str, Callable[[Session, Account], Response | None]] = {
    "role": _change_role,
    "close": _close,
    "open": _open,
    "visits": _end_visits,
    "reset": _reset,
    "password": _renew,
}
"""What may be decided about one person."""


def _listed(email: str, role: str, errors: dict[str, str]) -> str:
    spoken, now = current_language(), services().now()
    with services().sessions() as transaction:
        accounts = people.everyone(transaction)
        invited = invitations.open_ones(transaction, now=now)
    rows = [(one, _steps(one), speak_moment(one.seen_at, spoken) if one.seen_at else "") for one in accounts]
    waiting = [(one, speak_moment(one.expires_at, spoken)) for one in invited if one.email]
    return render_template(
        "staff/people.html",
        rows=rows,
        waiting=waiting,
        email=email,
        role=role,
        errors=errors,
        links=shows_link(),
    )


def _steps(account: Account) -> list[str]:
    app = [gettext("app")] if account.tf_totp_secret else []
    return app + ([gettext("passkey")] if account.webauthn else [])
