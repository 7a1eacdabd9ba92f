"""First step of the parser: split a source into tokens with their places, and check its prose against an allow-list."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.entities import html5

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

from advocacy.problems import Complaint, Place, Problem, complaint

MAX_CHARACTERS = 20_000

NOT_PROSE = re.compile(
    r"[\\`*_\[\]{}<|\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\uf8ff\ufeff"
    r"\ufff0-\uffff\U000e0000-\U0010ffff]"
)
"""Signs that Markdown or a computer would read as more than words, or that are invisible, and that no letter needs."""

ENTITY = re.compile(r"&(?:#(?:\d+|[xX][\da-fA-F]+)|[A-Za-z][A-Za-z\d]*);", re.ASCII)
LINE_BREAK = re.compile(r"\r\n?")
TAG = re.compile(r"\{\{[^{}\n]*\}\}|\{%[^{}\n]*%\}")
PRINTED_NAME = re.compile(r"\{\{\s*([\w.]+)\s*\}\}")
"""A tag that prints a value, and the name of the value."""


class Refused(ValueError):
    """The source is not in the letter's language: where that is (line and column from 1), and what is wrong."""

    def __init__(self, line: int, column: int, complaint: Complaint, *, length: int = 0) -> None:
        super().__init__(complaint.code)
        self.line, self.column, self.complaint, self.length = line, column, complaint, length

    def __str__(self) -> str:
        return f"{self.line}:{self.column}: {self.complaint.sentence}"

    def problem(self, file: str) -> Problem:
        return self.complaint.at(Place(file, self.line, self.column, self.length))


class ChooseTag(Extension):
    """The tag `choose`: parsed into a Scope with one Scope per alternative, a node that no other allowed tag makes."""

    tags = frozenset({"choose"})  # type: ignore[assignment]  # Jinja declares a mutable set; ours is never changed

    def parse(self, parser: Parser) -> nodes.Node:
        """Parse the alternatives up to `endchoose`; each has the place of its `choose` or `or`."""
        first = opener = next(parser.stream)
        alternatives: list[nodes.Node] = []
        while opener.value != "endchoose":
            body = parser.parse_statements(("name:or", "name:endchoose"))
            alternatives.append(nodes.Scope(body, lineno=opener.lineno))
            opener = next(parser.stream)
        return nodes.Scope(alternatives, lineno=first.lineno)


ENVIRONMENT = ImmutableSandboxedEnvironment(
    extensions=[ChooseTag], undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False
)


@dataclass(frozen=True, slots=True)
class Token:
    """One token of the source and where it starts."""

    kind: str
    text: str
    line: int
    column: int

    def refuse(self, code: str, /, **params: object) -> Refused:
        return Refused(self.line, self.column, complaint(code, **params), length=len(self.text))


def normalize_source(source: str) -> str:
    """Return `source` with line feeds for line breaks; raise Refused when it is longer than any letter."""
    text = LINE_BREAK.sub("\n", source[:MAX_CHARACTERS])
    if len(source) > MAX_CHARACTERS:
        line, column = advance(1, 1, text)
        piece = excerpt(source[MAX_CHARACTERS : MAX_CHARACTERS + 60])
        raise Refused(line, column, complaint("text-too-long", text=piece, most=MAX_CHARACTERS))
    return text


def tokenize(text: str) -> Iterator[Token]:
    """Split `text` into Jinja's tokens, in order; raise Refused at the first that no letter may have."""
    line, column, place = 1, 1, 0
    try:
        for _, kind, piece in ENVIRONMENT.lex(text):
            start = text.index(piece, place)  # before a {%- Jinja silently removes the spaces
            line, column = advance(line, column, text[place:start])
            token = Token(kind, piece, line, column)
            _check_token(token)
            yield token
            line, column = advance(line, column, piece)
            place = start + len(piece)
    except TemplateSyntaxError:
        if text[place : place + 1] in ("'", '"'):
            piece = excerpt(text[place : place + 60])
            raise Refused(line, column, complaint("quotation-not-closed", text=piece)) from None
        piece = excerpt(text[place : place + 1])
        raise Refused(line, column, complaint("sign-stray", text=piece), length=1) from None


def excerpt(text: str) -> str:
    """Return the beginning of a piece of a source, to be quoted: at most 40 characters, all of them printable."""
    folded = " ".join(text.split()) or "…"
    plain = "".join(sign if sign.isprintable() else f"[U+{ord(sign):04X}]" for sign in folded[:41])
    return plain if len(plain) <= 40 else f"{plain[:39]}…"


def advance(line: int, column: int, text: str) -> tuple[int, int]:
    """Return the line and column after `text`, which starts at `line` and `column`."""
    breaks = text.count("\n")
    return (line, column + len(text)) if not breaks else (line + breaks, len(text) - text.rfind("\n"))


def _check_token(token: Token) -> None:
    if token.kind == "data":
        _check_prose(token)
    elif token.kind.startswith(("raw", "comment", "linecomment", "linestatement")):
        raise token.refuse("comment", text=excerpt(token.text))
    elif token.kind.endswith(("_begin", "_end")) and ("-" in token.text or "+" in token.text):
        raise token.refuse("braces-with-sign", text=token.text.strip())


def _check_prose(token: Token) -> None:
    """Refuse the first sign in prose that is not allowed there."""
    # An entity is one such as &amp; or &#38;, and not the end of “R&D;”.
    entities = (one for one in ENTITY.finditer(token.text) if one[0][1] == "#" or one[0][1:] in html5)
    found = [*filter(None, [NOT_PROSE.search(token.text)]), *entities]
    if found:
        bad = min(found, key=re.Match.start)
        line, column = advance(token.line, token.column, token.text[: bad.start()])
        if bad[0].isprintable():
            code = "bracket-open" if bad[0] == "[" else "sign-forbidden"
            raise Refused(line, column, complaint(code, text=excerpt(bad[0])), length=len(bad[0]))
        raise Refused(line, column, complaint("sign-invisible", text=f"U+{ord(bad[0]):04X}"), length=len(bad[0]))
