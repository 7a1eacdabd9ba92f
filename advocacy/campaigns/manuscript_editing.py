"""A letter's sections and alternatives added, taken away and moved, in both languages at once.

What cannot be done, such as taking away the last alternative, leaves the manuscript as it is.
"""

from dataclasses import replace

from advocacy.campaigns.labels import OTHERWISE
from advocacy.campaigns.manuscript_parts import Case, Manuscript, Section, Variant, put
from advocacy.language import Language


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


def move(manuscript: Manuscript, section: int, *, by: int) -> Manuscript:
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
    return replace(manuscript, sections=put(manuscript.sections, place, section))


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
