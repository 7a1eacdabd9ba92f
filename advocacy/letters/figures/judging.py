"""The verdicts on the numbers of one sentence, by its own words and those beside it."""

from collections.abc import Iterator

from advocacy.letters.figures.clauses import clauses
from advocacy.letters.figures.facts import judge_fact
from advocacy.letters.figures.reading import Reading
from advocacy.letters.figures.shares import judge_share
from advocacy.letters.figures.verdicts import Fault, Judgement, Verdict
from advocacy.numerals import Measure, Numeral

MOST_SHARES = 6
"""More in one sentence than anybody reads: the others are to be confirmed, so that no sentence takes long."""


def judgements(reading: Reading, place: int) -> Iterator[Judgement]:
    """Return the judgement of every number of the sentence at `place`."""
    numbers = reading.numbers[place]
    shares = [number for number in numbers if number.measure is Measure.SHARE]
    if not names_survey(reading, place):
        shares = [number for number in shares if not number.vague]
    shares, further = shares[:MOST_SHARES], shares[MOST_SHARES:]
    yield from map(_to_confirm, further)
    for clause in clauses(reading.plain, reading.sentences[place], shares, spoken=reading.spoken(place)):
        judgement = judge_share(reading, place, clause)
        # "Everyone" and "the majority" are numbers only where they claim a result.
        if not (clause.number.vague and judgement.verdict is Verdict.NOT_SURVEYS):
            yield judgement
    for number in numbers:
        if number.measure is not Measure.SHARE:
            yield judge_fact(reading, place, number)


def names_survey(reading: Reading, place: int) -> bool:
    """Whether a sentence names the survey: without it "everyone" and "the majority" claim none of its results."""
    return place in reading.of_survey or place in reading.of_respondents


def unjudged(reading: Reading, place: int) -> Iterator[Judgement]:
    """Return every share of a sentence as one to be confirmed, and its other numbers judged."""
    for number in reading.numbers[place]:
        if number.measure is not Measure.SHARE:
            yield judge_fact(reading, place, number)
        elif not number.vague:
            yield _to_confirm(number)


def _to_confirm(number: Numeral) -> Judgement:
    return Judgement(*number.outer, Verdict.UNCLEAR, fault=Fault.WORDS)
