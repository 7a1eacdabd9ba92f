"""The section “People” of Organisation: who may do what, who is invited, and what a manager decides about them."""

import shlex

from flask import abort, flash, g, redirect, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import EmailField, HiddenField, SelectField, ValidationError
from wtforms.validators import InputRequired

from advocacy.delivery import outbox
from advocacy.delivery.states import HANDED_OVER, State
from advocacy.signed_links import Purpose
from advocacy.staff import accounts, emails, invitations, second_factors
from advocacy.staff.audit_log import Act
from advocacy.staff.models import ROLE_NAMES, Account, Invitation, Role, StaffEmail
from advocacy.web.services import services
from advocacy.web.staff.access import bp, current_account, or_404, record, requires
from advocacy.web.staff.forms import StaffForm, check_token, query_number, wording_choices
from advocacy.web.staff.organisation import address, section, show
from advocacy.web.staff.texts import format_moment
from advocacy.web.unit_of_work import after_commit

LINK = "invitation-link"
"""What the cookie holds until the page has shown it, where no mail is sent: the id of an invitation just made."""


class InviteForm(StaffForm):
    email = EmailField(_l("E-mail address"), [InputRequired(_l("Type an e-mail address."))])
    role = SelectField(_l("May"), choices=wording_choices({role.value: words for role, words in ROLE_NAMES.items()}))

    def validate_email(self, field: EmailField) -> None:
        """Refuse what is no address, and one that has an account."""
        if invitations.read_address(field.data or "") is None:
            raise ValidationError(_("Enter one e-mail address, like someone@example.ca."))
        if invitations.by_email(g.session, field.data):
            raise ValidationError(_("This address already has an account: see the list."))


class DecisionForm(StaffForm):
    """What is decided about one person; a role comes with one of the decisions."""

    act = HiddenField()
    role = SelectField(
        _l("May"), id="their-role", choices=wording_choices({role.value: words for role, words in ROLE_NAMES.items()})
    )


@section("people", Role.MANAGER)
def people_shown(form: InviteForm | None = None) -> dict[str, object]:
    """Return everybody, and the one person or invitation that is asked for."""
    everyone = accounts.all_accounts(g.session)
    invited = [row for row in invitations.open_invitations(g.session, now=services().now()) if row.email]
    person = next((account for account in everyone if account.id == query_number("person")), None)
    return {
        "accounts": everyone,
        "invitations": invited,
        "form": form or InviteForm(formdata=None),
        "person": person,
        "decision": DecisionForm(formdata=None, data={"role": person.role.value}) if person else None,
        "invitation": _invitation_asked_for(invited),
        "format_moment": format_moment,
    }


def _invitation_asked_for(invited: list[Invitation]) -> dict[str, object] | None:
    """Return the invitation that the address names, with what became of its mail.

    The link itself is shown only where no mail is sent, just after it was made.
    """
    wanted = request.args.get("invitation")
    invitation = next((row for row in invited if row.id == wanted), None)
    if invitation is None:
        return None
    site, link = services(), ""
    if session.pop(LINK, None) == invitation.id:
        link = f"{site.settings.base_url}/staff/join/{site.links.make(Purpose.INVITATION, invitation.id)}"
    return {
        "row": invitation,
        "account": invitations.by_email(g.session, invitation.email),
        "link": link,
        "mail": _mail_status(invitation),
        "recipient": site.settings.test_recipient or invitation.email,
        "command": shlex.join(["advocacy", "staff", "invite", invitation.email, "--role", invitation.role.value]),
    }


def _mail_status(invitation: Invitation) -> str:
    """Return what became of the mail that carries an invitation's link, as the page has a sentence for it."""
    if _shows_link():
        return "none"
    mail = outbox.find(g.session, StaffEmail.INVITATION, invitation.id)
    if mail is None:
        return "printed"
    if mail.state in HANDED_OVER:
        return "sent"
    return "underway" if mail.state in {State.READY, State.SENDING} and not mail.tries and not mail.reason else "late"


def _shows_link() -> bool:
    """Whether the link is shown to whoever invites: only where no mail can carry it to its person."""
    return services().settings.provider == "folder"


@bp.post("/organisation/people")
@requires(Role.MANAGER)
def people() -> ResponseReturnValue:
    """Invite an address: its link is sent by mail, for nobody else to see."""
    form = InviteForm()
    if not form.validate_on_submit():
        return show("people", form=form), 422
    return _invite(invitations.read_address(form.email.data) or "", Role(form.role.data))


@bp.post("/organisation/people/<int:account_id>")
@requires(Role.MANAGER)
def person(account_id: int) -> ResponseReturnValue:
    """Carry out what is decided about one account."""
    account = or_404(accounts.lock_to_decide(g.session, account_id))
    form = DecisionForm(data={"role": account.role.value})
    if not form.validate_on_submit():
        abort(422)
    after_commit(services().deliver_soon)  # there may be a mail
    return _decide(account, form) or redirect(address("people", person=account_id, _anchor="people"), 303)


@bp.errorhandler(accounts.LastManager)
def refuse_last_manager(_error: accounts.LastManager) -> Response:
    """Lead back to the list, where somebody else can be made a manager."""
    flash(
        _("Nothing was changed: the site needs at least one manager. Give the role to someone else first."), "refused"
    )
    return redirect(address("people", _anchor="people"), 303)


@bp.post("/organisation/invitations/<invitation_id>")
@requires(Role.MANAGER)
def invitation(invitation_id: str) -> Response:
    """Withdraw an invitation."""
    check_token()
    now = services().now()
    row = or_404(
        next((row for row in invitations.open_invitations(g.session, now=now) if row.id == invitation_id), None)
    )
    invitations.withdraw(g.session, row, by=current_account().id, now=now)
    flash(_("Invitation withdrawn: its link no longer works."))
    return redirect(address("people", _anchor="people"), 303)


def _invite(email: str, role: Role) -> Response:
    """Make an invitation, put its mail into the outbox and redirect to where it is shown."""
    site = services()
    made = invitations.invite(g.session, email, role, by=current_account().id, now=site.now())
    emails.send_invitation_email(g.session, made, now=site.now())
    after_commit(site.deliver_soon)
    if _shows_link():
        session[LINK] = made.id
    return redirect(address("people", invitation=made.id, _anchor="people"), 303)


def _decide(account: Account, form: DecisionForm) -> Response | None:
    """Carry out a decision; returns where to go where it leads elsewhere. Raises accounts.LastManager."""
    subject, before, role = f"account:{account.id}", account.role, Role(form.role.data)
    match form.act.data:
        case "password" if account.active:
            return _invite(account.email, account.role)
        case "role":
            if role is not before:
                accounts.change_role(g.session, account, role)
                record(Act.ROLE_CHANGED, subject, before=before.value, after=role.value)
            flash(_("Role changed. They are signed out everywhere."))
        case "reset":
            second_factors.reset(account)
            record(Act.SECOND_FACTOR_REMOVED, subject, after={"factor": "all of them"})
            emails.send_second_factor_changed_email(g.session, account.id, now=services().now())
            flash(_("Two-step verification is reset: after the password they set it up again."))
        case "close":
            if account.active:
                accounts.close(g.session, account)
                record(Act.ACCOUNT_CLOSED, subject)
            flash(_("Account closed. They are signed out everywhere."))
        case "open":
            if not account.active:
                account.active = True
                record(Act.ACCOUNT_OPENED, subject)
            flash(_("The account is open again."))
        case "sessions":
            account.end_sessions()
            record(Act.SESSIONS_ENDED, subject)
            flash(_("They are signed out everywhere."))
        case _:
            abort(400)
    return None
