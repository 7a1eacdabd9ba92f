"""The numbers of a sentence: which claim a result, of which answer, and whether the survey says so."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from advocacy.findings import Finding
from advocacy.letters.figures.claim import FigureFault, Judgement, Verdict
from advocacy.letters.figures.share_scope import Clause, Crowd, Whom, clauses, near_survey, of_whom
from advocacy.letters.figures.survey_facts import judge_fact
from advocacy.letters.figures.survey_text import (
    CLOSE,
    Meant,
    Reading,
    Spoken,
    blames_the_diligent,
    contrasted,
    is_known,
    lapses,
    negations,
    taken_back,
    turned_down,
)
from advocacy.letters.figures.survey_words import (
    AGREEING,
    ANSWER,
    CENTRE,
    DENIAL,
    DISAGREEING,
    ELSEWHERE,
    LEADING,
    LOCAL,
    ME,
    MINORITY,
    NO_LESS,
    OF_RESPONDENTS,
    OPINION,
    OWN,
    POLLSTER,
    REMEDY,
    SUBGROUP,
    SURVEY,
    THIS_LAW,
    TREND,
)
from advocacy.numerals import Approach, Measure, Numeral

_BEFORE = 30


@dataclass(frozen=True, slots=True)
class Share:
    """A share, of whom it is said, and the words from `start` to `end` that say what it is about."""

    reading: Reading
    place: int
    clause: Clause
    whom: Whom
    start: int
    end: int
    spoken: Sequence[Spoken] = field(default=())
    meant: Sequence[Meant] = field(default=())

    @property
    def number(self) -> Numeral:
        return self.clause.number

    @property
    def text(self) -> str:
        return self.reading.plain

    @property
    def strength(self) -> float:
        return max((meant.score for meant in self.meant), default=0)

    def says(self, words: re.Pattern[str], piece: tuple[int, int] | None = None) -> bool:
        """Return whether the clause, or a piece of it, has any of the words."""
        return self.reading.finds_in(words, *(piece or self.clause.whole))


def read(reading: Reading, place: int, clause: Clause) -> Share:
    """Find the subject in the words after the share, or before it, or in both together."""
    whom = of_whom(reading, place, clause)
    around = reading.concepts(place, *reading.before(place))
    for start, end in (clause.tail, clause.head, clause.whole):
        said = tuple(one for one in reading.spoken(place) if start <= one.start < end)
        meant = reading.subjects.meant((one.concept for one in said), around)
        if any(one.named for one in meant):
            return Share(reading, place, clause, whom, start=start, end=end, spoken=said, meant=meant)
    return Share(
        reading, place, clause, whom, start=start, end=end, spoken=said, meant=lesser_answers(reading, clause, meant)
    )


def lesser_answers(reading: Reading, clause: Clause, meant: Sequence[Meant]) -> list[Meant]:
    """Add the lesser answers of a question where the words say that few chose them."""
    start = max(clause.head[0], clause.head[1] - _BEFORE)
    if MINORITY.search(reading.plain, start, clause.tail[1]) is None:
        return list(meant)
    questions = {reading.subjects.question[one.finding.key].key: one for one in meant}
    options = [
        Meant(option, one.score, named=False)
        for one in questions.values()
        for option in reading.subjects.question[one.finding.key].options
    ]
    known = [one.finding for one in meant]
    return [*meant, *(option for option in options if option.finding not in known)]


_STOP = re.compile(r"[,;:.]")
_NO_BEFORE = re.compile(r"(?:\b(?:not|never|pas|jamais)|n't), (?:by|at|en|a)(?: (?:an?|une|la|grande|large))* $")
_CLAUSE_END = re.compile(
    r"[,;:.!?(]| (?:and|but|yet|so|which|because|as|while|whereas|since|even|when|if"
    r"|et|mais|car|parce|puisque|alors|tandis)\b"
)


def denied(share: Share, finding: Finding) -> bool:
    """Return whether the words say no where the answer says yes, or the reverse."""
    text, subjects = share.text, share.reading.subjects
    if taken_back(text, share.number.outer[0]) or share.reading.once(turned_down, *share.clause.tail):
        return True
    if _sets_aside(share, finding):
        return True
    count = _denials(share, finding) + _keeps(share, finding)
    if subjects.is_denial(finding):
        return count % 2 == 0 and count > 0
    return count > 0 and count % 2 != subjects.says_no(finding)


def says_another_thing(share: Share, finding: Finding) -> bool:
    """Whether the words deny nothing and yet cannot be the answer: it holds a no, or blames those who do not act."""
    subjects = share.reading.subjects
    if subjects.needs_lapse(finding) and share.reading.once(blames_the_diligent, *share.clause.whole):
        return True
    silent = subjects.says_no(finding) and not subjects.is_denial(finding)
    return silent and _denials(share, finding) + _keeps(share, finding) == 0


def _denials(share: Share, finding: Finding) -> int:
    """Count the denials from the share to the last word on its subject, or around it when its subject comes first."""
    reading = share.reading
    count = sum(reading.once(negations, *piece) for piece in _pieces(share, finding))
    count += _NO_BEFORE.search(share.text, share.clause.head[0], share.number.outer[0]) is not None
    if not share.meant and share.says(AGREEING):
        count += sum(reading.once(negations, *reading.place_of(before)) for before in reading.before(share.place)[:1])
    return count


def _pieces(share: Share, finding: Finding) -> list[tuple[int, int]]:
    """Return the words that say or deny: up to the last one on the subject, or around the share."""
    start, end = share.clause.tail
    if share.start == start:
        return [(start, _last(share, finding) or end)]
    stop = _STOP.search(share.text, start, end)
    return [share.clause.head, (start, stop.start() if stop else end)]


def _last(share: Share, finding: Finding) -> int:
    """Return the end of the last word on the subject; 0 where there is none."""
    about = share.reading.subjects.about(finding)
    return max((said.end for said in share.spoken if said.concept in about), default=0)


def _sets_aside(share: Share, finding: Finding) -> bool:
    """Return whether the answer is named only to set it aside for another: "a fine, not criminal charges"."""
    plainly = _outright(share)
    own = share.reading.subjects.own[finding.key]
    named = own & {one.concept for one in share.spoken}
    return bool(named) and not named & plainly and bool(_rivals(share, finding) & plainly)


def _outright(share: Share) -> frozenset[str]:
    """Name the concepts that the clause does not merely set aside."""
    aside = share.reading.once(contrasted, *share.clause.whole)
    outright = (one for one in share.spoken if not any(begin <= one.start < stop for begin, stop in aside))
    return frozenset(one.concept for one in outright)


def _rivals(share: Share, finding: Finding) -> frozenset[str]:
    """Name the concepts of the other answers to the same question, except those that are a "none"."""
    subjects = share.reading.subjects
    others = [option for option in subjects.question[finding.key].options if option is not finding]
    return frozenset().union(*(subjects.own[option.key] for option in others if not subjects.is_denial(option)))


def _keeps(share: Share, finding: Finding) -> bool:
    """Return whether the clause has companies keep what they should remove."""
    subjects = share.reading.subjects
    about = subjects.about(finding)
    said = {one.concept for one in share.spoken}
    return (
        REMEDY in about
        and bool(said)
        and not subjects.needs_lapse(finding)
        and REMEDY not in said
        and any(share.reading.once(lapses, *piece) for piece in _pieces(share, finding))
    )


def says_it(share: Share, meant: Meant, candidates: Sequence[Meant]) -> bool:
    """Whether a true figure stands in words that are all known, and say which of the answers is meant."""
    about = share.reading.subjects.about(meant.finding)
    pieces = _weighed(share, meant.finding) + _question(share)
    return (
        _names_it(share, meant)
        and not _fits_another(share, meant, candidates)
        and not _leaves_it(share, meant.finding)
        and not _adds_a_no(share, meant.finding)
        and (
            share.number.vague
            or all(is_known(share.text, piece, about=about, ends=share.reading.known_ends) for piece in pieces)
        )
    )


def _names_it(share: Share, meant: Meant) -> bool:
    """Return whether this answer is named, and no other of its question beside it."""
    subjects = share.reading.subjects
    own, outright = subjects.own[meant.finding.key], _outright(share)
    if subjects.is_denial(meant.finding):
        # "No duty" names no other answer by its "duty".
        denied_here = [(one.start, one.end) for one in share.spoken if one.concept == DENIAL]
        outright = frozenset(
            one.concept
            for one in share.spoken
            if one.concept in outright
            and (one.concept == DENIAL or not any(begin <= one.start < end for begin, end in denied_here))
        )
    if own & outright and _rivals(share, meant.finding) & outright:
        return False
    return meant.named or not share.meant or _does(share, meant.finding)


def _leaves_it(share: Share, finding: Finding) -> bool:
    """Return whether something is left undone in words where the answer would have it done, or nothing is done."""
    subjects, reading = share.reading.subjects, share.reading
    if subjects.needs_lapse(finding) or subjects.says_no(finding):
        return False
    near = reading.concepts(share.place, *reading.before(share.place), *reading.after(share.place))
    undone = share.meant and subjects.leads(finding) and REMEDY in subjects.about(finding) - near
    return undone or any(share.reading.once(lapses, *piece) for piece in _pieces(share, finding))


def _adds_a_no(share: Share, finding: Finding) -> bool:
    """Return whether a no follows the last word on the subject in its clause: "safety standards are optional"."""
    (_, end), last = _weighed(share, finding)[-1], _last(share, finding)
    return share.start == share.clause.tail[0] and 0 < last < end and share.reading.once(negations, last, end) > 0


def _fits_another(share: Share, meant: Meant, candidates: Sequence[Meant]) -> bool:
    """Whether all that is said fits the answer to another question as well, and that one is likelier meant."""
    subjects = share.reading.subjects
    said = {one.concept for one in share.spoken} & subjects.about(meant.finding)
    return any(
        one.score > meant.score
        and said <= subjects.about(one.finding)
        and subjects.question[one.finding.key] is not subjects.question[meant.finding.key]
        for one in candidates
    )


def _does(share: Share, finding: Finding) -> bool:
    """Return whether the clause names what the answer would have done, if not how."""
    subjects = share.reading.subjects
    said = {one.concept for one in share.spoken}
    return not subjects.needs_lapse(finding) and REMEDY in subjects.about(finding) & said


def _question(share: Share) -> list[tuple[int, int]]:
    """Return the sentence before a share that only answers it: "Yes, said 95%"."""
    answers = not share.meant and ANSWER.search(share.text, *share.clause.head)
    return [share.reading.place_of(before) for before in share.reading.before(share.place)[:1] if answers]


def _weighed(share: Share, finding: Finding) -> list[tuple[int, int]]:
    """Return the words that must be known: the clauses of the subject and of the share, whole."""
    text, (start, end) = share.text, share.clause.tail
    last = max(start, _last(share, finding))
    tail = (start, _clause_end(text, last if share.start == start else start, end))
    if share.start == start:
        return [tail]
    if not share.meant:  # "Yes, said 95%"
        said = share.number.outer[0]
        return [(_clause_start(text, share.clause.head[0], said), said), tail]
    about = share.reading.subjects.about(finding)
    first = min((said.start for said in share.spoken if said.concept in about), default=share.number.outer[0])
    return [(_clause_start(text, share.clause.head[0], first), share.number.outer[0]), tail]


def _clause_end(text: str, start: int, end: int) -> int:
    stop = _CLAUSE_END.search(text, start, end)
    return stop.start() if stop else end


def _clause_start(text: str, start: int, end: int) -> int:
    return max(start, *(text.rfind(stop, start, end) + 1 for stop in ",;:"))


STRONG = 0.9
"""The score from which a clause speaks of an answer even where the survey is not named."""
CITED = 0.5
"""The score from which the survey's own figure on a subject is taken for its own, of whomever it is said."""
_GOES_ON = re.compile(
    r"[;.:]|, (?:which|while|who|que|qui|alors|ce)\b| (?:and|but|et|mais|because|so|car|when|if|si)\b"
)
_FINED = re.compile(r" (?:fine|penalty|tax|levy|discount)\b")
_FINE_OF = re.compile(r"\b(?:fines?|penalt(?:y|ies)|amendes?|penalites?) (?:of|de) (?:up to |jusqu'a )?$")
_FINE_NEAR = 30
_LETTERS = re.compile(r"[a-z]*")
_AT_LARGE = {Crowd.PLACE, Crowd.OTHERS}
_PEOPLE = {Crowd.PLACE, Crowd.OTHERS, Crowd.ANYONE, Crowd.OWN}


def judge_share(reading: Reading, place: int, clause: Clause) -> Judgement:
    """Judge one share of the sentence at `place`."""
    share = read(reading, place, clause)
    if not _is_claim(share):
        return Judgement(*clause.number.outer, Verdict.NOT_FROM_SURVEY)
    candidates = share.meant or lesser_answers(reading, clause, reading.mentioned(place))
    faults = [(meant, _fault(share, meant.finding)) for meant in candidates]
    true = next((meant for meant, fault in faults if fault is None), None)
    if true is None:
        return _unheld(share, faults)
    if _is_of_others(share):
        return _of_others(share, true.finding)
    if fault := _beyond(share):
        return _false(share, true.finding, fault)
    return _true(share, true.finding) if says_it(share, true, candidates) else _unclear(share, true.finding)


# --- whether it claims a result


def _is_claim(share: Share) -> bool:
    crowd = share.whom.crowd
    if crowd is Crowd.RESPONDENTS:
        # "No one answered me" answers no survey.
        return not share.number.vague or bool(share.meant) or near_survey(share.reading, share.place)
    if crowd in _AT_LARGE and share.place not in share.reading.of_survey and not _cites(share):
        return False
    if _is_said_elsewhere(share) or _is_idiom(share):
        return False
    if crowd is Crowd.OWN:
        return _cites(share) and share.says(LOCAL)
    if share.number.vague:
        return share.says(SURVEY) and bool(share.meant)
    if _cites(share) or share.reading.finds(CENTRE, share.place):
        return True
    mine = crowd is Crowd.UNSAID and any(share.says(words, share.clause.head) for words in (ME, OWN))
    return _speaks_of_survey(share) and not (mine and share.strength < STRONG)


def _cites(share: Share) -> bool:
    """Return whether a share is the survey's own figure on its own subject, of whomever it is said."""
    number = share.number
    # "Some would encourage companies; 4% chose that": the subject stands in the clause before.
    meant = share.meant or share.reading.subjects.meant(share.reading.concepts(share.place))
    likely = [one.finding for one in meant if one.score >= CITED]
    given = any(finding.percent == number.low == number.high for finding in likely)
    mine = any(share.says(words, share.clause.head) for words in (ME, OWN))
    said = share.whom.crowd in _PEOPLE or (share.whom.crowd is Crowd.UNSAID and _leads(share))
    return given and share.says(OPINION) and said and not mine


def _is_idiom(share: Share) -> bool:
    """Return whether the share is that of "sûr à 100 %", or the height of a fine."""
    start = share.number.start
    wholly = share.number.low == 100 and share.text.endswith(" a ", 0, start)
    fined = _FINED.match(share.text, share.number.end) or _FINE_OF.search(share.text, max(0, start - _FINE_NEAR), start)
    return fined is not None or (wholly and share.place not in share.reading.of_survey)


def _is_said_elsewhere(share: Share) -> bool:
    reading = share.reading
    if reading.finds(POLLSTER, share.place):
        return not reading.finds(CENTRE, share.place)
    return reading.finds(ELSEWHERE, share.place) and not reading.finds(SURVEY, share.place)


def _speaks_of_survey(share: Share) -> bool:
    opinion, others = share.says(OPINION), share.whom.crowd is Crowd.OTHERS
    if share.place in share.reading.of_survey:
        return opinion or share.strength > 0 or not others
    if share.whom.crowd is Crowd.UNKNOWN:
        return False
    if share.reading.near_survey(share.place):
        return share.strength >= STRONG / 2 or _is_alone(share) or (opinion and not others and _leads(share))
    return share.strength >= STRONG and (opinion or share.whom.crowd is Crowd.PLACE)


def _leads(share: Share) -> bool:
    """Return whether a share begins its clause, as those who think something do: "First, 95% …"."""
    return not LEADING.sub("", share.text[slice(*share.clause.head)]).strip(" ,:;-")


def _is_alone(share: Share) -> bool:
    """Return whether a share is a sentence of its own: "95%!"."""
    return _leads(share) and not share.text[slice(*share.clause.tail)].strip(" .!?:…")


# --- whether the survey says so


def _unheld(share: Share, faults: Sequence[tuple[Meant, FigureFault | None]]) -> Judgement:
    """Judge a share that is true of no answer it may be meant of."""
    if not _is_of_others(share) and (rest := _of_the_rest(share, [meant for meant, _ in faults])):
        return _unclear(share, rest)
    if (untold := _without_words(share)) and not _is_of_others(share):
        return _unclear(share, untold)
    finding, fault = _nearest(share, [(meant.finding, fault) for meant, fault in faults])
    return _false(share, finding, fault if finding or not _is_of_others(share) else FigureFault.PEOPLE)


def _without_words(share: Share) -> Finding | None:
    """Find an answer with this figure whose own words the list of words does not know: nothing can tell it apart."""
    subjects, number = share.reading.subjects, share.number
    same = (one for one in subjects.findings.values() if one.percent == number.low == number.high)
    return next((one for one in same if not subjects.own[one.key]), None)


def _fault(share: Share, finding: Finding) -> FigureFault | None:
    number = share.number
    within = number.low <= finding.percent <= number.high
    same = within if number.vague else number.low == number.high == finding.percent
    checks = (
        (FigureFault.SUBJECT, share.reading.subjects.confused(finding, share.reading.concepts(share.place))),
        (FigureFault.DENIED, denied(share, finding)),
        (FigureFault.SUBJECT, says_another_thing(share, finding)),
        (FigureFault.FIGURE, not same),
        (FigureFault.HEDGE, number.approach is not Approach.EXACT and not number.vague and not _is_no_less(share)),
    )
    return next((fault for fault, found in checks if found), None)


def _is_no_less(share: Share) -> bool:
    """Whether a figure is underlined and not made larger: "no fewer than 95%", « pas moins de 95 % »."""
    start, end = share.number.outer[0], share.number.start
    return NO_LESS.match(share.text, start, end) is not None


def _of_the_rest(share: Share, candidates: Sequence[Meant]) -> Finding | None:
    """Find the answer of those who did not choose the one that leads: "only 4% disagreed"."""
    if share.number.low != share.number.high or share.number.approach is not Approach.EXACT or not _disagrees(share):
        return None
    subjects = share.reading.subjects
    best = max((meant.score for meant in candidates), default=0)
    near = [meant.finding for meant in candidates if meant.score >= best - CLOSE]
    likely = near or [finding for finding in subjects.findings.values() if subjects.leads(finding)]
    for question in {subjects.question[finding.key].key: subjects.question[finding.key] for finding in likely}.values():
        lesser = [option for option in question.options if not subjects.leads(option)]
        figures = {Fraction(option.percent): option for option in lesser}
        # Shares of a question with several answers hold the same people more than once.
        if lesser and not question.several_answers:
            figures.setdefault(Fraction(sum(option.percent for option in lesser)), lesser[0])
        if share.number.low in figures:
            return figures[share.number.low]
    return None


def _disagrees(share: Share) -> bool:
    """Return whether the share is of those against the answer that leads: no lesser one is named."""
    subjects = share.reading.subjects
    lesser = any(meant.named and not subjects.leads(meant.finding) for meant in share.meant)
    return not lesser and share.says(DISAGREEING, share.clause.tail)


def _nearest(share: Share, faults: Sequence[tuple[Finding, FigureFault | None]]) -> tuple[Finding | None, FigureFault]:
    """Choose the answer that was most likely meant: the one with this figure, or the best named."""
    same = [(finding, fault) for finding, fault in faults if finding.percent == share.number.low and fault]
    named = [(finding, fault) for finding, fault in faults if fault]
    return (*same, *named, (None, FigureFault.FIGURE))[0]


def _is_of_others(share: Share) -> bool:
    """Return whether the share is said of people of whom the survey says nothing."""
    if share.whom.crowd is Crowd.ANYONE:
        return not near_survey(share.reading, share.place)
    return share.whom.crowd in {Crowd.PLACE, Crowd.OTHERS, Crowd.UNKNOWN, Crowd.OWN}


def _beyond(share: Share) -> FigureFault | None:
    """Find what the survey has of no figure: a trend over time, or a part of its respondents."""
    if share.says(SUBGROUP):
        return FigureFault.PEOPLE
    start, end = share.number.outer
    stop = _GOES_ON.search(share.text, end, share.reading.sentences[share.place].end)
    around = (max(share.clause.head[0], start - 45), stop.start() if stop else share.reading.sentences[share.place].end)
    return FigureFault.SUBJECT if share.says(TREND, around) else None


# --- saying it


def _unclear(share: Share, finding: Finding) -> Judgement:
    spoken = share.reading.figure(finding)
    return Judgement(*share.number.outer, Verdict.UNCLEAR, finding.key, FigureFault.WORDS, spoken)


def _true(share: Share, finding: Finding) -> Judgement:
    spoken = share.reading.figure(finding)
    return Judgement(*share.number.outer, Verdict.TRUE, finding.key, evidence=spoken)


def _of_others(share: Share, finding: Finding) -> Judgement:
    spoken = share.reading.figure(finding)
    start, end = share.number.outer
    mend = None
    if share.whom.start > end and share.whom.crowd is not Crowd.OWN:
        end, mend = _word_end(share.text, share.whom.end), f"{spoken} {OF_RESPONDENTS[share.reading.language]}"
    return Judgement(start, end, Verdict.FALSE, finding.key, FigureFault.PEOPLE, spoken, mend)


def _word_end(text: str, place: int) -> int:
    """Return the end of the word that a beginning of a word in a list has found."""
    rest = _LETTERS.match(text, place)
    return rest.end() if rest else place


def _is_of_respondents(share: Share, finding: Finding | None) -> bool:
    """Whether a sentence speaks of respondents and names what they answered, so that another figure makes it true."""
    if share.whom.crowd not in {Crowd.RESPONDENTS, Crowd.ANYONE, Crowd.UNSAID}:
        return False
    return any(meant.named for meant in share.meant if meant.finding is finding) and not share.says(THIS_LAW)


def _false(share: Share, finding: Finding | None, fault: FigureFault) -> Judgement:
    spoken = share.reading.figure(finding) if finding else None
    is_replaceable = (
        fault in {FigureFault.FIGURE, FigureFault.HEDGE}
        and not share.number.vague
        and _is_of_respondents(share, finding)
    )
    key = finding.key if finding else None
    return Judgement(*share.number.outer, Verdict.FALSE, key, fault, spoken, spoken if is_replaceable else None)


# --- all numbers of a sentence

MOST_SHARES = 6
"""More in one sentence than anybody reads: the others are to be confirmed, so that no sentence takes long."""


def judgements(reading: Reading, place: int) -> Iterator[Judgement]:
    """Return the judgement of every number of the sentence at `place`."""
    numbers = reading.numbers[place]
    shares = [number for number in numbers if number.measure is Measure.SHARE]
    if not names_survey(reading, place):
        shares = [number for number in shares if not number.vague]
    shares, further = shares[:MOST_SHARES], shares[MOST_SHARES:]
    yield from map(_to_confirm, further)
    for clause in clauses(reading.plain, reading.sentences[place], shares, spoken=reading.spoken(place)):
        judgement = judge_share(reading, place, clause)
        # "Everyone" and "the majority" are numbers only where they claim a result.
        if not (clause.number.vague and judgement.verdict is Verdict.NOT_FROM_SURVEY):
            yield judgement
    for number in numbers:
        if number.measure is not Measure.SHARE:
            yield judge_fact(reading, place, number)


def names_survey(reading: Reading, place: int) -> bool:
    """Whether a sentence names the survey: without it "everyone" and "the majority" claim none of its results."""
    return place in reading.of_survey or place in reading.of_respondents


def unjudged(reading: Reading, place: int) -> Iterator[Judgement]:
    """Return every share of a sentence as one to be confirmed, and its other numbers judged."""
    for number in reading.numbers[place]:
        if number.measure is not Measure.SHARE:
            yield judge_fact(reading, place, number)
        elif not number.vague:
            yield _to_confirm(number)


def _to_confirm(number: Numeral) -> Judgement:
    return Judgement(*number.outer, Verdict.UNCLEAR, fault=FigureFault.WORDS)
