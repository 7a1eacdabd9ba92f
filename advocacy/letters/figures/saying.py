"""Whether the words around a share say what an answer of the survey says, deny it, or cannot be weighed."""

import re
from collections.abc import Sequence

from advocacy.findings import Finding
from advocacy.letters.figures.polarity import (
    blames_the_diligent,
    contrasted,
    is_known,
    lapses,
    negations,
    taken_back,
    turned_down,
)
from advocacy.letters.figures.share import Share
from advocacy.letters.figures.subjects import Meant
from advocacy.letters.figures.words import AGREEING, ANSWER, DENIAL, REMEDY

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
