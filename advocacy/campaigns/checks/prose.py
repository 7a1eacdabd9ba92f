"""Problems in the words of a text: figures, bills and stages typed by hand, wrong typography, words left to fill in.

Letters take figures from the survey, and bills and their stages from `campaign.toml`, so that they stay true.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache, lru_cache

from advocacy.campaigns.campaign_files import FINDING
from advocacy.campaigns.checks.figures import TypedFigure, typed_figures
from advocacy.campaigns.checks.typography import Mistake, find_mistakes
from advocacy.campaigns.checks.writing_rules import writing_rules
from advocacy.campaigns.letter_text import BLANK, Fault
from advocacy.findings import Survey
from advocacy.language import Language
from advocacy.problems import complaint
from advocacy.sentences import sentence_spans

MAX_SENTENCE_WORDS = 30
"""The most words a sentence should have."""
BLANK_WORDS = 2
"""Words counted for a blank whose length is not known: a name, a riding."""

_BRACKETS = re.compile(r"\[[^\[\]]*\]")
_NOT_IN_A_LETTER = (
    (re.compile(r"\b(?:https?://|www\.)[^\s]*"), "link"),
    (re.compile(r"\b(?:TODO|FIXME|XXX+|TBD|WRITE THIS|À ÉCRIRE)\b"), "to-write"),
)
_NOT_IN_A_SUBJECT = ((re.compile(r":"), "subject-colon"), (re.compile(r"\s[–—]\s"), "subject-dash"))
_FIRST_WORDS = re.compile(r"[^\W\d]\D*(?=\d)")
_LAST_WORD = re.compile(r"[^\s\d]+$")
_MARK = re.compile(r"(?P<word>[“«\"])\s?$")
_PERCENT = "%|per ?cent|pour ?cent"
_WORD = re.compile(r"\S*\w\S*")
"""A word, with the signs that touch it; a sign that stands alone is none."""
_AROUND = 60
"""Characters before a blank in which words of its value are looked for."""
_EXCERPT = 60


def without_blanks(text: str) -> str:
    """Return a text with a letter for each character of its blanks, so that every word stays at its place."""
    return BLANK.sub(lambda blank: "x" * len(blank[0]), text)


def word_count(text: str) -> int:
    return len(_WORD.findall(text))


def excerpt(text: str) -> str:
    """Return a piece of a text for a sentence about it, short and without braces."""
    words = BLANK.sub("…", text)
    return words if len(words) <= _EXCERPT else f"{words[:_EXCERPT]}…"


def _fault(text: str, span: tuple[int, int], code: str, **params: object) -> Fault:
    start, end = span
    return Fault(complaint(code, text=excerpt(text[start:end]), **params), start, end - start)


# Whoever changes one text of a campaign has all the others checked as they were.
_typed_figures = lru_cache(maxsize=4096)(typed_figures)


def check_prose(
    text: str, language: Language, numbers: frozenset[Decimal] | None, *, survey: Survey | None = None
) -> Sequence[Fault]:
    """Find what no reader should see: figures typed by hand, wrong typography, brackets left to be filled in.

    `numbers` are those of the survey, None where figures may be typed. With the `survey` the text is a letter's, whose
    figures are cited: what a typed one may be cited by is told.
    """
    plain = without_blanks(text)
    figures = [] if numbers is None else _typed_figures(plain, language, numbers)
    within_figures = {place for figure in figures for place in range(figure.start, figure.end)}
    return [
        *(_figure_fault(text, figure, survey=survey, language=language) for figure in figures),
        *(
            _typography_fault(text, plain, mistake)
            for mistake in find_mistakes(plain, language)
            if mistake.start not in within_figures
        ),
        *(
            _fault(text, brackets.span(), "to-fill-in")
            for brackets in _BRACKETS.finditer(plain)
            if any(char.isalpha() for char in brackets[0])
        ),
        *(_fault(text, words.span(), code) for pattern, code in _NOT_IN_A_LETTER for words in pattern.finditer(plain)),
    ]


def _figure_fault(text: str, figure: TypedFigure, *, survey: Survey | None, language: Language) -> Fault:
    if survey is None:
        return _fault(text, (figure.start, figure.end), "figure-in-settings")
    citable = tuple(_citations(text, figure, survey=survey, language=language))
    is_known = not survey.questions or figure.value in survey.numbers
    code = "figure-typed" if is_known else "figure-not-in-survey"
    return _fault(text, (figure.start, figure.end), code, citable=citable)


def _citations(text: str, figure: TypedFigure, *, survey: Survey, language: Language) -> Iterator[tuple[str, int, int]]:
    """Yield what a typed figure may be cited by: the blank's name, and the start and length of what it replaces."""
    if figure.is_share and figure.is_exact:
        for key, finding in survey.findings.items():
            if finding.percent == figure.value:
                yield f"{FINDING}{key}", figure.start, figure.end - figure.start
    facts = survey.facts(language) if survey.questions else {}
    for name in ("respondents", "duration"):
        words = facts.get(name, "").split()
        for typed in re.finditer(r"\s".join(map(re.escape, words)), text, re.IGNORECASE) if words else ():
            if typed.start() <= figure.start and figure.end <= typed.end():
                yield f"survey.{name}", typed.start(), typed.end() - typed.start()


def _typography_fault(text: str, plain: str, mistake: Mistake) -> Fault:
    """Return a fault that shows the correction within its word."""
    first, last = mistake.start, mistake.end
    while first and not plain[first - 1].isspace():
        first -= 1
    while last < len(plain) and not plain[last].isspace():
        last += 1
    corrected = f"{excerpt(text[first : mistake.start])}{mistake.correction}{excerpt(text[mistake.end : last])}"
    found = complaint(mistake.code, corrected=corrected, instead=mistake.correction)
    return Fault(found, mistake.start, mistake.end - mistake.start)


def check_subject(text: str) -> Iterator[Fault]:
    """Find what reads badly where a subject is printed: after “Subject:”, often with the name of a riding."""
    for pattern, code in _NOT_IN_A_SUBJECT:
        if signs := pattern.search(without_blanks(text)):
            yield Fault(complaint(code, text=excerpt(text)), signs.start(), len(signs[0]))


def check_doubled_words(text: str, values: Mapping[str, str]) -> Iterator[Fault]:
    """Find words that are part of a blank's value and typed beside it once more; `values` are those of the blanks."""
    for blank in BLANK.finditer(text):
        for typed in _repeated_across(text, blank, values.get(blank[1], "")):
            found = complaint("word-doubled", text=typed["word"], name=blank[1], says=excerpt(values[blank[1]]))
            yield Fault(found, typed.start("word"), len(typed["word"]))


def _repeated_across(text: str, blank: re.Match[str], value: str) -> Iterator[re.Match[str]]:
    """Find the first words or the quotation mark of a value before the blank, and its last word after it."""
    near = max(0, blank.start() - _AROUND)
    first, last = _FIRST_WORDS.match(value), _LAST_WORD.search(value)
    if first:
        words = re.compile(rf"\b(?P<word>{re.escape(first[0].strip())})\s$", re.IGNORECASE)
        yield from words.finditer(text, near, blank.start())
    if _MARK.match(value[:1]):
        yield from _MARK.finditer(text, near, blank.start())
    if last:
        words = re.compile(rf"\s?(?P<word>{_PERCENT if last[0] == '%' else re.escape(last[0])})(?!\w)", re.IGNORECASE)
        after = words.match(text, blank.end())
        yield from [after] if after else []


_BILL_NUMBER = re.compile(
    r"\b[A-Z]-[1-9]\d{0,3}\b(?![-–]\d)|\b(?:[Bb]ills?|[Pp]rojets? de loi)[ \u00a0](?:n[o°][ \u00a0])?\d{1,4}\b"
)
"""What reads as a bill's number: "C-34", "Bill 62"; a postal code or a date does not."""


@cache
def _stages(language: Language) -> re.Pattern[str]:
    return re.compile(writing_rules(language)["bill_stage"], re.IGNORECASE)


def check_bills(text: str, language: Language, *, names_stage: bool = False) -> Iterator[Fault]:
    """Find the numbers of bills in a text, and the stages that are named; these may be where `names_stage` is true."""
    plain = without_blanks(text)
    for number in _BILL_NUMBER.finditer(plain):
        yield _fault(text, number.span(), "bill-typed")
    for stage in () if names_stage else _stages(language).finditer(plain):
        yield _fault(text, stage.span(), "stage-typed")


def check_sentence_length(text: str, values: Mapping[str, str]) -> Iterator[Fault]:
    """Advise on sentences that are too long; `values` are those of the blanks that are the same in every letter.

    The other blanks are not counted: nearly all of them are sentences of their own. A quotation that stands alone is as
    long as it is.
    """
    plain = without_blanks(text)
    for start, end in sentence_spans(plain):
        blanks = [*BLANK.finditer(text, start, end)]
        own = word_count(plain[start:end]) - len(blanks)
        words = own + sum(word_count(values.get(blank[1], "")) for blank in blanks)
        if own and words > MAX_SENTENCE_WORDS:
            found = complaint("long-sentence", words=words, most=MAX_SENTENCE_WORDS)
            yield Fault(found, start, end - start)
