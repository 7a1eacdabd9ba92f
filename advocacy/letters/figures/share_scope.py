"""Of whom a share is said: the survey's respondents, people elsewhere, or the writer's own surroundings."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from advocacy.letters.figures.survey_text import Reading, Spoken
from advocacy.letters.figures.survey_words import ANYONE, NEARBY, OTHERS, OWN, PLACES, RESPONDENTS, SHARE_OF, THEM
from advocacy.letters.sentences import Sentence
from advocacy.numerals import Numeral

_BOUNDARY = re.compile(
    r"[;:,](?: (?:and|et|but|mais|while|tandis que|alors que|whereas|or|ou)\b)?"
    r"| (?:and|et|while|whereas|tandis que|alors que|but|mais|versus|contre|against|compared with|contrairement aux)\b"
)
_PEOPLE = re.compile(
    rf" (?:and|et)(?: the| les| des| d')? ?(?:{'|'.join(p.pattern for p in (RESPONDENTS, OTHERS, PLACES, ANYONE))})"
)
_WORDS_OF_WHOM = 7


@dataclass(frozen=True, slots=True)
class Clause:
    """A share with its head (the words before it) and its tail (the words after), by their places."""

    number: Numeral
    head: tuple[int, int]
    tail: tuple[int, int]

    @property
    def whole(self) -> tuple[int, int]:
        """Where head, share and tail stand together."""
        return self.head[0], self.tail[1]


def clauses(text: str, sentence: Sentence, shares: Sequence[Numeral], *, spoken: Sequence[Spoken]) -> list[Clause]:
    """Return every share of a sentence its own words."""
    if not shares:
        return []
    cuts = [_opening(text, sentence, shares[0])]
    for number, following in pairwise(shares):
        cuts.append(_cut(text, (number, following), spoken, head=cuts[-1]))
    cuts.append(_ending(text, sentence, shares[-1]))
    return [
        Clause(number, (start, number.outer[0]), (number.outer[1], max(end, number.outer[1])))
        for number, start, end in zip(shares, cuts, cuts[1:], strict=False)
    ]


def _cut(text: str, shares: tuple[Numeral, Numeral], spoken: Sequence[Spoken], *, head: int) -> int:
    """Find where the words between two shares stop being the first one's, whose own words began at `head`."""
    number, following = shares
    start, end = number.outer[1], following.outer[0]
    boundaries = [said for said in _BOUNDARY.finditer(text, start, end) if not _PEOPLE.match(text, said.start())]
    if not boundaries:
        return end
    first = boundaries[0].start()
    only_whom = len(text[start:first].split()) <= _WORDS_OF_WHOM and not _says(spoken, start, first)
    said_before = only_whom and _says(spoken, head, number.start)
    return first if said_before else boundaries[-1].start()


def _says(spoken: Sequence[Spoken], start: int, end: int) -> bool:
    return any(start <= said.start < end for said in spoken)


def _opening(text: str, sentence: Sentence, first: Numeral) -> int:
    return max(sentence.start, text.rfind(";", sentence.start, first.outer[0]) + 1)


def _ending(text: str, sentence: Sentence, last: Numeral) -> int:
    stop = text.find(";", last.outer[1], sentence.end)
    return sentence.end if stop < 0 else stop


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
