"""The list of towns is made from postal codes that say where a town is, and of no others."""

import pytest

from scripts.make_towns import Place, Town, cities, display_name, ridings_of, rows

HERE, NEAR, FAR = (45.0, -75.0), (45.01, -75.0), (45.5, -75.0)
RIDING = {"K0A1A0": "A", "K0A1B0": "B", "K0A1C0": "B", "K0A1E0": "B", "K0A1G0": "B"}


@pytest.mark.parametrize(
    ("raw", "written"),
    [
        ("Saint-Felix-De-Valois", "Saint-Félix-de-Valois"),
        ("Riviere-A-Pierre", "Rivière-à-Pierre"),
        ("La Visitation-De-L'Ile-Dupas", "La Visitation-de-l’Île-Dupas"),
        ("St-Joachim-De-Montmorency", "Saint-Joachim-de-Montmorency"),
        ("Ayer'S Cliff", "Ayer’s Cliff"),
        ("L'Isle-Verte", "L’Isle-Verte"),
        ("Les Mechins", "Les Méchins"),
    ],
)
def test_names_of_quebec_are_written_as_in_quebec(raw: str, written: str) -> None:
    assert display_name(raw, french=True) == written


@pytest.mark.parametrize(
    ("raw", "written"),
    [
        ("St Albert", "St. Albert"),
        ("St. John's", "St. John’s"),
        ("Lac Du Bonnet", "Lac du Bonnet"),
        ("Fox Harbour Pb", "Fox Harbour"),
        ("Mcnab/Braeside", "McNab/Braeside"),
        ("Head Of St Margarets Bay", "Head of St. Margarets Bay"),
        ("Montreal Lake", "Montreal Lake"),
        ("Fort Qu'Appelle", "Fort Qu’Appelle"),
    ],
)
def test_names_of_elsewhere_keep_their_words(raw: str, written: str) -> None:
    assert display_name(raw, french=False) == written


def test_a_town_lies_where_a_quarter_of_its_codes_do() -> None:
    town = Town("A", dict.fromkeys(RIDING, HERE))
    assert ridings_of(town, {HERE}, RIDING) == {"B": 4}
    split = Town("A", {"K0A1A0": HERE, "K0A1B0": HERE})
    assert ridings_of(split, {HERE}, RIDING) == {"A": 1, "B": 1}


def test_a_city_of_three_ridings_is_not_named() -> None:
    codes = [f"M5{letter}{number}A{last}" for letter in "ABC" for number in range(10) for last in range(5)]
    riding = {code: code[2] for code in codes}
    towns = {f"M5{letter}": {"toronto": Town("Toronto")} for letter in "ABC"}
    for code in codes:
        towns[code[:3]]["toronto"].points[code] = (45.0, float(codes.index(code)))
    assert cities(towns, riding) == {("M", "toronto")}
    assert list(rows({"M5A": ("A", "B")}, riding, towns)) == []
    del towns["M5C"]
    assert cities(towns, riding) == set()


def test_lines_come_by_area_riding_and_size_and_none_for_an_area_of_one_riding() -> None:
    towns = {
        "K0A": {
            "small": Town("Small", {"K0A1A0": HERE}),
            "big": Town("Big", {"K0A1G0": NEAR}, Place("Big", NEAR, 5000)),
            "little": Town("Little", {"K0A1B0": FAR}),
        },
        "K0B": {"alone": Town("Alone", {"K0B1A0": HERE})},
    }
    made = list(rows({"K0A": ("B", "A"), "K0B": ("A",)}, {**RIDING, "K0B1A0": "A"}, towns))
    assert made == [("K0A", "B", "Big", "1G0"), ("K0A", "B", "Little", "1B0"), ("K0A", "A", "Small", "1A0")]
