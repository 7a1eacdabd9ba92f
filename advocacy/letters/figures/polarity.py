"""Whether words say a thing or deny it."""

import re
from collections.abc import Sequence

from advocacy.letters.figures.words import (
    ASIDE,
    CONCEPTS,
    CONTRAST,
    IDIOMS,
    LAPSE,
    NEGATION,
    NEUTRAL,
    OPPOSITE,
    REJECTION,
    REMEDY,
    UNTRUE,
    known_lists,
)
from advocacy.numerals import LONGEST_INITIALS

_STOP = re.compile(r"[,;:.]")
_ON = 60
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def negations(text: str, start: int, end: int) -> int:
    """Count the words that say no, or the opposite, in a piece of a plain text; asides and contrasts are none."""
    silent = _silent(text, start, end)
    no = [said.span() for said in NEGATION.finditer(text, start, end)]
    # "Leave standards to companies" goes on after its last word on the subject.
    found = (said.span() for said in OPPOSITE.finditer(text, start, _until(text, end, min(len(text), end + _ON))))
    opposite = [(begin, stop) for begin, stop in found if begin < end]
    # "Opposed laws" and "did not leave it to companies" are found in both lists: a word is counted once.
    said_no = no + [(begin, stop) for begin, stop in opposite if not _covers(no, begin)]
    return sum(not _covers(silent, begin) for begin, _ in said_no)


def lapses(text: str, start: int, end: int) -> bool:
    """Return whether a piece says, in no aside and no denial, that something is left undone or kept as it is."""
    taken = [said.span() for words in (NEGATION, OPPOSITE) for said in words.finditer(text, start, end)]
    taken += _silent(text, start, end)
    found = (said.span() for said in CONCEPTS[LAPSE].finditer(text, start, end))
    return any(not any(begin < last and first < stop for begin, stop in taken) for first, last in found)


def is_known(text: str, piece: tuple[int, int], *, about: frozenset[str], ends: dict[int, int]) -> bool:
    """Whether every word of a piece leaves a figure as it is, or denies it; `about` names further concepts.

    `ends` keeps where the known words that begin at a place end, for all pieces of the same text.
    """
    start, end = piece
    further = [CONCEPTS[concept] for concept in about - NEUTRAL]
    known = start
    for word in _WORD.finditer(text, start, end):
        begin = word.start()
        if begin < known:
            continue
        if begin not in ends:
            ends[begin] = _end_of_known(text, begin, known_lists(text[begin : begin + LONGEST_INITIALS]))
        known = max(ends[begin], _end_of_known(text, begin, further))
        if known <= begin:
            return False
    return True


def _end_of_known(text: str, begin: int, lists: Sequence[re.Pattern[str]]) -> int:
    """Return where the longest of the words that begin at a place ends; 0 where no list has one."""
    end = 0
    for words in lists:
        said = words.match(text, begin)
        if said and said.end() > end:
            end = said.end()
    return end


def _silent(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the pieces that are not what a sentence says: idioms, asides and contrasts ("not merely …")."""
    silent = [said.span() for words in (IDIOMS, ASIDE) for said in words.finditer(text, start, end)]
    return silent + contrasted(text, start, end)


def contrasted(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the pieces that a sentence names only to set them aside: "rather than …"."""
    return [(said.start(), _until(text, said.end(), end)) for said in CONTRAST.finditer(text, start, end)]


def _covers(spans: list[tuple[int, int]], place: int) -> bool:
    return any(begin <= place < stop for begin, stop in spans)


def turned_down(text: str, start: int, end: int) -> bool:
    """Return whether a piece calls what it speaks of needless or wrong."""
    return REJECTION.search(text, start, end) is not None


def taken_back(text: str, place: int) -> bool:
    """Return whether what begins at `place` is called untrue just before it."""
    return UNTRUE.search(text, max(0, place - 40), place) is not None


def blames_the_diligent(text: str, start: int, end: int) -> bool:
    """Return whether a piece speaks of "companies that remove …" where companies that do not are meant."""
    remedy, lapse = CONCEPTS[REMEDY], CONCEPTS[LAPSE]
    asides = [aside.span() for aside in ASIDE.finditer(text, start, end)]
    return any(remedy.search(text, *aside) and not lapse.search(text, *aside) for aside in asides)


def _until(text: str, start: int, end: int) -> int:
    stop = _STOP.search(text, start, end)
    return stop.start() if stop else end
