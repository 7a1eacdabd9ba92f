"""Problems of one letter: in its texts, in what it declares, between its languages, and in its length."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice, zip_longest
from typing import TypeVar

from advocacy.campaigns.campaign_files import CampaignFile, LetterFile, LetterTemplate
from advocacy.campaigns.campaign_folder import LETTER, TEXTS, CampaignFolder
from advocacy.campaigns.checks import declarations
from advocacy.campaigns.checks.empty_blanks import find_gaps, gap_problem
from advocacy.campaigns.checks.prose import Remark, check_bills, check_doubled_words, check_prose, check_subjects
from advocacy.campaigns.grammar.program import (
    Block,
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
from advocacy.findings import Survey
from advocacy.language import Language
from advocacy.messages import Message, message
from advocacy.problems import Complaint, Place, Problem, complaint
from advocacy.toml_source import TomlPlaces, TomlProblems, line_and_column

MAX_WORDS = 430
"""Words on one page of a letter, the citizen's own among them (90 at most)."""
FIXED_WORDS = 42
"""Words around the paragraphs of a letter: date, recipient, appel, closing, signature; measured on the shipped ones."""
MAX_REMARKS = 200
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


def read_or_report(read: Callable[[], Read], problems: list[Problem]) -> Read | None:
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
        letter = read_or_report(partial(self.folder.letter, self.name), problems)
        texts: dict[str, str] = {}
        for language, name in TEXTS.items():
            text = read_or_report(partial(self.folder.text, f"{self.name}/{name}"), problems)
            if text is not None:
                texts[name] = text
                numbers = self.survey.numbers if self.survey else ()
                problems += self._in_text(name, text, check_prose(text, language, numbers, survey=self.survey))
                problems += self._in_text(name, text, check_bills(text, language))
                problems += self._in_text(name, text, check_subjects(text))
        if letter is not None:
            problems += self._declared(letter, texts)
        refused: list[Problem] = []
        compared: list[Problem] = []
        read = read_or_report(partial(self.folder.readable_template, self.name), refused)
        if read is not None:
            template, refusals = read
            refused += refusals
            compared = [] if template is None else [*_without_figures(self._compared(template), problems)]
        said = {(problem.file, problem.line, problem.column) for problem in problems}
        again = [problem for problem in refused if (problem.file, problem.line, problem.column) not in said]
        return [*problems, *again, *compared]

    def _in_text(self, name: str, text: str, found: Iterable[Remark]) -> Iterator[Problem]:
        for start, said, length in islice(found, MAX_REMARKS):
            yield said.at(Place(self.folder.path(f"{self.name}/{name}"), *line_and_column(text, start), length))

    def _declared(self, letter: LetterFile, texts: Mapping[str, str]) -> Iterator[Problem]:
        """Hold what is declared against the survey, the campaign's lists and the texts."""
        name = f"{self.name}/{LETTER}"
        places = TomlPlaces(self.folder.text(name))
        found = [*declarations.check_fields(letter, self.campaign, texts, places=places)]
        if self.survey is not None:
            found += islice(declarations.check_findings(letter, self.survey, texts, places=places), MAX_REMARKS)
            for language, file in TEXTS.items():
                text = texts.get(file, "")
                yield from self._in_text(file, text, declarations.check_citations(text, letter, self.survey))
                yield from self._in_text(
                    file, text, check_doubled_words(text, declarations.survey_values(self.survey, language))
                )
        for line, column, said in found:
            yield said.at(Place(self.folder.path(name), line, column))

    def _compared(self, template: LetterTemplate) -> Iterator[Problem]:
        """Hold the languages against one another, and each against gaps and the length of a page."""
        first, *others = Language
        for other in others:
            for side, line, said in compare_languages(
                template.texts[first], template.texts[other], names=(TEXTS[first], TEXTS[other])
            ):
                yield said.at(Place(self.folder.path(f"{self.name}/{side}"), line))
        for language, program in template.texts.items():
            for line, name in find_gaps(program, template.fields):
                file = f"{self.name}/{TEXTS[language]}"
                yield gap_problem(self.folder.text(file), line, name, file=self.folder.path(file))
            longest = {field.key: field.longest(language) for field in template.fields}
            for texts in template.acts[language].values():
                for name, text in texts.items():
                    longest[name] = max(longest.get(name, 0), len(text.split()))
            words = longest_words(program.blocks, longest) + len(template.notes[language].split()) + FIXED_WORDS
            if words > MAX_WORDS:
                yield complaint("letter-too-long", words=words, most=MAX_WORDS).at(
                    Place(self.folder.path(f"{self.name}/{TEXTS[language]}"))
                )


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a text's plan: what stands there, the blanks and conditions in it, and its line."""

    what: Message
    holds: tuple[str, ...]
    line: int


def compare_languages(
    first: Program, other: Program, *, names: tuple[str, str]
) -> Iterator[tuple[str, int, Complaint]]:
    """Yield where two texts differ: the file that lacks something, its line, and what; `names` are their files.

    Once the plans part, what follows could only be compared askew: that difference is yielded, and none after it.
    """
    rows = outline_rows(other)
    for one, two in zip_longest(outline_rows(first), rows):
        if two is not None and one is None:
            yield names[1], two.line, complaint("language-ends", file=names[0], here=two.what)
            return
        if one is not None and (two is None or one.what != two.what):
            here = two.what if two else message("nothing more")
            line = (two or rows[-1]).line
            yield names[1], line, complaint("languages-part", line=one.line, file=names[0], there=one.what, here=here)
            return
        if one is not None and two is not None:
            if any(LEFT_OUT in held for row in (one, two) if row for held in row.holds):
                continue  # a paragraph that could not be read
            for file, lacking, has, has_file in ((names[1], two, one, names[0]), (names[0], one, two, names[1])):
                more = tuple(sorted(set(has.holds) - set(lacking.holds)))
                if more:
                    yield file, lacking.line, complaint("language-lacks", names=more, line=has.line, file=has_file)


def outline_rows(program: Program) -> list[Row]:
    """Lay a text out as rows, with a row where each `if`, `choose` and alternative ends."""
    rows: list[Row] = []
    _lay_out(program.blocks, iter(program.outline), rows)
    return rows


def _lay_out(blocks: Blocks, entries: Iterator[OutlineEntry], rows: list[Row]) -> None:
    """Follow the blocks through the outline, which names them in the same order but not where they end."""
    for block in blocks:
        if isinstance(block, Choose):
            entry = next(entries)
            rows.append(Row(message("%(number)s variants", number=entry.details[0]), (), entry.line))
            for place, alternative in enumerate(block.alternatives, start=1):
                _lay_out(alternative, entries, rows)
                rows.append(Row(message("the end of variant %(number)s", number=place), (), rows[-1].line))
        elif isinstance(block, When):
            for _, held in block.cases:
                rows.append(_row(next(entries)))
                _lay_out(held, entries, rows)
            rows.append(Row(message("the end of a condition"), (), rows[-1].line))
        else:
            rows.append(_row(next(entries)))


def _row(entry: OutlineEntry) -> Row:
    return Row(KINDS[entry.what], entry.details, entry.line)


KINDS: Mapping[str, Message] = {
    Kind.PARAGRAPH: message("a paragraph"),
    Kind.HEADING: message("a subject"),
    Kind.BULLET: message("an item of a list"),
    Kind.QUOTATION: message("a quotation"),
    "if": message("a condition"),
    "else": message("an “otherwise”"),
}


BLANK = 2
"""Words counted for a blank whose length is not known: a name, a riding, a figure."""


def longest_words(blocks: Blocks, words_of: Mapping[str, int]) -> int:
    """Count the words of the longest letter; `words_of` says how many a field may hold."""
    return sum(_block(block, words_of) for block in blocks)


def _block(block: Block, words_of: Mapping[str, int]) -> int:
    if isinstance(block, Paragraph):
        return len(_longest(block.inline, words_of).split())
    held = block.alternatives if isinstance(block, Choose) else tuple(inner for _, inner in block.cases)
    return max((longest_words(inner, words_of) for inner in held), default=0)


def _longest(inline: Inline, words_of: Mapping[str, int]) -> str:
    """Write a paragraph out with stand-ins for its blanks, so that a comma behind a blank is no word of its own."""
    return "".join(_part(part, words_of) for part in inline)


def _part(part: str | Slot | Branch, words_of: Mapping[str, int]) -> str:
    if isinstance(part, Slot):
        return " ".join("x" * words_of.get(part.name, BLANK))
    if isinstance(part, Branch):
        return max((_longest(held, words_of) for _, held in part.cases), key=lambda text: len(text.split()))
    return part
