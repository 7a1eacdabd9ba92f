"""The revisions of a document, the newest first, any two of them compared."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from flask import abort, g, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from advocacy.campaigns.campaign_folder import OWN_DOCUMENTS, CampaignFolder
from advocacy.campaigns.differences import changed_passages, compare_documents
from advocacy.campaigns.documents import (
    document_title,
    find_document,
    folder_with_revision,
    folder_with_revisions,
    is_archived,
    live_revision,
)
from advocacy.campaigns.library import readable_folder
from advocacy.campaigns.models import Revision
from advocacy.staff.models import Role
from advocacy.staff.publication import open_requests
from advocacy.staff.revisions import HISTORY_PAGE, HistoryEntry, revision_history
from advocacy.staff.visibility import allowed_verbs
from advocacy.web.locale import current_language
from advocacy.web.staff.access import bp, or_404, requires

NAMED = 3
"""How many changed passages are named in the list."""


@bp.get("/history/<campaign>/<document>")
@requires(Role.WRITER)
def history(campaign: str, document: str) -> ResponseReturnValue:
    return _list(campaign, document)


@bp.get("/history/<campaign>/<document>/compare")
@requires(Role.WRITER)
def compare(campaign: str, document: str) -> ResponseReturnValue:
    """Show what differs between the two revisions that were chosen."""
    chosen = sorted({int(one) for one in request.args.getlist("revision") if one.isdecimal() and len(one) < 8})
    if len(chosen) != 2:
        return _list(campaign, document, unchosen=True), 422
    row = or_404(find_document(g.session, campaign, document))
    which = select(Revision).where(Revision.document_id == row.id, Revision.number.in_(chosen))
    found = g.session.scalars(which.order_by(Revision.number)).all()
    if len(found) != 2:
        abort(404)
    old, new = found
    rows = compare_documents(folder_with_revision(g.session, old), folder_with_revision(g.session, new), document)
    title = document_title(new)
    return render_template(
        "staff/compare.html",
        named=title.in_language(current_language()),
        campaign_key=campaign,
        document_key=document,
        old=old.number,
        new=new.number,
        rows=[one for one in rows if one.changed],
        unchanged=sum(not one.changed for one in rows),
    )


def _list(campaign: str, document: str, *, unchosen: bool = False) -> str:
    before = request.args.get("before", "")
    row = or_404(find_document(g.session, campaign, document))
    upto = int(before) if before.isdecimal() and before.isascii() and len(before) < 8 else None
    # One more than is shown: the oldest one shown is compared with it too.
    found = revision_history(g.session, row, before=upto, limit=HISTORY_PAGE + 1)
    if not found:
        abort(404)
    folder, live = readable_folder(g.session, campaign), live_revision(g.session, row.id)
    return render_template(
        "staff/history.html",
        named=document_title(found[0].revision).in_language(current_language()),
        campaign_key=campaign,
        document_key=document,
        entries=found[:HISTORY_PAGE],
        older=found[HISTORY_PAGE - 1].revision.number if len(found) > HISTORY_PAGE else None,
        changed=_changed(found, folder, document),
        unchosen=unchosen,
        is_archived=is_archived(row),
        acts=allowed_verbs(g.session, row),
        is_ahead=live is not None and found[0].revision.number > live.number,
        is_letter=document not in OWN_DOCUMENTS.values(),
        requests=open_requests(g.session, row.id),
    )


def _changed(
    found: Sequence[HistoryEntry], folder: CampaignFolder, document: str
) -> Mapping[int, tuple[Sequence[str], int]]:
    """Return the first passages that each revision changed of the one before it, and how many more there are."""
    language, named = current_language(), {}
    states = [folder_with_revisions(folder, [one.revision]) for one in found]
    for entry, (new, old) in zip(found, pairwise(states), strict=False):
        titles = list(dict.fromkeys(title.in_language(language) for title in changed_passages(old, new, document)))
        named[entry.revision.number] = (titles[:NAMED], max(len(titles) - NAMED, 0))
    return named
