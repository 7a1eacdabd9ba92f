"""Mends within one line of a letter's source: a sign set wrongly, a figure typed by hand."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from advocacy.campaigns.labels import Label, Labels, shown
from advocacy.campaigns.manuscript_writing import Line
from advocacy.campaigns.prose import Prose
from advocacy.campaigns.typography import Slip, slips
from advocacy.findings import Finding, Survey
from advocacy.language import Language
from advocacy.numerals import Approach, Measure, Numeral, numerals, plain_text, typed_figures


@dataclass(frozen=True, slots=True)
class Mending:
    """Put `replacement` in the place of `start`–`end` of the text of one cell in one language."""

    key: str
    language: Language
    start: int
    end: int
    replacement: str


@dataclass(frozen=True, slots=True)
class Looked:
    """A line's words, with the figures and the signs in them that are to be mended, and every number."""

    prose: Prose
    figures: Sequence[tuple[int, int]]
    slips: Sequence[Slip]
    numbers: Sequence[tuple[Numeral, tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class LineMender:
    """Finds the mends of lines in one language; each line is looked at once, however often it is asked for."""

    labels: Labels
    survey: Survey
    language: Language
    looked: dict[str, Looked] = field(default_factory=dict)

    def at(self, here: Line, column: int) -> Mending | None:
        """Mend what starts at a column (counted from 1); None where no one mend is clear."""
        seen = self.look(here)
        for span in seen.figures:
            if seen.prose.span(*span)[0] == column - 1:
                return self.figure(here, span)
        mends = {
            self.within(here, *seen.prose.span(slip.start, slip.end), instead=slip.mend)
            for slip in seen.slips
            if seen.prose.span(slip.start, slip.end)[0] == column - 1
        }
        return mends.pop() if len(mends) == 1 else None

    def figures(self, here: Line) -> Iterator[Mending]:
        """Give the mends of every figure in a line that has one."""
        found = (self.figure(here, span) for span in self.look(here).figures)
        yield from (mend for mend in found if mend is not None)

    def look(self, here: Line) -> Looked:
        """Look at a line, unless that is done."""
        if here.text not in self.looked:
            prose = Prose.of(here.text)
            figures = [(start, end) for start, end, _ in typed_figures(prose.text, self.survey.numbers)]
            read = plain_text(prose.text)
            numbers = [(number, read.span(number.start, number.end)) for number in numerals(read)]
            self.looked[here.text] = Looked(prose, figures, [*slips(prose.text, self.language)], numbers)
        return self.looked[here.text]

    def figure(self, here: Line, span: tuple[int, int]) -> Mending | None:
        """Cite the one finding, or the one fact, that a typed figure gives."""
        seen = self.look(here)
        found = [*self.findings(seen, span), *self.facts(seen.prose.text, span)]
        if len(found) != 1:
            return None
        label, start, end = found[0]
        return self.within(here, *seen.prose.span(start, end), instead=shown(label, self.language))

    def findings(self, seen: Looked, span: tuple[int, int]) -> Iterator[tuple[Label, int, int]]:
        for number, place in seen.numbers:
            exact = number.measure is Measure.SHARE and number.approach is Approach.EXACT and number.low == number.high
            if not exact or number.vague or place != span:
                continue
            for key, cited in self.survey.citable.items():
                label = self.labels.by_name.get(f"finding.{key}")
                if label is not None and isinstance(cited, Finding) and cited.percent == number.value:
                    yield label, *span

    def facts(self, text: str, span: tuple[int, int]) -> Iterator[tuple[Label, int, int]]:
        """Find the facts whose whole words stand around the figure, whatever spaces they are written with."""
        for name in ("respondents", "duration"):
            label = self.labels.by_name.get(f"survey.{name}")
            words = self.survey.facts(self.language)[name].split()
            for said in re.finditer(r"\s".join(map(re.escape, words)), text, re.IGNORECASE):
                if label is not None and said.start() <= span[0] and span[1] <= said.end():
                    yield label, said.start(), said.end()

    def within(self, here: Line, start: int, end: int, *, instead: str) -> Mending | None:
        """Place a mend of a line of source in its cell; None where it is not in one piece of words."""
        at = 0
        for piece in here.pieces:
            words = piece.label is None and piece.unknown is None
            if words and at <= start and end <= at + len(piece.source):
                return Mending(here.key, self.language, piece.start + start - at, piece.start + end - at, instead)
            at += len(piece.source)
        return None
