"""Campaigns leave as a zip and come in as one: looked over, then saved as revisions to be published."""

from collections.abc import Mapping, Sequence

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from sqlalchemy.orm import Session
from wtforms import HiddenField
from wtforms.validators import Length

from advocacy.campaigns.differences import differences
from advocacy.campaigns.folder import CampaignFolder
from advocacy.campaigns.imports import Offer, fingerprint, offers_of
from advocacy.campaigns.stored_campaigns import campaign_names
from advocacy.database import immediate
from advocacy.exports.campaign_archive import BadArchive, unpacked
from advocacy.messages import Words, in_language, message
from advocacy.staff import importing
from advocacy.staff.jobs import TooManyJobs
from advocacy.staff.models import JobKind
from advocacy.staff.publication import Refusal
from advocacy.staff.revisions import IsArchived
from advocacy.staff.roles import Role
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import current_account, requires
from advocacy.web.staff.blueprint import bp
from advocacy.web.staff.forms import FileForm, SeenForm, StaffForm
from advocacy.web.staff.jobs import create_job, too_many
from advocacy.web.staff.letter_titles import documents_of, name_of
from advocacy.web.staff.problems import campaign_notes
from advocacy.web.uploads import file_of, takes_file

MAX_NOTES, MAX_ROWS = 60, 300
"""How many problems one page lists, and how many changed passages of one document."""
NO_FILE = message("Choose a file.")
GONE = message("Your zip is no longer here: it was saved, replaced, or deleted after a day. Choose it again.")
MOVED = message("Something changed since you looked: here is what the zip would change now. Nothing was saved.")


class ExportForm(StaffForm):
    """A campaign to export; every campaign, where none is named."""

    name = HiddenField(validators=[Length(max=100)])


@bp.post("/campaigns/export")
@requires(Role.WRITER)
def campaign_export() -> ResponseReturnValue:
    """Have one campaign packed, or all of them, as they are live; one of which nothing is live, as last saved."""
    form = ExportForm()
    if not form.validate_on_submit():
        abort(404)
    wanted = form.name.data or ""
    with services().sessions() as session:
        if wanted and wanted not in campaign_names(session):
            abort(404)
    try:
        number = create_job(JobKind.EXPORT, {"name": wanted})
    except TooManyJobs:
        flash(too_many(), "refused")
        return redirect(url_for("staff.my_jobs"), 303)
    return redirect(url_for("staff.job", number=number), 303)


@bp.get("/campaigns/import")
@requires(Role.WRITER)
def campaign_import() -> ResponseReturnValue:
    """Ask for a zip."""
    return _page([])


@bp.post("/campaigns/import")
@takes_file
@requires(Role.WRITER)
def campaign_imported() -> ResponseReturnValue:
    """Show what a zip would change, and keep it until it is taken."""
    site, by = services(), current_account().id
    archive = file_of(request, "archive") if FileForm().validate_on_submit() else b""
    with site.sessions() as session:
        folders, refused = _opened(session, archive)
        offers = offers_of(session, folders)
        writers = importing.writers(session, [one for offer in offers for one in offer.set_aside.values()])
    with immediate(site.sessions) as session:
        if _is_ready(offers):
            importing.keep(session, archive, by=by, now=site.now())
        else:
            importing.drop(session, by=by)
    return _page(offers, refused, writers=writers)


@bp.post("/campaigns/import/take")
@requires(Role.WRITER)
def campaign_taken() -> ResponseReturnValue:
    """Save what was looked over as revisions that are not public yet, exactly as it was shown."""
    site, by, form = services(), current_account(), SeenForm()
    is_valid = form.validate_on_submit()
    with site.sessions() as session:
        archive = importing.waiting(session, by=by.id, now=site.now())
        folders, refused = _opened(session, archive or b"")
        offers = offers_of(session, folders)
    if refused:
        return _page([], [GONE])
    if not is_valid or not _is_ready(offers):  # whatever the form says it saw: it is to be fixed now, or there already
        return _page(offers, [MOVED])
    try:
        with immediate(site.sessions) as session:
            made = importing.take(session, folders, by=by, now=site.now(), seen=form.seen.data or "")
            importing.drop(session, by=by.id)
    except importing.Moved:
        return _page(offers, [MOVED])
    except IsArchived:
        return _page(offers, [Refusal.ARCHIVED.sentence])
    saved = ngettext(
        "%(num)d document is saved. The public won’t see it until you publish.",
        "%(num)d documents are saved. The public won’t see them until you publish.",
        len(made),
    )
    flash(saved)
    if len(folders) == 1:
        return redirect(url_for("staff.campaign_settings", campaign=folders[0].name), 303)
    return redirect(url_for("staff.campaigns"), 303)


def _opened(session: Session, archive: bytes) -> tuple[Sequence[CampaignFolder], Sequence[Words]]:
    """Unpack a zip, or return why it is refused."""
    if not archive:
        return [], [NO_FILE]
    try:
        folders = unpacked(archive)
    except BadArchive as refused:
        return [], [refused.message]
    problems = importing.list_problems(session, folders)
    return ([], problems) if problems else (folders, [])


def _is_ready(offers: Sequence[Offer]) -> bool:
    """Whether there is something to take and nothing to fix."""
    return any(offer.changed for offer in offers) and not any(offer.problems or offer.unseen for offer in offers)


def _page(
    offers: Sequence[Offer], wrong: Sequence[Words] = (), *, writers: Mapping[int, str] | None = None
) -> ResponseReturnValue:
    """Show what these offers would change, and what is wrong with them or with the zip."""
    language, ready = current_language(), _is_ready(offers)
    bad = any(offer.problems for offer in offers)
    page = render_template(
        "staff/campaign_import.html",
        offers=[(one, name_of(one.whole, language), documents_of(one.whole, language)) for one in offers],
        notes=lambda offer: campaign_notes(offer.problems[:MAX_NOTES], offer.whole, language, linked=False),
        rows=lambda offer, document: [row for row in differences(offer.before, offer.whole, document) if row.changed],
        max_notes=MAX_NOTES,
        max_rows=MAX_ROWS,
        writers=writers or {},
        ready=ready,
        bad=bad,
        wrong=[in_language(one, language) for one in wrong],
        form=SeenForm(formdata=None, seen=fingerprint(offers)) if ready else FileForm(formdata=None),
    )
    return page, 422 if wrong or bad else 200
