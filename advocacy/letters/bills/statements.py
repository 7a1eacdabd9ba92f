"""What a sentence states of a bill, asserted or negated: no condition, wish, request or question.

For each verb the subject or the agent is found, then whether the clause is asserted. The verb's own form may leave it
open ("let C-34 pass"), and so may the words that govern it, read from the nearest outwards: a factive one ("now that")
makes it a fact, a nonfactual one ("if", "hope") leaves it open, and a verb of saying ("I read that") passes on to what
governs it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from advocacy.letters.bills.bill_sentence import MAX_CLAUSE, BillSentence, Verb
from advocacy.letters.bills.lexicon import (
    AGENT_FRAMES,
    BILL,
    NAMED,
    OTHER,
    Flag,
    Frame,
    Meaning,
    aside_pattern,
    find_ending,
    pattern,
    pattern_at_start,
    regex,
)
from advocacy.letters.bills.subjects import Role, Subject, find_agent, find_subject

_BETWEEN_CLAUSES = re.compile(r"[;:]| - |\"")
_MAKES_FINITE = frozenset({Flag.DO, Flag.FUTURE, Flag.HAVE, Flag.STILL, Flag.FAILED})
_MAX_PAIR_WORDS = 3


class Modality(Enum):
    """What the words before a clause make of it."""

    FACTUAL = "what holds whatever the rest of the sentence does"
    NONFACTUAL = "what is asked, wished or supposed"
    NEUTRAL = "neither"


def is_claimed(sentence: BillSentence, verb: Verb, *, start: int, role: Role) -> bool:
    """Whether what a verb says of its subject, whose clause begins at `start`, is claimed or denied for certain."""
    if role is Role.ASKED or not (_is_indicative(sentence, verb) or sentence.is_witnessed(verb, start)):
        return False
    if Flag.INVERTED in verb.flags:
        return re.search(r"(?<!\w)pourquoi(?!\w)", sentence.text[: verb.end]) is not None
    if role in (Role.NEGATED, Role.ASKED_WHY):
        return True
    return not _is_contradicted(sentence, start, verb.end) and _is_asserted(sentence, verb, start=start, role=role)


def _is_asserted(sentence: BillSentence, verb: Verb, *, start: int, role: Role) -> bool:
    """Whether the words around a clause let it stand as a claim."""
    if is_called_untrue(sentence, start):
        return True
    modality = modality_before(sentence, start, is_future=verb.is_future, is_past=_is_past(sentence, verb))
    if Flag.SUBJUNCTIVE in verb.flags:
        return modality is Modality.FACTUAL
    if verb.is_future and pattern("conditions_after").search(sentence.text, verb.end):
        return False
    if role is Role.RELATIVE or (role is Role.APPOSED and sentence.text[verb.group_start : verb.end] != "passed"):
        return True
    return modality is Modality.FACTUAL or (modality is Modality.NEUTRAL and _is_stated(sentence, start, verb.end))


def _is_indicative(sentence: BillSentence, verb: Verb) -> bool:
    """Whether the verb itself, with its auxiliaries, says that something is so."""
    flags = verb.flags
    if Flag.ALMOST in flags:
        return False
    is_done = verb.frame is Frame.AGENT_INFINITIVE and sentence.is_completed_action(verb.start)
    if Flag.OPEN in flags and not (verb.is_still_to_come or Flag.FAILED in flags or is_done):
        return False
    if Flag.BARE in flags and not flags & _MAKES_FINITE:
        return False
    if verb.frame is Frame.INFINITIVE:
        return bool(flags & {Flag.DO, Flag.FAILED}) or verb.is_future or verb.is_still_to_come
    return True


def _is_past(sentence: BillSentence, verb: Verb) -> bool:
    if Flag.PAST in verb.flags:
        return True
    is_compound = Flag.HAVE in verb.flags or (Flag.BE in verb.flags and verb.frame is Frame.ACTIVE)
    if is_compound and sentence.lexicon.has_compound_past:
        return True
    has_auxiliary = verb.flags & {Flag.HAVE, Flag.BE, Flag.DO, Flag.FUTURE}
    return verb.frame in (Frame.ACTIVE, Frame.AGENT_PAST, Frame.AGENT_FINITE) and not has_auxiliary


def is_called_untrue(sentence: BillSentence, start: int) -> bool:
    """Whether the clause at `start` is called untrue: "it is false that …"."""
    called_untrue = sentence.lexicon.modality["called_untrue"]
    found = called_untrue.finditer(sentence.text, max(0, start - MAX_CLAUSE), start)
    return any(not sentence.text[one.end() : start].strip(" ") for one in found)


def _is_contradicted(sentence: BillSentence, start: int, end: int) -> bool:
    """Whether what others say is taken back: "some say that …, but it has not"."""
    is_reported = pattern("reported").search(sentence.text, max(0, start - MAX_CLAUSE), start)
    rest = f"{sentence.text[end : end + MAX_CLAUSE]} {sentence.following}"
    return is_reported is not None and pattern("contradicted").search(rest) is not None


@dataclass(frozen=True, slots=True)
class _Governor:
    """A word that governs a clause: what is before it, and between it and the clause."""

    word: str
    before: str
    between: str
    is_future: bool
    is_past: bool

    @property
    def crosses(self) -> bool:
        """Whether a comma parts it from the clause, and no "that" takes it up again."""
        _, comma, rest = self.between.rpartition(",")
        return bool(comma) and not regex("statements.joins_that").match(rest)

    @property
    def joined(self) -> re.Match[str] | None:
        """An "and" or "but" between it and the clause that no "that" follows."""
        joined = pattern("joining").search(self.between)
        return None if joined and regex("statements.joins_that").match(self.between, joined.start()) else joined


def modality_before(sentence: BillSentence, start: int, *, is_future: bool = False, is_past: bool = False) -> Modality:
    """Return what the words before the clause at `start` make of it, the nearest first."""
    left = _BETWEEN_CLAUSES.split(sentence.text[max(0, start - MAX_CLAUSE) : start])[-1]
    left = aside_pattern().sub(lambda aside: " " * len(aside[0]), left)
    nearest = len(left)
    lists = {kind: sentence.lexicon.modality[kind] for kind in ("factive", "nonfactual", "reporting")}
    lists["when"] = pattern("whens")
    governing = [(*one.span(), kind) for kind, words in lists.items() for one in words.finditer(left)]
    # The last words first, and the longer of two that end alike.
    for begin, stop, kind in sorted(governing, key=lambda mark: (-mark[1], mark[0])):
        if stop > nearest:
            continue
        governor = _Governor(left[begin:stop], left[:begin], left[stop:], is_future, is_past)
        if kind == "when" and nearest < len(left):
            # "I will be glad on the day I learn that C-34 has passed."
            return Modality.NEUTRAL if governor.crosses or not sentence.has_modal() else Modality.NONFACTUAL
        modality = _MODALITY_AFTER[kind](sentence, governor)
        if modality is not None:
            return modality
        nearest = begin
    return Modality.NEUTRAL


def _after_factive(sentence: BillSentence, governor: _Governor) -> Modality | None:
    if governor.word == "meme si" and not governor.is_past and sentence.has_modal(sentence.text.index(governor.word)):
        return Modality.NONFACTUAL
    if "," in governor.between:
        return Modality.NEUTRAL
    if governor.word.startswith(("knowing", "sachant")) and pattern("modals").search(governor.before):
        return Modality.NONFACTUAL
    return Modality.NONFACTUAL if regex("statements.would_be").search(governor.before) else Modality.FACTUAL


def _after_nonfactual(_sentence: BillSentence, governor: _Governor) -> Modality | None:
    is_condition = pattern("conditions").fullmatch(governor.word) is not None
    if governor.word in ("without", "sans") and not governor.is_future:
        return None
    if governor.crosses:
        # "If C-34 passes, it is law": the consequence is as open as the condition.
        of_bill = re.search(rf"{NAMED}|(?<!\w)(?:it|il)(?!\w)", governor.between)
        return Modality.NONFACTUAL if is_condition and (governor.is_future or of_bill) else Modality.NEUTRAL
    joined = governor.joined
    if joined is None:
        return Modality.NONFACTUAL
    rest = governor.between[joined.end() :].split()
    is_pair = joined[0] in ("and", "et", "or", "ou") and (is_condition or 0 < len(rest) <= _MAX_PAIR_WORDS)
    return Modality.NONFACTUAL if is_pair else Modality.NEUTRAL


def _after_when(sentence: BillSentence, governor: _Governor) -> Modality | None:
    if pattern("conditions").fullmatch(governor.word):
        # "Once C-34 passed, …" tells of the past where nothing in the sentence is still to come.
        return None if governor.is_past and not sentence.has_modal() else _after_nonfactual(sentence, governor)
    if governor.crosses:
        return Modality.NEUTRAL
    # "It died before it became law" says that it did not.
    is_fact = governor.is_past and not (governor.word == "before" and "ed " in governor.before)
    return Modality.FACTUAL if is_fact else Modality.NONFACTUAL


def _after_reporting(sentence: BillSentence, governor: _Governor) -> Modality | None:
    """Pass over words of saying to what governs them, unless they are denied: "I have not heard that …"."""
    if governor.crosses or governor.joined:
        return Modality.NEUTRAL
    if regex("statements.knowing").search(governor.word):
        return None
    is_negated = sentence.lexicon.modality["negated_reporting"].search(governor.before)
    return Modality.NONFACTUAL if is_negated else None


_MODALITY_AFTER: Mapping[str, Callable[[BillSentence, _Governor], Modality | None]] = {
    "factive": _after_factive,
    "nonfactual": _after_nonfactual,
    "when": _after_when,
    "reporting": _after_reporting,
}


def _is_stated(sentence: BillSentence, start: int, end: int) -> bool:
    """Whether a clause is no question, even where its sentence is one: "C-34 has passed: when will …?"."""
    if not sentence.is_question:
        return True
    if pattern("inverted").search(sentence.text, start, end):
        return False
    cut = regex("statements.cut").search(sentence.text, end)
    if cut is None:
        return False
    clause = re.split(r"[:;]| - |,", sentence.text[:start])[-1]
    # In "I have read that C-34 …", "that" asks nothing.
    clause = re.sub(rf"{sentence.lexicon.modality['reporting'].pattern} (?:that |que |qu')", " ", clause)
    asks = pattern("question_words").search(clause) or sentence.lexicon.modality["question"].search(clause)
    is_parted = cut[0] in (":", ";", " - ")
    return not asks and (is_parted or pattern("question_words").search(sentence.text, cut.start()) is not None)


_AFTER_OWN = re.compile(rf"[^,;:]{{0,60}}, {NAMED}")
_AS = re.compile(r"(?<!\w)(?:as|telle? que) $")
"""Of the bill "as passed by the House" nothing is said."""

_MAX_VERBS = 48
"""No sentence that anybody writes has more: so none takes long to read."""


@dataclass(frozen=True, slots=True)
class Statement:
    """Something that is said of a bill, by its placeholder, on `start`–`end` of the sentence, subject included.

    `words` are what says it, from `predicate_start` on, `group_start` is where the auxiliaries before them begin,
    `agent` who does it, `tail` what goes on in the same clause, and `head` what stands before it. `is_plain` tells that
    subject and verb stand side by side.
    """

    placeholder: str
    frame: Frame
    meaning: Meaning
    flags: frozenset[Flag]
    is_negated: bool
    start: int
    group_start: int
    predicate_start: int
    end: int
    words: str
    tail: str
    head: str = ""
    agent: str = ""
    is_plain: bool = False

    @property
    def is_future(self) -> bool:
        return Flag.FUTURE in self.flags or self.frame in (Frame.FUTURE, Frame.AGENT_FUTURE)


def statements(sentence: BillSentence) -> list[Statement]:
    """Return what a sentence states of bills, in order; of two on the same words the longer."""
    verbs = sorted(sentence.verbs(), key=lambda verb: verb.start)[:_MAX_VERBS]
    found = [statement for verb in verbs if (statement := _statement(sentence, verb))]
    kept: list[Statement] = []
    for one in sorted(found, key=lambda one: (one.predicate_start, one.predicate_start - one.end)):
        if not any(one.predicate_start < other.end and other.predicate_start < one.end for other in kept):
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
    is_as = _AS.search(sentence.text, max(0, verb.group_start - MAX_CLAUSE), verb.group_start)
    if subject is None or (is_as and verb.meaning is not Meaning.INTRODUCED) or not _goes_with(sentence, verb, subject):
        return None
    if not is_claimed(sentence, verb, start=subject.start, role=subject.role):
        return None
    negations = verb.negations + (subject.role is Role.NEGATED) + is_called_untrue(sentence, subject.start)
    between = sentence.text[subject.start : verb.group_start].replace(subject.placeholder, "").strip(" ")
    is_plain = between.isalpha() if subject.role is Role.PRONOUN else subject.role is Role.SUBJECT and not between
    return _make(sentence, verb, subject.placeholder, start=subject.start, negations=negations, is_plain=is_plain)


def _goes_with(sentence: BillSentence, verb: Verb, subject: Subject) -> bool:
    """Whether the form of a verb says what its frame does, of this subject."""
    flags, is_apposed = verb.flags, subject.role is Role.APPOSED
    has_verb = Flag.BE in flags or subject.role in (Role.ASKED_WHY, Role.NEGATED)
    if verb.frame is Frame.STATE:
        return has_verb or is_apposed or (subject.role is Role.RELATIVE and bool(flags))
    if verb.frame is Frame.PASSIVE:
        return has_verb or is_apposed or _is_reduced(sentence, verb, subject)
    if verb.frame is Frame.INFINITIVE:
        has_auxiliary = bool(flags & {Flag.DO, Flag.FUTURE, Flag.STILL, Flag.FAILED}) or {Flag.NOT, Flag.OPEN} <= flags
        return has_auxiliary or (subject.role is Role.SUBJECT and sentence.is_witnessed(verb, subject.start))
    if verb.frame is not Frame.ACTIVE:
        return True
    if sentence.lexicon.has_compound_past:
        return is_apposed or bool(flags & {Flag.HAVE, Flag.BE, Flag.FUTURE})
    return bool(flags & {Flag.HAVE, Flag.BE, Flag.DO}) or not _is_wanted(sentence, subject)


def _is_reduced(sentence: BillSentence, verb: Verb, subject: Subject) -> bool:
    """Whether a participle without its auxiliary is passive: "the bill introduced in May", not "introduced duties"."""
    if verb.flags & {Flag.HAVE, Flag.DO, Flag.FUTURE} or subject.role in (Role.ASKED, Role.ASKED_WHY):
        return False
    is_reduced = regex("statements.reduced_end").match(sentence.text, verb.end) is not None
    return is_reduced and not _is_wanted(sentence, subject)


def _is_wanted(sentence: BillSentence, subject: Subject) -> bool:
    """Whether a bare participle is what somebody wants: "to see C-34 passed"."""
    before = sentence.text[: subject.start]
    is_wanted = find_ending(before, "wanting", within=10) is not None
    return is_wanted and find_ending(before, "glad_to_see", within=24) is None


def _of_agent(sentence: BillSentence, verb: Verb) -> Statement | None:
    agent = find_agent(sentence, verb)
    if agent is None:
        return None
    if verb.frame is not Frame.AGENT_GERUND and not is_claimed(sentence, verb, start=verb.group_start, role=agent.role):
        return None
    words = agent.words.strip(" ,")
    agent_start = sentence.text.rfind(words, 0, verb.group_start) if words else verb.group_start
    negations = verb.negations + agent.is_nobody + is_called_untrue(sentence, agent_start)
    return _make(sentence, verb, agent.placeholder, start=verb.group_start, negations=negations, agent=agent.words)


def _of_phrase(sentence: BillSentence, verb: Verb) -> Statement | None:
    bill = re.compile(BILL).search(sentence.text, verb.start, verb.end)
    modality = modality_before(sentence, verb.start)
    placeholder = bill[0][0] if bill else sentence.antecedent(verb.start)
    if not placeholder or placeholder == OTHER or modality is Modality.NONFACTUAL:
        return None
    if sentence.is_question and modality is not Modality.FACTUAL:
        return None
    return _make(sentence, verb, placeholder, start=verb.start, negations=verb.negations)


def _of_noun(sentence: BillSentence, verb: Verb) -> Statement | None:
    """Read "since the adoption of C-34", "C-34's defeat was a blow", "since its introduction in May, C-34 …"."""
    before = sentence.text[: verb.start]
    start, end, placeholder = verb.start, verb.end, ""
    if owned := regex("statements.owned").match(sentence.text, verb.end):
        placeholder, end = owned[1], owned.end()
    elif owner := regex("statements.owner").search(before, max(0, len(before) - MAX_CLAUSE)):
        placeholder, start = owner[1], owner.start()
    elif own := regex("statements.own").search(before, max(0, len(before) - 20)):
        following = _AFTER_OWN.match(sentence.text, verb.end)
        placeholder, start = sentence.antecedent(own.start()) or (following[1] if following else ""), own.start()
    if not placeholder or placeholder == OTHER or not _has_come_about(sentence, verb, start=start, end=end):
        return None
    return _make(sentence, verb, placeholder, start=start, negations=0, end=end)


def _has_come_about(sentence: BillSentence, verb: Verb, *, start: int, end: int) -> bool:
    """Whether the words around a noun tell that it has come about."""
    lead = sentence.text[:start]
    if find_ending(lead, "event_before", within=80) is not None:
        return True
    if sentence.is_question:
        return False
    if verb.meaning is Meaning.INTRODUCED and regex("statements.day_follows").match(sentence.text, end):
        return True
    if find_ending(lead, "following_before") is not None:
        return not sentence.has_modal()
    event = pattern_at_start("event_after").match(sentence.text, end)
    return event is not None and not sentence.lexicon.modality["nonfactual"].search(lead[-MAX_CLAUSE:])


def _make(
    sentence: BillSentence,
    verb: Verb,
    placeholder: str,
    *,
    start: int,
    negations: int,
    agent: str = "",
    is_plain: bool = False,
    end: int | None = None,
) -> Statement:
    end = verb.end if end is None else end
    negations += regex("statements.none").search(sentence.text, verb.start, verb.end) is not None
    head = sentence.text[:start].rstrip(" ").removesuffix(agent.strip(" "))[-MAX_CLAUSE:]
    return Statement(
        placeholder, verb.frame, verb.meaning, verb.flags, negations % 2 == 1, start, verb.group_start,
        verb.start, end, sentence.text[verb.start : end], sentence.tail(end), head, agent, is_plain,
    )  # fmt: skip
