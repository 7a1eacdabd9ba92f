"""Which of the survey's answers a piece of a letter speaks of, judged by the survey's own words and their like."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from advocacy.findings import Finding, Question, Survey
from advocacy.language import Language
from advocacy.letters.figures.polarity import negations
from advocacy.letters.figures.words import APART, DENIAL, LAPSE, NONE, REMEDY, concepts_begun
from advocacy.numerals import LONGEST_INITIALS, numerals, plain, plain_text

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
