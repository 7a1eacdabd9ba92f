"""The difference of two texts word by word: labels are compared whole, and what is deleted comes before its new words.

`compare_words` returns every change; `compare_texts` has them ready for a page, longer changes in one piece.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import Match, SequenceMatcher
from itertools import accumulate
from typing import NamedTuple

from advocacy.campaigns.editor.labels import Label, LabelKind

_LABEL = re.compile(r"(\[[^\[\]\n]+\])")
_WORDS = re.compile(r"\[[^\[\]\n]+\]|\w+(?:[’'-]\w+)*|\s+|[^\w\s]")
SAME, DELETED, INSERTED = "", "del", "ins"
MAX_WORDS = 6_000
"""Words of a passage that are compared one by one; a longer one is deleted and inserted whole."""
MAX_STEPS = 6_000_000
"""Pairs of like words that are compared, a few seconds' at most; with more, a passage is deleted and inserted whole."""


class Piece(NamedTuple):
    """Words that are the same, deleted or inserted; `chip` is "" for text, else the kind of a label."""

    change: str
    text: str
    chip: str = ""


class StepBudget:
    """The steps that are left for comparing the passages of one page."""

    def __init__(self, left: int = 2 * MAX_STEPS) -> None:
        self.left = left


class _TooManySteps(Exception):
    """Comparing the same words over and over would take minutes."""


class _Matcher(SequenceMatcher[str]):
    """Finds what two passages share, and gives up after so many steps."""

    def __init__(self, one: Sequence[str], two: Sequence[str], budget: StepBudget) -> None:
        super().__init__(None, one, two, autojunk=False)
        self._most, self._budget = min(MAX_STEPS, budget.left), budget
        like = Counter(two)
        self._sums = [0, *accumulate(like[word] for word in one)]

    def find_longest_match(  # noqa: PLR0917 - as its base has it
        self, first: int = 0, last: int | None = None, start: int = 0, end: int | None = None
    ) -> Match:
        """Find the longest run that both share; raises _TooManySteps."""
        steps = self._sums[-1 if last is None else last] - self._sums[first]
        if steps > self._most:
            raise _TooManySteps
        self._most -= steps
        self._budget.left -= steps
        return super().find_longest_match(first, last, start, end)


def compare_words(before: str, after: str, budget: StepBudget | None = None) -> Sequence[Piece]:
    """Compare two passages word by word; `budget` is shared by the passages of a page."""
    if before == after:
        return [Piece(SAME, before)] if before else []
    one, two = _WORDS.findall(before), _WORDS.findall(after)
    try:
        changes = _Matcher(one, two, budget or StepBudget()).get_opcodes() if len(one) + len(two) <= MAX_WORDS else None
    except _TooManySteps:
        changes = None
    found = []
    for what, first, last, start, end in changes or [("replace", 0, len(one), 0, len(two))]:
        if what == "equal":
            found.append(Piece(SAME, "".join(one[first:last])))
        else:
            found += [Piece(DELETED, "".join(one[first:last])), Piece(INSERTED, "".join(two[start:end]))]
    return [piece for piece in found if piece.text]


def compare_texts(
    before: str, after: str, labels: Sequence[Mapping[str, Label]] = (), *, budget: StepBudget | None = None
) -> Iterator[Piece]:
    """Compare two texts; `labels` are those of both texts by their words, `budget` is shared by the texts of a page."""
    for change, text, _chip in _join_runs(compare_words(before, after, budget)):
        for part in filter(None, _LABEL.split(text)):
            label = next((by_words[part[1:-1]] for by_words in labels if part[1:-1] in by_words), None)
            if part.startswith("[") and label is not None:
                chip = "mine" if label.kind is LabelKind.MINE else "known"
                yield Piece(change, part[1:-1], chip)
            else:
                yield Piece(change, part)


def _join_runs(found: Iterable[Piece]) -> Iterator[Piece]:
    """Join runs of changes that only a space parts: what is gone first, then what is new."""
    run: dict[str, str] = {DELETED: "", INSERTED: ""}
    space = ""
    for piece in found:
        if piece.change == SAME and (not piece.text.isspace() or "\n" in piece.text or not any(run.values())):
            yield from _close_run(run, space)
            run, space = {DELETED: "", INSERTED: ""}, ""
            yield piece
        elif piece.change == SAME:
            space += piece.text
        else:
            if space:
                run = {change: text + space for change, text in run.items()}
                space = ""
            run[piece.change] += piece.text
    yield from _close_run(run, space)


def _close_run(run: Mapping[str, str], space: str) -> Iterator[Piece]:
    gone, new = run[DELETED].rstrip(" "), run[INSERTED].rstrip(" ")
    after = space or " " * (len(run[INSERTED]) > len(new) or len(run[DELETED]) > len(gone) > len(new))
    if not gone + new:
        yield from (Piece(change, text) for change, text in run.items() if text)
        return
    if gone:
        yield Piece(DELETED, gone)
    if gone and new:
        yield Piece(SAME, " ")
    if new:
        yield Piece(INSERTED, new)
    if after:
        yield Piece(SAME, after)
