"""Whether citizens are shown a campaign or a letter: taken offline, archived, or deleted before it was published."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from advocacy.campaigns import library
from advocacy.campaigns.models import Availability, Campaign, Document, Publication, Revision
from advocacy.database import Base
from advocacy.legislators.models import Legislator, OwnList
from advocacy.staff import audit_log
from advocacy.staff.audit_log import Act
from advocacy.staff.models import Account


class Verb(NamedTuple):
    """What a verb does: from where, to where, and as which act the audit log has it."""

    before: frozenset[Availability]
    after: Availability
    act: Act


VERBS: Mapping[str, Verb] = MappingProxyType(
    {
        "offline": Verb(frozenset({Availability.ONLINE}), Availability.OFFLINE, Act.TAKEN_OFFLINE),
        "online": Verb(frozenset({Availability.OFFLINE}), Availability.ONLINE, Act.PUT_ONLINE),
        "archive": Verb(frozenset({Availability.ONLINE, Availability.OFFLINE}), Availability.ARCHIVED, Act.ARCHIVED),
        "restore": Verb(frozenset({Availability.ARCHIVED}), Availability.ONLINE, Act.RESTORED),
    }
)
DELETE = "delete"
"""The verb that leads nowhere."""
MAX_REASON = 500
UNDER_WAY = timedelta(seconds=30)
"""How long a form can take at most from the moment its campaign is read until its letters are stored."""


class WasPublished(Exception):
    """Something of it was live once: letters may be made of it, and it is archived instead of deleted."""


def allowed_verbs(session: Session, of: Campaign | Document) -> Sequence[str]:
    """Return the verbs that can be done now with a campaign or a letter: those of `VERBS`, and DELETE.

    What nobody was ever shown cannot be taken offline.
    """
    published = was_published(session, of)
    found = [verb for verb, move in VERBS.items() if of.availability in move.before]
    return found if published else [*(verb for verb in found if verb != "offline"), DELETE]


def apply_verb(
    session: Session,
    of: Campaign | Document,
    verb: str,
    *,
    by: Account,
    now: datetime,
    reason: str = "",
    is_wrong: bool = False,
) -> bool:
    """Do what a verb of `VERBS` says with a campaign or a letter; False where it is not where that begins.

    Citizens are shown the change at once, in every process: `availability_version` tells whoever has the campaign read.
    With `is_wrong`, letters that wait for confirmation can no longer be confirmed, not even once it is online again.
    """
    library.lock_campaigns(session)
    session.refresh(of)
    move = VERBS[verb]
    if of.availability not in move.before:
        return False
    of.availability, of.availability_reason = move.after, reason[:MAX_REASON]
    if is_wrong:
        of.wrong_before = now + UNDER_WAY
    campaign = of if isinstance(of, Campaign) else of.campaign
    campaign.availability_version = Campaign.availability_version + 1
    audit_log.write(session, move.act, subject_of(of), by=by.id, now=now, reason=of.availability_reason)
    return True


def delete_unpublished(session: Session, of: Campaign | Document, *, by: Account, now: datetime) -> None:
    """Delete a campaign or a letter nothing of which was ever published, with its drafts and its reviews.

    Raises WasPublished.
    """
    library.lock_campaigns(session)
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
    audit_log.write(session, Act.DELETED, subject_of(of), by=by.id, now=now)
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
