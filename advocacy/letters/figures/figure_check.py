"""Check every claim of a letter on the survey, and on people at large, against the survey."""

from collections.abc import Container, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import chain, islice

from advocacy.findings import Survey
from advocacy.language import Language
from advocacy.letters.figures.claim import (
    MAX_CACHED_PARAGRAPHS,
    MAX_JUDGED,
    MAX_NUMBERS,
    FigureClaim,
    FigureFault,
    Judgement,
    Verdict,
    first_extra_number,
)
from advocacy.letters.figures.composed_sentences import ComposedSentences
from advocacy.letters.figures.general_claims import (
    false_quotes,
    general_claims,
    makes_a_claim,
    survey_claims,
    unverified,
    world_claims,
)
from advocacy.letters.figures.shares import judgements, unjudged
from advocacy.letters.figures.survey_text import ParsedText
from advocacy.letters.figures.survey_words import pattern

PARAGRAPH_BREAK = "\n\n"
"""What is between the paragraphs of a letter's text."""


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
        number = text[slice(*extra)]
        return (FigureClaim(extra, number, number, Verdict.UNCLEAR, fault=FigureFault.TOO_MANY),)
    paragraphs = tuple(composed)
    unchanged = frozenset(paragraphs)
    claims: list[FigureClaim] = []
    rest, offset = [], 0
    for paragraph in text.split(PARAGRAPH_BREAK):
        if paragraph in unchanged:
            check = _paragraph_claims_cached if paragraph in cacheable else _paragraph_claims
            for claim in check(paragraph, survey, language):
                claims.append(replace(claim, span=(claim.span[0] + offset, claim.span[1] + offset)))
        # In their place are spaces, so that everything else stands where it stood.
        rest.append(" " * len(paragraph) if paragraph in unchanged else paragraph)
        offset += len(paragraph) + len(PARAGRAPH_BREAK)
    edited = PARAGRAPH_BREAK.join(rest)
    if edited.strip():
        originals = ComposedSentences(paragraphs, survey, language, cacheable=cacheable)
        claims += _claims(ParsedText(edited, survey, language, whole=text), originals)
    return tuple(sorted(claims, key=lambda claim: claim.span))


def _paragraph_claims(paragraph: str, survey: Survey, language: Language) -> tuple[FigureClaim, ...]:
    """Judge a paragraph as it was composed."""
    return tuple(_claims(ParsedText(paragraph, survey, language), ComposedSentences([paragraph], survey, language)))


_paragraph_claims_cached = lru_cache(maxsize=MAX_CACHED_PARAGRAPHS)(_paragraph_claims)


def _claims(parsed: ParsedText, originals: ComposedSentences) -> Iterator[FigureClaim]:
    numbers = list(_judged_numbers(parsed, originals))
    others = list(_claims_without_number(parsed, originals, numbers))
    numbers = [(index, one) for index, one in numbers if not any(start <= one.start < end for _, start, end in others)]
    without_number = [(index, _to_confirm(start, end)) for index, start, end in others]
    for index, judgement in [*numbers, *without_number]:
        if judgement.verdict is Verdict.FALSE and not parsed.survey.polls:
            # A campaign without a survey has nothing to call a figure false by.
            judgement = _to_confirm(judgement.start, judgement.end)
        span = parsed.text.span(judgement.start, judgement.end)
        typed, sentence = parsed.text.typed, parsed.text.span(*parsed.span(index))
        yield FigureClaim(
            span, typed[slice(*span)], typed[slice(*sentence)], judgement.verdict, judgement.key, judgement.fault,
            judgement.evidence, judgement.suggestion,
        )  # fmt: skip


def _judged_numbers(parsed: ParsedText, originals: ComposedSentences) -> Iterator[tuple[int, Judgement]]:
    """Judge the numbers of each sentence; one that comes again between the same neighbours is judged once."""
    cached: dict[tuple[object, ...], tuple[int, list[Judgement]]] = {}
    judged = 0
    for index, numbers in parsed.numbers.items():
        if all(number.vague for number in numbers) and not parsed.names_survey(index):
            continue
        begin, surroundings = parsed.sentences[index].start, parsed.surroundings(index)
        if surroundings not in cached:
            is_judged = judged < MAX_JUDGED
            found = list(_reviewed(parsed, index, originals) if is_judged else unjudged(parsed, index))
            cached[surroundings] = begin, found
            judged += sum(one.verdict is not Verdict.NOT_FROM_SURVEY for one in found)
        first, found = cached[surroundings]
        moved = begin - first
        for one in found:
            yield index, replace(one, start=one.start + moved, end=one.end + moved) if moved else one


def _reviewed(parsed: ParsedText, index: int, originals: ComposedSentences) -> Iterator[Judgement]:
    for found in judgements(parsed, index):
        judgement = originals.review(parsed, index, found)
        if judgement.verdict is not Verdict.NOT_FROM_SURVEY:
            yield judgement
        elif not originals.has_number(parsed, index, judgement):
            yield unverified(parsed, index, judgement)


def _claims_without_number(
    parsed: ParsedText, originals: ComposedSentences, numbers: list[tuple[int, Judgement]]
) -> Iterator[tuple[int, int, int]]:
    """Find the claims about people at large that hold no number judged already: index, start and end."""
    judged = {(one.start, one.end) for _, one in numbers if one.verdict is not Verdict.NOT_FROM_SURVEY}
    certain = {index for index, one in numbers if one.verdict in {Verdict.TRUE, Verdict.FALSE}}
    of_survey = certain | {index for index, one in numbers if one.key}

    def is_new(index: int, start: int, end: int) -> bool:
        overlaps = any(start < stop and begin < end for begin, stop in judged)
        return not overlaps and not originals.has_words(parsed, index, parsed.plain[start:end])

    found = [
        (index, start, end)
        for index, start, end in islice(general_claims(parsed.plain, parsed.sentences), MAX_NUMBERS)
        if not (index in certain and pattern("people.respondents").search(parsed.plain, start, end))
        and is_new(index, start, end)
    ]
    of_respondents = [*survey_claims(parsed, of_survey), *false_quotes(parsed)]
    found += [claim for claim in of_respondents[:MAX_NUMBERS] if is_new(*claim)]
    claimed = {index for index, *_ in chain(of_respondents, found)} | {index for index, one in numbers if one.fault}
    room = max(0, MAX_NUMBERS - len(found))
    for index, start, end in islice(world_claims(parsed, of_survey, claimed), room):
        added = originals.added_words(parsed, index)
        if added is None or makes_a_claim(added):
            found.append((index, start, end))
    yield from found


def _to_confirm(start: int, end: int) -> Judgement:
    return Judgement(start, end, Verdict.UNCLEAR, fault=FigureFault.UNVERIFIED)
