"""Step one of the wall: a source is cut into tokens, and every token, tag and name is held against what is listed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

from advocacy.campaigns.names import Names
from advocacy.toml_source import Problem

MAX_CHARACTERS = 20_000
MAX_TOKENS = 1_500
MAX_NESTING = 5

ALLOWED = (
    "allowed are text, {{ name }}, {% if %} with and, or, not, ==, in, and {% choose %} … {% or %} … {% endchoose %}"
)
SHAPES = "a letter has paragraphs, “- ” lists, “> ” quotations and one “# ” subject, nothing else"

OPENERS = {"if": "endif", "choose": "endchoose"}
FOLLOWERS = {"elif": "if", "else": "if", "endif": "if", "or": "choose", "endchoose": "choose"}
OPERATORS = frozenset({"==", "(", ")", "[", "]", ",", "."})
DEEPER = {"(": 1, "[": 1, ")": -1, "]": -1}
WORDS = frozenset({"and", "or", "not", "in"})
NAME = re.compile(r"[a-z][a-z0-9_]*")
NOT_PROSE = re.compile(r"[\\`*_\[\]{}<|\x00-\x08\x0b-\x1f\x7f\u2028\u2029\ud800-\uf8ff\U000e0000-\U0010ffff]")
"""Signs that Markdown or a computer would read as more than words, and that no letter needs."""


class Refused(ValueError):
    """The source is not in the letter's language: where (line and column from 1), what, and what is allowed instead."""

    def __init__(self, line: int, column: int, sentence: str) -> None:
        super().__init__(f"{line}:{column}: {sentence}")
        self.line, self.column, self.sentence = line, column, sentence

    def problem(self, file: str) -> Problem:
        """Name the file too."""
        return Problem(file, self.line, self.column, self.sentence)


class Choose(Extension):
    """The tag `choose`: parsed into a Scope that holds one Scope per alternative, a node no other allowed tag makes."""

    tags = frozenset({"choose"})  # type: ignore[assignment]  # Jinja declares a mutable set; ours is never changed

    def parse(self, parser: Parser) -> nodes.Node:
        """Read the alternatives up to `endchoose`."""
        line = next(parser.stream).lineno
        alternatives: list[nodes.Node] = []
        ended = False
        while not ended:
            body = parser.parse_statements(("name:or", "name:endchoose"))
            alternatives.append(nodes.Scope(body, lineno=line))
            ended = next(parser.stream).value == "endchoose"
        return nodes.Scope(alternatives, lineno=line)


ENVIRONMENT = ImmutableSandboxedEnvironment(
    extensions=[Choose], undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False
)


@dataclass(frozen=True, slots=True)
class Token:
    """One token of the source and where it starts."""

    kind: str
    text: str
    line: int
    column: int

    def refuse(self, sentence: str) -> Refused:
        """Refuse the source at this token."""
        return Refused(self.line, self.column, sentence)


@dataclass(slots=True)
class Tag:
    """One `{% … %}` or `{{ … }}`: its opening and the tokens between its braces, without spaces."""

    opening: Token
    tokens: list[Token] = field(default_factory=list)

    @property
    def is_block(self) -> bool:
        """Tell a `{% %}` from a `{{ }}`."""
        return self.opening.kind == "block_begin"

    @property
    def word(self) -> str:
        """The tag's first word, "" for an empty one."""
        return self.tokens[0].text if self.tokens else ""


def lex(source: str, names: Names) -> frozenset[int]:
    """Cut `source` into tokens and hold them against the list; raise Refused for the first that is not on it.

    Gives the lines that hold one block tag and nothing else: such tags stand around whole paragraphs.
    """
    if len(source) > MAX_CHARACTERS:
        line = source.count("\n", 0, MAX_CHARACTERS) + 1
        raise Refused(line, 1, f"the text is longer than {MAX_CHARACTERS:,} characters; a letter is one page")
    tokens = _cut(source)
    tags = _tags(tokens)
    tag_lines = _tag_lines(source, tags)
    for token in tokens:
        _prose(token)
    _nesting(tags, tag_lines)
    for tag in tags:
        _names(tag, names)
    return tag_lines


def short(text: str) -> str:
    """Quote a piece of a source, at most 40 characters of it."""
    folded = " ".join(text.split())
    return folded if len(folded) <= 40 else f"{folded[:39]}…"


def refusal(error: TemplateSyntaxError, source: str) -> Refused:
    """Speak Jinja's own complaint at the first braces of its line."""
    line = max(error.lineno, 1)
    lines = source.split("\n")
    found = re.search(r"\{[{%#]", lines[line - 1]) if line <= len(lines) else None
    return Refused(line, found.start() + 1 if found else 1, f"{error.message}; {ALLOWED}")


def _cut(source: str) -> list[Token]:
    tokens: list[Token] = []
    line, column = 1, 1
    try:
        for _, kind, text in ENVIRONMENT.lex(source):
            token = Token(kind, text, line, column)
            _known(token)
            tokens.append(token)
            line, column = _after(line, column, text)
    except TemplateSyntaxError as error:
        raise refusal(error, source) from None
    return tokens


def _known(token: Token) -> None:
    if token.kind.startswith(("raw", "comment", "linecomment", "linestatement")):
        raise token.refuse(f"“{short(token.text)}” is not allowed in a letter; {ALLOWED}")
    if token.kind.endswith(("_begin", "_end")) and ("-" in token.text or "+" in token.text):
        raise token.refuse(f"“{token.text.strip()}”: write the braces without - or +; {ALLOWED}")


def _tags(tokens: Sequence[Token]) -> list[Tag]:
    """Gather the tokens of each pair of braces; refuse too many, and every token that no tag may hold."""
    tags: list[Tag] = []
    inside, total = False, 0
    for token in tokens:
        if token.kind in ("block_begin", "variable_begin"):
            tags.append(Tag(token))
            inside = True
        elif token.kind in ("block_end", "variable_end"):
            inside = False
        elif inside and "\n" in token.text:
            raise tags[-1].opening.refuse("these braces close on another line; write them on one line")
        elif inside and token.kind != "whitespace":
            total += 1
            _listed(token, total, tags[-1])
            tags[-1].tokens.append(token)
    for tag in tags:
        _depth(tag)
    return tags


def _listed(token: Token, total: int, tag: Tag) -> None:
    if total > MAX_TOKENS:
        raise token.refuse(f"more than {MAX_TOKENS:,} words and signs inside braces; make the letter simpler")
    fits = {
        "name": NAME.fullmatch(token.text) is not None,
        "operator": token.text in (OPERATORS if tag.is_block else {"."}),
        "string": tag.is_block,
    }
    if not fits.get(token.kind, False):
        raise token.refuse(f"“{short(token.text)}” is not allowed inside braces; {ALLOWED}")


def _depth(tag: Tag) -> None:
    depth, before = 0, ""
    for token in tag.tokens:
        depth += DEEPER.get(token.text, 0)
        if depth > MAX_NESTING:
            raise token.refuse(f"brackets nested more than {MAX_NESTING} deep; make the condition simpler")
        if token.text == before == "not":
            raise token.refuse("“not not” says nothing; take both away")
        before = token.text


def _prose(token: Token) -> None:
    """Refuse in the prose every sign that is more than prose."""
    bad = NOT_PROSE.search(token.text) if token.kind == "data" else None
    if bad:
        line, column = _after(token.line, token.column, token.text[: bad.start()])
        sign = f"“{bad[0]}”" if bad[0].isprintable() else f"the sign U+{ord(bad[0]):04X}"
        raise Refused(line, column, f"{sign} is not allowed in a letter's text; {SHAPES}")


def _nesting(tags: Sequence[Tag], tag_lines: frozenset[int]) -> None:
    """Refuse tags that are unknown, do not close, nest deeper than allowed, or stand where they cannot."""
    open_tags: list[Tag] = []
    for tag in tags:
        if not tag.is_block:
            continue
        if tag.word in OPENERS:
            open_tags.append(tag)
            _opens(tag, len(open_tags), tag_lines)
        elif tag.word in FOLLOWERS:
            _follows(tag, open_tags, tag_lines)
        else:
            raise tag.opening.refuse(f"“{{% {short(tag.word)} %}}” is not allowed; {ALLOWED}")
    if open_tags:
        left = open_tags[-1]
        raise left.opening.refuse(f"this {left.word} is never closed; write {{% {OPENERS[left.word]} %}}")


def _opens(tag: Tag, depth: int, tag_lines: frozenset[int]) -> None:
    if depth > MAX_NESTING:
        raise tag.opening.refuse(f"nested more than {MAX_NESTING} deep; make the letter simpler")
    if tag.word == "choose" and tag.opening.line not in tag_lines:
        raise tag.opening.refuse("“choose” offers whole paragraphs; give its tag a line of its own")


def _follows(tag: Tag, open_tags: list[Tag], tag_lines: frozenset[int]) -> None:
    opener = FOLLOWERS[tag.word]
    if not open_tags or open_tags[-1].word != opener:
        raise tag.opening.refuse(f"“{tag.word}” has no open “{opener}” before it")
    alone = open_tags[-1].opening.line in tag_lines
    if alone != (tag.opening.line in tag_lines):
        where = "a line of its own" if alone else "in the paragraph"
        raise tag.opening.refuse(f"“{tag.word}” must stand {where}, as its “{opener}” does")
    if tag.word in OPENERS.values():
        open_tags.pop()


def _names(tag: Tag, names: Names) -> None:
    """Refuse every name that is not offered, with its column."""
    if not tag.is_block and not tag.tokens:
        raise tag.opening.refuse("the braces are empty; write a name such as {{ citizen.name }}")
    for token, name in _dotted(tag.tokens[1:] if tag.is_block else tag.tokens):
        if name in names.texts or (tag.is_block and name in names.flags):
            continue
        offered = f"offered are {', '.join(names.like(name))}"
        advice = "it answers yes or no: use it in an if" if name in names.flags else offered
        raise token.refuse(f"“{short(name)}” is not a name a letter can print; {advice}")


def _dotted(tokens: Sequence[Token]) -> Iterator[tuple[Token, str]]:
    """Join `name . name` and give each whole name with its first token; words of the language are left out."""
    first: Token | None = None
    name = ""
    for token in tokens:
        if first is not None and (token.text == "." or name.endswith(".")):
            name += token.text
            continue
        if first is not None:
            yield first, name
            first = None
        if token.kind == "name" and token.text not in WORDS:
            first, name = token, token.text
    if first is not None:
        yield first, name


def _after(line: int, column: int, text: str) -> tuple[int, int]:
    breaks = text.count("\n")
    return (line, column + len(text)) if not breaks else (line + breaks, len(text) - text.rfind("\n"))


def _tag_lines(source: str, tags: Sequence[Tag]) -> frozenset[int]:
    lines = source.split("\n")
    alone = re.compile(r"\{%[^{}]*%\}")
    on = {tag.opening.line for tag in tags if tag.is_block}
    return frozenset(line for line in on if alone.fullmatch(lines[line - 1].strip(" \t")))
