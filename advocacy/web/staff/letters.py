"""The letters of a campaign: what is live, who is writing, what is in review and what needs fixing."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import abort, render_template
from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from advocacy.campaigns.checks.campaign_check import check_parts
from advocacy.campaigns.folder import OWN_DOCUMENTS, CampaignFolder
from advocacy.campaigns.library import newest_folder
from advocacy.campaigns.models import Availability, Campaign, Document
from advocacy.staff.models import Account, Draft, Proposal, Role
from advocacy.staff.publication_status import DocumentStatus, Status, campaign_statuses
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import current_account, requires
from advocacy.web.staff.blueprint import bp
from advocacy.web.staff.date_format import format_in_sentence
from advocacy.web.staff.letter_titles import letter_files


@dataclass(frozen=True, slots=True)
class Row:
    """One letter of the list: `problems` are counted in what was saved last; moments are in words."""

    status: DocumentStatus
    title: str
    problems: int
    place: int
    writing: tuple[tuple[str, str], ...]
    """Who has a draft of it, and when they saved it."""
    requested: tuple[str, str] | None
    """Who sent the newest revision for review, and when."""
    changes: tuple[str, str] | None
    """Who asked for changes to the newest revision, and what they wrote."""


@bp.get("/campaigns/<campaign>/letters")
@requires(Role.WRITER)
def letters(campaign: str) -> str:
    """List the letters in the order in which citizens see them, archived ones apart."""
    with services().sessions() as session:
        rows = letter_rows(session, campaign)
    return render_template(
        "staff/letters.html",
        campaign_name=campaign,
        verbs=availability_verbs,
        may_publish=current_account().role.may(Role.PUBLISHER),
        rows=[row for row in rows if row.status.status is not Status.ARCHIVED],
        archived=[row for row in rows if row.status.status is Status.ARCHIVED],
    )


def letter_rows(session: Session, campaign: str) -> list[Row]:
    """Return every letter of a campaign, which must exist: seven queries, however many letters there are."""
    status = campaign_statuses(session, campaign).get(campaign)
    if status is None:
        abort(404)
    folder = newest_folder(session, campaign)
    statuses = {name: one for name, one in status.documents.items() if name not in OWN_DOCUMENTS.values()}
    newest = [one.newest_id for one in statuses.values()]
    problems, drafts = count_problems(folder, statuses), drafts_of(session, campaign)
    proposals, files = _proposals(session, newest), letter_files(session, newest)
    rows = []
    for name, one in statuses.items():
        letter, asked = files.get(one.newest_id), proposals.get(one.newest_id)
        rows.append(
            Row(
                one,
                letter.title.in_language(current_language()) if letter else name,
                problems[name],
                letter.place if letter else 999,
                drafts.get(name, ()),
                (asked[1], _when(asked[0].asked_at)) if asked and one.pending is Status.IN_REVIEW else None,
                (asked[2], asked[0].word) if asked and one.pending is Status.CHANGES_ASKED else None,
            )
        )
    return sorted(rows, key=lambda row: (row.place, row.status.document))


def availability_verbs(availability: Availability, live: int | None) -> list[str]:
    """Return what a publisher can do with a letter or a campaign: the verbs of the page that asks once more."""
    if availability is Availability.ARCHIVED:
        return ["restore"]
    if availability is Availability.OFFLINE:
        return ["online", "archive"]
    return ["offline", "archive"] if live is not None else ["archive", "delete"]


def count_problems(folder: CampaignFolder, letters: Collection[str]) -> Mapping[str, int]:
    """Return how many problems each letter has."""
    paths = {folder.path(f"{letter}/"): letter for letter in letters}
    found = (problem for part in check_parts(folder, letters) for problem in part)
    return Counter(letter for problem in found for path, letter in paths.items() if problem.file.startswith(path))


def drafts_of(session: Session, campaign: str) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Return, by document, who has a draft and when they saved it."""
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    which = (
        select(Document.name, Account.name, Draft.saved_at)
        .join(Document, Document.id == Draft.document_id)
        .join(Campaign, Campaign.id == Document.campaign_id)
        .join(Account, Account.id == Draft.account_id)
        .where(Campaign.name == campaign)
        .where(Draft.discarded.is_(False), Document.availability != Availability.ARCHIVED)
        .order_by(Draft.id)
    )
    for document, name, at in session.execute(which):
        found[document] = (*found.get(document, ()), (name, _when(at)))
    return found


def _proposals(session: Session, revisions: Collection[int]) -> Mapping[int, tuple[Proposal, str, str]]:
    """Return what was sent for review of these revisions, with who sent it and who answered."""
    asking, answering = aliased(Account), aliased(Account)
    rows = session.execute(
        select(Proposal, asking.name, answering.name)
        .join(asking, asking.id == Proposal.asked_by)
        .outerjoin(answering, answering.id == Proposal.answered_by)
        .where(Proposal.revision_id.in_(revisions))
    )
    return {one.revision_id: (one, sent_by, answered_by or "") for one, sent_by, answered_by in rows}


def _when(moment: datetime) -> str:
    return format_in_sentence(moment, services().now(), current_language())
