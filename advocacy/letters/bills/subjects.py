"""Which bill a verb speaks of: as its subject, or as its object together with the agent who acts on it.

What stands right before the verb group decides how the subject is found: brackets, a comma, a relative pronoun, the
name of a bill, a pronoun, a conjunction that takes over the subject of the verb before, or words that belong to a bill
further left ("C-34 on social media has passed"). A name that belongs to a preposition or another verb is no subject.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from advocacy.letters.bills.bill_sentence import MAX_CLAUSE, BillName, BillSentence, Verb
from advocacy.letters.bills.lexicon import (
    BILL,
    NAMED,
    OTHER,
    Flag,
    Frame,
    Meaning,
    find_ending,
    pattern,
    pattern_at_start,
    regex,
)

_BETWEEN_CLAUSES = re.compile(r"[;:]| - |\"")
_WITH = re.compile(r"(?<![\w'])(?:with|avec|and) $")
_CONDITIONAL = frozenset(["had", "should", "were", "would", "could", "may", "can", "might", "will", "do"])
_NAMED_AFTER = re.compile(rf"[^,;:]{{0,70}}(?:, 20\d\d)?, (?:the |le )?{NAMED}")
_MAX_ASIDES, _MAX_WORD = 3, 16
_WORD_BEFORE = re.compile(r"(?<![\w'])([\w']+) $")


class Role(StrEnum):
    """The role of a bill beside the verb that speaks of it."""

    SUBJECT = "C-34 has passed"
    PRONOUN = "it has passed"
    RELATIVE = "C-34, which has passed"
    APPOSED = "C-34, passed in June"
    ELIDED = "C-34 was studied and passed"
    ASKED = "has C-34 passed?"
    ASKED_WHY = "why has C-34 passed?"
    NEGATED = "nor has C-34 passed"


@dataclass(frozen=True, slots=True)
class Subject:
    """The placeholder of a bill or law, where its clause begins, and its role beside the verb."""

    placeholder: str
    start: int
    role: Role


def find_subject(sentence: BillSentence, verb: Verb) -> Subject | None:
    """Return what a verb speaks of, None where it is no bill."""
    left = sentence.text[: verb.group_start].rstrip(' "')
    subject = _adjacent_subject(sentence, verb, left) or _after_the_verb(sentence, verb)
    return None if subject is None or subject.placeholder == OTHER else subject


def _adjacent_subject(sentence: BillSentence, verb: Verb, left: str) -> Subject | None:
    if left.endswith(("(", ",", ")")):
        return {"(": _in_brackets, ",": _after_comma, ")": _after_brackets}[left[-1]](sentence, verb, left)
    if (relative := find_ending(left, "relatives", within=12)) is not None:
        return _relative(sentence, left[:relative], relative)
    if named := sentence.name_at_end(left):
        return _adjacent(sentence, verb, named)
    if (pronoun := find_ending(left, "pronouns", within=20)) is not None:
        return _pronoun(sentence, verb, pronoun)
    if (joined := find_ending(left, "coordinators", within=12)) is not None:
        return _elided(sentence, left[:joined].rstrip(" ,"))
    return _further_left(sentence, left)


def _in_brackets(sentence: BillSentence, verb: Verb, left: str) -> Subject | None:
    """Read "C-34 (passed in June)"."""
    named = sentence.name_at_end(left[:-1].rstrip(" "))
    if named is None or verb.frame not in (Frame.PASSIVE, Frame.STATE, Frame.ACTIVE):
        return None
    return Subject(named.placeholder, named.start, Role.APPOSED)


def _after_brackets(sentence: BillSentence, _verb: Verb, left: str) -> Subject | None:
    """Read "C-34 (the Safe Social Media Act) has passed", and "the Act (C-34) has passed"."""
    opening = left.rfind("(")
    within = re.search(BILL, left[max(0, opening) :])
    named = sentence.name_at_end(left[: max(0, opening)].rstrip(" "))
    if within and (named is None or named.is_other):
        return Subject(within[0][0], named.start if named else max(0, opening), Role.SUBJECT)
    if named is None or sentence.is_governed(named.start):
        return None
    return Subject(named.placeholder, named.start, Role.SUBJECT)


def _adjacent(sentence: BillSentence, verb: Verb, named: BillName) -> Subject | None:
    """Read "C-34 has passed", "has C-34 passed?" and "with C-34 now law"."""
    if inverted := _inverted(sentence, verb, named):
        return inverted
    if verb.frame is Frame.STATE and Flag.BE not in verb.flags:
        return _absolute(sentence, named)
    if sentence.is_governed(named.start):
        return None
    return Subject(named.placeholder, sentence.first_beside(named.start), Role.SUBJECT)


def _absolute(sentence: BillSentence, named: BillName) -> Subject | None:
    before = sentence.text[: named.start]
    is_absolute = _WITH.search(before) and not sentence.has_modal(named.start)
    is_alone = not re.split(r"[,;:]", before)[-1].strip(" ") and sentence.lexicon.has_compound_past
    return Subject(named.placeholder, named.start, Role.APPOSED) if is_absolute or is_alone else None


def _inverted(sentence: BillSentence, verb: Verb, named: BillName) -> Subject | None:
    """Return what an auxiliary before the bill makes of the verb: a question, a condition, or "nor has …"."""
    before = _WORD_BEFORE.search(sentence.text, max(0, named.start - _MAX_WORD), named.start)
    if before is None or not sentence.lexicon.modality["question"].fullmatch(before[1]):
        return None
    if Flag.HAVE in verb.flags and before[1] not in ("had", "should", "were"):
        return None
    earlier = sentence.text[: before.start()].rstrip(" ")
    if sentence.is_question:
        why = re.search(r"(?<![\w'])why$", earlier)
        return Subject(named.placeholder, named.start, Role.ASKED_WHY if why else Role.ASKED)
    if before[1] in _CONDITIONAL:
        return Subject(named.placeholder, named.start, Role.ASKED)
    if before[1] in ("is", "was", "has") and re.search(r"(?<![\w'])(?:nor|neither|never|not once)$", earlier):
        return Subject(named.placeholder, before.start(), Role.NEGATED)
    return None


def _after_comma(sentence: BillSentence, verb: Verb, left: str) -> Subject | None:
    """Read "C-34, passed in June, …", and "C-34, which we need, has passed"."""
    inner = left[:-1].rstrip(" ")
    named = sentence.name_at_end(inner[: inner.rfind("(")].rstrip(" ") if inner.endswith(")") else inner)
    if named is not None and not (named.is_other and verb.is_finite):
        return _right_after_comma(sentence, verb, named)
    for _ in range(_MAX_ASIDES):
        inner, comma, _aside = inner.rpartition(",")
        if not comma:
            return None
        inner = inner.rstrip(" ")
        if named := sentence.name_at_end(inner):
            if verb.is_finite and sentence.is_governed(named.start):
                return None
            return Subject(named.placeholder, named.start, Role.SUBJECT if verb.is_finite else Role.APPOSED)
        pronoun = find_ending(inner, "pronouns", within=20)
        if pronoun is not None and verb.is_finite:
            return _pronoun(sentence, verb, pronoun)
    return None


def _right_after_comma(sentence: BillSentence, verb: Verb, named: BillName) -> Subject | None:
    speaks_alone = verb.frame in (Frame.ACTIVE, Frame.PRESENT, Frame.FUTURE) or verb.flags & {Flag.HAVE, Flag.DO}
    if speaks_alone and Flag.OPEN not in verb.flags and sentence.is_governed(named.start):
        return None
    first = sentence.first_beside(named.start)
    has_auxiliary = bool(verb.flags & {Flag.HAVE, Flag.BE, Flag.DO, Flag.FUTURE})
    has_aside = verb.frame is Frame.ACTIVE and verb.group_start < verb.start
    is_subject = verb.is_finite and (has_auxiliary or has_aside or first != named.start)
    return Subject(named.placeholder, first, Role.SUBJECT if is_subject else Role.APPOSED)


def _relative(sentence: BillSentence, left: str, start: int) -> Subject | None:
    """Read "C-34, which has passed", and "C-34 on social media, which has passed"."""
    before = left.rstrip(" ,")
    if before.endswith(")"):
        before = before[: before.rfind("(")].rstrip(" ")
    if named := sentence.name_at_end(before):
        return Subject(named.placeholder, start, Role.RELATIVE)
    named_before = sentence.names_before(len(before))
    if not named_before:
        return None
    gap = before[named_before[-1].end :]
    is_relative = regex("subjects.relative_gap").fullmatch(gap) is not None
    return Subject(named_before[-1].placeholder, start, Role.RELATIVE) if is_relative else None


def _pronoun(sentence: BillSentence, verb: Verb, place: int) -> Subject | None:
    """Read "C-34 is old: it has passed", and "since it was passed, C-34 …"."""
    placeholder = sentence.antecedent(place)
    if not placeholder and not sentence.names_before(place):
        named_after = _NAMED_AFTER.match(sentence.text, verb.end)
        placeholder = named_after[1] if named_after else ""
    return Subject(placeholder, place, Role.PRONOUN) if placeholder else None


def _elided(sentence: BillSentence, before: str) -> Subject | None:
    """Read "C-34 was introduced in June and has passed": the subject is that of the verb before."""
    named = sentence.names_before(len(before))
    if not named:
        is_topic = sentence.topic and re.match(r"(?:it|il|elle) ", before)
        return Subject(sentence.topic, 0, Role.ELIDED) if is_topic else None
    last = named[-1]
    between = before[last.end :]
    if _BETWEEN_CLAUSES.search(between) or pattern("other_subjects").search(between) or _is_object(sentence, last):
        return None
    return Subject(last.placeholder, last.start, Role.ELIDED)


def _is_object(sentence: BillSentence, named: BillName) -> bool:
    """Whether somebody else is the subject of the clause in which a bill is named."""
    clause = regex("subjects.clause_opens").split(sentence.text[: named.start])[-1]
    if not clause.strip(" "):
        return False
    has_subject = pattern("other_subjects").search(clause) is not None
    return has_subject or sentence.is_governed(named.start) or len(clause.split()) > 2


def _further_left(sentence: BillSentence, left: str) -> Subject | None:
    """Read "C-34 on social media has passed", "the bill we asked for has passed", "good news on C-34: passed"."""
    named = sentence.names_before(len(left))
    if not named:
        return None
    last = named[-1]
    gap = left[last.end :]
    if re.fullmatch(r" ?(?::|-|!) ?", gap):
        return Subject(last.placeholder, last.start, Role.SUBJECT)
    parted = _BETWEEN_CLAUSES.search(gap) or pattern("joining").search(gap) or "," in gap.strip(", ")
    if parted or sentence.is_governed(last.start):
        return None
    words = gap.strip(" ,")
    goes_on = pattern_at_start("going_on").match(words) or regex("subjects.reduced_clause").match(words)
    return Subject(last.placeholder, last.start, Role.SUBJECT) if goes_on else None


def _after_the_verb(sentence: BillSentence, verb: Verb) -> Subject | None:
    """Read "Introduced in June, C-34 …", and "Being law since June, C-34 …"."""
    has_adverb = Flag.BE in verb.flags or verb.group_start < verb.start
    is_fronted = verb.frame is Frame.PASSIVE or (verb.frame is Frame.STATE and has_adverb)
    if not is_fronted or not regex("subjects.opening").search(sentence.text[: verb.group_start]):
        return None
    found = _NAMED_AFTER.match(sentence.text, verb.end)
    return Subject(found[1], verb.group_start, Role.APPOSED) if found else None


# --- who acts on a bill

_YOU = re.compile(r"\W*(?:you|vous)\W*")
_WORDS_BEFORE_WHO = 6
_ACTORS_ONLY = frozenset({Meaning.HOLDS, Meaning.VOTED_FOR, Meaning.THROUGH, Meaning.STUDIED, Meaning.STUDYING})


@dataclass(frozen=True, slots=True)
class Agent:
    """Who acts, in the words of the letter; the bill they act on; how they stand to the verb; whether it is nobody."""

    words: str
    placeholder: str
    role: Role
    is_nobody: bool


def find_agent(sentence: BillSentence, verb: Verb) -> Agent | None:
    """Return who acts on a bill, None where nobody does, or nobody whose doing counts."""
    left = sentence.text[: verb.group_start].rstrip(" ")
    if not verb.bill and not verb.has_clitic:
        return _after_its_object(sentence, verb, left)
    placeholder = verb.bill
    if verb.has_clitic or verb.bill == "it":
        placeholder = sentence.antecedent(verb.start)
    if not placeholder or placeholder == OTHER:
        return None
    clause = _agent_clause(left)
    words = _without_lead(sentence, clause)
    is_agent = _tells_of_action(sentence, verb) if verb.frame is Frame.AGENT_GERUND else _acts(sentence, verb, words)
    if not is_agent:
        return None
    return Agent(words, placeholder, _role(sentence, clause, left), pattern("nobody").search(words) is not None)


def _after_its_object(sentence: BillSentence, verb: Verb, left: str) -> Agent | None:
    """Read "C-34, which Parliament passed in October"."""
    found = regex("subjects.named_before").search(left, max(0, len(left) - MAX_CLAUSE))
    if found is None or found[1] == OTHER or Flag.OPEN in verb.flags or not _acts(sentence, verb, found["agent"]):
        return None
    if verb.meaning is not Meaning.INTRODUCED and not pattern("actors").search(found["agent"]):
        return None
    return Agent(found["agent"], found[1], Role.RELATIVE, is_nobody=False)


def _agent_clause(left: str) -> str:
    """Return the clause before the verb, in which those who act are named."""
    if regex("subjects.who").search(left):
        return " ".join(left[-MAX_CLAUSE:].split()[-_WORDS_BEFORE_WHO - 1 : -1])
    clause = regex("subjects.clause").split(left[-MAX_CLAUSE:])[-1]
    clause = clause if clause.endswith(",") else clause.rpartition(",")[2]
    if _YOU.fullmatch(clause) and (senator := pattern("senator_writes").search(left[-MAX_CLAUSE:])):
        return f"{clause} {senator[0]}"
    return clause


def _without_lead(sentence: BillSentence, clause: str) -> str:
    """Return a clause without the words that govern it: "I read that the Senate …"."""
    lists = [sentence.lexicon.modality[kind] for kind in ("factive", "nonfactual", "reporting")]
    lists += [pattern("perceived"), pattern("whens")]
    begins = max((found.end() for words in lists for found in words.finditer(clause)), default=0)
    return clause[begins:] if clause[begins:].strip(" ") else clause


def _tells_of_action(sentence: BillSentence, verb: Verb) -> bool:
    """Whether a gerund tells what was done: "thank you for passing C-34", "by passing C-34 Parliament has …"."""
    before = sentence.text[: verb.start]
    by_doing = find_ending(before, "by_doing") is not None and not sentence.has_modal() and not sentence.is_question
    return bool(by_doing or find_ending(before, "thanking", within=110) is not None)


def _acts(sentence: BillSentence, verb: Verb, words: str) -> bool:
    """Whether those who are named can have done it, and the verb says that they have."""
    gets = Flag.HAVE in verb.flags or regex("subjects.gets").match(sentence.text, verb.start)
    if gets and verb.meaning is Meaning.LAW:
        return True
    if pattern("bystanders").search(words) and not pattern("own_institutions").search(words):
        return False
    if verb.frame is Frame.AGENT_INFINITIVE:
        return _has_done(sentence, verb, words)
    # A form that may be a participle, or "let", is a verb of the past only with its auxiliary, or without "do".
    is_past = Flag.HAVE in verb.flags if sentence.lexicon.has_compound_past else Flag.DO not in verb.flags
    if verb.frame is Frame.AGENT_PAST and not is_past:
        return False
    if verb.meaning in _ACTORS_ONLY or verb.frame is Frame.AGENT_PRESENT:
        return pattern("actors").search(words) is not None and Flag.OPEN not in verb.flags
    return True


def _has_done(sentence: BillSentence, verb: Verb, words: str) -> bool:
    """Whether a bare verb is said of the past or the future: "did not pass", "decided to withdraw"."""
    asks_why = sentence.is_question and re.search(
        r"(?<!\w)why (?:did|didn't|did not) ", sentence.text[: verb.group_start][-MAX_CLAUSE:]
    )
    if asks_why or sentence.is_completed_action(verb.start) or _is_seen_doing(sentence, verb):
        return True
    has_auxiliary = verb.flags & {Flag.DO, Flag.FUTURE, Flag.FAILED, Flag.STILL, Flag.HAVE}
    return bool(words.strip(" ")) and bool(has_auxiliary or {Flag.NOT, Flag.OPEN} <= verb.flags)


def _is_seen_doing(sentence: BillSentence, verb: Verb) -> bool:
    """Whether somebody saw it done: "we watched Parliament adopt C-34"."""
    words = sentence.text[max(0, verb.group_start - MAX_CLAUSE) : verb.group_start].split(" ")
    begins = (verb.group_start - len(" ".join(words[place:])) for place in range(-2, -_WORDS_BEFORE_WHO, -1))
    return any(sentence.is_witnessed(verb, begin) for begin in begins)


def _role(sentence: BillSentence, clause: str, left: str) -> Role:
    first = regex("subjects.first_word").match(clause)
    asks = (first and sentence.lexicon.modality["question"].fullmatch(first[1])) or pattern("inverted").search(clause)
    if sentence.is_question and asks:
        return Role.ASKED_WHY if re.search(r"(?<!\w)(?:why|pourquoi)(?!\w)", left) else Role.ASKED
    return Role.RELATIVE if regex("subjects.who").search(left) else Role.SUBJECT
