"""One's own account: name and language, password, verification methods, sessions."""

from flask import flash, redirect, render_template, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security.utils import login_user
from werkzeug.wrappers import Response
from wtforms import SelectField

from advocacy.database import immediate
from advocacy.language import Language
from advocacy.staff import audit_log, browser_sessions, second_factors
from advocacy.staff.audit_log import Act
from advocacy.web.services import services
from advocacy.web.staff.access import LANGUAGE, bp, current_account, own_account, staff
from advocacy.web.staff.forms import NameForm, StaffForm

GIVEN_AT = "fs_paa"
"""Where Flask-Security's session holds when the password was given: see `FRESHNESS`."""


class AccountForm(NameForm):
    """How one is called and in which language."""

    language = SelectField(
        _l("Language of these pages and of mails to you"), choices={one.value: one.native_name for one in Language}
    )


@bp.route("/account", methods=["GET", "POST"])
@own_account
def account() -> Response | str | tuple[str, int]:
    """Show one's own account, and change one's name and language."""
    form = AccountForm(obj=current_account(), data={"language": current_account().language.value})
    if not form.validate_on_submit():
        return _page(form), 422 if form.errors else 200
    with immediate(services().sessions) as transaction:
        me = second_factors.locked(transaction, staff().id)
        me.name, me.language = form.name.data, Language(form.language.data)
        audit_log.write(transaction, Act.ACCOUNT_CHANGED, f"account:{me.id}", by=me.id, now=services().now())
    session[LANGUAGE] = form.language.data
    flash(_("Your name and language are saved."))
    return redirect(url_for("staff.account"), 303)


@bp.get("/account/set-up")
@own_account
def after_setup() -> Response:
    """Lead on from a new verification method: to the recovery codes, where there are none yet."""
    return redirect(url_for("staff.account" if current_account().mf_recovery_codes else "security.mf_recovery_codes"))


@bp.post("/account/sessions/end")
@own_account
def sessions_ended() -> Response:
    """End all sessions but this one."""
    me = current_account()
    if StaffForm().validate_on_submit():
        with immediate(services().sessions) as transaction:
            row = second_factors.locked(transaction, me.id)
            row.end_sessions()
            audit_log.write(transaction, Act.SESSIONS_ENDED, f"account:{me.id}", by=me.id, now=services().now())
        me.fs_uniquifier = row.fs_uniquifier
        given_at = session.get(GIVEN_AT)
        login_user(me, authn_via=["change"])
        session[GIVEN_AT] = given_at  # nobody gave it again
        flash(_("You’re signed out everywhere else."))
    return redirect(url_for("staff.account"), 303)


def _page(form: AccountForm) -> str:
    with services().sessions() as transaction:
        sessions = browser_sessions.all_of(transaction, staff().id, now=services().now())
    return render_template(
        "staff/account.html",
        account=current_account(),
        form=form,
        end_form=StaffForm(),
        sessions=sessions,
        this_session=staff().browser_session,
    )
