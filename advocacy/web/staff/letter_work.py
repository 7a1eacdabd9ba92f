"""One letter on somebody's desk: its draft or its newest revision, read as paragraphs, with all that is wrong in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from flask import abort
from sqlalchemy.orm import Session

from advocacy.campaigns import labels as label_making
from advocacy.campaigns import manuscript as writing
from advocacy.campaigns.campaign import CampaignFile, LetterFile, LetterTemplate
from advocacy.campaigns.check import check_folder
from advocacy.campaigns.documents import find_document, live_revision
from advocacy.campaigns.folder import LETTER, OWN_DOCUMENTS, TEXTS, CampaignFolder
from advocacy.campaigns.kept_labels import by_name, by_words
from advocacy.campaigns.labels import Labels
from advocacy.campaigns.letter_toml import with_findings
from advocacy.campaigns.library import readable_folder
from advocacy.campaigns.manuscript import Manuscript, UnknownLabel
from advocacy.campaigns.models import Document
from advocacy.campaigns.prose import PRINTED
from advocacy.campaigns.remembered import remembered
from advocacy.findings import Survey
from advocacy.language import Language, Wording
from advocacy.problems import Problem
from advocacy.staff import drafts
from advocacy.staff.drafts import Saved, Typed
from advocacy.staff.models import Draft
from advocacy.toml_source import TomlProblems

LONGEST = 20_000
"""The most characters a text may have, as the letter's language has it."""


@dataclass(frozen=True, slots=True)
class Work:
    """A letter as one person works on it: `files` are the draft's, or the newest revision's where there is none.

    `live` is the number of the live revision; `over` is the revision the draft was made over;
    `shared` are the campaign's own files, which the letter is read by: the live ones, the newest ones before any is.
    `row` is the draft as it is stored, a discarded one too; `draft` is None for that.
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
    shared: Mapping[str, bytes]

    @property
    def version(self) -> int:
        """The version of the draft, 0 where there is none."""
        return self.row.version if self.row else 0

    @property
    def undo(self) -> str:
        """The act that can be undone, "" for none."""
        return self.row.undo_steps[-1]["act"] if self.row and self.row.undo_steps else ""

    @property
    def redo(self) -> str:
        """The act that can be done again, "" for none."""
        return self.row.redo_steps[-1]["act"] if self.row and self.row.redo_steps else ""

    def text(self, name: str) -> str:
        """Give one file by its name in the letter's folder, "" where it is missing."""
        return self.files.get(f"{self.letter}/{name}", "")

    def texts(self) -> Mapping[Language, str]:
        """Give the letter's texts."""
        return {language: self.text(name) for language, name in TEXTS.items()}


@dataclass(frozen=True, slots=True)
class Reading:
    """A letter read: its paragraphs, the labels they are written with, and the files they make."""

    folder: CampaignFolder
    letter: str
    campaign: CampaignFile
    survey: Survey
    file: LetterFile
    labels: Labels
    manuscript: Manuscript
    unknown: Sequence[UnknownLabel]
    texts: Mapping[Language, str]
    toml: str

    @property
    def typed(self) -> Typed:
        """What a draft keeps."""
        files = {f"{self.letter}/{TEXTS[language]}": text for language, text in self.texts.items()}
        return Typed(
            {f"{self.letter}/{LETTER}": self.toml, **files}, writing.dump(by_name(self.manuscript, self.labels))
        )

    @property
    def is_too_long(self) -> bool:
        """Tell whether a text has more characters than any letter may."""
        return any(len(text) > LONGEST for text in (*self.texts.values(), self.toml))

    def problems(self) -> Sequence[Problem]:
        """Give all that is wrong with this letter's files; a text that is too long is not read any further."""
        return () if self.is_too_long else checked(self.folder)

    def can_be_sent(self) -> bool:
        """Whether nothing in the texts is refused, so that the letter can be composed whole."""
        try:
            self.folder.template(self.letter)
        except TomlProblems:
            return False
        return not self.is_too_long

    def template(self) -> LetterTemplate | None:
        """Return the letter ready to be previewed, refused paragraphs left out; None while it cannot be."""
        if self.is_too_long:
            return None
        try:
            return self.folder.readable_template(self.letter)[0]
        except TomlProblems:
            return None


def opened(session: Session, campaign: str, letter: str, *, account_id: int) -> Work:
    """Put a letter on somebody's desk; what does not exist answers 404."""
    document = None if letter in OWN_DOCUMENTS.values() else find_document(session, campaign, letter)
    if document is None:
        abort(404)
    newest = drafts.saved(session, drafts.newest(session, document).id)
    live = live_revision(session, document.id)
    row = drafts.mine(session, document, account_id)
    draft = None if row is None or row.discarded else row
    shared = {
        name: held
        for name, held in readable_folder(session, campaign).files
        if name in OWN_DOCUMENTS and name.endswith(".toml")
    }
    return Work(
        campaign,
        letter,
        document,
        drafts.saved(session, draft.over_revision_id) if draft else newest,
        newest,
        live.number if live else None,
        row,
        draft,
        drafts.others(session, document, account_id),
        draft.files if draft else drafts.files_of(session, newest.id),
        shared,
    )  # fmt: skip


def reading(work: Work, manuscript: Manuscript | None = None) -> Reading | None:
    """Read the letter as it stands, or as `manuscript` has it; None while the campaign's own files cannot be read."""
    if unreadable(work):
        return None
    standing = _standing(work)
    labels = _labelled(standing, work.letter)
    return _read(standing, work.letter, manuscript or _held(work, labels), labels=labels)


def reading_in(folder: CampaignFolder, letter: str) -> Reading | None:
    """Read a letter as a campaign's files have it; None while the campaign's own files cannot be read."""
    one = CampaignFolder.of(folder.name, {name: _as_text(held) for name, held in folder.only(letter).files})
    if _unread(one):
        return None
    labels = _labelled(one, letter)
    return _read(one, letter, writing.read(_texts(one, letter), labels), labels=labels)


def unreadable(work: Work) -> Sequence[Problem]:
    """Say what keeps the campaign's own files from being read, and with them every letter of it."""
    return _unread(CampaignFolder.of(work.campaign, work.shared))


def _unread(own: CampaignFolder) -> Sequence[Problem]:
    found: list[Problem] = []
    for read in (own.campaign, own.survey):
        try:
            read()
        except TomlProblems as refused:
            found += refused.problems
    return found


def _read(folder: CampaignFolder, letter: str, shown: Manuscript, *, labels: Labels) -> Reading:
    campaign, survey, file = folder.campaign(), folder.survey(), _declared(folder, letter)
    texts, unknown = writing.write(shown, labels)
    toml = in_step((folder.content(f"{letter}/{LETTER}") or b"").decode(), texts, survey)
    own = {name: held for name, held in folder.files if name in OWN_DOCUMENTS and name.endswith(".toml")}
    read = CampaignFolder.of(folder.name, {**own, **_files(letter, texts, toml)})
    return Reading(read, letter, campaign, survey, file, labels, shown, unknown, texts, toml)


def folder_with(work: Work, texts: Mapping[Language, str], toml: str) -> CampaignFolder:
    """Make a campaign of its own files and this letter alone."""
    return CampaignFolder.of(work.campaign, {**work.shared, **_files(work.letter, texts, toml)})


def _files(letter: str, texts: Mapping[Language, str], toml: str) -> Mapping[str, bytes]:
    files = {**{TEXTS[language]: text for language, text in texts.items()}, LETTER: toml}
    return {f"{letter}/{name}": text.encode() for name, text in files.items()}


def in_step(toml: str, texts: Mapping[Language, str], survey: Survey) -> str:
    """Let a letter's file list the findings that its texts cite, and no others."""
    printed = [name[1] for text in texts.values() for name in PRINTED.finditer(text)]
    cited = [name.removeprefix("finding.") for name in printed if name.startswith("finding.")]
    return with_findings(toml, [key for key in dict.fromkeys(cited) if key in survey.citable])


def letter_file(work: Work) -> LetterFile:
    """Read what the letter declares; while it cannot be read, it declares nothing and is called by its folder."""
    return _declared(_standing(work), work.letter)


def _standing(work: Work) -> CampaignFolder:
    """Make a campaign of its own files and this letter's as they stand on the desk."""
    return CampaignFolder.of(
        work.campaign, {**work.shared, **{name: text.encode() for name, text in work.files.items()}}
    )


def _declared(folder: CampaignFolder, letter: str) -> LetterFile:
    try:
        return folder.letter(letter)
    except TomlProblems:
        return LetterFile(title=Wording.same(letter), ask=Wording.same(letter))


@remembered(64)
def _labelled(folder: CampaignFolder, letter: str) -> Labels:
    """Label what a letter may print and asks: made once for the same files, of which each page asks several times."""
    texts = _texts(folder, letter)
    return label_making.make(folder.campaign(), folder.survey(), _declared(folder, letter), texts=texts)


def _texts(folder: CampaignFolder, letter: str) -> Mapping[Language, str]:
    held = dict(folder.files)
    return {language: held.get(f"{letter}/{name}", b"").decode() for language, name in TEXTS.items()}


def _as_text(held: bytes) -> bytes:
    """Give a file as an editor reads it: in UTF-8, its lines ended as everywhere."""
    return held.decode("utf-8-sig", "replace").replace("\r\n", "\n").encode()


def with_files(work: Work, files: Mapping[str, str]) -> Work:
    """Give the same desk with other files on it, nothing kept."""
    return replace(work, files=files, draft=None)


@lru_cache(maxsize=64)
def checked(folder: CampaignFolder) -> Sequence[Problem]:
    """Check one letter with its campaign's own files; what is wrong with those is said elsewhere."""
    [letter] = folder.letters()
    return tuple(problem for problem in check_folder(folder) if problem.file.startswith(folder.path(f"{letter}/")))


def _held(work: Work, labels: Labels) -> Manuscript:
    """Give the paragraphs as typed, or read them out of the texts."""
    if work.draft is not None and work.draft.typed is not None:
        try:
            return by_words(writing.load(work.draft.typed), labels)
        except ValueError:
            pass  # written by another version of the site: the files hold the same words
    return writing.read(work.texts(), labels)
