"""Numbers that are not the survey's: the writer's own, or a share or count of people at large to be confirmed."""

import re

from advocacy.letters.figures.general import OWN
from advocacy.letters.figures.reading import Reading
from advocacy.letters.figures.verdicts import Fault, Judgement, Verdict
from advocacy.letters.figures.words import ANYONE, NEARBY, NUMBERS, OTHERS, PLACES
from advocacy.numerals import Measure, Numeral

_FEWEST, _MANY = 10, 1000
_WORDS_ON = re.compile(r"(?:[ -](?!(?:to|for|in|at|on|from|a|aux|pour|dans|chez|et|and)\b)[a-z'-]+){0,4}")
_CLAUSE_STARTS = (",", ";", ":", " that ", " que ", " qu'")
_CLAUSE_END = re.compile(r"[;:.!?]|, ")


def unverified(reading: Reading, place: int, judgement: Judgement) -> Judgement:
    """Return the judgement of a number that is not the survey's: UNCLEAR where it claims a thing of people at large."""
    number = next(one for one in reading.numbers[place] if judgement.start <= one.start < judgement.end)
    claims = _is_share_of_people if number.measure is Measure.SHARE else _counts_people
    if claims(reading, place, number):
        return Judgement(judgement.start, judgement.end, Verdict.UNCLEAR, fault=Fault.UNVERIFIED)
    return judgement


def _is_share_of_people(reading: Reading, place: int, number: Numeral) -> bool:
    text, (start, end) = reading.plain, _clause(reading, place, number)
    if NUMBERS["surroundings"].search(text, *reading.place_of(place)) or NEARBY.search(text, *reading.place_of(place)):
        return False
    at_large = any(words.search(text, number.start, end) for words in (PLACES, OTHERS, ANYONE))
    if OWN.search(text, number.end, end) or NUMBERS["mine"].search(text, number.start, number.end):
        return False
    if NUMBERS["among"].search(text, max(start, number.start - 20), number.start):
        return False
    if not at_large and NUMBERS["mine"].search(text, start, end):
        return False
    if number.low == 100 and text.endswith(" a ", 0, number.start):  # « sûre à 100 % »
        return False
    if NUMBERS["proposed"].search(text, start, end) or NUMBERS["idiom"].match(text, number.outer[0]):
        return False
    return not (number.in_words and NUMBERS["things"].match(text, number.end))


def _counts_people(reading: Reading, place: int, number: Numeral) -> bool:
    text, (start, end) = reading.plain, reading.place_of(place)
    if _is_of_a_kind(text, (start, end), number):
        return True
    if number.measure is not Measure.PLAIN or number.low < _FEWEST:
        return False
    on = _WORDS_ON.match(text, number.outer[1])
    after = (number.outer[1], on.end() if on else number.outer[1])
    if NUMBERS["people"].search(text, *after) is None and not (
        number.low >= _MANY and NUMBERS["victims"].search(text, *after)
    ):
        return False
    if NUMBERS["aged"].search(text, max(start, number.outer[0] - 12), number.outer[0]):
        return False
    return not (OWN.search(text, start, end) or NUMBERS["mine"].search(text, start, end))


def _is_of_a_kind(text: str, sentence: tuple[int, int], number: Numeral) -> bool:
    """Whether a sentence that begins with people in general gives them a number: "Children spend 7 hours a day"."""
    start, end = sentence
    if number.low <= 1 or NUMBERS["kinds"].match(text, start, number.start) is None:
        return False
    if NUMBERS["aged"].search(text, max(start, number.outer[0] - 12), number.outer[0]):
        return False
    others = (OWN, NUMBERS["mine"], NUMBERS["proposed"], NUMBERS["ages"])
    return not any(words.search(text, start, end) for words in others)


def _clause(reading: Reading, place: int, number: Numeral) -> tuple[int, int]:
    """Return where the words around a number begin and end."""
    begin, end = reading.place_of(place)
    start = max(begin, *(reading.plain.rfind(stop, begin, number.outer[0]) + 1 for stop in _CLAUSE_STARTS))
    stop = _CLAUSE_END.search(reading.plain, number.outer[1], end)
    return start, stop.start() if stop else end
