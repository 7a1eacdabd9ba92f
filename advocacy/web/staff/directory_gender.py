"""Genders and honorifics of the directory, filled in by a sheet: downloaded, completed from a source, uploaded."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from werkzeug.wrappers import Response
from wtforms import FileField

from advocacy.database import immediate
from advocacy.legislators.corrections import correct
from advocacy.legislators.directory_queries import unknown_genders
from advocacy.legislators.gender_sheet import read_completed, rows_to_complete
from advocacy.legislators.sources.opennorth_csv import CsvProblems
from advocacy.staff import audit_log
from advocacy.staff.audit_log import Act
from advocacy.staff.models import Role
from advocacy.web.downloads import csv_answer
from advocacy.web.services import services
from advocacy.web.staff.access import current_account, requires
from advocacy.web.staff.blueprint import bp
from advocacy.web.staff.directory_words import LISTS
from advocacy.web.staff.forms import StaffForm
from advocacy.web.uploads import file_of, takes_file

Answer = Response | str | tuple[str, int]


class GenderForm(StaffForm):
    """A completed sheet."""

    file = FileField(
        lazy_gettext("Completed sheet (CSV)"),
        description=lazy_gettext(
            "Columns id, gender (f or m), honorific and source. Rows without a gender are passed over."
        ),
        render_kw={"accept": ".csv,text/csv"},
    )


@bp.get("/directory/gender")
@requires(Role.MANAGER)
def directory_gender() -> str:
    """Show for how many people the gender is unknown, and take a sheet."""
    return _page(GenderForm())


@bp.get("/directory/gender/sheet")
@requires(Role.MANAGER)
def directory_gender_sheet() -> Response:
    """Hand out everybody whose gender is unknown as a sheet to complete."""
    with services().sessions() as session:
        return csv_answer(rows_to_complete(session), "gender.csv")


@bp.post("/directory/gender")
@takes_file
@requires(Role.MANAGER)
def directory_gender_saved() -> Answer:
    """Correct everybody whom a sheet names, or nobody where anything in it is to be fixed."""
    form, content, by, now = GenderForm(), file_of(request, "file"), current_account().id, services().now()
    if not form.validate_on_submit() or not content:
        form.file.errors = [_("Choose a file.")]
        return _page(form), 422
    saved = 0
    try:
        with immediate(services().sessions) as session:
            for one in read_completed(session, content):
                before, after = correct(session, one.legislator, one.facts, by=by, now=now)
                if after:
                    saved += 1
                    act, after = Act.LEGISLATOR_CORRECTED, {**after, "source": one.source}
                    about = f"legislator:{one.legislator.id}"
                    audit_log.write(session, act, about, by=by, now=now, before=before, after=after)
    except CsvProblems as wrong:
        form.file.errors = [_("Fix the file as shown below, then choose it again.")]
        return _page(form, wrong), 422
    flash(ngettext("%(num)d entry was corrected.", "%(num)d entries were corrected.", saved))
    return redirect(url_for("staff.directory_gender"), 303)


def _page(form: GenderForm, wrong: CsvProblems | None = None) -> str:
    with services().sessions() as session:
        counts = unknown_genders(session)
    return render_template(
        "staff/directory_gender.html",
        form=form,
        counts={LISTS[chamber]: number for chamber, number in counts.items()},
        problems=wrong.problems if wrong else [],
    )
