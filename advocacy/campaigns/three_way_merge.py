"""Three-way merges: what two people changed over the same base, put together.

What one of them alone changed is taken from them. Where both changed the same thing, each in another way, mine stays
and a conflict has theirs. Values of any kind are compared with `==`.
"""

from collections.abc import Hashable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any, Generic, TypeVar

from advocacy.campaigns.editor.manuscript import Manuscript, Section, cells, map_texts
from advocacy.language import Language

Name = TypeVar("Name", bound=Hashable)
Value = TypeVar("Value")

MIN_SIMILARITY = 0.5
"""How alike the words of two paragraphs are that count as the same one, changed (difflib's ratio)."""


@dataclass(frozen=True, slots=True)
class Conflict(Generic[Value]):
    """One thing that both changed; None where it is missing (not there yet, or removed)."""

    base: Value | None
    mine: Value | None
    theirs: Value | None


@dataclass(frozen=True, slots=True)
class Merged(Generic[Name, Value]):
    """The values put together, in my order, and by their names those in conflict."""

    values: Mapping[Name, Value]
    conflicts: Mapping[Name, Conflict[Value]]


def merge(base: Mapping[Name, Value], mine: Mapping[Name, Value], theirs: Mapping[Name, Value]) -> Merged[Name, Value]:
    """Merge named values; a name that is missing in one of them was not there yet, or was removed."""
    values: dict[Name, Value] = {}
    conflicts: dict[Name, Conflict[Value]] = {}
    for name in dict.fromkeys((*mine, *theirs)):
        found = theirs if _is_same(name, base, mine) else mine
        if name in found:
            values[name] = found[name]
        if not (_is_same(name, base, mine) or _is_same(name, base, theirs) or _is_same(name, mine, theirs)):
            conflicts[name] = Conflict(base.get(name), mine.get(name), theirs.get(name))
    return Merged(values, conflicts)


def merge_tables(
    base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]
) -> tuple[dict[str, Any], Mapping[str, Conflict[Any]]]:
    """Merge the values of a file, those of each of its tables one by one; a value that is None is missing.

    Returns the values by my names, None for what goes, and by their names those in conflict.
    """
    merged = merge(_by_path(base), _by_path(mine), _by_path(theirs))
    values: dict[str, Any] = dict.fromkeys(mine)
    for (name, *path), value in merged.values.items():
        values[name] = {**(values[name] or {}), path[0]: value} if path else value
    return values, {path[0]: conflict for path, conflict in merged.conflicts.items()}


def merge_order(
    base: Sequence[Name], mine: Sequence[Name], theirs: Sequence[Name], *, keep: Set[Name] = frozenset()
) -> list[Name]:
    """Merge the order of a list's items, by their keys: additions of both, without what either removed.

    The order is mine where I changed it, theirs otherwise; an item that the other one added follows the item that it
    follows there. `keep` are items that stay though one of them removed them, since the other changed what is in them.
    """
    in_both = {*mine} & {*theirs}
    shared = [key for key in base if key in in_both]
    first, second = (mine, theirs) if [key for key in mine if key in shared] != shared else (theirs, mine)
    removed = {*base} - in_both - keep
    order = [key for key in first if key not in removed]
    for place, key in enumerate(second):
        if key in removed or key in order:
            continue
        before = next((other for other in reversed(second[:place]) if other in order), None)
        order.insert(order.index(before) + 1 if before is not None else 0, key)
    return order


def _by_path(values: Mapping[str, Any]) -> Mapping[tuple[str, ...], Any]:
    found: dict[tuple[str, ...], Any] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            found |= {(name, key): inner for key, inner in value.items()}
        elif value is not None:
            found[(name,)] = value
    return found


def _is_same(name: Name, one: Mapping[Name, Value], other: Mapping[Name, Value]) -> bool:
    return (name in one) == (name in other) and one.get(name) == other.get(name)


class CannotMerge(Exception):
    """Both changed the shape of the same paragraph, each in another way."""


def merge_manuscripts(base: Manuscript, mine: Manuscript, theirs: Manuscript) -> tuple[Manuscript, Mapping[str, str]]:
    """Merge the paragraphs of a letter, each text on its own; where both changed the same text mine stays.

    Theirs is returned by the text's key and language ("s2.v0.c0.fr"). Raises CannotMerge.
    """
    before = {str(place): section for place, section in enumerate(base.sections)}
    own, other = _by_base(base, mine, "mine"), _by_base(base, theirs, "theirs")
    changed = {key for key, one in before.items() if own.get(key, one) != one or other.get(key, one) != one}
    sections: list[Section] = []
    conflicts: dict[str, str] = {}
    for place, key in enumerate(merge_order([*before], [*own], [*other], keep=changed)):
        section, texts = _merge_section(before.get(key), own.get(key), other.get(key))
        sections.append(section)
        conflicts |= {f"s{place}.{name.partition('.')[2]}": text for name, text in texts.items()}
    return replace(mine, sections=tuple(sections)), conflicts


def _by_base(base: Manuscript, other: Manuscript, whose: str) -> Mapping[str, Section]:
    """Return the sections by their places in the base, and new ones by whose they are."""
    old, new = (["\n".join(section.texts()) for section in one.sections] for one in (base, other))
    keys = [f"{whose} {place}" for place in range(len(new))]
    for tag, start, end, to, until in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        # As many paragraphs in the same place are taken in their order, however much was changed in them.
        as_many, left = end - start == until - to, range(start, end)
        for place in range(to, until) if tag in {"equal", "replace"} else ():
            for one in left:
                ratio = SequenceMatcher(a=old[one], b=new[place], autojunk=False).ratio
                if as_many or ratio() >= MIN_SIMILARITY:
                    keys[place], left = str(one), range(one + 1, end)
                    break
    return dict(zip(keys, other.sections, strict=True))


def _merge_section(
    base: Section | None, mine: Section | None, theirs: Section | None
) -> tuple[Section, Mapping[str, str]]:
    """Merge one section, and return theirs of the texts that both changed."""
    if mine is None or theirs is None:
        only = mine or theirs
        if only is None:
            raise CannotMerge
        return only, {}
    if base is None or theirs == base:
        return mine, {}
    if mine == base:
        return theirs, {}
    three = [Manuscript((section,)) for section in (base, mine, theirs)]
    shapes = [map_texts(one, lambda _key, _language, _text: "") for one in three]
    if shapes != shapes[:1] * 3:
        raise CannotMerge
    texts = ({f"{key}.{of.value}": case.text(of) for key, case in cells(one) for of in Language} for one in three)
    merged = merge(*texts)
    one = map_texts(three[1], lambda key, language, _text: merged.values[f"{key}.{language.value}"])
    return one.sections[0], {name: conflict.theirs or "" for name, conflict in merged.conflicts.items()}
