"""A text parsed beside one survey: its sentences and numbers, the answers its words may speak of, and what is negated.

Each answer of the survey is known by concepts ("fine", "removal", "criminal"), found in the survey's own words by the
lists of `survey_words.toml`. A piece of a text speaks of the answers with whose concepts it shares most; a concept of
an answer's own counts more than one of its question, and a rare one more than one that many questions have.
"""

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
    DENIAL,
    LAPSE,
    REMEDY,
    concepts_beginning,
    exclusive_concepts,
    neutral_concepts,
    neutral_lists,
    pattern,
)
from advocacy.letters.sentences import Sentence, sentences
from advocacy.numerals import MAX_INITIALS, Numeral, PlainText, numerals, plain, plain_text

T = TypeVar("T")
Span = tuple[int, int]
"""Where a piece of the plain text begins and ends."""
SENTENCES_BEFORE, SENTENCES_AFTER = 2, 3
"""How many sentences before, and after, one of its paragraph are taken to speak of the same thing."""
QUESTION_WEIGHT, COVERAGE_WEIGHT, CONTEXT_WEIGHT = 0.6, 0.5, 0.3
MIN_MENTIONED = 0.5
CLOSE = 0.4
"""How much less than the best an answer may score and still be the one that is meant."""
_MAX_CACHED = 4096
"""Sets of concepts whose answers are cached; they hold no text of anybody's."""
_WORD = re.compile(r"\b\w+")
_HYPHENATED_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_CLAUSE_END = re.compile(r"[,;:.]")
_CHARACTERS_AFTER = 60
_CHARACTERS_BEFORE = 40


# --- negation


def count_negations(text: str, start: int, end: int) -> int:
    """Count the words that say no, or the opposite, in a piece of a plain text; asides and contrasts do not count."""
    unasserted = _unasserted_spans(text, start, end)
    negations = [found.span() for found in pattern("negation.words").finditer(text, start, end)]
    # "Leave standards to companies" goes on after its last word on the subject.
    limit = _clause_end(text, end, min(len(text), end + _CHARACTERS_AFTER))
    opposites = (found.span() for found in pattern("negation.opposite").finditer(text, start, limit))
    # "Opposed laws" and "did not leave it to companies" are found in both lists: a word is counted once.
    negations += [span for span in opposites if span[0] < end and not _covers(negations, span[0])]
    return sum(not _covers(unasserted, begin) for begin, _ in negations)


def mentions_inaction(text: str, start: int, end: int) -> bool:
    """Whether a piece says, in no aside and no denial, that something is left undone or kept as it is."""
    negations = (pattern("negation.words"), pattern("negation.opposite"))
    excluded = [found.span() for words in negations for found in words.finditer(text, start, end)]
    excluded += _unasserted_spans(text, start, end)
    lapses = (found.span() for found in pattern(f"concepts.{LAPSE}").finditer(text, start, end))
    return any(not any(begin < last and first < stop for begin, stop in excluded) for first, last in lapses)


def contrast_spans(text: str, start: int, end: int) -> list[Span]:
    """Return the pieces that a sentence names only to set them aside: "rather than …"."""
    contrasts = pattern("negation.contrast").finditer(text, start, end)
    return [(found.start(), _clause_end(text, found.end(), end)) for found in contrasts]


def _unasserted_spans(text: str, start: int, end: int) -> list[Span]:
    """Return the pieces that a sentence does not assert: idioms, asides and contrasts ("not merely …")."""
    lists = (pattern("negation.idioms"), pattern("negation.aside"))
    spans = [found.span() for words in lists for found in words.finditer(text, start, end)]
    return spans + contrast_spans(text, start, end)


def _covers(spans: Iterable[Span], place: int) -> bool:
    return any(begin <= place < stop for begin, stop in spans)


def is_rejected(text: str, start: int, end: int) -> bool:
    """Whether a piece calls what it speaks of needless or wrong."""
    return pattern("negation.rejection").search(text, start, end) is not None


def is_called_untrue(text: str, place: int) -> bool:
    """Whether what begins at `place` is called untrue just before it."""
    return pattern("negation.untrue").search(text, max(0, place - _CHARACTERS_BEFORE), place) is not None


def blames_those_who_act(text: str, start: int, end: int) -> bool:
    """Whether a piece speaks of "companies that remove …" where companies that do not are meant."""
    remedy, lapse = pattern(f"concepts.{REMEDY}"), pattern(f"concepts.{LAPSE}")
    asides = (aside.span() for aside in pattern("negation.aside").finditer(text, start, end))
    return any(remedy.search(text, *aside) and not lapse.search(text, *aside) for aside in asides)


def has_only_neutral_words(text: str, piece: Span, *, about: frozenset[str], ends: dict[int, int]) -> bool:
    """Whether every word of a piece leaves a figure as it is, or denies it; `about` names further concepts.

    `ends` caches where the neutral words that begin at a place end, for all pieces of the same text.
    """
    start, end = piece
    further = [pattern(f"concepts.{name}") for name in about - neutral_concepts()]
    neutral_until = start
    for word in _HYPHENATED_WORD.finditer(text, start, end):
        begin = word.start()
        if begin < neutral_until:
            continue
        if begin not in ends:
            ends[begin] = _longest_match(text, begin, neutral_lists(text[begin : begin + MAX_INITIALS]))
        neutral_until = max(ends[begin], _longest_match(text, begin, further))
        if neutral_until <= begin:
            return False
    return True


def _longest_match(text: str, begin: int, lists: Sequence[re.Pattern[str]]) -> int:
    """Return where the longest of the entries that begin at a place ends; 0 where no list has one."""
    return max((found.end() for words in lists if (found := words.match(text, begin))), default=0)


def _clause_end(text: str, start: int, end: int) -> int:
    stop = _CLAUSE_END.search(text, start, end)
    return stop.start() if stop else end


# --- the answers of a survey


@dataclass(frozen=True, slots=True)
class ConceptMention:
    """A concept, and where the plain text mentions it."""

    concept: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """An answer that a clause may speak of. `named`: by concepts of its own, not only those of its question."""

    finding: Finding
    score: float
    named: bool


class Answers:
    """The answers of one survey by the concepts that tell them apart."""

    def __init__(self, survey: Survey) -> None:
        self.findings = survey.findings
        self.question = {key: survey.question_of(key) for key in survey.findings}
        self.own = {key: own for question in survey.every_question for key, own in _own_concepts(question)}
        every: dict[str, frozenset[str]] = {}
        for question in survey.every_question:
            texts = [question.question.wording, *(option.wording.wording for option in question.options)]
            texts += [option.highlight.wording for option in question.options if option.highlight]
            own = (self.own[option.key] for option in question.options)
            every[question.key] = frozenset().union(*map(_concepts_of, texts), *own)
        self.theme = {
            question.key: every[question.key].difference(*(self.own[option.key] for option in question.options))
            for question in survey.every_question
        }
        spread = Counter(concept for concepts in every.values() for concept in concepts)
        self.weight = {concept: 1 / count for concept, count in spread.items()}
        self.headline: dict[str, Finding] = {}
        for question in survey.every_question:
            highlighted = [option for option in question.options if option.highlight]
            self.headline[question.key] = max(highlighted or question.options, key=lambda option: option.percent)
        self._about = {key: own | self.theme[self.question[key].key] for key, own in self.own.items()}
        self._candidates: dict[tuple[frozenset[str], frozenset[str]], list[Candidate]] = {}
        self._figures: dict[tuple[str, Language], str] = {}
        self._negative = {
            key: all(count_negations(text, 0, len(text)) % 2 for text in map(plain, finding.wording.wording.values()))
            for key, finding in survey.findings.items()
        }

    def candidates(self, concepts: Iterable[str], context: Iterable[str] = ()) -> list[Candidate]:
        """Return the answers that a clause with these concepts may speak of, best first; `context` breaks ties."""
        here, near = frozenset(concepts), frozenset(context)
        if (here, near) not in self._candidates:
            if len(self._candidates) >= _MAX_CACHED:
                self._candidates.clear()
            scored = [self._candidate(finding, here, near) for finding in self.findings.values()]
            # An answer that no word names is meant only when none is named, and it leads its question.
            possible = [one for one in scored if one.named] or [one for one in scored if self.is_headline(one.finding)]
            ranked = sorted((one for one in possible if one.score > 0), key=lambda one: -one.score)
            self._candidates[here, near] = [one for one in ranked if one.score >= ranked[0].score - CLOSE]
        return self._candidates[here, near]

    def mentioned(self, concepts: Iterable[str]) -> list[Candidate]:
        """Return every answer that a longer text may speak of: those it names, and headlines of what it asks."""
        here = frozenset(concepts)
        scored = [self._candidate(finding, here, frozenset()) for finding in self.findings.values()]
        ranked = sorted((one for one in scored if one.score >= MIN_MENTIONED), key=lambda one: -one.score)
        return [one for one in ranked if one.named or self.is_headline(one.finding)]

    def about(self, finding: Finding) -> frozenset[str]:
        """Return the concepts of an answer and of its question."""
        return self._about[finding.key]

    def figure(self, finding: Finding, language: Language) -> str:
        if (finding.key, language) not in self._figures:
            self._figures[finding.key, language] = finding.in_language(language)
        return self._figures[finding.key, language]

    def blames_inaction(self, finding: Finding) -> bool:
        """Whether the answer is about those who do not do what should be done."""
        return {LAPSE, REMEDY} <= self.theme[self.question[finding.key].key]

    def is_negative(self, finding: Finding) -> bool:
        """Whether the answer, in the survey's own words, is a sentence with a negation."""
        return self._negative[finding.key]

    def is_confused(self, finding: Finding, concepts: Iterable[str]) -> bool:
        """Whether a sentence speaks of a thing that this answer is never about, and not of its own."""
        here, about = frozenset(concepts), self.theme[self.question[finding.key].key]
        return any(
            own in about and own not in here and foreign in here - about for own, foreign in exclusive_concepts()
        )

    def is_headline(self, finding: Finding) -> bool:
        return self.headline[self.question[finding.key].key] is finding

    def is_none_answer(self, finding: Finding) -> bool:
        return DENIAL in self.own[finding.key]

    def _candidate(self, finding: Finding, here: frozenset[str], near: frozenset[str]) -> Candidate:
        own, theme = self.own[finding.key], self.theme[self.question[finding.key].key]
        named = own & here
        score = self._weigh(named) + (COVERAGE_WEIGHT * len(named) / len(own) if own else 0)
        score += QUESTION_WEIGHT * self._weigh(theme & here)
        score += CONTEXT_WEIGHT * self._weigh((theme & near) - here) if score else 0
        return Candidate(finding, score, bool(named))

    def _weigh(self, concepts: Iterable[str]) -> float:
        return sum(self.weight[concept] for concept in concepts)


@lru_cache(maxsize=8)
def _answers_of(survey: Survey) -> Answers:
    return Answers(survey)


def _own_concepts(question: Question) -> Iterator[tuple[str, frozenset[str]]]:
    """Return the concepts of each option that neither its question nor any other option of it has."""
    concepts = {option.key: _concepts_of(option.wording.wording) for option in question.options}
    in_question = _concepts_of(question.question.wording)
    for option in question.options:
        others = frozenset().union(*(found for key, found in concepts.items() if key != option.key))
        own = concepts[option.key] - others - in_question
        is_none = any(pattern("concept_roles.none").match(plain(text)) for text in option.wording.wording.values())
        yield option.key, own | {DENIAL} if is_none else own - {DENIAL}


def _concepts_of(wording: Mapping[Language, str]) -> frozenset[str]:
    """Return the concepts of a wording, up to the first number in it: a highlight may go on to another answer."""
    concepts: set[str] = set()
    for text in wording.values():
        parsed = plain_text(text)
        end = next((number.start for number in numerals(parsed) if not number.vague), len(parsed.plain))
        concepts.update(mention.concept for mention in _concept_mentions(parsed.plain, 0, end))
    return frozenset(concepts)


def _concept_mentions(text: str, start: int, end: int) -> Iterator[ConceptMention]:
    """Find the concepts that a piece of a plain text mentions."""
    ends: dict[str, int] = {}
    for word in _WORD.finditer(text, start, end):
        begin = word.start()
        for concept, words in concepts_beginning(text[begin : begin + MAX_INITIALS]):
            if begin >= ends.get(concept, 0) and (found := words.match(text, begin, end)):
                ends[concept] = found.end()
                yield ConceptMention(concept, begin, found.end())


# --- a text


class ParsedText:
    """One text beside one survey; `whole` is the text that it is part of, where it is not all of it.

    A sentence is known by its index in `sentences`. What is found in it is cached, as several judgements ask for it.
    """

    def __init__(self, text: str, survey: Survey, language: Language, *, whole: str | None = None) -> None:
        self._whole = whole
        self.text: PlainText = plain_text(text)
        self.plain = self.text.plain
        self.survey, self.language = survey, language
        self.answers = _answers_of(survey)
        self.sentences: list[Sentence] = sentences(self.text)
        self._starts = [sentence.start for sentence in self.sentences]
        self._mentions: dict[int, list[ConceptMention]] = {}
        self._found: dict[tuple[str, int, int], bool] = {}
        self._concepts: dict[int, frozenset[str]] = {}
        self._concepts_by_words: dict[str, frozenset[str]] = {}
        self._mentioned: dict[range, list[Candidate]] = {}
        self._results: dict[tuple[object, int, int], object] = {}
        self._facts: dict[int, Mapping[str, str]] = {}
        self.neutral_ends: dict[int, int] = {}

    @cached_property
    def numbers(self) -> dict[int, list[Numeral]]:
        """The numbers of each sentence that has any, by the sentence's index."""
        found: dict[int, list[Numeral]] = {}
        for number in numerals(self.text):
            found.setdefault(self._index_at(number.start), []).append(number)
        return found

    def mentions(self, index: int) -> list[ConceptMention]:
        if index not in self._mentions:
            self._mentions[index] = list(_concept_mentions(self.plain, *self.span(index)))
        return self._mentions[index]

    def concepts(self, *indexes: int) -> frozenset[str]:
        for index in indexes:
            if index not in self._concepts:
                words = self.plain[slice(*self.span(index))]
                if words not in self._concepts_by_words:
                    self._concepts_by_words[words] = frozenset(one.concept for one in self.mentions(index))
                self._concepts[index] = self._concepts_by_words[words]
        return frozenset().union(*(self._concepts[index] for index in indexes))

    def span(self, index: int) -> Span:
        return self.sentences[index].start, self.sentences[index].end

    def before(self, index: int) -> list[int]:
        """Return the sentences just before one in its paragraph, nearest first."""
        paragraph = self.paragraph_of(index)
        return list(range(index - 1, max(paragraph.start, index - SENTENCES_BEFORE) - 1, -1))

    def after(self, index: int) -> list[int]:
        """Return the sentences just after one in its paragraph, nearest first."""
        return list(range(index + 1, min(self.paragraph_of(index).stop, index + 1 + SENTENCES_AFTER)))

    def surroundings(self, index: int) -> tuple[object, ...]:
        """Return all that the judgement of a sentence depends on: its paragraph, itself and the sentences beside it."""
        before, after = self.before(index), self.after(index)
        near = (self.plain[slice(*self.span(one))] for one in (*before, index, *after))
        return (self.sentences[index].paragraph, len(before), *near)

    def paragraph_of(self, index: int) -> range:
        return self._paragraphs[self.sentences[index].paragraph]

    @cached_property
    def _paragraphs(self) -> dict[int, range]:
        found: dict[int, range] = {}
        for index, sentence in enumerate(self.sentences):
            first = found[sentence.paragraph].start if sentence.paragraph in found else index
            found[sentence.paragraph] = range(first, index + 1)
        return found

    def finds(self, words: str, index: int) -> bool:
        return self.finds_in(words, *self.span(index))

    def finds_in(self, words: str, start: int, end: int) -> bool:
        key = (words, start, end)
        if key not in self._found:
            self._found[key] = pattern(words).search(self.plain, start, end) is not None
        return self._found[key]

    def once(self, judge: Callable[[str, int, int], T], start: int, end: int) -> T:
        """Return the result of `judge` for a piece of the text, computed once for each piece."""
        key = (judge, start, end)
        if key not in self._results:
            self._results[key] = judge(self.plain, start, end)
        return cast(T, self._results[key])

    def figure(self, finding: Finding) -> str:
        return self.answers.figure(finding, self.language)

    def facts(self, poll: Poll) -> Mapping[str, str]:
        """Return what one of the surveys says of itself, in the letter's language."""
        if id(poll) not in self._facts:
            self._facts[id(poll)] = poll.facts(self.language)
        return self._facts[id(poll)]

    @cached_property
    def naming_survey(self) -> frozenset[int]:
        """The sentences that name the survey or its respondents."""
        return self.sentences_with("survey.words")

    @cached_property
    def naming_respondents(self) -> frozenset[int]:
        return self.sentences_with("people.respondents")

    def sentences_with(self, words: str) -> frozenset[int]:
        """Return the sentences that have any of the words of a list, found in one pass over the text."""
        indexes, start = set(), 0
        while found := pattern(words).search(self.plain, start):
            index = self._index_at(found.start())
            indexes.add(index)
            start = max(found.end(), self.sentences[index].end) if self.sentences else len(self.plain)
        return frozenset(indexes)

    def names_survey(self, index: int) -> bool:
        """Whether a sentence names the survey: without it "everyone" and "the majority" claim none of its results."""
        return index in self.naming_survey or index in self.naming_respondents

    def is_beside_survey(self, index: int) -> bool:
        """Whether a sentence beside one names the survey."""
        return any(near in self.naming_survey for near in (*self.before(index), *self.after(index)))

    def is_near_survey(self, index: int) -> bool:
        """Whether a sentence, or one beside it, names the survey."""
        return index in self.naming_survey or self.is_beside_survey(index)

    def mentioned(self, index: int) -> list[Candidate]:
        """Return the answers spoken of nearest to a sentence: beside it, in its paragraph, then in the whole text."""
        near = [range(one, one + 1) for one in (*self.before(index)[:1], *self.after(index)[:1])]
        for scope in (*near, self.paragraph_of(index)):
            if candidates := self._mentioned_in(scope):
                return candidates
        return self._mentioned_anywhere

    @cached_property
    def _mentioned_anywhere(self) -> list[Candidate]:
        """The answers spoken of anywhere in the text, or in the one that it is part of."""
        if self._whole is None:
            return self._mentioned_in(range(len(self.sentences)))
        return ParsedText(self._whole, self.survey, self.language)._mentioned_anywhere

    def _mentioned_in(self, scope: range) -> list[Candidate]:
        if scope not in self._mentioned:
            self._mentioned[scope] = self.answers.mentioned(self.concepts(*scope))
        return self._mentioned[scope]

    def _index_at(self, start: int) -> int:
        return max(0, bisect_right(self._starts, start) - 1)
