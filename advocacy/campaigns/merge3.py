"""A three-way merge: what two people changed over the same base, put together.

What one of them alone changed is taken from them. Where both changed the same thing, each in another way, mine stays
and a conflict tells theirs. Values are compared with `==`; nothing is known of what they are.
"""

from collections.abc import Hashable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Name = TypeVar("Name", bound=Hashable)
Value = TypeVar("Value")


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
        found = theirs if _same(name, base, mine) else mine
        if name in found:
            values[name] = found[name]
        if not (_same(name, base, mine) or _same(name, base, theirs) or _same(name, mine, theirs)):
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
    shared = [key for key in base if key in set(mine) and key in set(theirs)]
    first, second = (mine, theirs) if _among(mine, shared) != shared else (theirs, mine)
    removed = {key for key in base if (key not in set(mine) or key not in set(theirs)) and key not in keep}
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


def _same(name: Name, one: Mapping[Name, Value], other: Mapping[Name, Value]) -> bool:
    return (name in one) == (name in other) and one.get(name) == other.get(name)


def _among(keys: Sequence[Name], chosen: Sequence[Name]) -> list[Name]:
    return [key for key in keys if key in set(chosen)]
