"""The letters of this site: `letters/` goes into the database as revisions and comes back byte for byte."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.campaigns.campaign import LetterTemplate
from advocacy.campaigns.folder import CampaignFolder, digest
from advocacy.campaigns.models import Author, Campaign, Document, Revision, RevisionFile


@dataclass(frozen=True, slots=True)
class Kept:
    """A shipped document that was left aside, because the site's own revisions have moved past it."""

    campaign: str
    document: str
    number: int

    def __str__(self) -> str:
        return (
            f"{self.campaign}/{self.document}: the shipped files have changed, but this site has its own revision "
            f"{self.number}, which is kept; “advocacy letters import” takes the shipped files instead"
        )


class NoSuchTemplate(LookupError):
    """There is no such letter; `known` names those there are."""

    def __init__(self, path: str, known: Sequence[str]) -> None:
        self.known = known
        super().__init__(f"there is no letter “{path}”; there are {', '.join(known) or 'none yet'}")


def import_folder(
    session: Session, folder: CampaignFolder, *, author: Author, now: datetime
) -> Sequence[Revision]:
    """Store what differs from the newest revision of each document as a new one; give the revisions made."""
    campaign = _campaign(session, folder.name)
    made = []
    for name, files in folder.documents().items():
        document = _document(campaign, name)
        if not document.revisions or document.revisions[-1].digest != digest(files):
            made.append(_revise(document, files.items(), author=author, now=now))
    session.flush()
    return made


def take_shipped(session: Session, folders: Iterable[CampaignFolder], *, now: datetime) -> Sequence[Kept]:
    """Import shipped files that are new or have changed; leave and report those this site has moved past."""
    kept: list[Kept] = []
    for folder in folders:
        campaign = _campaign(session, folder.name)
        for name, files in folder.documents().items():
            document = _document(campaign, name)
            newest = document.revisions[-1] if document.revisions else None
            if newest is None or newest.author is Author.SHIPPED:
                if newest is None or newest.digest != digest(files):
                    _revise(document, files.items(), author=Author.SHIPPED, now=now)
            elif digest(files) not in {revision.digest for revision in document.revisions}:
                kept.append(Kept(folder.name, name, newest.number))
    session.flush()
    return kept


def stored_folders(session: Session) -> Iterator[CampaignFolder]:
    """Give every campaign as the folder its newest revisions make."""
    for name in session.scalars(select(Campaign.name).order_by(Campaign.name)):
        yield stored_folder(session, name)


def stored_folder(session: Session, name: str) -> CampaignFolder:
    """Give one campaign's newest files; LookupError when there is no such campaign."""
    campaign = session.scalar(select(Campaign).where(Campaign.name == name))
    if campaign is None:
        raise LookupError(f"there is no campaign “{name}”")
    newest = [document.revisions[-1] for document in campaign.documents if document.revisions]
    return CampaignFolder.of(
        name, {file.name: file.content for revision in newest for file in revision.files}
    )


def find_template(session: Session, path: str) -> LetterTemplate:
    """Give the letter at `campaign/letter` as it stands; raise NoSuchTemplate with those there are."""
    campaign, _, letter = path.partition("/")
    folders = {folder.name: folder for folder in stored_folders(session)}
    if campaign not in folders or letter not in folders[campaign].letters():
        raise NoSuchTemplate(
            path, [f"{folder.name}/{name}" for folder in folders.values() for name in folder.letters()]
        )
    return folders[campaign].template(letter)


def _campaign(session: Session, name: str) -> Campaign:
    found = session.scalar(select(Campaign).where(Campaign.name == name))
    if found is None:
        found = Campaign(name=name)
        session.add(found)
    return found


def _document(campaign: Campaign, name: str) -> Document:
    found = next((document for document in campaign.documents if document.name == name), None)
    if found is None:
        found = Document(name=name)
        campaign.documents.append(found)
    return found


def _revise(
    document: Document, files: Iterable[tuple[str, bytes]], *, author: Author, now: datetime
) -> Revision:
    held = dict(files)
    revision = Revision(number=len(document.revisions) + 1, digest=digest(held), author=author, made_at=now)
    revision.files = [RevisionFile(name=name, content=content) for name, content in held.items()]
    document.revisions.append(revision)
    return revision
