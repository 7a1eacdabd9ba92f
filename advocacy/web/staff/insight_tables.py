"""Figures as tables, as a map and as rows of a file: the same numbers in each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.language import Language, Wording, fold
from advocacy.legislators.hexes import Hexagon, hexagons
from advocacy.legislators.models import Riding
from advocacy.legislators.province import Province
from advocacy.staff.insights import ELSEWHERE, Portrait, Run
from advocacy.staff.suppression import LEAST, Table

STEPS = (LEAST, 20, 100)
"""Letters from which a hexagon is one shade darker."""
CLEAR = 1.9
"""How far a label keeps from hexagons of another province."""
TITLES = (
    Wording.of(en="table", fr="tableau"),
    Wording.of(en="group", fr="groupe"),
    Wording.of(en="province", fr="province"),
    Wording.of(en="letters", fr="lettres"),
)
BY = {
    "all": Wording.of(en="all", fr="total"),
    "days": Wording.of(en="days", fr="jours"),
    "language": Wording.of(en="language", fr="langue"),
    "letter": Wording.of(en="letter", fr="modèle"),
    "province": Wording.of(en="province", fr="province"),
    "riding": Wording.of(en="riding", fr="circonscription"),
}
REST = Wording.of(en="not shown yet, in total", fr="pas encore montrées, au total")
NOT_OWN = Wording.of(en="To others than one’s own member", fr="À d’autres que son propre député ou sa propre députée")


@dataclass(frozen=True, slots=True)
class Place:
    """A province with its ridings, as (code, name), by name."""

    code: str
    name: str
    ridings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Shaded:
    """One hexagon of the map: where it lies, its shade from 0 to 3, what it stands for and its letters."""

    at: Hexagon
    shade: int
    name: str
    letters: int | None


def places(session: Session, language: Language) -> list[Place]:
    """Give every province, the one with the most ridings first, with its ridings by name."""
    found: dict[str, list[tuple[str, str]]] = {}
    for code, name, province in session.execute(select(Riding.fed_code, Riding.name, Riding.province)):
        found.setdefault(province, []).append((code, name.spoken(language)))
    made = [
        Place(code, Province(code).wording.spoken(language), tuple(sorted(ridings, key=lambda riding: fold(riding[1]))))
        for code, ridings in found.items()
    ]
    return sorted(made, key=lambda place: (-len(place.ridings), place.name))


def hexes(made: Portrait, provinces: Sequence[Place]) -> list[Shaded]:
    """Shade the map."""
    names = {code: (name, place.code) for place in provinces for code, name in place.ridings}
    shaded = []
    for at in hexagons():
        name, province = names.get(at.fed_code, (at.fed_code, ""))
        letters = made.riding(at.fed_code, province)
        shaded.append(Shaded(at, sum(letters >= step for step in STEPS) if letters else 0, name, letters))
    return shaded


def labels(provinces: Sequence[Place]) -> list[tuple[str, float, float]]:
    """Place each province's letters over the middle of its topmost hexagons, or left of them where another's lie."""
    lies = {hexagon.fed_code: hexagon for hexagon in hexagons()}
    placed = []
    for place in provinces:
        known = frozenset(lies[code] for code, _ in place.ridings if code in lies)
        if known:
            placed.append((place.code, *_over(known)))
    return placed


@lru_cache(maxsize=32)
def _over(block: frozenset[Hexagon]) -> tuple[float, float]:
    top = min(hexagon.y for hexagon in block)
    row = [hexagon.x for hexagon in block if hexagon.y == top]
    x, y = sum(row) / len(row), top - 1.35
    free = all(abs(other.x - x) > CLEAR or abs(other.y - y) > CLEAR for other in hexagons() if other not in block)
    return (round(x, 2), round(y, 2)) if free else (round(min(row) - CLEAR, 2), round(top + 0.2, 2))


def counted(table: Table, names: Mapping[str, str]) -> list[tuple[str, int | None]]:
    """Give each cell's name and letters, the most letters first; those that nothing is shown of last."""
    cells = dict.fromkeys([*names, *table.shown])
    rows = [(names.get(cell, cell), table.shown.get(cell)) for cell in cells]
    return sorted(rows, key=lambda row: (-(row[1] or 0), fold(row[0])))


def runs(made: Portrait) -> list[Run]:
    """Give the days, the newest first."""
    return made.runs[::-1]


def lines(
    made: Portrait, titles: Mapping[str, str], provinces: Sequence[Place], *, language: Language
) -> Iterator[tuple[str, ...]]:
    """Give the rows of a file, its titles first; a cell that nothing is shown of is left empty."""
    yield tuple(title.spoken(language) for title in TITLES)
    said = {name: by.spoken(language) for name, by in BY.items()}
    rest = REST.spoken(language)
    yield said["all"], "", "", str(made.total)
    for run in made.runs:
        yield said["days"], f"{run.first.isoformat()}/{run.last.isoformat()}", "", str(run.letters)
    for name, table, names in (
        ("language", made.languages, {one.value: one.value for one in Language}),
        ("letter", made.templates, titles),
    ):
        for cell, letters in counted(table, names):
            yield said[name], cell, "", _cell(letters)
        yield said[name], rest, "", str(table.rest)
    for place in provinces:
        yield said["province"], place.name, place.code, _cell(made.provinces.shown.get(place.code))
    yield said["province"], NOT_OWN.spoken(language), "", _cell(made.provinces.shown.get(ELSEWHERE))
    yield said["province"], rest, "", str(made.provinces.rest)
    for place in provinces:
        for code, name in place.ridings:
            yield said["riding"], f"{name} ({code})", place.code, _cell(made.riding(code, place.code))
        if table_of := made.ridings.get(place.code):
            yield said["riding"], rest, place.code, str(table_of.rest)


def _cell(letters: int | None) -> str:
    return "" if letters is None else str(letters)
