"""The words by which a sentence is known to speak of a survey, of its answers or of people at large.

They are read from `survey_words.toml`, and compiled list by list when they are first needed.
"""

import re
import tomllib
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from advocacy.numerals import MAX_INITIALS, any_of, initials

LAPSE, REMEDY, DENIAL = "lapse", "removal", "denial"
"""Concepts with a part of their own: what companies leave undone, what they should do, and an answer of "none"."""
_REFERENCE = re.compile(r"\{([a-z_.]+)\}")
_NOT_AT_WORD = "(?:{})"
_SHAPES = {
    "negation.words": r"\b(?:{})|n't\b",
    "negation.untrue": r"\b(?:{}) ?(?:les |the )?$",
    "negation.contrast": _NOT_AT_WORD,
    "negation.aside": _NOT_AT_WORD,
    "numbers.things": _NOT_AT_WORD,
    "numbers.idiom": _NOT_AT_WORD,
}
"""The lists whose entries are found elsewhere than where a word begins."""


@cache
def _either(name: str) -> str:
    """Return the entries of a list, `table.name` in the file, as the alternatives of a regular expression."""
    return any_of(_entries(name))


@cache
def pattern(name: str) -> re.Pattern[str]:
    """Return what finds any entry of a list, `table.name` in the file, each from the beginning of a word."""
    return re.compile(_SHAPES.get(name, r"\b(?:{})").replace("{}", _either(name)))


@cache
def expression(name: str) -> re.Pattern[str]:
    return re.compile(_expression(name))


def _expression(name: str) -> str:
    text: str = _tables()["expressions"][name]
    return _REFERENCE.sub(lambda found: _either(found[1]) if "." in found[1] else _expression(found[1]), text)


@lru_cache(maxsize=8192)
def concepts_beginning(letters: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the concepts that a word with these first letters may speak of, with their words."""
    begins = {letters[:size] for size in range(MAX_INITIALS + 1)}
    return tuple((name, pattern(f"concepts.{name}")) for name, first in _concept_initials() if first & begins)


@lru_cache(maxsize=8192)
def neutral_lists(letters: str) -> tuple[re.Pattern[str], ...]:
    """Return the lists, of words that leave a figure as it is or deny it, that may hold a word so begun."""
    begins = {letters[:size] for size in range(MAX_INITIALS + 1)}
    return tuple(pattern(name) for name, first in _neutral_initials() if first & begins)


@cache
def neutral_concepts() -> frozenset[str]:
    """Return the concepts that turn nothing over wherever they stand."""
    return frozenset(_tables()["concept_roles"]["neutral"])


@cache
def exclusive_concepts() -> tuple[tuple[str, str], ...]:
    """Return the pairs of concepts, in both orders, of which what was said of one is not true of the other."""
    pairs: Iterable[list[str]] = _tables()["concept_roles"]["exclusive"]
    return tuple(pair for one, other in pairs for pair in ((one, other), (other, one)))


@cache
def _concept_initials() -> list[tuple[str, frozenset[str]]]:
    return [(name, frozenset(initials(entries))) for name, entries in _tables()["concepts"].items()]


@cache
def _neutral_initials() -> list[tuple[str, frozenset[str]]]:
    lists = [
        *(f"neutral.{name}" for name in _tables()["neutral"]),
        *(f"survey.{name}" for name in ("words", "answering", "opinion", "agreeing", "leading", "minority")),
        *(f"people.{name}" for name in ("respondents", "them", "anyone")),
        *(f"negation.{name}" for name in ("words", "idioms")),
        *(f"concepts.{name}" for name in sorted(neutral_concepts())),
    ]
    return [(name, frozenset(initials(_entries(name)))) for name in lists]


def _entries(name: str) -> list[str]:
    table, _, key = name.partition(".")
    entries: list[str] = _tables()[table][key]
    return entries


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
