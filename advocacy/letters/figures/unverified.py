"""Numbers that are not the survey's: the writer's own, or a share or count of people at large to be confirmed."""

import re

from advocacy.letters.figures.general import OWN
from advocacy.letters.figures.reading import Reading
from advocacy.letters.figures.verdicts import Fault, Judgement, Verdict
from advocacy.letters.figures.words import NUMBERS, PLACES
from advocacy.numerals import Measure, Numeral

_FEWEST, _MANY = 10, 1000
_WORDS_ON = re.compile(r"(?:[ -](?!(?:to|for|in|at|on|from|a|aux|pour|dans|chez|et|and)\b)[a-z'-]+){0,4}")
_SHARED = re.compile(r"(?:[ -](?!(?:for|in|at|on|from|pour|dans|chez|and|et)\b)[a-z0-9'-]+){0,5}")
_OF_MINE = re.compile(r"\b(?:of|sur|parmi|among) (?:my|our|mes|nos) [a-z0-9 ]{1,30}, ?$")
_LETTER = re.compile(r"[a-z0-9]")
_NEAR = 40
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
    """Whether a share is of people, or of anything that is not the writer's own affair in money or contents."""
    text, (start, end) = reading.plain, _clause(reading, place, number)
    begin = reading.sentences[place].start
    on = _SHARED.match(text, number.end)
    shared = number.start, min(on.end() if on else number.end, end)
    near = max(begin, number.start - _NEAR), min(end, number.end + _NEAR)
    if _is_said_of_oneself(text, number, near) or NUMBERS["counted"].search(text, begin, number.start):
        return False
    if NUMBERS["contents"].search(text, *shared):
        return False
    crowd = NUMBERS["crowd"].search(text, *shared)
    proposed = NUMBERS["proposed"].search(text, start, end)
    if crowd and not (proposed and NUMBERS["firms"].match(text, crowd.start())):
        return True
    if proposed or NUMBERS["contents"].search(text, start, end) or " for " in text[number.start : number.end]:
        return False
    if number.in_words and NUMBERS["things"].match(text, number.end):
        return False
    if PLACES.search(text, *shared):
        return True
    mine = NUMBERS["subject"].match(text, _first_word(text, start), number.start)
    return mine is None or NUMBERS["crowd"].search(text, start, number.start) is not None


def _is_said_of_oneself(text: str, number: Numeral, near: tuple[int, int]) -> bool:
    """Whether a share is the writer's own by its nearest words: of one's family or class, or « sûre à 100 % »."""
    if number.low == 100 and text.endswith(" a ", 0, number.start):
        return True
    if NUMBERS["idiom"].match(text, number.outer[0]) or NUMBERS["kin"].search(text, number.start, near[1]):
        return True
    if _OF_MINE.search(text, near[0], number.outer[0]):
        return True
    return NUMBERS["among"].search(text, near[0], number.start) is not None


def _first_word(text: str, start: int) -> int:
    """Return where the first word from a place on begins."""
    word = _LETTER.search(text, start)
    return word.start() if word else start


def _counts_people(reading: Reading, place: int, number: Numeral) -> bool:
    text, (start, end) = reading.plain, reading.place_of(place)
    if _is_of_a_kind(text, (start, end), number) or _is_a_rate(text, (start, end), number):
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


def _is_a_rate(text: str, sentence: tuple[int, int], number: Numeral) -> bool:
    """Whether a number is told of each day or year, or on average, of what is reported or done everywhere."""
    if number.low <= 1 or number.measure is Measure.MONEY or NUMBERS["rate"].search(text, *sentence) is None:
        return False
    if not any(NUMBERS[name].search(text, *sentence) for name in ("victims", "firms")):
        return False
    return not any(words.search(text, *sentence) for words in (OWN, NUMBERS["mine"], NUMBERS["proposed"]))


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
