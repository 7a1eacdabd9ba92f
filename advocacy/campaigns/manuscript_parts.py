"""What a manuscript is made of, the keys of its cells, and the form in which a draft is kept."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from pydantic import TypeAdapter

from advocacy.language import Language

Item = TypeVar("Item")
KEY = re.compile(r"s(\d{1,4})\.v(\d{1,4})\.c(\d{1,4})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Case:
    """The words for one kind of recipient: `test` is the if's condition, "else" for all others, "" where none is asked.

    `texts` are in the notation of labels, "" where a language has nothing here; several paragraphs are parted by an
    empty line. Keys of a case in a form: "s2.v1.c0".
    """

    test: str
    texts: Mapping[Language, str]

    def text(self, language: Language) -> str:
        """Return the text in one language, "" for none."""
        return self.texts.get(language, "")


@dataclass(frozen=True, slots=True)
class Variant:
    """One of a section's alternatives."""

    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """What stands at one place of the letter. `source`: too intricate for cells, it is edited with its braces."""

    variants: tuple[Variant, ...]
    is_subject: bool = False
    source: bool = False


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A letter's sections, in order; `tight` are the languages whose tags stand without empty lines around them."""

    sections: tuple[Section, ...]
    tight: frozenset[Language] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class UnknownLabel:
    """A label that nothing is called by: where it stands, and the nearest one there is ("" for none)."""

    key: str
    language: Language
    words: str
    nearest: str


def key_of(section: int, variant: int, case: int) -> str:
    """Name a cell, counting from 0."""
    return f"s{section}.v{variant}.c{case}"


def cells(manuscript: Manuscript) -> Iterator[tuple[str, Case]]:
    """Return every cell with its key, in order."""
    for one, section in enumerate(manuscript.sections):
        for two, variant in enumerate(section.variants):
            for three, case in enumerate(variant.cases):
                yield key_of(one, two, three), case


def keys(manuscript: Manuscript) -> Sequence[str]:
    """Return the key of every cell, in order."""
    return [key for key, _ in cells(manuscript)]


def cell(manuscript: Manuscript, key: str) -> Case | None:
    """Find a cell, None where the manuscript has none of that key."""
    place = _place(key)
    try:
        section, variant, case = place or (-1, -1, -1)
        return manuscript.sections[section].variants[variant].cases[case] if place else None
    except IndexError:
        return None


def with_text(manuscript: Manuscript, key: str, *, language: Language, text: str) -> Manuscript:
    """Put `text` into one cell; the manuscript as it is where it has no such cell."""
    case, place = cell(manuscript, key), _place(key)
    if case is None or place is None:
        return manuscript
    section, variant, number = place
    held = manuscript.sections[section]
    written = replace(case, texts={**case.texts, language: text})
    cases = put(held.variants[variant].cases, number, written)
    variants = put(held.variants, variant, Variant(cases))
    return replace(manuscript, sections=put(manuscript.sections, section, replace(held, variants=variants)))


def put(items: tuple[Item, ...], place: int, item: Item) -> tuple[Item, ...]:
    """Return `items` with another at one place."""
    return (*items[:place], item, *items[place + 1 :])


def dump(manuscript: Manuscript) -> str:
    """Write a manuscript as JSON, with all that is typed in it."""
    return _ADAPTER.dump_json(manuscript).decode()


def load(text: str) -> Manuscript:
    """Read what `dump` wrote; raise ValueError for anything else."""
    return _ADAPTER.validate_json(text)


def _place(key: str) -> tuple[int, int, int] | None:
    found = KEY.fullmatch(key)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


_ADAPTER = TypeAdapter(Manuscript)
