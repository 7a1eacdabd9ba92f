"""The directory of legislators: search, lists, forms of address, and newer lists to put in use."""

from datetime import date

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, HiddenField, SearchField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from advocacy.language import day_of
from advocacy.legislators import directory_queries, pending_import
from advocacy.legislators.corrections import conflicting_corrections
from advocacy.legislators.directory_queries import data_sets, riding_names
from advocacy.legislators.forms_of_address import shipped_styles
from advocacy.legislators.list_merge import ListRejected, ListTooShort
from advocacy.legislators.sources.live_sources import SOURCES
from advocacy.legislators.sources.opennorth_csv import read_csv
from advocacy.offices import office_settings
from advocacy.sheets import SheetErrors
from advocacy.staff.audit_log import Act
from advocacy.staff.models import JobKind, Role
from advocacy.web.files import takes_file
from advocacy.web.services import services
from advocacy.web.staff.access import bp, current_account, or_404, record, requires
from advocacy.web.staff.forms import StaffForm, UploadField, one_line
from advocacy.web.staff.my_jobs import start_job

MAX_FOUND = 60
MAX_QUERY = 200
MAX_SOURCE = 100
FIX_FILE = _l("Fix the file as shown below, then choose it again.")


class DirectorySearchForm(StaffForm):
    """A search; it is posted, so that its words are in no address."""

    looked_for = SearchField(
        _l("Name, riding, province or office"),
        filters=[lambda text: " ".join((text or "").split())[:MAX_QUERY]],
        render_kw={"maxlength": MAX_QUERY, "autocomplete": "off"},
    )


@bp.get("/directory")
@requires(Role.MANAGER)
def directory() -> str:
    """Show what the directory holds and what needs a person."""
    return render_template(
        "staff/directory.html",
        form=DirectorySearchForm(),
        counts=directory_queries.list_counts(g.session),
        sets=data_sets(g.session),
        doubts=directory_queries.bounced_entries(g.session),
        awaiting=office_settings.awaiting_confirmation(g.session),
        pauses=office_settings.pauses(g.session, now=services().now()),
        opposed=conflicting_corrections(g.session),
        corrected=directory_queries.corrected_entries(g.session),
        unknown=directory_queries.unknown_genders(g.session),
    )


@bp.post("/directory")
@requires(Role.MANAGER)
def directory_found() -> str:
    site, form = services(), DirectorySearchForm()
    if not form.validate_on_submit():
        abort(400)
    found = [row.id for row in site.directory.current(site.now()).search(form.looked_for.data)]
    lines = directory_queries.entries_by_id(g.session, found[:MAX_FOUND])
    return _listing(form, lines, more=max(0, len(found) - MAX_FOUND))


@bp.get("/directory/list/<key>")
@requires(Role.MANAGER)
def directory_list(key: str) -> str:
    if key not in directory_queries.list_keys():
        abort(404)
    lines = directory_queries.list_entries(g.session, key)
    if not lines:
        abort(404)
    return _listing(DirectorySearchForm(), lines, key=key)


@bp.get("/directory/forms")
@requires(Role.MANAGER)
def directory_forms() -> str:
    return render_template("staff/directory_forms.html", styles=shipped_styles())


def _listing(form: DirectorySearchForm, lines: object, *, key: str = "", more: int = 0) -> str:
    return render_template("staff/directory_list.html", form=form, lines=lines, key=key, more=more)


# --- A newer list


class ListFileForm(StaffForm):
    """A list as a file, with where it comes from and its date."""

    file = UploadField(
        _l("A CSV file in the Open North format, in English or French"),
        description=_l(
            "5 MB at most, in UTF-8. It replaces the list of each chamber that it names; people missing from it are "
            "marked as no longer in office."
        ),
        render_kw={"accept": ".csv,text/csv"},
    )
    source = StringField(
        _l("Source of the list"),
        filters=[one_line],
        validators=[
            DataRequired(_l("Say where the list comes from.")),
            Length(max=MAX_SOURCE, message=_l("Say where the list comes from.")),
        ],
        description=_l("The public sees it beside a name: “sencanada.ca”."),
        render_kw={"maxlength": MAX_SOURCE, "autocomplete": "off"},
    )
    as_of = DateField(
        _l("Date of the list"),
        validators=[InputRequired(_l("Enter the date of the list: today or earlier."))],
    )

    def validate_source(self, field: StringField) -> None:
        if not field.data.isprintable():
            raise ValidationError(_("Say where the list comes from."))

    def validate_as_of(self, field: DateField) -> None:
        if field.data and field.data > _today():
            raise ValidationError(_("Enter the date of the list: today or earlier."))


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
    """Show the forms for a newer list: a file, or a source to be read."""
    return _ask(ListFileForm(as_of=_today()))


@bp.post("/directory/newer/file")
@takes_file
@requires(Role.MANAGER)
def directory_file() -> ResponseReturnValue:
    """Read a file and lead to what it would change."""
    form, by, now = ListFileForm(), current_account().id, services().now()
    if not form.validate_on_submit():
        return _ask(form), 422
    ridings = riding_names(g.session)
    try:
        records = read_csv(form.file.content, ridings)
    except SheetErrors as wrong:
        g.session.rollback()
        form.file.errors = [FIX_FILE]
        return _ask(form, wrong=wrong), 422
    source, as_of = form.source.data, form.as_of.data
    number = pending_import.store(g.session, records, source=source, as_of=as_of, by=by, now=now).id
    return redirect(url_for("staff.directory_proposed", number=number), 303)


@bp.post("/directory/newer/source")
@requires(Role.MANAGER)
def directory_source() -> ResponseReturnValue:
    """Start reading a live source; what it would change is shown once it is read."""
    form = ListSourceForm()
    if not form.validate_on_submit() or form.name.data not in SOURCES:
        abort(400)
    return start_job(JobKind.DIRECTORY, {"source": form.name.data})


@bp.route("/directory/newer/<int:number>", methods=["GET", "POST"])
@requires(Role.MANAGER)
def directory_proposed(number: int) -> ResponseReturnValue:
    """Show what a list would change, and use it exactly as it was shown."""
    form, by, now, wrong = UseListForm(), current_account().id, services().now(), None
    if request.method == "POST":
        if not form.validate_on_submit():
            abort(400)
        try:
            proposed = or_404(pending_import.find(g.session, number, by=by, now=now))
            about = {"source": proposed.source, "as_of": proposed.as_of.isoformat()}
            merged, keys = pending_import.confirm(
                g.session, proposed, seen=form.digest.data or "", accept_shorter=form.fewer.data, now=now
            )
            counts = {"added": len(merged.added), "changed": len(merged.changed), "gone": len(merged.left)}
            record(Act.DIRECTORY_REFRESHED, f"list:{','.join(keys)}"[:200], after={**about, **counts})
        except pending_import.DirectoryChanged:
            g.session.rollback()
            wrong = (
                "apply",
                _(
                    "Nothing was changed: someone updated the directory in the meantime. Check what the list would "
                    "change now."
                ),
            )
        except ListTooShort:
            g.session.rollback()
            wrong = ("fewer", _("Nothing was changed: confirm that the list is really that short."))
        except ListRejected:
            g.session.rollback()
            # the page shows why
        else:
            flash(_("The list is in use: letters and pages follow it from now on."))
            return redirect(url_for("staff.directory"), 303)
    preview = rejected = None
    proposed = or_404(pending_import.find(g.session, number, by=by, now=now))
    try:
        preview = pending_import.preview(g.session, proposed)
    except ListRejected as error:
        g.session.rollback()
        rejected = error.message
    page = render_template(
        "staff/directory_proposed.html",
        proposed=proposed,
        form=UseListForm(formdata=None, digest=preview.digest if preview else ""),
        preview=preview,
        rejected=rejected,
        wrong=wrong,
    )
    return page, 422 if wrong or rejected else 200


def _ask(form: ListFileForm, *, wrong: SheetErrors | None = None) -> str:
    return render_template(
        "staff/directory_newer.html",
        form=form,
        button=ListSourceForm(formdata=None),
        problems=wrong.errors if wrong else [],
        live={key: one.name for key, one in SOURCES.items()},
        sets=data_sets(g.session),
        today=_today().isoformat(),
    )


def _today() -> date:
    return day_of(services().now())
