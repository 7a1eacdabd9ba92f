"""A map on which every riding is as large as any other: one hexagon each, a province one block."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import sqrt

FILE = files("advocacy.legislators").joinpath("data/riding_hexes.csv")


@dataclass(frozen=True, slots=True)
class Hexagon:
    """Where the middle of one riding's hexagon lies, y downwards; a corner is 1 from it, and one corner points up."""

    fed_code: str
    x: float
    y: float


@cache
def hexagons() -> tuple[Hexagon, ...]:
    """Give the hexagons of the 343 ridings of the 2023 Representation Order, by their codes."""
    rows = csv.DictReader(FILE.read_text("utf-8").splitlines())
    return tuple(_placed(row["fed_code"], int(row["q"]), int(row["r"])) for row in rows)


def _placed(fed_code: str, q: int, r: int) -> Hexagon:
    """Turn axial coordinates into a place."""
    return Hexagon(fed_code, round(sqrt(3) * (q + r / 2), 2), round(1.5 * r, 2))
