"""Revisions as staff make and read them: saved, restored, and read in the campaign that they belong to."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager

from advocacy.campaigns import library
from advocacy.campaigns.check import check_folder
from advocacy.campaigns.folder import LETTER, OWN_DOCUMENTS, CampaignFolder, digest
from advocacy.campaigns.library import readable_folder
from advocacy.campaigns.models import Author, Availability, Campaign, Document, Publication, Revision
from advocacy.campaigns.remembered import remembered
from advocacy.language import Wording
from advocacy.messages import Words, message
from advocacy.problems import Problem
from advocacy.staff import audit
from advocacy.staff.audit import Act
from advocacy.staff.models import Account, Authorship
from advocacy.toml_source import TomlProblems

OWN_TITLES = {"campaign": message("Campaign"), "findings": message("Survey"), "safety": message("Notices and support")}


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
) -> Revision:
    """Store a new revision of a document with its writer, recorded in the audit log; it is not live yet.

    `document` is "campaign", "findings", "safety" or a letter's folder name; one that does not exist is made.
    `over` is the id of the revision it was written over, the live one when left out. Files that are those of the newest
    revision make no other: that one is returned. Raises IsArchived.
    """
    library.wait_for_turn(session)
    last = newest(session, campaign, document)
    if last is not None and last.digest == digest(files):
        return last
    if is_archived(last.document) if last else _is_campaign_archived(session, campaign):
        raise IsArchived(f"{campaign}/{document}")
    made = library.revise(session, campaign, document, files=files, author=Author.SITE, now=now)
    base = session.get(Revision, over) if over is not None else live_revision(session, made.document_id)
    session.add(Authorship(revision_id=made.id, account_id=by.id, over_revision_id=base.id if base else None))
    before, after = logged(base), logged(made)
    audit.write(session, Act.REVISION_SAVED, f"revision:{made.id}", by=by.id, now=now, before=before, after=after)
    return made


def restore(session: Session, revision: Revision, *, by: Account, now: datetime) -> Revision:
    """Save the files of an old revision as a new one, to be reviewed like any."""
    document = revision.document
    return save(session, document.campaign.name, document.name, files=files_of(revision), by=by, now=now)


def find_document(session: Session, campaign: str, document: str) -> Document | None:
    """Return a document by the names in its address."""
    which = select(Document).join(Document.campaign).options(contains_eager(Document.campaign))
    return session.scalar(which.where(Campaign.name == campaign, Document.name == document))


def newest_id(session: Session, document: Document) -> int | None:
    """Return the id of the revision of a document made last."""
    return session.scalar(select(func.max(Revision.id)).where(Revision.document_id == document.id))


def newest(session: Session, campaign: str, document: str) -> Revision | None:
    """Return the revision of a document made last, None where there is no such document."""
    which = (
        select(Revision)
        .join(Document, Revision.document_id == Document.id)
        .join(Campaign, Document.campaign_id == Campaign.id)
        .where(Campaign.name == campaign, Document.name == document)
    )
    return session.scalar(which.order_by(Revision.number.desc()).limit(1))


def live_revision(session: Session, document_id: int) -> Revision | None:
    """Return the live revision of a document, None while none was published."""
    which = (
        select(Revision)
        .join(Publication, Publication.revision_id == Revision.id)
        .where(Revision.document_id == document_id)
    )
    return session.scalar(which.order_by(Publication.id.desc()).limit(1))


def as_read(session: Session, revision: Revision) -> CampaignFolder:
    """Return the campaign that a revision is read in: the live one, or the newest one before any of it is live."""
    return with_revisions(readable_folder(session, revision.document.campaign.name), [revision])


def with_revisions(folder: CampaignFolder, revisions: Iterable[Revision]) -> CampaignFolder:
    """Return a campaign with these revisions in the place of their documents."""
    documents = {**folder.documents(), **{one.document.name: files_of(one) for one in revisions}}
    return CampaignFolder.of(folder.name, {name: file for files in documents.values() for name, file in files.items()})


def files_of(revision: Revision | None) -> Mapping[str, bytes]:
    """Return the files of a revision, none of none."""
    return {file.name: file.content for file in revision.files} if revision else {}


def title_of(revision: Revision) -> Words:
    """Return what a document is called: a letter by its title, or by its folder where that cannot be read."""
    name = revision.document.name
    if name in OWN_DOCUMENTS.values():
        return OWN_TITLES.get(name, Wording.same(name))
    try:
        letter = {f"{name}/{LETTER}": files_of(revision).get(f"{name}/{LETTER}", b"")}
        return CampaignFolder.of(revision.document.campaign.name, letter).letter(name).title
    except TomlProblems:
        return Wording.same(name)


def is_archived(document: Document) -> bool:
    """Whether a document, or the whole campaign that it is part of, is archived."""
    return Availability.ARCHIVED in {document.availability, document.campaign.availability}


def _is_campaign_archived(session: Session, campaign: str) -> bool:
    which = select(Campaign.availability).where(Campaign.name == campaign)
    return session.scalar(which) is Availability.ARCHIVED


@remembered(32)
def problems_of(folder: CampaignFolder) -> tuple[Problem, ...]:
    """Check a campaign, once for each content: the same one is looked at again and again before it is published."""
    return tuple(check_folder(folder))


def logged(revision: Revision | None) -> dict[str, object] | None:
    """Return a revision as the audit log names it."""
    if revision is None:
        return None
    document = f"{revision.document.campaign.name}/{revision.document.name}"
    return {"document": document, "number": revision.number, "digest": revision.digest}
