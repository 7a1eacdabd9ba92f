"""The people of the site: who they are, who is invited, and what a manager decides about them."""

import shlex

from flask import abort, flash, g, redirect, render_template, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response
from wtforms import EmailField, HiddenField, RadioField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from advocacy.delivery import holds, outbox
from advocacy.delivery.states import HANDED_OVER, SETTLED, State
from advocacy.signed_links import Purpose
from advocacy.staff import accounts, emails, invitations, second_factors
from advocacy.staff.audit_log import Act
from advocacy.staff.models import Account, Invitation, Role, StaffEmail
from advocacy.web.services import services
from advocacy.web.staff.access import bp, current_account, or_404, record, requires
from advocacy.web.staff.forms import StaffForm
from advocacy.web.staff.texts import format_moment
from advocacy.web.unit_of_work import after_commit

LINK = "invitation-link"
"""What the cookie holds until the page has shown it, where no mail is sent: the token of an invitation just made."""
ROLES = (
    SelectChoice(Role.WRITER.value, _l("Writer: writes drafts.")),
    SelectChoice(Role.PUBLISHER.value, _l("Publisher: also publishes the drafts of others.")),
    SelectChoice(Role.MANAGER.value, _l("Manager: also manages people, the directory and deliveries.")),
)


class InviteForm(StaffForm):
    email = EmailField(_l("E-mail address"), [InputRequired(_l("Type an e-mail address."))])
    role = RadioField(
        _l("Role"), [InputRequired(_l("Choose a role."))], choices=ROLES, invalid_choice_message=_l("Choose a role.")
    )

    def validate_email(self, field: EmailField) -> None:
        """Refuse what is no address, and one that has an account."""
        if invitations.read_address(field.data or "") is None:
            raise ValidationError(_("Enter one e-mail address, like someone@example.ca."))
        if invitations.by_email(g.session, field.data):
            raise ValidationError(_("This address already has an account: see the list."))


class DecisionForm(StaffForm):
    """What is decided about one person; a role comes with one of the decisions."""

    act = HiddenField()
    role = RadioField(_l("Role"), choices=ROLES, invalid_choice_message=_l("Choose a role."))


@bp.route("/people", methods=["GET", "POST"], endpoint="people")
@requires(Role.MANAGER)
def list_people() -> Response | tuple[str, int]:
    """List everybody, and invite an address: its link is sent by mail, for nobody else to see."""
    form, now = InviteForm(), services().now()
    if form.validate_on_submit():
        address = invitations.read_address(form.email.data) or ""
        answer = _invite(address, Role(form.role.data))
        after_commit(services().deliver_soon)
        return answer
    page = render_template(
        "staff/people.html",
        accounts=accounts.all_accounts(g.session),
        invitations=invitations.open_invitations(g.session, now=now),
        form=form,
        links=_shows_link(),
        format_moment=format_moment,
    )
    return page, 422 if form.errors else 200


@bp.route("/people/<int:account_id>", methods=["GET", "POST"])
@requires(Role.MANAGER)
def person(account_id: int) -> Response | tuple[str, int]:
    """Show one account, and carry out what is decided about it."""
    account = or_404(g.session.get(Account, account_id, options=[selectinload(Account.webauthn)]))
    form = DecisionForm(data={"role": account.role.value})
    if not form.validate_on_submit():
        return render_template("staff/person.html", account=account, form=form), 422 if form.errors else 200
    answer = redirect(url_for("staff.person", account_id=account_id), 303)
    try:
        answer = _decide(account_id, form) or answer
        after_commit(services().deliver_soon)  # there may be a mail
    except accounts.LastManager:
        g.session.rollback()
        flash(
            _("Nothing was changed: the site needs at least one manager. Give the role to someone else first."),
            "refused",
        )
    return answer


@bp.route("/people/invitations/<invitation_id>", methods=["GET", "POST"])
@requires(Role.MANAGER)
def invitation(invitation_id: str) -> Response | str:
    """Show one invitation and where its link is, and withdraw it.

    The link itself is shown only where no mail is sent, just after it was made.
    """
    now, form = services().now(), StaffForm()
    row = or_404(
        next((one for one in invitations.open_invitations(g.session, now=now) if one.id == invitation_id), None)
    )
    if form.validate_on_submit():
        invitations.withdraw(g.session, row, by=current_account().id, now=now)
        flash(_("Invitation withdrawn: its link no longer works."))
        return redirect(url_for("staff.people"), 303)
    account = invitations.by_email(g.session, row.email)
    mail = _mail_status(row)
    link = ""
    if session.pop(LINK, None) == row.id:
        link = f"{services().settings.base_url}/staff/join/{services().links.make(Purpose.INVITATION, row.id)}"
    return render_template(
        "staff/invitation.html",
        invitation=row,
        account=account,
        form=form,
        link=link,
        mail=mail,
        recipient=services().settings.test_recipient or row.email,
        command=f"advocacy staff invite {shlex.quote(row.email)} --role {row.role.value}",
    )


def _invite(email: str, role: Role) -> Response:
    """Invite, and put the mail that carries the link into the outbox."""
    now = services().now()
    made = invitations.invite(g.session, email, role, by=current_account().id, now=now)
    emails.send_invitation_email(g.session, made, now=now)
    if _shows_link():
        session[LINK] = made.id
    flash(_("Invitation created."))
    return redirect(url_for("staff.invitation", invitation_id=made.id), 303)


def _decide(account_id: int, form: DecisionForm) -> Response | None:
    """Carry a decision out, and return the page it leads to, None for the same one. Raises LastManager."""
    account = or_404(accounts.lock_to_decide(g.session, account_id))
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


def _shows_link() -> bool:
    """Whether the link is shown to whoever invites: only where no mail can carry it to its person."""
    return services().settings.provider == "folder"


def _mail_status(row: Invitation) -> str:
    """Return what became of the mail that carries an invitation's link, as the page has a sentence for it."""
    if _shows_link():
        return "none"
    message = outbox.find(g.session, StaffEmail.INVITATION, str(row.id))
    if message is None:
        return "printed"
    if message.state in HANDED_OVER:
        return "sent"
    if message.state in SETTLED:
        return "failed"
    if message.state is State.NEEDS_STAFF:
        return "unknown"
    if holds.current(g.session) is not None:
        return "paused"
    return "late" if message.state is State.UNCERTAIN or message.tries or message.reason else "underway"
