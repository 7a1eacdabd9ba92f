"""The numbers of a sentence: which claim a result, of which answer, and whether the survey says so.

1. A share claims a result where it is said of respondents, beside the survey, or with its own words and figure.
2. Its clause speaks of candidate answers (`Answers.candidates`). Each is rejected for another figure, another subject,
   a hedge ("nearly"), or an odd number of negations; the first that is not is what the share says.
3. A true figure is only TRUE where every other word is neutral. Where some word is not in any list, it is UNCLEAR.
4. It is FALSE of people elsewhere, of a part of the respondents, or as a trend: the survey has no figure of those.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from advocacy.findings import Finding
from advocacy.letters.figures.claim import FigureFault, Judgement, Verdict
from advocacy.letters.figures.share_scope import Clause, Group, Population, clauses, find_population
from advocacy.letters.figures.survey_facts import judge_fact
from advocacy.letters.figures.survey_text import (
    CLOSE,
    Answers,
    Candidate,
    ConceptMention,
    ParsedText,
    Span,
    blames_those_who_act,
    contrast_spans,
    count_negations,
    has_only_neutral_words,
    is_called_untrue,
    is_rejected,
    mentions_inaction,
)
from advocacy.letters.figures.survey_words import DENIAL, REMEDY, pattern
from advocacy.messages import message
from advocacy.numerals import Approach, Measure, Numeral

MIN_STRONG = 0.9
"""The score from which a clause speaks of an answer even where the survey is not named."""
MIN_CITED = 0.5
"""The score from which the survey's own figure on a subject is taken for its own, of whomever it is said."""
MAX_SHARES = 6
"""More in one sentence than anybody reads: the others are to be confirmed, so that no sentence takes long."""
_AT_LARGE = {Group.PLACE, Group.OTHERS}
_PEOPLE = {Group.PLACE, Group.OTHERS, Group.ANYONE, Group.OWN}
_STOP = re.compile(r"[,;:.]")
_CLAUSE_END = re.compile(
    r"[,;:.!?(]| (?:and|but|yet|so|which|because|as|while|whereas|since|even|when|if"
    r"|et|mais|car|parce|puisque|alors|tandis)\b"
)
_SUBJECT_END = re.compile(
    r"[;.:]|, (?:which|while|who|que|qui|alors|ce)\b| (?:and|but|et|mais|because|so|car|when|if|si)\b"
)
_NEGATED_BEFORE = re.compile(r"(?:\b(?:not|never|pas|jamais)|n't), (?:by|at|en|a)(?: (?:an?|une|la|grande|large))* $")
_FINE_AFTER = re.compile(r" (?:fine|penalty|tax|levy|discount)\b")
_FINE_BEFORE = re.compile(r"\b(?:fines?|penalt(?:y|ies)|amendes?|penalites?) (?:of|de) (?:up to |jusqu'a )?$")
_LETTERS = re.compile(r"[a-z]*")
_CHARACTERS_BEFORE, _TREND_CHARACTERS_BEFORE = 30, 45


@dataclass(frozen=True, slots=True)
class Share:
    """A share, its population, and the words from `start` to `end` that tell which answers it may be of."""

    parsed: ParsedText
    index: int
    clause: Clause
    population: Population
    start: int
    end: int
    mentions: Sequence[ConceptMention]
    candidates: Sequence[Candidate]

    @property
    def number(self) -> Numeral:
        return self.clause.number

    @property
    def text(self) -> str:
        return self.parsed.plain

    @property
    def answers(self) -> Answers:
        return self.parsed.answers

    @property
    def concepts(self) -> frozenset[str]:
        return frozenset(mention.concept for mention in self.mentions)

    @property
    def strength(self) -> float:
        return max((candidate.score for candidate in self.candidates), default=0)

    @property
    def comes_first(self) -> bool:
        """Whether its subject is in the words after it."""
        return self.start == self.clause.tail[0]

    def has(self, words: str, piece: Span | None = None) -> bool:
        return self.parsed.finds_in(words, *(piece or self.clause.whole))

    def asserted_concepts(self) -> frozenset[str]:
        """Return the concepts that the clause does not merely set aside."""
        aside = self.parsed.once(contrast_spans, *self.clause.whole)
        return frozenset(
            mention.concept
            for mention in self.mentions
            if not any(begin <= mention.start < stop for begin, stop in aside)
        )

    def rival_concepts(self, finding: Finding) -> frozenset[str]:
        """Return the concepts of the other answers to the same question, except those that are "none of these"."""
        others = (option for option in self.answers.question[finding.key].options if option is not finding)
        return frozenset().union(
            *(self.answers.own[option.key] for option in others if not self.answers.is_none_answer(option))
        )

    def last_mention(self, finding: Finding) -> int:
        """Return the end of the last word on the subject of an answer; 0 where there is none."""
        about = self.answers.about(finding)
        return max((mention.end for mention in self.mentions if mention.concept in about), default=0)

    def asserting_pieces(self, finding: Finding) -> list[Span]:
        """Return the words that assert or negate: up to the last one on the subject, or around the share."""
        start, end = self.clause.tail
        if self.comes_first:
            return [(start, self.last_mention(finding) or end)]
        stop = _STOP.search(self.text, start, end)
        return [self.clause.head, (start, stop.start() if stop else end)]

    def keeps(self, finding: Finding) -> bool:
        """Whether the clause has companies keep what they should remove."""
        concepts = self.concepts
        return (
            REMEDY in self.answers.about(finding)
            and bool(concepts)
            and not self.answers.blames_inaction(finding)
            and REMEDY not in concepts
            and any(self.parsed.once(mentions_inaction, *piece) for piece in self.asserting_pieces(finding))
        )

    def negations(self, finding: Finding) -> int:
        """Count the negations up to the last word on the subject, or around the share where its subject comes first."""
        parsed = self.parsed
        count = sum(parsed.once(count_negations, *piece) for piece in self.asserting_pieces(finding))
        count += _NEGATED_BEFORE.search(self.text, self.clause.head[0], self.number.outer[0]) is not None
        if not self.candidates and self.has("survey.agreeing"):
            count += sum(parsed.once(count_negations, *parsed.span(one)) for one in parsed.before(self.index)[:1])
        return count + self.keeps(finding)

    def speaks_of_writer(self) -> bool:
        """Whether the words before it speak of the writer, or of the writer's own surroundings."""
        return any(self.has(words, self.clause.head) for words in ("people.me", "people.own"))

    def begins_clause(self) -> bool:
        """Whether it begins its clause, as those who think something do: "First, 40% …"."""
        return not pattern("survey.leading").sub("", self.text[slice(*self.clause.head)]).strip(" ,:;-")


def parse_share(parsed: ParsedText, index: int, clause: Clause) -> Share:
    """Find the subject of a share in the words after it, or before it, or in both together."""
    population = find_population(parsed, index, clause)
    context = parsed.concepts(index, *parsed.before(index))
    for start, end in (clause.tail, clause.head, clause.whole):
        mentions = tuple(one for one in parsed.mentions(index) if start <= one.start < end)
        candidates = parsed.answers.candidates((one.concept for one in mentions), context)
        if any(one.named for one in candidates):
            break
    else:
        candidates = _with_lesser_answers(parsed, clause, candidates)
    return Share(parsed, index, clause, population, start, end, mentions, candidates)


def _with_lesser_answers(parsed: ParsedText, clause: Clause, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Add the lesser answers of a question where the words say that few chose them."""
    start = max(clause.head[0], clause.head[1] - _CHARACTERS_BEFORE)
    if pattern("survey.minority").search(parsed.plain, start, clause.tail[1]) is None:
        return list(candidates)
    by_question = {parsed.answers.question[one.finding.key].key: one for one in candidates}
    findings = [one.finding for one in candidates]
    further = [
        Candidate(option, one.score, named=False)
        for one in by_question.values()
        for option in parsed.answers.question[one.finding.key].options
        if option not in findings
    ]
    return [*candidates, *further]


# --- the numbers of a sentence


def judgements(parsed: ParsedText, index: int) -> Iterator[Judgement]:
    """Return the judgement of every number of a sentence."""
    numbers = parsed.numbers[index]
    shares = [number for number in numbers if number.measure is Measure.SHARE]
    if not parsed.names_survey(index):
        shares = [number for number in shares if not number.vague]
    yield from map(_to_confirm, shares[MAX_SHARES:])
    for clause in clauses(parsed, index, shares[:MAX_SHARES]):
        judgement = _judge_share(parsed, index, clause)
        # "Everyone" and "the majority" are numbers only where they claim a result.
        if not (clause.number.vague and judgement.verdict is Verdict.NOT_FROM_SURVEY):
            yield judgement
    for number in numbers:
        if number.measure is not Measure.SHARE:
            yield judge_fact(parsed, index, number)


def unjudged(parsed: ParsedText, index: int) -> Iterator[Judgement]:
    """Return every share of a sentence as one to be confirmed, and its other numbers judged."""
    for number in parsed.numbers[index]:
        if number.measure is not Measure.SHARE:
            yield judge_fact(parsed, index, number)
        elif not number.vague:
            yield _to_confirm(number)


def _to_confirm(number: Numeral) -> Judgement:
    return Judgement(*number.outer, Verdict.UNCLEAR, fault=FigureFault.WORDS)


def _judge_share(parsed: ParsedText, index: int, clause: Clause) -> Judgement:
    share = parse_share(parsed, index, clause)
    if not _claims_result(share):
        return Judgement(*clause.number.outer, Verdict.NOT_FROM_SURVEY)
    candidates = share.candidates or _with_lesser_answers(parsed, clause, parsed.mentioned(index))
    faults = [(candidate, _fault(share, candidate.finding)) for candidate in candidates]
    true = next((candidate for candidate, fault in faults if fault is None), None)
    if true is None:
        return _without_true_answer(
            share, [(candidate.finding, fault) for candidate, fault in faults if fault], candidates
        )
    finding = true.finding
    if _is_of_others(share):
        return _false_of_others(share, finding)
    if fault := _beyond_survey(share):
        return _false(share, finding, fault)
    if not _is_stated(share, true, candidates):
        return _unclear(share, finding)
    return Judgement(*share.number.outer, Verdict.TRUE, finding.key, evidence=parsed.figure(finding))


# --- whether it claims a result


def _claims_result(share: Share) -> bool:
    parsed, index, group = share.parsed, share.index, share.population.group
    if group is Group.RESPONDENTS:
        # "No one answered me" answers no survey.
        return not share.number.vague or bool(share.candidates) or parsed.is_near_survey(index)
    if group in _AT_LARGE and index not in parsed.naming_survey and not _cites(share):
        return False
    if _is_anothers_survey(share) or _is_idiom(share):
        return False
    if group is Group.OWN:
        return _cites(share) and share.has("people.local")
    if share.number.vague:
        return share.has("survey.words") and bool(share.candidates)
    if _cites(share) or parsed.finds("people.centre", index):
        return True
    is_writers = group is Group.UNNAMED and share.speaks_of_writer()
    return _speaks_of_survey(share) and not (is_writers and share.strength < MIN_STRONG)


def _cites(share: Share) -> bool:
    """Whether a share is the survey's own figure on its own subject, of whomever it is said."""
    number, group = share.number, share.population.group
    # "Some would encourage companies; 4% chose that": the subject stands in the clause before.
    candidates = share.candidates or share.answers.candidates(share.parsed.concepts(share.index))
    is_survey_figure = any(
        one.finding.percent == number.low == number.high for one in candidates if one.score >= MIN_CITED
    )
    is_of_people = group in _PEOPLE or (group is Group.UNNAMED and share.begins_clause())
    return is_survey_figure and share.has("survey.opinion") and is_of_people and not share.speaks_of_writer()


def _is_idiom(share: Share) -> bool:
    """Whether the share is that of "sûr à 100 %", or the height of a fine."""
    text, start = share.text, share.number.start
    if _FINE_AFTER.match(text, share.number.end):
        return True
    if _FINE_BEFORE.search(text, max(0, start - _CHARACTERS_BEFORE), start):
        return True
    is_whole = share.number.low == 100 and text.endswith(" a ", 0, start)
    return is_whole and share.index not in share.parsed.naming_survey


def _is_anothers_survey(share: Share) -> bool:
    parsed, index = share.parsed, share.index
    if parsed.finds("people.pollster", index):
        return not parsed.finds("people.centre", index)
    return parsed.finds("people.elsewhere", index) and not parsed.finds("survey.words", index)


def _speaks_of_survey(share: Share) -> bool:
    parsed, index, group = share.parsed, share.index, share.population.group
    has_opinion, is_of_others = share.has("survey.opinion"), group is Group.OTHERS
    if index in parsed.naming_survey:
        return has_opinion or share.strength > 0 or not is_of_others
    if group is Group.UNKNOWN:
        return False
    if not parsed.is_beside_survey(index):
        return share.strength >= MIN_STRONG and (has_opinion or group is Group.PLACE)
    if share.strength >= MIN_STRONG / 2:
        return True
    is_alone = not share.text[slice(*share.clause.tail)].strip(" .!?:…")  # "40%!"
    return share.begins_clause() and (is_alone or (has_opinion and not is_of_others))


# --- whether the survey says so


def _fault(share: Share, finding: Finding) -> FigureFault | None:
    """Return why a share is not true of an answer, None where it is."""
    number, answers = share.number, share.answers
    within = number.low <= finding.percent <= number.high
    is_same = within if number.vague else number.low == number.high == finding.percent
    if answers.is_confused(finding, share.parsed.concepts(share.index)):
        return FigureFault.SUBJECT
    if _is_negated(share, finding):
        return FigureFault.DENIED
    if _means_otherwise(share, finding):
        return FigureFault.SUBJECT
    if not is_same:
        return FigureFault.FIGURE
    is_hedged = number.approach is not Approach.EXACT and not number.vague
    # "No fewer than 95%" underlines a figure and makes it no larger.
    is_emphasis = pattern("survey.no_less").match(share.text, number.outer[0], number.start) is not None
    return FigureFault.HEDGE if is_hedged and not is_emphasis else None


def _is_negated(share: Share, finding: Finding) -> bool:
    """Whether the words say no where the answer says yes, or the reverse."""
    answers = share.answers
    if is_called_untrue(share.text, share.number.outer[0]) or share.parsed.once(is_rejected, *share.clause.tail):
        return True
    asserted, named = share.asserted_concepts(), answers.own[finding.key] & share.concepts
    if named and not named & asserted and share.rival_concepts(finding) & asserted:
        return True  # "a fine, not criminal charges"
    count = share.negations(finding)
    if answers.is_none_answer(finding):
        return count % 2 == 0 and count > 0
    return count > 0 and count % 2 != answers.is_negative(finding)


def _means_otherwise(share: Share, finding: Finding) -> bool:
    """Whether the words negate nothing and yet cannot be the answer: it is negative, or blames those who do not act."""
    answers = share.answers
    if answers.blames_inaction(finding) and share.parsed.once(blames_those_who_act, *share.clause.whole):
        return True
    is_negative = answers.is_negative(finding) and not answers.is_none_answer(finding)
    return is_negative and share.negations(finding) == 0


def _is_of_others(share: Share) -> bool:
    """Whether the share is said of people of whom the survey says nothing."""
    if share.population.group is Group.ANYONE:
        return not share.parsed.is_near_survey(share.index)
    return share.population.group in {Group.PLACE, Group.OTHERS, Group.UNKNOWN, Group.OWN}


def _beyond_survey(share: Share) -> FigureFault | None:
    """Find what the survey has no figure of: a trend over time, or a part of its respondents."""
    if share.has("survey.subgroup"):
        return FigureFault.PEOPLE
    (start, end), (_, sentence_end) = share.number.outer, share.parsed.span(share.index)
    stop = _SUBJECT_END.search(share.text, end, sentence_end)
    around = max(share.clause.head[0], start - _TREND_CHARACTERS_BEFORE), stop.start() if stop else sentence_end
    return FigureFault.SUBJECT if share.has("survey.trend", around) else None


# --- a figure that is true of no candidate


def _without_true_answer(
    share: Share, faults: Sequence[tuple[Finding, FigureFault]], candidates: Sequence[Candidate]
) -> Judgement:
    number, answers = share.number, share.answers
    is_of_others = _is_of_others(share)
    if not is_of_others and (rest := _answer_of_the_rest(share, candidates)):
        return _unclear(share, rest)
    # An answer with this figure whose own words no list knows: nothing can tell it apart.
    same = (one for one in answers.findings.values() if one.percent == number.low == number.high)
    unnamed = next((one for one in same if not answers.own[one.key]), None)
    if unnamed and not is_of_others:
        return _unclear(share, unnamed)
    if not faults:
        return _false(share, None, FigureFault.PEOPLE if is_of_others else FigureFault.FIGURE)
    # Most likely the answer with this figure was meant, or else the one that is named best.
    finding, fault = next((pair for pair in faults if pair[0].percent == number.low), faults[0])
    return _false(share, finding, fault)


def _answer_of_the_rest(share: Share, candidates: Sequence[Candidate]) -> Finding | None:
    """Find the answer of those who did not choose the headline one: "only 4% disagreed"."""
    number, answers = share.number, share.answers
    if number.low != number.high or number.approach is not Approach.EXACT:
        return None
    names_lesser = any(one.named and not answers.is_headline(one.finding) for one in share.candidates)
    if names_lesser or not share.has("negation.disagreeing", share.clause.tail):
        return None
    best = max((candidate.score for candidate in candidates), default=0)
    near = [candidate.finding for candidate in candidates if candidate.score >= best - CLOSE]
    likely = near or [finding for finding in answers.findings.values() if answers.is_headline(finding)]
    for question in {answers.question[finding.key].key: answers.question[finding.key] for finding in likely}.values():
        lesser = [option for option in question.options if not answers.is_headline(option)]
        figures = {Fraction(option.percent): option for option in lesser}
        # Shares of a question with several answers hold the same people more than once.
        if lesser and not question.several_answers:
            figures.setdefault(Fraction(sum(option.percent for option in lesser)), lesser[0])
        if number.low in figures:
            return figures[number.low]
    return None


# --- whether the words around a true figure say what the answer says


def _is_stated(share: Share, candidate: Candidate, candidates: Sequence[Candidate]) -> bool:
    """Whether a true figure is in words that are all neutral, and say which of the answers is meant."""
    finding, parsed = candidate.finding, share.parsed
    if (
        not _names_answer(share, candidate)
        or _fits_likelier_answer(share, candidate, candidates)
        or _leaves_undone(share, finding)
        or _is_negated_afterwards(share, finding)
    ):
        return False
    if share.number.vague:
        return True
    pieces = _pieces_to_weigh(share, finding)
    if not share.candidates and pattern("survey.answer").search(share.text, *share.clause.head):
        pieces += [parsed.span(before) for before in parsed.before(share.index)[:1]]  # "Yes, said 95%"
    about, ends = share.answers.about(finding), parsed.neutral_ends
    return all(has_only_neutral_words(share.text, piece, about=about, ends=ends) for piece in pieces)


def _names_answer(share: Share, candidate: Candidate) -> bool:
    """Whether this answer is named, and no other of its question beside it."""
    finding, answers = candidate.finding, share.answers
    own, asserted = answers.own[finding.key], share.asserted_concepts()
    if answers.is_none_answer(finding):
        # "No duty" names no other answer by its "duty".
        denials = [(one.start, one.end) for one in share.mentions if one.concept == DENIAL]
        asserted = frozenset(
            one.concept
            for one in share.mentions
            if one.concept in asserted
            and (one.concept == DENIAL or not any(begin <= one.start < end for begin, end in denials))
        )
    if own & asserted and share.rival_concepts(finding) & asserted:
        return False
    # The clause may name what the answer would have done, if not how.
    names_remedy = not answers.blames_inaction(finding) and REMEDY in answers.about(finding) & share.concepts
    return candidate.named or not share.candidates or names_remedy


def _fits_likelier_answer(share: Share, candidate: Candidate, candidates: Sequence[Candidate]) -> bool:
    """Whether all that is said fits the answer to another question as well, and that one is likelier meant."""
    answers = share.answers
    concepts = share.concepts & answers.about(candidate.finding)
    return any(
        one.score > candidate.score
        and concepts <= answers.about(one.finding)
        and answers.question[one.finding.key] is not answers.question[candidate.finding.key]
        for one in candidates
    )


def _leaves_undone(share: Share, finding: Finding) -> bool:
    """Whether something is left undone in words where the answer would have it done, or nothing is done."""
    answers, parsed, index = share.answers, share.parsed, share.index
    if answers.blames_inaction(finding) or answers.is_negative(finding):
        return False
    near = parsed.concepts(index, *parsed.before(index), *parsed.after(index))
    if share.candidates and answers.is_headline(finding) and REMEDY in answers.about(finding) - near:
        return True
    return any(parsed.once(mentions_inaction, *piece) for piece in share.asserting_pieces(finding))


def _is_negated_afterwards(share: Share, finding: Finding) -> bool:
    """Whether a no follows the last word on the subject in its clause: "safety standards are optional"."""
    (_, end), last = _pieces_to_weigh(share, finding)[-1], share.last_mention(finding)
    return share.comes_first and 0 < last < end and share.parsed.once(count_negations, last, end) > 0


def _pieces_to_weigh(share: Share, finding: Finding) -> list[Span]:
    """Return the words that must be neutral: the clauses of the subject and of the share, whole."""
    text, (start, end), number_start = share.text, share.clause.tail, share.number.outer[0]
    from_place = max(start, share.last_mention(finding)) if share.comes_first else start
    stop = _CLAUSE_END.search(text, from_place, end)
    tail = (start, stop.start() if stop else end)
    if share.comes_first:
        return [tail]
    first = number_start
    if share.candidates:
        about = share.answers.about(finding)
        first = min((one.start for one in share.mentions if one.concept in about), default=number_start)
    begin = share.clause.head[0]
    clause_start = max(begin, *(text.rfind(mark, begin, first) + 1 for mark in ",;:"))
    return [(clause_start, number_start), tail]


# --- the judgements


def _unclear(share: Share, finding: Finding) -> Judgement:
    figure = share.parsed.figure(finding)
    return Judgement(*share.number.outer, Verdict.UNCLEAR, finding.key, FigureFault.WORDS, figure)


def _false_of_others(share: Share, finding: Finding) -> Judgement:
    """Return the judgement of a true figure of other people; where they are named after it, both are replaced."""
    figure, population = share.parsed.figure(finding), share.population
    start, end = share.number.outer
    suggestion = None
    if population.start > end and population.group is not Group.OWN:
        # A list may hold only the beginning of a word.
        rest = _LETTERS.match(share.text, population.end)
        end = rest.end() if rest else population.end
        suggestion = message("%(figure)s of respondents", figure=figure).in_language(share.parsed.language)
    return Judgement(start, end, Verdict.FALSE, finding.key, FigureFault.PEOPLE, figure, suggestion)


def _false(share: Share, finding: Finding | None, fault: FigureFault) -> Judgement:
    """Return the judgement of a false share; another figure makes it true where all else is what the survey says."""
    if finding is None:
        return Judgement(*share.number.outer, Verdict.FALSE, None, fault)
    figure = share.parsed.figure(finding)
    is_replaceable = (
        fault in {FigureFault.FIGURE, FigureFault.HEDGE}
        and not share.number.vague
        and share.population.group in {Group.RESPONDENTS, Group.ANYONE, Group.UNNAMED}
        and any(one.named for one in share.candidates if one.finding is finding)
        and not share.has("survey.this_law")
    )
    suggestion = figure if is_replaceable else None
    return Judgement(*share.number.outer, Verdict.FALSE, finding.key, fault, figure, suggestion)
