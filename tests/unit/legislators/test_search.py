"""Words find people by name, riding and province, the best answer first."""

from datetime import date

import pytest

from advocacy.language import Wording
from advocacy.legislators.legislatures import COMMONS, SENATE
from advocacy.legislators.models import Legislator, Riding, RidingAlias, Status
from advocacy.legislators.recipient import Office
from advocacy.legislators.search import Index


def riding(code: str, name: Wording, *aliases: str) -> Riding:
    return Riding(
        fed_code=code, name=name, province="ON", aliases=[RidingAlias(name=Wording.same(alias)) for alias in aliases]
    )


def someone(name: str, place: Riding | None, province: str = "ON") -> Legislator:
    first, _, last = name.rpartition(" ")
    return Legislator(
        id=name.casefold().replace(" ", "-") or f"seat-{place.fed_code if place else ''}",
        chamber=COMMONS if place else SENATE,
        office=Office.MEMBER,
        status=Status.SITTING if name else Status.VACANT,
        name=name,
        first_name=first,
        last_name=last,
        riding=place,
        province=province,
        source="a test",
        as_of=date(2026, 11, 25),
    )


YORK = riding("35120", Wording.of(en="York Centre", fr="York-Centre"), "North York")
ILE = riding("24031", Wording.same("La Pointe-de-l'Île"))
SAINT = riding("24066", Wording.same("Saint-Hyacinthe—Bagot—Acton"))
LAKE = riding("35073", Wording.same("Niagara-on-the-Lake"))
INDEX = Index(
    [
        someone("Zoé Roe", YORK),
        someone("Élise York", ILE, "QC"),
        someone("", SAINT, "QC"),
        someone("Dan Lake", LAKE),
        someone("Yan O’Neil", None, "YT"),
    ]
)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("zoe", ["zoé-roe"]),
        ("ROE Zoé", ["zoé-roe"]),
        ("york centre", ["zoé-roe"]),
        ("York—Centre", ["zoé-roe"]),
        ("north york", ["zoé-roe"]),
        ("yrok center", ["zoé-roe"]),
        ("york", ["élise-york", "zoé-roe"]),
        ("pointe de l’ile", ["élise-york"]),
        ("st-hyacinthe", ["seat-24066"]),
        ("saint hyacynthe", ["seat-24066"]),
        ("24066", ["seat-24066"]),
        ("oneil", ["yan-o’neil"]),
        ("Yukon", ["yan-o’neil"]),
        ("Québec", ["seat-24066", "élise-york"]),
        ("roe quebec", []),
        ("xyzzy", []),
        ("", []),
        ("the de", []),
        ("?!", []),
        ("roe " * 1_000, ["zoé-roe"]),
    ],
)
def test_words_find_whom_they_fit(typed: str, found: list[str]) -> None:
    assert sorted(match.legislator.id for match in INDEX.search(typed)) == sorted(found)


@pytest.mark.parametrize(
    ("typed", "near"), [("york centre", False), ("yor", False), ("yrok", True), ("onatrio", True), ("zoe yrok", True)]
)
def test_what_is_found_by_a_slip_is_said_to_be_near(typed: str, *, near: bool) -> None:
    found = INDEX.search(typed)
    assert found
    assert {match.near for match in found} == {near}


@pytest.mark.parametrize("typed", ["yaork", "hyacienta", "niagarra", "niafarra", "pointless"])
def test_a_long_word_may_hold_one_slip_only(typed: str) -> None:
    assert bool(INDEX.search(typed)) is (typed in {"yaork", "niagarra"})


def test_a_whole_name_comes_before_words_that_are_merely_in_one() -> None:
    both = Index([someone("Ann Lake", YORK), someone("Bo Lake Hill", LAKE)])
    assert [match.legislator.id for match in both.search("lake hill bo")] == ["bo-lake-hill"]
    assert [match.legislator.id for match in both.search("ann lake")] == ["ann-lake"]
    assert both.search("niagara-on-the-lake")[0].score > both.search("niagara")[0].score


def test_two_letters_of_a_province_give_all_of_it() -> None:
    assert {match.legislator.id for match in INDEX.search("ON")} == {"zoé-roe", "dan-lake"}
