"""A map on which every riding is as large as any other: one hexagon each, a province one block."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from math import sqrt

from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.language import Language, fold
from advocacy.legislators.legislatures import DATA, Province
from advocacy.legislators.models import Riding

LABEL_DISTANCE = 1.9
"""How far a label keeps from hexagons of another province."""


@dataclass(frozen=True, slots=True)
class Place:
    """A province with its ridings, as (code, name), by name."""

    code: str
    name: str
    ridings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Hexagon:
    """Where the middle of one riding's hexagon lies, y downwards; a corner is 1 from it, and one corner points up."""

    fed_code: str
    x: float
    y: float


@cache
def hexagons() -> Mapping[str, Hexagon]:
    """Return the hexagons of the 343 ridings of the 2023 Representation Order, by their codes."""
    found = {}
    for row in csv.DictReader(DATA.joinpath("riding_hexes.csv").read_text("utf-8").splitlines()):
        q, r = int(row["q"]), int(row["r"])  # axial coordinates
        found[row["fed_code"]] = Hexagon(row["fed_code"], round(sqrt(3) * (q + r / 2), 2), round(1.5 * r, 2))
    return found


def places(session: Session, language: Language) -> list[Place]:
    """Return every province, the one with the most ridings first, with its ridings by name."""
    found: dict[str, list[tuple[str, str]]] = {}
    for code, name, province in session.execute(select(Riding.fed_code, Riding.name, Riding.province)):
        found.setdefault(province, []).append((code, name.in_language(language)))
    made = [
        Place(
            code,
            Province(code).wording.in_language(language),
            tuple(sorted(ridings, key=lambda riding: fold(riding[1]))),
        )
        for code, ridings in found.items()
    ]
    return sorted(made, key=lambda place: (-len(place.ridings), place.name))


def labels(provinces: Sequence[Place]) -> list[tuple[str, float, float]]:
    """Place each province's letters over the middle of its topmost hexagons, or left of them where another's lie."""
    lies = hexagons()
    blocks = {one.code: frozenset(lies[code] for code, _name in one.ridings if code in lies) for one in provinces}
    return [(code, *_above(block)) for code, block in blocks.items() if block]


@lru_cache(maxsize=32)
def _above(block: frozenset[Hexagon]) -> tuple[float, float]:
    top = min(hexagon.y for hexagon in block)
    row = [hexagon.x for hexagon in block if hexagon.y == top]
    x, y = sum(row) / len(row), top - 1.35
    others = (other for other in hexagons().values() if other not in block)
    free = all(abs(other.x - x) > LABEL_DISTANCE or abs(other.y - y) > LABEL_DISTANCE for other in others)
    return (round(x, 2), round(y, 2)) if free else (round(min(row) - LABEL_DISTANCE, 2), round(top + 0.2, 2))
