"""The conditions within a text as boxes: which words each governs. Joined again, the pieces are the text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from advocacy.campaigns.labels import Label, Labels, Sort, find, shown
from advocacy.campaigns.notation import BRACKETS
from advocacy.language import Language

ALWAYS = "\ue002"
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


def parts(text: str, labels: Labels, language: Language) -> Sequence[Part]:
    """Cut a text into words and boxes, words first and last; one whose conditions do not close is all words."""
    found: list[Part] = [""]
    around: list[tuple[Box, list[Part]]] = []
    for piece, label in _pieces(text, labels, language):
        sort = label.sort if label else None
        if label and label.name.startswith("if ") and sort is Sort.CONDITION:
            around.append((Box([Branch(piece, label, [""])]), found))
            found = around[-1][0].branches[0].parts
        elif label and sort in {Sort.CONDITION, Sort.OTHERWISE} and around:
            around[-1][0].branches.append(Branch(piece, label, [""]))
            found = around[-1][0].branches[-1].parts
        elif sort is Sort.END and around:
            box, found = around.pop()
            box.end = piece
            found += [box, ""]
        elif sort in {Sort.CONDITION, Sort.OTHERWISE, Sort.END}:
            return [text]
        else:
            found[-1] = f"{found[-1]}{piece}"
    return [text] if around else found


def unboxed(text: str, labels: Labels, language: Language) -> str:
    """Remove the boxes whose condition is ALWAYS from a text, and keep their words."""
    if ALWAYS not in text:
        return text
    kept, removed = "", []
    for piece, label in _pieces(text.replace(ALWAYS, f"[{ALWAYS}]"), labels, language):
        if piece == f"[{ALWAYS}]":
            removed.append(True)
            continue
        if label and label.name.startswith("if ") and label.sort is Sort.CONDITION:
            removed.append(False)
        elif label and label.sort is Sort.END and removed and removed.pop():
            continue
        kept += piece
    return kept


def empty_box(label: Label, labels: Labels, language: Language) -> str:
    """Write a condition around no words yet: "[if own words given][end]"."""
    return f"{shown(label, language)}{shown(labels.by_name['endif'], language)}"


def _pieces(text: str, labels: Labels, language: Language) -> Iterator[tuple[str, Label | None]]:
    end = 0
    for brackets in BRACKETS.finditer(text):
        yield text[end : brackets.start()], None
        yield brackets[0], find(labels, brackets[1], language)
        end = brackets.end()
    yield text[end:], None
