"""A compiled text of a letter: renders its paragraphs from values. No template code ever runs."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, TypeAlias

MAX_CACHED = 256
"""How many outcomes of its conditions a part of a letter remembers."""

Values: TypeAlias = Mapping[str, str]
Condition: TypeAlias = Callable[[Values], bool]
Choice: TypeAlias = tuple[int, ...]

LINE_BREAK = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
"""All that `str.splitlines` takes for the end of a line: in an answer it starts a new paragraph."""


class ValuesWithDefault(dict[str, str]):
    """Values of a sample letter: a name that is not among them has the default value."""

    def __init__(self, values: Values, default: str) -> None:
        super().__init__(values)
        self._default = default

    def __missing__(self, name: str) -> str:
        return self._default


class Kind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    BULLET = "bullet"
    QUOTATION = "quotation"


class Piece(NamedTuple):
    """Part of a paragraph: a text, and the blank that it filled, "" for words of the text itself."""

    text: str
    blank: str


class RenderedParagraph(NamedTuple):
    """A paragraph as it comes out: its kind and its pieces, none of them empty, without spaces around it."""

    kind: Kind
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The paragraph's words, one line."""
        pieces = self.pieces
        return pieces[0].text if len(pieces) == 1 else "".join([piece.text for piece in pieces])


@dataclass(frozen=True, slots=True)
class Slot:
    """A blank in a paragraph; `typed` for a field that holds the citizen's own words.

    `text` is what it holds in every letter, "" where that depends on the letter.
    """

    name: str
    typed: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class Branch:
    """An `if` inside a paragraph: the first case whose condition holds comes out."""

    cases: tuple[tuple[Condition, "Inline"], ...]

    def case_for(self, values: Values) -> "Inline":
        """Return what the first case that holds has, nothing when none does."""
        return next((inline for condition, inline in self.cases if condition(values)), ())


def choice_key(field: str) -> str:
    """Return the name of the value that holds the key of a choice's answer, beside its sentence under `field`."""
    return f"{field}#"


def always(_values: Values) -> bool:
    """Return True whatever the values are: the condition of an `else`."""
    return True


@dataclass(frozen=True, slots=True)
class Comparison:
    """The condition that a value is one of some words."""

    name: str
    words: frozenset[str]

    def __call__(self, values: Values) -> bool:
        return values[self.name] in self.words


Inline: TypeAlias = tuple["str | Slot | Branch", ...]


class OutlineEntry(NamedTuple):
    """One line of a text's outline: what is there, on which line, and the names and conditions in it."""

    what: str
    line: int
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, list item, quotation or heading."""

    kind: Kind
    inline: Inline

    def without_conditions(self, values: Values) -> "Paragraph":
        """Return this paragraph as the values decide its conditions: without any."""
        return Paragraph(self.kind, tuple(without_branches(self.inline, values)))

    def render(self, values: Values) -> Iterator[RenderedParagraph]:
        """Yield what comes out: nothing if it is empty, a paragraph for each line if an answer has several."""
        pieces = _merge_pieces(_pieces(self.inline, values))
        if self.kind is Kind.HEADING:
            lines = [[Piece(LINE_BREAK.sub(" ", piece.text), piece.blank) for piece in pieces]]
        else:
            lines = _split_lines(pieces)
        for line in lines:
            if trimmed := _trim(line):
                yield RenderedParagraph(self.kind, trimmed)


@dataclass(frozen=True, slots=True)
class When:
    """An `if` around whole paragraphs."""

    cases: tuple[tuple[Condition, "Blocks"], ...]


@dataclass(frozen=True, slots=True)
class Choose:
    """Alternatives of which one comes out; `number` is its place in the choice."""

    number: int
    alternatives: tuple["Blocks", ...]


Block: TypeAlias = Paragraph | When | Choose
Blocks: TypeAlias = tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Program:
    """One language's text of a letter, ready to be rendered as often as needed."""

    blocks: Blocks
    groups: tuple[int, ...]
    """How many alternatives each `choose` offers, in the order of a choice."""
    subject_groups: frozenset[int]
    """Which of the groups hold the subject."""
    outline: tuple["OutlineEntry", ...] = ()
    """What is where, for comparing languages."""

    parts: tuple[tuple[int, tuple["_CachedBlocks", ...]], ...] = field(init=False, repr=False, compare=False)
    """The blocks in their order: the number of each `choose`, -1 for what is none, and its alternatives."""

    first_choice: Choice = field(init=False, repr=False, compare=False)
    """The first alternative of every group."""

    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        parts = (
            (block.number, tuple(map(_CachedBlocks, block.alternatives)))
            if isinstance(block, Choose)
            else (-1, (_CachedBlocks((block,)),))
            for block in self.blocks
        )
        object.__setattr__(self, "parts", tuple(parts))
        object.__setattr__(self, "first_choice", (0,) * len(self.groups))
        object.__setattr__(self, "_hash", hash((self.blocks, self.groups, self.subject_groups, self.outline)))

    def __hash__(self) -> int:
        """Return the hash of the whole text, computed once: texts are keys of caches that are looked up often."""
        return self._hash

    def render(self, values: Values, choice: Choice) -> tuple[str, tuple[RenderedParagraph, ...]]:
        """Return the subject and the paragraphs for `values`; `choice` names one alternative for each group."""
        subject, paragraphs = "", list[RenderedParagraph]()
        for number, alternatives in self.parts:
            part = alternatives[choice[number] if number >= 0 else 0]
            for paragraph in part.only or part.paragraphs(values, choice):
                if paragraph.kind is Kind.HEADING:
                    subject = subject or "".join(one.text for one in paragraph.render(values))
                else:
                    paragraphs += paragraph.render(values)
        return subject, tuple(paragraphs)

    def paragraphs(self, values: Values, choice: Choice | None = None) -> Iterator["Paragraph"]:
        """Return the paragraphs that come out for `values`; of every alternative where no `choice` names one."""
        return _paragraphs(self.blocks, values, choice)

    def paragraph_lines(self) -> Mapping[int, int]:
        """Return the line of each paragraph by its `id`: the outline has them in the order in which they stand."""
        paragraphs = (block for block in walk(self.blocks) if isinstance(block, Paragraph))
        entries = (entry for entry in self.outline if entry.what in set(Kind))
        return {id(paragraph): entry.line for paragraph, entry in zip(paragraphs, entries, strict=True)}


class _CachedBlocks:
    """Some blocks of a letter's text, which remember their paragraphs for each outcome of all their conditions.

    An outcome is which conditions hold, and of the values only words of the text itself that they are compared with.
    """

    __slots__ = ("_blocks", "_cache", "_compared", "_conditions", "_groups", "only")

    def __init__(self, blocks: Blocks) -> None:
        self._blocks = blocks
        conditions = tuple(dict.fromkeys(_conditions(blocks)))
        self._conditions = tuple(one for one in conditions if not isinstance(one, Comparison))
        compared: dict[str, dict[str, str]] = {}
        for one in conditions:
            if isinstance(one, Comparison):
                compared.setdefault(one.name, {}).update((word, word) for word in one.words)
        self._compared = tuple(compared.items())
        self._groups = tuple(block.number for block in walk(blocks) if isinstance(block, Choose))
        self._cache: dict[tuple[str | int | None, ...], tuple[Paragraph, ...]] = {}
        self.only = tuple(block for block in blocks if isinstance(block, Paragraph))
        """The paragraphs, where nothing depends on conditions or alternatives; else none."""
        if conditions or self._groups:
            self.only = ()

    def paragraphs(self, values: Values, choice: Choice) -> tuple[Paragraph, ...]:
        """Return the paragraphs that come out for `values`, without conditions."""
        try:
            outcome: tuple[str | int | None, ...] = (
                *[words.get(values[name]) for name, words in self._compared],
                *[condition(values) for condition in self._conditions],
            )
        except KeyError:  # the missing name may be in a condition that is never reached
            return self._resolve(values, choice)
        if self._groups:
            outcome = (*outcome, *(choice[group] for group in self._groups))
        found = self._cache.get(outcome)
        if found is None:
            if len(self._cache) >= MAX_CACHED:
                self._cache.clear()
            found = self._cache[outcome] = self._resolve(values, choice)
        return found

    def _resolve(self, values: Values, choice: Choice) -> tuple[Paragraph, ...]:
        return tuple(paragraph.without_conditions(values) for paragraph in _paragraphs(self._blocks, values, choice))


def _conditions(blocks: Blocks) -> Iterator[Condition]:
    """Yield every condition of the blocks and of the paragraphs in them."""
    for block in walk(blocks):
        if isinstance(block, When):
            yield from (condition for condition, _ in block.cases)
        elif isinstance(block, Paragraph):
            yield from _inline_conditions(block.inline)


def _inline_conditions(inline: Inline) -> Iterator[Condition]:
    for part in inline:
        if isinstance(part, Branch):
            for condition, inner in part.cases:
                yield condition
                yield from _inline_conditions(inner)


def walk(blocks: Blocks) -> Iterator[Block]:
    """Yield every block, each before those inside it."""
    for block in blocks:
        yield block
        if isinstance(block, When):
            for _, inner in block.cases:
                yield from walk(inner)
        elif isinstance(block, Choose):
            for inner in block.alternatives:
                yield from walk(inner)


def _paragraphs(blocks: Blocks, values: Values, choice: Choice | None) -> Iterator[Paragraph]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block
        elif isinstance(block, Choose):
            for alternative in block.alternatives if choice is None else (block.alternatives[choice[block.number]],):
                yield from _paragraphs(alternative, values, choice)
        else:
            case = next((inner for condition, inner in block.cases if condition(values)), ())
            yield from _paragraphs(case, values, choice)


def without_branches(inline: Inline, values: Values) -> Iterator[str | Slot]:
    """Yield the texts and blanks that come out for `values`, without conditions."""
    for part in inline:
        if isinstance(part, Branch):
            yield from without_branches(part.case_for(values), values)
        else:
            yield part


def _pieces(inline: Inline, values: Values) -> Iterator[Piece]:
    for part in inline:
        if isinstance(part, str):
            yield Piece(part, "")
        elif isinstance(part, Slot):
            yield Piece(part.text or values[part.name], part.name)
        else:
            yield from _pieces(part.case_for(values), values)


def _merge_pieces(pieces: Iterable[Piece]) -> list[Piece]:
    """Join neighbours of one origin."""
    merged: list[Piece] = []
    for piece in pieces:
        if merged and merged[-1].blank == piece.blank:
            merged[-1] = Piece(merged[-1].text + piece.text, piece.blank)
        elif piece.text:
            merged.append(piece)
    return merged


def _split_lines(pieces: Iterable[Piece]) -> list[list[Piece]]:
    lines: list[list[Piece]] = [[]]
    for piece in pieces:
        if piece.text.splitlines() == [piece.text]:
            lines[-1].append(piece)
            continue
        first, *others = LINE_BREAK.split(piece.text)
        lines[-1].append(Piece(first, piece.blank))
        lines += [[Piece(text, piece.blank)] for text in others]
    return lines


def _trim(pieces: list[Piece]) -> tuple[Piece, ...]:
    while pieces and not pieces[0].text.strip():
        del pieces[0]
    while pieces and not pieces[-1].text.strip():
        del pieces[-1]
    if pieces:
        pieces[0] = Piece(pieces[0].text.lstrip(" "), pieces[0].blank)
        pieces[-1] = Piece(pieces[-1].text.rstrip(" "), pieces[-1].blank)
    return tuple(piece for piece in pieces if piece.text)
