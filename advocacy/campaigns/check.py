"""Everything that can be wrong with a campaign's files, each with its place and its mend."""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from advocacy.campaigns import declarations
from advocacy.campaigns.blanks import gaps
from advocacy.campaigns.campaign import CampaignFile, LetterFile, LetterTemplate
from advocacy.campaigns.folder import CAMPAIGN, FINDINGS, LETTER, NOTE, TEXTS, CampaignFolder
from advocacy.campaigns.length import longest_words
from advocacy.campaigns.parity import differences
from advocacy.campaigns.places import TomlPlaces, line_and_column
from advocacy.campaigns.prose import TAG, Remark, doubled, remarks
from advocacy.findings import Survey
from advocacy.language import Language
from advocacy.toml_source import Path, Problem, TomlProblems

MOST_WORDS = 420
"""Words on one page of a letter, the citizen's own among them (90 at most)."""
AROUND = 35
"""Words around the paragraphs of a letter: date, recipient, appel, closing, signature; measured on the shipped ones."""
FOLDER_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_NAME = 60
RESERVED = {
    # Addresses of pages that stand where a campaign's would, and what the campaign's own two files are called.
    "campaign": frozenset({"accessibility", "confirm", "help", "privacy", "receipt"}),
    "letter": frozenset({"campaign", "findings"}),
}
CITE = "cite {{ finding.… }} or {{ survey.… }} instead"
LEAVE_OUT = "say it without the figure, which letters cite from findings.toml"
FILES = f"a letter's folder holds {', '.join((LETTER, *TEXTS.values()))}"
PLAIN = "blanks are for texts and the source note; write the words themselves"
ONE_PAGE = f"one page holds {MOST_WORDS}, so shorten the longest"

Read = TypeVar("Read")


def check_folder(folder: CampaignFolder) -> list[Problem]:
    """Check one campaign whole; an empty list means that its letters are ready."""
    problems: list[Problem] = []
    campaign, survey = _tried(folder.campaign, problems), _tried(folder.survey, problems)
    problems += _names_and_files(folder)
    for name, _ in folder.files:
        if name.endswith(".toml"):
            problems += _toml_words(folder, name, survey)
    for letter in folder.letters():
        problems += _Letter(folder, letter, campaign, survey).problems()
    return sorted(set(problems))


def _tried(read: Callable[[], Read], problems: list[Problem]) -> Read | None:
    try:
        return read()
    except TomlProblems as found:
        problems += found.problems
        return None


def _names_and_files(folder: CampaignFolder) -> Iterator[Problem]:
    yield from _name(folder.path(CAMPAIGN), "campaign", folder.name)
    for name in folder.unknown_files():
        yield Problem(folder.path(name), 1, 1, f"this is no file of a campaign; take it away or rename it: {FILES}")
    for letter in folder.letters():
        yield from _name(folder.path(f"{letter}/{LETTER}"), "letter", letter)
    if not folder.letters():
        yield Problem(folder.path(CAMPAIGN), 1, 1, f"the campaign has no letter; add a folder with a {LETTER}")


def _name(file: str, what: str, name: str) -> Iterator[Problem]:
    if not FOLDER_NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        sentence = (
            f"“{name}” cannot be a folder's name here; take small letters, digits and hyphens, {LONGEST_NAME} at most"
        )
        yield Problem(file, 1, 1, sentence)
    if name in RESERVED[what]:
        yield Problem(file, 1, 1, f"“{name}” is taken; give the {what}'s folder another name")


def _toml_words(folder: CampaignFolder, name: str, survey: Survey | None) -> Iterator[Problem]:
    """Read the words in a TOML file as prose too; the survey's own file is the one place where figures are typed."""
    try:
        text = folder.text(name)
        table = tomllib.loads(text)
    except (TomlProblems, tomllib.TOMLDecodeError):
        return  # said by whoever reads the file whole
    places = TomlPlaces(text)
    numbers = None if name == FINDINGS else survey.numbers if survey else ()
    for path, language, words in _worded(table, ()):
        filled_in = name == CAMPAIGN and path[0] == NOTE
        found = [*remarks(words, language, numbers, instead=CITE if filled_in else LEAVE_OUT)]
        if not filled_in:
            found += [Remark(tag.start(), f"“{tag[0]}” is not filled in here; {PLAIN}") for tag in TAG.finditer(words)]
        for start, sentence in found:
            yield Problem(folder.path(name), *places.words(path, words, start), sentence)


def _worded(value: Any, path: Path) -> Iterator[tuple[Path, Language, str]]:
    """Give every text that is written once per language, with its path."""
    items: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    for key, inner in items:
        if isinstance(inner, str) and key in set(Language):
            yield (*path, key), Language(key), inner
        else:
            yield from _worded(inner, (*path, key))


@dataclass(frozen=True, slots=True)
class _Letter:
    """One letter under check; `campaign` and `survey` are None where their files cannot be read."""

    folder: CampaignFolder
    name: str
    campaign: CampaignFile | None
    survey: Survey | None

    def problems(self) -> list[Problem]:
        """Give all that is wrong, whatever else is: one broken file hides nothing in the others."""
        problems: list[Problem] = []
        letter = _tried(lambda: self.folder.letter(self.name), problems)
        texts: dict[str, str] = {}
        for language, name in TEXTS.items():
            text = _tried(partial(self.folder.text, f"{self.name}/{name}"), problems)
            if text is not None:
                texts[name] = text
                numbers = self.survey.numbers if self.survey else ()
                problems += self._in_text(name, text, remarks(text, language, numbers, instead=CITE))
        if letter is not None:
            problems += self._declared(letter, texts)
        said = {(problem.file, problem.line, problem.column) for problem in problems}
        refused: list[Problem] = []
        template = _tried(partial(self.folder.template, self.name), refused)
        problems += [problem for problem in refused if (problem.file, problem.line, problem.column) not in said]
        return problems if template is None else [*problems, *self._compared(template)]

    def _in_text(self, name: str, text: str, found: Iterable[Remark]) -> Iterator[Problem]:
        for start, sentence in found:
            yield Problem(self.folder.path(f"{self.name}/{name}"), *line_and_column(text, start), sentence)

    def _declared(self, letter: LetterFile, texts: Mapping[str, str]) -> Iterator[Problem]:
        """Hold what is declared against the survey, the campaign's lists and the texts."""
        name = f"{self.name}/{LETTER}"
        places = TomlPlaces(self.folder.text(name))
        found = [*declarations.fields(letter, self.campaign, texts, places=places)]
        if self.survey is not None:
            found += declarations.findings(letter, self.survey, texts, places=places)
            for language, file in TEXTS.items():
                text = texts.get(file, "")
                yield from self._in_text(file, text, declarations.uncitable(text, letter, self.survey))
                yield from self._in_text(file, text, doubled(text, declarations.spoken(self.survey, language)))
        for line, column, sentence in found:
            yield Problem(self.folder.path(name), line, column, sentence)

    def _compared(self, template: LetterTemplate) -> Iterator[Problem]:
        """Hold the languages against one another, and each against gaps and the length of a page."""
        first, *others = Language
        for other in others:
            for line, sentence in differences(template.texts[first], template.texts[other], name=TEXTS[first]):
                yield Problem(self.folder.path(f"{self.name}/{TEXTS[other]}"), line, 1, sentence)
        for language, program in template.texts.items():
            for line, name in gaps(program, template.fields):
                sentence = f"“{name}” can be empty and leave a gap; put it inside {{% if {name} %}} … {{% endif %}}"
                yield Problem(self.folder.path(f"{self.name}/{TEXTS[language]}"), line, 1, sentence)
            longest = {field.key: field.longest(language) for field in template.fields}
            words = longest_words(program.blocks, longest) + len(template.notes[language].split()) + AROUND
            if words > MOST_WORDS:
                sentence = f"with its longest alternatives and own words the letter has about {words} words; {ONE_PAGE}"
                yield Problem(self.folder.path(f"{self.name}/{TEXTS[language]}"), 1, 1, sentence)
