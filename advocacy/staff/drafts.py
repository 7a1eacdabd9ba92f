"""The draft of a letter: one text, which the team shares, until somebody asks to have it published."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.campaigns.campaign_folder import LETTER, CampaignFolder
from advocacy.campaigns.documents import newest_id
from advocacy.campaigns.library import newest_folder
from advocacy.campaigns.models import Availability, Campaign, Document, Revision
from advocacy.campaigns.toml_text import edit_toml
from advocacy.problems import KeyPath
from advocacy.staff import revisions
from advocacy.staff.models import Account, Authorship, Draft


def draft_of(session: Session, document: Document) -> Draft | None:
    return session.scalar(select(Draft).where(Draft.document_id == document.id))


def folder_with_draft(session: Session, document: Document) -> CampaignFolder:
    """Return the newest files of a campaign, with the draft of this letter in its place."""
    folder, draft = newest_folder(session, document.campaign.name), draft_of(session, document)
    return folder.with_texts({f"{document.name}/{LETTER}": draft.content}) if draft else folder


def hides_revision(session: Session, draft: Draft) -> bool:
    """Whether somebody made a revision of the letter since the draft was saved last."""
    return draft.revision_id != newest_id(session, draft.document)


def last_saved(session: Session, document: Document) -> tuple[str, datetime]:
    """Return who saved a document last, "" for files, and when."""
    draft = draft_of(session, document)
    if draft is not None and not hides_revision(session, draft):
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


def save(session: Session, document: Document, *, content: str, by: int, now: datetime) -> Draft:
    """Save the text of a letter for the team; to be called by one transaction at a time: see `lock_campaigns`."""
    draft, newest = draft_of(session, document), newest_id(session, document)
    if draft is None:
        draft = Draft(document=document, writers=[])
        session.add(draft)
    draft.content, draft.account_id, draft.saved_at, draft.revision_id = content, by, now, newest
    draft.writers = sorted({by, *draft.writers})
    document.version += 1
    session.flush()
    return draft


def drop(session: Session, draft: Draft) -> None:
    """Go back to the letter's newest revision."""
    draft.document.version += 1
    session.delete(draft)


def make_revision(session: Session, draft: Draft, *, by: Account, now: datetime) -> Revision:
    """Make a revision of a draft, which is then gone; raise revisions.IsArchived."""
    document = draft.document
    files = {f"{document.name}/{LETTER}": draft.content.encode()}
    made = revisions.save(
        session, document.campaign.name, document.name, files=files, by=by, now=now, writers=draft.writers
    )
    session.delete(draft)
    return made


def edit(session: Session, changes: Mapping[KeyPath, Any], *, before: Revision, made: Revision) -> None:
    """Change values in a letter's draft, where there is one, as they were changed in a revision of it."""
    draft = draft_of(session, made.document)
    if draft is not None:
        draft.content = edit_toml(draft.content.encode(), changes).decode()
        draft.revision_id = made.id if draft.revision_id == before.id else draft.revision_id
        made.document.version += 1
