"""Shares that claim a result: whether they do, of which answer, and whether the survey says so."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from advocacy.findings import Finding
from advocacy.letters.figures.clauses import Clause
from advocacy.letters.figures.people import Crowd, Whom, near_survey, of_whom
from advocacy.letters.figures.polarity import blames_the_diligent, negations, taken_back, turned_down
from advocacy.letters.figures.reading import Reading
from advocacy.letters.figures.subjects import Meant, Spoken
from advocacy.letters.figures.verdicts import Fault, Judgement, Verdict
from advocacy.letters.figures.words import (
    AGREEING,
    ELSEWHERE,
    LEADING,
    ME,
    MINORITY,
    OF_RESPONDENTS,
    OPINION,
    OWN,
    SURVEY,
)
from advocacy.numerals import Approach, Numeral

STRONG = 0.9
"""The score from which a clause speaks of an answer even where the survey is not named."""
_STOP = re.compile(r"[,;:.]")
_BEFORE = 30


def judge_share(reading: Reading, place: int, clause: Clause) -> Judgement:
    """Judge one share of the sentence at `place`."""
    share = _read(reading, place, clause)
    if not _is_claim(share):
        return Judgement(*clause.number.outer, Verdict.NOT_SURVEYS)
    candidates = share.meant or _lesser(reading, clause, reading.mentioned(place))
    faults = [(meant.finding, _fault(share, meant.finding)) for meant in candidates]
    true = next((finding for finding, fault in faults if fault is None), None)
    if true is None:
        return _false(share, *_nearest(share, faults))
    return _of_others(share, true) if _is_of_others(share) else _true(share, true)


@dataclass(frozen=True, slots=True)
class _Share:
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
        """Tell whether the clause, or a piece of it, has any of the words."""
        return words.search(self.text, *(piece or self.clause.whole)) is not None


# --- what it is about


def _read(reading: Reading, place: int, clause: Clause) -> _Share:
    """Find the subject in the words after the share, or before it, or in both together."""
    whom = of_whom(reading, place, clause)
    around = reading.concepts(place, *reading.before(place))
    for start, end in (clause.tail, clause.head, clause.whole):
        said = tuple(one for one in reading.spoken(place) if start <= one.start < end)
        meant = reading.subjects.meant((one.concept for one in said), around)
        if any(one.named for one in meant):
            return _Share(reading, place, clause, whom, start=start, end=end, spoken=said, meant=meant)
    return _Share(
        reading, place, clause, whom, start=start, end=end, spoken=said, meant=_lesser(reading, clause, meant)
    )


def _lesser(reading: Reading, clause: Clause, meant: Sequence[Meant]) -> list[Meant]:
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


# --- whether it claims a result


def _is_claim(share: _Share) -> bool:
    crowd = share.whom.crowd
    if crowd is Crowd.RESPONDENTS:
        return True
    if crowd is Crowd.OWN or _is_said_elsewhere(share) or _is_idiom(share):
        return False
    if share.number.vague:
        return share.says(SURVEY) and bool(share.meant)
    mine = crowd is Crowd.UNSAID and any(share.says(words, share.clause.head) for words in (ME, OWN))
    return _speaks_of_survey(share) and not (mine and share.strength < STRONG)


def _is_idiom(share: _Share) -> bool:
    """Tell whether the share is that of "sûr à 100 %"."""
    start = share.number.start
    wholly = share.number.low == 100 and share.text.endswith(" a ", 0, start)
    return wholly and share.place not in share.reading.of_survey


def _is_said_elsewhere(share: _Share) -> bool:
    reading = share.reading
    return reading.finds(ELSEWHERE, share.place) and not reading.finds(SURVEY, share.place)


def _speaks_of_survey(share: _Share) -> bool:
    opinion, others = share.says(OPINION), share.whom.crowd is Crowd.OTHERS
    if share.place in share.reading.of_survey:
        return opinion or share.strength > 0 or not others
    if share.whom.crowd is Crowd.UNKNOWN:
        return False
    if share.reading.near_survey(share.place):
        return share.strength >= STRONG / 2 or _is_alone(share) or (opinion and not others and _leads(share))
    return share.strength >= STRONG and (opinion or share.whom.crowd is Crowd.PLACE)


def _leads(share: _Share) -> bool:
    """Tell whether a share begins its clause, as those who think something do: "First, 95% …"."""
    return not LEADING.sub("", share.text[slice(*share.clause.head)]).strip(" ,:;-")


def _is_alone(share: _Share) -> bool:
    """Tell whether a share is a sentence of its own: "95%!"."""
    return _leads(share) and not share.text[slice(*share.clause.tail)].strip(" .!?:…")


# --- whether the survey says so


def _fault(share: _Share, finding: Finding) -> Fault | None:
    number = share.number
    within = number.low <= finding.percent <= number.high
    same = within if number.vague else number.low == number.high == finding.percent
    checks = (
        (Fault.SUBJECT, share.reading.subjects.confused(finding, share.reading.concepts(share.place))),
        (Fault.DENIED, _denied(share, finding)),
        (Fault.FIGURE, not same),
        (Fault.HEDGE, number.approach is not Approach.EXACT and not number.vague),
    )
    return next((fault for fault, found in checks if found), None)


def _denied(share: _Share, finding: Finding) -> bool:
    """Tell whether the words say no where the answer says yes, or the reverse."""
    text, subjects = share.text, share.reading.subjects
    if taken_back(text, share.number.outer[0]) or turned_down(text, *share.clause.tail):
        return True
    if subjects.needs_lapse(finding) and blames_the_diligent(text, *share.clause.whole):
        return True
    count = _denials(share, finding)
    if subjects.is_denial(finding):
        return count % 2 == 0 and count > 0
    return count % 2 != subjects.says_no(finding)


def _denials(share: _Share, finding: Finding) -> int:
    """Count the denials from the share to the last word on its subject, or around it when its subject comes first."""
    text, reading = share.text, share.reading
    start, end = share.clause.tail
    if share.start == start:
        about = reading.subjects.about(finding)
        return negations(text, start, max((said.end for said in share.spoken if said.concept in about), default=end))
    stop = _STOP.search(text, start, end)
    count = negations(text, *share.clause.head) + negations(text, start, stop.start() if stop else end)
    if not share.meant and share.says(AGREEING):
        count += sum(negations(text, *reading.place_of(before)) for before in reading.before(share.place)[:1])
    return count


def _nearest(share: _Share, faults: Sequence[tuple[Finding, Fault | None]]) -> tuple[Finding | None, Fault]:
    """Choose the answer that was most likely meant: the one with this figure, or the best named."""
    same = [(finding, fault) for finding, fault in faults if finding.percent == share.number.low and fault]
    named = [(finding, fault) for finding, fault in faults if fault]
    return (*same, *named, (None, Fault.FIGURE))[0]


def _is_of_others(share: _Share) -> bool:
    """Tell whether the share is said of people of whom the survey says nothing."""
    if share.whom.crowd is Crowd.ANYONE:
        return not near_survey(share.reading, share.place)
    return share.whom.crowd in {Crowd.PLACE, Crowd.OTHERS, Crowd.UNKNOWN}


# --- saying it


def _true(share: _Share, finding: Finding) -> Judgement:
    spoken = finding.spoken(share.reading.language)
    return Judgement(*share.number.outer, Verdict.TRUE, finding.key, right=spoken)


def _of_others(share: _Share, finding: Finding) -> Judgement:
    spoken = finding.spoken(share.reading.language)
    start, end = share.number.outer
    mend = None
    if share.whom.start > end:
        end, mend = share.whom.end, f"{spoken} {OF_RESPONDENTS[share.reading.language]}"
    return Judgement(start, end, Verdict.FALSE, finding.key, Fault.PEOPLE, spoken, mend)


def _false(share: _Share, finding: Finding | None, fault: Fault) -> Judgement:
    spoken = finding.spoken(share.reading.language) if finding else None
    mendable = fault in {Fault.FIGURE, Fault.HEDGE} and not share.number.vague
    key = finding.key if finding else None
    return Judgement(*share.number.outer, Verdict.FALSE, key, fault, spoken, spoken if mendable else None)
