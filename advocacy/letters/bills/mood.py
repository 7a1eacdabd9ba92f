"""Whether a sentence claims what it says, or leaves it open: a condition, a wish, a request, a question."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from advocacy.language import Language
from advocacy.letters.bills.lexicon import NAMED, Flag, Frame, anywhere, asides, ends
from advocacy.letters.bills.sentence import LONGEST_CLAUSE, BillSentence, Verb
from advocacy.letters.bills.subjects import Role

_BETWEEN_CLAUSES = re.compile(r"[;:]| - |\"")
_JOINS_THAT = re.compile(r"\W*(?:and |et |or |ou |but |mais )?(?:that|que|qu')(?![\w])")
_KNOWING = re.compile(r"(?:know|aware|sais|savais|realize|knew)$")
_WOULD_BE = re.compile(r"(?:serait|sera|would be|'d be|will be) ?(?:bien |tres )?$")
_CUT = re.compile(r"[:;]| - |, ?(?:so |and |but |alors |donc |et |mais )?|(?<!\w)(?:so|but|alors|donc)(?!\w)")
_MADE_OPEN = frozenset({Flag.DO, Flag.FUTURE, Flag.HAVE, Flag.STILL, Flag.FAILED})
_SHORT = 3


class Mood(Enum):
    """What the words before a clause make of it."""

    FACT = "what holds whatever the rest of the sentence does"
    OPEN = "what is asked, wished or supposed"
    PLAIN = "neither"


def is_claimed(sentence: BillSentence, verb: Verb, *, start: int, role: Role) -> bool:
    """Whether what a verb says of its subject, whose clause begins at `start`, is claimed or denied for certain."""
    if role is Role.ASKED or not (_is_indicative(sentence, verb) or is_seen(sentence, verb, start)):
        return False
    if Flag.INVERTED in verb.flags:
        return re.search(r"(?<!\w)pourquoi(?!\w)", sentence.text[: verb.end]) is not None
    if role in (Role.DENIED, Role.ASKED_WHY):
        return True
    return not _is_contradicted(sentence, start, verb.end) and _is_asserted(sentence, verb, start=start, role=role)


def _is_asserted(sentence: BillSentence, verb: Verb, *, start: int, role: Role) -> bool:
    """Whether the words around a clause let it stand as a claim."""
    if is_called_untrue(sentence, start):
        return True
    mood = mood_before(sentence, start, is_future=verb.is_future, is_past=_is_past(sentence, verb))
    if Flag.SUBJUNCTIVE in verb.flags:
        return mood is Mood.FACT
    if verb.is_future and anywhere("conditions_after").search(sentence.text, verb.end):
        return False
    if role is Role.RELATIVE or (role is Role.APPOSED and sentence.text[verb.group : verb.end] != "passed"):
        return True
    return mood is Mood.FACT or (mood is Mood.PLAIN and _is_stated(sentence, start, verb.end))


def _is_indicative(sentence: BillSentence, verb: Verb) -> bool:
    """Whether the verb itself, with its auxiliaries, says that something is so."""
    flags = verb.flags
    if Flag.ALMOST in flags:
        return False
    is_done = verb.frame is Frame.AGENT_INFINITIVE and is_done_deed(sentence, verb.start)
    if Flag.OPEN in flags and not (verb.is_still_to_come or Flag.FAILED in flags or is_done):
        return False
    if Flag.BARE in flags and not flags & _MADE_OPEN:
        return False
    if verb.frame is Frame.INFINITIVE:
        return bool(flags & {Flag.DO, Flag.FAILED}) or verb.is_future or verb.is_still_to_come
    return True


def is_done_deed(sentence: BillSentence, place: int) -> bool:
    """Whether a bare verb at `place` is what somebody did: "decided to withdraw C-34"."""
    return ends(sentence.text[:place], "done_deeds", within=130) is not None


def is_seen(sentence: BillSentence, verb: Verb, start: int) -> bool:
    """Whether a bare verb, whose subject begins at `start`, is what somebody saw: "I saw C-34 pass"."""
    is_bare = verb.frame in (Frame.INFINITIVE, Frame.AGENT_INFINITIVE) and not verb.flags - {Flag.BARE}
    return is_bare and ends(sentence.text[:start], "perceived", within=30) is not None


def _is_past(sentence: BillSentence, verb: Verb) -> bool:
    if Flag.PAST in verb.flags:
        return True
    if sentence.lexicon.language is Language.FR and verb.flags & {Flag.HAVE, Flag.BE} and verb.frame is Frame.ACTIVE:
        return True
    if sentence.lexicon.language is Language.FR and Flag.HAVE in verb.flags:
        return True
    helped = verb.flags & {Flag.HAVE, Flag.BE, Flag.DO, Flag.FUTURE}
    return verb.frame in (Frame.ACTIVE, Frame.AGENT_PAST, Frame.AGENT_FINITE) and not helped


def is_called_untrue(sentence: BillSentence, start: int) -> bool:
    """Whether the clause at `start` is called untrue: "it is false that …"."""
    return any(
        not sentence.text[found.end() : start].strip(" ")
        for found in sentence.lexicon.mood["untrue"].finditer(sentence.text, max(0, start - LONGEST_CLAUSE), start)
    )


def _is_contradicted(sentence: BillSentence, start: int, end: int) -> bool:
    """Whether what others say is taken back: "some say that …, but it has not"."""
    said_by_others = anywhere("reported").search(sentence.text, max(0, start - LONGEST_CLAUSE), start)
    rest = f"{sentence.text[end : end + LONGEST_CLAUSE]} {sentence.following}"
    return said_by_others is not None and anywhere("contradicted").search(rest) is not None


@dataclass(frozen=True, slots=True)
class _Governor:
    """A word that governs a clause: what stands before it, and between it and the clause."""

    word: str
    before: str
    between: str
    is_future: bool
    is_past: bool

    @property
    def crosses(self) -> bool:
        """Whether a comma parts it from the clause, and no "that" takes it up again."""
        _, comma, rest = self.between.rpartition(",")
        return bool(comma) and not _JOINS_THAT.match(rest)

    @property
    def joined(self) -> re.Match[str] | None:
        """An "and" or "but" between it and the clause that no "that" follows."""
        joined = anywhere("joining").search(self.between)
        return None if joined and _JOINS_THAT.match(self.between, joined.start()) else joined


def mood_before(sentence: BillSentence, start: int, *, is_future: bool = False, is_past: bool = False) -> Mood:
    """Return what the words before the clause at `start` make of it, the nearest first."""
    left = _BETWEEN_CLAUSES.split(sentence.text[max(0, start - LONGEST_CLAUSE) : start])[-1]
    left = asides().sub(lambda aside: " " * len(aside[0]), left)
    seen = len(left)
    for begin, stop, kind in _marks(sentence, left):
        if stop > seen:
            continue
        governor = _Governor(left[begin:stop], left[:begin], left[stop:], is_future, is_past)
        if kind == "when" and seen < len(left):
            # "I will be glad on the day I learn that C-34 has passed."
            return Mood.PLAIN if governor.crosses or not sentence.has_modal() else Mood.OPEN
        mood = _READERS[kind](sentence, governor)
        if mood is not None:
            return mood
        seen = begin
    return Mood.PLAIN


def _marks(sentence: BillSentence, left: str) -> list[tuple[int, int, str]]:
    """Return the words that govern clauses with their kinds, the last first and the longer of two before the other."""
    patterns = {kind: sentence.lexicon.mood[kind] for kind in ("fact", "open", "said")} | {"when": anywhere("whens")}
    found = [(*one.span(), kind) for kind, pattern in patterns.items() for one in pattern.finditer(left)]
    return sorted(found, key=lambda mark: (-mark[1], mark[0]))


def _after_fact(sentence: BillSentence, governor: _Governor) -> Mood | None:
    if governor.word == "meme si" and not governor.is_past and sentence.has_modal(sentence.text.index(governor.word)):
        return Mood.OPEN
    if "," in governor.between:
        return Mood.PLAIN
    if governor.word.startswith(("knowing", "sachant")) and anywhere("modals").search(governor.before):
        return Mood.OPEN
    return Mood.OPEN if _WOULD_BE.search(governor.before) else Mood.FACT


def _after_open(_sentence: BillSentence, governor: _Governor) -> Mood | None:
    is_condition = anywhere("conditions").fullmatch(governor.word) is not None
    if governor.word in ("without", "sans") and not governor.is_future:
        return None
    if governor.crosses:
        # "If C-34 passes, it is law": the consequence is as open as the condition.
        of_bill = re.search(rf"{NAMED}|(?<!\w)(?:it|il)(?!\w)", governor.between)
        return Mood.OPEN if is_condition and (governor.is_future or of_bill) else Mood.PLAIN
    joined = governor.joined
    if joined is None:
        return Mood.OPEN
    rest = governor.between[joined.end() :].split()
    is_pair = joined[0] in ("and", "et", "or", "ou") and (is_condition or 0 < len(rest) <= _SHORT)
    return Mood.OPEN if is_pair else Mood.PLAIN


def _after_when(sentence: BillSentence, governor: _Governor) -> Mood | None:
    if anywhere("conditions").fullmatch(governor.word):
        # "Once C-34 passed, …" tells of the past where nothing in the sentence is still to come.
        return None if governor.is_past and not sentence.has_modal() else _after_open(sentence, governor)
    if governor.crosses:
        return Mood.PLAIN
    # "It died before it became law" says that it did not.
    is_fact = governor.is_past and not (governor.word == "before" and "ed " in governor.before)
    return Mood.FACT if is_fact else Mood.OPEN


def _after_said(sentence: BillSentence, governor: _Governor) -> Mood | None:
    """Pass over words of saying to what governs them, unless they are denied: "I have not heard that …"."""
    if governor.crosses or governor.joined:
        return Mood.PLAIN
    is_denied = sentence.lexicon.mood["denied"].search(governor.before) and not _KNOWING.search(governor.word)
    return Mood.OPEN if is_denied else None


_READERS: Mapping[str, Callable[[BillSentence, _Governor], Mood | None]] = {
    "fact": _after_fact,
    "open": _after_open,
    "when": _after_when,
    "said": _after_said,
}


def _is_stated(sentence: BillSentence, start: int, end: int) -> bool:
    """Whether a clause is no question, even where its sentence is one: "C-34 has passed: when will …?"."""
    if not sentence.is_question:
        return True
    if anywhere("inverted").search(sentence.text, start, end):
        return False
    cut = _CUT.search(sentence.text, end)
    if cut is None:
        return False
    clause = re.split(r"[:;]| - |,", sentence.text[:start])[-1]
    # In "I have read that C-34 …", "that" asks nothing.
    clause = re.sub(rf"{sentence.lexicon.mood['said'].pattern} (?:that |que |qu')", " ", clause)
    asks = anywhere("question_words").search(clause) or sentence.lexicon.mood["question"].search(clause)
    is_parted = cut[0] in (":", ";", " - ")
    return not asks and (is_parted or anywhere("question_words").search(sentence.text, cut.start()) is not None)
