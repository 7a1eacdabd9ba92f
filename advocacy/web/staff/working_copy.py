"""A letter as the team works on it: its draft, or its newest revision where there is none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import abort, flash, redirect, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from advocacy.campaigns.campaign_files import LetterFile
from advocacy.campaigns.campaign_folder import LETTER, CampaignFolder
from advocacy.campaigns.differences import Row, compare_documents
from advocacy.campaigns.documents import newest_id
from advocacy.campaigns.editor.labels import Labels, make_labels
from advocacy.campaigns.editor.letter_edits import AlternativeKey, alternatives
from advocacy.campaigns.fields import Field
from advocacy.campaigns.letter_template import resolve_options
from advocacy.campaigns.library import newest_folder
from advocacy.campaigns.models import Document
from advocacy.campaigns.toml_text import format_letter
from advocacy.language import Language
from advocacy.staff import drafts, publication, reviews
from advocacy.staff.models import Draft, Role
from advocacy.staff.publication_status import Status, campaign_statuses
from advocacy.toml_source import TomlProblems
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import current_account, form_limits
from advocacy.web.staff.campaign_documents import find_letter
from advocacy.web.staff.texts import campaign_name, format_in_sentence

letter_form = form_limits(body=1024 * 1024, parts=2_000)
"""Declare that a route takes the form of a letter's page: a text for each language of each alternative, twice."""


def cell_name(key: AlternativeKey, language: Language) -> str:
    """Return the name of a text of a letter on its page."""
    return f"{key}-{language.value}"


@dataclass(frozen=True, slots=True)
class WorkingCopy:
    """A letter as the team works on it, with the newest files of its campaign; `fields` have their answers.

    `newest` is the id of its newest revision.
    """

    campaign: str
    letter: str
    document: Document
    draft: Draft | None
    newest: int
    folder: CampaignFolder
    file: LetterFile
    fields: Sequence[Field]
    labels: Labels

    @property
    def place(self) -> dict[str, Any]:
        """The arguments of its addresses."""
        return {"campaign": self.campaign, "letter": self.letter}

    @property
    def version(self) -> str:
        """The version that a page of it shows."""
        return self.draft.version if self.draft else self.saved_version

    @property
    def saved_version(self) -> str:
        """The version that a page has to have shown to be saved: another one where the draft hides a revision."""
        return f"{self.document.version}.{self.newest}"

    @property
    def hides_revision(self) -> bool:
        return self.version != self.saved_version

    @property
    def texts(self) -> Mapping[str, str]:
        """Its texts as the page shows them, with labels for blanks, by their names: "opening-0-fr"."""
        return {
            cell_name(key, language): self.labels.show(text, language)
            for key, alternative in alternatives(self.file)
            for language, text in alternative.texts.items()
        }

    @property
    def title(self) -> str:
        return self.file.title.in_language(current_language())

    @property
    def campaign_title(self) -> str:
        return campaign_name(self.folder)

    @property
    def saved(self) -> str:
        """When its draft was saved, as the page's bar says it; "" where there is none."""
        return _("Saved %(time)s", time=format_in_sentence(self.draft.saved_at)) if self.draft else ""

    def with_file(self, file: LetterFile) -> "WorkingCopy":
        """Return the copy with another text, not saved yet."""
        folder = self.folder.with_texts({f"{self.letter}/{LETTER}": format_letter(file)})
        return replace(self, folder=folder, file=file, **_readings(folder, file))


def open_working_copy(session: Session, campaign: str, letter: str) -> WorkingCopy:
    """Return a letter to work on; 404 without it, and the way to its history where its files cannot be read."""
    document = find_letter(session, campaign, letter)
    folder = drafts.folder_with_draft(session, document)
    draft, newest = drafts.draft_of(session, document), newest_id(session, document)
    try:
        file = folder.letter(letter)
        readings = _readings(folder, file)
    except TomlProblems:
        flash(_("This letter cannot be opened. Put an earlier one back."), "refused")
        abort(redirect(url_for("staff.history", campaign=campaign, document=letter), 303))
    return WorkingCopy(campaign, letter, document, draft, newest, folder, file, **readings)


def compare_saved(session: Session, copy: WorkingCopy, changed: CampaignFolder) -> Sequence[Row]:
    """Return what somebody saved of a letter last, and the same as it is changed now."""
    saved = newest_folder(session, copy.campaign) if copy.hides_revision else copy.folder
    return compare_documents(saved, changed, copy.letter)


def _readings(folder: CampaignFolder, file: LetterFile) -> dict[str, Any]:
    fields = resolve_options(file, folder.sentences())
    labels = make_labels(fields, folder.survey(), has_bill=folder.campaign().bill is not None)
    return {"fields": fields, "labels": labels}


def save_copy(session: Session, copy: WorkingCopy, file: LetterFile) -> WorkingCopy:
    """Save a letter in its draft; one that is as it was makes no draft."""
    content = format_letter(file)
    if content == format_letter(copy.file):
        return copy
    drafts.save(session, copy.document, content=content, by=current_account().id, now=services().now())
    return open_working_copy(session, copy.campaign, copy.letter)


def drafts_of(session: Session, campaign: str) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Return, by document, who saved its draft and when."""
    found = drafts.drafts_in(session, campaign)
    return {document: ((name, format_in_sentence(at)),) for document, (name, at) in found.items()}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a letter is on its way to the public: its `state`, and what its one button does.

    `act` is publish, ask or look, "" for none; `revision` is where it leads, None where a revision is made first.
    `answer` are the changes that were asked for.
    """

    state: str
    act: str
    revision: int | None
    is_live: bool
    answer: reviews.Task | None


def progress_of(session: Session, copy: WorkingCopy) -> Progress:
    account = current_account()
    status = campaign_statuses(session, copy.campaign)[copy.campaign].documents[copy.letter]
    answer = reviews.open_change_request(session, copy.document, account)
    is_alone = account.role.may(Role.PUBLISHER) and publication.one_person_rule(session, copy.campaign)
    pending = Status.DRAFT if copy.draft else status.pending
    act, revision = "", None if copy.draft else copy.newest
    if pending is Status.DRAFT:
        act = "publish" if is_alone else "ask"
    elif pending:
        act = "look"
    if pending is Status.DRAFT and answer:
        pending = Status.CHANGES_ASKED
    return Progress((pending or Status.LIVE).value, act, revision, status.live is not None, answer)
