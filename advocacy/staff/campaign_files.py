"""A campaign's documents as staff see them: what citizens meet, what has been written since, and copies of it."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session, selectinload

from advocacy.campaigns.check import FOLDER_NAME, LONGEST_NAME, RESERVED
from advocacy.campaigns.findings_toml import written
from advocacy.campaigns.folder import CAMPAIGN, OWN_DOCUMENTS, CampaignFolder, digest
from advocacy.campaigns.library import wait_for_turn
from advocacy.campaigns.models import Campaign, Document, Revision, live
from advocacy.language import Wording
from advocacy.messages import Message, message
from advocacy.staff import audit, revisions
from advocacy.staff.models import Account

THE_CAMPAIGN = OWN_DOCUMENTS[CAMPAIGN]
BAD_NAME = message("Use lowercase letters without accents, digits and hyphens, 60 at most: “open-libraries”.")
TAKEN = message("This name is taken. Choose another.")


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


def name_refused(name: str, taken: Sequence[str]) -> Message | None:
    """Say why a campaign cannot have this name; None where it can."""
    if not FOLDER_NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        return BAD_NAME
    return TAKEN if name in RESERVED["campaign"] or name in taken else None


def make(
    session: Session,
    name: str,
    folder: CampaignFolder,
    *,
    by: Account,
    now: datetime,
    titles: Wording | None = None,
    copied_from: str = "",
) -> None:
    """Make a campaign of these files, called `titles` and open at any time; it is not public yet.

    Raises ValueError where the name cannot be had: see `name_refused`.
    """
    wait_for_turn(session)
    if name_refused(name, names(session)):
        raise ValueError(f"the name {name} cannot be had")
    for document, files in folder.documents().items():
        renamed = _renamed(files, titles) if titles else files
        revisions.save(session, name, document, files=renamed, by=by, now=now)
    audit.write(
        session, audit.Act.CAMPAIGN_MADE, f"campaign:{name}", by=by.id, now=now, after={"copied_from": copied_from}
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
    values = tomllib.loads(files[CAMPAIGN].decode("utf-8-sig"))
    values["name"] = {language.value: title for language, title in titles.items()}
    kept = {name: value for name, value in values.items() if name not in {"opens", "closes"}}
    return {**files, CAMPAIGN: written(files[CAMPAIGN], kept)}


def _folder(name: str, revisions: Sequence[Revision]) -> CampaignFolder:
    return CampaignFolder.of(name, {file.name: file.content for one in revisions for file in one.files})
