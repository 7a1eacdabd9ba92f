"""The section “Export and import” of Organisation: a campaign as one file, to keep or to move.

What comes in is checked, looked over on a page of its own, then saved for somebody to publish.
"""

from collections.abc import Sequence

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, ValidationError
from wtforms.fields.choices import SelectChoice

from advocacy.campaigns.campaign_folder import CampaignFolder
from advocacy.campaigns.differences import compare_documents
from advocacy.campaigns.import_preview import ImportPreview, compare_imports
from advocacy.campaigns.library import lock_campaigns
from advocacy.exports.campaign_archive import MAX_ARCHIVE_BYTES, TOO_LARGE, unpack_campaigns
from advocacy.staff import campaign_creation, job_runner, jobs
from advocacy.staff.models import Job, JobKind, JobState, Role
from advocacy.web.files import takes_file
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import bp, current_account, requires
from advocacy.web.staff.forms import SeenForm, StaffForm, UploadField
from advocacy.web.staff.my_jobs import erasure_time, restart_job, start_job
from advocacy.web.staff.organisation import address, section, show
from advocacy.web.staff.problem_notes import campaign_notes
from advocacy.web.staff.texts import campaign_name, campaign_titles, document_names

MAX_NOTES, MAX_ROWS = 60, 300
"""How many problems one page lists, and how many changed passages of one document."""


class ExportForm(StaffForm):
    """A campaign to export; every campaign, where none is named."""

    name = SelectField(_l("Campaign"), default="")

    def __init__(self, **data: object) -> None:
        """Offer the campaigns there are."""
        super().__init__(**data)
        titles = {"": _("All campaigns"), **campaign_titles(g.session)}
        self.name.choices = [SelectChoice(name, title) for name, title in titles.items()]


class ImportForm(StaffForm):
    archive = UploadField(
        _l("A campaign’s file"),
        description=_l("A zip as “Export” gives it, 5 MB at most. You see what it would change before it is saved."),
        render_kw={"accept": ".zip,application/zip"},
    )

    def validate_archive(self, field: UploadField) -> None:
        if len(field.content) > MAX_ARCHIVE_BYTES:
            raise ValidationError(TOO_LARGE.in_language(current_language()))


@section("zips", Role.WRITER)
def zips_shown(form: ImportForm | None = None) -> dict[str, object]:
    return {"exported": ExportForm(formdata=None), "form": form or ImportForm(formdata=None)}


@bp.post("/organisation/export")
@requires(Role.WRITER)
def campaign_export() -> ResponseReturnValue:
    """Start the export of one campaign or of all, as they are live; as last saved where nothing is live."""
    form = ExportForm()
    if not form.validate_on_submit():
        abort(404)
    return start_job(JobKind.EXPORT, {"name": form.name.data})


@bp.post("/organisation/import")
@takes_file
@requires(Role.WRITER)
def campaign_import() -> ResponseReturnValue:
    """Start the check of a zip."""
    form = ImportForm()
    if not form.validate_on_submit():
        return show("zips", form=form), 422
    return start_job(JobKind.IMPORT, {}, file=form.archive.content)


@bp.get("/organisation/import/<int:number>")
@requires(Role.WRITER)
def campaign_compared(number: int) -> ResponseReturnValue:
    """Show what a zip would change, once it is checked."""
    check = _find_check(number)
    if check is None:
        return _gone()
    offers = _offers(check, _folders(check))
    ready = _is_ready(offers)
    return render_template(
        "staff/campaign_import.html",
        offers=[(offer, campaign_name(offer.result), document_names(offer.result)) for offer in offers],
        notes=lambda offer: campaign_notes(offer.problems[:MAX_NOTES], offer.result, linked=False),
        rows=lambda offer, document: [
            row for row in compare_documents(offer.before, offer.result, document) if row.changed
        ],
        max_notes=MAX_NOTES,
        max_rows=MAX_ROWS,
        writers=campaign_creation.writer_names(
            g.session, [revision for offer in offers for revision in offer.discarded.values()]
        ),
        ready=ready,
        bad=any(offer.problems for offer in offers),
        moved=not offers,
        check=check,
        until=erasure_time(check),
        seen=SeenForm(formdata=None, seen=check.outcome["seen"] if ready else ""),
        back=address("zips", _anchor="zips"),
    )


@bp.post("/organisation/import/<int:number>")
@requires(Role.WRITER)
def campaign_taken(number: int) -> ResponseReturnValue:
    """Save what was looked over, exactly as it was shown and not public yet, and erase the zip.

    Where it would change something else by now, nothing is saved and the zip is checked again. Raises IsArchived.
    """
    site, by, form = services(), current_account(), SeenForm()
    if not form.validate_on_submit():
        abort(400)
    lock_campaigns(g.session)  # a second press waits for the first
    check = _find_check(number)
    if check is None:
        return _gone()
    folders = _folders(check)
    offers, seen = _offers(check, folders), check.outcome["seen"]
    if form.seen.data != seen or not _is_ready(offers) or campaign_creation.list_problems(g.session, folders):
        flash(_("Something changed since you looked, so the zip is checked again. Nothing was saved."), "refused")
        return restart_job(check, {})
    campaign_creation.import_campaigns(g.session, folders, by=by, now=site.now(), seen=seen)
    g.session.delete(check)
    flash(_("Saved. The public won’t see it until it is published."))
    if len(folders) == 1:
        return redirect(url_for("staff.campaign", campaign=folders[0].name), 303)
    return redirect(url_for("staff.home"), 303)


def _gone() -> ResponseReturnValue:
    flash(
        _("Your file is no longer here: it was saved or erased, at the latest after a day. Choose it again."), "refused"
    )
    return redirect(address("zips", _anchor="zips"), 303)


def _find_check(number: int) -> Job | None:
    """Return the finished check of a zip of whoever is signed in; None where it is gone, or never was theirs."""
    job = jobs.find(g.session, number, by=current_account().id, now=services().now())
    is_checked = job is not None and job.state is JobState.DONE and job.outcome["code"] == "compared"
    return job if is_checked else None


def _folders(check: Job) -> Sequence[CampaignFolder]:
    """Return the campaigns of the zip that was checked; raises CannotDecrypt."""
    return unpack_campaigns(jobs.read_file(g.session, check.id, keys=services().keys))


def _offers(check: Job, folders: Sequence[CampaignFolder]) -> Sequence[ImportPreview]:
    """Return what was checked; nothing where the zip would change something else by now."""
    offers = compare_imports(g.session, folders)
    if not campaign_creation.matches(offers, check.outcome["seen"]):
        return []
    return job_runner.with_report(offers, check.outcome["report"])


def _is_ready(offers: Sequence[ImportPreview]) -> bool:
    """Whether there is something to take and nothing to fix."""
    return any(offer.changed for offer in offers) and not any(offer.problems or offer.is_partial for offer in offers)
