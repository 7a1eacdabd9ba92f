"""Check what a letter says of a bill's stage, number, title and introduction against what the campaign knows."""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import SequenceMatcher
from functools import cached_property, lru_cache
from itertools import groupby, pairwise
from operator import attrgetter

from advocacy.campaigns.legislation import Bill, Stage
from advocacy.language import Language
from advocacy.letters.bills.bill_claim import BillClaim, BillFault, BillJudgement, evidence, predicate
from advocacy.letters.bills.bill_sentence import BillSentence
from advocacy.letters.bills.dates import NamedDay, day_before_which, day_of, day_until_which_not
from advocacy.letters.bills.lexicon import OTHER, Flag, Frame, lexicon
from advocacy.letters.bills.mentions import (
    BillNames,
    Mention,
    NamingContext,
    PriorMentions,
    judge_numbers,
    judge_titles,
    refers_back,
)
from advocacy.letters.bills.stages import Stages, stages_of
from advocacy.letters.bills.statements import Statement, statements
from advocacy.letters.figures.claim import MAX_CACHED_PARAGRAPHS, Verdict
from advocacy.letters.sentences import Sentence, sentences
from advocacy.numerals import PlainText, plain_text

_MIN_LIKENESS, _MIN_SHARED_WORDS = 0.75, 0.5
"""The least likeness of two sentences, by their words, for one to be the other with another number; and, of all their
words, the least share that both have for the likeness to be worth measuring."""
_REPLACEABLE_FRAMES = frozenset({Frame.ACTIVE, Frame.PASSIVE, Frame.STATE, Frame.PRESENT})
_MAX_CACHED_NAMES = 64
"""How many campaigns' bills are cached by their names."""
_MAX_FOLLOWING = 60
_WORD = re.compile(r"[^\s.,;:!?()\"]+")
Words = tuple[str, ...]


def check_bill(
    text: str,
    bills: Sequence[Bill],
    language: Language,
    *,
    today: date,
    composed: Iterable[str] = (),
    cacheable: Container[str] = (),
) -> tuple[BillClaim, ...]:
    """Judge what a letter of `today` says of the bills of its campaign, in the order of the text.

    `language` is that of the suggestions; sentences are read in every language. `composed` are the letter's paragraphs
    as they were composed, without the citizen's own words: a sentence that is as it was composed is never doubted.

    What is found in the paragraphs of `cacheable` is kept in memory, so that those may hold nothing the citizen typed.
    """
    if not bills:
        return ()
    names, plain = _names_of(tuple(bills)), plain_text(text)
    check = _Check(plain, names, language, today, names_number=names.has_number(plain.plain))
    return tuple(sorted(check.claims(_Composed(tuple(composed), bills, cacheable)), key=lambda claim: claim.span))


_CACHED_NAMES: list[tuple[tuple[Bill, ...], BillNames]] = []


def _names_of(bills: tuple[Bill, ...]) -> BillNames:
    """Return how bills are named; a campaign's, which cannot be hashed, are asked for again with every letter."""
    names = next((names for cached, names in _CACHED_NAMES if cached == bills), None)
    if names is None:
        names = BillNames(bills)
        _CACHED_NAMES.append((bills, names))
        del _CACHED_NAMES[:-_MAX_CACHED_NAMES]
    return names


@dataclass(slots=True)
class _Check:
    """A text, read sentence by sentence.

    `names_number` tells that the whole letter has the number of one of the bills, `topic` is the placeholder of the
    bill that "it" goes on speaking of, `prior` what was named before a sentence.
    """

    text: PlainText
    names: BillNames
    language: Language
    today: date
    names_number: bool
    topic: str = ""
    prior: PriorMentions = field(default_factory=PriorMentions)

    def claims(self, composed: "_Composed") -> Iterator[BillClaim]:
        """Judge every sentence that names a bill, or goes on speaking of one."""
        found = sentences(self.text)
        following = dict(pairwise(found))
        for _, group in groupby(found, key=attrgetter("paragraph")):
            paragraph = list(group)
            self.topic, self.prior = "", PriorMentions(self.prior.bill, is_any_other=self.prior.is_any_other)
            start, end = self.text.span(paragraph[0].start, paragraph[-1].end)
            typed = self.text.typed[start:end]
            if composed.is_cacheable(typed) and not _refers_back_cached(typed):
                named = self.names.placeholder(self.prior.bill)
                claims, self.prior = _cached_paragraph(
                    typed, self.names, self.language, today=self.today, names_number=self.names_number,
                    named=named, is_any_other=self.prior.is_any_other,
                )  # fmt: skip
                yield from (replace(one, span=(one.span[0] + start, one.span[1] + start)) for one in claims)
                continue
            for sentence in paragraph:
                yield from self._in_sentence(sentence, following.get(sentence), composed)

    def _in_sentence(
        self, sentence: Sentence, following: Sentence | None, composed: "_Composed"
    ) -> Iterator[BillClaim]:
        mentions = self.names.in_sentence(self.text, sentence, self.prior)
        if not mentions and not self.topic:
            return
        masked = self.names.masked(self.text.plain, sentence, mentions)
        is_of_bill = self.topic or any(mention.bill for mention in mentions)
        stated = self._statements(masked, following) if is_of_bill else []
        words = _words(self.text.plain, sentence)
        context = NamingContext(
            self.text.plain, sentence.start, sentence.end, mentions, self.names,
            composed.has_lost_number(words), self.names_number, self.today,
            self.names.bill_of(self.topic) if self.topic else None,
        )  # fmt: skip
        judged = [self._judged(statement, sentence, masked) for statement in stated]
        is_composed, typed = composed.has(words), self.text.typed
        for one in (*judged, *judge_numbers(context), *judge_titles(context)):
            if one and (one.verdict is Verdict.TRUE or not is_composed):
                span, whole = self.text.span(one.start, one.end), self.text.span(sentence.start, sentence.end)
                suggestion = one.suggestion if one.verdict is Verdict.FALSE else None
                yield BillClaim(
                    span, typed[slice(*span)], typed[slice(*whole)], one.verdict, one.fault, one.bill.number,
                    evidence(one.bill, self.today), suggestion,
                )  # fmt: skip
        self._remember(mentions, stated)

    def _remember(self, mentions: Sequence[Mention], stated: Sequence[Statement]) -> None:
        """Remember what the next sentence may go on speaking of."""
        placeholders = {self.names.placeholder(mention.bill) for mention in mentions}
        if mentions:
            last = mentions[-1]
            bill = next((mention.bill for mention in reversed(mentions) if mention.bill is not None), self.prior.bill)
            self.prior = PriorMentions(bill, last.is_other_by_name, last.bill is None)
        if len(placeholders) == 1:
            self.topic = placeholders.pop()
        elif mentions or not stated:
            self.topic = stated[-1].placeholder if stated else ""
        self.topic = "" if self.topic == OTHER else self.topic

    def _statements(self, masked: str, following: Sentence | None) -> list[Statement]:
        """Read a sentence in the language that it has most words of; of several, in the letter's first."""
        after = self.text.plain[following.start : following.start + _MAX_FOLLOWING] if following else ""
        words = {language: len(lexicon(language).common_words.findall(masked)) for language in Language}
        likely = [language for language in Language if words[language] == max(words.values())]
        for language in sorted(likely, key=lambda one: one is not self.language):
            if found := statements(BillSentence(masked, lexicon(language), self.topic, after)):
                return found
        return []

    def _judged(self, statement: Statement, sentence: Sentence, masked: str) -> BillJudgement | None:
        """Judge what is stated of a bill's stage, or of its introduction."""
        bill, offset, today = self.names.bill_of(statement.placeholder), sentence.start, self.today
        stages = stages_of(statement, bill)
        if stages is None:
            return None
        if stages.is_never_true and (until := day_until_which_not(statement, masked, today)):
            return self._introduced(statement, bill, until, offset=offset)
        day = None if statement.is_negated or stages.is_never_true else day_of(statement, masked, today)
        if day is not None and stages.is_always_true:
            return self._introduced(statement, bill, day, offset=offset)
        bound = day_before_which(statement, masked, today)
        if bound and bound.has_year and bound.last < bill.introduced and not statement.is_negated:
            start, end = offset + statement.start, offset + bound.end
            return BillJudgement(start, end, bill, BillFault.INTRODUCED, Verdict.FALSE)
        verdict = _verdict(stages, bill.stage_on(today))
        if day is not None and day.has_year and day.last < bill.introduced:
            verdict = Verdict.FALSE
        elif verdict is Verdict.FALSE and Flag.HEDGED in statement.flags:
            verdict = Verdict.UNCLEAR
        is_of_introduction = stages.is_always_true or stages.is_never_true
        fault = BillFault.INTRODUCED if is_of_introduction else BillFault.STAGE
        is_alone = not masked.rstrip(" ").endswith("?") and not statement.tail.strip(" .,")
        suggestion = self._suggested_stage(statement, bill, offset=offset) if is_alone else None
        return BillJudgement(offset + statement.start, offset + statement.end, bill, fault, verdict, suggestion)

    def _introduced(self, statement: Statement, bill: Bill, day: NamedDay, *, offset: int) -> BillJudgement:
        if day.may_be(bill.introduced):
            start, end = offset + min(statement.start, day.start), offset + max(statement.end, day.end)
            return BillJudgement(start, end, bill, BillFault.INTRODUCED, Verdict.TRUE)
        suggestion = None if day.is_counted else day.as_precise(bill.introduced, self.language)
        start, end = offset + day.start, offset + day.end
        return BillJudgement(start, end, bill, BillFault.INTRODUCED, Verdict.FALSE, suggestion)

    def _suggested_stage(self, statement: Statement, bill: Bill, *, offset: int) -> str | None:
        """Return the words that tell the stage, where only a verb after its subject is to be replaced."""
        stage = bill.stage_on(self.today)
        if stage is Stage.UNKNOWN or not statement.is_plain or statement.frame not in _REPLACEABLE_FRAMES:
            return None
        start, end = self.text.span(offset + statement.start, offset + statement.group_start)
        return f"{self.text.typed[start:end].rstrip()} {predicate(bill, stage).in_language(self.language)}"


@lru_cache(maxsize=MAX_CACHED_PARAGRAPHS)
def _cached_paragraph(
    paragraph: str,
    names: BillNames,
    language: Language,
    *,
    today: date,
    names_number: bool,
    named: str,
    is_any_other: bool,
) -> tuple[tuple[BillClaim, ...], PriorMentions]:
    """Judge a paragraph by itself, after the bill with the placeholder `named`; return what it has named as well."""
    prior = PriorMentions(None if named == OTHER else names.bill_of(named), is_any_other=is_any_other)
    check = _Check(plain_text(paragraph), names, language, today, names_number, prior=prior)
    claims = tuple(check.claims(_Composed((paragraph,), names.bills, frozenset())))
    return claims, check.prior


@lru_cache(maxsize=MAX_CACHED_PARAGRAPHS)
def _refers_back_cached(paragraph: str) -> bool:
    return refers_back(plain_text(paragraph).plain)


class _Composed:
    """The sentences of a letter as composed."""

    def __init__(self, paragraphs: Sequence[str], bills: Sequence[Bill], cacheable: Container[str]) -> None:
        self._paragraphs, self._cacheable = paragraphs, cacheable
        self._numbers = {bill.number.lower() for bill in bills}

    @cached_property
    def _sentences(self) -> frozenset[Words]:
        read = (_sentences_cached if one in self._cacheable else _sentences_of for one in self._paragraphs)
        return frozenset().union(*(words(one) for words, one in zip(read, self._paragraphs, strict=True)))

    @cached_property
    def _with_number(self) -> list[Words]:
        return [words for words in self._sentences if not self._numbers.isdisjoint(words)]

    def is_cacheable(self, paragraph: str) -> bool:
        """Whether a paragraph is as it was composed, and its claims may be kept in memory."""
        return paragraph in self._paragraphs and paragraph in self._cacheable

    def has(self, words: Words) -> bool:
        """Whether a sentence is as it was composed."""
        return words in self._sentences

    def has_lost_number(self, words: Words) -> bool:
        """Whether a sentence was composed with a bill's number that it has no longer."""
        return not self._numbers & set(words) and any(_is_alike(words, one) for one in self._with_number)


def _is_alike(one: Words, other: Words) -> bool:
    shared, most = set(one) & set(other), max(len(set(one)), len(set(other)))
    if len(shared) < _MIN_SHARED_WORDS * most:
        return False
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= _MIN_LIKENESS


def _sentences_of(paragraph: str) -> frozenset[Words]:
    text = plain_text(paragraph)
    return frozenset(_words(text.plain, sentence) for sentence in sentences(text))


_sentences_cached = lru_cache(maxsize=MAX_CACHED_PARAGRAPHS)(_sentences_of)


def _words(text: str, sentence: Sentence) -> Words:
    return tuple(_WORD.findall(text, sentence.start, sentence.end))


def _verdict(stages: Stages, stage: Stage) -> Verdict:
    if stages.is_always_true:
        return Verdict.TRUE
    if stages.is_never_true:
        return Verdict.FALSE
    if stage is Stage.UNKNOWN or stage in stages.possible:
        return Verdict.UNCLEAR
    return Verdict.TRUE if stage in stages.true else Verdict.FALSE
