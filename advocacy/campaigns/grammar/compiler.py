"""Compile a parsed text to a program. Markdown is read here once, and not for each letter."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod

from jinja2 import nodes

from advocacy.campaigns.grammar.allowed_names import AllowedNames
from advocacy.campaigns.grammar.markdown import BLOCK_START, MarkdownBlock, read_blocks
from advocacy.campaigns.grammar.parser import ParsedSource, compared_words, dotted_name, parse
from advocacy.campaigns.grammar.program import (
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
    choice_key,
    walk,
)
from advocacy.campaigns.grammar.tokens import Refused, excerpt
from advocacy.problems import complaint

FIRST_MARK = 0xE000
"""While Markdown is read, one private character replaces each blank and inline tag."""

MARKS = re.compile("([\ue000-\uf8ff])")
MAX_GROUPS, MAX_ALTERNATIVES, MAX_COMBINATIONS = 12, 12, 20_000
"""Of a letter: its `choose`, the alternatives of one, and the bodies that they can combine to.

Three alternatives of five paragraphs are 243 bodies, the widest letter that ships has 2,000. What goes beyond these
limits is a slip, or wants to use up the memory and time of those who read the letter through.
"""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a private character stands for: a blank, or a case of an inline `if`; its end where it is neither."""

    slot: Slot | None = None
    condition: Condition | None = None
    text: str = ""
    """The condition as the outline has it."""
    opens: bool = False


@dataclass(slots=True)
class _MarkedText:
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
        combinations = prod(size for number, size in enumerate(self.groups) if number not in subjects)
        if combinations > MAX_COMBINATIONS:
            last = max(entry.line for entry in self.outline if entry.what == "choose")
            raise Refused(last, 1, complaint("combinations-too-many", count=combinations, most=MAX_COMBINATIONS))
        return Program(blocks, tuple(self.groups), frozenset(subjects), tuple(self.outline))

    def subject(self, line: int, code: str) -> Refused:
        return Refused(line, 1, complaint(code, text=excerpt(self.parsed.lines[line - 1])))

    def blocks(self, body: Sequence[nodes.Node]) -> Blocks:
        """Read a sequence of nodes as paragraphs; a tag on a line of its own ends the paragraph before it."""
        found: list[Block] = []
        run = _MarkedText()
        for node in body:
            if isinstance(node, nodes.Scope) or (isinstance(node, nodes.If) and self.parsed.is_alone(node)):
                found += self.paragraphs(run)
                run = _MarkedText()
                found.append(self.choose(node) if isinstance(node, nodes.Scope) else self.when(node))
            else:
                self.inline(node, run)
        return (*found, *self.paragraphs(run))

    def choose(self, node: nodes.Scope) -> Choose:
        number = len(self.groups)
        self.groups.append(len(node.body))
        self.add_entry("choose", self.line(node), str(len(node.body)))
        if len(node.body) < 2:
            raise self.parsed.opening(node).refuse("alternative-single")
        if len(node.body) > MAX_ALTERNATIVES:
            raise self.parsed.opening(node).refuse("alternatives-too-many", count=len(node.body), most=MAX_ALTERNATIVES)
        if len(self.groups) > MAX_GROUPS:
            raise self.parsed.opening(node).refuse("choose-too-many", most=MAX_GROUPS)
        return Choose(number, tuple(self.alternative(one) for one in node.body if isinstance(one, nodes.Scope)))

    def alternative(self, node: nodes.Scope) -> Blocks:
        blocks = self.blocks(node.body)
        if not any(isinstance(block, Paragraph) for block in walk(blocks)):
            opening = self.parsed.opening(node)
            piece = excerpt(self.parsed.lines[opening.line - 1])
            raise opening.refuse("alternative-empty", text=piece)
        return blocks

    def when(self, node: nodes.If) -> When:
        cases: list[tuple[Condition, Blocks]] = []
        for branch in (node, *node.elif_):
            self.add_entry("if", self.line(branch), condition_text(branch.test))
            cases.append((self.condition(branch.test), self.blocks(branch.body)))
        if node.else_:
            self.add_entry("else", self.line(node.else_[0]))
            cases.append((always, self.blocks(node.else_)))
        return When(tuple(cases))

    def condition(self, test: nodes.Node) -> Condition:
        """Compile a condition; equal conditions are the same object, so that each is evaluated once."""
        text = condition_text(test)
        if text not in self.conditions:
            self.conditions[text] = compile_condition(test, self.names)
        return self.conditions[text]

    def inline(self, node: nodes.Node, run: _MarkedText) -> None:
        if isinstance(node, nodes.Output):
            for part in node.nodes:
                if isinstance(part, nodes.TemplateData):
                    run.add(part.data, self.line(part))
                else:
                    name = dotted_name(part)
                    slot = Slot(name, name in self.typed, self.fixed.get(name, ""))
                    run.add(self.mark(Mark(slot=slot)), self.line(part))
        elif isinstance(node, nodes.If):
            self.inline_if(node, run)
        else:
            raise self.parsed.opening(node).refuse("choose-in-paragraph")

    def inline_if(self, node: nodes.If, run: _MarkedText) -> None:
        before = len(run.text)
        leads = not run.text.rpartition("\n")[2].strip(" ")
        for branch in (node, *node.elif_):
            mark = Mark(None, self.condition(branch.test), condition_text(branch.test), opens=branch is node)
            run.add(self.mark(mark), self.line(branch))
            self.inline_body(branch.body, run, leads=leads)
        if node.else_:
            run.add(self.mark(Mark(None, always, "else")), self.line(node))
            self.inline_body(node.else_, run, leads=leads)
        run.add(self.mark(Mark()), self.line(node))
        if run.text.find("\n", before) >= 0:
            raise self.parsed.opening(node).refuse("condition-over-lines")

    def inline_body(self, body: Sequence[nodes.Node], run: _MarkedText, *, leads: bool) -> None:
        """Add what one case holds; where it `leads` the line, a list or heading begun inside it would be lost."""
        start = len(run.text)
        for inner in body:
            self.inline(inner, run)
        sign = BLOCK_START.match(run.text[start:].lstrip(" ")) if leads else None
        if sign:
            raise self.parsed.opening(body[0]).refuse("shape-in-condition", text=sign[0])

    def mark(self, mark: Mark) -> str:
        self.marks.append(mark)
        return chr(FIRST_MARK + len(self.marks) - 1)

    def line(self, node: nodes.Node) -> int:
        return self.parsed.token(node).line

    def paragraphs(self, run: _MarkedText) -> Iterator[Paragraph]:
        """Read a run as Markdown, and its marks back into blanks and branches."""
        for block in read_blocks(run.text, run.line, self.parsed.lines):
            inline, _ = self._inline(iter(MARKS.split(block.text)))
            if block.kind is Kind.HEADING and not _always_has_words(inline):
                piece = excerpt(self.parsed.lines[block.line - 1])
                raise Refused(block.line, 1, complaint("subject-empty", text=piece))
            if inline:
                self.add_paragraph_entry(block)
                yield Paragraph(block.kind, inline)

    def _inline(self, pieces: Iterator[str]) -> tuple[Inline, Mark | None]:
        """Read up to the next case or end of an `if`, and return its mark as well."""
        parts: list[str | Slot | Branch] = []
        for piece in pieces:
            mark = self.marks[ord(piece) - FIRST_MARK] if MARKS.fullmatch(piece) else None
            if mark is None:
                parts += [piece] if piece else []
            elif mark.slot is not None:
                parts.append(mark.slot)
            elif mark.opens and mark.condition is not None:
                parts.append(self._branch(mark.condition, pieces))
            else:
                return tuple(parts), mark
        return tuple(parts), None

    def _branch(self, condition: Condition, pieces: Iterator[str]) -> Branch:
        cases: list[tuple[Condition, Inline]] = []
        while True:
            inline, end = self._inline(pieces)
            cases.append((condition, inline))
            if end is None or end.condition is None:
                return Branch(tuple(cases))
            condition = end.condition

    def add_entry(self, what: str, line: int, *details: str) -> None:
        """Add an entry to the outline, which is compared with that of other languages."""
        self.outline.append(OutlineEntry(what, line, details))

    def add_paragraph_entry(self, block: MarkdownBlock) -> None:
        marks = [self.marks[ord(char) - FIRST_MARK] for char in MARKS.findall(block.text)]
        printed = sorted(mark.slot.name for mark in marks if mark.slot is not None)
        self.add_entry(block.kind, block.line, *printed, *(f"if {mark.text}" for mark in marks if mark.text))


def _count_headings(blocks: Blocks) -> tuple[int, int]:
    """Count the headings that can come out: the fewest and the most."""
    fewest = most = 0
    for block in blocks:
        if isinstance(block, Paragraph):
            counts = [(int(block.kind is Kind.HEADING),) * 2]
        elif isinstance(block, Choose):
            counts = [_count_headings(alternative) for alternative in block.alternatives]
        else:
            counts = [_count_headings(case) for _, case in block.cases]
            if block.cases[-1][0] is not always:
                counts.append((0, 0))
        fewest += min(low for low, _ in counts)
        most += max(high for _, high in counts)
    return fewest, most


def _always_has_words(inline: Inline) -> bool:
    """Whether words of the text itself come out whatever the values are."""
    for part in inline:
        if isinstance(part, Branch):
            if part.cases[-1][0] is always and all(_always_has_words(case) for _, case in part.cases):
                return True
        elif (part.text if isinstance(part, Slot) else part).strip():
            return True
    return False


def compile_condition(test: nodes.Node, names: AllowedNames) -> Condition:
    """Return a condition that the parser has allowed as a function of the values."""
    if isinstance(test, nodes.And | nodes.Or):
        every = all if isinstance(test, nodes.And) else any
        parts = [compile_condition(part, names) for part in _operands(test, type(test))]
        return lambda values: every(part(values) for part in parts)
    if isinstance(test, nodes.Not):
        inner = compile_condition(test.node, names)
        return lambda values: not inner(values)
    if isinstance(test, nodes.Compare):
        name = dotted_name(test.expr)
        compared = choice_key(name) if name in names.choices else name
        words = frozenset(compared_words(test.ops[0]))
        if test.ops[0].op == "notin":
            return lambda values: values[compared] not in words
        return Comparison(compared, words)
    name = dotted_name(test)
    return lambda values: bool(values[name])


def condition_text(test: nodes.Node) -> str:
    """Return a condition as text in one spelling, so that the conditions of two languages can be compared."""
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
