"""One-press fixes: for a problem of a letter's text, the edits that put it right, as data computed from the problem."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from advocacy.campaigns.campaign_folder import TEXTS
from advocacy.campaigns.checks.typography import codes as typography_codes
from advocacy.campaigns.editor.labels import Labels
from advocacy.campaigns.editor.manuscript import Manuscript, cell, with_text
from advocacy.campaigns.editor.manuscript_source import find_range_in, lay_out
from advocacy.campaigns.editor.notation import braces_to_labels
from advocacy.messages import Message, message
from advocacy.problems import Problem
from advocacy.toml_source import line_and_column, offset

CLOSING = " \t\n\u00a0\u202f.!?…»”"
"""What ends the last sentence of a text."""
PARAGRAPH_END = re.compile(r"\n(?=\n|\{%[^{}\n]*%\}\n)")
"""What ends a paragraph: an empty line, or one of a tag alone."""
MIN_SIMILARITY = 0.5
"""How alike two names are, from 0 to 1, for one to be offered in the place of the other."""


@dataclass(frozen=True, slots=True)
class Fix:
    """Put `text` in the place of `length` characters at a place of a file; `label` is the text of the button.

    `at_end`: not there, but at the end of the last sentence of the paragraph that begins on the line.
    """

    label: Message
    file: str
    line: int
    column: int
    length: int
    text: str
    at_end: bool = False

    @property
    def key(self) -> str:
        """A short name by what the fix does, so that one of another text is never carried out."""
        parts = "\0".join(map(str, (self.file, self.line, self.column, self.length, self.at_end, self.text)))
        return hashlib.sha256(parts.encode()).hexdigest()[:12]


def fixes(problem: Problem) -> Sequence[Fix]:
    """Return the fixes of a problem, the likeliest first; () for most codes."""
    if problem.code in typography_codes():
        label = message("Change to “%(text)s”", text=problem.params["corrected"])
        instead = problem.params["instead"]
        return () if instead is None else (_fix(problem, label, instead),)
    find = _BY_CODE.get(problem.code)
    return tuple(find(problem)) if find else ()


def apply_fix(fix: Fix, text: str) -> str:
    placed = _placed(fix, text)
    start = offset(text, placed.line, placed.column)
    return text[:start] + placed.text + text[start + placed.length :]


def apply_in_manuscript(fix: Fix, manuscript: Manuscript, labels: Labels) -> Manuscript:
    """Carry out a fix of a text in the manuscript it is written from; the manuscript as it is where that cannot be."""
    language = next((language for language, name in TEXTS.items() if fix.file.endswith(f"/{name}")), None)
    if language is None:
        return manuscript
    lines = lay_out(manuscript, labels, language)
    placed = _placed(fix, "".join(f"{line.text}\n" for line in lines))
    first = find_range_in(lines, line=placed.line, column=placed.column)
    last = find_range_in(lines, line=placed.line, column=placed.column + placed.length)
    case = cell(manuscript, first.key) if first else None
    if first is None or last is None or case is None or last.key != first.key:
        return manuscript
    text = case.text(language)
    words = (
        f"{text[: first.start]}{braces_to_labels(placed.text, labels, language)}{text[max(first.start, last.start) :]}"
    )
    return with_text(manuscript, first.key, language=language, text=words)


def _placed(fix: Fix, text: str) -> Fix:
    """Return the fix at its exact place: that of a fix at the end of a paragraph depends on the text."""
    if not fix.at_end:
        return fix
    start = offset(text, fix.line, 1)
    end = PARAGRAPH_END.search(text, start)
    paragraph = text[start : end.start() if end else len(text)]
    line, column = line_and_column(text, start + len(paragraph.rstrip(CLOSING)))
    return replace(fix, line=line, column=column, at_end=False)


def _fix(problem: Problem, label: Message, text: str, *, start: int = 0, length: int | None = None) -> Fix:
    place = problem.place
    return Fix(label, place.file, place.line, place.column + start, place.length if length is None else length, text)


def _use(name: str) -> Message:
    return message("Use %(name)s", name=f"[{name}]")


def _cite_finding(problem: Problem) -> Iterator[Fix]:
    for name, start, length in problem.params.get("citable", ()):
        yield _fix(problem, _use(name), f"{{{{ {name} }}}}", start=start, length=length)


def _use_near_name(problem: Problem) -> Iterator[Fix]:
    for near in get_close_matches(problem.params["name"], problem.params["names"], n=2, cutoff=MIN_SIMILARITY):
        yield _fix(problem, _use(near), near)


def _use_near_finding(problem: Problem) -> Iterator[Fix]:
    for near in get_close_matches(problem.params["key"], problem.params["keys"], n=2, cutoff=MIN_SIMILARITY):
        if problem.place.length:
            yield _fix(problem, _use(f"finding.{near}"), f"finding.{near}")


def _use_near_label(problem: Problem) -> Iterator[Fix]:
    if problem.params["nearest"]:
        yield _fix(problem, _use(problem.params["nearest"][1:-1]), problem.params["instead"])
    yield _fix(problem, message("Remove the brackets"), problem.params["text"])


def _close_condition(problem: Problem) -> Iterator[Fix]:
    """Close a condition at the end of its line, or, where it is around paragraphs, after the next one."""
    closing, place = problem.params["closing"], problem.place
    label = message("End the condition after this paragraph")
    if problem.params["alone"]:
        yield Fix(label, place.file, problem.params["until"], 1, 0, f"{closing}\n")
    else:
        yield Fix(label, place.file, place.line, problem.params["until"], 0, closing)


def _make_conditional(problem: Problem) -> Iterator[Fix]:
    """Put the whole sentence under a condition: without the blank alone, its other words would mean nothing."""
    if problem.params["sentence"]:
        name, (line, column, words) = problem.params["name"], problem.params["sentence"]
        label = message("Only if there is %(name)s", name=f"[{name}]")
        text = f"{{% if {name} %}}{words}{{% endif %}}"
        yield Fix(label, problem.place.file, line, column, len(words), text)


def _add_missing(problem: Problem) -> Iterator[Fix]:
    place = problem.place
    for name in problem.params["names"]:
        if re.fullmatch(r"[\w.]+", name):
            label = message("Add %(name)s at the end", name=f"[{name}]")
            yield Fix(label, place.file, place.line, 1, 0, f" {{{{ {name} }}}}", at_end=True)


def _remove(problem: Problem) -> Iterator[Fix]:
    """Remove what the problem is about, with the spaces around it that would be left over."""
    before, after = problem.params.get("spaces", (0, 0))
    yield _fix(problem, message("Remove it"), "", start=-before, length=problem.place.length + before + after)


_BY_CODE: Mapping[str, Callable[[Problem], Iterator[Fix]]] = {
    "figure-typed": _cite_finding,
    "name-unknown": _use_near_name,
    "condition-name-unknown": _use_near_name,
    "finding-not-offered": _use_near_name,
    "finding-unknown": _use_near_finding,
    "label-unknown": _use_near_label,
    "condition-not-closed": _close_condition,
    "blank-may-be-empty": _make_conditional,
    "language-lacks": _add_missing,
    "word-doubled": _remove,
    "sign-forbidden": _remove,
    "sign-invisible": _remove,
    "bracket-open": _remove,
    "end-without-condition": _remove,
}
