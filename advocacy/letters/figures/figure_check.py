"""Every number of a letter that claims a result of the survey is one that the survey gives, of its own subject."""

from collections.abc import Container, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache, partial
from itertools import islice

from advocacy.findings import Survey
from advocacy.language import Language
from advocacy.letters.figures.claim import (
    KEPT,
    MAX_JUDGED,
    MAX_NUMBERS,
    FigureClaim,
    FigureFault,
    Judgement,
    Verdict,
    first_extra_number,
)
from advocacy.letters.figures.composed_sentences import Originals
from advocacy.letters.figures.general_claims import (
    false_quotes,
    general_claims,
    makes_a_claim,
    survey_claims,
    unverified,
    world_claims,
)
from advocacy.letters.figures.shares import judgements, names_survey, unjudged
from advocacy.letters.figures.survey_text import Reading
from advocacy.letters.figures.survey_words import RESPONDENTS

BETWEEN = "\n\n"
"""What stands between the paragraphs of a letter's text."""


def check_figures(
    text: str, survey: Survey, language: Language, *, composed: Iterable[str] = (), cacheable: Container[str] = ()
) -> tuple[FigureClaim, ...]:
    """Judge every number of a letter and every claim about people at large, in the order of the text.

    `language` is that of the suggestions; numbers and words are read in every language, as a letter may hold a sentence
    in another. `composed` are the letter's paragraphs as composed, without the citizen's own words: a sentence
    that was edited is also compared with the one it was. Numbers and claims of theirs that are not the survey's are
    the campaign's business, and left out. A campaign without a survey has nothing to call false. Of a text with more
    numbers than are judged (see `too_many_numbers`) one claim is returned, UNCLEAR, at the first number too many.

    A paragraph that stands whole as it was composed is judged by itself. What is found in one of `cacheable` is kept in
    memory, so that those may hold nothing of the citizen's.
    """
    if (extra := first_extra_number(text)) is not None:
        return (
            FigureClaim(extra, text[slice(*extra)], text[slice(*extra)], Verdict.UNCLEAR, fault=FigureFault.TOO_MANY),
        )
    paragraphs = tuple(composed)
    unchanged, rest = _apart(text, frozenset(paragraphs))
    claims = []
    for offset, paragraph in unchanged:
        judge = _lasting_claims if paragraph in cacheable else _claims
        claims += [
            replace(one, span=(one.span[0] + offset, one.span[1] + offset))
            for one in judge(paragraph, survey, language)
        ]
    if rest.strip():
        originals = Originals(paragraphs, survey, language, cacheable=cacheable)
        claims += _judged(Reading(rest, survey, language, whole=text), originals)
    return tuple(sorted(claims, key=lambda claim: claim.span))


def _apart(text: str, composed: Container[str]) -> tuple[list[tuple[int, str]], str]:
    """Part the paragraphs that stand as composed, each with its place, from the text without them.

    That text is as long: what was taken out of it is spaces, so that everything else stands where it stood.
    """
    unchanged, rest, offset = [], [], 0
    for paragraph in text.split(BETWEEN):
        if paragraph in composed:
            unchanged.append((offset, paragraph))
            rest.append(" " * len(paragraph))
        else:
            rest.append(paragraph)
        offset += len(paragraph) + len(BETWEEN)
    return unchanged, BETWEEN.join(rest)


def _claims(paragraph: str, survey: Survey, language: Language) -> tuple[FigureClaim, ...]:
    """Judge a paragraph as it was composed."""
    return tuple(_judged(Reading(paragraph, survey, language), Originals([paragraph], survey, language)))


_lasting_claims = lru_cache(maxsize=KEPT)(_claims)


def _judged(reading: Reading, originals: Originals) -> list[FigureClaim]:
    judged = _of_sentences(reading, originals)
    judged += _of_people(reading, originals, judged)
    if not reading.survey.polls:
        judged = [(place, _unheld(one)) for place, one in judged]
    return [_claim(reading, place, one) for place, one in judged]


def _unheld(judgement: Judgement) -> Judgement:
    """Return what a false figure is where the campaign has no survey to hold it against: to be confirmed."""
    if judgement.verdict is not Verdict.FALSE:
        return judgement
    return Judgement(judgement.start, judgement.end, Verdict.UNCLEAR, fault=FigureFault.UNVERIFIED)


def _of_sentences(reading: Reading, originals: Originals) -> list[tuple[int, Judgement]]:
    """Judge the numbers of each sentence; one that stands again between the same neighbours is judged once."""
    known: dict[tuple[object, ...], tuple[int, list[Judgement]]] = {}
    judged: list[tuple[int, Judgement]] = []
    weighed = 0
    for place, numbers in reading.numbers.items():
        if all(number.vague for number in numbers) and not names_survey(reading, place):
            continue
        begin, surroundings = reading.sentences[place].start, reading.surroundings(place)
        if surroundings not in known:
            full = weighed >= MAX_JUDGED
            known[surroundings] = begin, list((unjudged if full else partial(_of_numbers, originals))(reading, place))
            weighed += sum(one.verdict is not Verdict.NOT_FROM_SURVEY for one in known[surroundings][1])
        first, found = known[surroundings]
        judged += [(place, one if first == begin else one.moved(begin - first)) for one in found]
    return judged


def _of_numbers(originals: Originals, reading: Reading, place: int) -> Iterator[Judgement]:
    for found in judgements(reading, place):
        judgement = originals.reviewed(reading, place, found)
        if judgement.verdict is not Verdict.NOT_FROM_SURVEY:
            yield judgement
        elif not originals.has_number(reading, place, judgement):
            yield unverified(reading, place, judgement)


def _of_people(
    reading: Reading, originals: Originals, judged: list[tuple[int, Judgement]]
) -> list[tuple[int, Judgement]]:
    """Find the claims about people at large that hold no number judged already."""
    taken = {(one.start, one.end) for _, one in judged if one.verdict is not Verdict.NOT_FROM_SURVEY}
    of_survey = {place for place, one in judged if one.verdict in {Verdict.TRUE, Verdict.FALSE}}
    found = []
    for place, start, end in islice(general_claims(reading.plain, reading.sentences), MAX_NUMBERS):
        overlaps = any(start < stop and begin < end for begin, stop in taken)
        respondents = place in of_survey and RESPONDENTS.search(reading.plain, start, end)
        if not (overlaps or respondents or originals.has_words(reading, place, said=reading.plain[start:end])):
            found.append((place, Judgement(start, end, Verdict.UNCLEAR, fault=FigureFault.UNVERIFIED)))
    weighed = {place for place, one in judged if one.verdict in {Verdict.TRUE, Verdict.FALSE} or one.key}
    said = [*survey_claims(reading, weighed), *false_quotes(reading)]
    for place, start, end in islice(said, MAX_NUMBERS):
        overlaps = any(start < stop and begin < end for begin, stop in taken)
        if not overlaps and not originals.has_words(reading, place, said=reading.plain[start:end]):
            found.append((place, Judgement(start, end, Verdict.UNCLEAR, fault=FigureFault.UNVERIFIED)))
    claimed = {place for place, *_ in said} | {place for place, one in (*found, *judged) if one.fault}
    room = max(0, MAX_NUMBERS - len(found))
    for place, start, end in islice(world_claims(reading, weighed, claimed), room):
        added = originals.added_words(reading, place)
        if added is None or makes_a_claim(added):
            found.append((place, Judgement(start, end, Verdict.UNCLEAR, fault=FigureFault.UNVERIFIED)))
    spans = [(claim.start, claim.end) for _, claim in found]
    judged[:] = [pair for pair in judged if not any(start <= pair[1].start < end for start, end in spans)]
    return found


def _claim(reading: Reading, place: int, judgement: Judgement) -> FigureClaim:
    span = reading.text.span(judgement.start, judgement.end)
    sentence = reading.text.span(reading.sentences[place].start, reading.sentences[place].end)
    typed = reading.text.typed
    return FigureClaim(
        span,
        typed[slice(*span)],
        typed[slice(*sentence)],
        judgement.verdict,
        judgement.key,
        judgement.fault,
        judgement.evidence,
        judgement.suggestion,
    )
