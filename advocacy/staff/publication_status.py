"""The status of letters and campaigns, as labels and verbs of the pages depend on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session, aliased

from advocacy.campaigns.models import Availability, Campaign, Document, Revision, live_revision_ids
from advocacy.messages import message
from advocacy.staff.models import Proposal, Schedule


class Status(StrEnum):
    """The status of what was saved last, or of what citizens are shown."""

    DRAFT = "draft"
    IN_REVIEW = "in-review"
    CHANGES_ASKED = "changes-asked"
    SCHEDULED = "scheduled"
    LIVE = "live"
    OFFLINE = "offline"
    ARCHIVED = "archived"


LABELS = MappingProxyType(
    {
        Status.DRAFT: message("Draft"),
        Status.IN_REVIEW: message("In review"),
        Status.CHANGES_ASKED: message("Changes asked"),
        Status.SCHEDULED: message("Scheduled"),
        Status.LIVE: message("Live"),
        Status.OFFLINE: message("Offline"),
        Status.ARCHIVED: message("Archived"),
    }
)
_BY_ANSWER = {None: Status.IN_REVIEW, "returned": Status.CHANGES_ASKED}
_MOST_URGENT_FIRST = (Status.SCHEDULED, Status.IN_REVIEW, Status.CHANGES_ASKED, Status.DRAFT)


@dataclass(frozen=True, slots=True)
class DocumentStatus:
    """The status of one document: a letter, or a file of the campaign's own.

    `live` is the number of the live revision, None while none was published; `pending` is the status of the newest
    revision where it says something else than the live one.
    """

    campaign: str
    document: str
    availability: Availability
    live: int | None
    newest: int
    newest_id: int
    pending: Status | None

    @property
    def status(self) -> Status:
        """What citizens are shown of it; while that is nothing, the status of its newest revision."""
        if self.availability is not Availability.ONLINE:
            return Status(self.availability.value)
        return Status.LIVE if self.live is not None else self.pending or Status.DRAFT


@dataclass(frozen=True, slots=True)
class CampaignStatus:
    """The status of a campaign with those of its documents, by their names."""

    availability: Availability
    documents: Mapping[str, DocumentStatus]

    @property
    def pending(self) -> Status | None:
        """The most urgent status of what waits in it, archived letters excepted; None where nothing waits."""
        found = {one.pending for one in self.documents.values() if one.availability is not Availability.ARCHIVED}
        return next((status for status in _MOST_URGENT_FIRST if status in found), None)

    @property
    def status(self) -> Status:
        """What citizens are shown of it; while that is nothing, the most urgent status of what waits."""
        if self.availability is not Availability.ONLINE:
            return Status(self.availability.value)
        own = self.documents.get("campaign")
        return Status.LIVE if own is not None and own.live is not None else self.pending or Status.DRAFT


def campaign_statuses(session: Session, campaign: str | None = None) -> Mapping[str, CampaignStatus]:
    """Return the status of one campaign, or of all, by name: two queries, however many documents there are."""
    newest, published = aliased(Revision), aliased(Revision)
    last = select(func.max(Revision.id)).group_by(Revision.document_id)
    scheduled = scheduled_revisions(session)
    rows = session.execute(
        select(Campaign, Document, newest.id, newest.number, newest.digest, published.number, published.digest)
        .add_columns(Proposal.id, Proposal.answer)
        .join(Document, Document.campaign_id == Campaign.id)
        .join(newest, newest.document_id == Document.id)
        .outerjoin(published, (published.document_id == Document.id) & published.id.in_(live_revision_ids()))
        .outerjoin(Proposal, Proposal.revision_id == newest.id)
        .where(newest.id.in_(last), true() if campaign is None else Campaign.name == campaign)
        .order_by(Campaign.name, Document.name)
    )
    found: dict[str, tuple[Availability, dict[str, DocumentStatus]]] = {}
    for owner, document, newest_id, number, digest, live_number, live_digest, proposal, answer in rows:
        pending = None if digest == live_digest else Status.DRAFT
        if pending and proposal:
            pending = _BY_ANSWER.get(answer, Status.DRAFT)
        if pending and newest_id in scheduled:
            pending = Status.SCHEDULED
        _availability, documents = found.setdefault(owner.name, (owner.availability, {}))
        documents[document.name] = DocumentStatus(
            owner.name, document.name, document.availability, live_number, number, newest_id, pending
        )
    return {name: CampaignStatus(availability, documents) for name, (availability, documents) in found.items()}


def scheduled_revisions(session: Session) -> frozenset[int]:
    """Return the ids of the revisions that are scheduled for publication."""
    open_ones = session.scalars(select(Schedule.revisions).where(Schedule.outcome.is_(None)))
    return frozenset(revision for revisions in open_ones for revision in revisions)
