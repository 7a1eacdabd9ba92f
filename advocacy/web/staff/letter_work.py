"""One letter on somebody's desk: their draft of it, or its newest revision, and who else is at it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import abort
from sqlalchemy.orm import Session

from advocacy.campaigns.documents import find_document, live_revision, newest_id
from advocacy.campaigns.editor.editor_letter import DraftContent, EditorLetter, open_letter
from advocacy.campaigns.folder import OWN_DOCUMENTS, CampaignFolder
from advocacy.campaigns.library import readable_folder
from advocacy.campaigns.models import Document, Revision
from advocacy.staff import drafts
from advocacy.staff.drafts import Saved
from advocacy.staff.models import Draft
from advocacy.web.services import services
from advocacy.web.staff.access import current_account


@dataclass(frozen=True, slots=True)
class Work:
    """A letter as one person works on it: `files` are the draft's, or the newest revision's where there is none.

    `live` is the number of the live revision; `over` is the revision the draft was made over; `own` are the campaign's
    own files, which the letter is read by: the live ones, the newest ones before any is. `row` is the draft as it is
    stored, a discarded one too; `draft` is None for that.
    """

    campaign: str
    letter: str
    document: Document
    over: Saved
    newest: Saved
    live: int | None
    row: Draft | None
    draft: Draft | None
    others: Sequence[Draft]
    files: Mapping[str, str]
    own: CampaignFolder

    @property
    def version(self) -> int:
        """The version of the draft, 0 where there is none."""
        return self.row.version if self.row else 0

    def text(self, name: str) -> str:
        """Return one file by its name in the letter's folder, "" where it is missing."""
        return self.files.get(f"{self.letter}/{name}", "")

    def folder(self, files: Mapping[str, str] | None = None) -> CampaignFolder:
        """Return a campaign of its own files and this letter's: those on the desk, or others."""
        return self.own.with_texts(self.files if files is None else files)

    def reading(self) -> EditorLetter | None:
        """Read the letter as it is on the desk; None while the campaign's own files cannot be read."""
        return open_letter(self.folder(), self.letter, self.draft.typed if self.draft else None)


def opened(session: Session, campaign: str, letter: str) -> Work:
    """Put a letter on the desk of whoever is signed in; what does not exist answers 404."""
    document = None if letter in OWN_DOCUMENTS.values() else find_document(session, campaign, letter)
    if document is None:
        abort(404)
    newest = drafts.saved(session, newest_id(session, document))
    live = live_revision(session, document.id)
    row = drafts.mine(session, document, current_account().id)
    draft = None if row is None or row.discarded else row
    return Work(
        campaign,
        letter,
        document,
        drafts.saved(session, draft.over_revision_id) if draft else newest,
        newest,
        live.number if live else None,
        row,
        draft,
        drafts.others(session, document, current_account().id),
        draft.files if draft else drafts.files_of(session, newest.id),
        readable_folder(session, campaign).only(""),
    )  # fmt: skip


def keep(session: Session, work: Work, typed: DraftContent, *, version: int, over: int) -> Draft:
    """Save what was typed over the revision `over`, where the page showed the draft at `version`.

    Raises SavedMeanwhile, as `drafts.keep` does.
    """
    revision = session.get(Revision, over)
    if revision is None or revision.document_id != work.document.id:
        abort(400)
    account, now = current_account(), services().now()
    return drafts.keep(session, work.document, account.id, typed=typed, version=version, over=over, now=now)
