"""Joining by invitation: a name and a password, once; for whoever has an account, a new password."""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from advocacy.database import immediate
from advocacy.staff import invitations, passwords, visits
from advocacy.staff.models import NAME, Account, Invitation
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import door
from advocacy.web.staff.entering import admit, end_earlier
from advocacy.web.staff.safe import safe

Answer = Response | str | tuple[str, int]


def add_joining(routes: Blueprint) -> None:
    """Make the routes; their address is the secret that lets one in, which no request tells of."""
    for view in (join, joining):
        view.secret = True  # type: ignore[attr-defined]
    routes.get("/join/<token>", endpoint="join")(join)
    routes.post("/join/<token>", endpoint="joining")(joining)


@dataclass(frozen=True, slots=True)
class Joining:
    """What was typed; `account` is the one that an invitation gives a new password, None where it makes one."""

    email: str
    name: str
    password: str
    again: str
    account: Account | None

    def errors(self) -> dict[str, str]:
        """Say what must be mended, by field."""
        found = {}
        if not invitations.read_address(self.email):
            found["email"] = gettext("Enter one e-mail address, like someone@example.ca.")
        if not self.account and not 0 < len(self.name) <= NAME:
            found["name"] = gettext("Enter the name your team knows you by.")
        known = (self.email, self.name, *_site_names())
        if wrong := passwords.problem(self.password, known=known):
            found["password"] = wrong.spoken(current_language())
        elif self.password != self.again:
            found["again"] = gettext("The two passwords differ. Type the same one twice.")
        return found


@door
def join(token: str) -> Answer:
    """Ask for a name and a password."""
    with services().sessions() as transaction:
        invitation = invitations.find(transaction, token, now=services().now())
        if invitation is None:
            return _gone()
        return _asked(invitation, _typed(transaction, invitation), {})


@door
def joining(token: str) -> Answer:
    """Make the account, or set its new password, and go on to the second step."""
    now = services().now()
    with services().sessions() as transaction:
        invitation = invitations.find(transaction, token, now=now)
        if invitation is None:
            return _gone()
        typed = _typed(transaction, invitation)
        if errors := typed.errors():
            return _asked(invitation, typed, errors), 422
    hashed = safe().vault.hash(typed.password)
    try:
        with immediate(services().sessions) as transaction:
            account, visit = _accept(transaction, token, typed, hashed=hashed)
    except invitations.NotInvited:
        return _gone()
    admit(visit, account)
    return redirect(url_for("staff.account" if typed.account is None else "staff.second"), 303)


def _accept(transaction: Session, token: str, typed: Joining, *, hashed: str) -> tuple[Account, str]:
    now = services().now()
    invitation = invitations.find(transaction, token, now=now)
    email = invitations.read_address(typed.email)
    if invitation is None or email is None:
        raise invitations.NotInvited
    account = invitations.accept(
        transaction, invitation, hashed, email=email, name=typed.name, language=current_language(), now=now
    )
    account.seen_at = now
    end_earlier(transaction)
    return account, visits.begin(transaction, account, now=now, proved=False)


def _typed(transaction: Session, invitation: Invitation) -> Joining:
    account = invitations.by_email(transaction, invitation.email) if invitation.email else None
    typed = request.form.get
    return Joining(
        email=invitation.email or typed("email", "").strip(),
        name=account.name if account else " ".join(typed("name", "").split()),
        password=typed("password", ""),
        again=typed("again", ""),
        account=account,
    )


def _asked(invitation: Invitation, typed: Joining, errors: dict[str, str]) -> str:
    return render_template("staff/join.html", invitation=invitation, typed=typed, errors=errors)


def _gone() -> tuple[str, int]:
    return render_template("staff/join_gone.html"), 410


def _site_names() -> tuple[str, ...]:
    return ("advocacy", services().settings.shown_name)
