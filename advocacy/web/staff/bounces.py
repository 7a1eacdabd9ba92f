"""Addresses that e-mail comes back from: how many letters, since when, why, and the right one instead."""

from collections.abc import Sequence

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import DataRequired, Email, Length

from advocacy.legislators import corrections
from advocacy.legislators.directory_queries import is_bounced
from advocacy.legislators.models import Legislator
from advocacy.letters.after_bounce import BouncingAddress, bouncing_addresses
from advocacy.staff.audit_log import Act
from advocacy.staff.models import Role
from advocacy.web.services import services
from advocacy.web.staff.access import bp, current_account, or_404, record, requires
from advocacy.web.staff.deliveries import office_text, reason_text
from advocacy.web.staff.directory_entry import check_entry
from advocacy.web.staff.forms import StaffForm, one_line
from advocacy.web.staff.saved_meanwhile import VersionField

NO_ADDRESS = _l("Enter an e-mail address, like name@parl.gc.ca.")


class AddressForm(StaffForm):
    """The address that an office has now, instead of the one that mail comes back from."""

    version = VersionField()
    email = StringField(
        _l("Its address now"),
        filters=[one_line],
        validators=[DataRequired(NO_ADDRESS), Length(max=254, message=NO_ADDRESS), Email(NO_ADDRESS)],
        render_kw={"type": "email", "maxlength": 254, "autocomplete": "off", "spellcheck": "false"},
    )


@bp.get("/directory/bounces")
@requires(Role.MANAGER)
def bounces() -> str:
    """Show every address that mail comes back from, those that letters go to first."""
    return _page(bouncing_addresses(g.session))


@bp.post("/directory/bounces/<legislator>")
@requires(Role.MANAGER)
def bounce_corrected(legislator: str) -> ResponseReturnValue:
    """Correct the address of an office once for all; raise SavedMeanwhile."""
    form, by, now = AddressForm(), current_account().id, services().now()
    is_valid = form.validate_on_submit()
    corrections.lock_directory(g.session)
    row = or_404(g.session.get(Legislator, legislator) if legislator.isprintable() else None)
    email = form.email.data or ""
    if is_valid:
        check_entry(form.version, row, {"email": email})
    if is_valid and is_bounced(g.session, email):
        form.email.errors, is_valid = [_("E-mail to this address came back too.")], False
    elif is_valid and corrections.is_taken(g.session, email, row):
        form.email.errors, is_valid = (
            [_("Someone else in the directory has this address; correct that entry first.")],
            False,
        )
    if not is_valid:
        return _page(bouncing_addresses(g.session), form, of=row.id), 422
    before, after = corrections.correct(g.session, row, {"email": email}, by=by, now=now)
    record(g.session, Act.LEGISLATOR_CORRECTED, f"legislator:{row.id}", before=before, after=after)
    flash(_("The address is corrected: new letters go there, and people whose letter came back can send it there."))
    return redirect(url_for("staff.bounces"), 303)


def _page(found: Sequence[BouncingAddress], form: AddressForm | None = None, *, of: str = "") -> str:
    """Render the page; `form` is what was typed for the office `of`."""
    return render_template(
        "staff/bounces.html",
        in_use=[one for one in found if one.office is not None],
        unused=[one for one in found if one.office is None],
        form=form or AddressForm(formdata=None),
        of=of,
        where=office_text,
        reason=reason_text,
    )
