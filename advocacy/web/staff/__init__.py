"""What staff see: letters to edit and publish, deliveries to watch, and the site's people."""

from collections.abc import Mapping

from flask import redirect, request, session, url_for
from flask.blueprints import BlueprintSetupState
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response
from wtforms import HiddenField, SelectField

from advocacy.language import Language
from advocacy.staff.roles import SPOKEN, Role
from advocacy.web.errors import OTHER_LOOK
from advocacy.web.locale import current_language
from advocacy.web.staff import (  # noqa: F401 - their routes
    availability,
    bill,
    campaign,
    campaign_publish,
    deliveries,
    directory,
    directory_entry,
    directory_gender,
    directory_lists,
    editor,
    guide,
    history,
    home,
    letter_preview,
    letter_source,
    letters,
    results,
    review,
    search,
)
from advocacy.web.staff.access import LANGUAGE, door, guard, is_ours, recognize, staff_or_none
from advocacy.web.staff.account import add_account
from advocacy.web.staff.audit import add_audit
from advocacy.web.staff.blueprint import bp
from advocacy.web.staff.campaigns import add_campaigns
from advocacy.web.staff.findings import add_findings
from advocacy.web.staff.forms import StaffForm, form_errors
from advocacy.web.staff.joining import add_joining
from advocacy.web.staff.letter_fields import add_fields
from advocacy.web.staff.merging import add_merging
from advocacy.web.staff.new_letter import add_new_letter
from advocacy.web.staff.numbers import bounded
from advocacy.web.staff.people import add_people
from advocacy.web.staff.sidebar import sidebar
from advocacy.web.staff.signing import add_signing


class LanguageForm(StaffForm):
    """The language of the pages, and the page to come back to."""

    language = SelectField(choices=[one.value for one in Language])
    back = HiddenField()


@door
def language() -> Response:
    """Switch the language of the staff pages, and come back to the same one."""
    form = LanguageForm()
    if form.validate_on_submit():
        session[LANGUAGE] = form.language.data
    back = form.back.data or ""
    return redirect(back if is_ours(back) else url_for("staff.home"), 303)


language.secret = True  # type: ignore[attr-defined]  # an invitation's page has it too, and names itself to nobody


def _tell_staff_errors(state: BlueprintSetupState) -> None:
    state.app.extensions[OTHER_LOOK] = _look_of_error


def _look_of_error() -> tuple[str, Mapping[str, object]] | None:
    """Give staff who are signed in a page of theirs for what goes wrong under `/staff/`; None for everybody else."""
    if not request.path.startswith("/staff/"):
        return None
    try:
        if staff_or_none() is None:
            recognize()  # an address that does not exist has asked nobody who they are
        return ("staff/error.html", _common()) if staff_or_none() else None
    except SQLAlchemyError:
        return None


def _common() -> dict[str, object]:
    """Give what every staff page is given besides what all pages are."""
    known = staff_or_none()
    spoken = current_language()
    roles = {role.value: SPOKEN[role].spoken(spoken) for role in Role}
    return {
        "me": known.account if known else None,
        "sidebar": sidebar,
        "form_errors": form_errors,
        "roles": roles,
        "here": request.path,
    }


bp.record_once(bounded)
bp.record_once(_tell_staff_errors)
guard(bp)
bp.context_processor(_common)
bp.post("/language")(language)
for add in (
    add_signing,
    add_joining,
    add_account,
    add_people,
    add_new_letter,
    add_fields,
    add_findings,
    add_campaigns,
    add_merging,
    add_audit,
):
    add(bp)

pages = bp
"""The staff pages, each of whose routes is declared once this package is imported."""
