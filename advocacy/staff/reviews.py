"""Reviews of saved revisions, as a conversation: a request with a note, comments on texts, and an answer."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from advocacy.campaigns.models import Availability, Campaign, Document, Revision, live_revision_ids
from advocacy.delivery import outbox
from advocacy.language import Language
from advocacy.staff import audit_log
from advocacy.staff.audit_log import Act
from advocacy.staff.models import Account, Authorship, CampaignRule, Proposal, ReviewEntry, Role, StaffEmail
from advocacy.staff.publication_status import scheduled_revisions

COMMENT_MAIL_INTERVAL = timedelta(minutes=10)
"""Comments of so many minutes are in one e-mail."""
MAX_COMMENT, MAX_QUOTE = 2000, 120
PUBLISHED, RETURNED, WITHDRAWN = "published", "returned", "withdrawn"
"""The answers to a request, as `Proposal.answer` has them."""


class Event(StrEnum):
    """What an entry of a conversation records."""

    REQUESTED = "requested"
    COMMENT = "comment"
    CHANGES = "changes"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    SCHEDULED = "scheduled"
    UNSCHEDULED = "unscheduled"
    REFUSED = "refused"
    STARTED_AGAIN = "started-again"


@dataclass(frozen=True, slots=True)
class Task:
    """A revision that somebody is to review, or to change: who asks for it, when, and what they wrote.

    `chosen` where the reader was named as reviewer.
    """

    campaign: str
    document: str
    revision_id: int
    number: int
    name: str
    at: datetime
    text: str
    chosen: bool = False


def reviews_for(session: Session, account: Account) -> Sequence[Task]:
    """Return what this person may publish now and was sent for review, the oldest first.

    One's own work is left out, unless the campaign's rule lets one person publish what they wrote; so is what is
    scheduled, archived, or followed by a newer request.
    """
    if not account.role.may(Role.PUBLISHER):
        return []
    asking = aliased(Account)
    newest = select(func.max(Revision.id)).join(Proposal, Proposal.revision_id == Revision.id)
    rows = session.execute(
        select(Campaign.name, Document.name, Revision.id, Revision.number, asking.name, Proposal, CampaignRule.alone)
        .join(asking, asking.id == Proposal.asked_by)
        .join(Revision, Revision.id == Proposal.revision_id)
        .join(Document, Document.id == Revision.document_id)
        .join(Campaign, Campaign.id == Document.campaign_id)
        .outerjoin(CampaignRule, CampaignRule.campaign_id == Campaign.id)
        .where(Proposal.answer.is_(None), _is_active(), Revision.id.in_(newest.group_by(Revision.document_id)))
        .order_by(Proposal.asked_at, Proposal.id)
    ).all()
    wrote, scheduled = authors_of(session, [row[2] for row in rows]), scheduled_revisions(session)
    return [
        Task(campaign, document, key, number, name, one.asked_at, one.note, one.reviewer_id == account.id)
        for campaign, document, key, number, name, one, alone in rows
        if key not in scheduled and (alone or account.id not in {*wrote.get(key, ()), one.asked_by})
    ]


def changes_asked_of(session: Session, account: Account) -> Sequence[Task]:
    """Return the changes asked of this person: they wrote part of it or sent it, and nobody saved it again since."""
    newest = select(func.max(Revision.id)).group_by(Revision.document_id)
    found = _answers().where(Revision.id.in_(newest), _is_active())
    rows = session.execute(found.order_by(Proposal.answered_at, Proposal.id)).all()
    wrote = authors_of(session, [row[2] for row in rows])
    return [_task(row) for row in rows if account.id in {*wrote.get(row[2], ()), row[5].asked_by}]


def open_change_request(session: Session, document: Document, account: Account) -> Task | None:
    """Return the changes last asked of a document, for whoever edits it, except the person who asked for them.

    None once it was sent for review again, or published.
    """
    live_number = select(Revision.number).where(
        Revision.document_id == document.id, Revision.id.in_(live_revision_ids())
    )
    last = (
        select(func.max(Proposal.id))
        .join(Revision, Revision.id == Proposal.revision_id)
        .where(Revision.document_id == document.id)
    )
    since = func.coalesce(live_number.scalar_subquery(), 0)
    found = _answers().where(Proposal.id == last.scalar_subquery(), Revision.number > since)
    found = found.where(Proposal.answered_by != account.id)
    row = session.execute(found).first()
    return None if row is None else _task(row)


def record(
    session: Session,
    event: Event,
    revisions: Sequence[Revision],
    *,
    by: Account | None,
    now: datetime,
    text: str = "",
    mail_to: Collection[int] = (),
) -> None:
    """Add an entry to the conversation on each revision, and have these accounts told in one mail each, except `by`."""
    entries = [
        ReviewEntry(
            document_id=one.document_id,
            revision_id=one.id,
            account_id=by.id if by else None,
            at=now,
            kind=event.value,
            text=text,
        )
        for one in revisions
    ]
    session.add_all(entries)
    session.flush()
    for entry in entries:
        entry.act_id = entries[0].id
    others = sorted(set(mail_to) - ({by.id} if by else set()))
    outbox.put_all(session, StaffEmail.REVIEW, [f"{entries[0].id}:{account}" for account in others], now=now)


def comment(
    session: Session,
    revision: Revision,
    *,
    text: str,
    by: Account,
    now: datetime,
    cell: str | None = None,
    language: Language | None = None,
    quote: str = "",
) -> ReviewEntry:
    """Comment on a revision, or on one text of its letter; who wrote, asked or commented is told by mail."""
    entry = ReviewEntry(
        document_id=revision.document_id,
        revision_id=revision.id,
        account_id=by.id,
        at=now,
        kind=Event.COMMENT.value,
        text=text[:MAX_COMMENT],
        cell=cell,
        language=language,
        quote=quote[:MAX_QUOTE],
    )
    session.add(entry)
    session.flush()
    entry.act_id = entry.id
    audit_log.write(session, Act.COMMENTED, f"revision:{revision.id}", by=by.id, now=now)
    request = session.execute(
        select(Proposal.asked_by, Proposal.reviewer_id).where(Proposal.revision_id == revision.id)
    ).first()
    readers = {*authors_of(session, [revision.id])[revision.id], *(request or ())}
    readers |= {one.account_id for one in comments_of(session, revision.id)}
    due = now.timestamp() // COMMENT_MAIL_INTERVAL.total_seconds() + 1
    refs = [f"c{revision.id}.{due:.0f}:{account}" for account in sorted(readers - {None, by.id}, key=str)]
    due_at = datetime.fromtimestamp(due * COMMENT_MAIL_INTERVAL.total_seconds(), UTC)
    outbox.put_all(session, StaffEmail.REVIEW, refs, now=now, due_at=due_at)
    return entry


def resolve(session: Session, entry: ReviewEntry, *, by: Account, now: datetime, resolved: bool = True) -> None:
    """Mark a comment as resolved, or as open again."""
    entry.resolved_by, entry.resolved_at = (by.id, now) if resolved else (None, None)
    after = {"resolved": resolved}
    audit_log.write(session, Act.COMMENTED, f"revision:{entry.revision_id}", by=by.id, now=now, after=after)


def comments_of(session: Session, revision_id: int) -> Sequence[ReviewEntry]:
    """Return the comments on the document of a revision since what is live, and older open ones, with their authors.

    A new revision carries on the conversation of the one before it.
    """
    return [one for one in conversation_of(session, revision_id) if one.kind == Event.COMMENT]


def conversation_of(session: Session, revision_id: int) -> Sequence[ReviewEntry]:
    """Return the conversation on the document of a revision since what is live, the oldest entry first."""
    this, published = aliased(Revision), aliased(Revision)
    since = (
        select(func.coalesce(func.max(published.number), 0))
        .where(
            published.document_id == this.document_id, published.id.in_(live_revision_ids()), published.id != this.id
        )
        .where(published.number < this.number)
        .scalar_subquery()
    )
    which = (
        select(ReviewEntry)
        .join(this, and_(this.id == revision_id, this.document_id == ReviewEntry.document_id))
        .join(Revision, Revision.id == ReviewEntry.revision_id)
        .where(or_(Revision.number > since, and_(ReviewEntry.kind == Event.COMMENT, ReviewEntry.resolved_at.is_(None))))
        .options(joinedload(ReviewEntry.account), joinedload(ReviewEntry.revision))
    )
    return session.scalars(which.order_by(ReviewEntry.at, ReviewEntry.id)).all()


def authors_of(session: Session, revision_ids: Collection[int]) -> Mapping[int, frozenset[int]]:
    """Return, by revision, the accounts that wrote any revision since the live one, up to it: one query."""
    this, earlier, published = aliased(Revision), aliased(Revision), aliased(Revision)
    rows = session.execute(
        select(this.id, Authorship.account_id)
        .join(earlier, and_(earlier.document_id == this.document_id, earlier.number <= this.number))
        .join(Authorship, Authorship.revision_id == earlier.id)
        .outerjoin(published, and_(published.document_id == this.document_id, published.id.in_(live_revision_ids())))
        .where(this.id.in_(revision_ids), earlier.number > func.coalesce(published.number, 0))
    )
    found: dict[int, frozenset[int]] = dict.fromkeys(revision_ids, frozenset())
    for key, account in rows:
        found[key] |= {account}
    return found


def all_authors(session: Session, revisions: Collection[Revision]) -> frozenset[int]:
    """Return the accounts that wrote any of these revisions since the live ones."""
    return frozenset[int]().union(*authors_of(session, [one.id for one in revisions]).values())


def _task(row: Row[str, str, int, int, str, Proposal]) -> Task:
    campaign, document, key, number, name, proposal = row
    at = proposal.answered_at or proposal.asked_at
    return Task(campaign, document, key, number, name, at, proposal.word)


def _is_active() -> ColumnElement[bool]:
    return and_(Document.availability != Availability.ARCHIVED, Campaign.availability != Availability.ARCHIVED)


def _answers() -> Select[str, str, int, int, str, Proposal]:
    answered = aliased(Account)
    return (
        select(Campaign.name, Document.name, Revision.id, Revision.number, answered.name, Proposal)
        .join(answered, answered.id == Proposal.answered_by)
        .join(Revision, Revision.id == Proposal.revision_id)
        .join(Document, Document.id == Revision.document_id)
        .join(Campaign, Campaign.id == Document.campaign_id)
        .where(Proposal.answer == RETURNED)
    )
