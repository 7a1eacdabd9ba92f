"""A letter's sources read as a manuscript, and the manuscript written back; each line knows the cell it comes from."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from advocacy.campaigns.editor.labels import OTHERWISE, Labels, nearest_label
from advocacy.campaigns.editor.manuscript import Case, Manuscript, Section, Variant, cell_key
from advocacy.campaigns.editor.notation import Chunk, braces_to_labels, split_labels
from advocacy.campaigns.editor.source_parts import Cases, SourcePart, SourcePartKind, heading, is_tight, split_source
from advocacy.campaigns.grammar.tokens import TAG
from advocacy.language import Language

MAX_PAIRS = 40_000
"""Pairs that are weighed; two texts that would make more are paired in order."""
PAIR, ALIKE = 1_000, 100
"""What a pair weighs, and what more when both cite the same; more pairs outweigh pairs more alike."""
MAX_COMPARED = 20
"""Unknown labels for which the nearest is looked for, which takes a while."""

_BREAK = re.compile(r"\r\n?|\n")
_NAME = re.compile(r"[\w.]+")
_EMPTY_CASES: Cases = (("", ""),)


def read(texts: Mapping[Language, str], labels: Labels) -> Manuscript:
    """Read the sources of all languages side by side. A letter has a subject, so that there is a cell to write it in.

    Nothing is refused: what is too intricate for cells is a section of source, at worst a whole text.
    """
    sources = {language: texts.get(language, "") for language in Language}
    sections = tuple(_section(row, labels) for row in _align(sources))
    # A section of source may have a heading somewhere.
    lines = (line for section in sections if section.source for text in section.texts() for line in text.split("\n"))
    if not any(section.is_subject for section in sections) and all(heading(line) is None for line in lines):
        subject = Section((Variant((Case("", dict.fromkeys(Language, "")),)),), is_subject=True)
        sections = (subject, *sections)
    return Manuscript(sections, frozenset(language for language, source in sources.items() if is_tight(source)))


def _align(sources: Mapping[Language, str]) -> Sequence[Mapping[Language, SourcePart]]:
    """Return the parts of all languages in rows, each language paired with the rows of those before it."""
    rows: list[dict[Language, SourcePart]] = []
    for language, source in sources.items():
        earlier, aligned = iter(rows), []
        for one, other in _pairs([next(iter(row.values())) for row in rows], split_source(source)):
            row = next(earlier) if one is not None else {}
            aligned.append({**row, language: other} if other is not None else row)
        rows = aligned
    return rows


def _section(row: Mapping[Language, SourcePart], labels: Labels) -> Section:
    kind = next(part.kind for part in row.values())
    is_source = kind is SourcePartKind.SOURCE
    variants = []
    for alternatives in zip_longest(*(row[one].variants if one in row else () for one in Language), fillvalue=()):
        texts = dict(zip(Language, alternatives, strict=True))
        # An alternative without conditions takes those of the other languages.
        conditions = max(alternatives, key=lambda cases: (bool(cases and cases[0][0]), len(cases)))
        cases = []
        for place, (test, _) in enumerate(conditions):
            of = {language: one[place][1] if place < len(one) else "" for language, one in texts.items()}
            labelled = {language: braces_to_labels(text, labels, language) for language, text in of.items()}
            cases.append(Case(test, of if is_source else labelled))
        variants.append(Variant(tuple(cases)))
    return Section(tuple(variants), is_subject=kind is SourcePartKind.SUBJECT, source=is_source)


def _pairs(
    ones: Sequence[SourcePart], others: Sequence[SourcePart]
) -> Iterator[tuple[SourcePart | None, SourcePart | None]]:
    """Pair the parts of two languages in order, None where one has nothing."""
    if len(ones) * len(others) > MAX_PAIRS:
        for one, other in zip_longest(ones, others):
            together = one is not None and other is not None and _can_pair(one, other)
            apart = [pair for pair in ((one, None), (None, other)) if pair != (None, None)]
            yield from [(one, other)] if together else apart
        return
    pairs = _pair_weights(ones, others)
    weights = _best_weights(pairs)
    i = j = 0
    while i < len(ones) or j < len(others):
        pair = pairs[i][j] if i < len(ones) and j < len(others) else 0
        if pair and weights[i][j] == weights[i + 1][j + 1] + pair:
            yield ones[i], others[j]
            i, j = i + 1, j + 1
        elif j == len(others) or (i < len(ones) and weights[i][j] == weights[i + 1][j]):
            yield ones[i], None
            i += 1
        else:
            yield None, others[j]
            j += 1


def _can_pair(one: SourcePart, other: SourcePart) -> bool:
    """Whether two parts can share their cells: the same kind, and the same conditions as far as both go."""
    return one.kind is other.kind and all(
        _EMPTY_CASES in pair or all(a == b for (a, _), (b, _) in zip(*pair, strict=False))
        for pair in zip(one.variants, other.variants, strict=False)
    )


def _pair_weights(ones: Sequence[SourcePart], others: Sequence[SourcePart]) -> Sequence[Sequence[int]]:
    """Weigh each pair by the names that both parts use, 0 for two parts that cannot be paired."""

    def names(part: SourcePart) -> frozenset[str]:
        texts = [text for cases in part.variants for _, text in cases]
        return frozenset(name for text in texts for tag in TAG.findall(text) for name in _NAME.findall(tag))

    def weight(mine: frozenset[str], yours: frozenset[str]) -> int:
        return PAIR + (ALIKE * len(mine & yours) // len(mine | yours) if mine or yours else ALIKE)

    used = [names(other) for other in others]
    return [
        [weight(mine, yours) if _can_pair(one, other) else 0 for other, yours in zip(others, used, strict=True)]
        for one, mine in ((one, names(one)) for one in ones)
    ]


def _best_weights(pairs: Sequence[Sequence[int]]) -> Sequence[Sequence[int]]:
    """Weigh the best way to pair what is left from each place on, from the end."""
    wide = len(pairs[0]) if pairs else 0
    weights = [[0] * (wide + 1)]
    for row in reversed(pairs):
        below, here = weights[0], [0] * (wide + 1)
        for j in reversed(range(wide)):
            together = below[j + 1] + row[j] if row[j] else 0
            here[j] = max(together, below[j], here[j + 1])
        weights.insert(0, here)
    return weights


@dataclass(frozen=True, slots=True)
class UnknownLabel:
    """Words in brackets that are no label: their cell, and the nearest label ("" for none)."""

    key: str
    language: Language
    words: str
    nearest: str


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line of a source: its pieces with their places in the text of the cell `key`; tags and gaps have none."""

    text: str
    key: str = ""
    pieces: tuple[Chunk, ...] = ()


@dataclass(frozen=True, slots=True)
class CellRange:
    """A range of a cell's text: the cell's key, and from where to where; `start` is `end` for a point."""

    key: str
    start: int
    end: int


def write(manuscript: Manuscript, labels: Labels) -> tuple[Mapping[Language, str], Sequence[UnknownLabel]]:
    """Write the source of each language, and return the words in brackets that are no label; those stay as typed.

    A section, and alternatives and cases at the end of one, are left out of a language that has no words in them.
    """
    lines = {language: lay_out(manuscript, labels, language) for language in Language}
    unknown = [
        (line.key, language, piece.unknown)
        for language, of in lines.items()
        for line in of
        for piece in line.pieces
        if piece.unknown is not None
    ]
    near = {(language, words): nearest_label(labels, words, language) for _, language, words in unknown[:MAX_COMPARED]}
    texts = {language: "".join(f"{line.text}\n" for line in of) for language, of in lines.items()}
    return texts, [UnknownLabel(*one, near.get(one[1:], "")) for one in unknown]


def lay_out(manuscript: Manuscript, labels: Labels, language: Language) -> list[SourceLine]:
    """Lay one language's source out line by line."""
    return _Writer(manuscript, labels, language).lines()


def find_range(
    manuscript: Manuscript, labels: Labels, language: Language, *, line: int, column: int = 1
) -> CellRange | None:
    """Return the cell of a line of the written source (counted from 1), and the range in its text.

    For a line of tags or an empty line it is the next cell, or else the one before. None for an empty manuscript.
    """
    return find_range_in(lay_out(manuscript, labels, language), line=line, column=column)


def find_range_in(lines: Sequence[SourceLine], *, line: int, column: int = 1) -> CellRange | None:
    """Do what `find_range` does in a source that is laid out already, for many places."""
    here = lines[min(max(line, 1), len(lines)) - 1] if lines else None
    if here is None:
        return None
    if not here.key:
        near = next((other for other in [*lines[line:], *reversed(lines[:line])] if other.key), None)
        return CellRange(near.key, near.pieces[0].start, near.pieces[0].start) if near else None
    at = 0
    for piece in here.pieces:
        if column - 1 < at + len(piece.source):
            if piece.label is not None or piece.unknown is not None:
                return CellRange(here.key, piece.start, piece.end)
            point = min(piece.end, piece.start + max(0, column - 1 - at))
            return CellRange(here.key, point, point)
        at += len(piece.source)
    return CellRange(here.key, here.pieces[-1].end, here.pieces[-1].end)


@dataclass(frozen=True, slots=True)
class _Writer:
    manuscript: Manuscript
    labels: Labels
    language: Language

    def lines(self) -> list[SourceLine]:
        """Write every section that has words in this language, an empty line between them."""
        found: list[SourceLine] = []
        for number, section in enumerate(self.manuscript.sections):
            if any(case.text(self.language).strip() for variant in section.variants for case in variant.cases):
                found += [*([SourceLine("")] if found else []), *self.section(number, section)]
        return found

    def section(self, number: int, section: Section) -> Iterator[SourceLine]:
        count = self.count([variant.cases for variant in section.variants])
        bodies = [[*self.variant(number, place, section)] for place in range(count)]
        if count == 1:
            yield from bodies[0]
            return
        gap = [] if self.language in self.manuscript.tight else [SourceLine("")]
        for place, body in enumerate(bodies):
            yield SourceLine("{% or %}" if place else "{% choose %}")
            yield from [*gap, *body, *(gap if body else [])]
        yield SourceLine("{% endchoose %}")

    def variant(self, number: int, place: int, section: Section) -> Iterator[SourceLine]:
        cases = section.variants[place].cases
        cases = cases[: self.count([(case,) for case in cases])]
        for index, case in enumerate(cases):
            if index and case.test in ("", OTHERWISE):
                yield SourceLine(f"{{% {OTHERWISE} %}}")
            elif case.test or index:
                yield SourceLine(f"{{% {'elif' if index else 'if'} {case.test} %}}")
            yield from self.case(cell_key(number, place, index), case, section)
        if cases and cases[0].test:
            yield SourceLine("{% endif %}")

    def count(self, groups: Sequence[tuple[Case, ...]]) -> int:
        """Count what is written: all up to the last that has words in this language, or has none in any yet."""
        languages = [
            {language for case in cases for language in Language if case.text(language).strip()} for cases in groups
        ]
        return max((place for place, of in enumerate(languages, 1) if not of or self.language in of), default=0)

    def case(self, key: str, case: Case, section: Section) -> Iterator[SourceLine]:
        rows = [*_rows(case.text(self.language), headings=not section.source)]
        if section.is_subject and rows:
            yield _line(key, [Chunk("# ", rows[0][0], rows[0][0]), *self.subject([row for row in rows if row[1]])])
            return
        for start, text in rows:
            is_plain = section.source or not text
            yield _line(key, [Chunk(text, start, start + len(text))] if is_plain else self.pieces(text, start))

    def subject(self, rows: Sequence[tuple[int, str]]) -> Iterator[Chunk]:
        """Write a subject on one line, however many it was typed in."""
        for place, (start, text) in enumerate(rows):
            words = text.lstrip(" ")
            begins = start + len(text) - len(words)
            yield from [Chunk(" ", begins, begins)] if place else []
            yield from self.pieces(words, begins)

    def pieces(self, text: str, start: int) -> list[Chunk]:
        found = split_labels(text, self.labels, self.language)
        return [piece._replace(start=start + piece.start, end=start + piece.end) for piece in found]


def _line(key: str, pieces: Sequence[Chunk]) -> SourceLine:
    return SourceLine("".join(piece.source for piece in pieces), key, tuple(pieces))


def _rows(text: str, *, headings: bool) -> Iterator[tuple[int, str]]:
    """Return the lines of a cell with their places, without spaces at their ends, and empty lines one at a time.

    Where `headings` are headings, and not words, each has an empty line around it.
    """
    breaks = [*_BREAK.finditer(text)]
    starts = [0, *(found.end() for found in breaks)]
    ends = [*(found.start() for found in breaks), len(text)]
    apart, begun = False, False
    for start, end in zip(starts, ends, strict=True):
        line = text[start:end].rstrip(" ")
        is_heading = headings and heading(line) is not None
        if line:
            if begun and (apart or is_heading):
                yield start, ""
            yield start, line
            begun = True
        apart = not line or is_heading
