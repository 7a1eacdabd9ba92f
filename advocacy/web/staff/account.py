"""One's own account: joining by an invitation, then name and language, verification methods, sessions."""

from typing import Any

from flask import current_app, flash, g, redirect, render_template, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import hash_password
from flask_security.utils import login_user, logout_user
from werkzeug.wrappers import Response
from wtforms import EmailField, PasswordField, SelectField, StringField, ValidationError
from wtforms.validators import DataRequired, EqualTo, InputRequired, Length

from advocacy.language import Language
from advocacy.signed_links import Purpose
from advocacy.staff import emails, invitations
from advocacy.staff.audit_log import Act
from advocacy.staff.models import NAME, Account, Invitation
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import LANGUAGE, bp, current_account, open_to_everyone, own_account, record
from advocacy.web.staff.forms import StaffForm, one_line
from advocacy.web.unit_of_work import after_commit

NAMELESS = _l("Enter the name your team knows you by.")


class NameForm(StaffForm):
    name = StringField(
        _l("Your name"),
        [InputRequired(NAMELESS), DataRequired(NAMELESS), Length(max=NAME)],
        filters=[one_line],
        description=_l("As the team knows you: it appears beside what you write and publish."),
        render_kw={"autocomplete": "name", "maxlength": NAME},
    )


class JoinForm(NameForm):
    """Who joins, and with which password; an invitation may know the address, an account the name."""

    email = EmailField(_l("E-mail address"), description=_l("You sign in with it."))
    password = PasswordField(
        _l("New password"),
        description=_l("At least 12 characters, of any kind: four or five words work well."),
        render_kw={"autocomplete": "new-password", "maxlength": 512},
    )
    again = PasswordField(
        _l("The same password again"),
        [EqualTo("password", _l("The two passwords differ. Type the same one twice."))],
        render_kw={"autocomplete": "new-password", "maxlength": 512},
    )

    def __init__(self, invitation: Invitation, account: Account | None, **more: Any) -> None:
        super().__init__(**more)
        self.invitation, self.account = invitation, account
        if invitation.email:
            del self.email
        if account:
            del self.name

    @property
    def address(self) -> str | None:
        """The one spelling of the address; None for what is none."""
        return invitations.read_address(self.email.data if self.email else self.invitation.email)

    def validate_email(self, _field: EmailField) -> None:
        if self.address is None:
            raise ValidationError(_("Enter one e-mail address, like someone@example.ca."))

    def validate_password(self, field: PasswordField) -> None:
        """Refuse a password that is easy to guess."""
        person = self.account or Account(email=self.address or "", name=self.name.data)
        rules = current_app.extensions["security"].password_util
        problems, field.data = rules.validate(field.data or "", True, user=person)
        if problems:
            raise ValidationError(problems[0])


@bp.route("/join/<token>", methods=["GET", "POST"])
@open_to_everyone
def join(token: str) -> Response | str | tuple[str, int]:
    """Create the account of an invitation and sign it in, or set the new password of the account there is."""
    site = services()
    invitation = invitations.find(g.session, site.linked_id(Purpose.INVITATION, token), now=site.now())
    if invitation is None:
        return render_template("staff/join_gone.html"), 410
    account = invitations.by_email(g.session, invitation.email)
    form = JoinForm(invitation, account)
    if not form.validate_on_submit():
        page = render_template("staff/join.html", invitation=invitation, account=account, form=form)
        return page, 422 if form.errors else 200
    name = form.name.data if form.name else ""
    person: dict[str, Any] = {"email": form.address or "", "name": name, "language": current_language()}
    hashed = hash_password(form.password.data)
    try:
        joined = invitations.accept(g.session, invitation, hashed, **person, now=site.now())
    except invitations.NotInvited:
        g.session.rollback()
        return render_template("staff/join_gone.html"), 410
    logout_user()
    if account is not None:
        emails.send_password_changed_email(g.session, account.id, now=site.now())
        after_commit(site.deliver_soon)
        flash(_("Your password is changed. You’re signed out everywhere: sign in with the new one."))
        return redirect(url_for("security.login"), 303)
    login_user(joined, authn_via=["join"])
    return redirect(url_for("staff.account"), 303)


join.secret = True  # type: ignore[attr-defined]  # its address lets one in, and no request tells of it


class AccountForm(NameForm):
    language = SelectField(
        _l("Language of these pages and of e-mails to you"), choices={one.value: one.native_name for one in Language}
    )


@bp.route("/account", methods=["GET", "POST"])
@own_account
def account() -> Response | str | tuple[str, int]:
    """Show one's own account; save its name and language."""
    form = AccountForm(obj=current_account(), data={"language": current_account().language.value})
    if not form.validate_on_submit():
        page = render_template("staff/account.html", account=current_account(), form=form, end_form=StaffForm())
        return page, 422 if form.errors else 200
    me = current_account()
    me.name, me.language = form.name.data, Language(form.language.data)
    record(Act.ACCOUNT_CHANGED, f"account:{me.id}")
    session[LANGUAGE] = form.language.data
    flash(_("Your name and language are saved."))
    return redirect(url_for("staff.account"), 303)


@bp.get("/account/set-up")
@own_account
def after_setup() -> Response:
    """Redirect from a new verification method to the recovery codes, where there are none yet."""
    return redirect(url_for("staff.account" if current_account().mf_recovery_codes else "security.mf_recovery_codes"))


@bp.post("/account/sessions/end")
@own_account
def sessions_ended() -> Response:
    me = current_account()
    if StaffForm().validate_on_submit():
        me.end_sessions()
        record(Act.SESSIONS_ENDED, f"account:{me.id}")
        session["_user_id"] = me.get_id()  # Flask-Login's name for whose session it is: this one goes on
        flash(_("You’re signed out everywhere else."))
    return redirect(url_for("staff.account"), 303)
