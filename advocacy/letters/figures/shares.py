"""Shares that claim a result: whether they do, of which answer, and whether the survey says so."""

import re
from collections.abc import Sequence
from fractions import Fraction

from advocacy.findings import Finding
from advocacy.letters.figures.clauses import Clause
from advocacy.letters.figures.people import Crowd, near_survey
from advocacy.letters.figures.reading import Reading
from advocacy.letters.figures.saying import denied, says_another_thing, says_it
from advocacy.letters.figures.share import Share, lesser_answers, read
from advocacy.letters.figures.subjects import CLOSE, Meant
from advocacy.letters.figures.verdicts import Fault, Judgement, Verdict
from advocacy.letters.figures.words import (
    CENTRE,
    DISAGREEING,
    ELSEWHERE,
    LEADING,
    LOCAL,
    ME,
    NO_LESS,
    OF_RESPONDENTS,
    OPINION,
    OWN,
    POLLSTER,
    SUBGROUP,
    SURVEY,
    THIS_LAW,
    TREND,
)
from advocacy.numerals import Approach

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
        return Judgement(*clause.number.outer, Verdict.NOT_SURVEYS)
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


def _unheld(share: Share, faults: Sequence[tuple[Meant, Fault | None]]) -> Judgement:
    """Judge a share that is true of no answer it may be meant of."""
    if not _is_of_others(share) and (rest := _of_the_rest(share, [meant for meant, _ in faults])):
        return _unclear(share, rest)
    if (untold := _without_words(share)) and not _is_of_others(share):
        return _unclear(share, untold)
    finding, fault = _nearest(share, [(meant.finding, fault) for meant, fault in faults])
    return _false(share, finding, fault if finding or not _is_of_others(share) else Fault.PEOPLE)


def _without_words(share: Share) -> Finding | None:
    """Find an answer with this figure whose own words the list of words does not know: nothing can tell it apart."""
    subjects, number = share.reading.subjects, share.number
    same = (one for one in subjects.findings.values() if one.percent == number.low == number.high)
    return next((one for one in same if not subjects.own[one.key]), None)


def _fault(share: Share, finding: Finding) -> Fault | None:
    number = share.number
    within = number.low <= finding.percent <= number.high
    same = within if number.vague else number.low == number.high == finding.percent
    checks = (
        (Fault.SUBJECT, share.reading.subjects.confused(finding, share.reading.concepts(share.place))),
        (Fault.DENIED, denied(share, finding)),
        (Fault.SUBJECT, says_another_thing(share, finding)),
        (Fault.FIGURE, not same),
        (Fault.HEDGE, number.approach is not Approach.EXACT and not number.vague and not _is_no_less(share)),
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


def _nearest(share: Share, faults: Sequence[tuple[Finding, Fault | None]]) -> tuple[Finding | None, Fault]:
    """Choose the answer that was most likely meant: the one with this figure, or the best named."""
    same = [(finding, fault) for finding, fault in faults if finding.percent == share.number.low and fault]
    named = [(finding, fault) for finding, fault in faults if fault]
    return (*same, *named, (None, Fault.FIGURE))[0]


def _is_of_others(share: Share) -> bool:
    """Return whether the share is said of people of whom the survey says nothing."""
    if share.whom.crowd is Crowd.ANYONE:
        return not near_survey(share.reading, share.place)
    return share.whom.crowd in {Crowd.PLACE, Crowd.OTHERS, Crowd.UNKNOWN, Crowd.OWN}


def _beyond(share: Share) -> Fault | None:
    """Find what the survey has of no figure: a trend over time, or a part of its respondents."""
    if share.says(SUBGROUP):
        return Fault.PEOPLE
    start, end = share.number.outer
    stop = _GOES_ON.search(share.text, end, share.reading.sentences[share.place].end)
    around = (max(share.clause.head[0], start - 45), stop.start() if stop else share.reading.sentences[share.place].end)
    return Fault.SUBJECT if share.says(TREND, around) else None


# --- saying it


def _unclear(share: Share, finding: Finding) -> Judgement:
    spoken = share.reading.figure(finding)
    return Judgement(*share.number.outer, Verdict.UNCLEAR, finding.key, Fault.WORDS, spoken)


def _true(share: Share, finding: Finding) -> Judgement:
    spoken = share.reading.figure(finding)
    return Judgement(*share.number.outer, Verdict.TRUE, finding.key, right=spoken)


def _of_others(share: Share, finding: Finding) -> Judgement:
    spoken = share.reading.figure(finding)
    start, end = share.number.outer
    mend = None
    if share.whom.start > end and share.whom.crowd is not Crowd.OWN:
        end, mend = _word_end(share.text, share.whom.end), f"{spoken} {OF_RESPONDENTS[share.reading.language]}"
    return Judgement(start, end, Verdict.FALSE, finding.key, Fault.PEOPLE, spoken, mend)


def _word_end(text: str, place: int) -> int:
    """Return the end of the word that a beginning of a word in a list has found."""
    rest = _LETTERS.match(text, place)
    return rest.end() if rest else place


def _is_of_respondents(share: Share, finding: Finding | None) -> bool:
    """Whether a sentence speaks of respondents and names what they answered, so that another figure makes it true."""
    if share.whom.crowd not in {Crowd.RESPONDENTS, Crowd.ANYONE, Crowd.UNSAID}:
        return False
    return any(meant.named for meant in share.meant if meant.finding is finding) and not share.says(THIS_LAW)


def _false(share: Share, finding: Finding | None, fault: Fault) -> Judgement:
    spoken = share.reading.figure(finding) if finding else None
    mendable = fault in {Fault.FIGURE, Fault.HEDGE} and not share.number.vague and _is_of_respondents(share, finding)
    key = finding.key if finding else None
    return Judgement(*share.number.outer, Verdict.FALSE, key, fault, spoken, spoken if mendable else None)
