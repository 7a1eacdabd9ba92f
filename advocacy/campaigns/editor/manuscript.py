"""A letter's sections and alternatives added, taken away and moved, in both languages at once.

What cannot be done, such as taking away the last alternative, leaves the manuscript as it is.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from pydantic import TypeAdapter

from advocacy.campaigns.editor.labels import OTHERWISE
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


def cell_key(section: int, variant: int, case: int) -> str:
    """Name a cell, counting from 0."""
    return f"s{section}.v{variant}.c{case}"


def cells(manuscript: Manuscript) -> Iterator[tuple[str, Case]]:
    """Return every cell with its key, in order."""
    for one, section in enumerate(manuscript.sections):
        for two, variant in enumerate(section.variants):
            for three, case in enumerate(variant.cases):
                yield cell_key(one, two, three), case


def cell_keys(manuscript: Manuscript) -> Sequence[str]:
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
    cases = replace_item(held.variants[variant].cases, number, written)
    variants = replace_item(held.variants, variant, Variant(cases))
    return replace(manuscript, sections=replace_item(manuscript.sections, section, replace(held, variants=variants)))


def replace_item(items: tuple[Item, ...], place: int, item: Item) -> tuple[Item, ...]:
    """Return `items` with another at one place."""
    return (*items[:place], item, *items[place + 1 :])


def to_json(manuscript: Manuscript) -> str:
    """Write a manuscript as JSON, with all that is typed in it."""
    return _ADAPTER.dump_json(manuscript).decode()


def from_json(text: str) -> Manuscript:
    """Read what `to_json` wrote; raise ValueError for anything else."""
    return _ADAPTER.validate_json(text)


def _place(key: str) -> tuple[int, int, int] | None:
    found = KEY.fullmatch(key)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


_ADAPTER = TypeAdapter(Manuscript)


def add_variant(manuscript: Manuscript, section: int) -> Manuscript:
    """Add an empty alternative at the end of a section, with the cases of the one before it."""
    held = _section(manuscript, section)
    if held is None or held.source:
        return manuscript
    last = held.variants[-1] if held.variants else Variant((_empty(""),))
    added = Variant(tuple(_empty(case.test) for case in last.cases))
    return _put(manuscript, section, replace(held, variants=(*held.variants, added)))


def remove_variant(manuscript: Manuscript, section: int, variant: int) -> Manuscript:
    """Take an alternative away, unless it is the only one."""
    held = _section(manuscript, section)
    if held is None or len(held.variants) < 2 or not 0 <= variant < len(held.variants):
        return manuscript
    left = held.variants[:variant] + held.variants[variant + 1 :]
    return _put(manuscript, section, replace(held, variants=left))


def add_case(manuscript: Manuscript, section: int, test: str) -> Manuscript:
    """Have every alternative say something of its own where `test` holds; what was said stays, for all others."""
    held = _section(manuscript, section)
    if held is None or held.source or not test or test == OTHERWISE:
        return manuscript
    variants = tuple(Variant(_with_case(variant.cases, test)) for variant in held.variants)
    return _put(manuscript, section, replace(held, variants=variants))


def remove_case(manuscript: Manuscript, section: int, test: str) -> Manuscript:
    """Take a case away from every alternative; where only “otherwise” is left, it is said to everybody."""
    held = _section(manuscript, section)
    if held is None or held.source or not test:
        return manuscript
    variants = tuple(Variant(_without_case(variant.cases, test)) for variant in held.variants)
    return _put(manuscript, section, replace(held, variants=variants))


def change_case(manuscript: Manuscript, section: int, test: str, *, to: str) -> Manuscript:
    """Ask `to` where a section asks `test`, in every alternative; nothing changes where one of them asks it already."""
    held = _section(manuscript, section)
    taken = {case.test for variant in held.variants for case in variant.cases} if held else set()
    if held is None or held.source or not to or {test, to} & {"", OTHERWISE} or to in taken:
        return manuscript
    variants = tuple(
        Variant(tuple(replace(case, test=to) if case.test == test else case for case in variant.cases))
        for variant in held.variants
    )
    return _put(manuscript, section, replace(held, variants=variants))


def add_section(manuscript: Manuscript, *, after: int) -> Manuscript:
    """Add an empty paragraph after a section; -1 puts it first."""
    place = min(max(after, -1), len(manuscript.sections) - 1) + 1
    added = Section((Variant((_empty(""),)),))
    sections = (*manuscript.sections[:place], added, *manuscript.sections[place:])
    return replace(manuscript, sections=sections)


def remove_section(manuscript: Manuscript, section: int) -> Manuscript:
    """Take a section away, unless it is the subject, which a letter must have."""
    held = _section(manuscript, section)
    if held is None or held.is_subject:
        return manuscript
    return replace(manuscript, sections=manuscript.sections[:section] + manuscript.sections[section + 1 :])


def move_section(manuscript: Manuscript, section: int, *, by: int) -> Manuscript:
    """Move a section down by so many places, up for a number under 0; it stops at the ends."""
    held = _section(manuscript, section)
    if held is None:
        return manuscript
    rest = manuscript.sections[:section] + manuscript.sections[section + 1 :]
    place = min(max(section + by, 0), len(rest))
    return replace(manuscript, sections=(*rest[:place], held, *rest[place:]))


def _section(manuscript: Manuscript, section: int) -> Section | None:
    return manuscript.sections[section] if 0 <= section < len(manuscript.sections) else None


def _put(manuscript: Manuscript, place: int, section: Section) -> Manuscript:
    return replace(manuscript, sections=replace_item(manuscript.sections, place, section))


def _empty(test: str) -> Case:
    return Case(test, dict.fromkeys(Language, ""))


def _with_case(cases: tuple[Case, ...], test: str) -> tuple[Case, ...]:
    if any(case.test == test for case in cases):
        return cases
    asking = [case for case in cases if case.test not in ("", OTHERWISE)]
    others = [Case(OTHERWISE, case.texts) for case in cases if case.test in ("", OTHERWISE)]
    return (*asking, _empty(test), *others)


def _without_case(cases: tuple[Case, ...], test: str) -> tuple[Case, ...]:
    left = tuple(case for case in cases if case.test != test)
    if [case.test for case in left] == [OTHERWISE]:
        return (Case("", left[0].texts),)
    return left or (_empty(""),)


def map_texts(manuscript: Manuscript, said: Callable[[str, Language, str], str]) -> Manuscript:
    """Return a manuscript of the same shape whose words are what `said` makes of a cell's key, language and words."""

    def case(held: Case, key: str) -> Case:
        return replace(held, texts={language: said(key, language, held.text(language)) for language in Language})

    def variant(held: Variant, section: int, place: int) -> Variant:
        cases = tuple(case(one, cell_key(section, place, number)) for number, one in enumerate(held.cases))
        return replace(held, cases=cases)

    def section(held: Section, place: int) -> Section:
        variants = tuple(variant(one, place, number) for number, one in enumerate(held.variants))
        return replace(held, variants=variants)

    return replace(manuscript, sections=tuple(section(one, place) for place, one in enumerate(manuscript.sections)))
