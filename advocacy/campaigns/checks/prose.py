"""Problems in the words of a text: figures, bills and stages typed by hand, wrong typography, words left to fill in.

Letters take figures from the survey, and bills and their stages from `campaign.toml`, so that they stay true.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from advocacy.campaigns.checks.figures import TypedFigure, typed_figures
from advocacy.campaigns.checks.typography import Mistake, find_mistakes
from advocacy.campaigns.checks.writing_rules import writing_rules
from advocacy.campaigns.grammar.tokens import PRINTED_NAME, TAG, excerpt
from advocacy.findings import Survey
from advocacy.language import Language
from advocacy.problems import Complaint, complaint

_PARTING = re.compile(r"\{%\s*(?:elif|else|or)\b")
_SILENT = re.compile(r"\{%\s*(?:if|endif|choose|endchoose)\b")
_BRACKETS = re.compile(r"\[[^\[\]]*\]")
_NOT_IN_A_LETTER = (
    (re.compile(r"\b(?:https?://|www\.)[^\s]*"), "link"),
    (re.compile(r"\b(?:TODO|FIXME|XXX+|TBD|WRITE THIS|À ÉCRIRE)\b"), "to-write"),
)
_SUBJECT = re.compile(r"^# (?P<words>.*)$", re.MULTILINE)
_NOT_IN_A_SUBJECT = (
    (re.compile(r":"), "subject-colon"),
    (re.compile(r"\s[–—]\s"), "subject-dash"),
)
_FIRST_WORDS = re.compile(r"[^\W\d]\D*(?=\d)")
_LAST_WORD = re.compile(r"[^\s\d]+$")
_MARK = re.compile(r"(?P<word>[“«\"])\s?$")
_PERCENT = "%|per ?cent|pour ?cent"
_BLANK, _BREAK = "x", "\n\n"
_AROUND = 60
"""Characters on each side of a mistake in which the word around it is looked for."""


class Remark(NamedTuple):
    """Something to correct in a text: where in the source it starts, what it is, and how many characters it takes."""

    start: int
    complaint: Complaint
    length: int = 0


@dataclass(frozen=True, slots=True)
class Prose:
    """A source without its tags; `places[i]` is the place of character `i` in the source.

    A blank counts as a letter, as does a tag that is not of the language; `elif`, `else` and `or` begin a paragraph;
    the other tags are removed.
    """

    source: str
    text: str
    places: tuple[int, ...]

    @classmethod
    def of(cls, source: str) -> "Prose":
        letters: list[str] = []
        places: list[int] = []
        end = 0
        for tag in TAG.finditer(source):
            left = _BREAK if _PARTING.match(tag[0]) else "" if _SILENT.match(tag[0]) else _BLANK
            letters += [source[end : tag.start()], left]
            places += [*range(end, tag.start()), *[tag.start()] * len(left)]
            end = tag.end()
        return cls(source, "".join([*letters, source[end:]]), (*places, *range(end, len(source) + 1)))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the place in the source of `text[start:end]`."""
        first = self.places[start]
        return first, self.places[end - 1] + 1 if end > start else first

    def remark(self, start: int, end: int, code: str, **params: object) -> Remark:
        """Return a remark on `text[start:end]`, which quotes what is there in the source."""
        first, last = self.span(start, end)
        return Remark(first, complaint(code, text=excerpt(self.source[first:last]), **params), last - first)


def check_prose(
    source: str,
    language: Language,
    numbers: Collection[int | Decimal] | None,
    *,
    is_letter: bool = True,
    survey: Survey | None = None,
) -> Iterator[Remark]:
    """Find what no reader should see: figures typed by hand, wrong typography, brackets left to be filled in.

    `numbers` are those of the survey, None where figures may be typed; where `is_letter`, blanks are filled in. With
    the `survey`, remarks on figures include what these may be cited by.
    """
    prose = Prose.of(source)
    figures = [] if numbers is None else typed_figures(prose.text, language, numbers)
    for figure in figures:
        code = "figure-typed" if is_letter else "figure-in-settings"
        citations: Sequence[tuple[str, int, int]] = ()
        if survey and is_letter:
            citations = tuple(_citations(prose, figure, survey=survey, language=language))
            if survey.questions and figure.value not in survey.numbers:
                code = "figure-not-in-survey"
        yield prose.remark(figure.start, figure.end, code, citable=citations)
    within_figures = {place for figure in figures for place in range(figure.start, figure.end)}
    for mistake in find_mistakes(prose.text, language):
        if mistake.start not in within_figures:
            yield _typography_remark(prose, mistake)
    for brackets in _BRACKETS.finditer(prose.text):
        if any(char.isalpha() for char in brackets[0]):
            yield prose.remark(*brackets.span(), "to-fill-in")
    for pattern, code in _NOT_IN_A_LETTER:
        for found in pattern.finditer(prose.text):
            yield prose.remark(*found.span(), code)


def _citations(
    prose: Prose, figure: TypedFigure, *, survey: Survey, language: Language
) -> Iterator[tuple[str, int, int]]:
    """Yield what a typed figure may be cited by: the name, and which piece of the source it replaces.

    The piece is given by where it starts, counted from the figure, and by its length.
    """
    first, last = prose.span(figure.start, figure.end)
    if figure.is_share and figure.is_exact:
        for key, finding in survey.findings.items():
            if finding.percent == figure.value:
                yield f"finding.{key}", 0, last - first
    facts = survey.facts(language) if survey.questions else {}
    for name in ("respondents", "duration"):
        words = facts.get(name, "").split()
        for found in re.finditer(r"\s".join(map(re.escape, words)), prose.text, re.IGNORECASE) if words else ():
            if found.start() <= figure.start and figure.end <= found.end():
                start, end = prose.span(*found.span())
                yield f"survey.{name}", start - first, end - start


def check_subjects(source: str) -> Iterator[Remark]:
    """Find subjects that read badly where they are printed: after “Subject:”, often with the name of a riding."""
    for subject in _SUBJECT.finditer(source):
        words = TAG.sub(lambda tag: _BLANK * len(tag[0]), subject["words"])
        for pattern, code in _NOT_IN_A_SUBJECT:
            if found := pattern.search(words):
                start = subject.start("words") + found.start()
                yield Remark(start, complaint(code, text=excerpt(subject["words"])), len(found[0]))


def check_doubled_words(source: str, values: Mapping[str, str]) -> Iterator[Remark]:
    """Find words that are part of a blank's value and typed beside it once more; `values` are those of the blanks."""
    for blank in PRINTED_NAME.finditer(source):
        text = values.get(blank[1], "")
        for typed in _repeated_across(source, blank, text):
            found = complaint(
                "word-doubled",
                text=typed["word"],
                name=blank[1],
                says=excerpt(text),
                spaces=(typed.start("word") - typed.start(), typed.end() - typed.end("word")),
            )
            yield Remark(typed.start("word"), found, len(typed["word"]))


def _repeated_across(source: str, blank: re.Match[str], text: str) -> Iterator[re.Match[str]]:
    """Find the first words or the quotation mark of `text` before the blank, and its last word after it."""
    near = max(0, blank.start() - _AROUND)
    first, last = _FIRST_WORDS.match(text), _LAST_WORD.search(text)
    if first:
        words = re.compile(rf"\b(?P<word>{re.escape(first[0].strip())})\s$", re.IGNORECASE)
        yield from words.finditer(source, near, blank.start())
    if _MARK.match(text[:1]):
        yield from _MARK.finditer(source, near, blank.start())
    if last:
        words = re.compile(rf"\s?(?P<word>{_PERCENT if last[0] == '%' else re.escape(last[0])})(?!\w)", re.IGNORECASE)
        after = words.match(source, blank.end())
        yield from [after] if after else []


def _typography_remark(prose: Prose, mistake: Mistake) -> Remark:
    """Return a remark that shows the correction within its word."""
    start, end = prose.span(mistake.start, mistake.end)
    before = re.search(r"(?:\{\{[^{}]*\}\}|[^\s{}])*$", prose.source[max(0, start - _AROUND) : start])
    after = re.match(r"(?:\{\{[^{}]*\}\}|[^\s{}])*", prose.source[end : end + _AROUND])
    corrected = f"{before[0] if before else ''}{mistake.correction}{after[0] if after else ''}"
    # A mistake with a tag inside cannot be replaced.
    instead = mistake.correction if end - start == mistake.end - mistake.start else None
    return Remark(start, complaint(mistake.code, corrected=corrected, instead=instead), end - start)


NUMBER = re.compile(
    r"\b[A-Z]-[1-9]\d{0,3}\b(?![-–]\d)|\b(?:[Bb]ills?|[Pp]rojets? de loi)[ \u00a0](?:n[o°][ \u00a0])?\d{1,4}\b"
)
"""What reads as a bill's number: "C-34", "Bill 62"; a postal code or a date does not."""
_ASKS_STAGE = re.compile(r"\{%\s*(?:if|elif)\b[^%]*\bbill\.stage\b")
_IF, _TURN, _ENDIF = (re.compile(rf"\{{%\s*(?:{words})\b") for words in ("if", "elif|else", "endif"))


@cache
def _stages(language: Language) -> re.Pattern[str]:
    return re.compile(writing_rules(language)["bill_stage"], re.IGNORECASE)


def check_bills(source: str, language: Language, *, names_stage: bool = False) -> Iterator[Remark]:
    """Find the numbers of bills in a text, and the stages that are named outside an `if` on the stage.

    With `names_stage` stages may be named everywhere: the text is used at a known stage alone.
    """
    prose = Prose.of(source)
    for found in NUMBER.finditer(prose.text):
        yield prose.remark(*found.span(), "bill-typed")
    if names_stage:
        return
    at_known_stage = list(_spans_with_stage(source))
    for found in _stages(language).finditer(prose.text):
        first, _ = prose.span(*found.span())
        if not any(start <= first < end for start, end in at_known_stage):
            yield prose.remark(*found.span(), "stage-typed")


def _spans_with_stage(source: str) -> Iterator[tuple[int, int]]:
    """Find the pieces of a source that come out only at a stage that an `if` asks for."""
    opened: list[int | None] = []
    for tag in TAG.finditer(source):
        if _ENDIF.match(tag[0]) or _TURN.match(tag[0]):
            start = opened.pop() if opened else None
            if start is not None:
                yield start, tag.start()
        if _IF.match(tag[0]) or _TURN.match(tag[0]):
            opened.append(tag.end() if _ASKS_STAGE.match(tag[0]) else None)
