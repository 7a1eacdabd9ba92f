"""The towns by which a person tells which of several ridings of an area is theirs; `data/README.md` says how placed."""

import csv
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from advocacy.legislators.postal import DATA

TABLE_NAME = "towns.csv"
HEADER = ("fsa", "fed_code", "town", "codes")
MAX_TOWNS = 4


class Town(NamedTuple):
    """A town of an area: its name, and the last three characters of its rural postal codes, with spaces between."""

    name: str
    codes: str


TownsByRiding = Mapping[str, Sequence[Town]]


@cache
def shipped_towns() -> Mapping[str, TownsByRiding]:
    """Return the table that comes with the package, read on first use: area → riding → its towns, largest first."""
    areas: dict[str, dict[str, list[Town]]] = {}
    rows = csv.reader(DATA.joinpath(TABLE_NAME).read_text(encoding="utf-8").splitlines())
    next(rows)
    for fsa, riding, name, codes in rows:
        areas.setdefault(fsa, defaultdict(list))[riding].append(Town(name, codes))
    return areas


def distinguishing_towns(
    fsa: str, ridings: Sequence[str], *, unit: str = "", table: Mapping[str, TownsByRiding] | None = None
) -> dict[str, tuple[str, ...]]:
    """Return up to four towns of the area for each of these ridings; nothing for a riding without a known one.

    The town of the postal code itself comes first; `unit` is the code's last three characters. A town of all the
    ridings that have any tells none of them apart and is left out.
    """
    area = (shipped_towns() if table is None else table).get(fsa, {})
    towns = {riding: area[riding] for riding in ridings if riding in area}
    everywhere: set[str] = set()
    if len(towns) > 1:
        everywhere = set.intersection(*({town.name for town in some} for some in towns.values()))
    own_first = {
        riding: sorted(some, key=lambda town: unit not in town.codes.split()) for riding, some in towns.items()
    }
    names = {riding: [town.name for town in some if town.name not in everywhere] for riding, some in own_first.items()}
    return {riding: tuple(some[:MAX_TOWNS]) for riding, some in names.items() if some}
