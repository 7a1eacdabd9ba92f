"""The typography of each language as rules, each with its correction."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from advocacy.language import Language


@dataclass(frozen=True, slots=True)
class Rule:
    """A sign set wrongly: how to find it, the code of the problem, and what to put in its place."""

    pattern: re.Pattern[str]
    code: str
    correction: str


@dataclass(frozen=True, slots=True)
class Mistake:
    """One place where a rule is broken: the piece `start`–`end`, the code, and what should stand there."""

    start: int
    end: int
    code: str
    correction: str


def _rule(pattern: str, code: str, correction: str) -> Rule:
    return Rule(re.compile(pattern), code, correction)


SPACE = r"[ \t\u2009\u202f]"
"""A space of any kind but U+00A0."""

APOSTROPHE = _rule("['´]", "apostrophe", "’")
SHARED = (
    APOSTROPHE,
    _rule(r"(?<=[^\s«])  +(?=[^\s%:;!?»])", "spaces", " "),
    _rule(r"\.{3,}", "ellipsis", "…"),
)
IN_GUILLEMETS = r"(?=[^«»]{0,300}»)"
GUILLEMETS = "guillemets"
MARKS = "quotation-marks"
RULES: Mapping[Language, tuple[Rule, ...]] = {
    Language.FR: (
        _rule(rf"(?<=[\w»)]){SPACE}*%", "percent-space", "\u00a0%"),
        _rule(rf"(?<=[^\s:«]){SPACE}*:(?![\d/:])", "colon-space", "\u00a0:"),
        _rule(rf"(?<=\d){SPACE}:(?=\d)", "colon-space", "\u00a0:"),
        _rule(r"(?<=\d) (?=[$€])", "amount-space", "\u00a0"),
        _rule(rf"«{SPACE}*(?=\S)", "opening-guillemet", "«\u00a0"),
        _rule(rf"(?<=\S){SPACE}*»", "closing-guillemet", "\u00a0»"),
        _rule(r"(?<=\S)[ \t\u00a0\u2009\u202f]+(?=[;!?])", "sign-space", ""),
        _rule(r'"(?=\w)', GUILLEMETS, "«\u00a0"),
        _rule(r'"(?!\w)', GUILLEMETS, "\u00a0»"),
        # Inside guillemets, French sets a second quotation in “ and ”.
        _rule(rf"“(?!{IN_GUILLEMETS})", GUILLEMETS, "«\u00a0"),
        _rule(rf"”(?!{IN_GUILLEMETS})", GUILLEMETS, "\u00a0»"),
        _rule(r"(?<=[^\s«])\u202f(?=[^\s%:;!?»])", "no-break-space", "\u00a0"),
        *SHARED,
    ),
    Language.EN: (
        _rule(r"(?<=\w)[ \t\u00a0\u2009\u202f]+(?=%)", "percent-space-english", ""),
        _rule(r"(?<=\S)[ \t\u00a0\u2009\u202f]+(?=[;:!?])", "sign-space-english", ""),
        _rule(r'"(?=\w)', MARKS, "“"),
        _rule(r'"(?!\w)', MARKS, "”"),
        _rule(r"«\s?", MARKS, "“"),
        _rule(r"\s?»", MARKS, "”"),
        *SHARED,
    ),
}


CODES = frozenset(rule.code for rules in RULES.values() for rule in rules)
"""The codes of the problems that are signs set wrongly."""


LITERAL = re.compile(r"\{\{[^{}]*\}\}|\{%[^{}]*%\}|\[[^\[\]\n]*\]|https?://\S+")
"""What is no prose: blanks and tags, labels in brackets, addresses."""
PLACEHOLDER = "ʘ"
"""A letter that no text holds, which stands for what is no prose."""


def find_mistakes(text: str, language: Language) -> Iterator[Mistake]:
    """Find every sign that is not set as `language` sets it."""
    for rule in RULES[language]:
        for found in rule.pattern.finditer(text):
            yield Mistake(found.start(), found.end(), rule.code, rule.correction)


def correct_typography(text: str, language: Language) -> str:
    """Return a text with every sign set as `language` sets it; blanks, labels and addresses stay as they are."""
    if PLACEHOLDER in text:
        return text
    kept = LITERAL.findall(text)
    text = LITERAL.sub(PLACEHOLDER, text)
    for rule in RULES[language]:
        text = rule.pattern.sub(rule.correction, text)
    first, *others = text.split(PLACEHOLDER)
    return first + "".join(f"{one}{piece}" for one, piece in zip(kept, others, strict=True))
