"""A letter as one person works on it: their draft or the newest revision, and what others saved meanwhile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from advocacy.campaigns.campaign_folder import LETTER, CampaignFolder
from advocacy.campaigns.differences import Row, compare_documents
from advocacy.campaigns.documents import live_revision, newest_id
from advocacy.campaigns.editor import manuscript as manuscripts
from advocacy.campaigns.editor.editor_letter import DraftContent, EditorLetter, cell_name, open_letter
from advocacy.campaigns.editor.manuscript import Manuscript, map_texts
from advocacy.campaigns.editor.notation import labels_to_names, names_to_labels
from advocacy.campaigns.letter_toml import with_finding_list
from advocacy.campaigns.library import readable_folder
from advocacy.campaigns.models import Availability, Campaign, Document, Revision
from advocacy.campaigns.three_way_merge import CannotMerge, merge_manuscripts
from advocacy.campaigns.word_differences import Piece, compare_texts
from advocacy.language import Language
from advocacy.staff import drafts
from advocacy.staff.drafts import SavedRevision
from advocacy.staff.models import Account, Draft
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import current_account, form_limits
from advocacy.web.staff.campaign_documents import find_letter
from advocacy.web.staff.problem_notes import cell_id
from advocacy.web.staff.texts import format_in_sentence

LETTER_LIMIT = 1024 * 1024
"""The most bytes the editor takes: two texts at their longest, however their characters are sent."""
MAX_FIELDS = 2_000
"""The most fields the editor may have: a text for each language of each case, and its acts."""


letter_form = form_limits(body=LETTER_LIMIT, parts=MAX_FIELDS)
"""Declare that a route takes the form of a letter's page."""


def whole_number(minimum: int = 0) -> IntegerField:
    """Make a hidden number: an id or a version."""
    return IntegerField(validators=[InputRequired(), NumberRange(minimum, 999_999_999)])


@dataclass(frozen=True, slots=True)
class WorkingCopy:
    """A letter as one person works on it: `files` are the draft's, or the newest revision's where there is none.

    `live` is the number of the live revision; `over` is the revision the draft was made over; `own` are the campaign's
    own files, which the letter is read by: the live ones, the newest ones before any is. `row` is the draft as it is
    stored, a discarded one too; `draft` is None for that.
    """

    campaign: str
    letter: str
    document: Document
    over: SavedRevision
    newest: SavedRevision
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
        """Return a campaign of its own files and this letter's: those of the working copy, or others."""
        return self.own.with_texts(self.files if files is None else files)

    def editor_letter(self) -> EditorLetter | None:
        """Open the letter for the editor; None while the campaign's own files cannot be read."""
        return open_letter(self.folder(), self.letter, self.draft.typed if self.draft else None)


def open_working_copy(session: Session, campaign: str, letter: str) -> WorkingCopy:
    """Return the working copy of whoever is signed in; 404 without such a letter."""
    document = find_letter(session, campaign, letter)
    newest = drafts.saved_revision(session, newest_id(session, document))
    live = live_revision(session, document.id)
    row = drafts.own_draft(session, document, current_account().id)
    draft = None if row is None or row.discarded else row
    return WorkingCopy(
        campaign,
        letter,
        document,
        drafts.saved_revision(session, draft.over_revision_id) if draft else newest,
        newest,
        live.number if live else None,
        row,
        draft,
        drafts.drafts_of_others(session, document, current_account().id),
        draft.files if draft else drafts.files_of(session, newest.id),
        readable_folder(session, campaign).only(""),
    )  # fmt: skip


def save_draft(session: Session, copy: WorkingCopy, typed: DraftContent, *, version: int, over: int) -> Draft:
    """Save what was typed over the revision `over`, where the page showed the draft at `version`.

    Raises SavedMeanwhile, as `drafts.save` does.
    """
    revision = session.get(Revision, over)
    if revision is None or revision.document_id != copy.document.id:
        abort(400)
    account, now = current_account(), services().now()
    return drafts.save(session, copy.document, account.id, typed=typed, version=version, over=over, now=now)


def drafts_of(session: Session, campaign: str) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Return, by document, who has a draft and when they saved it."""
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    which = (
        select(Document.name, Account.name, Draft.saved_at)
        .join(Document, Document.id == Draft.document_id)
        .join(Campaign, Campaign.id == Document.campaign_id)
        .join(Account, Account.id == Draft.account_id)
        .where(Campaign.name == campaign)
        .where(Draft.discarded.is_(False), Document.availability != Availability.ARCHIVED)
        .order_by(Draft.id)
    )
    for document, name, at in session.execute(which):
        found[document] = (*found.get(document, ()), (name, format_in_sentence(at)))
    return found


# --- What somebody else saved meanwhile

MARK = "="
"""Stands before the other's words of a text, so that words removed are told from a text that is not compared."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One text that both changed: its `name` in the form, its `id` on the page, and theirs marked against mine."""

    name: str
    id: str
    label: str
    language: Language
    bits: Sequence[Piece]


def newer(session: Session, copy: WorkingCopy) -> tuple[Sequence[Row], bool] | None:
    """Return what the newest revision changed since this draft began, and whether both can be combined.

    None where nobody saved a revision since.
    """
    if copy.draft is None or copy.draft.over_revision_id == copy.newest.id:
        return None
    before, after = (read_revision(session, copy, one.id) for one in (copy.over, copy.newest))
    return compared(before, after), combine(session, copy) is not None


def read_revision(session: Session, copy: WorkingCopy, revision_id: int) -> EditorLetter | None:
    """Read a revision of the letter as the editor would."""
    return open_letter(copy.folder(drafts.files_of(session, revision_id)), copy.letter)


def compared(before: EditorLetter | None, after: EditorLetter | None) -> Sequence[Row]:
    """Return what differs between two readings of a letter, passage by passage, then in its fields."""
    if before is None or after is None:
        return []
    return [row for row in compare_documents(before.folder, after.folder, before.name) if row.changed]


def combine(session: Session, copy: WorkingCopy) -> tuple[EditorLetter, Mapping[str, str]] | None:
    """Combine a draft and a newer revision: what one alone changed is taken from them.

    Where both changed the same text mine stays, and theirs is returned by the names of the form. None where the two
    cannot be combined paragraph by paragraph.
    """
    before, after = (read_revision(session, copy, one.id) for one in (copy.over, copy.newest))
    mine = copy.editor_letter()
    if before is None or after is None or mine is None:
        return None
    try:
        manuscript, theirs = merge_manuscripts(before.manuscript, mine.manuscript, after.manuscript)
    except CannotMerge:
        return None
    is_mine = with_finding_list(mine.toml, []) != with_finding_list(before.toml, [])
    files = {**copy.files, f"{copy.letter}/{LETTER}": mine.toml if is_mine else after.toml}
    letter = open_letter(copy.folder(files), copy.letter)
    return None if letter is None else (letter.with_manuscript(manuscript), theirs)


def stored_comparison(
    theirs: Mapping[str, str], letter: EditorLetter, newest: SavedRevision
) -> Mapping[str, Any] | None:
    """Return the other's words as a draft stores them, by the names of their labels; None where there are none."""
    if not theirs:
        return None

    def words(key: str, language: Language, _text: str) -> str:
        name = f"{key}.{language.value}"
        return f"{MARK}{theirs[name]}" if name in theirs else ""

    stored = labels_to_names(map_texts(letter.manuscript, words), letter.labels)
    return {"by": newest.by, "number": newest.number, "words": manuscripts.to_json(stored)}


def passages_to_compare(draft: Draft | None, letter: EditorLetter) -> Sequence[Passage]:
    """Return the texts of a draft that still differ from those it was combined with."""
    if draft is None or draft.comparison is None:
        return ()
    passages = []
    for name, mine, theirs in _pairs(draft.comparison, letter):
        if mine.strip() == theirs:
            continue
        key, _, of = name.rpartition(".")
        language = Language(of)
        label = cell_name(letter, key, language, language=current_language())
        bits = tuple(compare_texts(mine, theirs, [letter.labels.by_words[language]]))
        passages.append(Passage(name, cell_id(key, language), label, language, bits))
    return passages


def with_theirs(draft: Draft | None, letter: EditorLetter, name: str) -> Manuscript | None:
    """Replace my text by the other person's; None where theirs is not stored."""
    pairs = _pairs(draft.comparison, letter) if draft and draft.comparison else ()
    words = next((theirs for compared_name, _, theirs in pairs if compared_name == name), None)
    if words is None:
        return None
    key, _, of = name.rpartition(".")
    return manuscripts.with_text(letter.manuscript, key, language=Language(of), text=words)


def _pairs(stored: Mapping[str, Any], letter: EditorLetter) -> Sequence[tuple[str, str, str]]:
    """Return the name of each stored text that still is, with mine and theirs."""
    theirs = names_to_labels(manuscripts.from_json(stored["words"]), letter.labels)
    return [
        (f"{key}.{language.value}", mine.text(language), case.text(language).removeprefix(MARK).strip())
        for key, case in manuscripts.cells(theirs)
        for mine in [manuscripts.cell(letter.manuscript, key)]
        if mine is not None
        for language in Language
        if case.text(language).startswith(MARK)
    ]
