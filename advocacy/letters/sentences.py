"""A text divided into paragraphs and sentences."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from advocacy.numerals import PlainText

_END = re.compile(r"[.!?][\"')\]]*(?=[ \n])")
_ABBREVIATION = re.compile(r"(?:\b(?:[a-z]|mr?s?|mmes?|dr|st|ste|art|etc|ex|env|approx)|\.[a-z])\.$")
_NUMBER_SIGN = re.compile(r"\bnos?\.$")
_OPENING = re.compile(r"[ \"'(\[-]*")
_LONGEST_ABBREVIATION = 10
LONGEST = 800
"""Longer than any sentence that is one: what goes on is cut at a space, so that no text takes long to judge."""
_CLOSING = "»”’)]"


class Sentence(NamedTuple):
    """A sentence by its place in the plain text, and the number of its paragraph."""

    start: int
    end: int
    paragraph: int


def sentences(text: PlainText) -> list[Sentence]:
    """Divide a text. A sentence ends at its point when a capital, a figure or a quotation mark follows."""
    found: list[Sentence] = []
    start = 0
    for number, line in enumerate(text.plain.split("\n")):
        found += [Sentence(start + begin, start + end, number) for begin, end in _in_line(text, start, line)]
        start += len(line) + 1
    return found


def _in_line(text: PlainText, offset: int, line: str) -> Iterator[tuple[int, int]]:
    for begin, end in _whole(text, offset, line):
        while end - begin > LONGEST:
            cut = line.rfind(" ", begin, begin + LONGEST)
            cut = cut if cut > begin else begin + LONGEST
            yield begin, cut
            begin = cut
        yield begin, end


def _whole(text: PlainText, offset: int, line: str) -> Iterator[tuple[int, int]]:
    begin = 0
    for point in _END.finditer(line + " "):
        after = offset + point.end() + 1
        if after < len(text.places) - 1 and text.typed[text.places[after]].islower():
            continue
        end = point.end()
        if end + 1 < len(line) and text.typed[text.places[after]] in _CLOSING:  # after a space, as in « Oui. »
            end += 2
        if end > begin and not _goes_on(text, offset, line, begin=begin, point=point.start(), end=end):
            yield begin, end
            begin = end + 1
    if line[begin:].strip():
        yield begin, len(line)


def _goes_on(text: PlainText, offset: int, line: str, *, begin: int, point: int, end: int) -> bool:
    """Return whether the sentence goes on after a point."""
    opening = _OPENING.match(line, end)
    after = opening.end() if opening else end
    if after < len(line) and text.typed[text.places[offset + after]].islower():
        return True
    # An abbreviation is short: looking further back would take long in a text of points alone.
    begin = max(begin, point - _LONGEST_ABBREVIATION)
    numbered = line[after : after + 1].isdecimal() and _NUMBER_SIGN.search(line, begin, point + 1)
    return bool(numbered or _ABBREVIATION.search(line, begin, point + 1))
