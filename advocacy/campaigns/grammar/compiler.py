"""Compile a parsed text to a program. Markdown is read here once, and not for each letter."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from jinja2 import nodes

from advocacy.campaigns.grammar.allowed_names import AllowedNames
from advocacy.campaigns.grammar.markdown import BLOCK_START, MarkdownBlock, read_blocks
from advocacy.campaigns.grammar.parser import ParsedSource, compared_words, dotted_name, parse
from advocacy.campaigns.grammar.program import (
    CHOICE_KEY,
    Block,
    Blocks,
    Branch,
    Choose,
    Comparison,
    Condition,
    Inline,
    Kind,
    OutlineEntry,
    Paragraph,
    Program,
    Slot,
    When,
    always,
    walk,
)
from advocacy.campaigns.grammar.tokens import Refused, excerpt
from advocacy.problems import complaint

FIRST_MARK = 0xE000
"""In a paragraph on its way through Markdown, one private character stands for each blank and inline tag."""

MARKS = re.compile("([\ue000-\uf8ff])")


@dataclass(frozen=True, slots=True)
class Mark:
    """What a private character stands for: a blank, or a turn of an inline `if` (None ends it)."""

    slot: Slot | None = None
    turn: Condition | None = None
    asked: str = ""
    opens: bool = False


@dataclass(slots=True)
class _Text:
    """Text between two block tags, with marks for what is not text; `line` is where it starts."""

    line: int = 0
    text: str = ""

    def add(self, text: str, line: int) -> None:
        if not self.text:
            self.line = line
        self.text += text


def compile_text(
    source: str,
    names: AllowedNames,
    *,
    typed: frozenset[str] = frozenset(),
    fixed: Mapping[str, str] | None = None,
    has_subject: bool = True,
) -> Program:
    """Compile one language's text of a letter; raise Refused for the first thing that keeps it from being one.

    `typed` are the fields that hold own words; `fixed` are values known now, the survey's.
    """
    return _Compiler(parse(source, names), names, typed, fixed or {}).program(int(has_subject))


@dataclass(slots=True)
class _Compiler:
    parsed: ParsedSource
    names: AllowedNames
    typed: frozenset[str]
    fixed: Mapping[str, str]
    groups: list[int] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    outline: list[OutlineEntry] = field(default_factory=list)
    conditions: dict[str, Condition] = field(default_factory=dict)

    def program(self, subjects_wanted: int) -> Program:
        blocks = self.blocks(self.parsed.tree.body)
        fewest, most = _count_headings(blocks)
        headings = [entry.line for entry in self.outline if entry.what is Kind.HEADING]
        if most > subjects_wanted:
            raise self.subject(headings[-1], "subject-too-many" if subjects_wanted else "subject-not-taken")
        if fewest < subjects_wanted:
            raise self.subject(headings[0] if headings else 1, "subject-missing")
        subjects = {
            block.number for block in walk(blocks) if isinstance(block, Choose) and _count_headings((block,))[0]
        }
        return Program(blocks, tuple(self.groups), frozenset(subjects), tuple(self.outline))

    def subject(self, line: int, code: str) -> Refused:
        return Refused(line, 1, complaint(code, text=excerpt(self.parsed.lines[line - 1])))

    def blocks(self, body: Sequence[nodes.Node]) -> Blocks:
        """Read a sequence of nodes as paragraphs; a tag on a line of its own ends the paragraph before it."""
        found: list[Block] = []
        run = _Text()
        for node in body:
            if isinstance(node, nodes.Scope) or (isinstance(node, nodes.If) and self.parsed.is_alone(node)):
                found += self.paragraphs(run)
                run = _Text()
                found.append(self.choose(node) if isinstance(node, nodes.Scope) else self.when(node))
            else:
                self.inline(node, run)
        return (*found, *self.paragraphs(run))

    def choose(self, node: nodes.Scope) -> Choose:
        number = len(self.groups)
        self.groups.append(len(node.body))
        self.enter("choose", self.line(node), str(len(node.body)))
        if len(node.body) < 2:
            raise self.parsed.opening(node).refuse("alternative-single")
        return Choose(number, tuple(self.alternative(held) for held in node.body if isinstance(held, nodes.Scope)))

    def alternative(self, node: nodes.Scope) -> Blocks:
        blocks = self.blocks(node.body)
        if not any(isinstance(block, Paragraph) for block in walk(blocks)):
            opening = self.parsed.opening(node)
            piece = excerpt(self.parsed.lines[opening.line - 1])
            raise opening.refuse("alternative-empty", text=piece)
        return blocks

    def when(self, node: nodes.If) -> When:
        cases: list[tuple[Condition, Blocks]] = []
        for branch in _cases(node):
            self.enter("if", self.line(branch), condition_text(branch.test))
            cases.append((self.condition(branch.test), self.blocks(branch.body)))
        if node.else_:
            self.enter("else", self.line(node.else_[0]))
            cases.append((always, self.blocks(node.else_)))
        return When(tuple(cases))

    def condition(self, test: nodes.Node) -> Condition:
        """Compile a condition; what asks the same is the same, so that it is answered once."""
        asked = condition_text(test)
        if asked not in self.conditions:
            self.conditions[asked] = compile_condition(test, self.names)
        return self.conditions[asked]

    def inline(self, node: nodes.Node, run: _Text) -> None:
        """Add a node inside a paragraph to its run."""
        if isinstance(node, nodes.Output):
            for part in node.nodes:
                run.add(self.part(part), self.line(part))
        elif isinstance(node, nodes.If):
            self.inline_if(node, run)
        else:
            raise self.parsed.opening(node).refuse("choose-in-paragraph")

    def inline_if(self, node: nodes.If, run: _Text) -> None:
        before = len(run.text)
        leads = not run.text.rpartition("\n")[2].strip(" ")
        for branch in _cases(node):
            turn, asked = self.condition(branch.test), condition_text(branch.test)
            run.add(self.mark(Mark(None, turn, asked, opens=branch is node)), self.line(branch))
            self.inline_body(branch.body, run, leads=leads)
        if node.else_:
            run.add(self.mark(Mark(None, always, "else")), self.line(node))
            self.inline_body(node.else_, run, leads=leads)
        run.add(self.mark(Mark()), self.line(node))
        if run.text.find("\n", before) >= 0:
            raise self.parsed.opening(node).refuse("condition-over-lines")

    def inline_body(self, body: Sequence[nodes.Node], run: _Text, *, leads: bool) -> None:
        """Add what one case holds; where it `leads` the line, a list or heading begun inside it would be lost."""
        start = len(run.text)
        for held in body:
            self.inline(held, run)
        sign = BLOCK_START.match(run.text[start:].lstrip(" ")) if leads else None
        if sign:
            raise self.parsed.opening(body[0]).refuse("shape-in-condition", text=sign[0])

    def part(self, part: nodes.Node) -> str:
        if isinstance(part, nodes.TemplateData):
            return part.data
        name = dotted_name(part)
        return self.mark(Mark(slot=Slot(name, name in self.typed)))

    def mark(self, mark: Mark) -> str:
        self.marks.append(mark)
        return chr(FIRST_MARK + len(self.marks) - 1)

    def line(self, node: nodes.Node) -> int:
        return self.parsed.token(node).line

    def paragraphs(self, run: _Text) -> Iterator[Paragraph]:
        """Read a run as Markdown, and its marks back into blanks and branches."""
        for shape in read_blocks(run.text, run.line, self.parsed.lines):
            inline = self.read(shape.text)
            if shape.kind is Kind.HEADING and not _always_has_words(inline):
                piece = excerpt(self.parsed.lines[shape.line - 1])
                raise Refused(shape.line, 1, complaint("subject-empty", text=piece))
            if inline:
                self.enter_paragraph(shape)
                yield Paragraph.of(shape.kind, inline)

    def read(self, text: str) -> Inline:
        """Turn a paragraph with marks back into text, blanks and branches."""
        inline, _ = self._inline(iter(MARKS.split(text)))
        return inline

    def _inline(self, pieces: Iterator[str]) -> tuple[Inline, Mark | None]:
        """Read up to the next turn or end of an `if`; the mark that ended the reading comes with it."""
        parts: list[str | Slot | Branch] = []
        for piece in pieces:
            mark = self.marks[ord(piece) - FIRST_MARK] if MARKS.fullmatch(piece) else None
            if mark is None:
                parts += [piece] if piece else []
            elif mark.slot is not None:
                parts.append(self.fixed.get(mark.slot.name, mark.slot))
            elif mark.opens and mark.turn is not None:
                parts.append(self._branch(mark.turn, pieces))
            else:
                return tuple(parts), mark
        return tuple(parts), None

    def _branch(self, turn: Condition, pieces: Iterator[str]) -> Branch:
        cases: list[tuple[Condition, Inline]] = []
        while True:
            held, ended = self._inline(pieces)
            cases.append((turn, held))
            if ended is None or ended.turn is None:
                return Branch(tuple(cases))
            turn = ended.turn

    def enter(self, what: str, line: int, *details: str) -> None:
        """Note what stands where, for the comparison with the other languages."""
        self.outline.append(OutlineEntry(what, line, details))

    def enter_paragraph(self, shape: MarkdownBlock) -> None:
        held = [self.marks[ord(char) - FIRST_MARK] for char in MARKS.findall(shape.text)]
        printed = sorted(mark.slot.name for mark in held if mark.slot is not None)
        self.enter(shape.kind, shape.line, *printed, *(f"if {mark.asked}" for mark in held if mark.asked))


def _cases(node: nodes.If) -> list[nodes.If]:
    return [node, *node.elif_]


def _count_headings(blocks: Blocks) -> tuple[int, int]:
    """Count the headings that can come out: the fewest and the most."""
    fewest = most = 0
    for block in blocks:
        low, high = _count_headings_of(block)
        fewest, most = fewest + low, most + high
    return fewest, most


def _count_headings_of(block: Block) -> tuple[int, int]:
    if isinstance(block, Paragraph):
        return (1, 1) if block.kind is Kind.HEADING else (0, 0)
    if isinstance(block, Choose):
        counts = [_count_headings(alternative) for alternative in block.alternatives]
    else:
        counts = [_count_headings(held) for _, held in block.cases]
        if block.cases[-1][0] is not always:
            counts.append((0, 0))
    return min(low for low, _ in counts), max(high for _, high in counts)


def _always_has_words(inline: Inline) -> bool:
    """Return whether words of the text's own come out whatever the values are."""
    return any(
        bool(part.strip())
        if isinstance(part, str)
        else isinstance(part, Branch)
        and part.cases[-1][0] is always
        and all(_always_has_words(held) for _, held in part.cases)
        for part in inline
    )


def compile_condition(test: nodes.Node, names: AllowedNames) -> Condition:
    """Compile a condition that the parser has allowed."""
    if isinstance(test, nodes.And | nodes.Or):
        every = all if isinstance(test, nodes.And) else any
        held = [compile_condition(part, names) for part in _operands(test, type(test))]
        return lambda values: every(part(values) for part in held)
    if isinstance(test, nodes.Not):
        inner = compile_condition(test.node, names)
        return lambda values: not inner(values)
    if isinstance(test, nodes.Compare):
        return _compile_comparison(test, names)
    name = dotted_name(test)
    return lambda values: bool(values[name])


def condition_text(test: nodes.Node) -> str:
    """Write a condition in one way, so that two languages' conditions can be compared."""
    if isinstance(test, nodes.And | nodes.Or):
        word = " and " if isinstance(test, nodes.And) else " or "
        return f"({word.join(condition_text(part) for part in _operands(test, type(test)))})"
    if isinstance(test, nodes.Not):
        return f"not {condition_text(test.node)}"
    if isinstance(test, nodes.Compare):
        words = ", ".join(repr(word) for word in sorted(set(compared_words(test.ops[0]))))
        return f"{dotted_name(test.expr)} {'not in' if test.ops[0].op == 'notin' else 'in'} ({words})"
    return dotted_name(test)


def _operands(test: nodes.BinExpr, kind: type[nodes.BinExpr]) -> list[nodes.Node]:
    """Return the parts of `a or b or c …`: a chain leans left, and may be longer than Python's stack is deep."""
    parts: list[nodes.Node] = []
    node: nodes.Node = test
    while isinstance(node, kind):
        parts.append(node.right)
        node = node.left
    return [node, *reversed(parts)]


def _compile_comparison(test: nodes.Compare, names: AllowedNames) -> Condition:
    name = dotted_name(test.expr)
    asked = CHOICE_KEY.format(name) if name in names.choices else name
    words = frozenset(compared_words(test.ops[0]))
    if test.ops[0].op == "notin":
        return lambda values: values[asked] not in words
    return Comparison(asked, words)
