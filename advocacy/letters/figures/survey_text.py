"""A letter read for its numbers: sentences, what they speak of, and whether the survey is spoken of near by."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TypeVar, cast

from advocacy.findings import Finding, Poll, Question, Survey
from advocacy.language import Language
from advocacy.letters.figures.survey_words import (
    APART,
    ASIDE,
    CONCEPTS,
    CONTRAST,
    DENIAL,
    IDIOMS,
    LAPSE,
    NEGATION,
    NEUTRAL,
    NONE,
    OPPOSITE,
    REJECTION,
    REMEDY,
    RESPONDENTS,
    SURVEY,
    UNTRUE,
    concepts_begun,
    known_lists,
)
from advocacy.letters.sentences import Sentence, sentences
from advocacy.numerals import LONGEST_INITIALS, Numeral, PlainText, numerals, plain, plain_text

_STOP = re.compile(r"[,;:.]")
_ON = 60
_HYPHENATED_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def negations(text: str, start: int, end: int) -> int:
    """Count the words that say no, or the opposite, in a piece of a plain text; asides and contrasts are none."""
    silent = _silent(text, start, end)
    no = [said.span() for said in NEGATION.finditer(text, start, end)]
    # "Leave standards to companies" goes on after its last word on the subject.
    found = (said.span() for said in OPPOSITE.finditer(text, start, _until(text, end, min(len(text), end + _ON))))
    opposite = [(begin, stop) for begin, stop in found if begin < end]
    # "Opposed laws" and "did not leave it to companies" are found in both lists: a word is counted once.
    said_no = no + [(begin, stop) for begin, stop in opposite if not _covers(no, begin)]
    return sum(not _covers(silent, begin) for begin, _ in said_no)


def lapses(text: str, start: int, end: int) -> bool:
    """Return whether a piece says, in no aside and no denial, that something is left undone or kept as it is."""
    taken = [said.span() for words in (NEGATION, OPPOSITE) for said in words.finditer(text, start, end)]
    taken += _silent(text, start, end)
    found = (said.span() for said in CONCEPTS[LAPSE].finditer(text, start, end))
    return any(not any(begin < last and first < stop for begin, stop in taken) for first, last in found)


def is_known(text: str, piece: tuple[int, int], *, about: frozenset[str], ends: dict[int, int]) -> bool:
    """Whether every word of a piece leaves a figure as it is, or denies it; `about` names further concepts.

    `ends` keeps where the known words that begin at a place end, for all pieces of the same text.
    """
    start, end = piece
    further = [CONCEPTS[concept] for concept in about - NEUTRAL]
    known = start
    for word in _HYPHENATED_WORD.finditer(text, start, end):
        begin = word.start()
        if begin < known:
            continue
        if begin not in ends:
            ends[begin] = _end_of_known(text, begin, known_lists(text[begin : begin + LONGEST_INITIALS]))
        known = max(ends[begin], _end_of_known(text, begin, further))
        if known <= begin:
            return False
    return True


def _end_of_known(text: str, begin: int, lists: Sequence[re.Pattern[str]]) -> int:
    """Return where the longest of the words that begin at a place ends; 0 where no list has one."""
    end = 0
    for words in lists:
        said = words.match(text, begin)
        if said and said.end() > end:
            end = said.end()
    return end


def _silent(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the pieces that are not what a sentence says: idioms, asides and contrasts ("not merely …")."""
    silent = [said.span() for words in (IDIOMS, ASIDE) for said in words.finditer(text, start, end)]
    return silent + contrasted(text, start, end)


def contrasted(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the pieces that a sentence names only to set them aside: "rather than …"."""
    return [(said.start(), _until(text, said.end(), end)) for said in CONTRAST.finditer(text, start, end)]


def _covers(spans: list[tuple[int, int]], place: int) -> bool:
    return any(begin <= place < stop for begin, stop in spans)


def turned_down(text: str, start: int, end: int) -> bool:
    """Return whether a piece calls what it speaks of needless or wrong."""
    return REJECTION.search(text, start, end) is not None


def taken_back(text: str, place: int) -> bool:
    """Return whether what begins at `place` is called untrue just before it."""
    return UNTRUE.search(text, max(0, place - 40), place) is not None


def blames_the_diligent(text: str, start: int, end: int) -> bool:
    """Return whether a piece speaks of "companies that remove …" where companies that do not are meant."""
    remedy, lapse = CONCEPTS[REMEDY], CONCEPTS[LAPSE]
    asides = [aside.span() for aside in ASIDE.finditer(text, start, end)]
    return any(remedy.search(text, *aside) and not lapse.search(text, *aside) for aside in asides)


def _until(text: str, start: int, end: int) -> int:
    stop = _STOP.search(text, start, end)
    return stop.start() if stop else end


_WORD = re.compile(r"\b\w+")
THEME, COVERED, BACKGROUND = 0.6, 0.5, 0.3
LIKELY = 0.5
_MOST_KEPT = 4096
"""Sets of concepts whose answers are kept; they hold no text of anybody's."""
CLOSE = 0.4
"""How much less than the best an answer may score and still be the one that is meant."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A concept, where it is said in the plain text."""

    concept: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Meant:
    """An answer that a clause may speak of. `named`: by words of its own, not only those of its question."""

    finding: Finding
    score: float
    named: bool


class Subjects:
    """The answers of one survey by the concepts that tell them apart."""

    def __init__(self, survey: Survey) -> None:
        self.findings = survey.findings
        self.question = {key: survey.question_of(key) for key in survey.findings}
        self.own = {key: own for question in survey.every_question for key, own in _own(question)}
        self.theme = {question.key: self._theme(question) for question in survey.every_question}
        spread = Counter(concept for question in survey.every_question for concept in self._all(question))
        self.weight = {concept: 1 / count for concept, count in spread.items()}
        self.headline = {question.key: _headline(question) for question in survey.every_question}
        self._about = {key: own | self.theme[self.question[key].key] for key, own in self.own.items()}
        self._meant_by: dict[tuple[frozenset[str], frozenset[str]], list[Meant]] = {}
        self._figures: dict[tuple[str, Language], str] = {}
        self._no = {key: _says_no(finding) for key, finding in survey.findings.items()}

    def meant(self, said: Iterable[str], around: Iterable[str] = ()) -> list[Meant]:
        """Return the answers that a clause with these concepts may speak of, best first; `around` breaks ties."""
        here, near = frozenset(said), frozenset(around)
        if (here, near) not in self._meant_by:
            if len(self._meant_by) >= _MOST_KEPT:
                self._meant_by.clear()
            self._meant_by[here, near] = self._ranked(here, near)
        return self._meant_by[here, near]

    def _ranked(self, here: frozenset[str], near: frozenset[str]) -> list[Meant]:
        scored = [self._meant(finding, here, near) for finding in self.findings.values()]
        # An answer that no word names is meant only when none is named, and it leads its question.
        leading = (meant for meant in scored if self.leads(meant.finding))
        possible = [meant for meant in scored if meant.named] or list(leading)
        ranked = sorted((meant for meant in possible if meant.score > 0), key=lambda meant: -meant.score)
        return [meant for meant in ranked if meant.score >= ranked[0].score - CLOSE]

    def mentioned(self, said: Iterable[str]) -> list[Meant]:
        """Return every answer that a longer text may speak of: those it names, and headlines of what it asks."""
        here = frozenset(said)
        scored = [self._meant(finding, here, frozenset()) for finding in self.findings.values()]
        ranked = sorted((meant for meant in scored if meant.score >= LIKELY), key=lambda meant: -meant.score)
        return [meant for meant in ranked if meant.named or self.leads(meant.finding)]

    def about(self, finding: Finding) -> frozenset[str]:
        """Name the concepts of an answer and of its question."""
        return self._about[finding.key]

    def figure(self, finding: Finding, language: Language) -> str:
        """Return the figure of a finding as it is written in a language."""
        if (finding.key, language) not in self._figures:
            self._figures[finding.key, language] = finding.in_language(language)
        return self._figures[finding.key, language]

    def needs_lapse(self, finding: Finding) -> bool:
        """Return whether the answer is about those who do not do what should be done."""
        return {LAPSE, REMEDY} <= self.theme[self.question[finding.key].key]

    def says_no(self, finding: Finding) -> bool:
        """Return whether the answer, in the survey's own words, is a sentence with a no in it."""
        return self._no[finding.key]

    def confused(self, finding: Finding, said: Iterable[str]) -> bool:
        """Return whether a sentence speaks of a thing that this answer is never about, and not of its own."""
        here, about = frozenset(said), self.theme[self.question[finding.key].key]
        pairs = [pair for one, other in APART for pair in ((one, other), (other, one))]
        return any(own in about and own not in here and foreign in here - about for own, foreign in pairs)

    def leads(self, finding: Finding) -> bool:
        """Return whether the answer is the first of its question."""
        return self.headline[self.question[finding.key].key] is finding

    def is_denial(self, finding: Finding) -> bool:
        """Return whether the answer is itself a "none"."""
        return DENIAL in self.own[finding.key]

    def _meant(self, finding: Finding, here: frozenset[str], near: frozenset[str]) -> Meant:
        question = self.question[finding.key]
        own, theme = self.own[finding.key], self.theme[question.key]
        named = own & here
        score = self._weigh(named) + (COVERED * len(named) / len(own) if own else 0)
        score += THEME * self._weigh(theme & here)
        score += BACKGROUND * self._weigh((theme & near) - here) if score else 0
        return Meant(finding, score, bool(named))

    def _weigh(self, concepts: Iterable[str]) -> float:
        return sum(self.weight[concept] for concept in concepts)

    def _theme(self, question: Question) -> frozenset[str]:
        options = frozenset().union(*(self.own[option.key] for option in question.options))
        return self._all(question) - options

    def _all(self, question: Question) -> frozenset[str]:
        texts = [question.question.wording, *(option.wording.wording for option in question.options)]
        texts += [option.highlight.wording for option in question.options if option.highlight]
        return frozenset().union(*(_concepts_of(text) for text in texts), *(self.own[o.key] for o in question.options))


def spoken_in(text: str, start: int, end: int) -> Iterator[Spoken]:
    """Find the concepts that a piece of a plain text speaks of."""
    ends: dict[str, int] = {}
    for word in _WORD.finditer(text, start, end):
        begin = word.start()
        for concept, words in concepts_begun(text[begin : begin + LONGEST_INITIALS]):
            if begin >= ends.get(concept, 0) and (said := words.match(text, begin, end)):
                ends[concept] = said.end()
                yield Spoken(concept, begin, said.end())


@lru_cache(maxsize=8)
def subjects(survey: Survey) -> Subjects:
    """Return the subjects of a survey, worked out once."""
    return Subjects(survey)


def _own(question: Question) -> Iterator[tuple[str, frozenset[str]]]:
    """Return what each option says that neither its question nor any other option of it says."""
    said = {option.key: _concepts_of(option.wording.wording) for option in question.options}
    asked = _concepts_of(question.question.wording)
    for option in question.options:
        others = frozenset().union(*(words for key, words in said.items() if key != option.key))
        own = said[option.key] - others - asked
        yield option.key, own | {DENIAL} if _is_none(option) else own - {DENIAL}


def _is_none(option: Finding) -> bool:
    return any(NONE.match(plain(text)) for text in option.wording.wording.values())


def _says_no(option: Finding) -> bool:
    texts = [plain(text) for text in option.wording.wording.values()]
    return all(negations(text, 0, len(text)) % 2 for text in texts)


def _headline(question: Question) -> Finding:
    highlighted = [option for option in question.options if option.highlight]
    return max(highlighted or question.options, key=lambda option: option.percent)


def _concepts_of(wording: Mapping[Language, str]) -> frozenset[str]:
    """Name the concepts of a wording, up to the first number in it: a highlight may go on to another answer."""
    named: set[str] = set()
    for text in wording.values():
        read = plain_text(text)
        end = next((number.start for number in numerals(read) if not number.vague), len(read.plain))
        named.update(spoken.concept for spoken in spoken_in(read.plain, 0, end))
    return frozenset(named)


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
