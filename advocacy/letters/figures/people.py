"""Of whom a share is said: the survey's respondents, people elsewhere, or the writer's own surroundings."""

import re
from dataclasses import dataclass
from enum import Enum

from advocacy.letters.figures.clauses import Clause
from advocacy.letters.figures.reading import Reading
from advocacy.letters.figures.words import ANYONE, NEARBY, OTHERS, OWN, PLACES, RESPONDENTS, SHARE_OF, THEM

_OF = re.compile(r" (?:(?:of|among|des|de|du|chez|parmi)\b|d') ?(?:(?:the|les|all|tous|toutes|la|our fellow|most) )*")
_AMONG = re.compile(
    r"\b(?:among|amongst|of|parmi|chez|selon|according to|say|said|for|pour) (?:the |les |all |most )*$"
)
_STOP = re.compile(r"[,;:.]")
_OTHER_NOUN = re.compile(
    r"[^ ]+ (?!(?:out|in|of|on|per|for|sur|parmi)\b)[a-z'-]+ (?:[a-z'-]+ )?(?:in|out of|of|on|sur|parmi) "
)
_FEW, _SOME = 4, 8
_FARTHEST = 200
"""So many words are never longer than this; the rest of a long text is not looked at for each number."""


class Crowd(Enum):
    """Those of whom a share is said."""

    UNSAID = "no one is named"
    RESPONDENTS = "respondents"
    ANYONE = "people"
    PLACE = "all who live somewhere"
    OTHERS = "others"
    OWN = "the writer's own surroundings"
    UNKNOWN = "something else"


@dataclass(frozen=True, slots=True)
class Whom:
    """A crowd, and the words that name it."""

    crowd: Crowd
    start: int
    end: int


_NAMED = (
    (Crowd.RESPONDENTS, RESPONDENTS),
    (Crowd.OWN, OWN),
    (Crowd.OTHERS, OTHERS),
    (Crowd.PLACE, PLACES),
    (Crowd.ANYONE, ANYONE),
)


def of_whom(reading: Reading, place: int, clause: Clause) -> Whom:
    """Tell of whom the share of a clause is said: after "of", at once after it, inside it or before it."""
    text, number = reading.plain, clause.number
    inside = _first(text, number.start, number.end)
    link = _OF.match(text, clause.tail[0])
    if NEARBY.search(text, *clause.whole):
        return Whom(Crowd.OWN, *clause.tail)
    if inside:
        return inside
    if _OTHER_NOUN.match(text, number.start, number.end):  # "one case in ten", "sept prédateurs sur dix"
        return Whom(Crowd.UNKNOWN, number.start, number.end)
    if link:
        return _after(reading, place, link.end())
    start = clause.tail[0] + 1
    named = next((Whom(crowd, *said.span()) for crowd, words in _NAMED if (said := words.match(text, start))), None)
    return named or _elsewhere(reading, place, clause) or Whom(Crowd.UNSAID, start, start)


def near_survey(reading: Reading, place: int) -> bool:
    """Return whether the survey is spoken of in a sentence or beside it."""
    return place in reading.of_survey or reading.near_survey(place)


def _after(reading: Reading, place: int, start: int) -> Whom:
    text = reading.plain
    end = _words_on(text, start, _FEW)
    if where := PLACES.search(text, start, end):
        return Whom(Crowd.PLACE, *where.span())
    named = _first(text, start, end)
    if named is None and near_survey(reading, place) and THEM.search(text, start, end):
        return Whom(Crowd.ANYONE, start, end)
    if named is None:
        return Whom(Crowd.UNKNOWN, start, _words_on(text, start, 1))
    if named.crowd is Crowd.ANYONE and RESPONDENTS.search(text, start, _words_on(text, start, _SOME)):
        return Whom(Crowd.RESPONDENTS, named.start, named.end)
    return named


def _first(text: str, start: int, end: int) -> Whom | None:
    """Return what is named first in a piece of text."""
    found = ((crowd, words.search(text, start, end)) for crowd, words in _NAMED)
    named = [Whom(crowd, *said.span()) for crowd, said in found if said]
    return min(named, key=lambda whom: whom.start, default=None)


def _elsewhere(reading: Reading, place: int, clause: Clause) -> Whom | None:
    """Find people of a place whom a sentence makes the share's own: "Canadians agree: 95% …", "…, say Canadians"."""
    text, sentence = reading.plain, reading.sentences[place]
    before = PLACES.search(text, sentence.start, clause.number.start)
    if before and not reading.finds(RESPONDENTS, place):
        return Whom(Crowd.PLACE, *before.span())
    for people in PLACES.finditer(text, sentence.start, sentence.end):
        start = max(sentence.start, people.start() - 30)
        among = _AMONG.search(text, start, people.start()) and _is_near(clause, people)
        if among or SHARE_OF.search(text, start, people.start()):
            return Whom(Crowd.PLACE, *people.span())
    return None


def _is_near(clause: Clause, people: re.Match[str]) -> bool:
    after, before = people.start() - clause.number.end, clause.number.start - people.end()
    return 0 <= after <= 15 or 0 <= before <= 12


def _words_on(text: str, start: int, count: int) -> int:
    """Return the place `count` words on, or the end of the clause."""
    stop = _STOP.search(text, start, start + _FARTHEST)
    piece = text[start : stop.start() if stop else start + _FARTHEST]
    return start + len(" ".join(piece.split(" ")[:count]))
