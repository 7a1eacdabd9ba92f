"""A text divided into paragraphs, sentences and what each number's own clause says."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from advocacy.plain_text import PlainText

_END = re.compile(r"[.!?][\"')\]]*(?=[ \n])")
_ABBREVIATION = re.compile(r"(?:\b(?:[a-z]|mr?s?|mmes?|dr|st|ste|no|nos|art|etc|ex|env|approx|p)|\.[a-z])\.$")


@dataclass(frozen=True, slots=True)
class Sentence:
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
    begin = 0
    for end in _END.finditer(line + " "):
        after = line[end.end() :].lstrip(" \"'([-")
        place = offset + len(line) - len(after)
        starts = bool(after) and text.typed[text.places[place]].islower()
        if not starts and not _ABBREVIATION.search(line, begin, end.start() + 1):
            yield begin, end.end()
            begin = end.end() + 1
    if line[begin:].strip():
        yield begin, len(line)
