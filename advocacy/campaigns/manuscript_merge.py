"""Two people's paragraphs over the same ones, put together text by text."""

from collections.abc import Mapping
from dataclasses import replace
from difflib import SequenceMatcher

from advocacy.campaigns import manuscript as writing
from advocacy.campaigns.kept_labels import mapped
from advocacy.campaigns.manuscript import Manuscript, Section
from advocacy.campaigns.merge3 import merge, merge_order
from advocacy.language import Language

SIMILAR = 0.5
"""How alike the words of two paragraphs are that are taken for the same one, changed (difflib's ratio)."""


class CannotCombine(Exception):
    """Both changed the shape of the same paragraph, each in another way."""


def combined(base: Manuscript, mine: Manuscript, theirs: Manuscript) -> tuple[Manuscript, Mapping[str, str]]:
    """Take what one alone changed from them; where both changed the same text mine stays.

    Theirs is returned by the text's key and language ("s2.v0.c0.fr"). Raises CannotCombine.
    """
    before = {str(place): section for place, section in enumerate(base.sections)}
    own, other = _keyed(base, mine, "mine"), _keyed(base, theirs, "theirs")
    changed = {key for key in before if own.get(key, before[key]) != before[key] or _changed(key, before, other)}
    sections: list[Section] = []
    conflicts: dict[str, str] = {}
    for place, key in enumerate(merge_order([*before], [*own], [*other], keep=changed)):
        section, texts = _section(before.get(key), own.get(key), other.get(key))
        sections.append(section)
        conflicts |= {f"s{place}.{name.partition('.')[2]}": text for name, text in texts.items()}
    return replace(mine, sections=tuple(sections)), conflicts


def _changed(key: str, before: Mapping[str, Section], after: Mapping[str, Section]) -> bool:
    return after.get(key, before[key]) != before[key]


def _keyed(base: Manuscript, other: Manuscript, whose: str) -> Mapping[str, Section]:
    """Name each section by the place of the base's section that it was, and what is new by whose it is."""
    old, new = ([_words(section) for section in one.sections] for one in (base, other))
    keys = [f"{whose} {place}" for place in range(len(new))]
    for tag, start, end, to, until in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        waiting = range(start, end)
        for place in range(to, until) if tag in {"equal", "replace"} else ():
            alike = [one for one in waiting if _alike(old[one], new[place], same=end - start == until - to)]
            if alike:
                keys[place], waiting = str(alike[0]), range(alike[0] + 1, end)
    return dict(zip(keys, other.sections, strict=True))


def _words(section: Section) -> str:
    return "\n".join(text for variant in section.variants for case in variant.cases for text in case.texts.values())


def _alike(one: str, other: str, *, same: bool) -> bool:
    """Whether two paragraphs are the same one; as many of them in the same place are taken in their order."""
    return same or SequenceMatcher(a=one, b=other, autojunk=False).ratio() >= SIMILAR


def _section(base: Section | None, mine: Section | None, theirs: Section | None) -> tuple[Section, Mapping[str, str]]:
    """Merge one section, and return theirs of the texts that both changed."""
    if mine is None or theirs is None:
        only = mine or theirs
        if only is None:
            raise CannotCombine
        return only, {}
    if base is None or theirs == base:
        return mine, {}
    if mine == base:
        return theirs, {}
    if len({_shape(section) for section in (base, mine, theirs)}) > 1:
        raise CannotCombine
    merged = merge(_cells(base), _cells(mine), _cells(theirs))
    one = mapped(Manuscript((mine,)), lambda key, language, _text: merged.values[f"{key}.{language.value}"])
    return one.sections[0], {name: conflict.theirs or "" for name, conflict in merged.conflicts.items()}


def _shape(section: Section) -> str:
    return writing.dump(mapped(Manuscript((section,)), lambda _key, _language, _text: ""))


def _cells(section: Section) -> Mapping[str, str]:
    return {
        f"{key}.{language.value}": case.text(language)
        for key, case in writing.cells(Manuscript((section,)))
        for language in Language
    }
