"""One sentence of a letter in which every bill is a placeholder, and the verbs in it that may say something of a bill.

A verb is found by the predicates of the language's lexicon. Walking back from it, auxiliaries, adverbs and negations
are taken into its verb group: they give it flags (`Flag`) and the number of negations.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from advocacy.letters.bills.lexicon import (
    FIRST_BILL,
    LAST_BILL,
    NAMED,
    OTHER,
    Flag,
    Frame,
    Lexicon,
    Meaning,
    find_ending,
    pattern,
    regex,
)

_LAST_NAMED = re.compile(rf"{NAMED}$")
_ANY_NAMED = re.compile(NAMED)
_BOUNDARY = re.compile(r"^|(?<=[\w,.])(?=')|(?<=[\s'(])")
_MAX_AUXILIARY, _MAX_WORDS = 50, 8
_MAX_TAIL = 140
MAX_CLAUSE = 220
"""Words farther away than this govern nothing: so no text takes long to read."""


def _is_placeholder(char: str) -> bool:
    return bool(char) and (char == OTHER or FIRST_BILL <= char <= LAST_BILL)


@dataclass(frozen=True, slots=True)
class BillName:
    """A bill or another law, by its placeholder, where it is."""

    placeholder: str
    start: int
    end: int

    @property
    def is_other(self) -> bool:
        """Whether it is none of the campaign's bills."""
        return self.placeholder == OTHER


@dataclass(frozen=True, slots=True)
class Verb:
    """Words that say something of a bill: what, how, and what the words before them make of it.

    `start` is where they begin and `group_start` where the auxiliaries, adverbs and negations before them do. `bill` is
    what stands in them as an object: a placeholder, "it", or "" where there is none; with `has_clitic` the object is a
    clitic before the verb.
    """

    frame: Frame
    meaning: Meaning
    start: int
    end: int
    group_start: int
    flags: frozenset[Flag]
    negations: int
    bill: str = ""
    has_clitic: bool = False

    @property
    def is_future(self) -> bool:
        return Flag.FUTURE in self.flags or self.frame in (Frame.FUTURE, Frame.AGENT_FUTURE)

    @property
    def is_still_to_come(self) -> bool:
        """Whether it is said not to have come about: "has yet to pass"."""
        return {Flag.STILL, Flag.NOT} <= self.flags

    @property
    def is_finite(self) -> bool:
        """Whether a subject goes with it: "has passed", and not "passed in June"."""
        auxiliaries = {Flag.HAVE, Flag.BE, Flag.DO, Flag.FUTURE, Flag.OPEN}
        return bool(self.flags & auxiliaries) or self.frame in (Frame.ACTIVE, Frame.PRESENT, Frame.FUTURE)


@dataclass(frozen=True, slots=True)
class BillSentence:
    """A sentence, its bills replaced by placeholders, read with the words of one language.

    `topic` is the placeholder of the bill that "it" speaks of where the sentence names none, "" where there is none,
    and `following` the beginning of the next sentence.
    """

    text: str
    lexicon: Lexicon
    topic: str = ""
    following: str = ""

    @property
    def is_question(self) -> bool:
        return self.text.rstrip("\"' )").endswith("?")

    def verbs(self) -> Iterator[Verb]:
        """Find all that may be said of a bill."""
        for frame, words in self.lexicon.predicates.items():
            if frame is Frame.PHRASE and not regex("bill_sentence.may_be_phrase").search(self.text):
                continue
            for match in words.finditer(self.text):
                yield self._verb(frame, match)

    def _verb(self, frame: Frame, match: re.Match[str]) -> Verb:
        words = match.groupdict()
        sense = next((sense for group, sense in self.lexicon.senses.items() if words.get(group) is not None))
        group, flags, negations = self._verb_group(match.start())
        clitic = words.get("clitic")
        if clitic is not None:
            flags |= {Flag.HAVE}
            negations += re.search(r"(?<!\w)(?:pas|jamais)(?!\w)", clitic) is not None
        if regex("bill_sentence.only").search(match[0]) and sense.meaning in (Meaning.THROUGH, Meaning.REACHED):
            flags |= {Flag.ONLY}
        bill = (words.get("object") or words.get("it") or "")[:2]
        end = match.end() if bill else match.start() + len(match[0].rstrip(" "))
        return Verb(
            frame, sense.meaning, match.start(), end, group, frozenset(flags), negations + sense.is_negated,
            bill if bill == "it" else bill[:1], clitic is not None,
        )  # fmt: skip

    def _verb_group(self, place: int) -> tuple[int, set[Flag], int]:
        """Walk back over auxiliaries, adverbs and negations; return where they begin, their flags and the negations."""
        flags: set[Flag] = set()
        negations = 0
        while found := self._auxiliary_at_end(self.text[max(0, place - _MAX_AUXILIARY) : place].rstrip(" ,")):
            words, made = found
            negations += bool(made & {Flag.NOT, Flag.NO_LONGER})
            flags |= made
            place = self.text.rindex(words, 0, place)
        return place, flags, negations

    def _auxiliary_at_end(self, before: str) -> tuple[str, frozenset[Flag]] | None:
        """Return the longest words at the end of a text that go with a verb, and what they make of it."""
        begins = [found.end() for found in _BOUNDARY.finditer(before)]
        for begin in begins[-_MAX_WORDS:]:
            if (flags := self.lexicon.auxiliary_flags(before[begin:])) is not None:
                return before[begin:], flags
        return self.lexicon.auxiliary_at_end(before)

    def names_before(self, end: int) -> list[BillName]:
        """Return what is named before a place, not too far from it."""
        start = max(0, end - MAX_CLAUSE)
        return [BillName(found[1], *found.span()) for found in _ANY_NAMED.finditer(self.text, start, end)]

    def name_at_end(self, left: str) -> BillName | None:
        """Return what the beginning `left` of the sentence ends with, if it is a name."""
        found = _LAST_NAMED.search(left, max(0, len(left) - MAX_CLAUSE)) if _is_placeholder(left[-1:]) else None
        return BillName(found[1], *found.span()) if found else None

    def first_beside(self, start: int) -> int:
        """Return where the first of several names side by side begins: "the bill, C-34"."""
        while beside := regex("bill_sentence.beside").search(self.text[max(0, start - MAX_CLAUSE) : start]):
            start -= len(beside[0])
        return start

    def tail(self, end: int) -> str:
        """Return what goes on after a place in the same clause."""
        stop = regex("bill_sentence.tail").search(self.text, end, end + _MAX_TAIL)
        return self.text[end : stop.start() if stop else end + _MAX_TAIL]

    def antecedent(self, place: int) -> str:
        """Return the placeholder of the bill that a pronoun at `place` stands for, "" where it cannot be told."""
        named = self.names_before(place)
        if not named:
            return self.topic
        if pattern("competing").search(self.text, max(0, place - MAX_CLAUSE), place):
            return ""
        free = [one for one in named if not self.is_governed(one.start)]
        placeholders = (
            {one.placeholder for one in named}
            if len({one.placeholder for one in named}) == 1
            else {one.placeholder for one in free}
        )
        return placeholders.pop() if len(placeholders) == 1 else ""

    def is_governed(self, start: int) -> bool:
        """Whether the name that begins at `start` belongs to the words before it, and is no subject."""
        before = self.text[:start].rstrip(" ")
        if _is_placeholder(before.removesuffix(",")[-1:]) or find_ending(before, "transparent") is not None:
            return False
        return find_ending(before, "governing", within=16) is not None

    def has_modal(self, start: int = 0) -> bool:
        """Whether the sentence speaks, from `start` on, of what would or will be."""
        return pattern("modals").search(self.text, start) is not None

    def is_completed_action(self, place: int) -> bool:
        """Whether a bare verb at `place` is what somebody did: "decided to withdraw C-34"."""
        return find_ending(self.text[:place], "completed_actions", within=130) is not None

    def is_witnessed(self, verb: Verb, start: int) -> bool:
        """Whether a bare verb, whose subject begins at `start`, is what somebody saw: "I saw C-34 pass"."""
        is_bare = verb.frame in (Frame.INFINITIVE, Frame.AGENT_INFINITIVE) and not verb.flags - {Flag.BARE}
        return is_bare and find_ending(self.text[:start], "perceived", within=30) is not None
