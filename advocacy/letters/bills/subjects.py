"""Which bill a verb speaks of: the name before it, a pronoun, or the subject of an earlier verb."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from advocacy.language import Language
from advocacy.letters.bills.lexicon import BILL, NAMED, OTHER, Flag, Frame, anywhere, at_start, ends
from advocacy.letters.bills.sentence import BillSentence, Named, Verb

_BETWEEN_CLAUSES = re.compile(r"[;:]| - |\"")
_CLAUSE_OPENS = re.compile(r"[,;:]| - |(?<!\w)(?:that|que|and|et|but|mais|because|since|now|if|si)(?!\w)")
_OPENING = re.compile(
    r"(?:^|[,;:(] ?|(?<![\w'])(?:and|that|but|although|though|que|et|mais|bien que) )(?:as |telle? que )?$"
)
_WITH = re.compile(r"(?<![\w'])(?:with|avec|and) $")
_RELATIVE_GAP = re.compile(r" (?:on|about|for|to|against|sur|pour|contre|visant|concernant|de|of) [\w' -]{2,60}$")
_CONDITIONAL = frozenset(["had", "should", "were", "would", "could", "may", "can", "might", "will", "do"])
_NAMED_AFTER = re.compile(rf"[^,;:]{{0,70}}(?:, 20\d\d)?, (?:the |le )?{NAMED}")
_MOST_ASIDES, _LONGEST_WORD = 3, 16
_WORD_BEFORE = re.compile(r"(?<![\w'])([\w']+) $")


class Role(StrEnum):
    """How a bill stands to the verb that speaks of it."""

    SUBJECT = "C-34 has passed"
    PRONOUN = "it has passed"
    RELATIVE = "C-34, which has passed"
    APPOSED = "C-34, passed in June"
    ELIDED = "C-34 was studied and passed"
    ASKED = "has C-34 passed?"
    ASKED_WHY = "why has C-34 passed?"
    DENIED = "nor has C-34 passed"


@dataclass(frozen=True, slots=True)
class Subject:
    """The sign of a bill or law, where its clause begins, and how it stands to the verb."""

    sign: str
    start: int
    role: Role


def find_subject(sentence: BillSentence, verb: Verb) -> Subject | None:
    """Return what a verb speaks of, None where it is no bill."""
    left = sentence.text[: verb.group].rstrip(' "')
    subject = _beside(sentence, verb, left) or _after_the_verb(sentence, verb)
    return None if subject is None or subject.sign == OTHER else subject


def _beside(sentence: BillSentence, verb: Verb, left: str) -> Subject | None:
    if left.endswith(("(", ",", ")")):
        return {"(": _in_brackets, ",": _after_comma, ")": _after_brackets}[left[-1]](sentence, verb, left)
    if (relative := ends(left, "relatives", within=12)) is not None:
        return _relative(sentence, left[:relative], relative)
    if named := sentence.named_at_end(left):
        return _adjacent(sentence, verb, named)
    if (pronoun := ends(left, "pronouns", within=20)) is not None:
        return _pronoun(sentence, verb, pronoun)
    if (joined := ends(left, "coordinators", within=12)) is not None:
        return _elided(sentence, left[:joined].rstrip(" ,"))
    return _further_left(sentence, left)


def _in_brackets(sentence: BillSentence, verb: Verb, left: str) -> Subject | None:
    """Read "C-34 (passed in June)"."""
    named = sentence.named_at_end(left[:-1].rstrip(" "))
    if named is None or verb.frame not in (Frame.PASSIVE, Frame.STATE, Frame.ACTIVE):
        return None
    return Subject(named.sign, named.start, Role.APPOSED)


def _after_brackets(sentence: BillSentence, _verb: Verb, left: str) -> Subject | None:
    """Read "C-34 (the Safe Social Media Act) has passed", and "the Act (C-34) has passed"."""
    opening = left.rfind("(")
    within = re.search(BILL, left[max(0, opening) :])
    named = sentence.named_at_end(left[: max(0, opening)].rstrip(" "))
    if within and (named is None or named.is_other):
        return Subject(within[0][0], named.start if named else max(0, opening), Role.SUBJECT)
    if named is None or sentence.is_governed(named.start):
        return None
    return Subject(named.sign, named.start, Role.SUBJECT)


def _adjacent(sentence: BillSentence, verb: Verb, named: Named) -> Subject | None:
    """Read "C-34 has passed", "has C-34 passed?" and "with C-34 now law"."""
    if inverted := _inverted(sentence, verb, named):
        return inverted
    if verb.frame is Frame.STATE and Flag.BE not in verb.flags:
        return _absolute(sentence, named)
    if sentence.is_governed(named.start):
        return None
    return Subject(named.sign, sentence.first_beside(named.start), Role.SUBJECT)


def _absolute(sentence: BillSentence, named: Named) -> Subject | None:
    before = sentence.text[: named.start]
    with_it = _WITH.search(before) and not sentence.has_modal(named.start)
    alone = not re.split(r"[,;:]", before)[-1].strip(" ") and sentence.lexicon.language is Language.FR
    return Subject(named.sign, named.start, Role.APPOSED) if with_it or alone else None


def _inverted(sentence: BillSentence, verb: Verb, named: Named) -> Subject | None:
    """Return what an auxiliary before the bill makes of the verb: a question, a condition, or "nor has …"."""
    before = _WORD_BEFORE.search(sentence.text, max(0, named.start - _LONGEST_WORD), named.start)
    if before is None or not sentence.lexicon.mood["question"].fullmatch(before[1]):
        return None
    if Flag.HAVE in verb.flags and before[1] not in ("had", "should", "were"):
        return None
    earlier = sentence.text[: before.start()].rstrip(" ")
    if sentence.is_question:
        why = re.search(r"(?<![\w'])why$", earlier)
        return Subject(named.sign, named.start, Role.ASKED_WHY if why else Role.ASKED)
    if before[1] in _CONDITIONAL:
        return Subject(named.sign, named.start, Role.ASKED)
    if before[1] in ("is", "was", "has") and re.search(r"(?<![\w'])(?:nor|neither|never|not once)$", earlier):
        return Subject(named.sign, before.start(), Role.DENIED)
    return None


def _after_comma(sentence: BillSentence, verb: Verb, left: str) -> Subject | None:
    """Read "C-34, passed in June, …", and "C-34, which we need, has passed"."""
    inner = left[:-1].rstrip(" ")
    named = sentence.named_at_end(inner[: inner.rfind("(")].rstrip(" ") if inner.endswith(")") else inner)
    if named is not None and not (named.is_other and verb.is_finite):
        return _right_after_comma(sentence, verb, named)
    for _ in range(_MOST_ASIDES):
        inner, comma, _aside = inner.rpartition(",")
        if not comma:
            return None
        inner = inner.rstrip(" ")
        if named := sentence.named_at_end(inner):
            if verb.is_finite and sentence.is_governed(named.start):
                return None
            return Subject(named.sign, named.start, Role.SUBJECT if verb.is_finite else Role.APPOSED)
        pronoun = ends(inner, "pronouns", within=20)
        if pronoun is not None and verb.is_finite:
            return _pronoun(sentence, verb, pronoun)
    return None


def _right_after_comma(sentence: BillSentence, verb: Verb, named: Named) -> Subject | None:
    speaks_alone = verb.frame in (Frame.ACTIVE, Frame.PRESENT, Frame.FUTURE) or verb.flags & {Flag.HAVE, Flag.DO}
    if speaks_alone and Flag.OPEN not in verb.flags and sentence.is_governed(named.start):
        return None
    first = sentence.first_beside(named.start)
    has_auxiliary = bool(verb.flags & {Flag.HAVE, Flag.BE, Flag.DO, Flag.FUTURE})
    has_aside = verb.frame is Frame.ACTIVE and verb.group < verb.start
    is_subject = verb.is_finite and (has_auxiliary or has_aside or first != named.start)
    return Subject(named.sign, first, Role.SUBJECT if is_subject else Role.APPOSED)


def _relative(sentence: BillSentence, left: str, start: int) -> Subject | None:
    """Read "C-34, which has passed", and "C-34 on social media, which has passed"."""
    before = left.rstrip(" ,")
    if before.endswith(")"):
        before = before[: before.rfind("(")].rstrip(" ")
    if named := sentence.named_at_end(before):
        return Subject(named.sign, start, Role.RELATIVE)
    named_before = sentence.named(len(before))
    if not named_before:
        return None
    gap = before[named_before[-1].end :]
    return Subject(named_before[-1].sign, start, Role.RELATIVE) if _RELATIVE_GAP.fullmatch(gap) else None


def _pronoun(sentence: BillSentence, verb: Verb, place: int) -> Subject | None:
    """Read "C-34 is old: it has passed", and "since it was passed, C-34 …"."""
    sign = sentence.antecedent(place)
    if not sign and not sentence.named(place):
        named_after = _NAMED_AFTER.match(sentence.text, verb.end)
        sign = named_after[1] if named_after else ""
    return Subject(sign, place, Role.PRONOUN) if sign else None


def _elided(sentence: BillSentence, before: str) -> Subject | None:
    """Read "C-34 was introduced in June and has passed": the subject is that of the verb before."""
    named = sentence.named(len(before))
    if not named:
        return (
            Subject(sentence.topic, 0, Role.ELIDED) if sentence.topic and re.match(r"(?:it|il|elle) ", before) else None
        )
    last = named[-1]
    between = before[last.end :]
    if _BETWEEN_CLAUSES.search(between) or anywhere("other_subjects").search(between) or _is_object(sentence, last):
        return None
    return Subject(last.sign, last.start, Role.ELIDED)


def _is_object(sentence: BillSentence, named: Named) -> bool:
    """Whether somebody else is the subject of the clause in which a bill is named."""
    clause = _CLAUSE_OPENS.split(sentence.text[: named.start])[-1]
    if not clause.strip(" "):
        return False
    return (
        sentence.is_governed(named.start) or bool(anywhere("other_subjects").search(clause)) or len(clause.split()) > 2
    )


def _further_left(sentence: BillSentence, left: str) -> Subject | None:
    """Read "C-34 on social media has passed", "the bill we asked for has passed", "good news on C-34: passed"."""
    named = sentence.named(len(left))
    if not named:
        return None
    last = named[-1]
    gap = left[last.end :]
    if re.fullmatch(r" ?(?::|-|!) ?", gap):
        return Subject(last.sign, last.start, Role.SUBJECT)
    parted = _BETWEEN_CLAUSES.search(gap) or anywhere("joining").search(gap) or "," in gap.strip(", ")
    if parted or sentence.is_governed(last.start):
        return None
    words = gap.strip(" ,")
    goes_on = at_start("going_on").match(words) or _reduced().match(words)
    return Subject(last.sign, last.start, Role.SUBJECT) if goes_on else None


def _after_the_verb(sentence: BillSentence, verb: Verb) -> Subject | None:
    """Read "Introduced in June, C-34 …", and "Being law since June, C-34 …"."""
    has_adverb = Flag.BE in verb.flags or verb.group < verb.start
    is_fronted = verb.frame is Frame.PASSIVE or (verb.frame is Frame.STATE and has_adverb)
    if not is_fronted or not _OPENING.search(sentence.text[: verb.group]):
        return None
    found = _NAMED_AFTER.match(sentence.text, verb.end)
    return Subject(found[1], verb.group, Role.APPOSED) if found else None


@cache
def _reduced() -> re.Pattern[str]:
    """Return the pattern of a clause without "that": "the bill we asked for"."""
    subjects = at_start("reduced_subjects").pattern
    helped = r"(?:has|have|had|is|are|was|were) [\w'-]+ [\w'-]+"
    return re.compile(rf"{subjects} (?:{helped}|(?!(?:has|have|had|is|are|was|were) )[\w'-]+)[\w' -]{{0,60}}$")
