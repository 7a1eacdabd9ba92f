"""From a manuscript back to the sources of a letter, in one form; each line knows the cell it comes from."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from advocacy.campaigns.editor.labels import OTHERWISE, Labels, nearest_label
from advocacy.campaigns.editor.manuscript import Case, Manuscript, Section, UnknownLabel, Variant, cell_key
from advocacy.campaigns.editor.notation import Chunk, braces_to_labels, split_labels
from advocacy.campaigns.editor.source_parts import Cases, Part, PartKind, heading, is_tight, split_source
from advocacy.campaigns.grammar.tokens import TAG
from advocacy.language import Language

MAX_PAIRS = 40_000
"""Pairs that are weighed; two texts that would make more are paired in order."""

PAIR, ALIKE = 1_000, 100
"""What a pair weighs, and what more when both cite the same; more pairs outweigh pairs more alike."""

_NAME = re.compile(r"[\w.]+")
_NOTHING: Cases = (("", ""),)


def pair_parts(ones: Sequence[Part], others: Sequence[Part]) -> Iterator[tuple[Part | None, Part | None]]:
    """Return both languages' parts side by side and in order, None where one has nothing."""
    if len(ones) * len(others) > MAX_PAIRS:
        for one, other in zip_longest(ones, others):
            together = one is not None and other is not None and can_pair(one, other)
            apart = [pair for pair in ((one, None), (None, other)) if pair != (None, None)]
            yield from [(one, other)] if together else apart
        return
    pairs = _pairs(ones, others)
    weights = _weights(pairs)
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


def can_pair(one: Part, other: Part) -> bool:
    """Return whether two parts can share their cells: the same kind, and cases that ask the same as far as both go."""
    return one.kind is other.kind and all(_fit(*pair) for pair in zip(one.variants, other.variants, strict=False))


def _fit(one: Cases, other: Cases) -> bool:
    if _NOTHING in (one, other):
        return True
    return all(a == b for (a, _), (b, _) in zip(one, other, strict=False))


def _pairs(ones: Sequence[Part], others: Sequence[Part]) -> Sequence[Sequence[int]]:
    """Say what each pair weighs, 0 where the two do not fit."""
    cited = [_names(other) for other in others]
    return [
        [_weight(mine, yours) if can_pair(one, other) else 0 for other, yours in zip(others, cited, strict=True)]
        for one, mine in ((one, _names(one)) for one in ones)
    ]


def _weights(pairs: Sequence[Sequence[int]]) -> Sequence[Sequence[int]]:
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


def _names(part: Part) -> frozenset[str]:
    texts = [text for cases in part.variants for _, text in cases]
    return frozenset(name for text in texts for tag in TAG.findall(text) for name in _NAME.findall(tag))


def _weight(mine: frozenset[str], yours: frozenset[str]) -> int:
    """Weigh a pair by the names that both parts use."""
    return PAIR + (ALIKE * len(mine & yours) // len(mine | yours) if mine or yours else ALIKE)


FIRST, OTHER = Language
"""The two languages a letter is written in; a third would need another way to pair them."""
EMPTY = Case("", dict.fromkeys(Language, ""))


def read(texts: Mapping[Language, str], labels: Labels) -> Manuscript:
    """Read both languages' sources side by side. A letter has a subject, so that there is a cell to write it in.

    Nothing is refused: what is too intricate for cells is a section of source, at worst a whole text.
    """
    sources = {language: texts.get(language, "") for language in Language}
    found = {language: split_source(source) for language, source in sources.items()}
    sections = tuple(_section(pair, labels) for pair in pair_parts(found[FIRST], found[OTHER]))
    if not any(section.is_subject or _holds_subject(section) for section in sections):
        sections = (Section((Variant((EMPTY,)),), is_subject=True), *sections)
    return Manuscript(sections, frozenset(language for language, source in sources.items() if is_tight(source)))


def _holds_subject(section: Section) -> bool:
    """Return whether a section of source has a heading somewhere."""
    texts = [text for variant in section.variants for case in variant.cases for text in case.texts.values()]
    return section.source and any(heading(line) is not None for text in texts for line in text.split("\n"))


def _section(pair: tuple[Part | None, Part | None], labels: Labels) -> Section:
    there = dict(zip(Language, pair, strict=True))
    kind = next(part.kind for part in pair if part is not None)
    alternatives = zip_longest(*(part.variants if part else () for part in there.values()), fillvalue=())
    variants = tuple(Variant(tuple(_cases(held, labels, raw=kind is PartKind.SOURCE))) for held in alternatives)
    return Section(variants, is_subject=kind is PartKind.SUBJECT, source=kind is PartKind.SOURCE)


def _cases(held: Sequence[Cases], labels: Labels, *, raw: bool) -> Iterator[Case]:
    """Lay the cases of both languages beside each other; a bare alternative takes the other's cases."""
    asking = max(held, key=lambda cases: (bool(cases and cases[0][0]), len(cases)))
    for place, (test, _) in enumerate(asking):
        texts = {
            language: cases[place][1] if place < len(cases) else ""
            for language, cases in zip(Language, held, strict=True)
        }
        yield Case(
            test,
            texts if raw else {language: braces_to_labels(text, labels, language) for language, text in texts.items()},
        )


MAX_COMPARED = 20
"""Unknown labels for which the nearest is looked for, which takes a while."""

_BREAK = re.compile(r"\r\n?|\n")


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line of a source: its pieces with their places in the text of the cell `key`; tags and gaps have none."""

    text: str
    key: str = ""
    pieces: tuple[Chunk, ...] = ()


@dataclass(frozen=True, slots=True)
class CellRange:
    """A place in a cell's text: the cell's key, and from where to where; `start` is `end` where a point is meant."""

    key: str
    start: int
    end: int


def write(manuscript: Manuscript, labels: Labels) -> tuple[Mapping[Language, str], Sequence[UnknownLabel]]:
    """Write both languages' sources, and say which words in brackets are no label; those stay as they are typed.

    A section, and alternatives and cases at the end of one, are left out of a language that has no words in them.
    """
    laid = {language: lay_out(manuscript, labels, language) for language in Language}
    unknown = [
        (line.key, language, piece.unknown)
        for language, lines in laid.items()
        for line in lines
        for piece in line.pieces
        if piece.unknown is not None
    ]
    near = {(language, words): nearest_label(labels, words, language) for _, language, words in unknown[:MAX_COMPARED]}
    told = [UnknownLabel(key, language, words, near.get((language, words), "")) for key, language, words in unknown]
    return {language: "".join(f"{line.text}\n" for line in lines) for language, lines in laid.items()}, told


def lay_out(manuscript: Manuscript, labels: Labels, language: Language) -> list[SourceLine]:
    """Lay one language's source out line by line."""
    return _Writer(manuscript, labels, language).lines()


def find_range(
    manuscript: Manuscript, labels: Labels, language: Language, *, line: int, column: int = 1
) -> CellRange | None:
    """Find the cell in which a line of the written source lies (counted from 1), and the place in its text.

    Lines of tags and empty lines give the cell they stand before, or else after. None for an empty manuscript.
    """
    return find_range_in(lay_out(manuscript, labels, language), line=line, column=column)


def find_range_in(lines: Sequence[SourceLine], *, line: int, column: int = 1) -> CellRange | None:
    """Do what `find_range` does in a source that is laid out already, for whoever looks for many places."""
    here = lines[min(max(line, 1), len(lines)) - 1] if lines else None
    if here is None or here.key:
        return _in_line(here, column) if here is not None else None
    following = next((other for other in lines[line:] if other.key), None)
    near = following or next((other for other in reversed(lines[:line]) if other.key), None)
    return CellRange(near.key, near.pieces[0].start, near.pieces[0].start) if near else None


def _in_line(line: SourceLine, column: int) -> CellRange:
    at = 0
    for piece in line.pieces:
        if column - 1 < at + len(piece.source):
            if piece.label is not None or piece.unknown is not None:
                return CellRange(line.key, piece.start, piece.end)
            point = min(piece.end, piece.start + max(0, column - 1 - at))
            return CellRange(line.key, point, point)
        at += len(piece.source)
    return CellRange(line.key, line.pieces[-1].end, line.pieces[-1].end)


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
        kept = self.kept([variant.cases for variant in section.variants])
        bodies = [[*self.variant(number, place, section)] for place in range(kept)]
        if kept == 1:
            yield from bodies[0]
            return
        gap = [] if self.language in self.manuscript.tight else [SourceLine("")]
        for place, body in enumerate(bodies):
            yield SourceLine("{% or %}" if place else "{% choose %}")
            yield from [*gap, *body, *(gap if body else [])]
        yield SourceLine("{% endchoose %}")

    def variant(self, number: int, place: int, section: Section) -> Iterator[SourceLine]:
        cases = section.variants[place].cases
        kept = cases[: self.kept([(case,) for case in cases])]
        for index, case in enumerate(kept):
            if case.test or index:
                yield SourceLine(_turn(case.test, first=not index))
            yield from self.case(cell_key(number, place, index), case, section)
        if kept and kept[0].test:
            yield SourceLine("{% endif %}")

    def kept(self, held: Sequence[tuple[Case, ...]]) -> int:
        """Count what is written: all up to the last that has words in this language, or has none in any yet."""
        languages = [
            {language for case in cases for language in Language if case.text(language).strip()} for cases in held
        ]
        return max((place for place, said in enumerate(languages, 1) if not said or self.language in said), default=0)

    def case(self, key: str, case: Case, section: Section) -> Iterator[SourceLine]:
        rows = [*_rows(case.text(self.language), headings=not section.source)]
        if section.is_subject and rows:
            pieces = [Chunk("# ", rows[0][0], rows[0][0]), *self.subject([row for row in rows if row[1]])]
            yield _line(key, pieces)
            return
        for start, text in rows:
            end = start + len(text)
            pieces = [Chunk(text, start, end)] if section.source or not text else self.pieces(text, start)
            yield _line(key, pieces)

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


def _turn(test: str, *, first: bool) -> str:
    if test in ("", OTHERWISE) and not first:
        return f"{{% {OTHERWISE} %}}"
    return f"{{% {'if' if first else 'elif'} {test} %}}"


def _rows(text: str, *, headings: bool) -> Iterator[tuple[int, str]]:
    """Return the lines of a cell with their places, without spaces at their ends, and empty lines one at a time.

    Where `headings` are to be told from words, an empty line stands around each.
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
