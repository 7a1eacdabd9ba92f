"""A text with labels in brackets from a text with braces, and back, piece by piece with the place of each."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from advocacy.campaigns.condition_words import asked
from advocacy.campaigns.labels import PRINTED, Label, Labels, find, shown
from advocacy.campaigns.prose import PRINTED as BLANK
from advocacy.campaigns.prose import TAG
from advocacy.language import Language

BRACKETS = re.compile(r"\[([^\[\]\n]*)\]")


class Chunk(NamedTuple):
    """A piece of a line as a writer sees it, `start`–`end`, and what it is in the source; `label` where it is one.

    `unknown` are the words of brackets that no label is called by.
    """

    source: str
    start: int
    end: int
    label: Label | None = None
    unknown: str | None = None


def labelled(source: str, labels: Labels, language: Language) -> str:
    """Write labels for the blanks and tags of a piece of source; those that have none stay as they are."""

    def instead(tag: re.Match[str]) -> str:
        label = _label(tag[0], labels)
        return shown(label, language) if label is not None else tag[0]

    return TAG.sub(instead, source)


def chunks(line: str, labels: Labels, language: Language) -> Iterator[Chunk]:
    """Cut a line of a writer's text into words and labels, each with what it is in the source."""
    end = 0
    for brackets in BRACKETS.finditer(line):
        if brackets.start() > end:
            yield Chunk(line[end : brackets.start()], end, brackets.start())
        label = find(labels, brackets[1], language)
        if label is not None:
            yield Chunk(label.source, *brackets.span(), label)
        else:
            yield Chunk(brackets[0], *brackets.span(), None, brackets[1])
        end = brackets.end()
    if end < len(line):
        yield Chunk(line[end:], end, len(line))


def _label(tag: str, labels: Labels) -> Label | None:
    blank = BLANK.fullmatch(tag)
    if blank is not None:
        label = labels.by_name.get(blank[1])
        return label if label is not None and label.sort in PRINTED else None
    turn = asked(tag)
    return labels.by_name.get(f"{turn.word} {turn.test}".strip()) if turn is not None else None
