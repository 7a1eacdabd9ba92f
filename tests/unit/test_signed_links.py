"""A link in a mail names one row for one purpose, and only this site's key makes one."""

import pytest

from advocacy.signed_links import InvalidLink, Purpose, SignedLinks
from tests.builders import SECRET

LINKS = SignedLinks(SECRET)
ROW = "4f" * 16


@pytest.mark.parametrize("purpose", Purpose)
def test_a_token_names_its_row_and_is_the_same_each_time(purpose: Purpose) -> None:
    token = LINKS.make(purpose, ROW)
    assert LINKS.read(purpose, token) == ROW
    assert LINKS.make(purpose, ROW) == token


@pytest.mark.parametrize("purpose", Purpose)
def test_a_token_serves_no_other_purpose(purpose: Purpose) -> None:
    for other in set(Purpose) - {purpose}:
        with pytest.raises(InvalidLink):
            LINKS.read(other, LINKS.make(purpose, ROW))


@pytest.mark.parametrize(
    "token", ["", ".", "x", ROW, SignedLinks(SECRET[::-1]).make(Purpose.OFFICE, ROW), "é.é", "a" * 9999]
)
def test_what_this_key_did_not_sign_is_no_link(token: str) -> None:
    with pytest.raises(InvalidLink):
        LINKS.read(Purpose.OFFICE, token)


def test_a_changed_character_makes_a_token_invalid() -> None:
    token = LINKS.make(Purpose.OFFICE, ROW)
    for place, character in enumerate(token[:-1]):  # the last one holds bits that say nothing
        with pytest.raises(InvalidLink):
            LINKS.read(Purpose.OFFICE, token[:place] + ("A" if character != "A" else "B") + token[place + 1 :])
