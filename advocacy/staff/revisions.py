"""Revisions as staff make them: saved and restored, each with its writer."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from advocacy.campaigns import library
from advocacy.campaigns.documents import is_archived, live_revision, newest_revision, revision_files
from advocacy.campaigns.folder import digest
from advocacy.campaigns.models import Author, Availability, Campaign, Publication, Revision
from advocacy.staff import audit_log
from advocacy.staff.audit_log import Act
from advocacy.staff.models import Account, Authorship


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
    before, after = logged(base), logged(made)
    audit_log.write(session, Act.REVISION_SAVED, f"revision:{made.id}", by=by.id, now=now, before=before, after=after)
    return made


def restore(session: Session, revision: Revision, *, by: Account, now: datetime) -> Revision:
    """Save the files of an old revision as a new one, to be reviewed like any.

    Whoever wrote what was never published of it counts as a writer of the new one too.
    """
    document, files, wrote = revision.document, revision_files(revision), unpublished_writers(session, revision)
    return save(session, document.campaign.name, document.name, files=files, by=by, now=now, writers=wrote)


def logged(revision: Revision | None) -> dict[str, object] | None:
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
