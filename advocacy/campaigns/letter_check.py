"""Everything that can be wrong with one letter: its texts, what it declares, how its languages compare."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import TypeVar

from advocacy.campaigns import declarations
from advocacy.campaigns.blanks import gap, gaps
from advocacy.campaigns.campaign import CampaignFile, LetterFile, LetterTemplate
from advocacy.campaigns.folder import LETTER, TEXTS, CampaignFolder
from advocacy.campaigns.length import longest_words
from advocacy.campaigns.parity import differences
from advocacy.campaigns.places import TomlPlaces, line_and_column
from advocacy.campaigns.prose import Remark, doubled, remarks, subject_remarks
from advocacy.campaigns.typed_bill import typed_bills
from advocacy.findings import Survey
from advocacy.language import Language
from advocacy.problems import Place, Problem, complaint
from advocacy.toml_source import TomlProblems

MOST_WORDS = 430
"""Words on one page of a letter, the citizen's own among them (90 at most)."""
AROUND = 42
"""Words around the paragraphs of a letter: date, recipient, appel, closing, signature; measured on the shipped ones."""
MOST_REMARKS = 200
"""Remarks said of the words of one file at once, which are more than anybody mends before looking again."""

Read = TypeVar("Read")


def _without_figures(found: Iterable[Problem], problems: Sequence[Problem]) -> Iterator[Problem]:
    """Yield what was found, but not that a text lacks what it says by a figure typed by hand."""
    typed = {(one.file, one.line, cited[0]) for one in problems for cited in one.params.get("citable", ())}
    for one in found:
        if one.code != "language-lacks":
            yield one
            continue
        names = tuple(name for name in one.params["names"] if (one.file, one.line, name) not in typed)
        if names:
            yield replace(one, params={**one.params, "names": names})


def tried(read: Callable[[], Read], problems: list[Problem]) -> Read | None:
    """Read, or add to `problems` what keeps it from being read."""
    try:
        return read()
    except TomlProblems as found:
        problems += found.problems
        return None


def check_letter(
    folder: CampaignFolder, name: str, *, campaign: CampaignFile | None, survey: Survey | None
) -> list[Problem]:
    """Return all that is wrong, whatever else is: one broken file hides nothing in the others.

    `campaign` and `survey` are None where their files cannot be read.
    """
    return _Letter(folder, name, campaign, survey).problems()


@dataclass(frozen=True, slots=True)
class _Letter:
    folder: CampaignFolder
    name: str
    campaign: CampaignFile | None
    survey: Survey | None

    def problems(self) -> list[Problem]:
        problems: list[Problem] = []
        letter = tried(partial(self.folder.letter, self.name), problems)
        texts: dict[str, str] = {}
        for language, name in TEXTS.items():
            text = tried(partial(self.folder.text, f"{self.name}/{name}"), problems)
            if text is not None:
                texts[name] = text
                numbers = self.survey.numbers if self.survey else ()
                problems += self._in_text(name, text, remarks(text, language, numbers, survey=self.survey))
                problems += self._in_text(name, text, typed_bills(text, language))
                problems += self._in_text(name, text, subject_remarks(text))
        if letter is not None:
            problems += self._declared(letter, texts)
        refused: list[Problem] = []
        compared: list[Problem] = []
        read = tried(partial(self.folder.readable_template, self.name), refused)
        if read is not None:
            template, refusals = read
            refused += refusals
            compared = [] if template is None else [*_without_figures(self._compared(template), problems)]
        said = {(problem.file, problem.line, problem.column) for problem in problems}
        again = [problem for problem in refused if (problem.file, problem.line, problem.column) not in said]
        return [*problems, *again, *compared]

    def _in_text(self, name: str, text: str, found: Iterable[Remark]) -> Iterator[Problem]:
        for start, said, length in islice(found, MOST_REMARKS):
            yield said.at(Place(self.folder.path(f"{self.name}/{name}"), *line_and_column(text, start), length))

    def _declared(self, letter: LetterFile, texts: Mapping[str, str]) -> Iterator[Problem]:
        """Hold what is declared against the survey, the campaign's lists and the texts."""
        name = f"{self.name}/{LETTER}"
        places = TomlPlaces(self.folder.text(name))
        found = [*declarations.fields(letter, self.campaign, texts, places=places)]
        if self.survey is not None:
            found += islice(declarations.findings(letter, self.survey, texts, places=places), MOST_REMARKS)
            for language, file in TEXTS.items():
                text = texts.get(file, "")
                yield from self._in_text(file, text, declarations.uncitable(text, letter, self.survey))
                yield from self._in_text(file, text, doubled(text, declarations.spoken(self.survey, language)))
        for line, column, said in found:
            yield said.at(Place(self.folder.path(name), line, column))

    def _compared(self, template: LetterTemplate) -> Iterator[Problem]:
        """Hold the languages against one another, and each against gaps and the length of a page."""
        first, *others = Language
        for other in others:
            for side, line, said in differences(
                template.texts[first], template.texts[other], names=(TEXTS[first], TEXTS[other])
            ):
                yield said.at(Place(self.folder.path(f"{self.name}/{side}"), line))
        for language, program in template.texts.items():
            for line, name in gaps(program, template.fields):
                file = f"{self.name}/{TEXTS[language]}"
                yield gap(self.folder.text(file), line, name, file=self.folder.path(file))
            longest = {field.key: field.longest(language) for field in template.fields}
            for texts in template.acts[language].values():
                for name, text in texts.items():
                    longest[name] = max(longest.get(name, 0), len(text.split()))
            words = longest_words(program.blocks, longest) + len(template.notes[language].split()) + AROUND
            if words > MOST_WORDS:
                yield complaint("letter-too-long", words=words, most=MOST_WORDS).at(
                    Place(self.folder.path(f"{self.name}/{TEXTS[language]}"))
                )
