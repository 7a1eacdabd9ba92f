"""The typography of each language as rules, each with its correction."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from advocacy.language import Language


class Rule(NamedTuple):
    """A sign set wrongly: the pattern that finds it, the code of the problem, and what to put in its place."""

    pattern: str
    code: str
    correction: str


class Mistake(NamedTuple):
    """One place where a rule is broken: the piece `start`–`end`, the code, and what to put in its place."""

    start: int
    end: int
    code: str
    correction: str


SPACE = r"[ \t\u2009\u202f]"
"""A space of any kind but U+00A0."""

SHARED = (
    Rule("['´]", "apostrophe", "’"),
    Rule(r"(?<=[^\s«])  +(?=[^\s%:;!?»])", "spaces", " "),
    Rule(r"\.{3,}", "ellipsis", "…"),
)
IN_GUILLEMETS = r"(?=[^«»]{0,300}»)"
GUILLEMETS = "guillemets"
MARKS = "quotation-marks"
RULES: Mapping[Language, tuple[Rule, ...]] = {
    Language.FR: (
        Rule(rf"(?<=[\w»)]){SPACE}*%", "percent-space", "\u00a0%"),
        Rule(rf"(?<=[^\s:«]){SPACE}*:(?![\d/:])", "colon-space", "\u00a0:"),
        Rule(rf"(?<=\d){SPACE}:(?=\d)", "colon-space", "\u00a0:"),
        Rule(r"(?<=\d) (?=[$€])", "amount-space", "\u00a0"),
        Rule(rf"«{SPACE}*(?=\S)", "opening-guillemet", "«\u00a0"),
        Rule(rf"(?<=\S){SPACE}*»", "closing-guillemet", "\u00a0»"),
        Rule(r"(?<=\S)[ \t\u00a0\u2009\u202f]+(?=[;!?])", "sign-space", ""),
        Rule(r'"(?=\w)', GUILLEMETS, "«\u00a0"),
        Rule(r'"(?!\w)', GUILLEMETS, "\u00a0»"),
        # Inside guillemets, French sets a second quotation in “ and ”.
        Rule(rf"“(?!{IN_GUILLEMETS})", GUILLEMETS, "«\u00a0"),
        Rule(rf"”(?!{IN_GUILLEMETS})", GUILLEMETS, "\u00a0»"),
        Rule(r"(?<=[^\s«])\u202f(?=[^\s%:;!?»])", "no-break-space", "\u00a0"),
        *SHARED,
    ),
    Language.EN: (
        Rule(r"(?<=\w)[ \t\u00a0\u2009\u202f]+(?=%)", "percent-space-english", ""),
        Rule(r"(?<=\S)[ \t\u00a0\u2009\u202f]+(?=[;:!?])", "sign-space-english", ""),
        Rule(r'"(?=\w)', MARKS, "“"),
        Rule(r'"(?!\w)', MARKS, "”"),
        Rule(r"«\s?", MARKS, "“"),
        Rule(r"\s?»", MARKS, "”"),
        *SHARED,
    ),
}
CODES = frozenset(rule.code for rules in RULES.values() for rule in rules)
"""The codes of all rules."""
LITERAL = re.compile(r"\{\{[^{}]*\}\}|\{%[^{}]*%\}|\[[^\[\]\n]*\]|https?://\S+")
"""What is no prose: blanks and tags, labels in brackets, addresses."""
PLACEHOLDER = "ʘ"
"""A letter that no text has, which replaces what is no prose."""


@cache
def _patterns(language: Language) -> Sequence[tuple[re.Pattern[str], Rule]]:
    return [(re.compile(rule.pattern), rule) for rule in RULES[language]]


def find_mistakes(text: str, language: Language) -> Iterator[Mistake]:
    """Find every sign that is not set as `language` sets it."""
    for pattern, rule in _patterns(language):
        for found in pattern.finditer(text):
            yield Mistake(*found.span(), rule.code, rule.correction)


def correct_typography(text: str, language: Language) -> str:
    """Return a text with every sign set as `language` sets it; blanks, labels and addresses stay as they are."""
    if PLACEHOLDER in text:
        return text
    literals = LITERAL.findall(text)
    text = LITERAL.sub(PLACEHOLDER, text)
    for pattern, rule in _patterns(language):
        text = pattern.sub(rule.correction, text)
    first, *others = text.split(PLACEHOLDER)
    return first + "".join(f"{literal}{piece}" for literal, piece in zip(literals, others, strict=True))
