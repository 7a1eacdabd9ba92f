"""Provinces are read by letters or name, and named in every language."""

import pytest

from advocacy.language import Language
from advocacy.legislators.legislatures import Province, read_province


@pytest.mark.parametrize(
    ("typed", "province"),
    [
        ("ON", Province.ON),
        (" on ", Province.ON),
        ("quebec", Province.QC),
        ("Québec", Province.QC),
        ("Ile du Prince-Edouard", Province.PE),
        ("P.E.I.", Province.PE),
        ("nouvelle ecosse", Province.NS),
        ("Newfoundland and Labrador", Province.NL),
        ("Ottawa", None),
        ("", None),
    ],
)
def test_a_province_is_read_however_typed(typed: str, province: Province | None) -> None:
    assert read_province(typed) is province


def test_thirteen_are_named_in_every_language() -> None:
    assert len(Province) == 13
    assert all(province.wording.in_language(language) for province in Province for language in Language)
