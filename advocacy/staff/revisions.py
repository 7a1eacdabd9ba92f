"""Revisions as staff make them: saved, restored and listed, each with its writer."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import Row, and_, func, or_, select
from sqlalchemy.orm import Session, aliased, selectinload

from advocacy.campaigns import library
from advocacy.campaigns.campaign_folder import digest
from advocacy.campaigns.documents import is_archived, live_revision, newest_revision, revision_files
from advocacy.campaigns.models import Author, Availability, Campaign, Document, Publication, Revision, live_revision_ids
from advocacy.staff import audit_log
from advocacy.staff.audit_log import Act
from advocacy.staff.models import Account, Authorship, Proposal

Written: TypeAlias = Row[int, int, datetime, str]
HISTORY_PAGE = 25
"""How many revisions one page shows."""


@dataclass(frozen=True, slots=True)
class LiveSpan:
    """A time during which a revision was live; `until` is None while it is."""

    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One revision, with what was asked for it; `writer` is "" where it came from files.

    `same_as` is the number of an older revision with the same files, `second` whoever answered.
    """

    revision: Revision
    writer: str
    proposal: Proposal | None
    second: str
    spans: Sequence[LiveSpan]
    same_as: int | None

    @property
    def live(self) -> bool:
        return any(span.until is None for span in self.spans)


def revision_history(
    session: Session, document: Document, *, before: int | None = None, limit: int = HISTORY_PAGE
) -> list[HistoryEntry]:
    """Return the revisions of a document, the newest first; `before` leaves out that number and newer ones."""
    writer, second = aliased(Account), aliased(Account)
    rows = (
        select(Revision, writer.name, Proposal, second.name)
        .outerjoin(Authorship, Authorship.revision_id == Revision.id)
        .outerjoin(writer, Authorship.account_id == writer.id)
        .outerjoin(Proposal, Proposal.revision_id == Revision.id)
        .outerjoin(second, Proposal.answered_by == second.id)
        .where(Revision.document_id == document.id)
        .order_by(Revision.number.desc())
        .options(selectinload(Revision.files))
    )
    if before is not None:
        rows = rows.where(Revision.number < before)
    first = select(Revision.digest, func.min(Revision.number)).where(Revision.document_id == document.id)
    oldest, spans = dict(session.execute(first.group_by(Revision.digest)).all()), _live_spans(session, document)
    return [
        HistoryEntry(
            row,
            wrote or "",
            proposal,
            answered or "",
            spans.get(row.id, ()),
            same_as=oldest[row.digest] if oldest[row.digest] < row.number else None,
        )
        for row, wrote, proposal, answered in session.execute(rows.limit(limit))
    ]


def written_since_live(session: Session, revision_ids: Collection[int]) -> Mapping[int, Sequence[Written]]:
    """Return, by revision, itself and those of its document since the live one, the newest first: one query.

    Of each its `number`, when it was made (`made_at`) and its `writer`, None where it came from files.
    """
    this, published = aliased(Revision), aliased(Revision)
    rows = session.execute(
        select(this.id, Revision.number, Revision.made_at, Account.name.label("writer"))
        .select_from(this)
        .join(Revision, and_(Revision.document_id == this.document_id, Revision.number <= this.number))
        .outerjoin(published, and_(published.document_id == this.document_id, published.id.in_(live_revision_ids())))
        .outerjoin(Authorship, Authorship.revision_id == Revision.id)
        .outerjoin(Account, Account.id == Authorship.account_id)
        .where(this.id.in_(revision_ids))
        .where(or_(Revision.id == this.id, Revision.number > func.coalesce(published.number, 0)))
        .order_by(Revision.number.desc())
    )
    found: dict[int, list[Written]] = {key: [] for key in revision_ids}
    for row in rows:
        found[row.id].append(row)
    return found


def _live_spans(session: Session, document: Document) -> Mapping[int, Sequence[LiveSpan]]:
    """Return the times each revision was live: each publication lasts until the next."""
    published = session.execute(
        select(Publication.revision_id, Publication.at)
        .join(Revision, Publication.revision_id == Revision.id)
        .where(Revision.document_id == document.id)
        .order_by(Publication.id)
    ).all()
    spans: dict[int, list[LiveSpan]] = {}
    for place, (revision, since) in enumerate(published, 1):
        until = published[place].at if place < len(published) else None
        spans.setdefault(revision, []).append(LiveSpan(since, until))
    return spans


class IsArchived(Exception):
    """The campaign or the letter is archived: it can be read, and restored, but not changed."""


def save(
    session: Session,
    campaign: str,
    document: str,
    *,
    files: Mapping[str, bytes],
    by: Account,
    now: datetime,
    over: int | None = None,
    writers: Collection[int] = (),
) -> Revision:
    """Store a new revision of a document with its writer, recorded in the audit log; it is not live yet.

    `document` is "campaign", "findings", "safety" or a letter's folder name; one that does not exist is made.
    `over` is the id of the revision it was written over, the live one when left out. Files that are those of the newest
    revision make no other: that one is returned. `writers` are accounts that wrote what is copied here: each has a
    revision of their own before the one of `by`. Raises IsArchived.
    """
    library.lock_campaigns(session)
    last = newest_revision(session, campaign, document)
    if last is not None and last.digest == digest(files):
        return last
    of_campaign = select(Campaign.availability).where(Campaign.name == campaign)
    if is_archived(last.document) if last else session.scalar(of_campaign) is Availability.ARCHIVED:
        raise IsArchived(f"{campaign}/{document}")
    for account in (*sorted({*writers} - {by.id}), by.id):
        made = library.revise(session, campaign, document, files=files, author=Author.SITE, now=now)
        base = session.get(Revision, over) if over is not None else live_revision(session, made.document_id)
        session.add(Authorship(revision_id=made.id, account_id=account, over_revision_id=base.id if base else None))
    before, after = audit_data(base), audit_data(made)
    audit_log.write(session, Act.REVISION_SAVED, f"revision:{made.id}", by=by.id, now=now, before=before, after=after)
    return made


def restore(session: Session, revision: Revision, *, by: Account, now: datetime) -> Revision:
    """Save the files of an old revision as a new one, to be reviewed like any.

    Whoever wrote what was never published of it counts as a writer of the new one too.
    """
    document, files, wrote = revision.document, revision_files(revision), unpublished_writers(session, revision)
    return save(session, document.campaign.name, document.name, files=files, by=by, now=now, writers=wrote)


def audit_data(revision: Revision | None) -> dict[str, object] | None:
    """Return a revision as the audit log names it."""
    if revision is None:
        return None
    document = f"{revision.document.campaign.name}/{revision.document.name}"
    return {"document": document, "number": revision.number, "digest": revision.digest}


def unpublished_writers(session: Session, revision: Revision) -> Collection[int]:
    """Return who wrote a revision, from what was published before it on; nobody where it was published itself."""
    of_document = Revision.document_id == revision.document_id, Revision.number <= revision.number
    published = select(func.max(Revision.number)).join(Publication, Publication.revision_id == Revision.id)
    since = func.coalesce(published.where(*of_document).scalar_subquery(), 0)
    which = select(Authorship.account_id).join(Revision, Revision.id == Authorship.revision_id)
    return session.scalars(which.where(*of_document, Revision.number > since)).all()
