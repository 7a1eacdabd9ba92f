"""People are found by name, riding, office or province, as people type them: without accents and with a slip."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.language import fold
from advocacy.legislators.directory import names_of
from advocacy.legislators.models import Legislator, Riding
from advocacy.legislators.recipient import Office
from advocacy.legislators.role_words import SINGLE_WORDS, Phrase, Roles, parted, roles_of
from advocacy.legislators.spelling import NEAR, Vocabulary, fit, near_words, words_of

# A whole name, riding or title typed out comes before words that are merely in it.
WHOLE_NAME = 1.0
# A word of a role or of its title says less than a word of a name.
ROLE = 0.8
LONGEST_QUERY = 200
MOST_WORDS = 12
MOST_RIDINGS = 8
LIKENESS_OF_RIDINGS = 0.6
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
    """What a typed word or phrase can stand for: known words for each of its words, or a role."""

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
        words = words_of(text[:LONGEST_QUERY])[:MOST_WORDS]
        if not words:
            return []
        terms = [self._term(phrase, roles) for phrase, roles in parted(words)]
        near = any(term.near for term in terms)
        whole = " ".join(words)
        scored = ((_score(entry, terms, whole), entry.legislator) for entry in self._entries)
        return sorted((Match(person, score, near) for score, person in scored if score > 0), key=_rank)

    def _term(self, phrase: Phrase, roles: Roles) -> _Term:
        readings = tuple(self._vocabulary.fitting(word) for word in phrase)
        if roles or all(readings):
            return _Term(readings, roles)
        (word,) = phrase
        meant = near_words(word, SINGLE_WORDS, 1)
        near_roles = SINGLE_WORDS[meant[0]] if meant else roles
        return _Term((self._vocabulary.near(word),), near_roles, role_worth=NEAR * ROLE, near=True)


def nearest_ridings(session: Session, typed: str) -> list[Riding]:
    """Return the ridings that `typed` may mean, the likeliest first, eight at most: for a list to choose from.

    Those whose name every word fits, a slip forgiven; else those whose whole name is most alike.
    """
    words = words_of(typed[:LONGEST_QUERY])[:MOST_WORDS]
    names = {riding: [words_of(name) for name in names_of(riding)] for riding in session.scalars(select(Riding))}
    vocabulary = Vocabulary(word for known in names.values() for name in known for word in name)
    readings = [vocabulary.fitting(word) or vocabulary.near(word) for word in words]
    fits = {riding: max(fit(readings, dict.fromkeys(name, 1.0)) for name in known) for riding, known in names.items()}
    whole = " ".join(words)

    def rank(riding: Riding) -> tuple[float, bool, str]:
        shown = fold(next(iter(riding.name.values())))
        return -fits[riding], not shown.startswith(whole), shown

    return sorted(filter(fits.get, fits), key=rank)[:MOST_RIDINGS] or _most_alike(whole, names)


def _most_alike(whole: str, names: Mapping[Riding, Sequence[Sequence[str]]]) -> list[Riding]:
    by_name = {" ".join(name): riding for riding, known in names.items() for name in known}
    alike = get_close_matches(whole, by_name, MOST_RIDINGS, LIKENESS_OF_RIDINGS)
    return list(dict.fromkeys(by_name[name] for name in alike))


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
        max(fit(term.readings, entry.words), term.role_worth if term.roles & entry.roles else 0.0) for term in terms
    ]
    if not all(worth):
        return 0.0
    return sum(worth) / len(worth) + (WHOLE_NAME if whole in entry.names else 0.0)
