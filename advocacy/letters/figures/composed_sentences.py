"""A sentence that was edited, compared with the one that was composed: what was taken out, put in or changed.

The composed sentence most like it is found by its words. What stands unchanged is the campaign's own figure. In an
edited one a number in the place of another, a "no" put in or taken out, or another kind of images makes it false.
"""

import re
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from fractions import Fraction
from functools import cached_property, lru_cache

from advocacy.findings import Survey
from advocacy.language import Language
from advocacy.letters.figures.claim import MAX_CACHED_PARAGRAPHS, FigureFault, Judgement, Verdict
from advocacy.letters.figures.shares import judgements
from advocacy.letters.figures.survey_facts import judge_as
from advocacy.letters.figures.survey_text import ParsedText, Span
from advocacy.letters.figures.survey_words import exclusive_concepts, pattern
from advocacy.numerals import Approach, Measure, Numeral

MIN_EDIT = 0.6
"""The least likeness of two sentences, by their words, for one to be an edit of the other."""
MIN_SAME_CLAIM = 0.8
"""The least likeness for what both sentences say of people at large to be the campaign's own claim still."""
_MAX_CHANGE = 4
"""A change of so few words can reverse a sentence; a longer one is a sentence of its own."""
_WORD = re.compile(r"[^\s,]+")


@dataclass(frozen=True)
class _Sentence:
    """One sentence of a text, as words."""

    parsed: ParsedText
    index: int

    @cached_property
    def spans(self) -> list[Span]:
        return [word.span() for word in _WORD.finditer(self.parsed.plain, *self.parsed.span(self.index))]

    @cached_property
    def words(self) -> tuple[str, ...]:
        return tuple(self.parsed.plain[start:end] for start, end in self.spans)

    @property
    def numbers(self) -> Sequence[Numeral]:
        return self.parsed.numbers.get(self.index, ())

    @cached_property
    def judged(self) -> dict[Numeral, Judgement]:
        """The judgements of a composed sentence by their numbers; its shares are trusted."""
        found = (self.trusted(judgement) for judgement in judgements(self.parsed, self.index))
        return {number: judgement for judgement in found if (number := self.number_of(judgement)) is not None}

    @property
    def concepts(self) -> frozenset[str]:
        return self.parsed.concepts(self.index)

    @property
    def before(self) -> "list[_Sentence]":
        """The sentences before it in its paragraph, nearest first."""
        return [_Sentence(self.parsed, index) for index in self.parsed.before(self.index)]

    @cached_property
    def depends_on_sentence_before(self) -> bool:
        """Whether a composed sentence says what its shares are about by the sentence before it: "Yes, said 40%"."""
        is_answer = self.parsed.finds("survey.agreeing", self.index)
        return is_answer or any(one.verdict is not Verdict.TRUE for one in judgements(self.parsed, self.index))

    def words_of(self, number: Numeral) -> Span:
        """Return the positions of the first word of a number and of the word after it."""
        inside = [place for place, (start, end) in enumerate(self.spans) if start < number.end and number.start < end]
        return inside[0], inside[-1] + 1

    def number_of(self, judgement: Judgement) -> Numeral | None:
        return next((one for one in self.numbers if judgement.start <= one.start < judgement.end), None)

    def trusted(self, judgement: Judgement) -> Judgement:
        """Return TRUE for what is unchanged and is a figure of the survey, whatever its words."""
        findings, figures = self.parsed.survey.findings, _keys_by_figure(self.parsed.survey)
        number = self.number_of(judgement)
        if judgement.verdict is Verdict.TRUE or number is None or number.measure is not Measure.SHARE:
            return judgement
        if number.approach is not Approach.EXACT or number.low != number.high or number.low not in figures:
            return judgement
        named = findings.get(judgement.key or "")
        key = named.key if named and named.percent == number.low else figures[number.low]
        evidence = self.parsed.figure(findings[key])
        return Judgement(judgement.start, judgement.end, Verdict.TRUE, key, evidence=evidence)


def _parse(text: str, survey: Survey, language: Language) -> tuple[_Sentence, ...]:
    parsed = ParsedText(text, survey, language)
    return tuple(_Sentence(parsed, index) for index in range(len(parsed.sentences)))


_parse_cached = lru_cache(maxsize=MAX_CACHED_PARAGRAPHS)(_parse)


@lru_cache(maxsize=8)
def _keys_by_figure(survey: Survey) -> Mapping[Fraction, str]:
    return {Fraction(finding.percent): key for key, finding in survey.findings.items()}


class ComposedSentences:
    """The sentences of a letter as composed; they are parsed when an edited one is first compared with them."""

    def __init__(
        self, paragraphs: Iterable[str], survey: Survey, language: Language, *, cacheable: Container[str] = ()
    ) -> None:
        self._paragraphs, self._survey, self._language, self._cacheable = tuple(paragraphs), survey, language, cacheable
        self._nearest: dict[tuple[str, ...], _Sentence | None] = {}
        self._added: dict[tuple[str, ...], str | None] = {}

    def review(self, parsed: ParsedText, index: int, judgement: Judgement) -> Judgement:
        """Return the judgement in view of the sentence as composed, where the sentence is that or most of it."""
        edited = _Sentence(parsed, index)
        original = self._original(edited.words)
        if original is None:
            return judgement
        if original.words == edited.words:
            return _in_context(original, edited, judgement)
        return _compared(original, edited, judgement)

    def has_number(self, parsed: ParsedText, index: int, judgement: Judgement) -> bool:
        """Whether a number that is not the survey's stood in the sentence as composed."""
        sentence = _Sentence(parsed, index)
        number, original = sentence.number_of(judgement), self._original(sentence.words)
        if original is None or number is None:
            return False
        return any(_amount(one) == _amount(number) for one in original.numbers)

    def has_words(self, parsed: ParsedText, index: int, claim: str) -> bool:
        """Whether the words of a claim stood so in a composed sentence that this one is, or is an edit of."""
        with_claim = [one for one in self._sentences if claim in one.parsed.plain]
        if not with_claim:
            return False
        words = _Sentence(parsed, index).words
        return any(one.words == words or _likeness(one.words, words) >= MIN_SAME_CLAIM for one in with_claim)

    def added_words(self, parsed: ParsedText, index: int) -> str | None:
        """Return the words that a sentence has and the composed one does not; None where it is an edit of none."""
        if not self._paragraphs:
            return None
        words = _Sentence(parsed, index).words
        if words not in self._added:
            likely = (one for one in self._sentences if _may_be_edit(one.words, words))
            near = next((one for one in likely if _likeness(one.words, words) >= MIN_SAME_CLAIM), None)
            self._added[words] = " ".join(word for word in words if word not in near.words) if near else None
        return self._added[words]

    @cached_property
    def _sentences(self) -> list[_Sentence]:
        parsers = (_parse_cached if text in self._cacheable else _parse for text in self._paragraphs)
        return [
            sentence
            for parse, text in zip(parsers, self._paragraphs, strict=True)
            for sentence in parse(text, self._survey, self._language)
        ]

    @cached_property
    def _with_numbers(self) -> dict[tuple[str, ...], _Sentence]:
        """The sentences that have numbers, by their words; of two with the same words the first."""
        return {one.words: one for one in reversed(self._sentences) if one.numbers}

    def _original(self, words: tuple[str, ...]) -> _Sentence | None:
        """Return the sentence with numbers that is most like these words, if one is an edit of the other."""
        if not self._paragraphs:
            return None
        if words not in self._nearest:
            nearest = self._with_numbers.get(words)
            if nearest is None:
                likely = (one for one in self._sentences if one.numbers and _may_be_edit(one.words, words))
                found = [(likeness, one) for one in likely if (likeness := _likeness(one.words, words)) >= MIN_EDIT]
                nearest = max(found, key=lambda pair: pair[0], default=(0.0, None))[1]
            self._nearest[words] = nearest
        return self._nearest[words]


def _in_context(original: _Sentence, edited: _Sentence, judgement: Judgement) -> Judgement:
    """Return the judgement of a sentence as composed, which may depend on the one that was before it."""
    before = next(iter(original.before), None)
    near = edited.before
    is_intact = before is None or any(one.words == before.words for one in near)
    if before is None or is_intact or not original.depends_on_sentence_before:
        return edited.trusted(judgement)
    nearest = max(near, key=lambda one: _likeness(before.words, one.words), default=None)
    if nearest is None or _likeness(before.words, nearest.words) < MIN_EDIT:
        return judgement
    if judgement.verdict is not Verdict.NOT_FROM_SURVEY and _is_reversed(before, nearest):
        return _reversed(nearest, judgement)
    return judgement


def _compared(original: _Sentence, edited: _Sentence, judgement: Judgement) -> Judgement:
    """Return the judgement of an edited sentence: false where its number, its subject or its sense was changed."""
    if changed := _with_other_number(original, edited, judgement):
        return changed
    if judgement.verdict in {Verdict.NOT_FROM_SURVEY, Verdict.FALSE}:
        return judgement
    if _is_reversed(original, edited):
        return _reversed(edited, judgement)
    was, now = original.concepts, edited.concepts
    if any(own in was - now and other in now - was for own, other in exclusive_concepts()):
        return replace(judgement, verdict=Verdict.FALSE, fault=FigureFault.SUBJECT, suggestion=None)
    return judgement


def _with_other_number(original: _Sentence, edited: _Sentence, judgement: Judgement) -> Judgement | None:
    """Return the judgement of a number that is where the original has another; None where it has none there."""
    number = edited.number_of(judgement)
    replaced = _replaced_number(original, edited, number) if number else None
    if number is None or replaced is None:
        return None
    right = original.judged.get(replaced)
    if right is None or right.key is None or right.verdict is not Verdict.TRUE:
        return None
    finding = edited.parsed.survey.findings.get(right.key)
    if finding is None:
        as_fact = judge_as(edited.parsed, edited.index, number, key=right.key)
        return as_fact if as_fact.verdict is Verdict.FALSE else None
    if _amount(number) == _amount(replaced):
        # The survey's own figure, in words that no longer speak of the survey.
        if judgement.verdict is not Verdict.NOT_FROM_SURVEY:
            return None
        changes = (change for change in _changes(original, edited) if change[0] != "equal")
        added = " ".join(word for *_, begin, stop in changes for word in edited.words[begin:stop])
        names_others = any(pattern(f"people.{name}").search(added) for name in ("places", "others", "own"))
        verdict, fault = (Verdict.FALSE, FigureFault.PEOPLE) if names_others else (Verdict.UNCLEAR, FigureFault.WORDS)
        return replace(judgement, verdict=verdict, key=right.key, fault=fault, evidence=right.evidence)
    if original.concepts != edited.concepts:
        return None  # another figure of another thing
    fault = FigureFault.HEDGE if _amount(number)[:3] == _amount(replaced)[:3] else FigureFault.FIGURE
    figure = edited.parsed.figure(finding)
    return Judgement(*number.outer, Verdict.FALSE, right.key, fault, figure, None if number.vague else figure)


def _amount(number: Numeral) -> tuple[object, ...]:
    return number.measure, number.low, number.high, number.approach


def _replaced_number(original: _Sentence, edited: _Sentence, number: Numeral) -> Numeral | None:
    """Return the number of the original in whose place another was put."""

    def within(sentence: _Sentence, start: int, end: int) -> list[Numeral]:
        spans = ((one, sentence.words_of(one)) for one in sentence.numbers)
        return [one for one, (first, last) in spans if first < end and start < last]

    first, last = edited.words_of(number)
    for kind, start, end, begin, stop in _changes(original, edited):
        if not (begin < last and first < stop):
            continue
        if kind == "equal":
            start, end = start + max(first, begin) - begin, start + min(last, stop) - begin
        here, there = within(edited, begin, stop), within(original, start, end)
        if kind == "equal" and there:
            return there[0]
        if there and len(here) == len(there):
            return there[here.index(number)]
    return None


def _is_reversed(original: _Sentence, edited: _Sentence) -> bool:
    """Whether a small change put in or took out a "no"."""
    negation = pattern("negation.words")
    for kind, start, end, begin, stop in _changes(original, edited):
        if kind != "equal" and end - start + stop - begin <= _MAX_CHANGE:
            removed, added = " ".join(original.words[start:end]), " ".join(edited.words[begin:stop])
            if (negation.search(removed) is None) != (negation.search(added) is None):
                return True
    return False


def _reversed(edited: _Sentence, judgement: Judgement) -> Judgement:
    """Return the judgement of a sentence that was reversed: one without a "no" is not called a denial."""
    is_denial = edited.parsed.finds("negation.words", edited.index)
    fault = FigureFault.DENIED if is_denial else FigureFault.SUBJECT
    return replace(judgement, verdict=Verdict.FALSE, fault=fault, suggestion=None)


def _changes(original: _Sentence, edited: _Sentence) -> Sequence[tuple[str, int, int, int, int]]:
    """Return the changes between two sentences: the kind, and the words from … to … of each."""
    return SequenceMatcher(None, original.words, edited.words, autojunk=False).get_opcodes()


def _may_be_edit(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two sentences have words enough in common to be alike in whatever order."""
    shared = (Counter(one) & Counter(other)).total()
    return 2 * shared >= MIN_EDIT * (len(one) + len(other))


def _likeness(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
