"""A manuscript as a draft keeps it: its labels by their names, so that other words for them lose nobody's text."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from advocacy.campaigns.editor.condition_phrases import parse_tag
from advocacy.campaigns.editor.labels import PRINTED, Label, LabelKind, Labels, find_label, in_brackets
from advocacy.campaigns.editor.manuscript import Manuscript, map_texts
from advocacy.campaigns.grammar.tokens import PRINTED as PRINTED_NAME
from advocacy.campaigns.grammar.tokens import TAG
from advocacy.language import Language

BRACKETS = re.compile(r"\[([^\[\]\n]*)\]")


class Chunk(NamedTuple):
    """A piece of a line as a writer sees it, `start`–`end`, and what it is in the source; `label` where it is one.

    `unknown` are the words of brackets that no label is called by.
    """

    source: str
    start: int
    end: int
    label: Label | None = None
    unknown: str | None = None


def braces_to_labels(source: str, labels: Labels, language: Language) -> str:
    """Write labels for the blanks and tags of a piece of source; those that have none stay as they are."""

    def instead(tag: re.Match[str]) -> str:
        label = _label(tag[0], labels)
        return in_brackets(label, language) if label is not None else tag[0]

    return TAG.sub(instead, source)


def split_labels(line: str, labels: Labels, language: Language) -> Iterator[Chunk]:
    """Cut a line of a writer's text into words and labels, each with what it is in the source."""
    end = 0
    for brackets in BRACKETS.finditer(line):
        if brackets.start() > end:
            yield Chunk(line[end : brackets.start()], end, brackets.start())
        label = find_label(labels, brackets[1], language)
        if label is not None:
            yield Chunk(label.source, *brackets.span(), label)
        else:
            yield Chunk(brackets[0], *brackets.span(), None, brackets[1])
        end = brackets.end()
    if end < len(line):
        yield Chunk(line[end:], end, len(line))


def _label(tag: str, labels: Labels) -> Label | None:
    blank = PRINTED_NAME.fullmatch(tag)
    if blank is not None:
        label = labels.by_name.get(blank[1])
        return label if label is not None and label.kind in PRINTED else None
    turn = parse_tag(tag)
    return labels.by_name.get(f"{turn.word} {turn.test}".strip()) if turn is not None else None


REMOVED_CONDITION = "\ue002"
"""Stands for the condition of a box that is to be removed, its words kept; in a text it would be refused."""


@dataclass(slots=True)
class Branch:
    """The words of a box under one condition: `typed` is how it stands in the text ("[if own words given]")."""

    typed: str
    label: Label
    parts: list["Part"] = field(default_factory=list)


@dataclass(slots=True)
class Box:
    """A condition with the words that it governs, and what is said otherwise; `end` is how its end stands."""

    branches: list[Branch]
    end: str = ""


Part: TypeAlias = str | Box


def split_boxes(text: str, labels: Labels, language: Language) -> Sequence[Part]:
    """Cut a text into words and boxes, words first and last; one whose conditions do not close is all words."""
    found: list[Part] = [""]
    around: list[tuple[Box, list[Part]]] = []
    for piece, label in _pieces(text, labels, language):
        kind = label.kind if label else None
        if label and label.name.startswith("if ") and kind is LabelKind.CONDITION:
            around.append((Box([Branch(piece, label, [""])]), found))
            found = around[-1][0].branches[0].parts
        elif label and kind in {LabelKind.CONDITION, LabelKind.OTHERWISE} and around:
            around[-1][0].branches.append(Branch(piece, label, [""]))
            found = around[-1][0].branches[-1].parts
        elif kind is LabelKind.END and around:
            box, found = around.pop()
            box.end = piece
            found += [box, ""]
        elif kind in {LabelKind.CONDITION, LabelKind.OTHERWISE, LabelKind.END}:
            return [text]
        else:
            found[-1] = f"{found[-1]}{piece}"
    return [text] if around else found


def remove_boxes(text: str, labels: Labels, language: Language) -> str:
    """Remove the boxes whose condition is ALWAYS from a text, and keep their words."""
    if REMOVED_CONDITION not in text:
        return text
    kept, removed = "", []
    for piece, label in _pieces(text.replace(REMOVED_CONDITION, f"[{REMOVED_CONDITION}]"), labels, language):
        if piece == f"[{REMOVED_CONDITION}]":
            removed.append(True)
            continue
        if label and label.name.startswith("if ") and label.kind is LabelKind.CONDITION:
            removed.append(False)
        elif label and label.kind is LabelKind.END and removed and removed.pop():
            continue
        kept += piece
    return kept


def empty_box(label: Label, labels: Labels, language: Language) -> str:
    """Write a condition around no words yet: "[if own words given][end]"."""
    return f"{in_brackets(label, language)}{in_brackets(labels.by_name['endif'], language)}"


def _pieces(text: str, labels: Labels, language: Language) -> Iterator[tuple[str, Label | None]]:
    end = 0
    for brackets in BRACKETS.finditer(text):
        yield text[end : brackets.start()], None
        yield brackets[0], find_label(labels, brackets[1], language)
        end = brackets.end()
    yield text[end:], None


OPEN, CLOSE = "\ue000", "\ue001"
"""What a label's name stands between; in a text they would be refused."""
_WORDS = re.compile(r"\[([^\[\]\n]+)\]")
_NAME = re.compile(f"{OPEN}([^{OPEN}{CLOSE}\n]+){CLOSE}")


def labels_to_names(manuscript: Manuscript, labels: Labels) -> Manuscript:
    """Put names for the labels that are known; what no label is called stays as typed."""

    def named(text: str, language: Language) -> str:
        known = labels.by_words[language]
        return _WORDS.sub(lambda one: f"{OPEN}{known[one[1]].name}{CLOSE}" if one[1] in known else one[0], text)

    return _in_cells(manuscript, named)


def names_to_labels(manuscript: Manuscript, labels: Labels) -> Manuscript:
    """Put words for the names; a name that is offered no longer stands in brackets, for its writer to see."""

    def worded(text: str, language: Language) -> str:
        def words(one: re.Match[str]) -> str:
            label = labels.by_name.get(one[1])
            return f"[{label.words.in_language(language) if label else one[1]}]"

        return _NAME.sub(words, text)

    return _in_cells(manuscript, worded)


def _in_cells(manuscript: Manuscript, said: Callable[[str, Language], str]) -> Manuscript:
    """Change the words of every cell but those of source, which hold no labels."""
    raw = {f"s{place}." for place, section in enumerate(manuscript.sections) if section.source}
    return map_texts(
        manuscript,
        lambda key, language, text: text if f"{key.split('.')[0]}." in raw else said(text, language),
    )
