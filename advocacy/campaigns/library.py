"""The campaigns of this site in the database: files are stored as revisions and come back byte for byte."""

from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeAlias

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from advocacy.campaigns.campaign_folder import CAMPAIGN, OWN_DOCUMENTS, CampaignFolder, digest
from advocacy.campaigns.letter_template import LetterTemplate
from advocacy.campaigns.models import (
    Author,
    Availability,
    Campaign,
    Document,
    Publication,
    Revision,
    RevisionFile,
    live_revision_ids,
)
from advocacy.database import take_turn
from advocacy.toml_source import read_or_report

Documents: TypeAlias = Mapping[str, Mapping[str, bytes]]

_ACTIVE = Document.availability != Availability.ARCHIVED


@dataclass(frozen=True, slots=True)
class SkippedDocument:
    """A shipped document that was not imported, because this site has made the campaign its own.

    `number` is the site's revision that has moved past the shipped files, None when these only do not fit the others.
    """

    campaign: str
    document: str
    number: int | None

    def __str__(self) -> str:
        because = "do not fit it" if self.number is None else f"would replace its own revision {self.number}"
        return (
            f"{self.campaign}/{self.document}: this site's campaign stays as it is, as the files that ship with this "
            f"version {because}; to take them, put them into an exported copy and import that"
        )


class NoSuchTemplate(LookupError):
    """There is no such letter; `known` names those there are."""

    def __init__(self, path: str, known: Sequence[str]) -> None:
        self.known = known
        super().__init__(f"there is no letter “{path}”; there are {', '.join(known) or 'none yet'}")


def import_folder(
    session: Session, folder: CampaignFolder, *, now: datetime, shipped: Container[str] = ()
) -> Sequence[Revision]:
    """Store what differs from the live revision of each document as a new one, live at once; return the new revisions.

    A document that the folder lacks stays as it is, and so does what staff wrote and have not published. One whose
    digest is among `shipped` counts as the software's own again, and follows its later versions.
    """
    lock_campaigns(session)
    live_digests = {name: digest(files) for name, files in stored_folder(session, folder.name).documents().items()}
    made: list[Revision] = []
    for name, files in folder.documents().items():
        if live_digests.get(name) != digest(files):
            author = Author.SHIPPED if digest(files) in shipped else Author.SITE
            made.append(revise(session, folder.name, name, files=files, author=author, now=now))
            publish(session, made[-1], now=now)
    return made


def import_shipped(session: Session, folders: Iterable[CampaignFolder], *, now: datetime) -> Sequence[SkippedDocument]:
    """Import shipped files that are new or have changed; skip and report those this site has moved past.

    What is imported must go together with what the site has made its own, or nothing is imported.
    """
    all_skipped: list[SkippedDocument] = []
    for folder in folders:
        documents, skipped = _shipped_update(session, folder)
        if documents:
            lock_campaigns(session)
            documents, skipped = _shipped_update(session, folder)  # another process may have imported them meanwhile
        for name, files in documents.items():
            revision = revise(session, folder.name, name, files=files, author=Author.SHIPPED, now=now)
            publish(session, revision, now=now)
        all_skipped += skipped
    return all_skipped


def stored_folders(session: Session) -> Iterator[CampaignFolder]:
    """Return every campaign as the folder its live revisions make."""
    for name in session.scalars(select(Campaign.name).order_by(Campaign.name)).all():
        yield stored_folder(session, name)


def stored_folder(session: Session, name: str) -> CampaignFolder:
    """Return the live files of one campaign; none for a campaign that does not exist."""
    return stored_revisions(session, name)[0]


def unpublished_documents(session: Session) -> Mapping[str, Sequence[str]]:
    """Return the documents of which no revision was ever published, by campaign."""
    published = select(Revision.document_id).join(Publication, Publication.revision_id == Revision.id)
    rows = session.execute(
        select(Campaign.name, Document.name)
        .join(Document, Document.campaign_id == Campaign.id)
        .where(Document.id.not_in(published))
        .order_by(Campaign.name, Document.name)
    )
    found: dict[str, list[str]] = {}
    for campaign, document in rows:
        found.setdefault(campaign, []).append(document)
    return found


def stored_revisions(
    session: Session, name: str, revisions: Collection[int] | None = None
) -> tuple[CampaignFolder, Mapping[str, int]]:
    """Return the files of one campaign, and the id of each document's revision they are of, read together.

    `revisions` are those wanted; when left out, the live ones of all but archived letters.
    """
    wanted = (Revision.id.in_(live_revision_ids()), _ACTIVE) if revisions is None else (Revision.id.in_(revisions),)
    rows = session.execute(_files_of(name).where(*wanted)).all()
    folder = CampaignFolder.of(name, {file.name: file.content for file in rows})
    return folder, {file.document: file.id for file in rows}


def readable_folder(session: Session, name: str) -> CampaignFolder:
    """Return the files that staff read a campaign's letters by: the live ones, and newest ones of what was never live.

    A letter that was never live is left out once anything of the campaign is live: it is no part of that yet.
    """
    which = _files_of(name).where(Revision.id.in_(live_revision_ids()) | Revision.id.in_(_never_live()))
    rows = session.execute(which.where(_ACTIVE).add_columns(Revision.id.in_(live_revision_ids()).label("live"))).all()
    began = any(file.live for file in rows)
    files = [file for file in rows if file.live or not began or file.document in OWN_DOCUMENTS.values()]
    return CampaignFolder.of(name, {file.name: file.content for file in files})


def newest_folder(session: Session, name: str) -> CampaignFolder:
    """Return the files of one campaign as each document was saved last, published or not."""
    newest = select(func.max(Revision.id)).group_by(Revision.document_id)
    rows = session.execute(_files_of(name).where(Revision.id.in_(newest), _ACTIVE))
    return CampaignFolder.of(name, {file.name: file.content for file in rows})


def unpublished_campaigns(session: Session) -> Sequence[CampaignFolder]:
    """Return, of each campaign whose own file was never live, that file alone as it was saved last."""
    rows = session.execute(
        select(Campaign.name, RevisionFile.content)
        .join(Document, Document.campaign_id == Campaign.id)
        .join(Revision, Revision.document_id == Document.id)
        .join(RevisionFile, RevisionFile.revision_id == Revision.id)
        .where(Document.name == OWN_DOCUMENTS[CAMPAIGN], RevisionFile.name == CAMPAIGN, Revision.id.in_(_never_live()))
    )
    return [CampaignFolder.of(name, {CAMPAIGN: content}) for name, content in rows]


def _never_live() -> Select[int]:
    """Select the ids of the newest revisions of documents of which nothing was ever published."""
    published = select(Revision.document_id).join(Publication, Publication.revision_id == Revision.id)
    newest = select(func.max(Revision.id)).where(Revision.document_id.not_in(published))
    return newest.group_by(Revision.document_id)


def _files_of(name: str) -> Select[str, bytes, str, int]:
    return (
        select(RevisionFile.name, RevisionFile.content, Document.name.label("document"), Revision.id)
        .join(Revision, RevisionFile.revision_id == Revision.id)
        .join(Document, Revision.document_id == Document.id)
        .join(Campaign, Document.campaign_id == Campaign.id)
        .where(Campaign.name == name)
    )


def find_template(session: Session, path: str) -> LetterTemplate:
    """Return the live letter at `campaign/letter`; raise NoSuchTemplate with those there are."""
    campaign, _, letter = path.partition("/")
    folder = stored_folder(session, campaign)
    if letter not in folder.letters():
        letters = select(Campaign.name, Document.name).join(Document.campaign)
        rows = session.execute(letters.where(Document.name.not_in(OWN_DOCUMENTS.values())))
        raise NoSuchTemplate(path, sorted("/".join(row) for row in rows))
    return folder.template(letter)


def _shipped_update(session: Session, folder: CampaignFolder) -> tuple[Documents, Sequence[SkippedDocument]]:
    """Return the documents of a shipped campaign that are to be stored, and those that are skipped."""
    rows = session.execute(
        select(Document.name, Revision.number, Revision.digest, Revision.author)
        .join(Revision.document)
        .join(Document.campaign)
        .where(Campaign.name == folder.name)
        .order_by(Revision.number)
    ).all()
    newest = {row.name: row for row in rows}
    digests = {(row.name, row.digest) for row in rows}
    documents: dict[str, Mapping[str, bytes]] = {}
    skipped: list[SkippedDocument] = []
    for name, files in folder.documents().items():
        last = newest.get(name)
        if last is None or (last.author is Author.SHIPPED and last.digest != digest(files)):
            documents[name] = files
        elif (name, digest(files)) not in digests:
            skipped.append(SkippedDocument(folder.name, name, last.number))
    if documents and rows:
        made = stored_folder(session, folder.name).with_documents(documents)
        if any(read_or_report(partial(made.template, letter)) is None for letter in made.letters()):
            return {}, [*skipped, *(SkippedDocument(folder.name, name, None) for name in documents)]
    return documents, skipped


def lock_campaigns(session: Session) -> None:
    """Hold back every other writer of campaigns until this transaction ends.

    No two make the same revision.
    """
    take_turn(session, "campaigns")


def revise(
    session: Session, campaign: str, document: str, *, files: Mapping[str, bytes], author: Author, now: datetime
) -> Revision:
    """Store a new revision of a document, made with the campaign where there is none; it is not live yet.

    To be called by one transaction at a time: see `lock_campaigns`.
    """
    owner = session.scalar(select(Campaign).where(Campaign.name == campaign))
    if owner is None:
        owner = Campaign(name=campaign)
        session.add(owner)
        session.flush()
    revised = session.scalar(select(Document).where(Document.campaign_id == owner.id, Document.name == document))
    if revised is None:
        revised = Document(campaign=owner, name=document)
        session.add(revised)
        session.flush()
    last = session.scalar(select(func.max(Revision.number)).where(Revision.document_id == revised.id)) or 0
    revision = Revision(document=revised, number=last + 1, digest=digest(files), author=author, made_at=now)
    revision.files = [RevisionFile(name=name, content=content) for name, content in files.items()]
    session.add(revision)
    revised.version += 1
    session.flush()
    return revision


def publish(session: Session, revision: Revision, *, now: datetime) -> None:
    session.add(Publication(revision=revision, at=now))
    session.flush()
