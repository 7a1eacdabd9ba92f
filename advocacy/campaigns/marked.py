"""Words and what became of them, ready for a page: labels are kept whole, and what changed is not cut to crumbs."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from advocacy.campaigns.labels import Label, Sort
from advocacy.campaigns.word_changes import GONE, KEPT, NEW, Patience, Piece, pieces

LABEL = re.compile(r"(\[[^\[\]\n]+\])")
OF_THE_CITIZEN = frozenset({Sort.FIELD, Sort.OPTIONAL})


class Bit(NamedTuple):
    """Words with what became of them: "" for kept, "del", "ins"; `chip` is "" for text, else the kind of a label."""

    change: str
    text: str
    chip: str = ""


def marked(
    before: str, after: str, known: Sequence[Mapping[str, Label]] = (), *, patience: Patience | None = None
) -> Iterator[Bit]:
    """Compare two texts; words in brackets that `known` has are labels, `patience` is that for all texts of a page."""
    for change, text in _mended(pieces(before, after, patience)):
        for part in filter(None, LABEL.split(text)):
            label = next((labels[part[1:-1]] for labels in known if part[1:-1] in labels), None)
            if part.startswith("[") and label is not None:
                chip = "mine" if label.sort in OF_THE_CITIZEN else "known"
                yield Bit(change, part[1:-1], chip)
            else:
                yield Bit(change, part)


def _mended(found: Iterable[Piece]) -> Iterator[Piece]:
    """Join runs of changes that only a space parts: what is gone first, then what is new."""
    run: dict[str, str] = {GONE: "", NEW: ""}
    space = ""
    for piece in found:
        if piece.change == KEPT and (not piece.text.isspace() or "\n" in piece.text or not any(run.values())):
            yield from _closed(run, space)
            run, space = {GONE: "", NEW: ""}, ""
            yield piece
        elif piece.change == KEPT:
            space += piece.text
        else:
            if space:
                run = {change: text + space for change, text in run.items()}
                space = ""
            run[piece.change] += piece.text
    yield from _closed(run, space)


def _closed(run: Mapping[str, str], space: str) -> Iterator[Piece]:
    gone, new = run[GONE].rstrip(" "), run[NEW].rstrip(" ")
    after = space or " " * (len(run[NEW]) > len(new) or len(run[GONE]) > len(gone) > len(new))
    if not gone + new:
        yield from (Piece(change, text) for change, text in run.items() if text)
        return
    if gone:
        yield Piece(GONE, gone)
    if gone and new:
        yield Piece(KEPT, " ")
    if new:
        yield Piece(NEW, new)
    if after:
        yield Piece(KEPT, after)
