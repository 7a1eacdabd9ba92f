"""A letter read for its numbers: sentences, what they speak of, and whether the survey is spoken of near by."""

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TypeVar, cast

from advocacy.findings import Finding, Poll, Survey
from advocacy.language import Language
from advocacy.letters.figures.sentences import Sentence, sentences
from advocacy.letters.figures.subjects import Meant, Spoken, Subjects, spoken_in, subjects
from advocacy.letters.figures.words import RESPONDENTS, SURVEY
from advocacy.numerals import Numeral, PlainText, numerals, plain_text

T = TypeVar("T")
BACK, ON = 2, 3
"""How many sentences back, and on, a paragraph speaks of the same thing."""


class Reading:
    """One text beside one survey; `whole` is the text that it is part of, where it is not all of it."""

    def __init__(self, text: str, survey: Survey, language: Language, *, whole: str | None = None) -> None:
        self._whole = whole
        self.text: PlainText = plain_text(text)
        self.plain = self.text.plain
        self.survey, self.language = survey, language
        self.subjects: Subjects = subjects(survey)
        self.sentences: list[Sentence] = sentences(self.text)
        self._starts = [sentence.start for sentence in self.sentences]
        self._spoken: dict[int, list[Spoken]] = {}
        self._found: dict[tuple[int, int, int], bool] = {}
        self._concepts: dict[int, frozenset[str]] = {}
        self._concepts_of: dict[str, frozenset[str]] = {}
        self._mentioned: dict[range, list[Meant]] = {}
        self._judged: dict[tuple[object, int, int], object] = {}
        self._facts: dict[int, Mapping[str, str]] = {}
        self.known_ends: dict[int, int] = {}

    @cached_property
    def numbers(self) -> dict[int, list[Numeral]]:
        """The numbers of each sentence that has any, by the sentence's place in the list."""
        found: dict[int, list[Numeral]] = {}
        for number in numerals(self.text):
            found.setdefault(self.place_at(number.start), []).append(number)
        return found

    def spoken(self, place: int) -> list[Spoken]:
        """Return the concepts of one sentence."""
        if place not in self._spoken:
            sentence = self.sentences[place]
            self._spoken[place] = list(spoken_in(self.plain, sentence.start, sentence.end))
        return self._spoken[place]

    def concepts(self, *places: int) -> frozenset[str]:
        """Name the concepts of some sentences."""
        for place in places:
            if place not in self._concepts:
                said = self.plain[slice(*self.place_of(place))]
                if said not in self._concepts_of:
                    self._concepts_of[said] = frozenset(one.concept for one in self.spoken(place))
                self._concepts[place] = self._concepts_of[said]
        return frozenset().union(*(self._concepts[place] for place in places))

    def place_of(self, place: int) -> tuple[int, int]:
        """Return where a sentence begins and ends."""
        return self.sentences[place].start, self.sentences[place].end

    def before(self, place: int) -> list[int]:
        """Return the sentences just before one in its paragraph, nearest first."""
        return [near for near in range(place - 1, place - 1 - BACK, -1) if self._beside(near, place)]

    def after(self, place: int) -> list[int]:
        """Return the sentences just after one in its paragraph, nearest first."""
        return [near for near in range(place + 1, place + 1 + ON) if self._beside(near, place)]

    def surroundings(self, place: int) -> tuple[object, ...]:
        """Return all that the judgement of a sentence depends on: its paragraph, itself and the sentences beside it."""
        before, after = self.before(place), self.after(place)
        near = (self.plain[slice(*self.place_of(one))] for one in (*before, place, *after))
        return (self.sentences[place].paragraph, len(before), *near)

    @cached_property
    def paragraphs(self) -> dict[int, range]:
        """The sentences of each paragraph, by its number."""
        found: dict[int, range] = {}
        for place, sentence in enumerate(self.sentences):
            first = found[sentence.paragraph].start if sentence.paragraph in found else place
            found[sentence.paragraph] = range(first, place + 1)
        return found

    def finds(self, words: re.Pattern[str], place: int) -> bool:
        """Whether a sentence has any of the words."""
        return self.finds_in(words, *self.place_of(place))

    def finds_in(self, words: re.Pattern[str], start: int, end: int) -> bool:
        """Whether a piece of the text has any of the words; looked for once."""
        key = (id(words), start, end)  # to hash a long expression takes longer than to search for it
        if key not in self._found:
            self._found[key] = words.search(self.plain, start, end) is not None
        return self._found[key]

    def once(self, judge: Callable[[str, int, int], T], start: int, end: int) -> T:
        """Return what `judge` says of a piece of the text, asked once for each piece."""
        key = (judge, start, end)
        if key not in self._judged:
            self._judged[key] = judge(self.plain, start, end)
        return cast(T, self._judged[key])

    def figure(self, finding: Finding) -> str:
        """Return the figure of a finding in the letter's language."""
        return self.subjects.figure(finding, self.language)

    def facts(self, poll: Poll) -> Mapping[str, str]:
        """Return what one of the surveys says of itself, in the letter's language."""
        if id(poll) not in self._facts:
            self._facts[id(poll)] = poll.facts(self.language)
        return self._facts[id(poll)]

    @cached_property
    def of_survey(self) -> frozenset[int]:
        """The sentences that name the survey or its respondents."""
        return self.places_with(SURVEY)

    @cached_property
    def of_respondents(self) -> frozenset[int]:
        """The sentences that name respondents."""
        return self.places_with(RESPONDENTS)

    def places_with(self, words: re.Pattern[str]) -> frozenset[int]:
        """Return the sentences that have any of the words, found in one pass over the text."""
        places, start = set(), 0
        while said := words.search(self.plain, start):
            place = self.place_at(said.start())
            places.add(place)
            start = max(said.end(), self.sentences[place].end) if self.sentences else len(self.plain)
        return frozenset(places)

    def place_at(self, start: int) -> int:
        """Return the sentence that a character stands in."""
        return max(0, bisect_right(self._starts, start) - 1)

    def near_survey(self, place: int) -> bool:
        """Return whether the survey is spoken of in the sentences beside one."""
        return any(near in self.of_survey for near in (*self.before(place), *self.after(place)))

    def mentioned(self, place: int) -> list[Meant]:
        """Return the answers spoken of nearest to a sentence: beside it, in its paragraph, then in the whole text."""
        paragraph = self.paragraphs[self.sentences[place].paragraph]
        before, after = self.before(place)[:1], self.after(place)[:1]
        near = [range(one, one + 1) for one in (*before, *after)]
        found = next((meant for scope in (*near, paragraph) if (meant := self._mentioned_in(scope))), None)
        return found or self._mentioned_anywhere

    @cached_property
    def _mentioned_anywhere(self) -> list[Meant]:
        """The answers spoken of anywhere in the text, or in the one that it is part of."""
        if self._whole is None:
            return self._mentioned_in(range(len(self.sentences)))
        return Reading(self._whole, self.survey, self.language)._mentioned_anywhere

    def _mentioned_in(self, scope: range) -> list[Meant]:
        if scope not in self._mentioned:
            self._mentioned[scope] = self.subjects.mentioned(self.concepts(*scope))
        return self._mentioned[scope]

    def _beside(self, near: int, place: int) -> bool:
        inside = 0 <= near < len(self.sentences)
        return inside and self.sentences[near].paragraph == self.sentences[place].paragraph
