"""The words by which a sentence is known to speak of a survey, read once from `survey_words.toml`."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from advocacy.numerals import LONGEST_INITIALS, any_of, initials, plain

_TABLES: dict[str, Any] = tomllib.loads((Path(__file__).parent / "survey_words.toml").read_text(encoding="utf-8"))


@cache
def _compiled(either: str, *, at_word: bool) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{either})" if at_word else f"(?:{either})")


def _pattern(entries: Iterable[str], *, at_word: bool = True) -> re.Pattern[str]:
    """Match any entry, each from the beginning of a word."""
    return _compiled(any_of(entries), at_word=at_word)


CONCEPTS = {name: _pattern(words) for name, words in _TABLES["concepts"].items()}
_CONCEPT_INITIALS = [(initials(words), name, CONCEPTS[name]) for name, words in _TABLES["concepts"].items()]


@lru_cache(maxsize=8192)
def concepts_begun(letters: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the concepts that a word with these first letters may speak of, with their words."""
    beginnings = {letters[:size] for size in range(LONGEST_INITIALS + 1)}
    return tuple((name, words) for begins, name, words in _CONCEPT_INITIALS if begins & beginnings)


APART = tuple((one, other) for one, other in _TABLES["reading"]["apart"])
LAPSE: str = _TABLES["reading"]["lapse"]
REMEDY: str = _TABLES["reading"]["remedy"]
DENIAL: str = _TABLES["reading"]["denial"]
NONE = _pattern(_TABLES["reading"]["none"])

SURVEY = _pattern(_TABLES["survey"]["words"])
ANSWERING = _pattern(_TABLES["survey"]["answering"])
ASKING = _pattern(_TABLES["survey"]["asking"])
OPENING = _pattern(_TABLES["survey"]["opening"])
OPINION = _pattern(_TABLES["survey"]["opinion"])
AGREEING = _pattern(_TABLES["survey"]["agreeing"])
ANSWER = _pattern(_TABLES["survey"]["answer"])
SHARE_OF = _pattern(_TABLES["survey"]["share_of"])
ACTING = _pattern(_TABLES["survey"]["acting"])
TREND = _pattern(_TABLES["survey"]["trend"])
SUBGROUP = _pattern(_TABLES["survey"]["subgroup"])
NO_LESS = _pattern(_TABLES["survey"]["no_less"])
THIS_LAW = _pattern(_TABLES["survey"]["this_law"])
LEADING = _pattern(_TABLES["survey"]["leading"])
MINORITY = _pattern(_TABLES["survey"]["minority"])

RESPONDENTS = _pattern(_TABLES["people"]["respondents"])
THEM = _pattern(_TABLES["people"]["them"])
ANYONE = _pattern(_TABLES["people"]["anyone"])
OTHERS = _pattern(_TABLES["people"]["others"])
PLACES = _pattern(_TABLES["people"]["places"])
OWN = _pattern(_TABLES["people"]["own"])
NEARBY = _pattern(_TABLES["people"]["nearby"])
LOCAL = _pattern(_TABLES["people"]["local"])
ME = _pattern(_TABLES["people"]["me"])
CENTRE = _pattern(_TABLES["people"]["centre"])
POLLSTER = _pattern(_TABLES["people"]["pollster"])
ELSEWHERE = _pattern(_TABLES["people"]["elsewhere"])

NEGATION = re.compile(
    f"{_pattern(_TABLES['negation']['words']).pattern}|{_TABLES['negation']['attached']}",
)
OPPOSITE = _pattern(_TABLES["negation"]["opposite"])
UNTRUE = re.compile(rf"\b(?:{'|'.join(plain(said) for said in _TABLES['negation']['untrue'])}) ?(?:les |the )?$")
REJECTION = _pattern(_TABLES["negation"]["rejection"])
IDIOMS = _pattern(_TABLES["negation"]["idioms"])
CONTRAST = _pattern(_TABLES["negation"]["contrast"], at_word=False)
ASIDE = _pattern(_TABLES["negation"]["aside"], at_word=False)
DISAGREEING = _pattern(_TABLES["negation"]["disagreeing"])
NEUTRAL: frozenset[str] = frozenset(_TABLES["reading"]["neutral"])
_KNOWN = (
    *_TABLES["known"].values(),
    *(_TABLES["survey"][name] for name in ("words", "answering", "opinion", "agreeing", "leading", "minority")),
    *(_TABLES["people"][name] for name in ("respondents", "them", "anyone")),
    *(_TABLES["negation"][name] for name in ("words", "idioms")),
    *(_TABLES["concepts"][name] for name in sorted(NEUTRAL)),
)
_KNOWN_BY_INITIALS = [(initials(words), _pattern(words)) for words in _KNOWN]


@lru_cache(maxsize=8192)
def known_lists(letters: str) -> tuple[re.Pattern[str], ...]:
    """Return the lists, of words that leave a figure as it is or deny it, that may hold a word so begun."""
    beginnings = {letters[:size] for size in range(LONGEST_INITIALS + 1)}
    return tuple(words for begins, words in _KNOWN_BY_INITIALS if begins & beginnings)


NUMBERS = {name: _pattern(words, at_word=name not in {"things", "idiom"}) for name, words in _TABLES["numbers"].items()}
"""What stands beside numbers that are not the survey's."""
OF_RESPONDENTS: dict[str, str] = _TABLES["mend"]["respondents"]
