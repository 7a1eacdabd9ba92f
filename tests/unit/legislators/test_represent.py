"""Represent's list is read from its recorded shape, page by page, and anything else is refused whole."""

import json
from pathlib import Path
from typing import Any

import pytest

from advocacy.language import Language
from advocacy.legislators.legislatures import COMMONS
from advocacy.legislators.models import OfficeAddress
from advocacy.legislators.recipient import Gender
from advocacy.legislators.sources import represent
from advocacy.legislators.sources.http_client import SourceError

SHAPES = Path(__file__).parents[2] / "data" / "shapes"
PAGE = (SHAPES / "represent_representatives_house-of-commons.json").read_bytes()


def page(**changes: Any) -> bytes:
    return json.dumps({**json.loads(PAGE), **changes}).encode()


def test_a_member_is_read_with_riding_number_gender_language_and_offices() -> None:
    bains, naqvi = represent.members(lambda _: page(meta={"next": None}))
    assert (bains.chamber, bains.last_name, bains.riding_code) == (COMMONS, "Bains", "59028")
    assert (bains.source_id, naqvi.source_id) == ("111067", "110572")
    assert (bains.gender, naqvi.gender) == (Gender.M, None)
    assert (bains.preferred_language, naqvi.preferred_language) == (Language.EN, None)
    assert naqvi.email == "yasir.naqvi@parl.gc.ca"
    assert bains.addresses[1] == OfficeAddress(
        "constituency",
        ("Main office - Richmond", "230-11331 Coppersmith Way", "Richmond BC  V7A 5J9"),
        telephone="1 604 555-0101",
    )


def test_every_page_is_followed_on_the_same_site() -> None:
    asked = []

    def fetch(url: str) -> bytes:
        asked.append(url)
        return PAGE if len(asked) == 1 else page(meta={"next": None})

    assert len(represent.members(fetch)) == 4
    assert asked[1] == "https://represent.opennorth.ca/representatives/house-of-commons/?limit=2&offset=2"


@pytest.mark.parametrize("following", ["https://example.com/2", "//example.com/2", "http://represent.opennorth.ca/2"])
def test_a_next_page_elsewhere_is_not_read(following: str) -> None:
    asked = []

    def fetch(url: str) -> bytes:
        asked.append(url)
        return page(meta={"next": following})

    with pytest.raises(SourceError, match="another site"):
        represent.members(fetch)
    assert asked == [represent.MEMBERS]


def test_a_list_that_never_ends_is_given_up() -> None:
    with pytest.raises(SourceError, match="more than 20 pages"):
        represent.members(lambda url: PAGE)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<!doctype html><p>503",
        b"{}",
        b"[]",
        b"null",
        b'{"objects": []}',
        b"[" * 100_000,
        b"\xff\xfe",
        page(objects=[{}]),
    ],
)
def test_anything_else_is_refused_whole(body: bytes) -> None:
    with pytest.raises(SourceError, match="something else than its list"):
        represent.members(lambda _: body)


def test_a_member_without_a_riding_code_refuses_the_list() -> None:
    with pytest.raises(SourceError, match="no riding code for Someone"):
        represent.members(lambda _: page(objects=[{"name": "Someone", "related": {}}]))


@pytest.mark.parametrize(
    ("listed", "language"),
    [
        (["English"], Language.EN),
        (["French"], Language.FR),
        (["English", "French"], None),
        (["Cree"], None),
        (None, None),
    ],
)
def test_a_preferred_language_is_taken_only_when_it_is_the_one_listed(listed: Any, language: Language | None) -> None:
    member = {**json.loads(PAGE)["objects"][0], "extra": {"preferred_languages": listed}, "gender": None}
    (record,) = represent.members(lambda _: page(objects=[member], meta={"next": None}))
    assert record.preferred_language is language
