"""Search of people by name, riding, office or province, as they are typed: without accents and with a slip."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.language import fold
from advocacy.legislators.directory_queries import names_of
from advocacy.legislators.legislatures import legislatures
from advocacy.legislators.models import Legislator, Riding, Status
from advocacy.legislators.recipient import Office

WHOLE, BEGINNING, NEAR = 1.0, 0.9, 0.6
MIN_MISTYPED = 4
MAX_NEAR_WORDS = 6
# How much of a word must be right: one slip in a short word, and no more than that in most long ones.
LIKENESS_SHORT, LIKENESS_LONG = 0.74, 0.82
LONG_WORD = 6
SHORT_FORMS = {"st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort"}
STOP_WORDS = frozenset(
    {"the", "of", "and", "for", "in", "from", "de", "la", "le", "les", "du", "des", "et", "en", "d", "l", "a"}
    | {"hon", "honourable", "honorable"}
)
_WORD = re.compile(r"[a-z0-9]+")
_DOT_BETWEEN_INITIALS = re.compile(r"(?<=\b[a-z])\.(?=[a-z]\b)")


def words_of(text: str) -> list[str]:
    """Return the words that count, folded, short forms written out."""
    plain = _DOT_BETWEEN_INITIALS.sub("", fold(text).replace("'s", "s"))
    return [SHORT_FORMS.get(word, word) for word in _WORD.findall(plain) if word not in STOP_WORDS]


def near_words(word: str, vocabulary: Iterable[str], most: int = MAX_NEAR_WORDS) -> list[str]:
    """Return the words that `word` may be a typing slip for, the nearest first."""
    if len(word) < MIN_MISTYPED or not word.isalpha():
        return []
    return get_close_matches(word, list(vocabulary), most, LIKENESS_SHORT if len(word) < LONG_WORD else LIKENESS_LONG)


# A whole name, riding or title typed out comes before words that are merely in it.
WHOLE_NAME = 1.0
# A word of a role or of its title says less than a word of a name.
ROLE = 0.8
MAX_QUERY = 200
MAX_WORDS = 12
MAX_RIDINGS = 8
LIKENESS_OF_RIDINGS = 0.6
# Any one of these is meant: chambers by their keys, offices, statuses, provinces.
Roles: TypeAlias = frozenset[str]
Phrase: TypeAlias = tuple[str, ...]
# In what order those who answer equally well are listed.
BY_OFFICE = (
    *(Office.PRIME_MINISTER, Office.MINISTER, Office.SPEAKER_COMMONS, Office.MEMBER),
    *(Office.SPEAKER_SENATE, Office.SENATOR),
    *(Office.PREMIER, Office.PROVINCIAL_MINISTER, Office.PROVINCIAL_MEMBER, Office.MAYOR, Office.OFFICIAL),
)


@dataclass(frozen=True, slots=True)
class Match:
    """Someone found; the higher the `score`, the better the answer, which is a guess when it is only `near`."""

    legislator: Legislator
    score: float
    near: bool


@dataclass(frozen=True, slots=True)
class _Term:
    """What a typed word or phrase can stand for: words of the index for each of its words, or a role."""

    readings: tuple[Mapping[str, float], ...]
    roles: Roles
    role_worth: float = ROLE
    near: bool = False


@dataclass(frozen=True, slots=True)
class _Entry:
    legislator: Legislator
    names: frozenset[str]
    words: Mapping[str, float]
    """Each word with its weight: a word of the title weighs less than one of the name."""
    roles: Roles


class Index:
    """The directory made ready to be searched; make it anew when the directory changes."""

    def __init__(self, legislators: Iterable[Legislator]) -> None:
        self._entries = [_entry(legislator) for legislator in legislators]
        self._vocabulary = Vocabulary(word for entry in self._entries for word in entry.words)

    def search(self, text: str) -> list[Match]:
        """Return everyone whom every word of `text` fits, the best first.

        A word that fits nothing is taken for one near it; all that is found is then `near`.
        """
        words = words_of(text[:MAX_QUERY])[:MAX_WORDS]
        if not words:
            return []
        terms = [self._term(phrase, roles) for phrase, roles in split_phrases(words)]
        near = any(term.near for term in terms)
        whole = " ".join(words)
        scored = ((_score(entry, terms, whole), entry.legislator) for entry in self._entries)
        return sorted((Match(person, score, near) for score, person in scored if score > 0), key=_rank)

    def _term(self, phrase: Phrase, roles: Roles) -> _Term:
        readings = tuple(self._vocabulary.fitting(word) for word in phrase)
        if roles or all(readings):
            return _Term(readings, roles)
        (word,) = phrase
        single = {phrase[0]: meant for phrase, meant in role_phrases().items() if len(phrase) == 1}
        nearest = near_words(word, single, 1)
        near_roles = single[nearest[0]] if nearest else roles
        return _Term((self._vocabulary.near(word),), near_roles, role_worth=NEAR * ROLE, near=True)


def nearest_ridings(session: Session, typed: str) -> list[Riding]:
    """Return the ridings that `typed` may mean, the likeliest first, eight at most: for a list to choose from.

    Those whose name every word fits, a slip forgiven; else those whose whole name is most alike.
    """
    words = words_of(typed[:MAX_QUERY])[:MAX_WORDS]
    names = {riding: [words_of(name) for name in names_of(riding)] for riding in session.scalars(select(Riding))}
    vocabulary = Vocabulary(word for names_of_one in names.values() for name in names_of_one for word in name)
    readings = [vocabulary.fitting(word) or vocabulary.near(word) for word in words]
    fits = {
        riding: max(match_score(readings, dict.fromkeys(name, 1.0)) for name in names_of_one)
        for riding, names_of_one in names.items()
    }
    whole = " ".join(words)

    def rank(riding: Riding) -> tuple[float, bool, str]:
        shown = fold(next(iter(riding.name.values())))
        return -fits[riding], not shown.startswith(whole), shown

    if found := sorted(filter(fits.get, fits), key=rank):
        return found[:MAX_RIDINGS]
    by_name = {" ".join(name): riding for riding, names_of_one in names.items() for name in names_of_one}
    alike = get_close_matches(whole, by_name, MAX_RIDINGS, LIKENESS_OF_RIDINGS)
    return list(dict.fromkeys(by_name[name] for name in alike))


@cache
def role_phrases() -> Mapping[Phrase, Roles]:
    """Return the phrases that stand for an office, a chamber, a province or a vacant seat."""
    data = legislatures()
    found: dict[Phrase, Roles] = {}
    for province, names in data.provinces.items():
        for text in (*names.also, province, *names.name.values()):
            found[tuple(words_of(text))] = frozenset({province})
    for chamber in data.chambers:
        for text in chamber.words:
            phrase = tuple(words_of(text))
            found[phrase] = found.get(phrase, frozenset()) | {chamber.key}
    for entry in data.search:
        for text in entry.words:
            found[tuple(words_of(text))] = frozenset({*entry.offices, *([Status.VACANT] if entry.vacant_seats else [])})
    return found


def roles_of(person: Legislator) -> Roles:
    """Return everything by which someone's role can be searched for."""
    return frozenset(filter(None, (person.office, person.chamber, person.status, person.province)))


def split_phrases(words: Sequence[str]) -> Iterator[tuple[Phrase, Roles]]:
    """Split typed words into phrases that stand for a role, the longest first, and single words that do not."""
    roles = role_phrases()
    longest = max(map(len, roles))
    start = 0
    while start < len(words):
        phrases = (tuple(words[start : start + length]) for length in range(longest, 0, -1))
        phrase = next((phrase for phrase in phrases if phrase in roles), (words[start],))
        yield phrase, roles.get(phrase, frozenset())
        start += len(phrase)


class Vocabulary:
    """The words by which something can be found."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = sorted(set(words))

    def fitting(self, word: str) -> Mapping[str, float]:
        """Return the words that `word` is or begins, and how well it fits each."""
        begun = {longer: BEGINNING for longer in self._words if len(word) > 1 and longer.startswith(word)}
        return begun | ({word: WHOLE} if word in begun or word in self._words else {})

    def near(self, word: str) -> Mapping[str, float]:
        return dict.fromkeys(near_words(word, self._words), NEAR)


def match_score(readings: Sequence[Mapping[str, float]], words: Mapping[str, float]) -> float:
    """Return how well typed words, each with what it may stand for, fit weighted words; 0 where one does not."""
    best = [
        max((worth * words[word] for word, worth in reading.items() if word in words), default=0.0)
        for reading in readings
    ]
    return sum(best) / len(best) if best and all(best) else 0.0


def _rank(match: Match) -> tuple[float, int, str, str]:
    person = match.legislator
    return -match.score, BY_OFFICE.index(person.office), fold(person.last_name), person.id


def _entry(legislator: Legislator) -> _Entry:
    names = [legislator.name]
    if legislator.riding:
        names += [legislator.riding.fed_code, *names_of(legislator.riding)]
    if legislator.district:
        names += legislator.district.values()
    titles = list(legislator.title.values()) if legislator.title else []
    weights = {word: ROLE for title in titles for word in words_of(title)}
    weights |= {word: 1.0 for name in names for word in words_of(name)}
    whole = frozenset(" ".join(words_of(name)) for name in (*names, *titles) if name)
    return _Entry(legislator, whole, weights, roles_of(legislator))


def _score(entry: _Entry, terms: Sequence[_Term], whole: str) -> float:
    """Return 0 for no answer: every word must fit."""
    worth = [
        max(match_score(term.readings, entry.words), term.role_worth if term.roles & entry.roles else 0.0)
        for term in terms
    ]
    if not all(worth):
        return 0.0
    return sum(worth) / len(worth) + (WHOLE_NAME if whole in entry.names else 0.0)
