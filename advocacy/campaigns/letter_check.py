"""Everything that can be wrong with one letter: its texts, what it declares, how its languages compare."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TypeVar

from advocacy.campaigns import declarations
from advocacy.campaigns.blanks import gaps
from advocacy.campaigns.campaign import CampaignFile, LetterFile, LetterTemplate, compile_letter, constants
from advocacy.campaigns.folder import LETTER, TEXTS, CampaignFolder
from advocacy.campaigns.length import longest_words
from advocacy.campaigns.parity import differences
from advocacy.campaigns.places import TomlPlaces, line_and_column
from advocacy.campaigns.prose import Remark, doubled, remarks, subject_remarks, without_blank
from advocacy.campaigns.tokens import Refused
from advocacy.campaigns.typed_bill import typed_bills
from advocacy.findings import Survey
from advocacy.language import Language
from advocacy.toml_source import Problem, TomlProblems

MOST_WORDS = 430
"""Words on one page of a letter, the citizen's own among them (90 at most)."""
AROUND = 42
"""Words around the paragraphs of a letter: date, recipient, appel, closing, signature; measured on the shipped ones."""
MOST_REFUSALS, MOST_READ = 10, 60_000
"""Refusals said of one text at once, and characters read for them, which bound the work that a text can ask for."""
MOST_REMARKS = 200
"""Remarks said of the words of one file at once, which are more than anybody mends before looking again."""
CITE = "cite {{ finding.… }} or {{ survey.… }} instead"
ONE_PAGE = f"one page holds {MOST_WORDS}, so shorten the longest"

Read = TypeVar("Read")


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
    """Give all that is wrong, whatever else is: one broken file hides nothing in the others.

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
                problems += self._in_text(name, text, remarks(text, language, numbers, instead=CITE))
                problems += self._in_text(name, text, typed_bills(text, language))
                problems += self._in_text(name, text, subject_remarks(text))
        if letter is not None:
            problems += self._declared(letter, texts)
        refused: list[Problem] = []
        template = tried(partial(self.folder.template, self.name), refused)
        if template is not None:
            return [*problems, *self._compared(template)]
        if letter is not None:
            refused += [problem for language in Language for problem in self._refusals(letter, language, texts)]
        said = {(problem.file, problem.line, problem.column) for problem in problems}
        return [*problems, *(again for again in refused if (again.file, again.line, again.column) not in said)]

    def _refusals(self, letter: LetterFile, language: Language, texts: Mapping[str, str]) -> Iterator[Problem]:
        """Give every refusal of a text: after a blank that is refused, reading goes on as if it were a word."""
        text = texts.get(TEXTS[language])
        if text is None or self.campaign is None or self.survey is None:
            return
        fixed = constants(self.campaign, self.survey, letter=letter, language=language)
        for _ in range(min(MOST_REFUSALS, MOST_READ // (len(text) + 1) or 1)):
            try:
                compile_letter(text, self.campaign, letter=letter, fixed=fixed)
                return
            except Refused as refused:
                yield refused.problem(self.folder.path(f"{self.name}/{TEXTS[language]}"))
                rest = without_blank(text, refused.line, refused.column)
            if rest == text:
                return
            text = rest

    def _in_text(self, name: str, text: str, found: Iterable[Remark]) -> Iterator[Problem]:
        for start, sentence in islice(found, MOST_REMARKS):
            yield Problem(self.folder.path(f"{self.name}/{name}"), *line_and_column(text, start), sentence)

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
            for texts in template.acts[language].values():
                for name, text in texts.items():
                    longest[name] = max(longest.get(name, 0), len(text.split()))
            words = longest_words(program.blocks, longest) + len(template.notes[language].split()) + AROUND
            if words > MOST_WORDS:
                sentence = f"with its longest alternatives and own words the letter has about {words} words; {ONE_PAGE}"
                yield Problem(self.folder.path(f"{self.name}/{TEXTS[language]}"), 1, 1, sentence)
