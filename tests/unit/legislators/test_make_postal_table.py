"""The compact table says what the auditable list says, code by code, and is quick to open."""

from collections.abc import Mapping
from gzip import compress
from itertools import islice
from pathlib import Path

import pytest

from advocacy.legislators.legislatures import DATA
from advocacy.legislators.postal_codes import TABLE_NAME, PostalCode, PostalTable, shipped_table
from scripts import make_postal_table
from scripts.make_postal_table import pack, read_areas, read_codes


@pytest.fixture(scope="module")
def codes() -> Mapping[str, tuple[str, ...]]:
    """The auditable list."""
    return read_codes(DATA.joinpath("postal_ridings.csv.gz"))


@pytest.mark.parametrize("step", [7, pytest.param(1, marks=pytest.mark.thorough)], ids=["each seventh", "all"])
def test_all_882_496_rows_of_the_list_are_in_the_table(codes: Mapping[str, tuple[str, ...]], step: int) -> None:
    table = shipped_table()
    assert len(codes) == 882_496
    assert all(table.ridings_of(PostalCode(code)) == codes[code] for code in islice(codes, 0, None, step))


def test_the_table_knows_no_code_that_the_list_does_not(codes: Mapping[str, tuple[str, ...]]) -> None:
    table = shipped_table()
    places = [f"{a}{letter}{b}" for a in "0123456789" for letter in "ABCEGHJKLMNPRSTVWXYZ" for b in "0123456789"]
    for fsa in ("K1A", "H3R", "X0A", "L4N"):
        known = {f"{fsa}{place}" for place in places if table.ridings_of(PostalCode(f"{fsa}{place}"))}
        assert known == {code for code in codes if code.startswith(fsa)}


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


def test_the_table_is_made_anew_by_its_own_module(tmp_path: Path) -> None:
    (tmp_path / "postal_ridings.csv.gz").write_bytes(
        compress(b"postal_code,fed_code,alt_fed_codes\nK1A0A6,35079,\nK1A9Z9,35081,35079\n")
    )
    (tmp_path / "fsa_ridings.csv").write_text("fsa,fed_code\nK1A,35079\nK1A,35081\n")
    assert "2 postal codes" in "".join(make_postal_table.main(tmp_path))
    table = PostalTable((tmp_path / TABLE_NAME).read_bytes())
    assert [table.ridings_of(PostalCode(code)) for code in ("K1A0A6", "K1A9Z9")] == [("35079",), ("35081", "35079")]
    assert table.ridings_of_area("K1A") == ("35079", "35081")


def test_another_file_is_refused() -> None:
    with pytest.raises(ValueError, match="not a postal table"):
        PostalTable(b"something else")
