"""The Markdown of letters: paragraphs, “- ” items, “> ” quotations and the “# ” subject, nothing else.

These are read as CommonMark reads them, and what it reads as anything else is refused; a test compares both with
markdown-it. Each line is read once: the time of a whole Markdown parser can grow with the square of a text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from advocacy.campaigns.grammar.program import Kind
from advocacy.campaigns.grammar.tokens import Refused, excerpt
from advocacy.problems import SHAPES, complaint

BLOCK_START = re.compile(
    r"(?P<heading>#{1,6}(?= |$))|(?P<quotation>>)|(?P<rule>(?:- *){3,}$)|(?P<bullet>[-+](?= |$))"
    r"|(?P<number>\d{1,9}[.)](?= |$))|(?P<fence>~~~)",
    re.ASCII,
)
"""What starts a block that is no paragraph, less than four spaces from the margin."""

UNDERLINE = re.compile(r"(?:=+|-+) *$")
CODE_INDENT = 4
"""Spaces that make code of a line that does not continue a paragraph."""


class MarkdownBlock(NamedTuple):
    """A paragraph, item, quotation or heading: its words in one line, and the line of the source it starts on."""

    kind: Kind
    text: str
    line: int


def read_blocks(text: str, first: int, lines: Sequence[str]) -> Sequence[MarkdownBlock]:
    """Read `text`, which starts on line `first` of the source `lines`; raise Refused at any other shape."""
    reader = _BlockReader(lines)
    for number, line in enumerate(text.split("\n"), start=first):
        reader.line(line, number)
    reader.end()
    return reader.found


@dataclass(slots=True)
class _BlockReader:
    """Reads line by line: `parts` are the lines of the open paragraph, `item` is the indent of the item above."""

    lines: Sequence[str]
    found: list[MarkdownBlock] = field(default_factory=list)
    kind: Kind = Kind.PARAGRAPH
    parts: list[str] = field(default_factory=list)
    first_line: int = 0
    item: int = 0

    def line(self, line: str, number: int) -> None:
        rest = line.lstrip(" ")
        indent = len(line) - len(rest)
        if not rest:
            self.end()
        elif self.item and indent >= min(self.item, CODE_INDENT):
            self.inside_item(rest, number, indent)
        elif self.parts and self.continues_paragraph(rest, indent):
            if self.kind is Kind.QUOTATION:  # where readers of Markdown differ over a sign behind four spaces
                self.refuse_block(rest, number, indent, around="quotation")
            self.continue_paragraph(rest, number, indent)
        elif indent >= CODE_INDENT:
            raise self.refuse("code-by-four-spaces", number, indent)
        else:
            self.start(rest, number, indent)

    def continues_paragraph(self, rest: str, indent: int) -> bool:
        """Whether a line belongs to the open paragraph; of numbers, only 1 could start a list there."""
        start = BLOCK_START.match(rest) if indent < CODE_INDENT else None
        if start is None or UNDERLINE.match(rest):
            return True
        return start.lastgroup == "number" and self.kind is Kind.PARAGRAPH and int(start[0][:-1]) != 1

    def continue_paragraph(self, rest: str, number: int, indent: int) -> None:
        if UNDERLINE.match(rest):
            raise self.refuse("underlined", number, indent)
        if self.parts[-1].endswith("  "):
            above = self.lines[number - 2]
            raise self.refuse("line-break", number - 1, len(above) - len(above.lstrip(" ")))
        self.parts.append(rest)

    def inside_item(self, rest: str, number: int, indent: int) -> None:
        if not self.parts:
            raise self.refuse("item-of-two-paragraphs", number, indent)
        self.refuse_block(rest, number, indent, around="list")
        self.continue_paragraph(rest, number, indent)

    def start(self, rest: str, number: int, indent: int) -> None:
        start = BLOCK_START.match(rest)
        self.item = 0
        if start is not None and start.lastgroup == "quotation":
            self.quotation(rest, number, indent)
            return
        self.end()
        if start is None:
            self.begin(Kind.PARAGRAPH, rest, number)
        elif start[0] == "#":
            # Without the “#” that may close a heading.
            text = rest[1:].strip(" ")
            open_end = text.rstrip("#")
            closed = not open_end or open_end.endswith(" ")
            self.found.append(MarkdownBlock(Kind.HEADING, open_end.rstrip(" ") if closed else text, number))
        elif start[0] == "-" and start.lastgroup == "bullet":
            self.bullet(rest, number, indent)
        else:
            starts = SHAPES[start.lastgroup or ""]
            raise self.refuse("shape", number, indent, starts=starts, sign=excerpt(start[0]))

    def bullet(self, rest: str, number: int, indent: int) -> None:
        text = rest[1:].lstrip(" ")
        inner = indent + len(rest) - len(text)
        if not text:
            raise self.refuse("item-empty", number, indent)
        if inner - indent > CODE_INDENT + 1:
            raise self.refuse("code-by-spaces", number, inner)
        self.refuse_block(text, number, inner, around="list")
        self.begin(Kind.BULLET, text, number)
        self.item = inner

    def quotation(self, rest: str, number: int, indent: int) -> None:
        """Read a line of a quotation, the first or a later one; an empty one ends a paragraph of it."""
        inside = rest[1:].removeprefix(" ")
        text = inside.lstrip(" ")
        column = indent + len(rest) - len(text)
        is_continued = self.kind is Kind.QUOTATION and bool(self.parts)
        if not is_continued or not text:
            self.end()
        if len(inside) - len(text) >= CODE_INDENT and not is_continued and text:
            raise self.refuse("code-by-spaces", number, column)
        self.refuse_block(text, number, column, around="quotation")
        if is_continued and text:
            self.continue_paragraph(text, number, column)
        elif text:
            self.begin(Kind.QUOTATION, text, number)

    def refuse_block(self, text: str, number: int, column: int, *, around: str) -> None:
        """Refuse what would start a block inside another; `continue_paragraph` refuses an underline."""
        start = BLOCK_START.match(text)
        if start is not None and not (self.parts and UNDERLINE.match(text)):
            raise self.refuse(f"shape-in-{around}", number, column, starts=SHAPES[start.lastgroup or ""])

    def begin(self, kind: Kind, text: str, number: int) -> None:
        self.kind, self.parts, self.first_line = kind, [text], number

    def end(self) -> None:
        if self.parts:
            text = " ".join(part.rstrip(" ") for part in self.parts)
            self.found.append(MarkdownBlock(self.kind, text, self.first_line))
            self.parts = []

    def refuse(self, code: str, number: int, column: int, **params: object) -> Refused:
        """Return the refusal of a line of the source, from `column` (counted from 0)."""
        text = self.lines[number - 1][column:]
        return Refused(number, column + 1, complaint(code, text=excerpt(text), **params), length=len(text))
