"""A source cut into what a writer edits: paragraphs, alternatives, cases. What cannot be cut stays raw.

Only tags that are alone on their lines separate parts; all else is words, which the parser checks.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from advocacy.campaigns.editor.condition_phrases import Tag, parse_tag
from advocacy.campaigns.grammar.tags import ALONE, FOLLOWERS, OPENERS
from advocacy.campaigns.grammar.tokens import LINE_BREAK

CODE = 4
"""Spaces before a sign that make it no heading."""

Cases: TypeAlias = tuple[tuple[str, str], ...]
"""The condition of each case, and its text."""


class SourcePartKind(StrEnum):
    SUBJECT = "subject"
    BODY = "body"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class SourcePart:
    """One place of one language's source: its alternatives, each with its cases."""

    kind: SourcePartKind
    variants: tuple[Cases, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """One line, and the tag that is alone on it."""

    text: str
    tag: Tag | None

    @property
    def is_blank(self) -> bool:
        return not self.text.strip(" ")


def split_source(source: str) -> list[SourcePart]:
    """Cut a source into its parts, without those that hold nothing; a source that does not close is one part, raw."""
    rows = _rows(source)
    blocks = _blocks(rows)
    if blocks is None:
        return [_raw(rows)] if _tidy(rows) else []
    parts = [part for block in blocks for part in _parts(block)]
    return [part for part in parts if any(text for cases in part.variants for _, text in cases)]


def is_tight(source: str) -> bool:
    """Whether the first `choose` of a source is followed by its words, without an empty line."""
    rows = _rows(source)
    after = next((rows[place + 1 :] for place, row in enumerate(rows) if row.tag and row.tag.word == "choose"), [])
    return bool(after) and not after[0].is_blank


def heading(line: str) -> str | None:
    """Return the words of a heading, None for a line that is none."""
    rest = line.lstrip(" ")
    if len(line) - len(rest) >= CODE or not (rest == "#" or rest.startswith("# ")):
        return None
    return rest[1:].strip(" ")


def _rows(source: str) -> Sequence[_Row]:
    lines = LINE_BREAK.sub("\n", source).split("\n")
    return [_Row(line, parse_tag(line.strip(" ")) if ALONE.fullmatch(line) else None) for line in lines]


def _raw(rows: Sequence[_Row]) -> SourcePart:
    return SourcePart(SourcePartKind.SOURCE, ((("", _tidy(rows)),),))


def _tidy(rows: Sequence[_Row]) -> str:
    """Return the text of rows without spaces at their ends, empty lines at both ends, and more than one between."""
    lines: list[str] = []
    for line in (row.text.rstrip(" ") for row in rows):
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines[:-1] if lines and not lines[-1] else lines)


def _blocks(rows: Sequence[_Row]) -> list[list[_Row]] | None:
    """Part a source where its outermost tags open and close; None when they do not fit."""
    blocks: list[list[_Row]] = [[]]
    around: list[str] = []
    for row in rows:
        word = row.tag.word if row.tag else ""
        if word in OPENERS:
            if not around:
                blocks.append([])
            around.append(word)
        elif word and (not around or around[-1] != FOLLOWERS[word]):
            return None
        blocks[-1].append(row)
        if word in OPENERS.values():
            around.pop()
            if not around:
                blocks.append([])
    return None if around else blocks


def _parts(block: Sequence[_Row]) -> Iterator[SourcePart]:
    first = block[0].tag if block else None
    if first is None:
        yield from (_part(((("", text),),)) for text in _paragraphs(block))
        return
    if first.word == "choose":
        variants = _alternatives(block)
    else:
        cases = _cases(block)
        variants = None if cases is None else (cases,)
    yield _raw(block) if variants is None else _part(variants)


def _alternatives(block: Sequence[_Row]) -> tuple[Cases, ...] | None:
    """Read a `choose`: each alternative is words, or one `if` around all its words; None for anything else."""
    found: list[Cases] = []
    for _, body in _turns(block, "choose"):
        filled = [place for place, row in enumerate(body) if not row.is_blank]
        rows = body[filled[0] : filled[-1] + 1] if filled else []
        cases = _cases(rows) if any(row.tag for row in rows) else (("", _tidy(rows)),)
        if cases is None:
            return None
        found.append(cases)
    return tuple(found)


def _cases(block: Sequence[_Row]) -> Cases | None:
    """Read an `if` that begins and ends the block and holds no tag; None for anything else."""
    first, last = block[0].tag, block[-1].tag
    if first is None or first.word != "if" or last is None or last.word != "endif":
        return None
    turns = list(_turns(block, "if"))
    rows = [row for _, body in turns for row in body]
    if any(row.tag for row in rows) or 1 + len(turns) + len(rows) != len(block):
        return None
    return tuple((turn.test or turn.word, _tidy(body)) for turn, body in turns)


def _turns(block: Sequence[_Row], opener: str) -> Iterator[tuple[Tag, Sequence[_Row]]]:
    """Part a block at its own tags: each with the rows up to the next."""
    depth, turn = 0, block[0].tag
    body: list[_Row] = []
    for row in block[1:]:
        word = row.tag.word if row.tag else ""
        if depth == 0 and FOLLOWERS.get(word) == opener:
            if turn is not None:
                yield turn, body
            turn, body = row.tag, []
            continue
        depth += (word in OPENERS) - (word in OPENERS.values())
        body.append(row)


def _paragraphs(rows: Sequence[_Row]) -> Iterator[str]:
    """Part rows at empty lines and at headings."""
    run: list[_Row] = []
    for row in rows:
        is_heading = heading(row.text) is not None
        if row.is_blank or is_heading:
            yield from filter(None, [_tidy(run), _tidy([row])])
            run = []
        else:
            run.append(row)
    yield from filter(None, [_tidy(run)])


def _part(variants: tuple[Cases, ...]) -> SourcePart:
    """Return a part: the subject where every text is one heading, whose words are its texts; else the body."""
    words = {text: heading(text) for cases in variants for _, text in cases if text}
    if not words or any("\n" in text or subject is None for text, subject in words.items()):
        return SourcePart(SourcePartKind.BODY, variants)
    return SourcePart(
        SourcePartKind.SUBJECT, tuple(tuple((test, words.get(text) or "") for test, text in of) for of in variants)
    )
