"""First step of the parser, between braces: check the shape and place of each tag, and the names in it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from advocacy.campaigns.grammar.allowed_names import CONDITION_WORDS, KEYWORDS, AllowedNames
from advocacy.campaigns.grammar.tokens import NOT_PROSE, Refused, Token, excerpt
from advocacy.problems import complaint

MAX_TOKENS = 1_500
MAX_NESTING = 5

OPENERS = {"if": "endif", "choose": "endchoose"}
FOLLOWERS = {"elif": "if", "else": "if", "endif": "if", "or": "choose", "endchoose": "choose"}
CONDITION_TAGS = frozenset({"if", "elif"})

OPERAND = frozenset({"name", "not", "("})
CONDITION_END = frozenset({"and", "or", ")"})
FOLLOWS: Mapping[str, frozenset[str]] = {
    "if": OPERAND,
    "and": OPERAND,
    "or": OPERAND,
    "not": frozenset({"name", "(", "in"}),
    "name": CONDITION_END | {".", "==", "in", "not"},
    ".": frozenset({"name"}),
    "==": frozenset({"string"}),
    "in": frozenset({"("}),
    "(": OPERAND | {"string"},
    "string": CONDITION_END | {","},
    ",": frozenset({"string", ")"}),
    ")": CONDITION_END,
}
"""What may stand after what in a condition; the tree that is made of it is still checked against the allow-list."""

CONDITION_LAST = frozenset({"name", "string", ")"})
NAME = re.compile(r"[a-z][a-z0-9_]*")
EMPTY_LINE = re.compile(r"\n *\n")
ALONE = re.compile(r" *\{%[^{}]*%\} *")


@dataclass(slots=True)
class Tag:
    """One `{% … %}` or `{{ … }}`: its opening and the tokens between its braces, without spaces."""

    opening: Token
    tokens: list[Token] = field(default_factory=list)
    brackets: list[Token] = field(default_factory=list)
    has_else: bool = False

    @property
    def is_block(self) -> bool:
        return self.opening.kind == "block_begin"

    @property
    def word(self) -> str:
        return self.tokens[0].text if self.tokens else ""

    @property
    def has_condition(self) -> bool:
        return self.is_block and self.word in CONDITION_TAGS

    def __str__(self) -> str:
        inside = excerpt(" ".join(token.text for token in self.tokens)) if self.tokens else ""
        return f"{{% {inside} %}}" if self.is_block else f"{{{{ {inside} }}}}"


class TagChecker:
    """Checks the tokens of a source one by one, and refuses the first that is not allowed."""

    def __init__(self, text: str, names: AllowedNames) -> None:
        self.tokens: list[Token] = []
        self.lines = text.split("\n")
        self.alone = frozenset(number for number, line in enumerate(self.lines, start=1) if ALONE.fullmatch(line))
        """Lines that have one block tag and nothing else: such tags are around whole paragraphs."""
        self._names = names
        self._open: list[Tag] = []
        self._tag: Tag | None = None
        self._total = 0

    def add(self, token: Token) -> None:
        self.tokens.append(token)
        if self._ends_paragraph(token) and self._open and self._open[-1].opening.line not in self.alone:
            raise self._not_closed(self._open[-1])
        if token.kind in ("block_begin", "variable_begin"):
            self._tag = Tag(token)
        elif self._tag is None:
            return
        elif token.kind in ("block_end", "variable_end"):
            self._close(self._tag)
            self._tag = None
        elif "\n" in token.text:
            raise self._not_complete(self._tag)
        elif token.kind != "whitespace":
            self._total += 1
            if self._total > MAX_TOKENS:
                raise token.refuse("too-many-words-in-tags", text=excerpt(token.text), most=MAX_TOKENS)
            self._check_inside(token, self._tag)
            self._tag.tokens.append(token)

    def _not_closed(self, tag: Tag) -> Refused:
        """Return the refusal of a tag that is not closed; `until` is the column (line if alone) where it could end."""
        line = tag.opening.line
        is_alone = line in self.alone
        if is_alone:
            rest = [*self.lines[line:], ""]
            first = next((number for number, text in enumerate(rest) if text.strip()), 0)
            is_end = (
                number
                for number, text in enumerate(rest[first:])
                if not text.strip() or line + first + number + 1 in self.alone
            )
            until = line + first + next(is_end, 0) + 1
        else:
            until = len(self.lines[line - 1].rstrip(" ")) + 1
        closing = f"{{% {OPENERS[tag.word]} %}}"
        return tag.opening.refuse("condition-not-closed", text=str(tag), closing=closing, alone=is_alone, until=until)

    def _ends_paragraph(self, token: Token) -> bool:
        """Whether a paragraph ends here: with an empty line, or a tag on a line of its own."""
        if token.kind == "data":
            return EMPTY_LINE.search(token.text) is not None
        return token.kind == "block_begin" and token.line in self.alone

    def finish(self) -> None:
        """Check at the end of the source that everything is closed."""
        if self._tag is not None:
            raise self._not_complete(self._tag)
        if self._open:
            raise self._not_closed(self._open[-1])

    def _not_complete(self, tag: Tag) -> Refused:
        closing = "%}" if tag.is_block else "}}"
        piece = excerpt(self.lines[tag.opening.line - 1][tag.opening.column - 1 :])
        return tag.opening.refuse("tag-not-closed", text=piece, closing=closing)

    def _check_inside(self, token: Token, tag: Tag) -> None:
        if not tag.is_block:
            _check_printed(token, tag)
        elif not tag.tokens:
            if token.text not in OPENERS and token.text not in FOLLOWERS:
                raise tag.opening.refuse("tag-unknown", text=f"{{% {excerpt(token.text)} %}}")
        elif tag.has_condition:
            _check_condition(token, tag)
        else:
            raise token.refuse("tag-with-more", text=excerpt(token.text), tag=str(tag))

    def _close(self, tag: Tag) -> None:
        if not tag.tokens:
            raise tag.opening.refuse("tag-empty", text=str(tag))
        if tag.has_condition and len(tag.tokens) == 1:
            raise tag.opening.refuse("condition-empty", text=str(tag))
        last = tag.tokens[-1]
        if (tag.has_condition or not tag.is_block) and _symbol(last) not in CONDITION_LAST:
            raise last.refuse("condition-unfinished" if tag.is_block else "blank-unfinished", text=last.text)
        self._check_names(tag)
        if tag.word in OPENERS and tag.is_block:
            self._open_block(tag)
        elif tag.is_block:
            self._continue_block(tag)

    def _open_block(self, tag: Tag) -> None:
        if tag.word == "choose" and tag.opening.line not in self.alone:
            raise tag.opening.refuse("choose-in-paragraph")
        if tag.word == "choose" and any(around.word == "choose" for around in self._open):
            raise tag.opening.refuse("choose-in-choose")
        self._open.append(tag)
        if len(self._open) > MAX_NESTING:
            raise tag.opening.refuse("tags-too-deep", text=str(tag), most=MAX_NESTING)

    def _continue_block(self, tag: Tag) -> None:
        opener = FOLLOWERS[tag.word]
        if not any(around.word == opener for around in self._open):
            raise tag.opening.refuse("end-without-condition", word=tag.word, opener=opener)
        around = self._open[-1]
        if around.word != opener:
            raise self._not_closed(around)
        if around.opening.line in self.alone and tag.opening.line not in self.alone:
            raise tag.opening.refuse("tag-not-alone", word=tag.word, opener=opener)
        if around.has_else and tag.word != "endif":
            raise tag.opening.refuse("after-else", word=tag.word)
        around.has_else = tag.word == "else"
        if tag.word in OPENERS.values():
            self._open.pop()

    def _check_names(self, tag: Tag) -> None:
        """Refuse the first name that is not allowed, at its column."""
        for token, name in _dotted_names(tag):
            if name in self._names.flags and not tag.is_block:
                raise token.refuse("flag-printed", name=name)
            if name in self._names.compared and not tag.is_block:
                raise token.refuse("name-not-printed", name=name)
            if not self._names.offers(name):
                code = "condition-name-unknown" if tag.is_block else "name-unknown"
                if name.startswith("finding."):
                    code = "finding-not-offered"
                offered = tuple(self._names.similar(name, printed=not tag.is_block))
                raise Refused(
                    token.line, token.column, complaint(code, name=excerpt(name), names=offered), length=len(name)
                )


def _symbol(token: Token) -> str:
    """Return a token's key in the table of what may follow what, "" for what is allowed nowhere."""
    if token.kind == "name" and token.text not in CONDITION_WORDS:
        return "name" if NAME.fullmatch(token.text) and token.text not in KEYWORDS else ""
    if token.kind == "string":
        return "" if NOT_PROSE.search(token.text.replace("_", "")) else "string"
    return token.text if token.kind in ("name", "operator") and token.text in FOLLOWS else ""


def _check_printed(token: Token, tag: Tag) -> None:
    """Refuse a token between double braces that is no part of one name, with points between its words."""
    sort = _symbol(token)
    if sort not in ("name", "."):
        raise token.refuse("inside-braces", text=excerpt(token.text))
    if (sort == ".") != len(tag.tokens) % 2:
        raise token.refuse("blank-with-more", text=excerpt(token.text))


def _check_condition(token: Token, tag: Tag) -> None:
    """Refuse a token of a condition that may not follow the one before it."""
    sort = _symbol(token)
    if token.text == "%" and tag.brackets:
        raise tag.brackets[-1].refuse("bracket-not-closed")
    if not sort:
        raise token.refuse("inside-braces", text=excerpt(token.text))
    before = tag.tokens[-1]
    if sort not in FOLLOWS["if" if len(tag.tokens) == 1 else _symbol(before)]:
        raise token.refuse("condition-word", text=excerpt(token.text), before=excerpt(before.text))
    if sort == "(":
        tag.brackets.append(token)
        if len(tag.brackets) > MAX_NESTING:
            raise token.refuse("brackets-too-deep", text="(", most=MAX_NESTING)
    elif sort == ")":
        tag.brackets.pop()


def _dotted_names(tag: Tag) -> Iterator[tuple[Token, str]]:
    """Yield each whole name, whose words are joined by points, with its first token."""
    first: Token | None = None
    name = ""
    for token in tag.tokens[1:] if tag.is_block else tag.tokens:
        joins = name.endswith(".") or token.text == "."
        if first is not None and not joins:
            yield first, name
            first, name = None, ""
        if first is None and _symbol(token) == "name":
            first = token
        if first is not None:
            name += token.text
    if first is not None:
        yield first, name
