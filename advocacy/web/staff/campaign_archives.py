"""Campaigns leave as a zip and come in as one: looked over, then saved as revisions to be published."""

from collections.abc import Mapping, Sequence
from io import BytesIO

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask_babel import lazy_gettext, ngettext
from werkzeug.wrappers import Response
from wtforms import FileField, HiddenField
from wtforms.validators import Length

from advocacy.campaigns.differences import Row, differences
from advocacy.campaigns.folder import CampaignFolder
from advocacy.database import immediate
from advocacy.exports.campaign_archive_words import BadArchive
from advocacy.exports.campaign_archives import packed, unpacked
from advocacy.language import Language
from advocacy.messages import Message, message
from advocacy.staff import audit, own_list
from advocacy.staff.campaign_files import held
from advocacy.staff.importing import Moved, Offer, drop, keep, mark, offered, take, waiting
from advocacy.staff.roles import Role
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import requires, staff
from advocacy.web.staff.blueprint import bp
from advocacy.web.staff.forms import StaffForm
from advocacy.web.staff.letter_titles import documents_of, name_of
from advocacy.web.staff.problems import campaign_notes
from advocacy.web.uploads import file_of, takes_file

Answer = Response | str | tuple[str, int]
MOST_NOTES, MOST_ROWS = 60, 300
"""How many things to mend one page lists, and how many changed passages of one document."""
NO_FILE = message("Choose a file.")
GONE = message("Your zip is no longer here: it was saved, replaced, or deleted after a day. Choose it again.")
MOVED = message("Something changed since you looked: here is what the zip would change now. Nothing was saved.")


class ExportForm(StaffForm):
    """A campaign to export; every campaign, where none is named."""

    name = HiddenField(validators=[Length(max=100)])


class ArchiveForm(StaffForm):
    """A zip to look over."""

    archive = FileField(lazy_gettext("Zip archive"))


class SaveForm(StaffForm):
    """What was looked over, to be saved."""

    seen = HiddenField(validators=[Length(max=64)])


@bp.post("/campaigns/export")
@requires(Role.WRITER)
def campaign_export() -> Response:
    """Hand out one campaign, or all of them, as citizens meet them; one that nobody meets yet, as last written."""
    site, form = services(), ExportForm()
    if not form.validate_on_submit():
        abort(404)
    wanted = form.name.data or ""
    with immediate(site.sessions) as session:
        found = held(session, wanted or None)
        if wanted and wanted not in found:
            abort(404)
        archive = packed(own_list.with_list(session, one.best()) for one in found.values())
        for name in found:
            audit.write(session, audit.Act.CAMPAIGN_EXPORTED, f"campaign:{name}", by=staff().id, now=site.now())
    name = f"{wanted or 'letters'}.zip"
    return send_file(BytesIO(archive), "application/zip", as_attachment=True, download_name=name)


@bp.get("/campaigns/import")
@requires(Role.WRITER)
def campaign_import() -> str:
    """Ask for a zip."""
    return _page([])


@bp.post("/campaigns/import")
@takes_file
@requires(Role.WRITER)
def campaign_imported() -> Answer:
    """Show what a zip would change, and keep it until it is taken."""
    site = services()
    archive = file_of(request, "archive") if ArchiveForm().validate_on_submit() else b""
    folders, refused = _opened(archive)
    with site.sessions() as session:
        offers = offered(session, folders)
        seen = mark(offers)
    with immediate(site.sessions) as session:
        if _ready(offers):
            keep(session, archive, by=staff().id, now=site.now())
        else:
            drop(session, by=staff().id)
    page = _page(offers, seen=seen, wrong=refused)
    return (page, 422) if refused or any(offer.problems for offer in offers) else page


@bp.post("/campaigns/import/take")
@requires(Role.WRITER)
def campaign_taken() -> Answer:
    """Save what was looked over as revisions that nobody meets yet, exactly as it was shown."""
    site, by, form = services(), staff(), SaveForm()
    readable = form.validate_on_submit()
    with site.sessions() as session:
        folders, refused = _opened(waiting(session, by=by.id, now=site.now()) or b"")
        offers = offered(session, folders)
        now_seen = mark(offers)
    if refused:
        return _page([], wrong=GONE), 422
    if not readable or not _ready(offers):  # whatever the form says it saw: this is to be mended now, or there already
        return _page(offers, wrong=MOVED), 422
    try:
        with immediate(site.sessions) as session:
            made = take(session, folders, by=by.account, now=site.now(), seen=form.seen.data or "")
            drop(session, by=by.id)
    except Moved:
        return _page(offers, seen=now_seen, wrong=MOVED), 422
    saved = ngettext(
        "%(num)d document is saved. The public won’t see it until you publish.",
        "%(num)d documents are saved. The public won’t see them until you publish.",
        len(made),
    )
    flash(saved)
    if len(folders) == 1:
        return redirect(url_for("staff.campaign_settings", campaign=folders[0].name), 303)
    return redirect(url_for("staff.campaigns"), 303)


def _opened(archive: bytes) -> tuple[Sequence[CampaignFolder], Message | None]:
    """Unpack a zip, or say why it is refused."""
    if not archive:
        return [], NO_FILE
    try:
        return unpacked(archive), None
    except BadArchive as refused:
        return [], refused.message


def _ready(offers: Sequence[Offer]) -> bool:
    """Tell whether there is something to take and nothing to mend."""
    return any(offer.changed for offer in offers) and not any(offer.problems or offer.unseen for offer in offers)


def _page(offers: Sequence[Offer], *, seen: str = "", wrong: Message | None = None) -> str:
    language = current_language()
    bad = any(offer.problems for offer in offers)
    return render_template(
        "staff/campaign_import.html",
        offers=[_shown(offer, language, compared=not bad) for offer in offers],
        ready=_ready(offers),
        bad=bad,
        wrong=[wrong.in_language(language)] if wrong else [],
        form=SaveForm(formdata=None, seen=seen) if _ready(offers) else ArchiveForm(formdata=None),
    )


def _shown(offer: Offer, language: Language, *, compared: bool) -> Mapping[str, object]:
    """Give what a page shows of one campaign; nothing is compared while something is to be mended."""
    names = documents_of(offer.whole, language)
    return {
        "offer": offer,
        "name": name_of(offer.whole, language),
        "unchanged": [names.get(one, one) for one in offer.unchanged],
        "staying": [names.get(one, one) for one in offer.staying],
        "notes": campaign_notes(offer.problems[:MOST_NOTES], offer.whole, language, linked=False),
        "more": max(0, len(offer.problems) - MOST_NOTES),
        "documents": [_document(offer, name, names.get(name, name)) for name in offer.changed] if compared else [],
    }


def _document(offer: Offer, name: str, called: str) -> Mapping[str, object]:
    rows = _rows(offer, name)
    return {
        "name": called,
        "new": offer.is_new(name),
        "set_aside": offer.set_aside.get(name),
        "rows": rows[:MOST_ROWS],
        "more": max(0, len(rows) - MOST_ROWS),
    }


def _rows(offer: Offer, document: str) -> Sequence[Row]:
    return [row for row in differences(offer.before, offer.whole, document) if row.changed]
