"""The map has one hexagon for each riding, and none lies on another."""

import csv

from advocacy.legislators.legislatures import DATA
from advocacy.legislators.riding_map import hexagons


def test_every_riding_has_its_own_hexagon() -> None:
    ridings = [row["fed_code"] for row in csv.DictReader((DATA / "ridings.csv").read_text("utf-8").splitlines())]
    assert sorted(one.fed_code for one in hexagons().values()) == sorted(ridings)
    assert len({(one.x, one.y) for one in hexagons().values()}) == len(ridings) == 343


def test_neighbours_touch_and_do_not_overlap() -> None:
    apart = [
        (one.x - other.x) ** 2 + (one.y - other.y) ** 2
        for one in hexagons().values()
        for other in hexagons().values()
        if one is not other
    ]
    assert round(min(apart), 1) == 3.0
