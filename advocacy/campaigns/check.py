"""Everything that can be wrong with a campaign's files, each with its place and its mend."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from advocacy.campaigns.campaign import LetterTemplate
from advocacy.campaigns.fields import FieldKind
from advocacy.campaigns.folder import CAMPAIGN, FINDINGS, LETTER, CampaignFolder
from advocacy.campaigns.length import longest_words
from advocacy.campaigns.program import Entry, Kind
from advocacy.campaigns.typography import slips
from advocacy.findings import Survey
from advocacy.language import Language
from advocacy.numerals import typed_figures
from advocacy.toml_source import LineNumbers, Path, Problem, TomlProblems

MOST_WORDS = 420
"""Words on one page of a letter, the citizen's own among them (90 at most)."""
AROUND = 35
"""Words around the paragraphs of a letter: date, recipient, appel, closing, signature; measured on the shipped ones."""
BRACKETS = re.compile(r"\[[^\W\d_][^\[\]]*\]")
TAG = re.compile(r"\{[{%].*?[%}]\}")


def check_folder(folder: CampaignFolder) -> list[Problem]:
    """Check one campaign whole; an empty list means that its letters are ready."""
    problems = [*_unknown_files(folder)]
    problems += _tried(folder.campaign) + _tried(folder.survey)
    problems += [
        problem for name, _ in folder.files if name.endswith(".toml") for problem in _toml_words(folder, name)
    ]
    if not folder.letters():
        problems.append(
            Problem(folder.path(CAMPAIGN), 1, 1, "the campaign has no letter; add a folder with letter.toml")
        )
    for letter in folder.letters():
        problems += _check_letter(folder, letter)
    return sorted(set(problems))


def _tried(read: Any) -> list[Problem]:
    try:
        read()
    except TomlProblems as found:
        return found.problems
    return []


def _check_letter(folder: CampaignFolder, letter: str) -> Iterator[Problem]:
    yield from _texts(folder, letter)
    try:
        template = folder.template(letter)
    except TomlProblems as found:
        yield from found.problems
        return
    yield from _findings(folder, letter, template)
    yield from _fields(folder, letter, template)
    yield from _parity(folder, letter, template)
    yield from _length(folder, letter, template)


def _unknown_files(folder: CampaignFolder) -> Iterator[Problem]:
    languages = {f"{language}.md" for language in Language}
    for name, _ in folder.files:
        known = name in (CAMPAIGN, FINDINGS) or (
            name.count("/") == 1 and name.split("/")[1] in {LETTER, *languages}
        )
        if not known:
            yield Problem(
                folder.path(name), 1, 1, "this file is no part of a campaign; take it away or mend its name"
            )


def _texts(folder: CampaignFolder, letter: str) -> Iterator[Problem]:
    """Read each text as prose: figures typed by hand and signs set wrongly."""
    for language in Language:
        name = f"{letter}/{language}.md"
        try:
            text, survey = folder.text(name), folder.survey()
        except TomlProblems:
            continue
        prose = TAG.sub(lambda tag: "x" * len(tag[0]), text)
        for start, sentence in _prose(prose, survey, language):
            line, column = _place(prose, start)
            yield Problem(folder.path(name), line, column, sentence)


def _prose(prose: str, survey: Survey | None, language: Language) -> Iterator[tuple[int, str]]:
    for slip in slips(prose, language):
        yield slip.start, f"{slip.sentence}: “{slip.mended}”"
    if survey is not None:
        for start, _, piece in typed_figures(prose, survey.numbers):
            yield (
                start,
                f"“{piece}” is a figure typed by hand; write {{{{ finding.… }}}} or {{{{ survey.respondents }}}}",
            )


def _toml_words(folder: CampaignFolder, name: str) -> Iterator[Problem]:
    """Read the words in a TOML file as prose too; the survey's own file is the one place where figures are typed."""
    try:
        text = folder.text(name)
        table, survey = tomllib.loads(text), folder.survey()
    except (TomlProblems, tomllib.TOMLDecodeError):
        return
    lines = LineNumbers(text)
    for path, language, words in _worded(table, ()):
        prose = TAG.sub(lambda tag: "x" * len(tag[0]), words)
        for _, sentence in _prose(prose, None if name == FINDINGS else survey, language):
            yield Problem(folder.path(name), lines.line(path), 1, sentence)
        for left in BRACKETS.findall(prose):
            yield Problem(folder.path(name), lines.line(path), 1, f"“{left}” is still to be filled in")


def _worded(value: Any, path: Path) -> Iterator[tuple[Path, Language, str]]:
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


def _findings(folder: CampaignFolder, letter: str, template: LetterTemplate) -> Iterator[Problem]:
    """Hold the findings a letter declares against the survey and against what its texts cite."""
    name = f"{letter}/{LETTER}"
    line = LineNumbers(folder.text(name)).line(("findings",))
    declared = set(template.letter.findings)
    for key in sorted(declared - set(template.survey.citable)):
        known = ", ".join(sorted(template.survey.citable))
        yield Problem(folder.path(name), line, 1, f"the survey has no “{key}”; it has {known}")
    for language, program in template.texts.items():
        cited = {
            word.removeprefix("finding.") for word in _names(program.outline) if word.startswith("finding.")
        }
        for key in sorted(declared - cited):
            yield Problem(
                folder.path(name), line, 1, f"“{key}” is declared but {language}.md does not cite it"
            )


def _fields(folder: CampaignFolder, letter: str, template: LetterTemplate) -> Iterator[Problem]:
    """Hold the fields a letter declares against the lists they name and the texts that use them."""
    name = f"{letter}/{LETTER}"
    lines = LineNumbers(folder.text(name))
    for place, field in enumerate(template.fields):
        line = lines.line(("field", place))
        if field.kind is FieldKind.CHOICE and not field.options:
            sentence = (
                f"the campaign has no list “{field.choices}”; add [[choices.{field.choices}]] to {CAMPAIGN}"
            )
            yield Problem(folder.path(name), line, 1, sentence)
        for language, program in template.texts.items():
            if not any(field.key in words for words in _names(program.outline)):
                yield Problem(
                    folder.path(name), line, 1, f"the field “{field.key}” is never used in {language}.md"
                )


def _names(outline: Sequence[Entry]) -> set[str]:
    return {detail for entry in outline for detail in entry.details}


def _parity(folder: CampaignFolder, letter: str, template: LetterTemplate) -> Iterator[Problem]:
    """Hold every language against the first: the same paragraphs, alternatives, conditions, fields and findings."""
    first, *others = Language
    for other in others:
        pairs = zip_longest(template.texts[first].outline, template.texts[other].outline)
        difference = next(((one, two) for one, two in pairs if not _same(one, two)), None)
        if difference:
            one, two = difference
            where = two or template.texts[other].outline[-1]
            there = f"{first}.md line {one.line} has {_told(one)}" if one else f"{first}.md has nothing more"
            here = _told(two) if two else "nothing more"
            sentence = f"the languages differ: {there}, here is {here}; give both the same paragraphs, fields and findings"
            yield Problem(folder.path(f"{letter}/{other}.md"), where.line, 1, sentence)


def _same(one: Entry | None, two: Entry | None) -> bool:
    return one is not None and two is not None and (one.what, one.details) == (two.what, two.details)


def _told(entry: Entry) -> str:
    kind = f"a {entry.what}" if entry.what in set(Kind) else f"“{entry.what}”"
    return f"{kind} with {', '.join(entry.details)}" if entry.details else f"{kind} without blanks"


def _length(folder: CampaignFolder, letter: str, template: LetterTemplate) -> Iterator[Problem]:
    for language, program in template.texts.items():
        longest = {field.key: field.longest(language) for field in template.fields}
        words = longest_words(program.blocks, longest) + len(template.notes[language].split()) + AROUND
        if words > MOST_WORDS:
            sentence = f"the letter can grow to about {words} words with its own words in it; one page holds {MOST_WORDS}"
            yield Problem(folder.path(f"{letter}/{language}.md"), 1, 1, sentence)


def _place(text: str, start: int) -> tuple[int, int]:
    return text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)
