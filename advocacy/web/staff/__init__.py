"""What staff see: letters to edit and publish, deliveries to watch, and the site's people."""

from collections.abc import Mapping

from flask import Flask, flash, g, redirect, request, session, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.routing import IntegerConverter, ValidationError
from werkzeug.wrappers import Response
from wtforms import HiddenField, SelectField

from advocacy.language import Language
from advocacy.staff.jobs import TooManyJobs
from advocacy.staff.models import ROLE_NAMES, Role
from advocacy.staff.revisions import IsArchived
from advocacy.web.errors import OTHER_LOOK
from advocacy.web.locale import current_language
from advocacy.web.staff import (  # noqa: F401
    account,
    audience,
    bill_stage,
    campaign_archives,
    campaign_settings,
    campaigns,
    deliveries,
    directory_entry,
    directory_lists,
    editor,
    guide,
    history,
    home,
    jobs,
    join,
    letter_list,
    letter_preview,
    letter_settings,
    letter_source,
    log,
    mail_merge,
    people,
    publish,
    results,
    site_search,
    survey,
)
from advocacy.web.staff.access import LANGUAGE, bp, guard, is_ours, open_to_everyone, staff_or_none
from advocacy.web.staff.background_jobs import refuse_job, unfinished_jobs
from advocacy.web.staff.forms import MAX_ID, StaffForm, form_errors
from advocacy.web.staff.sidebar import sidebar
from advocacy.web.staff.sign_in import add_sign_in
from advocacy.web.staff.sign_in_events import listen

STAFF = "advocacy-staff"
"""The name of the staff's application, and of its cookie."""


class IdConverter(IntegerConverter):
    """`<int:…>` in an address; a number that no id reaches, or beyond the route's own `max`, leads to 404."""

    def to_python(self, value: str) -> int:
        """Return the number; raise ValidationError for one that is too large."""
        number: int = super().to_python(value)
        if self.max is None and number > MAX_ID:
            raise ValidationError
        return number


class LanguageForm(StaffForm):
    """The language of the pages, and the page to come back to."""

    language = SelectField(choices=[one.value for one in Language])
    back = HiddenField()


@bp.post("/language")
@open_to_everyone
def language() -> Response:
    """Switch the language of the staff pages, and come back to the same one."""
    form = LanguageForm()
    if form.validate_on_submit():
        session[LANGUAGE] = form.language.data
    back = form.back.data or ""
    return redirect(back if is_ours(back) else url_for("staff.home"), 303)


language.secret = True  # type: ignore[attr-defined]  # an invitation's page has it too, and names itself to nobody


def add_staff_pages(app: Flask) -> None:
    """Make the staff's pages, and their sign-in, on an application of their own."""
    app.extensions[OTHER_LOOK] = _look_of_error
    app.url_map.converters["int"] = IdConverter  # before any route is made
    guard(app)
    app.context_processor(_common)
    add_sign_in(app)
    listen(app)
    app.register_blueprint(bp)
    app.register_error_handler(IsArchived, _archived)
    app.register_error_handler(TooManyJobs, refuse_job)


def _archived(_error: IsArchived) -> Response:
    flash(_("This is archived: restore it first."), "refused")
    return redirect(url_for("staff.campaign", campaign=(request.view_args or {})["campaign"]), 303)


def _look_of_error() -> tuple[str, Mapping[str, object]] | None:
    """Return a page of the staff's for what goes wrong, for whoever is signed in; None for everybody else."""
    try:
        return ("staff/error.html", {}) if staff_or_none() else None
    except SQLAlchemyError:
        g.staff = None
        return None


def _common() -> dict[str, object]:
    """Return what every staff page is given besides what all pages are."""
    known = staff_or_none()
    spoken = current_language()
    roles = {role.value: ROLE_NAMES[role].in_language(spoken) for role in Role}
    return {
        "me": known.account if known else None,
        "sidebar": sidebar,
        "unfinished_jobs": unfinished_jobs,
        "form_errors": form_errors,
        "roles": roles,
        "here": request.path,
    }
