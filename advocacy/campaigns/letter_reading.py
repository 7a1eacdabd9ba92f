"""One letter as its editor reads it: its paragraphs with their labels, the files that they make, what is wrong."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache

from advocacy.campaigns import labels as label_making
from advocacy.campaigns import manuscript as writing
from advocacy.campaigns.campaign import CampaignFile, LetterFile, LetterTemplate
from advocacy.campaigns.check import check_folder
from advocacy.campaigns.folder import LETTER, TEXTS, CampaignFolder
from advocacy.campaigns.kept_labels import by_name, by_words
from advocacy.campaigns.labels import Labels
from advocacy.campaigns.letter_toml import with_findings
from advocacy.campaigns.manuscript import Manuscript, UnknownLabel
from advocacy.campaigns.prose import PRINTED
from advocacy.campaigns.remembered import remembered
from advocacy.findings import Survey
from advocacy.language import Language, Wording
from advocacy.problems import Problem
from advocacy.toml_source import TomlProblems

LONGEST = 20_000
"""The most characters a text may have, as the letter's language has it."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What a draft keeps: a document's files as text, and a letter's paragraphs where they were typed as such."""

    files: Mapping[str, str]
    paragraphs: str | None = None
    """As `manuscript.dump` gives them."""


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

    def with_manuscript(self, manuscript: Manuscript) -> "Reading":
        """Return the same letter with other paragraphs."""
        texts, unknown = writing.write(manuscript, self.labels)
        toml = in_step(self.toml, texts, self.survey)
        files = {f"{self.letter}/{TEXTS[language]}": text for language, text in texts.items()}
        files[f"{self.letter}/{LETTER}"] = toml
        folder = self.folder.only("").with_texts(files)
        return replace(self, folder=folder, manuscript=manuscript, unknown=unknown, texts=texts, toml=toml)

    @property
    def typed(self) -> Typed:
        """What a draft keeps."""
        files = {f"{self.letter}/{TEXTS[language]}": text for language, text in self.texts.items()}
        return Typed(
            {f"{self.letter}/{LETTER}": self.toml, **files}, writing.dump(by_name(self.manuscript, self.labels))
        )

    @property
    def is_too_long(self) -> bool:
        """Whether a text has more characters than any letter may."""
        return any(len(text) > LONGEST for text in (*self.texts.values(), self.toml))

    def problems(self) -> Sequence[Problem]:
        """Return all that is wrong with this letter's files; a text that is too long is not read any further."""
        return () if self.is_too_long else letter_problems(self.folder)

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


def read_letter(folder: CampaignFolder, letter: str, paragraphs: str | None = None) -> Reading | None:
    """Read a letter as a campaign's files have it; None while the campaign's own files cannot be read.

    `paragraphs` are those of a draft, which may hold what no file can: a paragraph that is still empty.
    """
    if own_problems(folder):
        return None
    labels = labels_of(folder, letter)
    manuscript = writing.read(texts_of(folder, letter), labels)
    with suppress(ValueError):  # written by another version of the site: the files hold the same words
        manuscript = by_words(writing.load(paragraphs), labels) if paragraphs is not None else manuscript
    toml = _text(folder, f"{letter}/{LETTER}")
    return Reading(
        folder, letter, folder.campaign(), folder.survey(), file_of(folder, letter), labels, manuscript, (), {}, toml
    ).with_manuscript(manuscript)


def own_problems(folder: CampaignFolder) -> Sequence[Problem]:
    """Return what keeps a campaign's own files from being read, and with them every letter of it."""
    found: list[Problem] = []
    for read in (folder.campaign, folder.survey):
        try:
            read()
        except TomlProblems as refused:
            found += refused.problems
    return found


@lru_cache(maxsize=64)
def letter_problems(folder: CampaignFolder) -> Sequence[Problem]:
    """Check the one letter of a campaign; what is wrong with the campaign's own files is said elsewhere."""
    [letter] = folder.letters()
    return tuple(problem for problem in check_folder(folder) if problem.file.startswith(folder.path(f"{letter}/")))


def in_step(toml: str, texts: Mapping[Language, str], survey: Survey) -> str:
    """Let a letter's file list the findings that its texts cite, and no others."""
    printed = [name[1] for text in texts.values() for name in PRINTED.finditer(text)]
    cited = [name.removeprefix("finding.") for name in printed if name.startswith("finding.")]
    return with_findings(toml, [key for key in dict.fromkeys(cited) if key in survey.citable])


def file_of(folder: CampaignFolder, letter: str) -> LetterFile:
    """Return what a letter declares; while it cannot be read, it declares nothing and is called by its folder."""
    try:
        return folder.letter(letter)
    except TomlProblems:
        return LetterFile(title=Wording.same(letter), ask=Wording.same(letter))


@remembered(64)
def labels_of(folder: CampaignFolder, letter: str) -> Labels:
    """Label what a letter may print and asks: made once for the same files, of which each page asks several times."""
    texts = texts_of(folder, letter)
    return label_making.make(folder.campaign(), folder.survey(), file_of(folder, letter), texts=texts)


def texts_of(folder: CampaignFolder, letter: str) -> Mapping[Language, str]:
    """Return a letter's texts, "" for one that is missing; what is not UTF-8 is shown by a sign in its place."""
    return {language: _text(folder, f"{letter}/{name}") for language, name in TEXTS.items()}


def _text(folder: CampaignFolder, name: str) -> str:
    return (folder.content(name) or b"").decode("utf-8-sig", "replace").replace("\r\n", "\n")
