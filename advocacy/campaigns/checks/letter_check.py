"""Problems of one letter: in its texts, in what it declares, between its languages, and in its length."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import islice, zip_longest
from typing import NamedTuple

from advocacy.campaigns.campaign_files import CampaignFile, LetterFile
from advocacy.campaigns.campaign_folder import LETTER, TEXTS, CampaignFolder
from advocacy.campaigns.checks.declarations import check_citations, check_fields, check_findings, survey_values
from advocacy.campaigns.checks.empty_blanks import find_gaps, gap_problem
from advocacy.campaigns.checks.prose import Remark, check_bills, check_doubled_words, check_prose, check_subjects
from advocacy.campaigns.grammar.program import (
    Blocks,
    Branch,
    Choose,
    Inline,
    Kind,
    OutlineEntry,
    Paragraph,
    Program,
    Slot,
    When,
)
from advocacy.campaigns.grammar.recovery import LEFT_OUT
from advocacy.campaigns.letter_template import LetterTemplate
from advocacy.findings import Survey
from advocacy.language import Language
from advocacy.messages import Message, message
from advocacy.problems import Complaint, Place, Problem, complaint
from advocacy.toml_source import TomlPlaces, line_and_column, read_or_report

MAX_WORDS = 430
"""Words on one page of a letter, the citizen's own among them (90 at most)."""
FIXED_WORDS = 42
"""Words around the paragraphs of a letter: date, recipient, appel, closing, signature; measured on the shipped ones."""
BLANK_WORDS = 2
"""Words counted for a blank whose length is not known: a name, a riding, a figure."""
MAX_REMARKS = 200
"""Remarks on the words of one file at once, which are more than anybody corrects before checking again."""
KINDS: Mapping[str, Message] = {
    Kind.PARAGRAPH: message("a paragraph"),
    Kind.HEADING: message("a subject"),
    Kind.BULLET: message("an item of a list"),
    Kind.QUOTATION: message("a quotation"),
    "if": message("a condition"),
    "else": message("an “otherwise”"),
}
"""What is in an outline, in words."""


@lru_cache(maxsize=64)
def check_letter(folder: CampaignFolder, letter: str) -> Sequence[Problem]:
    """Return all that is wrong with a letter, whatever else is: one broken file hides nothing in the others.

    Checks once for each content of the files, so that where another letter changes this one is not checked again.
    """
    campaign, survey = read_or_report(folder.campaign), read_or_report(folder.survey)
    return _LetterCheck(folder, letter, campaign, survey).problems()


@dataclass(frozen=True, slots=True)
class _LetterCheck:
    """One letter to check; `campaign` and `survey` are None where their files cannot be read."""

    folder: CampaignFolder
    name: str
    campaign: CampaignFile | None
    survey: Survey | None

    def problems(self) -> Sequence[Problem]:
        problems: list[Problem] = []
        letter = read_or_report(partial(self.folder.letter, self.name), problems)
        texts: dict[str, str] = {}
        for language, file in TEXTS.items():
            text = read_or_report(partial(self.folder.text, f"{self.name}/{file}"), problems)
            if text is not None:
                texts[file] = text
                numbers = self.survey.numbers if self.survey else ()
                problems += self._in_text(file, text, check_prose(text, language, numbers, survey=self.survey))
                problems += self._in_text(file, text, check_bills(text, language))
                problems += self._in_text(file, text, check_subjects(text))
        if letter is not None:
            problems += self._declarations(letter, texts)
        refused: list[Problem] = []
        comparison: list[Problem] = []
        compiled = read_or_report(partial(self.folder.readable_template, self.name), refused)
        if compiled is not None:
            template, refusals = compiled
            refused += refusals
            comparison = [] if template is None else [*_without_typed_figures(self._comparison(template), problems)]
        reported = {(problem.file, problem.line, problem.column) for problem in problems}
        refused = [problem for problem in refused if (problem.file, problem.line, problem.column) not in reported]
        return (*problems, *refused, *comparison)

    def _in_text(self, file: str, text: str, remarks: Iterable[Remark]) -> Iterator[Problem]:
        for start, found, length in islice(remarks, MAX_REMARKS):
            yield found.at(Place(self.folder.path(f"{self.name}/{file}"), *line_and_column(text, start), length))

    def _declarations(self, letter: LetterFile, texts: Mapping[str, str]) -> Iterator[Problem]:
        """Compare what is declared with the survey, the campaign's lists and the texts."""
        file = f"{self.name}/{LETTER}"
        places = TomlPlaces(self.folder.text(file))
        remarks = [*check_fields(letter, self.campaign, texts, places=places)]
        if self.survey is not None:
            remarks += islice(check_findings(letter, self.survey, texts, places=places), MAX_REMARKS)
            for language, name in TEXTS.items():
                text = texts.get(name, "")
                yield from self._in_text(name, text, check_citations(text, letter, self.survey))
                values = survey_values(self.survey, language)
                yield from self._in_text(name, text, check_doubled_words(text, values))
        for line, column, found in remarks:
            yield found.at(Place(self.folder.path(file), line, column))

    def _comparison(self, template: LetterTemplate) -> Iterator[Problem]:
        """Compare the languages with one another, and check each for gaps and for the length of a page."""
        first, *others = Language
        for other in others:
            for file, line, found in compare_languages(
                template.texts[first], template.texts[other], files=(TEXTS[first], TEXTS[other])
            ):
                yield found.at(Place(self.folder.path(f"{self.name}/{file}"), line))
        for language, program in template.texts.items():
            file = f"{self.name}/{TEXTS[language]}"
            path = self.folder.path(file)
            for line, name in find_gaps(program, template.fields):
                yield gap_problem(self.folder.text(file), line, name, file=path)
            longest = {field.key: field.max_words(language) for field in template.fields}
            for texts in template.acts[language].values():
                for name, text in texts.items():
                    longest[name] = max(longest.get(name, 0), len(text.split()))
            # A letter holds own words or statements, never both.
            without = (template.typed_fields, [field.key for field in template.fields if field.statements])
            words = max(longest_words(program.blocks, {**longest, **dict.fromkeys(keys, 0)}) for keys in without)
            words += len(template.notes[language].split()) + FIXED_WORDS
            if words > MAX_WORDS:
                yield complaint("letter-too-long", words=words, most=MAX_WORDS).at(Place(path))


def _without_typed_figures(found: Iterable[Problem], problems: Sequence[Problem]) -> Iterator[Problem]:
    """Leave out that a text lacks a finding where `problems` already say that its figure is typed by hand."""
    typed = {(one.file, one.line, cited[0]) for one in problems for cited in one.params.get("citable", ())}
    for one in found:
        if one.code != "language-lacks":
            yield one
            continue
        names = tuple(name for name in one.params["names"] if (one.file, one.line, name) not in typed)
        if names:
            yield replace(one, params={**one.params, "names": names})


class _Row(NamedTuple):
    """One row of a text's outline: what is there, the blanks and conditions in it, and its line."""

    what: Message
    details: tuple[str, ...]
    line: int


def compare_languages(
    first: Program, other: Program, *, files: tuple[str, str]
) -> Iterator[tuple[str, int, Complaint]]:
    """Yield where two texts differ: the file that lacks something, its line, and what it lacks.

    Where the outlines begin to differ, what follows cannot be compared: that difference is the last.
    """
    rows = _rows(other.blocks, iter(other.outline))
    for one, two in zip_longest(_rows(first.blocks, iter(first.outline)), rows):
        if two is not None and one is None:
            yield files[1], two.line, complaint("language-ends", file=files[0], here=two.what)
            return
        if one is not None and (two is None or one.what != two.what):
            here = two.what if two else message("nothing more")
            line = (two or rows[-1]).line
            yield files[1], line, complaint("languages-part", line=one.line, file=files[0], there=one.what, here=here)
            return
        if one is not None and two is not None:
            if any(LEFT_OUT in detail for row in (one, two) for detail in row.details):
                continue  # a paragraph that could not be read
            for file, lacking, has, has_file in ((files[1], two, one, files[0]), (files[0], one, two, files[1])):
                more = tuple(sorted(set(has.details) - set(lacking.details)))
                if more:
                    yield file, lacking.line, complaint("language-lacks", names=more, line=has.line, file=has_file)


def _rows(blocks: Blocks, entries: Iterator[OutlineEntry]) -> list[_Row]:
    """Return a row for each entry of the outline, and one where each `if`, `choose` and alternative ends."""
    rows: list[_Row] = []
    for block in blocks:
        if isinstance(block, When):
            for _, case in block.cases:
                entry = next(entries)
                rows += [_Row(KINDS[entry.what], entry.details, entry.line), *_rows(case, entries)]
            rows.append(_Row(message("the end of a condition"), (), rows[-1].line))
            continue
        entry = next(entries)
        if isinstance(block, Choose):
            rows.append(_Row(message("%(number)s variants", number=entry.details[0]), (), entry.line))
            for number, alternative in enumerate(block.alternatives, start=1):
                rows += _rows(alternative, entries)
                rows.append(_Row(message("the end of variant %(number)s", number=number), (), rows[-1].line))
        else:
            rows.append(_Row(KINDS[entry.what], entry.details, entry.line))
    return rows


def longest_words(blocks: Blocks, words_of: Mapping[str, int]) -> int:
    """Count the words of the longest letter that can come out; `words_of` says how many a field may hold."""
    words = 0
    for block in blocks:
        if isinstance(block, Paragraph):
            words += len(_longest_text(block.inline, words_of).split())
        else:
            ways = block.alternatives if isinstance(block, Choose) else [case for _, case in block.cases]
            words += max((longest_words(way, words_of) for way in ways), default=0)
    return words


def _longest_text(inline: Inline, words_of: Mapping[str, int]) -> str:
    """Write a paragraph out with samples for its blanks, so that a comma behind a blank is no word of its own."""
    text = ""
    for part in inline:
        if isinstance(part, Slot):
            text += part.text or " ".join("x" * words_of.get(part.name, BLANK_WORDS))
        elif isinstance(part, Branch):
            text += max((_longest_text(case, words_of) for _, case in part.cases), key=lambda case: len(case.split()))
        else:
            text += part
    return text
