"""From a source that has passed the wall to a program: Markdown is read here, once, and never per letter."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from jinja2 import nodes
from markdown_it import MarkdownIt
from markdown_it.token import Token as MarkdownToken

from advocacy.campaigns.conditions import always, condition, spoken_condition
from advocacy.campaigns.grammar import Parsed, dotted, parse
from advocacy.campaigns.names import Names
from advocacy.campaigns.program import (
    Block,
    Blocks,
    Branch,
    Choose,
    Condition,
    Entry,
    Inline,
    Kind,
    Paragraph,
    Program,
    Slot,
    When,
    walk,
)
from advocacy.campaigns.tokens import SHAPES, Refused

FIRST_MARK = 0xE000
"""In a paragraph on its way through Markdown, one private character stands for each blank and inline tag."""

MARKS = re.compile("([\ue000-\uf8ff])")

MARKDOWN = MarkdownIt("commonmark")
MARKDOWN.core.ruler.disable(["inline", "text_join"])

KINDS = {"bullet_list_open": Kind.BULLET, "blockquote_open": Kind.QUOTATION, "heading_open": Kind.HEADING}
PLAIN = frozenset({"paragraph_open", "paragraph_close", "inline", "list_item_open", "list_item_close"})
CLOSING = frozenset({"bullet_list_close", "blockquote_close", "heading_close"})


@dataclass(frozen=True, slots=True)
class Mark:
    """What a private character stands for: a blank, or a turn of an inline `if` (None ends it)."""

    slot: Slot | None = None
    turn: Condition | None = None
    asked: str = ""
    opens: bool = False


@dataclass(slots=True)
class _Run:
    """Text between two block tags, with marks for what is not text; `line` is where it starts."""

    line: int = 0
    text: str = ""

    def add(self, text: str, line: int) -> None:
        if not self.text:
            self.line = line
        self.text += text


def compile_text(
    source: str,
    names: Names,
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
    parsed: Parsed
    names: Names
    typed: frozenset[str]
    fixed: Mapping[str, str]
    groups: list[int] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    outline: list[Entry] = field(default_factory=list)

    def program(self, subjects_wanted: int) -> Program:
        blocks = self.blocks(self.parsed.tree.body)
        fewest, most = _headings(blocks)
        if (fewest, most) != (subjects_wanted, subjects_wanted):
            lacks = "without a subject" if fewest < subjects_wanted else "with a subject too many"
            raise Refused(
                1,
                1,
                f"the text can come out {lacks}; a letter has exactly one “# ” heading, whatever is chosen",
            )
        subjects = {
            block.number for block in walk(blocks) if isinstance(block, Choose) and _headings((block,))[0]
        }
        return Program(blocks, tuple(self.groups), frozenset(subjects), tuple(self.outline))

    def blocks(self, body: Sequence[nodes.Node]) -> Blocks:
        """Read a sequence of nodes as paragraphs; a tag on a line of its own ends the paragraph before it."""
        found: list[Block] = []
        run = _Run()
        for node in body:
            if isinstance(node, nodes.Scope) or (
                isinstance(node, nodes.If) and node.lineno in self.parsed.tag_lines
            ):
                found += self.markdown(run)
                run = _Run()
                found.append(self.choose(node) if isinstance(node, nodes.Scope) else self.when(node))
            else:
                self.inline(node, run)
        return (*found, *self.markdown(run))

    def choose(self, node: nodes.Scope) -> Choose:
        number = len(self.groups)
        self.groups.append(len(node.body))
        self.enter("choose", node.lineno, f"{len(node.body)} alternatives")
        if len(node.body) < 2:
            raise Refused(
                node.lineno,
                1,
                "this choose offers one alternative only; add {% or %} and another, or take choose away",
            )
        alternatives = tuple(self.blocks(held.body) for held in node.body if isinstance(held, nodes.Scope))
        for place, alternative in enumerate(alternatives, start=1):
            if not alternative:
                raise Refused(
                    node.lineno, 1, f"alternative {place} of this choose is empty; write it or take it away"
                )
        return Choose(number, alternatives)

    def when(self, node: nodes.If) -> When:
        cases: list[tuple[Condition, Blocks]] = []
        for branch in _branches(node):
            self.enter("if", branch.lineno, spoken_condition(branch.test))
            cases.append((condition(branch.test, self.names), self.blocks(branch.body)))
        if node.else_:
            self.enter("else", node.lineno)
            cases.append((always, self.blocks(node.else_)))
        return When(tuple(cases))

    def inline(self, node: nodes.Node, run: _Run) -> None:
        """Add a node inside a paragraph to its run."""
        if isinstance(node, nodes.Output):
            for part in node.nodes:
                run.add(self.part(part), part.lineno)
        elif isinstance(node, nodes.If):
            self.inline_if(node, run)
        else:
            raise Refused(
                node.lineno, 1, "“choose” offers whole paragraphs; give its tags lines of their own"
            )

    def inline_if(self, node: nodes.If, run: _Run) -> None:
        before = len(run.text)
        for place, branch in enumerate(_branches(node)):
            run.add(
                self.mark(
                    Mark(
                        None,
                        condition(branch.test, self.names),
                        spoken_condition(branch.test),
                        opens=place == 0,
                    )
                ),
                branch.lineno,
            )
            for held in branch.body:
                self.inline(held, run)
        if node.else_:
            run.add(self.mark(Mark(None, always, "else")), node.lineno)
            for held in node.else_:
                self.inline(held, run)
        run.add(self.mark(Mark()), node.lineno)
        if "\n" in run.text[before:]:
            advice = "to choose whole paragraphs, give its tags lines of their own"
            raise Refused(node.lineno, 1, f"this if stands inside a paragraph and must end on the same line; {advice}")

    def part(self, part: nodes.Node) -> str:
        if isinstance(part, nodes.TemplateData):
            return part.data
        name = dotted(part) or ""
        return self.mark(Mark(slot=Slot(name, name in self.typed)))

    def mark(self, mark: Mark) -> str:
        self.marks.append(mark)
        return chr(FIRST_MARK + len(self.marks) - 1)

    def markdown(self, run: _Run) -> Iterator[Paragraph]:
        """Read a run as Markdown; every token that is not listed is a refusal."""
        if not run.text.strip():
            return
        kinds = [Kind.PARAGRAPH]
        for token in MARKDOWN.parse(run.text):
            line = run.line + (token.map[0] if token.map else 0)
            self.listed(token, line, depth=len(kinds))
            if token.type in KINDS:
                kinds.append(KINDS[token.type])
            elif token.type in CLOSING:
                kinds.pop()
            elif token.type == "inline":
                self.enter_paragraph(kinds[-1], token.content, line)
                yield Paragraph.of(
                    kinds[-1], self.read(" ".join(part.strip() for part in token.content.split("\n")))
                )

    def listed(self, token: MarkdownToken, line: int, *, depth: int) -> None:
        """Refuse what Markdown would read as more than a letter's three shapes."""
        known = token.type in KINDS or token.type in PLAIN or token.type in CLOSING
        if not known:
            raise Refused(
                line,
                1,
                f"Markdown reads a {token.type.removesuffix('_open').replace('_', ' ')} here; {SHAPES}",
            )
        if token.type == "heading_open" and token.markup != "#":
            raise Refused(line, 1, f"a heading “{token.markup}” is not allowed; {SHAPES}")
        if token.type in KINDS and depth > 1:
            raise Refused(line, 1, f"a list or quotation inside another is not allowed; {SHAPES}")

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
        self.outline.append(Entry(what, line, details))

    def enter_paragraph(self, kind: Kind, text: str, line: int) -> None:
        held = [self.marks[ord(char) - FIRST_MARK] for char in MARKS.findall(text)]
        printed = sorted(mark.slot.name for mark in held if mark.slot is not None)
        self.enter(kind, line, *printed, *(f"if {mark.asked}" for mark in held if mark.asked))


def _branches(node: nodes.If) -> list[nodes.If]:
    return [node, *node.elif_]


def _headings(blocks: Blocks) -> tuple[int, int]:
    """Count the headings that can come out: the fewest and the most."""
    fewest = most = 0
    for block in blocks:
        low, high = _headings_of(block)
        fewest, most = fewest + low, most + high
    return fewest, most


def _headings_of(block: Block) -> tuple[int, int]:
    if isinstance(block, Paragraph):
        return (1, 1) if block.kind is Kind.HEADING else (0, 0)
    if isinstance(block, Choose):
        counts = [_headings(alternative) for alternative in block.alternatives]
    else:
        counts = [_headings(held) for _, held in block.cases]
        if block.cases[-1][0] is not always:
            counts.append((0, 0))
    return min(low for low, _ in counts), max(high for _, high in counts)
