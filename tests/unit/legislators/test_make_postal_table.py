"""The compact table says what the auditable list says, code by code, and is quick to open."""

from collections.abc import Mapping
from itertools import islice

import pytest

from advocacy.legislators.legislatures import DATA
from advocacy.legislators.postal_codes import PostalCode, PostalTable, shipped_table
from scripts.make_postal_table import pack, read_areas, read_codes


@pytest.fixture(scope="module")
def codes() -> Mapping[str, tuple[str, ...]]:
    """The auditable list."""
    return read_codes(DATA.joinpath("postal_ridings.csv.gz"))


@pytest.mark.parametrize("step", [97, pytest.param(1, marks=pytest.mark.thorough)], ids=["each ninety-seventh", "all"])
def test_all_882_496_rows_of_the_list_are_in_the_table(codes: Mapping[str, tuple[str, ...]], step: int) -> None:
    table = shipped_table()
    assert len(codes) == 882_496
    assert all(table.ridings_of(PostalCode(code)) == codes[code] for code in islice(codes, 0, None, step))


def test_all_1_661_areas_are_in_the_table_in_their_order() -> None:
    areas = read_areas(DATA.joinpath("fsa_ridings.csv"))
    counts = [len(ridings) for ridings in areas.values()]
    assert (len(areas), sum(counts)) == (1_661, 2_551)
    assert (counts.count(1), counts.count(2), sum(count > 2 for count in counts)) == (1_002, 496, 163)
    assert all(shipped_table().ridings_of_area(fsa) == ridings for fsa, ridings in areas.items())


def test_a_packed_table_gives_back_what_went_in() -> None:
    codes = {"K1A0A6": ("35079",), "K1A9Z9": ("35081", "35079"), "X0A0A0": ("62001",)}
    table = PostalTable(pack(codes, {"K1A": ("35079", "35081"), "X0A": ("62001",)}))
    assert all(table.ridings_of(PostalCode(code)) == ridings for code, ridings in codes.items())
    assert table.ridings_of(PostalCode("K1A0A7")) == ()
    assert table.ridings_of(PostalCode("V5K0A1")) == ()
    assert table.ridings_of_area("K1A") == ("35079", "35081")
    assert table.ridings_of_area("V5K") == ()
