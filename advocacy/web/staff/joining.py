"""Joining by invitation: a name and a password, once; for whoever has an account, a new password."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import hash_password
from flask_security.utils import login_user, logout_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import EmailField, PasswordField, ValidationError

from advocacy.database import immediate
from advocacy.staff import account_mail, invitations, passwords
from advocacy.staff.models import Account, Invitation
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import open_to_everyone
from advocacy.web.staff.account import NameForm
from advocacy.web.staff.blueprint import bp


class JoinForm(NameForm):
    """Who joins, and with which password; an invitation may know the address, an account the name."""

    email = EmailField(_l("E-mail address"), description=_l("You sign in with it."))
    password = PasswordField(
        _l("New password"),
        description=_l("At least 12 characters, of any kind: four or five words work well."),
        render_kw={"autocomplete": "new-password", "maxlength": 512},
    )
    again = PasswordField(_l("The same password again"), render_kw={"autocomplete": "new-password", "maxlength": 512})

    def __init__(self, invitation: Invitation, account: Account | None, **more: Any) -> None:
        super().__init__(**more)
        self.known = (invitation.email, account.name if account else self.name.data or "")
        if invitation.email:
            del self.email
        if account:
            del self.name

    @property
    def address(self) -> str | None:
        """The one spelling of the address; None for what is none."""
        return invitations.read_address(self.email.data if self.email else self.known[0])

    def validate_email(self, _field: EmailField) -> None:
        """Refuse what is no address."""
        if self.address is None:
            raise ValidationError(_("Enter one e-mail address, like someone@example.ca."))

    def validate_password(self, field: PasswordField) -> None:
        """Refuse what everybody tries."""
        known = (*self.known, self.email.data if self.email else "", services().settings.shown_name, "advocacy")
        if problem := passwords.problem(field.data or "", known=known):
            raise ValidationError(problem.in_language(current_language()))

    def validate_again(self, field: PasswordField) -> None:
        """Refuse a slip."""
        if not self.password.errors and field.data != self.password.data:
            raise ValidationError(_("The two passwords differ. Type the same one twice."))


@bp.route("/join/<token>", methods=["GET", "POST"])
@open_to_everyone
def join(token: str) -> Response | str | tuple[str, int]:
    """Ask for a name and a password; make the account and sign it in, or set its new password."""
    with services().sessions() as transaction:
        invitation = invitations.find(transaction, token, now=services().now())
        account = invitations.by_email(transaction, invitation.email) if invitation else None
    if invitation is None:
        return render_template("staff/join_gone.html"), 410
    form = JoinForm(invitation, account)
    if not form.validate_on_submit():
        page = render_template("staff/join.html", invitation=invitation, account=account, form=form)
        return page, 422 if form.errors else 200
    hashed = hash_password(passwords.normalized(form.password.data))
    try:
        with immediate(services().sessions) as transaction:
            joined = _accept(transaction, token, form, hashed=hashed)
    except invitations.NotInvited:
        return render_template("staff/join_gone.html"), 410
    logout_user()
    if account is not None:
        services().ring()  # there is a mail
        flash(_("Your password is changed. You’re signed out everywhere: sign in with the new one."))
        return redirect(url_for("security.login"), 303)
    login_user(joined, authn_via=["join"])
    return redirect(url_for("staff.account"), 303)


join.secret = True  # type: ignore[attr-defined]  # its address lets one in, and no request tells of it


def _accept(transaction: Session, token: str, form: JoinForm, *, hashed: str) -> Account:
    """Make the account, or give one that is known its new password, which its person is told by mail."""
    now, is_known = services().now(), form.name is None
    invitation, email = invitations.find(transaction, token, now=now), form.address
    if invitation is None or email is None:
        raise invitations.NotInvited
    name = form.name.data if form.name else ""
    account = invitations.accept(
        transaction, invitation, hashed, email=email, name=name, language=current_language(), now=now
    )
    if is_known:
        account_mail.put(transaction, account.id, account_mail.PASSWORD, now=now, keys=services().keys)
    return account
