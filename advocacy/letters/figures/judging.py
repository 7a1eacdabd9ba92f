"""The verdicts on the numbers of one sentence, by its own words and those beside it."""

from collections.abc import Iterator

from advocacy.letters.figures.clauses import clauses
from advocacy.letters.figures.facts import judge_fact
from advocacy.letters.figures.reading import Reading
from advocacy.letters.figures.shares import judge_share
from advocacy.letters.figures.verdicts import Judgement, Verdict
from advocacy.letters.figures.words import RESPONDENTS, SURVEY
from advocacy.numerals import Measure


def judgements(reading: Reading, place: int) -> Iterator[Judgement]:
    """Return the judgement of every number of the sentence at `place`."""
    numbers = reading.numbers[place]
    shares = [number for number in numbers if number.measure is Measure.SHARE]
    if not any(reading.finds(words, place) for words in (SURVEY, RESPONDENTS)):
        # "Everyone" and "the majority" claim a result only where the survey is named.
        shares = [number for number in shares if not number.vague]
    for clause in clauses(reading.plain, reading.sentences[place], shares, spoken=reading.spoken(place)):
        judgement = judge_share(reading, place, clause)
        # "Everyone" and "the majority" are numbers only where they claim a result.
        if not (clause.number.vague and judgement.verdict is Verdict.NOT_SURVEYS):
            yield judgement
    for number in numbers:
        if number.measure is not Measure.SHARE:
            yield judge_fact(reading, place, number)
