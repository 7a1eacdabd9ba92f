"""Towns tell ridings apart: those of the code first, the largest next, none that all of the ridings have."""

from collections import defaultdict

from advocacy.legislators.postal import DATA
from advocacy.legislators.towns import MAX_TOWNS, TABLE_NAME, Town, distinguishing_towns, shipped_towns
from scripts.make_postal_table import read_areas, read_codes

TABLE = {
    "K0A": {
        "35020": [Town("Large", "1A0"), Town("Middling", ""), Town("Both", "1K0"), Town("Small", "2A0 3A0")],
        "35088": [Town("Other", "1B0"), Town("Both", "1K0")],
    }
}


def test_the_largest_come_first() -> None:
    assert distinguishing_towns("K0A", ("35020", "35099"), table=TABLE) == {
        "35020": ("Large", "Middling", "Both", "Small")
    }


def test_the_codes_own_town_comes_before_larger_ones() -> None:
    assert distinguishing_towns("K0A", ("35020", "35099"), unit="3A0", table=TABLE)["35020"][0] == "Small"
    assert distinguishing_towns("K0A", ("35020", "35099"), unit="9Z9", table=TABLE)["35020"][0] == "Large"


def test_a_town_of_all_the_ridings_tells_none_apart_and_is_left_out() -> None:
    towns = distinguishing_towns("K0A", ("35020", "35088"), unit="1K0", table=TABLE)
    assert towns == {"35020": ("Large", "Middling", "Small"), "35088": ("Other",)}


def test_a_riding_whose_towns_are_all_shared_shows_none() -> None:
    shared = {"K0A": {"35020": [Town("Both", ""), Town("Large", "")], "35088": [Town("Both", "")]}}
    assert distinguishing_towns("K0A", ("35020", "35088"), table=shared) == {"35020": ("Large",)}


def test_no_more_than_four_are_named() -> None:
    many = {"K0A": {"35020": [Town(str(number), "") for number in range(9)]}}
    assert len(distinguishing_towns("K0A", ("35020", "35088"), table=many)["35020"]) == MAX_TOWNS


def test_an_area_without_known_towns_shows_none() -> None:
    assert distinguishing_towns("Z9Z", ("35020", "35088"), table=TABLE) == {}


def test_the_shipped_towns_stand_in_ridings_of_their_area_and_once_in_each() -> None:
    areas = read_areas(DATA.joinpath("fsa_ridings.csv"))
    for fsa, ridings in shipped_towns().items():
        assert set(ridings) <= set(areas[fsa])
        assert len(areas[fsa]) > 1
        for towns in ridings.values():
            names = [town.name for town in towns]
            assert len(set(names)) == len(names)


def test_the_codes_of_a_town_are_rural_ones_of_the_table_and_each_has_one_town() -> None:
    known = read_codes(DATA.joinpath("postal_ridings.csv.gz"))
    for fsa, ridings in shipped_towns().items():
        names = defaultdict(set)
        for towns in ridings.values():
            for town in towns:
                for unit in town.codes.split():
                    assert fsa[1] == "0"
                    assert fsa + unit in known
                    names[unit].add(town.name)
        assert all(len(some) == 1 for some in names.values())


def test_the_names_are_spelled_for_people() -> None:
    names = {town.name for ridings in shipped_towns().values() for towns in ridings.values() for town in towns}
    assert not [name for name in names if "'" in name or "  " in name or name != name.strip()]
    assert not [name for name in names if "-De-" in name or "-La-" in name or name.endswith((" Co", " Bdv"))]
    assert {"Saint-Félix-de-Valois", "L’Isle-Verte", "Saint-Louis-du-Ha! Ha!", "Heart’s Content"} <= names


def test_the_file_stays_small_and_is_as_the_readme_counts_it() -> None:
    ridings = [towns for area in shipped_towns().values() for towns in area.values()]
    readme = DATA.joinpath("README.md").read_text(encoding="utf-8")
    assert f"| `towns.csv` | {sum(map(len, ridings)):,} |" in readme
    assert len(DATA.joinpath(TABLE_NAME).read_bytes()) < 400_000
