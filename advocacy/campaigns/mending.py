"""Mends that need no second thought: for a problem of a letter, the words to put in its place, as a writer types."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from advocacy.campaigns.folder import TEXTS
from advocacy.campaigns.labels import PRINTED, Labels, Sort, shown
from advocacy.campaigns.line_mending import LineMender, Mending
from advocacy.campaigns.manuscript_parts import Manuscript, UnknownLabel, cell, cells, with_text
from advocacy.campaigns.manuscript_writing import Line, lay_out, place_in
from advocacy.campaigns.notation import BRACKETS, Chunk
from advocacy.findings import Survey
from advocacy.language import Language
from advocacy.toml_source import Problem

__all__ = ["Mending", "mended", "of_problem", "of_problems", "of_unknown"]

MOST = 30
"""Problems for which a mend is looked for at once."""

_GAP = re.compile(r"“([\w.]+)” can be empty and leave a gap;")
_UNLIKE = re.compile(r"this \w+ (?P<what>lacks|has) “(?P<name>[^”]+)”, which line \d+ of \S+ (?:has|lacks)")
_CLOSING = " \t\n\u00a0\u202f.!?…»”"
"""What ends the last sentence of a text."""
_UNCITED = re.compile(r"“(\w+)” is declared but (\S+) does not cite it;")


def mended(manuscript: Manuscript, mending: Mending) -> Manuscript:
    """Carry a mend out; the manuscript as it is where the cell is gone."""
    held = cell(manuscript, mending.key)
    if held is None:
        return manuscript
    text = held.text(mending.language)
    whole = f"{text[: mending.start]}{mending.replacement}{text[mending.end :]}"
    return with_text(manuscript, mending.key, language=mending.language, text=whole)


def of_unknown(unknown: UnknownLabel, manuscript: Manuscript) -> Mending | None:
    """Put the nearest label in the place of words in brackets that are none; the bare words where none is near."""
    held = cell(manuscript, unknown.key)
    if held is None:
        return None
    text = held.text(unknown.language)
    found = next((words for words in BRACKETS.finditer(text) if words[1] == unknown.words), None)
    meant = f"[{unknown.nearest}]" if unknown.nearest else unknown.words
    return None if found is None else Mending(unknown.key, unknown.language, *found.span(), meant)


def of_problem(problem: Problem, manuscript: Manuscript, labels: Labels, *, survey: Survey) -> Mending | None:
    """Find the one clear mend of a problem, None where there is none; of many problems ask `of_problems`."""
    return of_problems([problem], manuscript, labels, survey=survey).get(problem)


def of_problems(
    problems: Sequence[Problem], manuscript: Manuscript, labels: Labels, *, survey: Survey
) -> Mapping[Problem, Mending]:
    """Find the one clear mend of each problem that has one: of the first few, since each takes a while.

    The problems are those that the check found in the sources which `write` made of the manuscript.
    """
    menders = {
        language: _Mender(
            manuscript, labels, language, lay_out(manuscript, labels, language), LineMender(labels, survey, language)
        )
        for language in Language
    }
    found = {problem: _mend(problem, menders) for problem in problems[:MOST]}
    return {problem: mend for problem, mend in found.items() if mend is not None}


def _mend(problem: Problem, menders: Mapping[Language, "_Mender"]) -> Mending | None:
    uncited = _UNCITED.match(problem.sentence)
    file = uncited[2] if uncited is not None else problem.file.rpartition("/")[2]
    language = next((one for one, name in TEXTS.items() if name == file), None)
    if language is None:
        return None
    mender = menders[language]
    if uncited is not None:
        return mender.cited(f"finding.{uncited[1]}")
    gap = _GAP.match(problem.sentence)
    if gap is not None:
        return mender.wrapped(problem.line, gap[1])
    unlike = _UNLIKE.match(problem.sentence)
    if unlike is None:
        return mender.in_words(problem.line, problem.column)
    lacks = language if unlike["what"] == "lacks" else next(other for other in Language if other is not language)
    return menders[lacks].said(mender.key_at(problem.line), unlike["name"].split(", ")[0])


@dataclass(frozen=True, slots=True)
class _Mender:
    manuscript: Manuscript
    labels: Labels
    language: Language
    lines: list[Line]
    words: LineMender

    def wrapped(self, line: int, name: str) -> Mending | None:
        """Put a blank that may be empty under an if that asks for it, with the space before it."""
        asks, ends = self.labels.by_name.get(f"if {name}"), self.labels.by_name.get("endif")
        place = self.open_blank(line, name)
        if asks is None or ends is None or place is None:
            return None
        here, piece = place
        held = cell(self.manuscript, here.key)
        text = held.text(self.language) if held is not None else ""
        start = piece.start - (text[max(0, piece.start - 1) : piece.start] == " ")
        words = f"{shown(asks, self.language)}{text[start : piece.end]}{shown(ends, self.language)}"
        return Mending(here.key, self.language, start, piece.end, words)

    def open_blank(self, line: int, name: str) -> tuple[Line, Chunk] | None:
        """Find the blank, in the paragraph that starts on `line`, where no `if` of the paragraph is around it."""
        for here in self.paragraph(line):
            depth = 0
            for piece in here.pieces:
                label = piece.label
                if label is None:
                    continue
                depth += (label.sort is Sort.CONDITION and label.name.startswith("if ")) - (label.sort is Sort.END)
                if label.name == name and not depth:
                    return here, piece
        return None

    def paragraph(self, line: int) -> Iterator[Line]:
        for here in self.lines[max(0, line - 1) :]:
            if not here.key or not here.text:
                return
            yield here

    def key_at(self, line: int) -> str:
        """Give the key of the cell in which a line lies, "" for none."""
        place = place_in(self.lines, line=line)
        return place.key if place is not None else ""

    def cited(self, name: str) -> Mending | None:
        """Put a finding at the end of the one paragraph whose twin cites it; None where several could be meant."""
        label = self.labels.by_name.get(name)
        twins = [
            key
            for key, case in cells(self.manuscript)
            for other in Language
            if label is not None and other is not self.language and shown(label, other) in case.text(other)
        ]
        return self.said(twins[0], name) if len(twins) == 1 else None

    def said(self, key: str, name: str) -> Mending | None:
        """Put a blank in the place of the figure that says the same, else at the end of a cell's last sentence."""
        label, held = self.labels.by_name.get(name), cell(self.manuscript, key)
        if label is None or held is None or label.sort not in PRINTED:
            return None
        words, text = shown(label, self.language), held.text(self.language)
        typed = [mend for line in self.lines if line.key == key for mend in self.words.figures(line)]
        end = len(text.rstrip(_CLOSING))
        added = Mending(key, self.language, end, end, f"{' ' if end else ''}{words}")
        return next((mend for mend in typed if mend.replacement == words), added)

    def in_words(self, line: int, column: int) -> Mending | None:
        """Mend a sign set wrongly, or a figure typed by hand, that starts at a place in the words."""
        if not 1 <= line <= len(self.lines) or not self.lines[line - 1].key:
            return None
        return self.words.at(self.lines[line - 1], column)
