"""Markdown cut down to a letter's shapes: paragraphs, “- ” items, “> ” quotations and the “# ” subject."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token as MarkdownToken

from advocacy.campaigns.program import Kind
from advocacy.campaigns.tokens import SHAPES, Refused, short

MARKDOWN = MarkdownIt("commonmark", {"maxNesting": 3})
"""Reads blocks alone, to the depth of a list's item: what lies deeper is refused, so nothing is lost there."""
MARKDOWN.core.ruler.disable(["inline", "text_join"])

KINDS = {"bullet_list_open": Kind.BULLET, "blockquote_open": Kind.QUOTATION, "heading_open": Kind.HEADING}
PLAIN = frozenset({"paragraph_open", "paragraph_close", "inline", "list_item_open", "list_item_close"})
CLOSING = frozenset({"bullet_list_close", "blockquote_close", "heading_close"})
SIGNS = {Kind.BULLET: "-", Kind.QUOTATION: ">", Kind.HEADING: "#"}

SPOKEN: Mapping[str, str] = {
    "ordered_list_open": "starts a numbered list",
    "code_block": "is code, for the four spaces before it",
    "fence": "starts code",
    "hr": "draws a rule",
}
LEAD = re.compile(r" *[->] *")


class Shape(NamedTuple):
    """A paragraph, item, quotation or heading: its words in one line, and the line of the source it starts on."""

    kind: Kind
    text: str
    line: int


def read(text: str, first: int, lines: Sequence[str]) -> Iterator[Shape]:
    """Read `text`, which starts on line `first` of the source `lines`; raise Refused at any other shape."""
    if not text.isspace():
        yield from _Reader(first, lines).shapes(MARKDOWN.parse(text))


@dataclass(slots=True)
class _Reader:
    first: int
    lines: Sequence[str]
    kinds: list[Kind] = field(default_factory=lambda: [Kind.PARAGRAPH])
    opened: int = 0
    in_item: int = 0

    def shapes(self, tokens: Sequence[MarkdownToken]) -> Iterator[Shape]:
        for token in tokens:
            line = self.first + (token.map[0] if token.map else 0)
            if token.type in KINDS:
                self.opens(token, line)
            elif token.type in CLOSING:
                self.kinds.pop()
            elif token.type == "list_item_open":
                self.in_item = 0
            elif token.type == "inline":
                yield Shape(self.kinds[-1], self.words(token.content, line), line)
            elif token.type not in PLAIN:
                raise self.refuse(line, SPOKEN.get(token.type, "is more than prose to Markdown"))

    def opens(self, token: MarkdownToken, line: int) -> None:
        kind = KINDS[token.type]
        if len(self.kinds) > 1:
            raise self.refuse(line, f"starts a {kind} inside a {self.kinds[-1]}", inner=line == self.opened)
        if token.markup != SIGNS[kind]:
            underlined = token.map is not None and token.markup in ("=", "-")
            line = self.first + token.map[1] - 1 if underlined and token.map is not None else line
            raise self.refuse(line, f"marks a {kind} with “{token.markup}”")
        self.kinds.append(kind)
        self.opened = line

    def words(self, content: str, line: int) -> str:
        """Join the lines of a paragraph; refuse what would part them again."""
        *before, last = content.split("\n")
        for offset, part in enumerate(before):
            if part.endswith("  "):
                raise self.refuse(line + offset, "ends with two spaces, which break the line")
        self.in_item += 1
        if self.kinds[-1] is Kind.BULLET and self.in_item > 1:
            raise self.refuse(line, "is a second paragraph in one item of a list")
        return " ".join(part.strip(" ") for part in [*before, last])

    def refuse(self, line: int, why: str, *, inner: bool = False) -> Refused:
        """Refuse a line of the source, at its first sign or at what stands behind the mark it starts with."""
        text = self.lines[line - 1]
        lead = LEAD.match(text) if inner else None
        column = lead.end() if lead else len(text) - len(text.lstrip(" "))
        return Refused(line, column + 1, f"“{short(text[column:])}” {why}; {SHAPES}")
