"""Blanks that can leave a gap in a paragraph when their value is empty, because no condition asks for it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from advocacy.campaigns.fields import Field
from advocacy.campaigns.grammar.allowed_names import OFFICES, OPTIONAL_NAMES, ROLES, STAGES
from advocacy.campaigns.grammar.program import (
    Branch,
    Inline,
    Paragraph,
    Program,
    Slot,
    Values,
    ValuesWithDefault,
    walk,
    without_branches,
)
from advocacy.campaigns.grammar.tokens import PRINTED_NAME, TAG
from advocacy.problems import Place, Problem, complaint
from advocacy.sentences import sentence_spans
from advocacy.toml_source import line_and_column, offset

COMPARED: Mapping[str, frozenset[str]] = {"recipient.office": OFFICES, **ROLES, **STAGES}
EMPTY_WITHOUT = {"citizen.riding": "citizen.is_constituent"}
"""Flags that hold only where the blank is filled."""


def find_gaps(program: Program, fields: Sequence[Field]) -> Iterator[tuple[int, str]]:
    """Yield the paragraphs in which a blank can leave a gap: the line, and the blank's name."""
    lines = program.paragraph_lines()
    optional = [*OPTIONAL_NAMES, *(field.key for field in fields if field.may_be_empty)]
    conditions = " ".join(detail for entry in program.outline for detail in entry.details)
    cases = [(name, sorted(words)) for name, words in COMPARED.items() if name in conditions]
    printed = {id(one): set(printed_names(one.inline)) for one in walk(program.blocks) if isinstance(one, Paragraph)}
    found: set[tuple[int, str]] = set()
    for name in {*optional} & set().union(*printed.values()):
        for values in _values_without(name, optional, cases):
            for paragraph in program.paragraphs(values):
                if name not in printed[id(paragraph)]:
                    continue
                parts = [
                    part
                    for part in without_branches(paragraph.inline, values)
                    if isinstance(part, Slot) or part.strip()
                ]
                if len(parts) > 1 and any(isinstance(part, Slot) and part.name == name for part in parts):
                    found.add((lines[id(paragraph)], name))
    yield from sorted(found)


def gap_problem(source: str, line: int, name: str, *, file: str) -> Problem:
    """Return the problem of a blank that can leave a gap, at its first place outside conditions.

    Its parameter `sentence` is what a condition can be put around, by line, column and words, if that is a whole one.
    """
    start = offset(source, line, 1)
    end = source.find("\n\n", start)
    depth = 0
    for tag in TAG.finditer(source, start, end if end >= 0 else len(source)):
        depth += tag[0].startswith("{% if") - tag[0].startswith("{% endif")
        printed = PRINTED_NAME.fullmatch(tag[0])
        if printed and printed[1] == name and not depth:
            place = Place(file, *line_and_column(source, tag.start()), len(tag[0]))
            return complaint("blank-may-be-empty", name=name, sentence=_sentence(source, tag.start())).at(place)
    return complaint("blank-may-be-empty", name=name, sentence=None).at(Place(file, line))


def _sentence(source: str, at: int) -> tuple[int, int, str] | None:
    """Return the sentence around a place, with one space beside it, by line, column and words."""
    start = source.rfind("\n", 0, at) + 1
    end = source.find("\n", at)
    line = source[start : end if end >= 0 else len(source)]
    plain = TAG.sub(lambda tag: "X" * len(tag[0]), line)
    first, last = next(span for span in sentence_spans(plain) if span[1] > at - start)
    if plain[first - 1 : first].isspace():
        first -= 1
    elif plain[last : last + 1].isspace():
        last += 1
    words = line[first:last]
    tags = re.findall(r"\{% *(\w+)", words)
    if line.startswith("# ") or {*tags} - {"if", "elif", "else", "endif"} or tags.count("if") != tags.count("endif"):
        return None
    return (*line_and_column(source, start + first), words)


def _values_without(name: str, optional: Sequence[str], cases: Sequence[tuple[str, Sequence[str]]]) -> Iterator[Values]:
    """Yield the values of letters that lack `name`: with all the rest filled in, and with none of it.

    `cases` are the names that conditions compare, each with its words: every combination comes once.
    """
    for empty in ([name], optional):
        lacking = {key: "" for other in empty for key in (other, f"{other}#", EMPTY_WITHOUT.get(other, other))}
        for words in product(*(words for _, words in cases)):
            compared = dict(zip((case for case, _ in cases), words, strict=True))
            yield ValuesWithDefault({**lacking, **compared}, "…")


def printed_names(inline: Inline) -> Iterator[str]:
    """Yield the names of the blanks of a paragraph, under whatever condition."""
    for part in inline:
        if isinstance(part, Slot):
            if not part.text:
                yield part.name
        elif isinstance(part, Branch):
            for _, case in part.cases:
                yield from printed_names(case)
