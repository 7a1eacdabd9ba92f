"""Documents by their names, and their revisions: the newest, the live one, and as they are read in their campaign."""

from collections.abc import Iterable, Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager

from advocacy.campaigns.check import check_folder
from advocacy.campaigns.folder import LETTER, OWN_DOCUMENTS, CampaignFolder
from advocacy.campaigns.library import readable_folder
from advocacy.campaigns.models import Availability, Campaign, Document, Publication, Revision
from advocacy.campaigns.remembered import remembered
from advocacy.language import Wording
from advocacy.messages import Words, message
from advocacy.problems import Problem
from advocacy.toml_source import TomlProblems

OWN_TITLES = {"campaign": message("Campaign"), "findings": message("Survey"), "safety": message("Notices and support")}


def find_document(session: Session, campaign: str, document: str) -> Document | None:
    """Return a document by the names in its address."""
    which = select(Document).join(Document.campaign).options(contains_eager(Document.campaign))
    return session.scalar(which.where(Campaign.name == campaign, Document.name == document))


def newest_id(session: Session, document: Document) -> int:
    """Return the id of the revision of a document made last; a document has one at least."""
    return session.scalars(select(func.max(Revision.id)).where(Revision.document_id == document.id)).one()


def newest_revision(session: Session, campaign: str, document: str) -> Revision | None:
    """Return the revision of a document made last, None where there is no such document."""
    which = (
        select(Revision)
        .join(Document, Revision.document_id == Document.id)
        .join(Campaign, Document.campaign_id == Campaign.id)
        .where(Campaign.name == campaign, Document.name == document)
    )
    return session.scalar(which.order_by(Revision.number.desc()).limit(1))


def revision_of(session: Session, document_id: int, typed: str) -> Revision | None:
    """Return a revision by its id as a form has it, None where it is no revision of this document."""
    found = session.get(Revision, int(typed)) if typed.isdecimal() and len(typed) < 10 else None
    return found if found is not None and found.document_id == document_id else None


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


@remembered(32)
def problems_of(folder: CampaignFolder) -> tuple[Problem, ...]:
    """Check a campaign, once for each content: the same one is looked at again and again before it is published."""
    return tuple(check_folder(folder))
