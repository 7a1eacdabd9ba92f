"""Step one of the wall, between braces: every tag has a listed shape and place, closes, and names what is offered."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from advocacy.campaigns.names import CONDITION_WORDS, KEYWORDS, Names
from advocacy.campaigns.tokens import ALLOWED, NOT_PROSE, Refused, Token, short

MAX_TOKENS = 1_500
MAX_NESTING = 5

OPENERS = {"if": "endif", "choose": "endchoose"}
FOLLOWERS = {"elif": "if", "else": "if", "endif": "if", "or": "choose", "endchoose": "choose"}
ASKING = frozenset({"if", "elif"})
CONDITION = 'a condition is names with and, or, not and brackets, name == "word", or name in ("word", "word")'

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
"""What may stand after what in a condition; the tree that is made of it is still held against the list."""

CONDITION_LAST = frozenset({"name", "string", ")"})
NAME = re.compile(r"[a-z][a-z0-9_]*")
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
        """Tell a `{% %}` from a `{{ }}`."""
        return self.opening.kind == "block_begin"

    @property
    def word(self) -> str:
        """The tag's first word, "" for an empty one."""
        return self.tokens[0].text if self.tokens else ""

    @property
    def asks(self) -> bool:
        """Tell whether the tag holds a condition."""
        return self.is_block and self.word in ASKING

    def __str__(self) -> str:
        inside = short(" ".join(token.text for token in self.tokens)) if self.tokens else ""
        return f"“{{% {inside} %}}”" if self.is_block else f"“{{{{ {inside} }}}}”"


class Tags:
    """Takes the tokens of a source one by one, and refuses the first that is not on the list."""

    def __init__(self, text: str, names: Names) -> None:
        self.tokens: list[Token] = []
        self.lines = text.split("\n")
        self.alone = frozenset(number for number, line in enumerate(self.lines, start=1) if ALONE.fullmatch(line))
        """Lines that hold one block tag and nothing else: such tags stand around whole paragraphs."""
        self._names = names
        self._open: list[Tag] = []
        self._tag: Tag | None = None
        self._total = 0

    def take(self, token: Token) -> None:
        """Hold one more token against the list."""
        self.tokens.append(token)
        if token.kind in ("block_begin", "variable_begin"):
            self._tag = Tag(token)
        elif self._tag is None:
            return
        elif token.kind in ("block_end", "variable_end"):
            self._close(self._tag)
            self._tag = None
        elif "\n" in token.text:
            raise self._unclosed(self._tag)
        elif token.kind != "whitespace":
            self._total += 1
            if self._total > MAX_TOKENS:
                many = f"“{short(token.text)}” is one too many: at most {MAX_TOKENS:,} words and signs inside braces"
                raise token.refuse(f"{many}; make the letter simpler")
            self._inside(token, self._tag)
            self._tag.tokens.append(token)

    def end(self) -> None:
        """Hold the end of the source against the list: everything is closed."""
        if self._tag is not None:
            raise self._unclosed(self._tag)
        if self._open:
            left = self._open[-1]
            raise left.opening.refuse(f"{left} is never closed; write “{{% {OPENERS[left.word]} %}}”")

    def _unclosed(self, tag: Tag) -> Refused:
        closing = "%}" if tag.is_block else "}}"
        piece = short(self.lines[tag.opening.line - 1][tag.opening.column - 1 :])
        return tag.opening.refuse(f"“{piece}” does not close on its line; write “{closing}”")

    def _inside(self, token: Token, tag: Tag) -> None:
        if not tag.is_block:
            _printed(token, tag)
        elif not tag.tokens:
            if token.text not in OPENERS and token.text not in FOLLOWERS:
                raise tag.opening.refuse(f"“{{% {short(token.text)} %}}” is not allowed; {ALLOWED}")
        elif tag.asks:
            _asked(token, tag)
        else:
            raise token.refuse(f"“{short(token.text)}” cannot stand in {tag}; {ALLOWED}")

    def _close(self, tag: Tag) -> None:
        if not tag.tokens:
            raise tag.opening.refuse(f"{tag} is empty; write a name such as {{{{ citizen.name }}}}; {ALLOWED}")
        if tag.asks and len(tag.tokens) == 1:
            raise tag.opening.refuse(f"{tag} asks nothing; {CONDITION}")
        last = tag.tokens[-1]
        if (tag.asks or not tag.is_block) and _sort(last) not in CONDITION_LAST:
            raise last.refuse(f"“{last.text}” cannot stand last; {CONDITION if tag.is_block else ALLOWED}")
        self._offered(tag)
        if tag.word in OPENERS and tag.is_block:
            self._opens(tag)
        elif tag.is_block:
            self._follows(tag)

    def _opens(self, tag: Tag) -> None:
        if tag.word == "choose" and tag.opening.line not in self.alone:
            raise tag.opening.refuse("“choose” offers whole paragraphs; give its tag a line of its own")
        if tag.word == "choose" and any(around.word == "choose" for around in self._open):
            raise tag.opening.refuse("“choose” stands inside another; an alternative holds paragraphs and ifs")
        self._open.append(tag)
        if len(self._open) > MAX_NESTING:
            raise tag.opening.refuse(f"{tag} is nested too deep; {MAX_NESTING} tags may stand in each other")

    def _follows(self, tag: Tag) -> None:
        opener = FOLLOWERS[tag.word]
        if not self._open or self._open[-1].word != opener:
            between = f"; close “{self._open[-1].word}” first" if self._open else ""
            raise tag.opening.refuse(f"“{tag.word}” has no open “{opener}” before it{between}; {ALLOWED}")
        around = self._open[-1]
        alone = around.opening.line in self.alone
        if alone != (tag.opening.line in self.alone):
            where = "on a line of its own" if alone else "in the paragraph"
            raise tag.opening.refuse(f"“{tag.word}” must stand {where}; its “{opener}” does")
        if around.has_else and tag.word != "endif":
            raise tag.opening.refuse(f"“{tag.word}” comes after “else”; an if ends with one else at most")
        around.has_else = tag.word == "else"
        if tag.word in OPENERS.values():
            self._open.pop()

    def _offered(self, tag: Tag) -> None:
        """Refuse every name that is not offered, at its column."""
        for token, name in _dotted(tag):
            if name in self._names.flags and not tag.is_block:
                raise token.refuse(f"“{name}” answers yes or no; use it in an if")
            if name in self._names.compared and not tag.is_block:
                raise token.refuse(f"“{name}” is not for print; compare it in an if")
            if not self._names.knows(name):
                offered = ", ".join(self._names.like(name, printed=not tag.is_block))
                advice = "; letter.toml lists the findings" if name.startswith("finding.") else ""
                unfit = f"“{short(name)}” is not a name a letter can {'ask for' if tag.is_block else 'print'}"
                raise token.refuse(f"{unfit}; offered are {offered}{advice}")


def _sort(token: Token) -> str:
    """Give a token's key in the table of what may follow what, "" for what may stand nowhere."""
    if token.kind == "name" and token.text not in CONDITION_WORDS:
        return "name" if NAME.fullmatch(token.text) and token.text not in KEYWORDS else ""
    if token.kind == "string":
        return "" if NOT_PROSE.search(token.text.replace("_", "")) else "string"
    return token.text if token.kind in ("name", "operator") and token.text in FOLLOWS else ""


def _printed(token: Token, tag: Tag) -> None:
    """Hold a token between double braces against the one shape there is: names with a point between them."""
    sort = _sort(token)
    if sort not in ("name", "."):
        raise token.refuse(f"“{short(token.text)}” is not allowed inside braces; {ALLOWED}")
    if (sort == ".") != len(tag.tokens) % 2:
        raise token.refuse(f"“{short(token.text)}” cannot stand here; double braces hold one name; {ALLOWED}")


def _asked(token: Token, tag: Tag) -> None:
    """Hold a token of a condition against what may follow what."""
    sort = _sort(token)
    if token.text == "%" and tag.brackets:
        raise tag.brackets[-1].refuse("“(” is never closed; write “)”")
    if not sort:
        raise token.refuse(f"“{short(token.text)}” is not allowed inside braces; {ALLOWED}")
    before = tag.tokens[-1]
    if sort not in FOLLOWS["if" if len(tag.tokens) == 1 else _sort(before)]:
        raise token.refuse(f"“{short(token.text)}” cannot stand after “{short(before.text)}”; {CONDITION}")
    if sort == "(":
        tag.brackets.append(token)
        if len(tag.brackets) > MAX_NESTING:
            raise token.refuse(f"“(” is nested too deep; {MAX_NESTING} brackets may stand in each other")
    elif sort == ")":
        tag.brackets.pop()


def _dotted(tag: Tag) -> Iterator[tuple[Token, str]]:
    """Join what points join, and give each whole name with its first token."""
    first: Token | None = None
    name = ""
    for token in tag.tokens[1:] if tag.is_block else tag.tokens:
        joins = name.endswith(".") or token.text == "."
        if first is not None and not joins:
            yield first, name
            first, name = None, ""
        if first is None and _sort(token) == "name":
            first = token
        if first is not None:
            name += token.text
    if first is not None:
        yield first, name
