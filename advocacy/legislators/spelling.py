"""A typed word stands for the known words it is or begins, and for one near it only where nothing else fits."""

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from advocacy.language import fold

WHOLE, BEGINNING, NEAR = 1.0, 0.9, 0.6
SHORTEST_SLIP = 4
NEAR_WORDS = 6
# How much of a word must be right: one slip in a short word, and no more than that in most long ones.
LIKENESS_SHORT, LIKENESS_LONG = 0.74, 0.82
LONG_FROM = 6
SHORT_FORMS = {"st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort"}
PASSED_OVER = frozenset(
    {"the", "of", "and", "for", "in", "from", "de", "la", "le", "les", "du", "des", "et", "en", "d", "l", "a"}
    | {"hon", "honourable", "honorable"}
)
_WORD = re.compile(r"[a-z0-9]+")
_DOT_BETWEEN_INITIALS = re.compile(r"(?<=\b[a-z])\.(?=[a-z]\b)")


def words_of(text: str) -> list[str]:
    """Return the words that count, folded, short forms written out."""
    plain = _DOT_BETWEEN_INITIALS.sub("", fold(text).replace("'s", "s"))
    return [SHORT_FORMS.get(word, word) for word in _WORD.findall(plain) if word not in PASSED_OVER]


def near_words(word: str, known: Iterable[str], most: int = NEAR_WORDS) -> list[str]:
    """Return the known words that `word` may be a slip for, the nearest first."""
    if len(word) < SHORTEST_SLIP or not word.isalpha():
        return []
    return get_close_matches(word, list(known), most, LIKENESS_SHORT if len(word) < LONG_FROM else LIKENESS_LONG)


class Vocabulary:
    """The words by which something can be found."""

    def __init__(self, known: Iterable[str]) -> None:
        self._known = sorted(set(known))

    def fitting(self, word: str) -> Mapping[str, float]:
        """Return the known words that `word` is or begins, and how well each is answered."""
        begun = {known: BEGINNING for known in self._known if len(word) > 1 and known.startswith(word)}
        return begun | ({word: WHOLE} if word in begun or word in self._known else {})

    def near(self, word: str) -> Mapping[str, float]:
        """Return the known words near `word`."""
        return dict.fromkeys(near_words(word, self._known), NEAR)


def fit(readings: Sequence[Mapping[str, float]], words: Mapping[str, float]) -> float:
    """Return how well typed words, each by what it may stand for, fit the weighed words of something; 0 for not all."""
    best = [
        max((worth * words[word] for word, worth in reading.items() if word in words), default=0.0)
        for reading in readings
    ]
    return sum(best) / len(best) if best and all(best) else 0.0
