"""The typography of each language as rules, each with its correction."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from advocacy.campaigns.checks.writing_rules import writing_rules
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


SHARED = (
    Rule("['´]", "apostrophe", "’"),
    Rule(r"(?<=[^\s«])  +(?=[^\s%:;!?»])", "spaces", " "),
    Rule(r"\.{3,}", "ellipsis", "…"),
)
LITERAL = re.compile(r"\{\{[^{}]*\}\}|\[[^\[\]\n]*\]|https?://\S+")
"""What is no prose: blanks, labels in brackets, addresses."""
PLACEHOLDER = "ʘ"
"""A letter that no text has, which replaces what is no prose."""


@cache
def _patterns(language: Language) -> Sequence[tuple[re.Pattern[str], Rule]]:
    rules = [Rule(**rule) for rule in writing_rules(language)["typography"]]
    return [(re.compile(rule.pattern), rule) for rule in (*rules, *SHARED)]


@cache
def codes() -> frozenset[str]:
    return frozenset(rule.code for language in Language for _, rule in _patterns(language))


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
