"""What a sentence states of a bill, claimed or denied; what it leaves open is not among it."""

import re
from dataclasses import dataclass

from advocacy.language import Language
from advocacy.letters.bills.agents import find_agent
from advocacy.letters.bills.lexicon import (
    AGENT_FRAMES,
    BILL,
    NAMED,
    OTHER,
    Flag,
    Frame,
    Meaning,
    at_start,
    ends,
)
from advocacy.letters.bills.mood import Mood, is_called_untrue, is_claimed, is_seen, mood_before
from advocacy.letters.bills.sentence import LONGEST_CLAUSE, BillSentence, Verb
from advocacy.letters.bills.subjects import Role, Subject, find_subject

_REDUCED_END = re.compile(
    r" (?:on|in|by|last|this|at|two|three|four|five|yesterday|earlier|a|le|en|par|hier|l'an|au|il y a)\b|[,.;:!?)]|$"
)
_OWNED = re.compile(rf" (?:of|du|de|de la|d'|to|for) ?{NAMED}")
_OWNER = re.compile(rf"{NAMED}'s (?:recent |final |own |long-awaited |sudden |sad )?$")
_OWN = re.compile(r"(?<![\w'])(?:its|son|sa) ?(?:recent |final )?$")
_AFTER_OWN = re.compile(rf"[^,;:]{{0,60}}, {NAMED}")
_AS = re.compile(r"(?<!\w)(?:as|telle? que) $")
"""Of the bill "as passed by the House" nothing is said."""
_NONE = re.compile(r"(?<!\w)(?:(?:to|before|by|in) (?:no|neither)|aucune?) ")
"""In "was sent to no committee", the denial stands among the words."""
_DAY_FOLLOWS = re.compile(r",?(?: (?:is|was|est|etait|fut))? (?:in|on|last|this|en|le|au|l')(?![\w])")

_MOST_VERBS = 48
"""No sentence that anybody writes has more: so none takes long to read."""


@dataclass(frozen=True, slots=True)
class Statement:
    """Something that is said of a bill, by its sign, on `start`–`end` of the sentence, subject included.

    `words` are what says it, from `place` on, `group` is where the auxiliaries before them begin, `agent` who does it,
    `tail` what goes on in the same clause, and `head` what stands before it. `is_plain` tells that subject and verb
    stand side by side.
    """

    sign: str
    frame: Frame
    meaning: Meaning
    flags: frozenset[Flag]
    is_denied: bool
    start: int
    group: int
    place: int
    end: int
    words: str
    tail: str
    head: str = ""
    agent: str = ""
    is_plain: bool = False

    @property
    def is_future(self) -> bool:
        """Whether it is said of the future."""
        return Flag.FUTURE in self.flags or self.frame in (Frame.FUTURE, Frame.AGENT_FUTURE)


def statements(sentence: BillSentence) -> list[Statement]:
    """Return what a sentence states of bills, in order; of two on the same words the longer."""
    verbs = sorted(sentence.verbs(), key=lambda verb: verb.start)[:_MOST_VERBS]
    found = [statement for verb in verbs if (statement := _statement(sentence, verb))]
    kept: list[Statement] = []
    for one in sorted(found, key=lambda one: (one.place, one.place - one.end)):
        if not any(one.place < other.end and other.place < one.end for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)


def _statement(sentence: BillSentence, verb: Verb) -> Statement | None:
    if verb.frame is Frame.NOUN:
        return _of_noun(sentence, verb)
    if verb.frame is Frame.PHRASE:
        return _of_phrase(sentence, verb)
    return _of_agent(sentence, verb) if verb.frame in AGENT_FRAMES else _of_subject(sentence, verb)


def _of_subject(sentence: BillSentence, verb: Verb) -> Statement | None:
    subject = find_subject(sentence, verb)
    is_as = _AS.search(sentence.text, max(0, verb.group - LONGEST_CLAUSE), verb.group)
    if subject is None or (is_as and verb.meaning is not Meaning.INTRODUCED) or not _goes_with(sentence, verb, subject):
        return None
    if not is_claimed(sentence, verb, start=subject.start, role=subject.role):
        return None
    denials = verb.denials + (subject.role is Role.DENIED) + is_called_untrue(sentence, subject.start)
    between = sentence.text[subject.start : verb.group].replace(subject.sign, "").strip(" ")
    is_plain = between.isalpha() if subject.role is Role.PRONOUN else subject.role is Role.SUBJECT and not between
    return _made(sentence, verb, subject.sign, start=subject.start, denials=denials, is_plain=is_plain)


def _goes_with(sentence: BillSentence, verb: Verb, subject: Subject) -> bool:
    """Whether the form of a verb says what its frame does, of this subject."""
    flags, is_apposed = verb.flags, subject.role is Role.APPOSED
    has_verb = Flag.BE in flags or subject.role in (Role.ASKED_WHY, Role.DENIED)
    if verb.frame is Frame.STATE:
        return has_verb or is_apposed or (subject.role is Role.RELATIVE and bool(flags))
    if verb.frame is Frame.PASSIVE:
        return has_verb or is_apposed or _is_reduced(sentence, verb, subject)
    if verb.frame is Frame.INFINITIVE:
        helped = bool(flags & {Flag.DO, Flag.FUTURE, Flag.STILL, Flag.FAILED}) or {Flag.NOT, Flag.OPEN} <= flags
        return helped or (subject.role is Role.SUBJECT and is_seen(sentence, verb, subject.start))
    if verb.frame is not Frame.ACTIVE:
        return True
    if sentence.lexicon.language is Language.FR:
        return is_apposed or bool(flags & {Flag.HAVE, Flag.BE, Flag.FUTURE})
    return bool(flags & {Flag.HAVE, Flag.BE, Flag.DO}) or not _is_wanted(sentence, subject)


def _is_reduced(sentence: BillSentence, verb: Verb, subject: Subject) -> bool:
    """Whether a participle without its auxiliary is passive: "the bill introduced in May", not "introduced duties"."""
    if verb.flags & {Flag.HAVE, Flag.DO, Flag.FUTURE} or subject.role in (Role.ASKED, Role.ASKED_WHY):
        return False
    return _REDUCED_END.match(sentence.text, verb.end) is not None and not _is_wanted(sentence, subject)


def _is_wanted(sentence: BillSentence, subject: Subject) -> bool:
    """Whether a bare participle is what somebody wants: "to see C-34 passed"."""
    before = sentence.text[: subject.start]
    return ends(before, "wanting", within=10) is not None and ends(before, "seeing_gladly", within=24) is None


def _of_agent(sentence: BillSentence, verb: Verb) -> Statement | None:
    agent = find_agent(sentence, verb)
    if agent is None:
        return None
    if verb.frame is not Frame.AGENT_GERUND and not is_claimed(sentence, verb, start=verb.group, role=agent.role):
        return None
    words = agent.words.strip(" ,")
    agent_start = sentence.text.rfind(words, 0, verb.group) if words else verb.group
    denials = verb.denials + agent.is_nobody + is_called_untrue(sentence, agent_start)
    return _made(sentence, verb, agent.sign, start=verb.group, denials=denials, agent=agent.words)


def _of_phrase(sentence: BillSentence, verb: Verb) -> Statement | None:
    bill = re.compile(BILL).search(sentence.text, verb.start, verb.end)
    mood = mood_before(sentence, verb.start)
    sign = bill[0][0] if bill else sentence.antecedent(verb.start)
    if not sign or sign == OTHER or mood is Mood.OPEN or (sentence.is_question and mood is not Mood.FACT):
        return None
    return _made(sentence, verb, sign, start=verb.start, denials=verb.denials)


def _of_noun(sentence: BillSentence, verb: Verb) -> Statement | None:
    """Read "since the adoption of C-34", "C-34's defeat was a blow", "since its introduction in May, C-34 …"."""
    before = sentence.text[: verb.start]
    start, end, sign = verb.start, verb.end, ""
    if owned := _OWNED.match(sentence.text, verb.end):
        sign, end = owned[1], owned.end()
    elif owner := _OWNER.search(before, max(0, len(before) - LONGEST_CLAUSE)):
        sign, start = owner[1], owner.start()
    elif own := _OWN.search(before, max(0, len(before) - 20)):
        following = _AFTER_OWN.match(sentence.text, verb.end)
        sign, start = sentence.antecedent(own.start()) or (following[1] if following else ""), own.start()
    if not sign or sign == OTHER or not _is_told(sentence, verb, start=start, end=end):
        return None
    return _made(sentence, verb, sign, start=start, denials=0, end=end)


def _is_told(sentence: BillSentence, verb: Verb, *, start: int, end: int) -> bool:
    """Whether the words around a noun tell that it has come about."""
    lead = sentence.text[:start]
    if ends(lead, "telling_before", within=80) is not None:
        return True
    if sentence.is_question:
        return False
    if verb.meaning is Meaning.INTRODUCED and _DAY_FOLLOWS.match(sentence.text, end):
        return True
    if ends(lead, "following_before") is not None:
        return not sentence.has_modal()
    told = at_start("telling_after").match(sentence.text, end)
    return told is not None and not sentence.lexicon.mood["open"].search(lead[-LONGEST_CLAUSE:])


def _made(
    sentence: BillSentence,
    verb: Verb,
    sign: str,
    *,
    start: int,
    denials: int,
    agent: str = "",
    is_plain: bool = False,
    end: int | None = None,
) -> Statement:
    end = verb.end if end is None else end
    denials += _NONE.search(sentence.text, verb.start, verb.end) is not None
    head = sentence.text[:start].rstrip(" ").removesuffix(agent.strip(" "))[-LONGEST_CLAUSE:]
    return Statement(
        sign, verb.frame, verb.meaning, verb.flags, denials % 2 == 1, start, verb.group,
        verb.start, end, sentence.text[verb.start : end], sentence.tail(end), head, agent, is_plain,
    )  # fmt: skip
