"""A campaign's documents as staff see them: what citizens meet, what has been written since, and copies of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session, selectinload

from advocacy.campaigns.check import FOLDER_NAME, LONGEST_NAME, RESERVED
from advocacy.campaigns.folder import CAMPAIGN, OWN_DOCUMENTS, CampaignFolder, digest
from advocacy.campaigns.library import wait_for_turn
from advocacy.campaigns.models import Campaign, Document, Revision, live
from advocacy.campaigns.toml_documents import Value, edited
from advocacy.language import Wording
from advocacy.problems import Path
from advocacy.staff import audit, revisions
from advocacy.staff.models import Account

THE_CAMPAIGN = OWN_DOCUMENTS[CAMPAIGN]
BAD_NAME = Wording.of(
    en="Use lowercase letters without accents, digits and hyphens, 60 at most: “open-libraries”.",
    fr="Utilisez des minuscules sans accent, des chiffres et des traits d’union, 60 au plus\u00a0: "
    "«\u00a0biblios-ouvertes\u00a0».",
)
TAKEN = Wording.of(
    en="This name is taken. Choose another: it becomes the campaign’s address.",
    fr="Ce nom est pris. Choisissez-en un autre\u00a0: il devient l’adresse de la campagne.",
)


@dataclass(frozen=True, slots=True)
class Kept:
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
        """Tell whether it is a letter, and not what letters share."""
        return self.name not in OWN_DOCUMENTS.values()


@dataclass(frozen=True, slots=True)
class Held:
    """One campaign with all its documents, which are by their names."""

    name: str
    documents: Mapping[str, Kept]

    @property
    def live(self) -> bool:
        """Tell whether citizens meet any of it."""
        return any(kept.live for kept in self.documents.values())

    @property
    def waiting(self) -> Sequence[Kept]:
        """The documents that were written since they were last published."""
        return [kept for kept in self.documents.values() if kept.waits]

    def newest(self) -> CampaignFolder:
        """Give the campaign as it was last written, published or not."""
        return _folder(self.name, [kept.newest for kept in self.documents.values()])

    def published(self) -> CampaignFolder:
        """Give the campaign as citizens meet it."""
        return _folder(self.name, [kept.live for kept in self.documents.values() if kept.live])

    def best(self) -> CampaignFolder:
        """Give what citizens meet, or as long as they meet nothing, what was last written."""
        return self.published() if self.live else self.newest()


def names(session: Session) -> Sequence[str]:
    """Name every campaign, live or not."""
    return session.scalars(select(Campaign.name).order_by(Campaign.name)).all()


def held(session: Session, campaign: str | None = None) -> Mapping[str, Held]:
    """Give one campaign, or all of them, by name; a campaign none of whose documents was written is left out."""
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
    found: dict[str, dict[str, Kept]] = {}
    for name, document, revision, is_live in rows:
        documents = found.setdefault(name, {})
        earlier = documents.get(document)
        documents[document] = Kept(document, revision if is_live else earlier.live if earlier else None, revision)
    return {name: Held(name, documents) for name, documents in found.items()}


def name_refused(name: str, taken: Sequence[str]) -> Wording | None:
    """Say why a campaign cannot have this name; None where it can."""
    if not FOLDER_NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        return BAD_NAME
    return TAKEN if name in RESERVED["campaign"] or name in taken else None


def copy(session: Session, source: Held, name: str, *, titles: Wording, by: Account, now: datetime) -> None:
    """Make a campaign of another's documents, called `titles` and open at any time; nobody meets it yet.

    Raises ValueError where the name cannot be had: see `name_refused`.
    """
    wait_for_turn(session)
    if name_refused(name, names(session)):
        raise ValueError(f"the name {name} cannot be had")
    for document, files in source.best().documents().items():
        revisions.save(session, name, document, files=_renamed(files, titles), by=by, now=now)
    audit.write(
        session, audit.Act.CAMPAIGN_MADE, f"campaign:{name}", by=by.id, now=now, after={"copied_from": source.name}
    )


def changed(kept: Held | None, folder: CampaignFolder) -> Mapping[str, Mapping[str, bytes]]:
    """Give the documents of a folder that differ from the newest revision there is, by name."""
    documents = kept.documents if kept else {}
    return {
        name: files
        for name, files in folder.documents().items()
        if name not in documents or documents[name].newest.digest != digest(files)
    }


def _renamed(files: Mapping[str, bytes], titles: Wording) -> Mapping[str, bytes]:
    if CAMPAIGN not in files:
        return files
    changes: dict[Path, Value | None] = {("name", str(language)): title for language, title in titles.items()}
    return {**files, CAMPAIGN: edited(files[CAMPAIGN], {**changes, ("opens",): None, ("closes",): None})}


def _folder(name: str, revisions: Sequence[Revision]) -> CampaignFolder:
    return CampaignFolder.of(name, {file.name: file.content for one in revisions for file in one.files})
