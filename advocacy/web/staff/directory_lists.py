"""Updating the directory: a list is brought as a file or read from its source, looked over, and then used."""

from collections.abc import Sequence
from datetime import date

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import BooleanField, DateField, FileField, HiddenField, StringField
from wtforms.fields import Field
from wtforms.form import BaseForm
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from advocacy.database import immediate
from advocacy.language import day_of
from advocacy.legislators import pending_import
from advocacy.legislators.directory_queries import data_sets, riding_names
from advocacy.legislators.list_merge import ListRejected, ListTooShort
from advocacy.legislators.models import PendingImport, SourceRecord
from advocacy.legislators.sources import SOURCES
from advocacy.legislators.sources.opennorth_csv import CsvProblems, read_csv
from advocacy.staff import audit_log
from advocacy.staff.jobs import TooManyJobs
from advocacy.staff.models import JobKind, Role
from advocacy.web.services import services
from advocacy.web.staff import directory_words as words
from advocacy.web.staff.access import current_account, requires
from advocacy.web.staff.blueprint import bp
from advocacy.web.staff.forms import StaffForm, one_line
from advocacy.web.staff.jobs import create_job, too_many
from advocacy.web.uploads import file_of, takes_file

Answer = Response | str | tuple[str, int]
MAX_SOURCE = 100


def _check_visible(_form: BaseForm, field: Field) -> None:
    if not field.data.isprintable():
        raise ValidationError(_("Say where the list comes from."))


def _check_not_later(_form: BaseForm, field: Field) -> None:
    if field.data and field.data > _today():
        raise ValidationError(_("Enter the date of the list: today or earlier."))


class ListFileForm(StaffForm):
    """A list as a file, with where it comes from and its date."""

    file = FileField(
        lazy_gettext("A CSV file in the Open North format, in English or French"),
        description=lazy_gettext(
            "5 MB at most, in UTF-8. It replaces the list of each chamber that it names; people missing from it are "
            "marked as no longer in office."
        ),
        render_kw={"accept": ".csv,text/csv"},
    )
    source = StringField(
        lazy_gettext("Source of the list"),
        filters=[one_line],
        validators=[
            DataRequired(lazy_gettext("Say where the list comes from.")),
            Length(max=MAX_SOURCE, message=lazy_gettext("Say where the list comes from.")),
            _check_visible,
        ],
        description=lazy_gettext("The public sees it beside a name: “sencanada.ca”."),
        render_kw={"maxlength": MAX_SOURCE, "autocomplete": "off"},
    )
    as_of = DateField(
        lazy_gettext("Date of the list"),
        validators=[InputRequired(lazy_gettext("Enter the date of the list: today or earlier.")), _check_not_later],
    )


class ListSourceForm(StaffForm):
    """Which source is read: the button that was pressed."""

    name = StringField()


class UseListForm(StaffForm):
    """That a list is used exactly as it was shown."""

    digest = HiddenField()
    fewer = BooleanField()


@bp.get("/directory/newer")
@requires(Role.MANAGER)
def directory_newer() -> str:
    """Ask for a file, or which source is to be read."""
    return _ask(ListFileForm(as_of=_today()))


@bp.post("/directory/newer/file")
@takes_file
@requires(Role.MANAGER)
def directory_file() -> Answer:
    """Read a file and lead to what it would change."""
    form, content = ListFileForm(), file_of(request, "file")
    valid = form.validate_on_submit()
    if not content:
        form.file.errors = [_("Choose a file.")]
    if not valid or not content:
        return _ask(form), 422
    with services().sessions() as session:
        ridings = riding_names(session)
    try:
        records = read_csv(content, ridings)
    except CsvProblems as wrong:
        form.file.errors = [_("Fix the file as shown below, then choose it again.")]
        return _ask(form, wrong=wrong), 422
    return _propose(records, source=form.source.data, as_of=form.as_of.data)


@bp.post("/directory/newer/source")
@requires(Role.MANAGER)
def directory_source() -> Answer:
    """Have a live source read in the background; what it would change is shown when it is read."""
    form = ListSourceForm()
    if not form.validate_on_submit() or form.name.data not in SOURCES:
        abort(400)
    try:
        number = create_job(JobKind.DIRECTORY, {"source": form.name.data})
    except TooManyJobs:
        flash(too_many(), "refused")
        return redirect(url_for("staff.my_jobs"), 303)
    return redirect(url_for("staff.job", number=number), 303)


@bp.get("/directory/newer/<int:number>")
@requires(Role.MANAGER)
def directory_proposed(number: int) -> Answer:
    """Show what a list would change; nothing is changed by it."""
    return _preview(number)


@bp.post("/directory/newer/<int:number>")
@requires(Role.MANAGER)
def directory_confirmed(number: int) -> Answer:
    """Use the list exactly as it was shown."""
    form, by, now = UseListForm(), current_account().id, services().now()
    if not form.validate_on_submit():
        abort(400)
    try:
        with immediate(services().sessions) as session:
            proposed = _found(session, number)
            about = {"source": proposed.source, "as_of": proposed.as_of.isoformat()}
            merged, keys = pending_import.confirm(
                session, proposed, seen=form.digest.data or "", accept_shorter=form.fewer.data, now=now
            )
            counts = {"added": len(merged.added), "changed": len(merged.changed), "gone": len(merged.left)}
            subject = f"list:{','.join(keys)}"[:200]
            audit_log.write(
                session, audit_log.Act.DIRECTORY_REFRESHED, subject, by=by, now=now, after={**about, **counts}
            )
    except pending_import.DirectoryChanged:
        meanwhile = _(
            "Nothing was changed: someone updated the directory in the meantime. Check what the list would change now."
        )
        return _preview(number, ("apply", meanwhile))
    except ListTooShort:
        return _preview(number, ("fewer", _("Nothing was changed: confirm that the list is really that short.")))
    except ListRejected:
        return _preview(number)
    flash(_("The list is in use: letters and pages follow it from now on."))
    return redirect(url_for("staff.directory"), 303)


def _propose(records: Sequence[SourceRecord], *, source: str, as_of: date) -> Response:
    with immediate(services().sessions) as session:
        by, now = current_account().id, services().now()
        number = pending_import.store(session, records, source=source, as_of=as_of, by=by, now=now).id
    return redirect(url_for("staff.directory_proposed", number=number), 303)


def _found(session: Session, number: int) -> PendingImport:
    proposed = pending_import.find(session, number, by=current_account().id, now=services().now())
    if proposed is None:
        abort(404)
    return proposed


def _preview(number: int, wrong: tuple[str, str] | None = None) -> Answer:
    found = refused = None
    with services().sessions() as session:
        proposed = _found(session, number)
        try:
            found = pending_import.preview(session, proposed)
        except ListRejected as error:
            refused = error.wording
    page = render_template(
        "staff/directory_proposed.html",
        proposed=proposed,
        form=UseListForm(formdata=None, digest=found.digest if found else ""),
        found=found,
        refused=refused,
        wrong=wrong,
        words=words,
    )
    return (page, 422) if wrong or refused else page


def _ask(form: ListFileForm, *, wrong: CsvProblems | None = None) -> str:
    with services().sessions() as session:
        return render_template(
            "staff/directory_newer.html",
            form=form,
            button=ListSourceForm(formdata=None),
            problems=wrong.problems if wrong else [],
            live={key: one.name for key, one in SOURCES.items()},
            sets=data_sets(session),
            words=words,
            today=_today().isoformat(),
        )


def _today() -> date:
    return day_of(services().now())
