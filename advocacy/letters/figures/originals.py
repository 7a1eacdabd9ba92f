"""A sentence that was edited, held against the one that was composed: what was taken out, put in or changed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cached_property

from advocacy.findings import Survey
from advocacy.language import Language
from advocacy.letters.figures.reading import Reading
from advocacy.letters.figures.verdicts import Fault, Judgement, Verdict
from advocacy.letters.figures.words import NEGATION
from advocacy.numerals import Approach, Measure, Numeral

ALIKE = 0.6
"""The least likeness of two sentences, by their words, for one to be an edit of the other."""
_SMALL = 4
"""A change of so few words can turn a sentence over; a longer one is a sentence of its own."""


@dataclass(frozen=True, slots=True)
class _Original:
    reading: Reading
    place: int
    words: tuple[str, ...]


class Originals:
    """The sentences of a letter as composed that carry numbers."""

    def __init__(self, ours: Iterable[str], survey: Survey, language: Language) -> None:
        self._readings = [Reading(text, survey, language) for text in ours]

    @cached_property
    def _known(self) -> list[_Original]:
        return [
            _Original(reading, place, _words(reading, place)) for reading in self._readings for place in reading.numbers
        ]

    def reviewed(self, reading: Reading, place: int, judgement: Judgement) -> Judgement:
        """Look again at a verdict where the sentence, or most of it, is one that we composed."""
        if judgement.verdict is Verdict.NOT_SURVEYS or not self._readings:
            return judgement
        words = _words(reading, place)
        original, likeness = self._nearest(words)
        if original is None or likeness < ALIKE:
            return judgement
        if original.words == words:
            return _trusted(reading, judgement)
        if judgement.verdict is not Verdict.FALSE and _turned_over(original.words, words):
            return replace(judgement, verdict=Verdict.FALSE, fault=Fault.DENIED)
        return judgement

    def _nearest(self, words: tuple[str, ...]) -> tuple[_Original | None, float]:
        found = ((original, _likeness(original.words, words)) for original in self._known)
        return max(found, key=lambda pair: pair[1], default=(None, 0.0))


def _words(reading: Reading, place: int) -> tuple[str, ...]:
    sentence = reading.sentences[place]
    return tuple(reading.plain[sentence.start : sentence.end].replace(",", " ").split())


def _likeness(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _trusted(reading: Reading, judgement: Judgement) -> Judgement:
    """Call true what stands as we composed it and is a figure of the survey, whatever its words."""
    figures = {finding.percent: key for key, finding in reading.survey.findings.items()}
    number = _number_at(reading, judgement)
    known = number is not None and number.approach is Approach.EXACT and number.low == number.high in figures
    if judgement.verdict is Verdict.TRUE or number is None or not known or number.measure is not Measure.SHARE:
        return judgement
    key = judgement.key or figures[int(number.low)]
    return Judgement(judgement.start, judgement.end, Verdict.TRUE, key, right=judgement.right)


def _number_at(reading: Reading, judgement: Judgement) -> Numeral | None:
    inside = (number for numbers in reading.numbers.values() for number in numbers)
    return next((number for number in inside if judgement.start <= number.start < judgement.end), None)


def _turned_over(original: tuple[str, ...], words: tuple[str, ...]) -> bool:
    """Tell whether a small change put in or took out a "no"."""
    return any(_says_no(gone) != _says_no(new) for gone, new in _changes(original, words))


def _changes(original: tuple[str, ...], words: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for kind, start, end, begin, stop in SequenceMatcher(None, original, words, autojunk=False).get_opcodes():
        if kind != "equal" and end - start + stop - begin <= _SMALL:
            yield " ".join(original[start:end]), " ".join(words[begin:stop])


def _says_no(text: str) -> bool:
    return NEGATION.search(text) is not None
