"""The people of the site: who they are, who is invited, and what a manager decides about them."""

import shlex
from collections.abc import Callable
from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import EmailField, HiddenField, RadioField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from advocacy.database import immediate
from advocacy.delivery import holds, outbox
from advocacy.delivery.models import By
from advocacy.delivery.states import HANDED_OVER, SETTLED, State
from advocacy.letters.moments import speak_moment
from advocacy.staff import factors, invitations, people
from advocacy.staff.models import Account, Invitation
from advocacy.staff.roles import Role
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import requires, staff
from advocacy.web.staff.blueprint import bp
from advocacy.web.staff.forms import StaffForm

LINK = "invitation-link"
"""What the cookie holds until the page has shown it, where no mail is sent: the token of an invitation just made."""
ROLES = (
    SelectChoice(Role.WRITER.value, _l("Writer: writes drafts.")),
    SelectChoice(Role.PUBLISHER.value, _l("Publisher: also publishes the drafts of others.")),
    SelectChoice(Role.MANAGER.value, _l("Manager: also manages people, the directory and deliveries.")),
)


class InviteForm(StaffForm):
    """Whom to invite, and as what."""

    email = EmailField(_l("E-mail address"), [InputRequired(_l("Type an e-mail address."))])
    role = RadioField(
        _l("Role"), [InputRequired(_l("Choose a role."))], choices=ROLES, invalid_choice_message=_l("Choose a role.")
    )

    def validate_email(self, field: EmailField) -> None:
        """Refuse what is no address, and one that has an account."""
        if invitations.read_address(field.data or "") is None:
            raise ValidationError(_("Enter one e-mail address, like someone@example.ca."))
        with services().sessions() as transaction:
            if invitations.by_email(transaction, field.data):
                raise ValidationError(_("This address already has an account: see the list."))


class DecisionForm(StaffForm):
    """What is decided about one person; a role comes with one of the decisions."""

    act = HiddenField()
    role = RadioField(_l("Role"), choices=ROLES, validate_choice=False)

    def validate_role(self, field: RadioField) -> None:
        """Refuse a role that there is not."""
        if self.act.data == "role" and field.data not in set(Role):
            raise ValidationError(_("Choose a role."))


class WithdrawForm(StaffForm):
    """One button."""


@dataclass(frozen=True, slots=True)
class LinkStatus:
    """What became of an invitation's link; `command` prints a new one, "" where there is no need."""

    text: str
    command: str = ""


@bp.route("/people", methods=["GET", "POST"], endpoint="people")
@requires(Role.MANAGER)
def list_people() -> Response | tuple[str, int]:
    """List everybody, and invite an address: its link is sent by mail, for nobody else to see."""
    form, now, language = InviteForm(), services().now(), current_language()
    if form.validate_on_submit():
        address = invitations.read_address(form.email.data) or ""
        with immediate(services().sessions) as transaction:
            answer = _invite(transaction, address, Role(form.role.data))
        services().ring()
        return answer
    with services().sessions() as transaction:
        accounts = people.everyone(transaction)
        invited = invitations.open_ones(transaction, now=now)
    rows = [(one, _steps(one), speak_moment(one.seen_at, language) if one.seen_at else "") for one in accounts]
    waiting = [(one, speak_moment(one.expires_at, language)) for one in invited if one.email]
    page = render_template("staff/people.html", rows=rows, waiting=waiting, form=form, links=_shows_link())
    return page, 422 if form.errors else 200


@bp.route("/people/<int:account_id>", methods=["GET", "POST"])
@requires(Role.MANAGER)
def person(account_id: int) -> Response | str | tuple[str, int]:
    """Show one account, and carry out what is decided about it."""
    with services().sessions() as transaction:
        if transaction.get(Account, account_id) is None:
            abort(404)
        account = factors.read(transaction, account_id)
    form = DecisionForm(data={"role": account.role.value})
    if form.validate_on_submit():
        return _decide(account_id, form)
    seen = speak_moment(account.seen_at, current_language()) if account.seen_at else ""
    page = render_template("staff/person.html", account=account, seen=seen, steps=_steps(account), form=form)
    return page, 422 if form.errors else 200


@bp.route("/people/invitations/<int:invitation_id>", methods=["GET", "POST"])
@requires(Role.MANAGER)
def invitation(invitation_id: int) -> Response | str:
    """Show one invitation and where its link is, and withdraw it.

    The link itself is shown only where no mail is sent, just after it was made.
    """
    now, form = services().now(), WithdrawForm()
    with immediate(services().sessions) as transaction:
        row = transaction.get(Invitation, invitation_id)
        if row is None or row.used_at or row.withdrawn_at or row.expires_at <= now:
            abort(404)
        if form.validate_on_submit():
            invitations.withdraw(transaction, row, by=staff().id, now=now)
            flash(_("Invitation withdrawn: its link no longer works."))
            return redirect(url_for("staff.people"), 303)
        account = invitations.by_email(transaction, row.email)
        status = _link_status(transaction, row)
    made = session.pop(LINK, None)
    token = made[1] if isinstance(made, list) and made[:1] == [row.id] else ""
    return render_template(
        "staff/invitation.html",
        invitation=row,
        account=account,
        form=form,
        link=f"{services().settings.base_url}/staff/join/{token}" if token else "",
        until=speak_moment(row.expires_at, current_language()),
        status=status,
    )


def _invite(transaction: Session, email: str, role: Role) -> Response:
    """Invite, and put the mail that carries the link into the outbox."""
    now = services().now()
    made, token = invitations.invite(transaction, email, role, by=staff().id, now=now)
    invitations.encrypt_token(made, token, keys=services().keys)
    outbox.put(transaction, invitations.KIND, str(made.id), now=now, by=By.STAFF)
    if _shows_link():
        session[LINK] = [made.id, token]
    flash(_("Invitation created."))
    return redirect(url_for("staff.invitation", invitation_id=made.id), 303)


def _decide(account_id: int, form: DecisionForm) -> Response:
    act = DECISIONS.get(form.act.data or "")
    if act is None:
        abort(400)
    answer = redirect(url_for("staff.person", account_id=account_id), 303)
    try:
        with immediate(services().sessions) as transaction:
            account = people.decided(transaction, account_id)
            if account is None:
                abort(404)
            answer = act(transaction, account, form) or answer
        services().ring()  # there may be a mail
    except people.LastManager:
        flash(
            _("Nothing was changed: the site needs at least one manager. Give the role to someone else first."),
            "refused",
        )
    return answer


def _change_role(transaction: Session, account: Account, form: DecisionForm) -> None:
    people.change_role(transaction, account, Role(form.role.data), by=staff().id, now=services().now())
    flash(_("Role changed. They are signed out everywhere."))


def _close(transaction: Session, account: Account, _form: DecisionForm) -> None:
    people.close(transaction, account, by=staff().id, now=services().now())
    flash(_("Account closed. They are signed out everywhere."))


def _open(transaction: Session, account: Account, _form: DecisionForm) -> None:
    people.open_again(transaction, account, by=staff().id, now=services().now())
    flash(_("The account is open again."))


def _end_sessions(transaction: Session, account: Account, _form: DecisionForm) -> None:
    people.end_visits(transaction, account, by=staff().id, now=services().now())
    flash(_("They are signed out everywhere."))


def _reset(transaction: Session, account: Account, _form: DecisionForm) -> None:
    factors.reset(transaction, account, by=staff().id, now=services().now())
    flash(_("Two-step verification is reset: after the password they set it up again."))


def _renew(transaction: Session, account: Account, _form: DecisionForm) -> Response:
    if not account.active:
        abort(400)
    return _invite(transaction, account.email, account.role)


DECISIONS: dict[str, Callable[[Session, Account, DecisionForm], Response | None]] = {
    "role": _change_role,
    "close": _close,
    "open": _open,
    "sessions": _end_sessions,
    "reset": _reset,
    "password": _renew,
}
"""What may be decided about one person. Whoever decides about themselves may have to sign in again."""


def _shows_link() -> bool:
    """Whether the link is shown to whoever invites: only where no mail can carry it to its person."""
    return services().settings.provider == "folder"


def _link_status(transaction: Session, row: Invitation) -> LinkStatus:
    address, command = row.email, f"advocacy staff invite {shlex.quote(row.email)} --role {row.role.value}"
    if _shows_link():
        text = _(
            "This site sends no e-mail: give the link yourself, and only to the person it is for. Whoever has it "
            "can open the account."
        )
        return LinkStatus(text, command)
    message = outbox.find(transaction, invitations.KIND, str(row.id))
    if message is None:
        return LinkStatus(_("This invitation comes from the command line, which printed its link."))
    address = services().settings.test_recipient or address
    if message.state in HANDED_OVER:
        return LinkStatus(
            _("The link was sent to %(address)s. Nobody else sees it, not even managers.", address=address)
        )
    if message.state in SETTLED:
        return LinkStatus(_("The e-mail with the link did not arrive, and the site has stopped trying."), command)
    if message.state is State.NEEDS_STAFF:
        return LinkStatus(_("We can’t tell whether the e-mail with the link was sent."), command)
    if holds.held(transaction) is not None:
        text = _("The e-mail is not sent yet: sending is paused. It will be sent when sending resumes.")
        return LinkStatus(text, command)
    if message.state is State.UNCERTAIN or message.tries or message.reason:
        return LinkStatus(_("The e-mail is not sent yet. The site keeps trying."), command)
    return LinkStatus(
        _("The link is being sent to %(address)s. Nobody else sees it, not even managers.", address=address)
    )


def _steps(account: Account) -> list[str]:
    app = [_("app")] if account.tf_totp_secret else []
    return app + ([_("passkey")] if account.webauthn else [])
