"""Shares that claim a result: whether they do, of which answer, and whether the survey says so."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from advocacy.findings import Finding
from advocacy.letters.clauses import Clause
from advocacy.letters.figure_words import (
    ANYONE,
    ELSEWHERE,
    MINORITY,
    NEARBY,
    OF_RESPONDENTS,
    OPINION,
    OTHERS,
    OWN,
    PLACES,
    RESPONDENTS,
    SURVEY,
)
from advocacy.letters.polarity import blames_the_diligent, negations, taken_back
from advocacy.letters.reading import Reading
from advocacy.letters.subjects import Meant, Spoken
from advocacy.letters.verdicts import Fault, Judgement, Verdict
from advocacy.numerals import Approach
from advocacy.plain_text import plain

STRONG = 0.9
"""The score from which a clause speaks of an answer even where the survey is not named."""
_COUNTED = 4
_OF = re.compile(r" (?:of|among|des|de|du|d'|chez|parmi) ?(?:(?:the|les|all|tous|toutes|la|our|fellow|most) )*")
_AMONG = re.compile(r"\b(?:among|amongst|of|parmi|chez|selon|according to|say|said|for|pour) (?:the |les |all |most )*$")


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A share's clause with the words that say what it is about."""

    clause: Clause
    start: int
    end: int
    spoken: tuple[Spoken, ...]
    meant: tuple[Meant, ...]


def judge_share(reading: Reading, place: int, clause: Clause) -> Judgement:
    """Judge one share of the sentence at `place`."""
    weighed = _weigh(reading, place, clause)
    if not _is_claim(reading, place, weighed):
        return Judgement(*clause.number.outer, Verdict.NOT_SURVEYS)
    candidates = list(weighed.meant) or _from_around(reading, place, weighed)
    faults = [(meant.finding, _fault(reading, place, weighed, meant.finding)) for meant in candidates]
    people = _wrong_people(reading, place, clause)
    true = next((finding for finding, fault in faults if fault is None), None)
    if true is not None:
        return _true(reading, clause, true) if people is None else _of_others(reading, clause, true, people)
    finding, fault = _nearest(clause, faults)
    return _false(reading, clause, finding, fault)


# --- what it is about


def _weigh(reading: Reading, place: int, clause: Clause) -> _Weighed:
    spoken = reading.spoken(place)
    around = reading.concepts(place, *reading.before(place))
    for start, end in (clause.tail, clause.head, clause.whole):
        said = tuple(one for one in spoken if start <= one.start < end)
        meant = reading.subjects.meant((one.concept for one in said), around)
        if any(one.named for one in meant):
            return _Weighed(clause, start, end, said, tuple(meant))
    return _Weighed(clause, start, end, said, tuple(_lesser(reading, clause, meant)))


def _lesser(reading: Reading, clause: Clause, meant: Sequence[Meant]) -> list[Meant]:
    """Add the lesser answers of a question where the words say that few chose them."""
    few = MINORITY.search(reading.plain, max(clause.head[0], clause.head[1] - 30), clause.tail[1]) is not None
    if not few:
        return list(meant)
    questions = {reading.subjects.question[one.finding.key].key: one for one in meant}
    options = [
        Meant(option, one.score, named=False)
        for one in questions.values()
        for option in reading.subjects.question[one.finding.key].options
    ]
    return [*meant, *(option for option in options if option.finding not in {one.finding for one in meant})]


def _from_around(reading: Reading, place: int, weighed: _Weighed) -> list[Meant]:
    """Look for the subject in the sentences around, then in the paragraph, then in the letter."""
    for scope in reading.scopes(place):
        concepts = reading.concepts(*scope) if scope else frozenset()
        meant = reading.subjects.mentioned(concepts)
        if meant:
            return _lesser(reading, weighed.clause, meant)
    return []


# --- whether it claims a result


def _is_claim(reading: Reading, place: int, weighed: _Weighed) -> bool:
    clause, text = weighed.clause, reading.plain
    respondents = _of_whom(reading, clause, RESPONDENTS)
    if _is_own(reading, place, clause) and not respondents:
        return False
    if clause.number.vague:
        return respondents or (_has(text, SURVEY, clause.whole) and bool(weighed.meant))
    opinion = _has(text, OPINION, clause.whole)
    strength = max((meant.score for meant in weighed.meant), default=0)
    if place in reading.of_survey:
        return respondents or opinion or strength > 0 or not _of_whom(reading, clause, OTHERS)
    if reading.near_survey(place):
        return respondents or strength >= STRONG / 2 or (opinion and not _of_whom(reading, clause, OTHERS))
    return respondents or (strength >= STRONG and (opinion or _of_whom(reading, clause, PLACES)))


def _is_own(reading: Reading, place: int, clause: Clause) -> bool:
    text = reading.plain
    own = _of_whom(reading, clause, OWN) or _has(text, NEARBY, clause.whole)
    return own or (reading.finds(ELSEWHERE, place) and not reading.finds(SURVEY, place))


def _of_whom(reading: Reading, clause: Clause, words: re.Pattern[str]) -> bool:
    """Tell whether the words name those of whom the share is said: "of …" after it."""
    return _whom(reading, clause, words) is not None


def _whom(reading: Reading, clause: Clause, words: re.Pattern[str]) -> re.Match[str] | None:
    """Find them after "of", or at once after the share, or inside it ("nine Canadians in ten")."""
    text, number = reading.plain, clause.number
    inside = words.search(text, number.start, number.end)
    if inside:
        return inside
    link = _OF.match(text, clause.tail[0])
    if link is None:
        return words.match(text, clause.tail[0] + 1)
    after = text[link.end() : clause.tail[1]].split(" ")[:_COUNTED]
    return words.search(text, link.end(), link.end() + len(" ".join(after)))


def _has(text: str, words: re.Pattern[str], piece: tuple[int, int]) -> bool:
    return words.search(text, *piece) is not None


# --- whether the survey says so


def _fault(reading: Reading, place: int, weighed: _Weighed, finding: Finding) -> Fault | None:
    number = weighed.clause.number
    checks = (
        (Fault.SUBJECT, reading.subjects.confused(finding, reading.concepts(place))),
        (Fault.DENIED, _denied(reading, weighed, finding)),
        (Fault.FIGURE, not number.low <= finding.percent <= number.high if number.vague else _differs(weighed, finding)),
        (Fault.HEDGE, number.approach is not Approach.EXACT and not number.vague),
    )
    return next((fault for fault, found in checks if found), None)


def _differs(weighed: _Weighed, finding: Finding) -> bool:
    number = weighed.clause.number
    return not number.low == number.high == finding.percent


def _denied(reading: Reading, weighed: _Weighed, finding: Finding) -> bool:
    """Tell whether the words say no where the answer says yes, or the reverse."""
    clause, text, subjects = weighed.clause, reading.plain, reading.subjects
    if taken_back(text, clause.number.outer[0]):
        return True
    if subjects.needs_lapse(finding) and blames_the_diligent(text, *clause.whole):
        return True
    about = subjects.own[finding.key] | subjects.theme[subjects.question[finding.key].key]
    ends = [said.end for said in weighed.spoken if said.concept in about]
    start = clause.tail[0] if weighed.start == clause.tail[0] else weighed.start
    count = negations(text, start, max(ends, default=weighed.end))
    if subjects.is_denial(finding):
        return count % 2 == 0 and count > 0
    return count % 2 != subjects.says_no(finding)


def _nearest(clause: Clause, faults: Sequence[tuple[Finding, Fault | None]]) -> tuple[Finding | None, Fault]:
    """Choose the answer that was most likely meant: the one with this figure, or the best named."""
    same = [(finding, fault) for finding, fault in faults if finding.percent == clause.number.low and fault]
    named = [(finding, fault) for finding, fault in faults if fault]
    return (*same, *named, (None, Fault.FIGURE))[0]


# --- of whom


def _wrong_people(reading: Reading, place: int, clause: Clause) -> tuple[int, int] | None:
    """Find people of whom the survey says nothing, where the share is said of them."""
    text = reading.plain
    sentence = reading.sentences[place]
    whom = _whom(reading, clause, PLACES) or _whom(reading, clause, OTHERS)
    if whom and not _whom(reading, clause, RESPONDENTS):
        return whom.span()
    if whom and whom.re is PLACES:
        return whom.span()
    for people in PLACES.finditer(text, sentence.start, sentence.end):
        if _AMONG.search(text, max(sentence.start, people.start() - 20), people.start()) and _is_near(clause, people):
            return people.span()
    if _whom(reading, clause, ANYONE) and not (place in reading.of_survey or reading.near_survey(place)):
        return clause.tail[0], clause.tail[0]
    return None


def _is_near(clause: Clause, people: re.Match[str]) -> bool:
    return -40 <= people.start() - clause.number.end <= 15 or 0 <= clause.number.start - people.end() <= 12


# --- saying it


def _true(reading: Reading, clause: Clause, finding: Finding) -> Judgement:
    return Judgement(*clause.number.outer, Verdict.TRUE, finding.key, right=finding.spoken(reading.language))


def _of_others(reading: Reading, clause: Clause, finding: Finding, people: tuple[int, int]) -> Judgement:
    spoken = finding.spoken(reading.language)
    start, end = clause.number.outer
    mend = None
    if people[0] >= end:
        end, mend = max(end, people[1]), f"{spoken} {OF_RESPONDENTS[reading.language]}"
    return Judgement(start, end, Verdict.FALSE, finding.key, Fault.PEOPLE, spoken, mend)


def _false(reading: Reading, clause: Clause, finding: Finding | None, fault: Fault) -> Judgement:
    spoken = finding.spoken(reading.language) if finding else None
    mendable = fault in {Fault.FIGURE, Fault.HEDGE} and not clause.number.vague
    key = finding.key if finding else None
    return Judgement(*clause.number.outer, Verdict.FALSE, key, fault, spoken, spoken if mendable else None)
