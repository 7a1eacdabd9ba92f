"""Campaigns with all their documents: what is live of each, and what was saved last."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session, selectinload

from advocacy.campaigns.check import FOLDER_NAME, LONGEST_NAME, RESERVED
from advocacy.campaigns.folder import CAMPAIGN, OWN_DOCUMENTS, CampaignFolder, digest
from advocacy.campaigns.models import Campaign, Document, Revision, live
from advocacy.messages import Message, message

THE_CAMPAIGN = OWN_DOCUMENTS[CAMPAIGN]
BAD_NAME = message("Use lowercase letters without accents, digits and hyphens, 60 at most: “open-libraries”.")
TAKEN = message("This name is taken. Choose another.")


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """One document: its live revision and its newest one, which are the same when nothing waits. Live can be None."""

    name: str
    live: Revision | None
    newest: Revision

    @property
    def waits(self) -> bool:
        """Whether what was saved last is something else than what is live."""
        return self.live is None or self.newest.digest != self.live.digest

    @property
    def is_letter(self) -> bool:
        """Whether it is a letter, and not what letters share."""
        return self.name not in OWN_DOCUMENTS.values()


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
    def waiting(self) -> Sequence[StoredDocument]:
        """The documents that were written since they were last published."""
        return [one for one in self.documents.values() if one.waits]

    def newest(self) -> CampaignFolder:
        """Return the campaign as it was last saved, published or not."""
        return _folder(self.name, [one.newest for one in self.documents.values()])

    def published(self) -> CampaignFolder:
        """Return the campaign as it is live."""
        return _folder(self.name, [one.live for one in self.documents.values() if one.live])

    def best_revisions(self) -> Mapping[str, Revision]:
        """Return, by document, what is live; what was saved last while nothing of the campaign is."""
        found = {name: one.live if self.live else one.newest for name, one in self.documents.items()}
        return {name: revision for name, revision in found.items() if revision}

    def best(self) -> CampaignFolder:
        """Return the campaign as it is live, or as it was last saved while nothing of it is."""
        return _folder(self.name, self.best_revisions().values())


def campaign_names(session: Session) -> Sequence[str]:
    """Return the name of every campaign, live or not."""
    return session.scalars(select(Campaign.name).order_by(Campaign.name)).all()


def stored_campaigns(session: Session, campaign: str | None = None) -> Mapping[str, StoredCampaign]:
    """Return one campaign, or all of them, by name; a campaign none of whose documents was written is left out."""
    newest = select(func.max(Revision.id)).group_by(Revision.document_id)
    rows = session.execute(
        select(Campaign.name, Document.name, Revision, Revision.id.in_(live()))
        .join(Document, Revision.document_id == Document.id)
        .join(Campaign, Document.campaign_id == Campaign.id)
        .where(
            Revision.id.in_(live()) | Revision.id.in_(newest), true() if campaign is None else Campaign.name == campaign
        )
        .options(selectinload(Revision.files))
        .order_by(Campaign.name, Document.name, Revision.number)
    )
    found: dict[str, dict[str, StoredDocument]] = {}
    for name, document, revision, is_live in rows:
        documents = found.setdefault(name, {})
        earlier = documents.get(document)
        documents[document] = StoredDocument(
            document, revision if is_live else earlier.live if earlier else None, revision
        )
    return {name: StoredCampaign(name, documents) for name, documents in found.items()}


def name_problem(name: str, taken: Sequence[str]) -> Message | None:
    """Return why a campaign cannot have this name; None where it can."""
    if not FOLDER_NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        return BAD_NAME
    return TAKEN if name in RESERVED["campaign"] or name in taken else None


def changed_documents(stored: StoredCampaign | None, folder: CampaignFolder) -> Mapping[str, Mapping[str, bytes]]:
    """Return the documents of a folder that differ from the newest revision there is, by name."""
    documents = stored.documents if stored else {}
    return {
        name: files
        for name, files in folder.documents().items()
        if name not in documents or documents[name].newest.digest != digest(files)
    }


def _folder(name: str, revisions: Iterable[Revision]) -> CampaignFolder:
    return CampaignFolder.of(name, {file.name: file.content for one in revisions for file in one.files})
