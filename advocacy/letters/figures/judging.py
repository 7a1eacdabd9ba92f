"""The verdicts on the numbers of one sentence, by its own words and those beside it."""

from collections.abc import Iterator

from advocacy.letters.figures.clauses import clauses
from advocacy.letters.figures.facts import judge_fact
from advocacy.letters.figures.reading import Reading
from advocacy.letters.figures.shares import judge_share
from advocacy.letters.figures.verdicts import Judgement, Verdict
from advocacy.numerals import Measure


def judgements(reading: Reading, place: int) -> Iterator[Judgement]:
    """Return the judgement of every number of the sentence at `place`."""
    numbers = reading.numbers[place]
    shares = [number for number in numbers if number.measure is Measure.SHARE]
    for clause in clauses(reading.plain, reading.sentences[place], shares, spoken=reading.spoken(place)):
        judgement = judge_share(reading, place, clause)
        # "Everyone" and "the majority" are numbers only where they claim a result.
        if not (clause.number.vague and judgement.verdict is Verdict.NOT_SURVEYS):
            yield judgement
    for number in numbers:
        if number.measure is not Measure.SHARE:
            yield judge_fact(reading, place, number)
