"""A letter in the staff's editor: its paragraphs with their labels, the files they make, their titles and problems."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache, partial

from advocacy.campaigns.campaign_files import CampaignFile, LetterFile
from advocacy.campaigns.campaign_folder import LETTER, TEXTS, CampaignFolder, cached_by_content
from advocacy.campaigns.checks.campaign_check import check_folder
from advocacy.campaigns.checks.letter_check import FIXED_WORDS, longest_words
from advocacy.campaigns.editor import manuscript as manuscripts
from advocacy.campaigns.editor import manuscript_source
from advocacy.campaigns.editor.fixes import Fix, fixes
from advocacy.campaigns.editor.labels import Labels, case_title, find_label, make_labels
from advocacy.campaigns.editor.manuscript import Manuscript
from advocacy.campaigns.editor.manuscript_source import UnknownLabel
from advocacy.campaigns.editor.notation import braces_to_labels, labels_to_names, names_to_labels, split_labels
from advocacy.campaigns.grammar.tokens import PRINTED_NAME
from advocacy.campaigns.letter_template import LetterTemplate
from advocacy.campaigns.letter_toml import with_finding_list
from advocacy.findings import Survey
from advocacy.language import Language, Wording
from advocacy.messages import Message, message
from advocacy.problems import Place, Problem, complaint
from advocacy.toml_source import read_or_report

MAX_CHARACTERS = 20_000
"""Characters of a text with its braces, at most."""


@dataclass(frozen=True, slots=True)
class DraftContent:
    """The content of a draft: a document's files as text, and a letter's paragraphs where they were typed as such.

    `paragraphs` are a manuscript in JSON, with the names of its labels.
    """

    files: Mapping[str, str]
    paragraphs: str | None = None


@dataclass(frozen=True, slots=True)
class EditorLetter:
    """A letter as its editor has it: its paragraphs, the labels they are written with, and the files they make."""

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
        texts, unknown = manuscript_source.write(manuscript, self.labels)
        toml = with_cited_findings(self.toml, texts, self.survey)
        letter = replace(self, manuscript=manuscript, unknown=unknown, texts=texts, toml=toml)
        return replace(letter, folder=self.folder.only("").with_texts(letter.files))

    @property
    def files(self) -> Mapping[str, str]:
        texts = {f"{self.name}/{TEXTS[language]}": text for language, text in self.texts.items()}
        return {f"{self.name}/{LETTER}": self.toml, **texts}

    @property
    def draft_content(self) -> DraftContent:
        return DraftContent(self.files, manuscripts.to_json(labels_to_names(self.manuscript, self.labels)))

    @property
    def is_too_long(self) -> bool:
        """Whether a text has more characters than any letter may."""
        return any(len(text) > MAX_CHARACTERS for text in (*self.texts.values(), self.toml))

    def problems(self) -> Sequence[Problem]:
        """Return all that is wrong with this letter's files; a text that is too long is not read any further."""
        return () if self.is_too_long else letter_problems(self.folder)

    def can_be_sent(self) -> bool:
        """Whether nothing in the texts is refused, so that the letter can be composed whole."""
        return not self.is_too_long and read_or_report(partial(self.folder.template, self.name)) is not None

    def template(self) -> LetterTemplate | None:
        """Return the letter ready to be previewed, refused paragraphs left out; None while it cannot be."""
        readable = None if self.is_too_long else read_or_report(partial(self.folder.readable_template, self.name))
        return readable[0] if readable else None


def open_letter(folder: CampaignFolder, letter: str, paragraphs: str | None = None) -> EditorLetter | None:
    """Read a letter as a campaign's files have it; None while the campaign's own files cannot be read.

    `paragraphs` are those of a draft, which may hold what no file can: a paragraph that is still empty.
    """
    if shared_file_problems(folder):
        return None
    labels = letter_labels(folder, letter)
    manuscript = manuscript_source.read(letter_texts(folder, letter), labels)
    with suppress(ValueError):  # written by another version of the site: the files hold the same words
        manuscript = (
            names_to_labels(manuscripts.from_json(paragraphs), labels) if paragraphs is not None else manuscript
        )
    file, toml = letter_file(folder, letter), _text(folder, f"{letter}/{LETTER}")
    campaign, survey = folder.campaign(), folder.survey()
    opened = EditorLetter(folder, letter, campaign, survey, file, labels, manuscript, (), {}, toml)
    return opened.with_manuscript(manuscript)


def shared_file_problems(folder: CampaignFolder) -> Sequence[Problem]:
    """Return what keeps a campaign's own files from being read, and with them every letter of it."""
    found: list[Problem] = []
    read_or_report(folder.campaign, found)
    read_or_report(folder.survey, found)
    return found


@lru_cache(maxsize=64)
def letter_problems(folder: CampaignFolder) -> Sequence[Problem]:
    """Check the one letter of a campaign; the campaign's own files are left out."""
    [letter] = folder.letters()
    return tuple(problem for problem in check_folder(folder) if problem.file.startswith(folder.path(f"{letter}/")))


def with_cited_findings(toml: str, texts: Mapping[Language, str], survey: Survey) -> str:
    """Return a letter's file that lists the findings its texts cite, and no others."""
    printed = [name[1] for text in texts.values() for name in PRINTED_NAME.finditer(text)]
    cited = [name.removeprefix("finding.") for name in printed if name.startswith("finding.")]
    return with_finding_list(toml, [key for key in dict.fromkeys(cited) if key in survey.citable])


def letter_file(folder: CampaignFolder, letter: str) -> LetterFile:
    """Return what a letter declares; while it cannot be read, it declares nothing and is called by its folder."""
    described = read_or_report(partial(folder.letter, letter))
    return described or LetterFile(title=Wording.same(letter), ask=Wording.same(letter))


@cached_by_content(64)
def letter_labels(folder: CampaignFolder, letter: str) -> Labels:
    """Return the labels of a letter; made once for the same files, as each page needs them several times."""
    texts = letter_texts(folder, letter)
    return make_labels(folder.campaign(), folder.survey(), letter_file(folder, letter), texts=texts)


def letter_texts(folder: CampaignFolder, letter: str) -> Mapping[Language, str]:
    """Return a letter's texts, "" for one that is missing; what is not UTF-8 is replaced by a sign."""
    return {language: _text(folder, f"{letter}/{name}") for language, name in TEXTS.items()}


def _text(folder: CampaignFolder, name: str) -> str:
    return (folder.content(name) or b"").decode("utf-8-sig", "replace").replace("\r\n", "\n")


SUBJECT = message("Subject")
PARAGRAPH = message("Paragraph %(number)s")
VARIANT = message("variant %(number)s")
TEXT = message("%(language)s text")


def section_titles(letter: EditorLetter, language: Language) -> Sequence[str]:
    """Name every section: the subject, a field that is alone in it, or its number."""
    titles, number = [], 0
    fields = {
        f"[{letter.labels.by_name[field.key].words.in_language(language)}]": field.label.in_language(language)
        for field in letter.file.fields
        if field.key in letter.labels.by_name
    }
    for section in letter.manuscript.sections:
        number += not section.is_subject
        words = {case.text(language).strip() for variant in section.variants for case in variant.cases}
        if section.is_subject:
            titles.append(SUBJECT.in_language(language))
        elif len(section.variants) == len(words) == 1 and (field := fields.get(next(iter(words)))):
            titles.append(field)
        else:
            titles.append(PARAGRAPH.with_params(number=number).in_language(language))
    return titles


def cell_name(letter: EditorLetter, key: str, of: Language, *, language: Language) -> str:
    """Name a cell for whoever reads `language`: "Paragraph 3, variant 2, French text"."""
    section, variant, case = (int(part[1:]) for part in key.split("."))
    variants = letter.manuscript.sections[section].variants
    names = [section_titles(letter, language)[section]]
    if len(variants) > 1:
        names.append(VARIANT.with_params(number=variant + 1).in_language(language))
    if len(variants[variant].cases) > 1:
        names.append(case_title(letter.labels, variants[variant].cases[case].test, language))
    return ", ".join([*names, TEXT.with_params(language=of.name_in(language)).in_language(language)])


def editor_problems(letter: EditorLetter) -> Iterator[Problem]:
    """Yield what is wrong in a letter, each once: that of a label or a paragraph is left out for the file."""
    yield from _unknown_labels(letter)
    problems = letter.problems()
    lacking = {name for one in problems if one.code == "language-lacks" for name in one.params["names"]}
    parted = any(one.code in {"languages-part", "language-ends"} for one in problems)
    unused: set[str] = set()
    for one in problems:
        key = one.params.get("key", "")
        if (
            (one.code == "field-unused" and key in unused)
            or (one.code == "to-fill-in" and letter.unknown)
            or (one.code == "finding-not-cited" and (parted or f"finding.{key}" in lacking))
        ):
            continue
        if one.code == "field-unused":
            unused.add(key)
        yield one


def _unknown_labels(letter: EditorLetter) -> Iterator[Problem]:
    """Yield the words in brackets that are no label, at their places in the texts."""
    nearest = {(one.key, one.language, one.words): one.nearest for one in letter.unknown}
    for language, name in TEXTS.items():
        for number, line in enumerate(source_lines(letter)[name] if letter.unknown else (), start=1):
            column = 1
            for piece in line.pieces:
                if piece.unknown is not None:
                    near = nearest.get((line.key, language, piece.unknown), "")
                    label = find_label(letter.labels, near, language) if near else None
                    params = {"text": piece.unknown, "nearest": f"[{near}]" if near else ""}
                    place = Place(letter.folder.path(f"{letter.name}/{name}"), number, column, len(piece.source))
                    yield complaint("label-unknown", **params, instead=label.source if label else "").at(place)
                column += len(piece.source)


def find_fix(letter: EditorLetter, key: str) -> Fix | None:
    """Return the fix of this key, None where it does not belong to the text any more."""
    found = (fix for problem in editor_problems(letter) for fix in fixes(problem) if fix.key == key)
    return next(found, None)


def source_lines(letter: EditorLetter) -> Mapping[str, Sequence[manuscript_source.SourceLine]]:
    """Return the lines of each text by its file, with the cells that they come from."""
    return {
        name: manuscript_source.lay_out(letter.manuscript, letter.labels, language) for language, name in TEXTS.items()
    }


def letter_lengths(letter: EditorLetter) -> dict[Language, int]:
    """Count the words of the longest letter in each language; nothing while it cannot be composed."""
    template = letter.template()
    if template is None:
        return {}
    return {
        language: longest_words(program.blocks, {field.key: field.max_words(language) for field in template.fields})
        + len(template.notes[language].split())
        + FIXED_WORDS
        for language, program in template.texts.items()
    }


NOTE_LABELS = ("survey.", "if survey.", "elif survey.", "else", "endif")
"""How the names begin that a source note may use."""


@cached_by_content(32)
def note_labels(folder: CampaignFolder) -> Labels | None:
    """Return the labels of a source note; None where the campaign or its survey cannot be read."""
    campaign, survey = read_or_report(folder.campaign), read_or_report(folder.survey)
    if campaign is None or survey is None:
        return None
    nothing = LetterFile(title=campaign.name, ask=campaign.ask)
    labels = make_labels(campaign, survey, nothing, texts=campaign.source_note or {})
    return Labels.of(label for name, label in labels.by_name.items() if name.startswith(NOTE_LABELS))


def note_to_labels(note: str, labels: Labels | None, language: Language) -> str:
    return braces_to_labels(note, labels, language) if labels else note


def note_to_braces(typed: str, labels: Labels | None, language: Language) -> tuple[str, Message | None]:
    """Return a source note as the file has it, and the problem of brackets that are no label, if any."""
    if labels is None:
        return typed, None
    pieces = list(split_labels(typed, labels, language))
    unknown = next((piece.unknown for piece in pieces if piece.unknown is not None), None)
    problem = None
    if unknown is not None:
        problem = message(
            "The survey has nothing called “%(words)s”. Use one of the labels listed below the text.", words=unknown
        )
    return "".join(piece.source for piece in pieces), problem
