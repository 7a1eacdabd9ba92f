"""What citizens are not shown: a campaign or a letter taken offline, archived, or deleted before it was published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from advocacy.campaigns import library
from advocacy.campaigns.models import Availability, Campaign, Document, Publication, Revision
from advocacy.database import Base
from advocacy.legislators.models import Legislator, OwnList
from advocacy.staff import audit
from advocacy.staff.audit import Act
from advocacy.staff.models import Account

ACTS: Mapping[tuple[Availability, Availability], Act] = MappingProxyType(
    {
        (Availability.ONLINE, Availability.OFFLINE): Act.TAKEN_OFFLINE,
        (Availability.OFFLINE, Availability.ONLINE): Act.PUT_ONLINE,
        (Availability.ONLINE, Availability.ARCHIVED): Act.ARCHIVED,
        (Availability.OFFLINE, Availability.ARCHIVED): Act.ARCHIVED,
        (Availability.ARCHIVED, Availability.ONLINE): Act.RESTORED,
    }
)
"""The moves that there are, each with the act that it is."""
WANTED: Mapping[str, Availability] = MappingProxyType(
    {
        "offline": Availability.OFFLINE,
        "online": Availability.ONLINE,
        "archive": Availability.ARCHIVED,
        "restore": Availability.ONLINE,
    }
)
"""What each verb leads to; DELETE leads nowhere."""
DELETE = "delete"
MAX_REASON = 500


class WasPublished(Exception):
    """Something of it was live once: letters may be made of it, and it is archived instead of deleted."""


@dataclass(frozen=True, slots=True)
class Change:
    """A new availability, why, and whether letters that wait for confirmation can no longer be confirmed."""

    wanted: Availability
    reason: str = ""
    holds_unconfirmed: bool = False


def acts_of(session: Session, of: Campaign | Document) -> Sequence[str]:
    """Return the verbs that can be done now with a campaign or a letter: those of `WANTED`, and DELETE.

    What nobody was ever shown cannot be taken offline.
    """
    published = was_published(session, of)
    is_archived = of.availability is Availability.ARCHIVED
    found = [
        verb
        for verb, wanted in WANTED.items()
        if (of.availability, wanted) in ACTS and is_archived == (verb == "restore")
        if published or wanted is not Availability.OFFLINE
    ]
    return found if published else [*found, DELETE]


def change(session: Session, of: Campaign | Document, wanted: Change, *, by: Account, now: datetime) -> bool:
    """Change the availability of a campaign or a letter; False where it is so already, or cannot become so from here.

    Citizens are shown the change at once, in every process: `availability_version` tells whoever has the campaign read.
    """
    library.wait_for_turn(session)
    session.refresh(of)
    act = ACTS.get((of.availability, wanted.wanted))
    if act is None:
        return False
    of.availability, of.availability_reason = wanted.wanted, wanted.reason[:MAX_REASON]
    if wanted.wanted is not Availability.ARCHIVED:  # in the archive, content is as wrong as it was
        of.holds_unconfirmed = wanted.holds_unconfirmed and wanted.wanted is Availability.OFFLINE
    campaign = of if isinstance(of, Campaign) else of.campaign
    campaign.availability_version = Campaign.availability_version + 1
    audit.write(session, act, subject_of(of), by=by.id, now=now, reason=wanted.reason[:MAX_REASON])
    return True


def delete_unpublished(session: Session, of: Campaign | Document, *, by: Account, now: datetime) -> None:
    """Delete a campaign or a letter nothing of which was ever published, with its drafts and its reviews.

    Raises WasPublished.
    """
    library.wait_for_turn(session)
    if was_published(session, of):
        raise WasPublished
    documents = select(Document.id).where(
        Document.campaign_id == of.id if isinstance(of, Campaign) else Document.id == of.id
    )
    keys = {
        "documents": list(session.scalars(documents)),
        "revisions": list(session.scalars(select(Revision.id).where(Revision.document_id.in_(documents)))),
        "campaigns": [of.id] if isinstance(of, Campaign) else [],
    }
    audit.write(session, Act.DELETED, subject_of(of), by=by.id, now=now)
    campaign_id = of.id if isinstance(of, Campaign) else of.campaign_id
    if isinstance(of, Campaign):  # its own list is by its name, which another campaign may have later
        session.execute(delete(OwnList).where(OwnList.campaign == of.name))
        session.execute(delete(Legislator).where(Legislator.campaign == of.name))
    session.expunge(of)
    # By the tables themselves: a revision cannot be deleted otherwise, and nobody was shown any of these.
    for table in reversed(Base.metadata.sorted_tables):
        for column in table.columns:
            owner = next((key.column.table.name for key in column.foreign_keys), "")
            owner = table.name if column.name == "id" and table.name in keys else owner
            if keys.get(owner):
                session.connection().execute(delete(table).where(column.in_(keys[owner])))
    grown = update(Campaign).where(Campaign.id == campaign_id)
    session.execute(grown.values(availability_version=Campaign.availability_version + 1))
    session.expire_all()


def was_published(session: Session, of: Campaign | Document) -> bool:
    """Whether anything of it was ever live."""
    which = select(Publication.id).join(Revision, Publication.revision_id == Revision.id).join(Revision.document)
    which = which.where(Document.campaign_id == of.id if isinstance(of, Campaign) else Document.id == of.id)
    return session.scalar(which.limit(1)) is not None


def subject_of(of: Campaign | Document) -> str:
    """Return a campaign or a letter as the audit log names it."""
    return f"campaign:{of.name}" if isinstance(of, Campaign) else f"letter:{of.campaign.name}/{of.name}"
