"""Every number of a letter that claims a result of the survey is one that the survey gives, of its own subject."""

from collections.abc import Iterable

from advocacy.findings import Survey
from advocacy.language import Language
from advocacy.letters.figures.judging import judgements
from advocacy.letters.figures.originals import Originals
from advocacy.letters.figures.reading import Reading
from advocacy.letters.figures.verdicts import Claim, Judgement


def check_figures(text: str, survey: Survey, language: Language, *, ours: Iterable[str] = ()) -> tuple[Claim, ...]:
    """Judge every number of a letter, in the order of the text.

    `language` is that of the mends; numbers and words are read in every language, as a letter may hold a sentence in
    another. `ours` are the letter's paragraphs as they were composed, without the citizen's own words: a sentence
    that was edited is also held against the one it was.
    """
    reading = Reading(text, survey, language)
    originals = Originals(ours, survey, language)
    claims = []
    for place in reading.numbers:
        for judgement in judgements(reading, place):
            claims.append(_claim(reading, place, originals.reviewed(reading, place, judgement)))
    return tuple(sorted(claims, key=lambda claim: claim.span))


def _claim(reading: Reading, place: int, judgement: Judgement) -> Claim:
    span = reading.text.span(judgement.start, judgement.end)
    sentence = reading.text.span(reading.sentences[place].start, reading.sentences[place].end)
    typed = reading.text.typed
    return Claim(
        span,
        typed[slice(*span)],
        typed[slice(*sentence)],
        judgement.verdict,
        judgement.key,
        judgement.fault,
        judgement.right,
        judgement.mend,
    )
