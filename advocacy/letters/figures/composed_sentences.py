"""A sentence that was edited, held against the one that was composed: what was taken out, put in or changed."""

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from fractions import Fraction
from functools import cached_property, lru_cache

from advocacy.findings import Survey
from advocacy.language import Language
from advocacy.letters.figures.claim import KEPT, FigureFault, Judgement, Verdict
from advocacy.letters.figures.shares import judgements
from advocacy.letters.figures.survey_facts import judge_as
from advocacy.letters.figures.survey_text import Reading
from advocacy.letters.figures.survey_words import AGREEING, APART, NEGATION, OTHERS, OWN, PLACES
from advocacy.numerals import Approach, Measure, Numeral

ALIKE = 0.6
"""The least likeness of two sentences, by their words, for one to be an edit of the other."""
MUCH_ALIKE = 0.8
"""The least likeness for what both sentences say of people at large to be the campaign's own claim still."""
_SMALL = 4
"""A change of so few words can turn a sentence over; a longer one is a sentence of its own."""
_WORD = re.compile(r"[^\s,]+")


@dataclass(frozen=True)
class _Line:
    """One sentence of a text, as words."""

    reading: Reading
    place: int

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        return [word.span() for word in _WORD.finditer(self.reading.plain, *self.reading.place_of(self.place))]

    @cached_property
    def words(self) -> tuple[str, ...]:
        return tuple(self.reading.plain[start:end] for start, end in self.spans)

    @cached_property
    def judged(self) -> dict[Numeral, Judgement]:
        """The judgements of a composed sentence by their numbers; its shares are trusted."""
        found = (_trusted(self.reading, self.place, judgement) for judgement in judgements(self.reading, self.place))
        by_number = ((_number_at(self.reading, self.place, judgement), judgement) for judgement in found)
        return {number: judgement for number, judgement in by_number if number is not None}

    @property
    def concepts(self) -> frozenset[str]:
        """What the sentence speaks of."""
        return self.reading.concepts(self.place)

    @property
    def before(self) -> "_Line | None":
        """The sentence before it in its paragraph."""
        return next((_Line(self.reading, place) for place in self.reading.before(self.place)[:1]), None)

    @cached_property
    def leans(self) -> bool:
        """Whether a composed sentence says what its shares are about by the sentence before it: "Yes, said 95%"."""
        alone = judgements(self.reading, self.place)
        return self.reading.finds(AGREEING, self.place) or any(one.verdict is not Verdict.TRUE for one in alone)

    def words_of(self, number: Numeral) -> tuple[int, int]:
        """Return the places of the first word of a number and of the one after it."""
        inside = [place for place, (start, end) in enumerate(self.spans) if start < number.end and number.start < end]
        return inside[0], inside[-1] + 1


def _lines_of(text: str, survey: Survey, language: Language) -> tuple[_Line, ...]:
    reading = Reading(text, survey, language)
    return tuple(_Line(reading, place) for place in range(len(reading.sentences)))


_lasting_lines = lru_cache(maxsize=KEPT)(_lines_of)


class Originals:
    """The sentences of a letter as composed that carry numbers."""

    def __init__(
        self, composed: Iterable[str], survey: Survey, language: Language, *, cacheable: Container[str] = ()
    ) -> None:
        self._composed, self._survey, self._language, self._cacheable = tuple(composed), survey, language, cacheable
        self._found: dict[tuple[str, ...], _Line | None] = {}
        self._added: dict[tuple[str, ...], str | None] = {}

    @cached_property
    def _known(self) -> list[_Line]:
        return [line for line in self._lines if line.place in line.reading.numbers]

    def reviewed(self, reading: Reading, place: int, judgement: Judgement) -> Judgement:
        """Return the judgement in view of the sentence as composed, where the sentence is that or most of it."""
        if not self._composed:
            return judgement
        edited = _Line(reading, place)
        original = self._nearest(edited.words)
        if original is None:
            return judgement
        if original.words == edited.words:
            return _in_context(original, edited, judgement)
        return _compared(original, edited, judgement)

    def has_number(self, reading: Reading, place: int, judgement: Judgement) -> bool:
        """Whether a number that is not the survey's stood in the sentence as composed."""
        number = _number_at(reading, place, judgement)
        original = self._nearest(_Line(reading, place).words) if self._composed and number else None
        if original is None or number is None:
            return False
        return any(_amount(one) == _amount(number) for one in original.reading.numbers[original.place])

    def has_words(self, reading: Reading, place: int, *, said: str) -> bool:
        """Whether the words of a claim stood so in a composed sentence that this one is, or is an edit of."""
        lines = [line for line in self._lines if said in line.reading.plain]
        if not lines:
            return False
        words = _Line(reading, place).words
        return any(line.words == words or _likeness(line.words, words) >= MUCH_ALIKE for line in lines)

    def added_words(self, reading: Reading, place: int) -> str | None:
        """Return the words that a sentence has and the composed one does not; None where it is an edit of none."""
        if not self._composed:
            return None
        words = _Line(reading, place).words
        if words not in self._added:
            likely = (line for line in self._lines if _may_be_alike(line.words, words))
            near = next((line for line in likely if _likeness(line.words, words) >= MUCH_ALIKE), None)
            self._added[words] = " ".join(word for word in words if word not in near.words) if near else None
        return self._added[words]

    @cached_property
    def _lines(self) -> list[_Line]:
        """The sentences, read when they are first asked for: most letters hold nothing that is held against them."""
        read = [(_lasting_lines if text in self._cacheable else _lines_of, text) for text in self._composed]
        return [line for lines, text in read for line in lines(text, self._survey, self._language)]

    @cached_property
    def _by_words(self) -> dict[tuple[str, ...], _Line]:
        return {line.words: line for line in reversed(self._known)}

    def _nearest(self, words: tuple[str, ...]) -> _Line | None:
        """Return the sentence that is most like these words, if one is an edit of the other."""
        if words not in self._found:
            likely = (line for line in self._known if _may_be_alike(line.words, words))
            found = [(likeness, line) for line in likely if (likeness := _likeness(line.words, words)) >= ALIKE]
            nearest = max(found, key=lambda pair: pair[0], default=(0.0, None))[1]
            self._found[words] = self._by_words.get(words, nearest)
        return self._found[words]


# --- a sentence as it was composed


def _in_context(original: _Line, edited: _Line, judgement: Judgement) -> Judgement:
    """Return the judgement of a sentence as composed, which may lean on the one that was before it."""
    before = original.before
    now = [_Line(edited.reading, place) for place in edited.reading.before(edited.place)]
    intact = before is None or any(near.words == before.words for near in now)
    if before is None or intact or not original.leans:
        return _trusted(edited.reading, edited.place, judgement)
    nearest = max(now, key=lambda near: _likeness(before.words, near.words), default=None)
    if nearest is None or _likeness(before.words, nearest.words) < ALIKE:
        return judgement
    if judgement.verdict is not Verdict.NOT_FROM_SURVEY and _turned_over(before, nearest):
        return replace(judgement, verdict=Verdict.FALSE, fault=_turning(nearest), suggestion=None)
    return judgement


def _trusted(reading: Reading, place: int, judgement: Judgement) -> Judgement:
    """Return TRUE for what stands as we composed it and is a figure of the survey, whatever its words."""
    findings, figures = reading.survey.findings, _keys_by_figure(reading.survey)
    number = _number_at(reading, place, judgement)
    known = number is not None and number.approach is Approach.EXACT and number.low == number.high in figures
    if judgement.verdict is Verdict.TRUE or number is None or not known or number.measure is not Measure.SHARE:
        return judgement
    meant = findings.get(judgement.key or "")
    key = meant.key if meant and meant.percent == number.low else figures[number.low]
    return Judgement(judgement.start, judgement.end, Verdict.TRUE, key, evidence=reading.figure(findings[key]))


@lru_cache(maxsize=8)
def _keys_by_figure(survey: Survey) -> Mapping[Fraction, str]:
    return {Fraction(finding.percent): key for key, finding in survey.findings.items()}


def _number_at(reading: Reading, place: int, judgement: Judgement) -> Numeral | None:
    numbers = reading.numbers.get(place, ())
    return next((number for number in numbers if judgement.start <= number.start < judgement.end), None)


# --- a sentence that was edited


def _compared(original: _Line, edited: _Line, judgement: Judgement) -> Judgement:
    """Return the judgement of an edited sentence: false where its number, its subject or its sense was changed."""
    if changed := _with_other_number(original, edited, judgement):
        return changed
    if judgement.verdict in {Verdict.NOT_FROM_SURVEY, Verdict.FALSE}:
        return judgement
    if _turned_over(original, edited):
        return replace(judgement, verdict=Verdict.FALSE, fault=_turning(edited), suggestion=None)
    if _of_another_thing(original, edited):
        return replace(judgement, verdict=Verdict.FALSE, fault=FigureFault.SUBJECT, suggestion=None)
    return judgement


def _with_other_number(original: _Line, edited: _Line, judgement: Judgement) -> Judgement | None:
    """Return the judgement of a number that stands where the original has another; None where it has none there."""
    number = _number_at(edited.reading, edited.place, judgement)
    was = _counterpart(original, edited, number) if number else None
    if number is None or was is None:
        return None
    right = original.judged.get(was)
    if right is None or right.key is None or right.verdict is not Verdict.TRUE:
        return None
    finding = edited.reading.survey.findings.get(right.key)
    if finding is None:
        again = judge_as(edited.reading, edited.place, number, key=right.key)
        return again if again.verdict is Verdict.FALSE else None
    if _amount(number) == _amount(was):
        survey_gone = judgement.verdict is Verdict.NOT_FROM_SURVEY
        return _of_whom_else(original, edited, judgement, right=right) if survey_gone else None
    if original.concepts != edited.concepts:
        return None  # another figure of another thing
    fault = FigureFault.HEDGE if _amount(number)[:3] == _amount(was)[:3] else FigureFault.FIGURE
    spoken = edited.reading.figure(finding)
    return Judgement(*number.outer, Verdict.FALSE, right.key, fault, spoken, None if number.vague else spoken)


def _of_whom_else(original: _Line, edited: _Line, judgement: Judgement, *, right: Judgement) -> Judgement:
    """Return the judgement of the survey's own figure in words that no longer speak of the survey."""
    changed = (block for block in _blocks(original, edited) if block[0] != "equal")
    new = " ".join(word for _, _, _, begin, stop in changed for word in edited.words[begin:stop])
    others = any(words.search(new) for words in (PLACES, OTHERS, OWN))
    verdict, fault = (Verdict.FALSE, FigureFault.PEOPLE) if others else (Verdict.UNCLEAR, FigureFault.WORDS)
    return replace(judgement, verdict=verdict, key=right.key, fault=fault, evidence=right.evidence)


def _amount(number: Numeral) -> tuple[object, ...]:
    return number.measure, number.low, number.high, number.approach


def _counterpart(original: _Line, edited: _Line, number: Numeral) -> Numeral | None:
    """Return the number of the original in whose place another was put."""
    first, last = edited.words_of(number)
    for kind, start, end, begin, stop in _blocks(original, edited):
        if not (begin < last and first < stop):
            continue
        if kind == "equal":
            start, end = start + max(first, begin) - begin, start + min(last, stop) - begin
        here = [one for one in edited.reading.numbers[edited.place] if _overlaps(edited.words_of(one), begin, stop)]
        there = [
            one for one in original.reading.numbers[original.place] if _overlaps(original.words_of(one), start, end)
        ]
        if kind == "equal" and there:
            return there[0]
        if there and len(here) == len(there):
            return there[here.index(number)]
    return None


def _overlaps(words: tuple[int, int], start: int, end: int) -> bool:
    return words[0] < end and start < words[1]


def _of_another_thing(original: _Line, edited: _Line) -> bool:
    """Whether one kind of images was put in the place of another."""
    was, now = original.concepts, edited.concepts
    pairs = [pair for one, other in APART for pair in ((one, other), (other, one))]
    return any(own in was - now and other in now - was for own, other in pairs)


def _turning(edited: _Line) -> FigureFault:
    """Return the fault of a sentence that was turned over: a sentence without a no is not called a denial."""
    return FigureFault.DENIED if edited.reading.finds(NEGATION, edited.place) else FigureFault.SUBJECT


def _turned_over(original: _Line, edited: _Line) -> bool:
    """Whether a small change put in or took out a "no"."""
    return any(_says_no(gone) != _says_no(new) for gone, new in _changes(original, edited))


def _changes(original: _Line, edited: _Line) -> Iterator[tuple[str, str]]:
    for kind, start, end, begin, stop in _blocks(original, edited):
        if kind != "equal" and end - start + stop - begin <= _SMALL:
            yield " ".join(original.words[start:end]), " ".join(edited.words[begin:stop])


def _blocks(original: _Line, edited: _Line) -> Sequence[tuple[str, int, int, int, int]]:
    """Return the changes between two sentences: the kind, and the words from … to … of each."""
    return SequenceMatcher(None, original.words, edited.words, autojunk=False).get_opcodes()


def _may_be_alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two sentences have words enough in common to be alike in whatever order."""
    shared = (Counter(one) & Counter(other)).total()
    return 2 * shared >= ALIKE * (len(one) + len(other))


def _likeness(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _says_no(text: str) -> bool:
    return NEGATION.search(text) is not None
