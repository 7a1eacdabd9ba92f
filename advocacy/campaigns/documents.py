"""The documents of campaigns and their revisions: the newest and the live one, and the campaign they make."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session, contains_eager, selectinload

from advocacy.campaigns.campaign_folder import (
    CAMPAIGN,
    LETTER,
    OWN_DOCUMENTS,
    CampaignFolder,
    cached_by_content,
    digest,
)
from advocacy.campaigns.checks.campaign_check import FOLDER_NAME, MAX_NAME_LENGTH, RESERVED_NAMES, check_folder
from advocacy.campaigns.library import readable_folder
from advocacy.campaigns.models import Availability, Campaign, Document, Publication, Revision, live_revision_ids
from advocacy.language import Wording
from advocacy.messages import Message, Words, message
from advocacy.problems import Problem
from advocacy.toml_source import TomlProblems

THE_CAMPAIGN = OWN_DOCUMENTS[CAMPAIGN]
BAD_NAME = message("Use lowercase letters without accents, digits and hyphens, 60 at most: “open-libraries”.")
OWN_TITLES = {"campaign": message("Campaign"), "findings": message("Survey"), "safety": message("Notices and support")}
TAKEN = message("This name is taken. Choose another.")


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """One document: its live revision and its newest one, the same when all is published; live can be None."""

    name: str
    live: Revision | None
    newest: Revision

    @property
    def is_letter(self) -> bool:
        """Whether it is a letter, and not what letters share."""
        return self.name not in OWN_DOCUMENTS.values()

    @property
    def has_unpublished_changes(self) -> bool:
        """Whether what was saved last is something else than what is live."""
        return self.live is None or self.newest.digest != self.live.digest


@dataclass(frozen=True, slots=True)
class StoredCampaign:
    """One campaign with all its documents, which are by their names."""

    name: str
    documents: Mapping[str, StoredDocument]

    @property
    def live(self) -> bool:
        """Whether any of it is live."""
        return any(one.live for one in self.documents.values())

    @property
    def unpublished(self) -> Sequence[StoredDocument]:
        """The documents that were written since they were last published."""
        return [one for one in self.documents.values() if one.has_unpublished_changes]

    def newest(self) -> CampaignFolder:
        """Return the campaign as it was last saved, published or not."""
        return self._folder({name: one.newest for name, one in self.documents.items()})

    def current_revisions(self) -> Mapping[str, Revision]:
        """Return, by document, what is live; what was saved last while nothing of the campaign is."""
        found = {name: one.live if self.live else one.newest for name, one in self.documents.items()}
        return {name: revision for name, revision in found.items() if revision}

    def current(self) -> CampaignFolder:
        """Return the campaign as it is live, or as it was last saved while nothing of it is."""
        return self._folder(self.current_revisions())

    def _folder(self, revisions: Mapping[str, Revision]) -> CampaignFolder:
        documents = {name: revision_files(revision) for name, revision in revisions.items()}
        return CampaignFolder(self.name, ()).with_documents(documents)


def campaign_names(session: Session) -> Sequence[str]:
    return session.scalars(select(Campaign.name).order_by(Campaign.name)).all()


def stored_campaigns(session: Session, campaign: str | None = None) -> Mapping[str, StoredCampaign]:
    """Return one campaign, or all of them, by name; a campaign none of whose documents was written is left out."""
    newest = select(func.max(Revision.id)).group_by(Revision.document_id)
    rows = session.execute(
        select(Campaign.name, Document.name, Revision, Revision.id.in_(live_revision_ids()))
        .join(Document, Revision.document_id == Document.id)
        .join(Campaign, Document.campaign_id == Campaign.id)
        .where(
            Revision.id.in_(live_revision_ids()) | Revision.id.in_(newest),
            true() if campaign is None else Campaign.name == campaign,
        )
        .options(selectinload(Revision.files))
        .order_by(Campaign.name, Document.name, Revision.number)
    )
    found: dict[str, dict[str, StoredDocument]] = {}
    for name, document, revision, is_live in rows:
        documents = found.setdefault(name, {})
        earlier = documents.get(document)
        live = revision if is_live else earlier.live if earlier else None
        documents[document] = StoredDocument(document, live, revision)
    return {name: StoredCampaign(name, documents) for name, documents in found.items()}


def name_problem(name: str, taken: Sequence[str]) -> Message | None:
    """Return why a campaign cannot have this name; None where it can."""
    if not FOLDER_NAME.fullmatch(name) or len(name) > MAX_NAME_LENGTH:
        return BAD_NAME
    return TAKEN if name in RESERVED_NAMES["campaign"] or name in taken else None


def changed_documents(stored: StoredCampaign | None, folder: CampaignFolder) -> Mapping[str, Mapping[str, bytes]]:
    """Return the documents of a folder that differ from the newest revision there is, by name."""
    documents = stored.documents if stored else {}
    return {
        name: files
        for name, files in folder.documents().items()
        if name not in documents or documents[name].newest.digest != digest(files)
    }


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


def live_revision(session: Session, document_id: int) -> Revision | None:
    which = (
        select(Revision)
        .join(Publication, Publication.revision_id == Revision.id)
        .where(Revision.document_id == document_id)
    )
    return session.scalar(which.order_by(Publication.id.desc()).limit(1))


def folder_with_revision(session: Session, revision: Revision) -> CampaignFolder:
    """Return the campaign that a revision is read in: the live one, or the newest one before any of it is live."""
    return folder_with_revisions(readable_folder(session, revision.document.campaign.name), [revision])


def folder_with_revisions(folder: CampaignFolder, revisions: Iterable[Revision]) -> CampaignFolder:
    return folder.with_documents({one.document.name: revision_files(one) for one in revisions})


def revision_files(revision: Revision | None) -> Mapping[str, bytes]:
    return {file.name: file.content for file in revision.files} if revision else {}


def document_title(revision: Revision) -> Words:
    """Return what a document is called: a letter by its title, or by its folder where that cannot be read."""
    name = revision.document.name
    if name in OWN_DOCUMENTS.values():
        return OWN_TITLES.get(name, Wording.same(name))
    try:
        letter = {f"{name}/{LETTER}": revision_files(revision).get(f"{name}/{LETTER}", b"")}
        return CampaignFolder.of(revision.document.campaign.name, letter).letter(name).title
    except TomlProblems:
        return Wording.same(name)


def is_archived(document: Document) -> bool:
    """Whether a document, or the whole campaign that it is part of, is archived."""
    return Availability.ARCHIVED in {document.availability, document.campaign.availability}


@cached_by_content(32)
def folder_problems(folder: CampaignFolder) -> tuple[Problem, ...]:
    """Check a campaign, once for each content: the same one is looked at again and again before it is published."""
    return tuple(check_folder(folder))
