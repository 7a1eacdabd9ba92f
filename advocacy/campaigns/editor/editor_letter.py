"""What is wrong in a letter as its editor tells it: each thing once, and words in brackets that stand for nothing."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache

from advocacy.campaigns.campaign_files import CampaignFile, LetterFile, LetterTemplate
from advocacy.campaigns.campaign_folder import LETTER, TEXTS, CampaignFolder, cached_by_content
from advocacy.campaigns.checks.campaign_check import check_folder
from advocacy.campaigns.checks.letter_check import FIXED_WORDS, longest_words
from advocacy.campaigns.editor import labels as label_making
from advocacy.campaigns.editor import labels as labelling
from advocacy.campaigns.editor import manuscript as writing
from advocacy.campaigns.editor import manuscript_source
from advocacy.campaigns.editor.fixes import Fix, fixes
from advocacy.campaigns.editor.labels import Labels, case_title, find_label
from advocacy.campaigns.editor.manuscript import Manuscript, Section
from advocacy.campaigns.editor.manuscript_source import UnknownLabel
from advocacy.campaigns.editor.notation import braces_to_labels, labels_to_names, names_to_labels, split_labels
from advocacy.campaigns.grammar.tokens import PRINTED
from advocacy.campaigns.letter_toml import with_finding_list
from advocacy.findings import Survey
from advocacy.language import Language, Wording
from advocacy.messages import Message, message
from advocacy.problems import Place, Problem, complaint
from advocacy.toml_source import TomlProblems

OFFERED = ("survey.", "if survey.", "elif survey.", "else", "endif")
"""How the names begin that a source note may use."""
UNKNOWN = message("The survey has nothing called “%(words)s”. Use one of the labels listed below the text.")


@cached_by_content(32)
def note_labels(folder: CampaignFolder) -> Labels | None:
    """Label what a source note may print and ask; None where the campaign or its survey cannot be read."""
    try:
        campaign, survey = folder.campaign(), folder.survey()
    except TomlProblems:
        return None
    nothing = LetterFile(title=campaign.name, ask=campaign.ask)
    made = labelling.make_labels(campaign, survey, nothing, texts=campaign.source_note or {})
    return Labels(
        {name: label for name, label in made.by_name.items() if name.startswith(OFFERED)},
        *(
            {
                language: {words: label for words, label in named.items() if label.name.startswith(OFFERED)}
                for language, named in called.items()
            }
            for called in (made.by_words, made.by_folded)
        ),
    )


def with_labels(note: str, labels: Labels | None, language: Language) -> str:
    """Show a note with its labels in brackets."""
    return braces_to_labels(note, labels, language) if labels else note


def with_braces(typed: str, labels: Labels | None, language: Language) -> tuple[str, Message | None]:
    """Read a note back as the file holds it; and say which brackets, if any, are called after nothing."""
    if labels is None:
        return typed, None
    found = list(split_labels(typed, labels, language))
    unknown = next((piece.unknown for piece in found if piece.unknown is not None), None)
    wrong = UNKNOWN.with_params(words=unknown) if unknown is not None else None
    return "".join(piece.source for piece in found), wrong


MAX_CHARACTERS = 20_000
"""The most characters a text may have, as the letter's language has it."""


@dataclass(frozen=True, slots=True)
class DraftContent:
    """What a draft keeps: a document's files as text, and a letter's paragraphs where they were typed as such."""

    files: Mapping[str, str]
    paragraphs: str | None = None
    """As `manuscript.dump` gives them."""


@dataclass(frozen=True, slots=True)
class EditorLetter:
    """A letter read: its paragraphs, the labels they are written with, and the files they make."""

    folder: CampaignFolder
    name: str
    campaign: CampaignFile
    survey: Survey
    file: LetterFile
    labels: Labels
    manuscript: Manuscript
    unknown: Sequence[UnknownLabel]
    texts: Mapping[Language, str]
    toml: str

    def with_manuscript(self, manuscript: Manuscript) -> "EditorLetter":
        """Return the same letter with other paragraphs."""
        texts, unknown = manuscript_source.write(manuscript, self.labels)
        toml = with_cited_findings(self.toml, texts, self.survey)
        files = {f"{self.name}/{TEXTS[language]}": text for language, text in texts.items()}
        files[f"{self.name}/{LETTER}"] = toml
        folder = self.folder.only("").with_texts(files)
        return replace(self, folder=folder, manuscript=manuscript, unknown=unknown, texts=texts, toml=toml)

    @property
    def draft_content(self) -> DraftContent:
        """What a draft keeps."""
        files = {f"{self.name}/{TEXTS[language]}": text for language, text in self.texts.items()}
        return DraftContent(
            {f"{self.name}/{LETTER}": self.toml, **files},
            writing.to_json(labels_to_names(self.manuscript, self.labels)),
        )

    @property
    def is_too_long(self) -> bool:
        """Whether a text has more characters than any letter may."""
        return any(len(text) > MAX_CHARACTERS for text in (*self.texts.values(), self.toml))

    def problems(self) -> Sequence[Problem]:
        """Return all that is wrong with this letter's files; a text that is too long is not read any further."""
        return () if self.is_too_long else letter_problems(self.folder)

    def can_be_sent(self) -> bool:
        """Whether nothing in the texts is refused, so that the letter can be composed whole."""
        try:
            self.folder.template(self.name)
        except TomlProblems:
            return False
        return not self.is_too_long

    def template(self) -> LetterTemplate | None:
        """Return the letter ready to be previewed, refused paragraphs left out; None while it cannot be."""
        if self.is_too_long:
            return None
        try:
            return self.folder.readable_template(self.name)[0]
        except TomlProblems:
            return None


def open_letter(folder: CampaignFolder, letter: str, paragraphs: str | None = None) -> EditorLetter | None:
    """Read a letter as a campaign's files have it; None while the campaign's own files cannot be read.

    `paragraphs` are those of a draft, which may hold what no file can: a paragraph that is still empty.
    """
    if shared_file_problems(folder):
        return None
    labels = letter_labels(folder, letter)
    manuscript = manuscript_source.read(letter_texts(folder, letter), labels)
    with suppress(ValueError):  # written by another version of the site: the files hold the same words
        manuscript = names_to_labels(writing.from_json(paragraphs), labels) if paragraphs is not None else manuscript
    toml = _text(folder, f"{letter}/{LETTER}")
    return EditorLetter(
        folder,
        letter,
        folder.campaign(),
        folder.survey(),
        letter_file(folder, letter),
        labels,
        manuscript,
        (),
        {},
        toml,
    ).with_manuscript(manuscript)


def shared_file_problems(folder: CampaignFolder) -> Sequence[Problem]:
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


def with_cited_findings(toml: str, texts: Mapping[Language, str], survey: Survey) -> str:
    """Let a letter's file list the findings that its texts cite, and no others."""
    printed = [name[1] for text in texts.values() for name in PRINTED.finditer(text)]
    cited = [name.removeprefix("finding.") for name in printed if name.startswith("finding.")]
    return with_finding_list(toml, [key for key in dict.fromkeys(cited) if key in survey.citable])


def letter_file(folder: CampaignFolder, letter: str) -> LetterFile:
    """Return what a letter declares; while it cannot be read, it declares nothing and is called by its folder."""
    try:
        return folder.letter(letter)
    except TomlProblems:
        return LetterFile(title=Wording.same(letter), ask=Wording.same(letter))


@cached_by_content(64)
def letter_labels(folder: CampaignFolder, letter: str) -> Labels:
    """Label what a letter may print and asks: made once for the same files, of which each page asks several times."""
    texts = letter_texts(folder, letter)
    return label_making.make_labels(folder.campaign(), folder.survey(), letter_file(folder, letter), texts=texts)


def letter_texts(folder: CampaignFolder, letter: str) -> Mapping[Language, str]:
    """Return a letter's texts, "" for one that is missing; what is not UTF-8 is shown by a sign in its place."""
    return {language: _text(folder, f"{letter}/{name}") for language, name in TEXTS.items()}


def _text(folder: CampaignFolder, name: str) -> str:
    return (folder.content(name) or b"").decode("utf-8-sig", "replace").replace("\r\n", "\n")


SUBJECT = message("Subject")
PARAGRAPH = message("Paragraph %(number)s")
VARIANT = message("variant %(number)s")
TEXT_NAMES = {
    Language.EN: message("English text"),
    Language.FR: message("French text"),
}
"""The text of each language."""


def section_titles(read: EditorLetter, language: Language) -> Sequence[str]:
    """Name every section: the subject, a field that stands alone, or its number."""
    return [_title(section, read, place, language=language) for place, section in enumerate(read.manuscript.sections)]


def cell_name(read: EditorLetter, key: str, of: Language, *, language: Language) -> str:
    """Name a cell for whoever reads `language`: "Paragraph 3, variant 2, French"."""
    section, variant, case = (int(part[1:]) for part in key.split("."))
    held = read.manuscript.sections[section]
    named = [_title(held, read, section, language=language)]
    if len(held.variants) > 1:
        named.append(VARIANT.with_params(number=variant + 1).in_language(language))
    if len(held.variants[variant].cases) > 1:
        named.append(case_title(read.labels, held.variants[variant].cases[case].test, language))
    return ", ".join([*named, TEXT_NAMES[of].in_language(language)])


def _title(section: Section, read: EditorLetter, place: int, *, language: Language) -> str:
    if section.is_subject:
        return SUBJECT.in_language(language)
    if len(section.variants) == 1:
        [variant] = section.variants
        words = {case.texts.get(language, "").strip() for case in variant.cases}
        for field in read.file.fields:
            label = read.labels.by_name.get(field.key)
            if label and words == {f"[{label.words.in_language(language)}]"}:
                return field.label.in_language(language)
    before = sum(1 for other in read.manuscript.sections[:place] if not other.is_subject)
    return PARAGRAPH.with_params(number=before + 1).in_language(language)


def editor_problems(read: EditorLetter) -> Iterator[Problem]:
    """Yield what is wrong in a letter once: what is told of a label, or at its paragraph, is not told of the file."""
    yield from _unknown_labels(read)
    problems = read.problems()
    lacking = {name for one in problems if one.code == "language-lacks" for name in one.params["names"]}
    parted = any(one.code in {"languages-part", "language-ends"} for one in problems)
    unused = {one.params["key"]: one for one in reversed(problems) if one.code == "field-unused"}
    for one in problems:
        if one.code == "field-unused" and unused[one.params["key"]] is not one:
            continue
        is_label = one.code == "to-fill-in" and read.unknown
        if not (
            is_label or (one.code == "finding-not-cited" and (parted or f"finding.{one.params['key']}" in lacking))
        ):
            yield one


def _unknown_labels(read: EditorLetter) -> Iterator[Problem]:
    """Yield the words in brackets that no label is called by, at their places in the texts."""
    nearest = {(one.key, one.language, one.words): one.nearest for one in read.unknown}
    for side, name in TEXTS.items():
        for number, line in enumerate(source_lines(read)[name] if read.unknown else (), start=1):
            column = 1
            for piece in line.pieces:
                if piece.unknown is not None:
                    near = nearest.get((line.key, side, piece.unknown), "")
                    label = find_label(read.labels, near, side) if near else None
                    params = {"text": piece.unknown, "nearest": f"[{near}]" if near else ""}
                    place = Place(read.folder.path(f"{read.name}/{name}"), number, column, len(piece.source))
                    yield complaint("label-unknown", **params, instead=label.source if label else "").at(place)
                column += len(piece.source)


def find_fix(read: EditorLetter, key: str) -> Fix | None:
    """Return the fix of this key, None where it does not belong to the text any more."""
    found = (fix for problem in editor_problems(read) for fix in fixes(problem) if fix.key == key)
    return next(found, None)


def source_lines(read: EditorLetter) -> Mapping[str, Sequence[manuscript_source.SourceLine]]:
    """Return the lines of each text by its file, with the cells that they come from."""
    return {name: manuscript_source.lay_out(read.manuscript, read.labels, side) for side, name in TEXTS.items()}


def letter_lengths(read: EditorLetter) -> dict[Language, int]:
    """Count the words of the longest letter in each language; nothing while it cannot be composed."""
    template = read.template()
    if template is None:
        return {}
    return {
        language: longest_words(program.blocks, {field.key: field.longest(language) for field in template.fields})
        + len(template.notes[language].split())
        + FIXED_WORDS
        for language, program in template.texts.items()
    }
