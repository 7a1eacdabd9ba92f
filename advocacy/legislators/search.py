"""A legislator is found by name, riding or province as people type them, without accents and with a slip."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from advocacy.language import fold
from advocacy.legislators.directory import names_of
from advocacy.legislators.models import Legislator
from advocacy.legislators.province import Province, read_province

# How well a typed word answers a known one: the word itself, its beginning, or close to it.
WHOLE, BEGINNING, CLOSE = 1.0, 0.9, 0.6
# A whole name or riding typed out comes before words that are merely in it.
WHOLE_NAME = 1.0
CLOSE_ENOUGH = 0.74
SHORTEST_SLIP = 4
CLOSE_WORDS = 6
LONGEST_QUERY = 200
MOST_WORDS = 12
SHORT_FORMS = {"st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort"}
PASSED_OVER = frozenset(
    {"the", "of", "and", "de", "la", "le", "les", "du", "des", "et", "d", "l", "a"}
    | {"mp", "hon", "senator", "senateur", "senatrice", "depute", "deputee"}
)
_WORD = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Match:
    """Someone found; the higher the `score`, the better the answer."""

    legislator: Legislator
    score: float


@dataclass(frozen=True, slots=True)
class _Entry:
    legislator: Legislator
    names: frozenset[str]
    words: frozenset[str]


class Index:
    """The directory made ready to be searched; make it anew when the directory changes."""

    def __init__(self, legislators: Iterable[Legislator]) -> None:
        self._entries = [_entry(legislator) for legislator in legislators]

    def search(self, text: str) -> list[Match]:
        """Give everyone whom every word of `text` fits, the best first; a province's name gives all of it."""
        words = _words(text[:LONGEST_QUERY])[:MOST_WORDS]
        province = read_province(text)
        if not words and province is None:
            return []
        worth = [self._worth(word) for word in words]
        whole = " ".join(words)
        scored = ((_score(entry, worth, whole=whole, province=province), entry.legislator) for entry in self._entries)
        found = [Match(legislator, score) for score, legislator in scored if score > 0]
        return sorted(found, key=_rank)

    def _worth(self, word: str) -> Mapping[str, float]:
        """Give the known words that `word` can stand for, and how well; a slip only where nothing else fits."""
        worth = {known: BEGINNING for known in self._vocabulary if len(word) > 1 and known.startswith(word)}
        if word in self._known:
            worth[word] = WHOLE
        if not worth and len(word) >= SHORTEST_SLIP and word.isalpha():
            return dict.fromkeys(get_close_matches(word, self._vocabulary, CLOSE_WORDS, CLOSE_ENOUGH), CLOSE)
        return worth

    @cached_property
    def _vocabulary(self) -> Sequence[str]:
        return sorted(self._known)

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(word for entry in self._entries for word in entry.words)


def _rank(match: Match) -> tuple[float, str, str, str]:
    person = match.legislator
    return -match.score, person.chamber, fold(person.last_name), person.id


def _entry(legislator: Legislator) -> _Entry:
    names = [legislator.name]
    if legislator.riding:
        names += [legislator.riding.fed_code, *names_of(legislator.riding)]
    if legislator.district:
        names += legislator.district.values()
    whole = frozenset(" ".join(_words(name)) for name in names if name)
    return _Entry(legislator, whole, frozenset(word for name in whole for word in name.split()))


def _score(entry: _Entry, worth: Sequence[Mapping[str, float]], *, whole: str, province: Province | None) -> float:
    """Give 0 for no answer: every word must fit, unless the whole text is the legislator's province."""
    best = [max((words[word] for word in entry.words if word in words), default=0.0) for words in worth]
    fits = sum(best) / len(best) if best and all(best) else 0.0
    in_province = WHOLE if province is not None and entry.legislator.province == province else 0.0
    return max(fits, in_province) + (WHOLE_NAME if whole in entry.names else 0.0)


def _words(text: str) -> list[str]:
    """Give the words that count, short forms written out."""
    words = _WORD.findall(fold(text).replace("'s", "s"))
    return [SHORT_FORMS.get(word, word) for word in words if word not in PASSED_OVER]
