"""The scope of each share of a sentence: the words that belong to it, and the population of which it is said.

A sentence is cut into one clause for each share. The population is named inside the share ("nine Canadians in ten"),
after "of", at once after it, or else in the sentence where that makes the share its own ("Canadians agree: 40% …").
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from advocacy.letters.figures.survey_text import ConceptMention, ParsedText, Span
from advocacy.letters.figures.survey_words import expression, pattern
from advocacy.numerals import Numeral

_BOUNDARY = re.compile(
    r"[;:,](?: (?:and|et|but|mais|while|tandis que|alors que|whereas|or|ou)\b)?"
    r"| (?:and|et|while|whereas|tandis que|alors que|but|mais|versus|contre|against|compared with|contrairement aux)\b"
)
_MAX_POPULATION_WORDS = 7
_OF = re.compile(r" (?:(?:of|among|des|de|du|chez|parmi)\b|d') ?(?:(?:the|les|all|tous|toutes|la|our fellow|most) )*")
_AMONG = re.compile(
    r"\b(?:among|amongst|of|parmi|chez|selon|according to|say|said|for|pour) (?:the |les |all |most )*$"
)
_STOP = re.compile(r"[,;:.]")
_OTHER_NOUN = re.compile(
    r"[^ ]+ (?!(?:out|in|of|on|per|for|sur|parmi)\b)[a-z'-]+ (?:[a-z'-]+ )?(?:in|out of|of|on|sur|parmi) "
)
_WORDS_AFTER_OF, _WORDS_TO_RESPONDENTS = 4, 8
_CHARACTERS_BEFORE = 30
_MAX_CHARACTERS = 200
"""So many words are never longer than this; the rest of a long text is not looked at for each number."""


# --- the clause of a share


@dataclass(frozen=True, slots=True)
class Clause:
    """A share with its head (the words before it) and its tail (the words after), by their places."""

    number: Numeral
    head: Span
    tail: Span

    @property
    def whole(self) -> Span:
        """Head, share and tail together."""
        return self.head[0], self.tail[1]


def clauses(parsed: ParsedText, index: int, shares: Sequence[Numeral]) -> list[Clause]:
    """Return every share of a sentence with its own words."""
    if not shares:
        return []
    text, (begin, end), mentions = parsed.plain, parsed.span(index), parsed.mentions(index)
    cuts = [max(begin, text.rfind(";", begin, shares[0].outer[0]) + 1)]
    for pair in pairwise(shares):
        cuts.append(_end_of_words(text, pair, mentions, start=cuts[-1]))
    semicolon = text.find(";", shares[-1].outer[1], end)
    cuts.append(end if semicolon < 0 else semicolon)
    return [
        Clause(number, (start, number.outer[0]), (number.outer[1], max(stop, number.outer[1])))
        for number, (start, stop) in zip(shares, pairwise(cuts), strict=True)
    ]


def _end_of_words(text: str, shares: tuple[Numeral, Numeral], mentions: Sequence[ConceptMention], *, start: int) -> int:
    """Find where the words between two shares stop being the first one's, whose own words began at `start`."""
    number, following = shares

    def mentions_concept(begin: int, stop: int) -> bool:
        return any(begin <= mention.start < stop for mention in mentions)

    end = number.outer[1]
    between = _BOUNDARY.finditer(text, end, following.outer[0])
    boundaries = [found.start() for found in between if not expression("joined_people").match(text, found.start())]
    if not boundaries:
        return following.outer[0]
    names_population_only = len(text[end : boundaries[0]].split()) <= _MAX_POPULATION_WORDS and not mentions_concept(
        end, boundaries[0]
    )
    # Where its subject stands before a share, what follows it up to the first boundary only says of whom.
    return boundaries[0] if names_population_only and mentions_concept(start, number.start) else boundaries[-1]


# --- the population


class Group(Enum):
    """Those of whom a share is said."""

    UNNAMED = "no one is named"
    RESPONDENTS = "respondents"
    ANYONE = "people"
    PLACE = "all who live somewhere"
    OTHERS = "others"
    OWN = "the writer's own surroundings"
    UNKNOWN = "something else"


_LISTS = {
    Group.RESPONDENTS: "people.respondents",
    Group.OWN: "people.own",
    Group.OTHERS: "people.others",
    Group.PLACE: "people.places",
    Group.ANYONE: "people.anyone",
}


@dataclass(frozen=True, slots=True)
class Population:
    """A group, and the words that name it."""

    group: Group
    start: int
    end: int


def find_population(parsed: ParsedText, index: int, clause: Clause) -> Population:
    """Return of whom the share of a clause is said."""
    text, number, after = parsed.plain, clause.number, clause.tail[0]
    if pattern("people.nearby").search(text, *clause.whole):
        return Population(Group.OWN, *clause.tail)
    if inside := _first_group(text, number.start, number.end):
        return inside
    if _OTHER_NOUN.match(text, number.start, number.end):  # "one case in ten", "sept prédateurs sur dix"
        return Population(Group.UNKNOWN, number.start, number.end)
    if link := _OF.match(text, after):
        return _after_of(parsed, index, link.end())
    for group, words in _LISTS.items():
        if found := pattern(words).match(text, after + 1):
            return Population(group, *found.span())
    return _in_sentence(parsed, index, clause) or Population(Group.UNNAMED, after + 1, after + 1)


def _after_of(parsed: ParsedText, index: int, start: int) -> Population:
    text = parsed.plain
    end = _place_after_words(text, start, _WORDS_AFTER_OF)
    if place := pattern("people.places").search(text, start, end):
        return Population(Group.PLACE, *place.span())
    named = _first_group(text, start, end)
    if named is None and parsed.is_near_survey(index) and pattern("people.them").search(text, start, end):
        return Population(Group.ANYONE, start, end)
    if named is None:
        return Population(Group.UNKNOWN, start, _place_after_words(text, start, 1))
    further = _place_after_words(text, start, _WORDS_TO_RESPONDENTS)
    if named.group is Group.ANYONE and pattern("people.respondents").search(text, start, further):
        return Population(Group.RESPONDENTS, named.start, named.end)
    return named


def _first_group(text: str, start: int, end: int) -> Population | None:
    """Return the group that is named first in a piece of text."""
    found = ((group, pattern(words).search(text, start, end)) for group, words in _LISTS.items())
    named = [Population(group, *words.span()) for group, words in found if words]
    return min(named, key=lambda population: population.start, default=None)


def _in_sentence(parsed: ParsedText, index: int, clause: Clause) -> Population | None:
    """Find people of a place whom a sentence makes the share's own: "Canadians agree: 40% …", "…, say Canadians"."""
    text, (begin, end), places = parsed.plain, parsed.span(index), pattern("people.places")
    before = places.search(text, begin, clause.number.start)
    if before and not parsed.finds("people.respondents", index):
        return Population(Group.PLACE, *before.span())
    for people in places.finditer(text, begin, end):
        start = max(begin, people.start() - _CHARACTERS_BEFORE)
        is_near = 0 <= people.start() - clause.number.end <= 15 or 0 <= clause.number.start - people.end() <= 12
        is_among = is_near and _AMONG.search(text, start, people.start())
        if is_among or pattern("survey.share_of").search(text, start, people.start()):
            return Population(Group.PLACE, *people.span())
    return None


def _place_after_words(text: str, start: int, count: int) -> int:
    """Return the place `count` words on, or the end of the clause."""
    stop = _STOP.search(text, start, start + _MAX_CHARACTERS)
    piece = text[start : stop.start() if stop else start + _MAX_CHARACTERS]
    return start + len(" ".join(piece.split(" ")[:count]))
