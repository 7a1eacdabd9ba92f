"""The revisions of a document, the newest first, any two of them compared."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from flask import abort, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.campaigns.differences import changed, differences
from advocacy.campaigns.documents import find_document, is_archived, live_revision
from advocacy.campaigns.folder import OWN_DOCUMENTS, CampaignFolder
from advocacy.campaigns.library import readable_folder
from advocacy.campaigns.models import Document, Revision, RevisionFile
from advocacy.staff import history as revisions
from advocacy.staff.availability import acts_of
from advocacy.staff.roles import Role
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import requires
from advocacy.web.staff.availability import LABELS
from advocacy.web.staff.blueprint import bp
from advocacy.web.staff.date_format import format_moment
from advocacy.web.staff.letter_titles import document_name

ROOM = "/history/<campaign>/<document>"
NAMED = 3
"""How many changed passages are named in the list."""


@bp.get(ROOM)
@requires(Role.WRITER)
def history(campaign: str, document: str) -> str | tuple[str, int]:
    """List the revisions of a document."""
    return _listed(campaign, document)


@bp.get(f"{ROOM}/compare")
@requires(Role.WRITER)
def compare(campaign: str, document: str) -> str | tuple[str, int]:
    """Show what differs between the two revisions that were chosen."""
    chosen = sorted({int(one) for one in request.args.getlist("revision") if one.isdecimal() and len(one) < 8})
    if len(chosen) != 2:
        return _listed(campaign, document, unchosen=True)
    language = current_language()
    with services().sessions() as session:
        known = _document(session, campaign, document)
        ids = session.execute(
            select(Revision.number, Revision.id).where(Revision.document_id == known.id, Revision.number.in_(chosen))
        )
        found = dict(ids.all())
        if set(found) != set(chosen):
            abort(404)
        folder = readable_folder(session, campaign)
        states = _states(session, folder, known, ids=list(found.values()))
    old, new = (states[found[number]] for number in chosen)
    rows = differences(old, new, document)
    return render_template(
        "staff/compare.html",
        named=document_name(new, document, language),
        campaign_key=campaign,
        document_key=document,
        old=chosen[0],
        new=chosen[1],
        rows=[one for one in rows if one.changed],
        unchanged=sum(not one.changed for one in rows),
    )


def _listed(campaign: str, document: str, *, unchosen: bool = False) -> str | tuple[str, int]:
    language = current_language()
    before = request.args.get("before", "")
    with services().sessions() as session:
        known = _document(session, campaign, document)
        upto = int(before) if before.isdecimal() and before.isascii() and len(before) < 8 else None
        # One more than is shown: the oldest one shown is compared with it too.
        entries = revisions.entries(session, known, before=upto, at_once=revisions.AT_ONCE + 1)
        folder = readable_folder(session, campaign)
        states = _states(session, folder, known, ids=[one.id for one in entries])
        live, archived = live_revision(session, known.id), is_archived(known)
        acts = [(act, LABELS[act]) for act in acts_of(session, known)]
    shown = render_template(
        "staff/history.html",
        named=document_name(states[entries[0].id], document, language),
        campaign_key=campaign,
        document_key=document,
        entries=entries[: revisions.AT_ONCE],
        older=entries[revisions.AT_ONCE - 1].number if len(entries) > revisions.AT_ONCE else None,
        changed=_changed(entries, states, document),
        when=lambda moment: format_moment(moment, language),
        unchosen=unchosen,
        is_archived=archived,
        acts=acts,
        is_ahead=live is not None and entries[0].number > live.number,
        is_letter=document not in OWN_DOCUMENTS.values(),
    )
    return (shown, 422) if unchosen else shown


def _document(session: Session, campaign: str, document: str) -> Document:
    found = find_document(session, campaign, document)
    if found is None:
        abort(404)
    return found


def _states(
    session: Session, folder: CampaignFolder, document: Document, *, ids: Sequence[int]
) -> Mapping[int, CampaignFolder]:
    """Give the campaign that letters are read in, with each of these revisions of a document in its place."""
    files: dict[int, dict[str, bytes]] = {one: {} for one in ids}
    for file in session.scalars(select(RevisionFile).where(RevisionFile.revision_id.in_(ids))):
        files[file.revision_id][file.name] = file.content
    rest = {
        name: content
        for other, held in folder.documents().items()
        if other != document.name
        for name, content in held.items()
    }
    return {one: CampaignFolder.of(folder.name, {**rest, **held}) for one, held in files.items()}


def _changed(
    entries: Sequence[revisions.Entry], states: Mapping[int, CampaignFolder], document: str
) -> Mapping[int, tuple[Sequence[str], int]]:
    """Name what each revision changed of the one before it: the first passages, and how many more there are."""
    language = current_language()
    named: dict[int, tuple[Sequence[str], int]] = {}
    for new, old in pairwise(entries):
        titles = [title.spoken(language) for title in changed(states[old.id], states[new.id], document)]
        titles = list(dict.fromkeys(titles))
        named[new.number] = (titles[:NAMED], max(len(titles) - NAMED, 0))
    return named
