"""The draft of a letter: one text, which the team shares, until somebody asks to have it published."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from advocacy.campaigns.campaign_folder import LETTER, CampaignFolder
from advocacy.campaigns.documents import newest_id
from advocacy.campaigns.library import lock_campaigns, newest_folder
from advocacy.campaigns.models import Availability, Campaign, Document, Revision
from advocacy.campaigns.toml_text import edit_toml
from advocacy.database import insert_into
from advocacy.problems import KeyPath
from advocacy.staff import revisions
from advocacy.staff.models import Account, Authorship, Draft


class Version(NamedTuple):
    """Which text a page shows: the letter's newest revision, and how often its draft was saved, 0 for no draft."""

    revision: int
    draft: int

    @classmethod
    def read(cls, text: str) -> "Version":
        """Read what `str` gives; raise ValueError for another text."""
        revision, draft = text.split(".")
        return cls(int(revision), int(draft))

    def __str__(self) -> str:
        return f"{self.revision}.{self.draft}"


class SavedMeanwhile(Exception):
    """Somebody has saved the letter since the page was opened: nothing was changed."""


def draft_of(session: Session, document: Document) -> Draft | None:
    return session.scalar(select(Draft).where(Draft.document_id == document.id))


def version_of(session: Session, document: Document) -> Version:
    """Return the version that a page of this letter shows now."""
    draft = draft_of(session, document)
    return Version(newest_id(session, document), draft.version if draft else 0)


def folder_with_draft(session: Session, document: Document) -> CampaignFolder:
    """Return the newest files of a campaign, with the draft of this letter in its place."""
    folder, draft = newest_folder(session, document.campaign.name), draft_of(session, document)
    return folder.with_texts({f"{document.name}/{LETTER}": draft.content}) if draft else folder


def last_saved(session: Session, document: Document) -> tuple[str, datetime]:
    """Return who saved a letter last, "" for files, and when."""
    draft = draft_of(session, document)
    if draft is not None:
        return draft.account.name, draft.saved_at
    name, at = session.execute(
        select(Account.name, Revision.made_at)
        .select_from(Revision)
        .outerjoin(Authorship, Authorship.revision_id == Revision.id)
        .outerjoin(Account, Account.id == Authorship.account_id)
        .where(Revision.id == newest_id(session, document))
    ).one()
    return name or "", at


def drafts_in(session: Session, campaign: str) -> Mapping[str, tuple[str, datetime]]:
    """Return, by letter, who saved its draft last and when; none for a letter without one."""
    rows = session.execute(
        select(Document.name, Account.name, Draft.saved_at)
        .join(Document, Document.id == Draft.document_id)
        .join(Campaign, Campaign.id == Document.campaign_id)
        .join(Account, Account.id == Draft.account_id)
        .where(Campaign.name == campaign, Document.availability != Availability.ARCHIVED)
        .order_by(Draft.id)
    )
    return {document: (name, at) for document, name, at in rows}


def save(session: Session, document: Document, *, content: str, by: int, version: Version, now: datetime) -> Draft:
    """Save the text of a letter over the one that a page showed; raise SavedMeanwhile where it is another by now."""
    lock_campaigns(session)  # no revision is made meanwhile
    if newest_id(session, document) != version.revision:
        raise SavedMeanwhile
    before = draft_of(session, document)
    values = {
        "content": content,
        "account_id": by,
        "writers": sorted({by, *(before.writers if before else ())}),
        "version": version.draft + 1,
        "saved_at": now,
    }
    # One statement that looks at the version itself, so that of two pages one alone succeeds.
    if version.draft:
        at = (Draft.document_id == document.id, Draft.version == version.draft)
        saved = session.execute(update(Draft).where(*at).values(**values).returning(Draft.id)).first()
    else:
        new = insert_into(session, Draft).values(document_id=document.id, **values)
        saved = session.execute(new.on_conflict_do_nothing().returning(Draft.id)).first()
    session.expire_all()
    draft = draft_of(session, document)
    if saved is None or draft is None:
        raise SavedMeanwhile
    return draft


def make_revision(session: Session, draft: Draft, *, by: Account, now: datetime) -> Revision:
    """Make a revision of a draft, which is then gone; raise revisions.IsArchived."""
    document = draft.document
    files = {f"{document.name}/{LETTER}": draft.content.encode()}
    made = revisions.save(
        session, document.campaign.name, document.name, files=files, by=by, now=now, writers=draft.writers
    )
    session.delete(draft)
    return made


def edit(session: Session, document: Document, changes: Mapping[KeyPath, Any]) -> None:
    """Change values in a draft, where there is one, which were changed in the letter without it."""
    draft = draft_of(session, document)
    if draft is not None:
        draft.content = edit_toml(draft.content.encode(), changes).decode()
