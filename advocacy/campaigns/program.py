"""A letter's text, compiled: paragraphs that know how to speak themselves from values. No template code ever runs."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from operator import itemgetter
from typing import NamedTuple, TypeAlias

Values: TypeAlias = Mapping[str, str]
Condition: TypeAlias = Callable[[Values], bool]
Choice: TypeAlias = tuple[int, ...]

LINE_BREAK = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
"""All that `str.splitlines` takes for the end of a line: in an answer it starts a new paragraph."""


class Kind(StrEnum):
    """What a block of a letter is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    BULLET = "bullet"
    QUOTATION = "quotation"


class Piece(NamedTuple):
    """Part of a paragraph: a text, and the field it was typed into when these are the citizen's own words."""

    text: str
    typed_in: str


class Spoken(NamedTuple):
    """A paragraph as it comes out: its kind and its pieces, none of them empty, without spaces around it."""

    kind: Kind
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The paragraph's words, one line."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Slot:
    """A blank in a paragraph; `typed` for a field that holds the citizen's own words."""

    name: str
    typed: bool = False


@dataclass(frozen=True, slots=True)
class Branch:
    """An `if` inside a paragraph: the first case whose condition holds speaks."""

    cases: tuple[tuple[Condition, "Inline"], ...]

    def held(self, values: Values) -> "Inline":
        """Give what the first case that holds says, nothing when none does."""
        return next((inline for condition, inline in self.cases if condition(values)), ())


Inline: TypeAlias = tuple["str | Slot | Branch", ...]


class Entry(NamedTuple):
    """One line of a text's outline: what stands there, on which line, and the names and conditions in it."""

    what: str
    line: int
    details: tuple[str, ...]


class Phrase:
    """A run of text and blanks with no own words in it, spoken in one formatting call."""

    __slots__ = ("_format", "_get")

    def __init__(self, parts: Sequence["str | Slot"]) -> None:
        self._format = "".join(part.replace("%", "%%") if isinstance(part, str) else "%s" for part in parts)
        names = [part.name for part in parts if isinstance(part, Slot)]
        self._get: Callable[[Values], object] | None = itemgetter(*names) if names else None
        if self._get is None:
            self._format = self._format.replace("%%", "%")

    def speak(self, values: Values) -> str:
        """Give the text with its blanks filled; a value is put in as it is, whatever it looks like."""
        return self._format % self._get(values) if self._get is not None else self._format


@dataclass(frozen=True, slots=True)
class PhraseBranch:
    """An `if` inside a paragraph without own words, prepared as phrases."""

    cases: tuple[tuple[Condition, "Phrases"], ...]


Phrases: TypeAlias = tuple["Phrase | PhraseBranch", ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, list item, quotation or heading; `phrases` when no own words can stand in it."""

    kind: Kind
    inline: Inline
    phrases: Phrases | None

    @classmethod
    def of(cls, kind: Kind, inline: Inline) -> "Paragraph":
        """Prepare a paragraph to be spoken often."""
        return cls(kind, inline, None if _holds_typed(inline) else _phrases(inline))

    def speak(self, values: Values, choice: Choice, out: list[Spoken]) -> None:
        """Add this paragraph to `out`, unless nothing is left of it; one for each line, when an answer has several."""
        if self.phrases is not None:
            text = _phrased(self.phrases, values).strip(" ")
            if text.splitlines() == [text] and not text.isspace():
                out.append(Spoken(self.kind, (Piece(text, ""),)))
                return
            pieces = [Piece(text, "")]
        else:
            pieces = _merged(_pieces(self.inline, values))
        lines = _one_line(pieces) if self.kind is Kind.HEADING else _lines(pieces)
        out += [Spoken(self.kind, line) for line in map(_trimmed, lines) if line]


@dataclass(frozen=True, slots=True)
class When:
    """An `if` around whole paragraphs."""

    cases: tuple[tuple[Condition, "Blocks"], ...]

    def speak(self, values: Values, choice: Choice, out: list[Spoken]) -> None:
        """Speak the first case whose condition holds."""
        for condition, blocks in self.cases:
            if condition(values):
                for block in blocks:
                    block.speak(values, choice, out)
                return


@dataclass(frozen=True, slots=True)
class Choose:
    """Alternatives of which one is spoken; `number` is its place in the choice."""

    number: int
    alternatives: tuple["Blocks", ...]

    def speak(self, values: Values, choice: Choice, out: list[Spoken]) -> None:
        """Speak the alternative that was chosen."""
        for block in self.alternatives[choice[self.number]]:
            block.speak(values, choice, out)


Block: TypeAlias = Paragraph | When | Choose
Blocks: TypeAlias = tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Program:
    """One language's text of a letter, ready to be spoken as often as needed."""

    blocks: Blocks
    groups: tuple[int, ...]
    """How many alternatives each `choose` offers, in the order of a choice."""
    subject_groups: frozenset[int]
    """Which of the groups hold the subject."""
    outline: tuple["Entry", ...] = ()
    """What stands where, for comparing languages."""

    def speak(self, values: Values, choice: Choice) -> tuple[str, tuple[Spoken, ...]]:
        """Give the subject and the paragraphs for `values`; `choice` names one alternative for each group."""
        out: list[Spoken] = []
        for block in self.blocks:
            block.speak(values, choice, out)
        subject = next((spoken.text for spoken in out if spoken.kind is Kind.HEADING), "")
        return subject, tuple(spoken for spoken in out if spoken.kind is not Kind.HEADING)

    @property
    def first_choice(self) -> Choice:
        """The first alternative of every group."""
        return (0,) * len(self.groups)

    def paragraphs(self, values: Values, choice: Choice | None = None) -> Iterator["Paragraph"]:
        """Return the paragraphs that come out for `values`; of every alternative where no `choice` names one."""
        return _paragraphs(self.blocks, values, choice)

    def paragraph_lines(self) -> Mapping[int, int]:
        """Return the line of each paragraph by its `id`: the outline has them in the order in which they stand."""
        paragraphs = (block for block in walk(self.blocks) if isinstance(block, Paragraph))
        entries = (entry for entry in self.outline if entry.what in set(Kind))
        return {id(paragraph): entry.line for paragraph, entry in zip(paragraphs, entries, strict=True)}


def walk(blocks: Blocks) -> Iterator[Block]:
    """Give every block, each before what it holds."""
    for block in blocks:
        yield block
        if isinstance(block, When):
            for _, held in block.cases:
                yield from walk(held)
        elif isinstance(block, Choose):
            for held in block.alternatives:
                yield from walk(held)


def _paragraphs(blocks: Blocks, values: Values, choice: Choice | None) -> Iterator[Paragraph]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block
        elif isinstance(block, Choose):
            for alternative in block.alternatives if choice is None else (block.alternatives[choice[block.number]],):
                yield from _paragraphs(alternative, values, choice)
        else:
            case = next((held for condition, held in block.cases if condition(values)), ())
            yield from _paragraphs(case, values, choice)


def _holds_typed(inline: Inline) -> bool:
    return any(
        (isinstance(part, Slot) and part.typed)
        or (isinstance(part, Branch) and any(_holds_typed(held) for _, held in part.cases))
        for part in inline
    )


def _phrases(inline: Inline) -> Phrases:
    """Join texts and blanks up to each branch into one phrase."""
    phrases: list[Phrase | PhraseBranch] = []
    run: list[str | Slot] = []
    for part in inline:
        if isinstance(part, Branch):
            phrases.append(Phrase(run))
            phrases.append(PhraseBranch(tuple((condition, _phrases(held)) for condition, held in part.cases)))
            run = []
        else:
            run.append(part)
    return (*phrases, Phrase(run)) if run else tuple(phrases)


def _phrased(phrases: Phrases, values: Values) -> str:
    text = ""
    for phrase in phrases:
        if isinstance(phrase, Phrase):
            text += phrase.speak(values)
            continue
        for condition, held in phrase.cases:
            if condition(values):
                text += _phrased(held, values)
                break
    return text


def _pieces(inline: Inline, values: Values) -> Iterator[Piece]:
    for part in inline:
        if isinstance(part, str):
            yield Piece(part, "")
        elif isinstance(part, Slot):
            yield Piece(values[part.name], part.name if part.typed else "")
        else:
            yield from _pieces(part.held(values), values)


def _merged(pieces: Iterable[Piece]) -> list[Piece]:
    """Join neighbours of one origin."""
    merged: list[Piece] = []
    for piece in pieces:
        if merged and merged[-1].typed_in == piece.typed_in:
            merged[-1] = Piece(merged[-1].text + piece.text, piece.typed_in)
        elif piece.text:
            merged.append(piece)
    return merged


def _lines(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """Part pieces where their text breaks the line."""
    lines: list[list[Piece]] = [[]]
    for piece in pieces:
        if piece.text.splitlines() == [piece.text]:
            lines[-1].append(piece)
            continue
        first, *others = LINE_BREAK.split(piece.text)
        lines[-1].append(Piece(first, piece.typed_in))
        lines += [[Piece(text, piece.typed_in)] for text in others]
    return lines


def _one_line(pieces: Iterable[Piece]) -> list[list[Piece]]:
    return [[Piece(LINE_BREAK.sub(" ", piece.text), piece.typed_in) for piece in pieces]]


def _trimmed(pieces: list[Piece]) -> tuple[Piece, ...]:
    """Take the spaces off both ends, and all that is blank there with them."""
    while pieces and not pieces[0].text.strip():
        del pieces[0]
    while pieces and not pieces[-1].text.strip():
        del pieces[-1]
    if pieces:
        pieces[0] = Piece(pieces[0].text.lstrip(" "), pieces[0].typed_in)
        pieces[-1] = Piece(pieces[-1].text.rstrip(" "), pieces[-1].typed_in)
    return tuple(piece for piece in pieces if piece.text)
