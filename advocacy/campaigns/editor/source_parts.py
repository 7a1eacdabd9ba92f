"""A source cut into what a writer edits: paragraphs, alternatives, cases. Nothing is refused here but by giving it raw.

Only tags that stand alone on their lines part a text; all else is words, which the parser checks and not this module.
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

Lines: TypeAlias = Sequence[str]
Cases: TypeAlias = tuple[tuple[str, str], ...]
"""What each case asks, and its text."""


class PartKind(StrEnum):
    """What a part of a source is."""

    SUBJECT = "subject"
    BODY = "body"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Part:
    """What stands at one place of one language's source: its alternatives, each with its cases."""

    kind: PartKind
    variants: tuple[Cases, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """One line, and the tag that stands alone on it."""

    text: str
    tag: Tag | None


def split_source(source: str) -> list[Part]:
    """Cut a source into its parts, without those that hold nothing; a source that does not close is one part, raw."""
    rows = [_row(line) for line in LINE_BREAK.sub("\n", source).split("\n")]
    blocks = _blocks(rows)
    if blocks is None:
        whole = tidy([row.text for row in rows])
        return [Part(PartKind.SOURCE, (_plain(whole),))] if whole else []
    return [
        part for block in blocks for part in _parts(block) if any(text for held in part.variants for _, text in held)
    ]


def is_tight(source: str) -> bool:
    """Return whether the first `choose` of a source is followed by its words, without an empty line."""
    rows = [_row(line) for line in LINE_BREAK.sub("\n", source).split("\n")]
    after = next((rows[place + 1 :] for place, row in enumerate(rows) if row.tag and row.tag.word == "choose"), [])
    return bool(after) and not blank(after[0].text)


def tidy(lines: Lines) -> str:
    """Write lines without spaces at their ends, empty lines at both ends, and more than one between."""
    kept: list[str] = []
    for line in (line.rstrip(" ") for line in lines):
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept[:-1] if kept and not kept[-1] else kept)


def blank(line: str) -> bool:
    """Return whether a line is empty to the letter's language."""
    return not line.strip(" ")


def heading(line: str) -> str | None:
    """Return the words of a heading, None for a line that is none."""
    rest = line.lstrip(" ")
    if len(line) - len(rest) >= CODE or not (rest == "#" or rest.startswith("# ")):
        return None
    return rest[1:].strip(" ")


def _row(line: str) -> _Row:
    return _Row(line, parse_tag(line.strip(" ")) if ALONE.fullmatch(line) else None)


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


def _parts(block: Sequence[_Row]) -> Iterator[Part]:
    first = block[0].tag if block else None
    if first is None:
        yield from (_part((_plain(text),)) for text in _paragraphs(_texts(block)))
        return
    variants = _alternatives(block) if first.word == "choose" else _only(_cases(block))
    yield _part(variants) if variants is not None else Part(PartKind.SOURCE, (_plain(tidy(_texts(block))),))


def _plain(text: str) -> Cases:
    return (("", text),)


def _only(cases: Cases | None) -> tuple[Cases, ...] | None:
    return None if cases is None else (cases,)


def _alternatives(block: Sequence[_Row]) -> tuple[Cases, ...] | None:
    """Read a `choose`: each alternative is words, or one `if` around all its words; None for anything else."""
    found: list[Cases] = []
    for _, body in _turns(block, "choose"):
        rows = _stripped(body)
        cases = _cases(rows) if any(row.tag for row in rows) else _plain(tidy(_texts(rows)))
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
    return tuple((turn.test or turn.word, tidy(_texts(body))) for turn, body in turns)


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


def _stripped(rows: Sequence[_Row]) -> Sequence[_Row]:
    filled = [place for place, row in enumerate(rows) if not blank(row.text)]
    return rows[filled[0] : filled[-1] + 1] if filled else []


def _texts(rows: Sequence[_Row]) -> Lines:
    return [row.text for row in rows]


def _paragraphs(lines: Lines) -> Iterator[str]:
    """Part lines at empty lines and at headings."""
    run: list[str] = []
    for line in lines:
        if blank(line) or heading(line) is not None:
            yield from filter(None, [tidy(run)])
            run = []
        if heading(line) is not None:
            yield tidy([line])
        else:
            run.append(line)
    yield from filter(None, [tidy(run)])


def _part(variants: tuple[Cases, ...]) -> Part:
    """Tell the subject, whose every text is one heading, from the body; a subject's texts are its words."""
    texts = [text for cases in variants for _, text in cases if text]
    words = {text: heading(text) for text in texts}
    if not texts or any("\n" in text or words[text] is None for text in texts):
        return Part(PartKind.BODY, variants)
    subject = tuple(tuple((test, words.get(text) or "") for test, text in cases) for cases in variants)
    return Part(PartKind.SUBJECT, subject)
