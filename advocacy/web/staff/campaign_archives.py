"""Campaigns exported as a zip, and imported from one: checked, looked over, then saved as revisions to publish."""

from collections.abc import Mapping, Sequence

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms import HiddenField
from wtforms.validators import Length

from advocacy.campaigns.campaign_folder import CampaignFolder
from advocacy.campaigns.differences import compare_documents
from advocacy.campaigns.documents import campaign_names
from advocacy.campaigns.import_preview import ImportPreview, compare_imports
from advocacy.campaigns.library import lock_campaigns
from advocacy.exports.campaign_archive import MAX_ARCHIVE_BYTES, TOO_LARGE, unpack_campaigns
from advocacy.messages import Words, message
from advocacy.staff import campaign_creation, job_runner, jobs
from advocacy.staff.models import Job, JobKind, JobState, Role
from advocacy.staff.publication import Refusal
from advocacy.staff.revisions import IsArchived
from advocacy.web.files import takes_file
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import bp, current_account, requires
from advocacy.web.staff.forms import FileForm, SeenForm, StaffForm
from advocacy.web.staff.my_jobs import erasure_time, restart_job, start_job
from advocacy.web.staff.problem_notes import campaign_notes
from advocacy.web.staff.texts import campaign_name, document_names

MAX_NOTES, MAX_ROWS = 60, 300
"""How many problems one page lists, and how many changed passages of one document."""
NO_FILE = message("Choose a file.")
GONE = message("Your zip is no longer here: it was saved or erased, at the latest after a day. Choose it again.")


class ExportForm(StaffForm):
    """A campaign to export; every campaign, where none is named."""

    name = HiddenField(validators=[Length(max=100)])


@bp.post("/campaigns/export")
@requires(Role.WRITER)
def campaign_export() -> ResponseReturnValue:
    """Start the export of one campaign or of all, as they are live; as last saved where nothing is live."""
    form = ExportForm()
    if not form.validate_on_submit():
        abort(404)
    name = form.name.data or ""
    if name and name not in campaign_names(g.session):
        abort(404)
    return start_job(JobKind.EXPORT, {"name": name})


@bp.route("/campaigns/import", methods=["GET", "POST"])
@takes_file
@requires(Role.WRITER)
def campaign_import() -> ResponseReturnValue:
    form = FileForm()
    if form.validate_on_submit() and len(form.archive.content) <= MAX_ARCHIVE_BYTES:
        return start_job(JobKind.IMPORT, {}, file=form.archive.content)
    if request.method == "GET":
        return _page([])
    return _page([], [NO_FILE if form.errors else TOO_LARGE]), 422


@bp.get("/campaigns/import/<int:number>")
@requires(Role.WRITER)
def campaign_compared(number: int, wrong: Sequence[Words] = ()) -> ResponseReturnValue:
    """Show what a zip would change, once it is checked, and what is `wrong` with saving it."""
    check = _find_check(number)
    if check is None:
        return _page([], [GONE]), 404
    if not _is_compared(check):
        return redirect(url_for("staff.job", number=number), 303)
    offers = _offers(check, _folders(check))
    writers = campaign_creation.writer_names(g.session, [one for offer in offers for one in offer.discarded.values()])
    return _page(offers, wrong, check=check, writers=writers), 422 if wrong else 200


@bp.post("/campaigns/import/<int:number>")
@requires(Role.WRITER)
def campaign_taken(number: int) -> ResponseReturnValue:
    """Save what was looked over as revisions that are not public yet, exactly as it was shown, and erase the zip.

    Where it would change something else by now, nothing is saved and the zip is checked again.
    """
    site, by, form = services(), current_account(), SeenForm()
    if not form.validate_on_submit():
        abort(400)
    lock_campaigns(g.session)  # a second press waits for the first
    check = _find_check(number)
    if check is None or not _is_compared(check):
        return _page([], [GONE]), 404
    folders = _folders(check)
    offers, seen = _offers(check, folders), check.outcome["seen"]
    if form.seen.data != seen or not _is_ready(offers) or campaign_creation.list_problems(g.session, folders):
        flash(_("Something changed since you looked, so the zip is checked again. Nothing was saved."), "refused")
        return restart_job(check, {})
    try:
        made = campaign_creation.import_campaigns(g.session, folders, by=by, now=site.now(), seen=seen)
    except IsArchived:
        g.session.rollback()
        return campaign_compared(number, [Refusal.ARCHIVED.sentence])
    g.session.delete(check)
    flash(
        ngettext(
            "%(num)d document is saved. The public won’t see it until you publish.",
            "%(num)d documents are saved. The public won’t see them until you publish.",
            len(made),
        )
    )
    if len(folders) == 1:
        return redirect(url_for("staff.campaign_settings", campaign=folders[0].name), 303)
    return redirect(url_for("staff.campaigns"), 303)


def _find_check(number: int) -> Job | None:
    """Return the check of a zip of whoever is signed in; None where it is no longer there, or was never theirs."""
    found = jobs.find(g.session, number, by=current_account().id, now=services().now())
    return found if found is not None and found.kind is JobKind.IMPORT else None


def _is_compared(check: Job) -> bool:
    return check.state is JobState.DONE and check.outcome["code"] == "compared"


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


def _page(
    offers: Sequence[ImportPreview],
    wrong: Sequence[Words] = (),
    *,
    check: Job | None = None,
    writers: Mapping[int, str] | None = None,
) -> str:
    """Show what these offers would change, and what is wrong with them or with the zip.

    A check without offers is one of a zip that would change something else by now.
    """
    language, ready = current_language(), _is_ready(offers)
    return render_template(
        "staff/campaign_import.html",
        offers=[(one, campaign_name(one.result), document_names(one.result)) for one in offers],
        notes=lambda offer: campaign_notes(offer.problems[:MAX_NOTES], offer.result, linked=False),
        rows=lambda offer, document: [
            row for row in compare_documents(offer.before, offer.result, document) if row.changed
        ],
        max_notes=MAX_NOTES,
        max_rows=MAX_ROWS,
        writers=writers or {},
        ready=ready,
        bad=any(offer.problems for offer in offers),
        moved=check is not None and not offers,
        check=check,
        until=erasure_time(check) if check else "",
        wrong=[one.in_language(language) for one in wrong],
        seen=SeenForm(formdata=None, seen=check.outcome["seen"] if check and ready else ""),
        form=FileForm(formdata=None),
    )
