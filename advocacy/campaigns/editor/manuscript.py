"""A letter as a writer edits it: sections, their alternatives, and the texts for each kind of recipient.

An edit that cannot be done, such as removing the last alternative, leaves the manuscript as it is.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from pydantic import TypeAdapter

from advocacy.campaigns.editor.labels import OTHERWISE
from advocacy.language import Language


@dataclass(frozen=True, slots=True)
class Case:
    """The words for one kind of recipient: `test` is the if's condition, "else" for all others, "" for no condition.

    `texts` are written with labels, "" where a language has nothing here; an empty line separates their paragraphs.
    """

    test: str
    texts: Mapping[Language, str]

    def text(self, language: Language) -> str:
        """Return the text in one language, "" for none."""
        return self.texts.get(language, "")


@dataclass(frozen=True, slots=True)
class Variant:
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One place of the letter. `source`: too intricate for cells, it is edited with its braces."""

    variants: tuple[Variant, ...]
    is_subject: bool = False
    source: bool = False

    def texts(self) -> list[str]:
        return [text for variant in self.variants for case in variant.cases for text in case.texts.values()]


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A letter's sections, in order; `tight` are the languages whose tags have no empty lines around them."""

    sections: tuple[Section, ...]
    tight: frozenset[Language] = field(default_factory=frozenset)


_ADAPTER = TypeAdapter(Manuscript)


def to_json(manuscript: Manuscript) -> str:
    """Write a manuscript as JSON, as drafts are stored."""
    return _ADAPTER.dump_json(manuscript).decode()


def from_json(text: str) -> Manuscript:
    """Read what `to_json` wrote; raise ValueError for anything else."""
    return _ADAPTER.validate_json(text)


def cell_key(section: int, variant: int, case: int) -> str:
    """Return the name of a cell in forms, counted from 0: "s2.v1.c0"."""
    return f"s{section}.v{variant}.c{case}"


def cells(manuscript: Manuscript) -> Iterator[tuple[str, Case]]:
    for one, section in enumerate(manuscript.sections):
        for two, variant in enumerate(section.variants):
            for three, case in enumerate(variant.cases):
                yield cell_key(one, two, three), case


def cell(manuscript: Manuscript, key: str) -> Case | None:
    """Return a cell, None where the manuscript has none of that key."""
    return dict(cells(manuscript)).get(key)


def map_texts(manuscript: Manuscript, render: Callable[[str, Language, str], str]) -> Manuscript:
    """Return a manuscript of the same shape whose texts are what `render` makes of a cell's key, language and text."""

    def rendered(case: Case, key: str) -> Case:
        return replace(case, texts={language: render(key, language, case.text(language)) for language in Language})

    sections = []
    for one, section in enumerate(manuscript.sections):
        variants = (
            Variant(tuple(rendered(case, cell_key(one, two, three)) for three, case in enumerate(variant.cases)))
            for two, variant in enumerate(section.variants)
        )
        sections.append(replace(section, variants=tuple(variants)))
    return replace(manuscript, sections=tuple(sections))


def with_text(manuscript: Manuscript, key: str, *, language: Language, text: str) -> Manuscript:
    """Put `text` into one cell; the manuscript as it is where it has no such cell."""
    return map_texts(manuscript, lambda one, of, words: text if (one, of) == (key, language) else words)


def add_variant(manuscript: Manuscript, section: int) -> Manuscript:
    """Add an empty alternative at the end of a section, with the cases of the one before it."""

    def added(variants: tuple[Variant, ...]) -> tuple[Variant, ...]:
        tests = [case.test for case in variants[-1].cases] if variants else [""]
        return (*variants, Variant(tuple(map(_empty, tests))))

    return _change_variants(manuscript, section, added)


def remove_variant(manuscript: Manuscript, section: int, variant: int) -> Manuscript:
    """Remove an alternative, unless it is the only one."""
    return _change_variants(
        manuscript,
        section,
        lambda variants: tuple(one for place, one in enumerate(variants) if place != variant) or variants,
    )


def add_case(manuscript: Manuscript, section: int, test: str) -> Manuscript:
    """Add a text for where `test` holds to every alternative; what it has so far stays, for all others."""

    def added(cases: tuple[Case, ...]) -> tuple[Case, ...]:
        if any(case.test == test for case in cases):
            return cases
        conditions = [case for case in cases if case.test not in ("", OTHERWISE)]
        others = [Case(OTHERWISE, case.texts) for case in cases if case.test in ("", OTHERWISE)]
        return (*conditions, _empty(test), *others)

    return manuscript if test in ("", OTHERWISE) else _change_cases(manuscript, section, added)


def remove_case(manuscript: Manuscript, section: int, test: str) -> Manuscript:
    """Remove a case from every alternative; where only “otherwise” is left, it is for everybody."""

    def removed(cases: tuple[Case, ...]) -> tuple[Case, ...]:
        left = tuple(case for case in cases if case.test != test)
        if [case.test for case in left] == [OTHERWISE]:
            return (Case("", left[0].texts),)
        return left or (_empty(""),)

    return _change_cases(manuscript, section, removed) if test else manuscript


def change_case(manuscript: Manuscript, section: int, test: str, *, to: str) -> Manuscript:
    """Replace the condition `test` of a section by `to`, unless one of its alternatives has that already."""

    def changed(variants: tuple[Variant, ...]) -> tuple[Variant, ...]:
        if to in {case.test for variant in variants for case in variant.cases}:
            return variants
        return tuple(
            Variant(tuple(replace(case, test=to) if case.test == test else case for case in variant.cases))
            for variant in variants
        )

    return manuscript if {test, to} & {"", OTHERWISE} else _change_variants(manuscript, section, changed)


def add_section(manuscript: Manuscript, *, after: int) -> Manuscript:
    """Add an empty paragraph after a section; -1 puts it first."""
    place = min(max(after, -1), len(manuscript.sections) - 1) + 1
    added = Section((Variant((_empty(""),)),))
    return replace(manuscript, sections=(*manuscript.sections[:place], added, *manuscript.sections[place:]))


def remove_section(manuscript: Manuscript, section: int) -> Manuscript:
    """Remove a section, unless it is the subject, which a letter must have."""
    left = (one for place, one in enumerate(manuscript.sections) if place != section or one.is_subject)
    return replace(manuscript, sections=tuple(left))


def move_section(manuscript: Manuscript, section: int, *, by: int) -> Manuscript:
    """Move a section down by so many places, up for a number under 0; it stops at the ends."""
    if not 0 <= section < len(manuscript.sections):
        return manuscript
    sections = [*manuscript.sections]
    moved = sections.pop(section)
    sections.insert(min(max(section + by, 0), len(sections)), moved)
    return replace(manuscript, sections=tuple(sections))


def _empty(test: str) -> Case:
    return Case(test, dict.fromkeys(Language, ""))


def _change_variants(
    manuscript: Manuscript, place: int, change: Callable[[tuple[Variant, ...]], tuple[Variant, ...]]
) -> Manuscript:
    """Change the alternatives of a section; one of source has none to change."""
    sections = (
        replace(section, variants=change(section.variants)) if at == place and not section.source else section
        for at, section in enumerate(manuscript.sections)
    )
    return replace(manuscript, sections=tuple(sections))


def _change_cases(
    manuscript: Manuscript, place: int, change: Callable[[tuple[Case, ...]], tuple[Case, ...]]
) -> Manuscript:
    return _change_variants(
        manuscript, place, lambda variants: tuple(Variant(change(variant.cases)) for variant in variants)
    )
