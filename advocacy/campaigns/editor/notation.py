"""A letter's text with labels in brackets: from the braces of its source and back, cut into boxes, and in drafts.

Drafts keep labels by their names, so that other words for them lose nobody's text.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple, TypeAlias

from advocacy.campaigns.editor.condition_phrases import parse_tag
from advocacy.campaigns.editor.labels import PRINTED, Label, Labels, find_label, in_brackets
from advocacy.campaigns.editor.manuscript import Manuscript, map_texts
from advocacy.campaigns.grammar.tokens import PRINTED_NAME, TAG
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

    def labelled(tag: re.Match[str]) -> str:
        printed = PRINTED_NAME.fullmatch(tag[0])
        turn = None if printed else parse_tag(tag[0])
        name = printed[1] if printed else f"{turn.word} {turn.test}".strip() if turn else ""
        label = labels.by_name.get(name)
        if label is None or (printed and label.kind not in PRINTED):
            return tag[0]
        return in_brackets(label, language)

    return TAG.sub(labelled, source)


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


REMOVED_CONDITION = "\ue002"
"""The condition of a box that is to be removed without its words; in a text this sign would be refused."""


@dataclass(slots=True)
class BoxBranch:
    """The words of a box under one condition: `typed` is the condition in the text ("[if own words given]")."""

    typed: str
    label: Label
    parts: list["TextPart"] = field(default_factory=list)


@dataclass(slots=True)
class Box:
    """A condition with its words, and those for otherwise; `end` is its end in the text."""

    branches: list[BoxBranch]
    end: str = ""


TextPart: TypeAlias = str | Box


def split_boxes(text: str, labels: Labels, language: Language) -> Sequence[TextPart]:
    """Cut a text into words and boxes, words first and last; one whose conditions do not close is all words."""
    found: list[TextPart] = [""]
    open_boxes: list[tuple[Box, list[TextPart]]] = []
    for chunk in split_labels(text, labels, language):
        typed, label = text[chunk.start : chunk.end], chunk.label
        turn = label.turn if label else ""
        if label and turn == "if":
            open_boxes.append((Box([BoxBranch(typed, label, [""])]), found))
            found = open_boxes[-1][0].branches[0].parts
        elif label and turn in {"elif", "else"} and open_boxes:
            open_boxes[-1][0].branches.append(BoxBranch(typed, label, [""]))
            found = open_boxes[-1][0].branches[-1].parts
        elif turn == "end" and open_boxes:
            box, found = open_boxes.pop()
            box.end = typed
            found += [box, ""]
        elif turn:
            return [text]
        else:
            found[-1] = f"{found[-1]}{typed}"
    return [text] if open_boxes else found


def remove_boxes(text: str, labels: Labels, language: Language) -> str:
    """Remove the boxes whose condition is REMOVED_CONDITION from a text, and keep their words."""
    if REMOVED_CONDITION not in text:
        return text
    text = text.replace(REMOVED_CONDITION, f"[{REMOVED_CONDITION}]")
    parts: list[str] = []
    are_removed: list[bool] = []
    for chunk in split_labels(text, labels, language):
        turn, is_removed = chunk.label.turn if chunk.label else "", chunk.unknown == REMOVED_CONDITION
        if is_removed or turn == "if":
            are_removed.append(is_removed)
        elif turn == "end" and are_removed:
            is_removed = are_removed.pop()
        if not is_removed:
            parts.append(text[chunk.start : chunk.end])
    return "".join(parts)


def empty_box(label: Label, labels: Labels, language: Language) -> str:
    """Return a condition around no words yet: "[if own words given][end]"."""
    return f"{in_brackets(label, language)}{in_brackets(labels.by_name['endif'], language)}"


OPEN, CLOSE = "\ue000", "\ue001"
"""The signs around a label's name; in a text they would be refused."""
_NAME = re.compile(f"{OPEN}([^{OPEN}{CLOSE}\n]+){CLOSE}")


def labels_to_names(manuscript: Manuscript, labels: Labels) -> Manuscript:
    """Write names for the labels that are known; what no label is called stays as typed."""

    def named(text: str, language: Language) -> str:
        by_words = labels.by_words[language]
        return BRACKETS.sub(lambda one: f"{OPEN}{by_words[one[1]].name}{CLOSE}" if one[1] in by_words else one[0], text)

    return _map_labelled(manuscript, named)


def names_to_labels(manuscript: Manuscript, labels: Labels) -> Manuscript:
    """Write labels for the names; a name that is offered no longer is in brackets, for its writer to see."""

    def labelled(text: str, language: Language) -> str:
        def label(found: re.Match[str]) -> str:
            named = labels.by_name.get(found[1])
            return in_brackets(named, language) if named else f"[{found[1]}]"

        return _NAME.sub(label, text)

    return _map_labelled(manuscript, labelled)


def _map_labelled(manuscript: Manuscript, render: Callable[[str, Language], str]) -> Manuscript:
    """Change the texts of every section but those of source, which hold no labels."""
    sections = (
        one
        if one.source
        else map_texts(Manuscript((one,)), lambda _key, language, text: render(text, language)).sections[0]
        for one in manuscript.sections
    )
    return replace(manuscript, sections=tuple(sections))
