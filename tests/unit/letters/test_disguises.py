"""A sign seen through a disguise is still found where it was typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocacy.letters.text_cleaning import to_plain_text, without_lookalikes


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("école", "école"),
        ("ｅｘ．ｃｏｍ", "ex.com"),
        ("𝐞𝐱ⓔ🅧", "exeX"),
        ("e\u0336x\u200b\u00ad\U000e0041", "ex"),
        ("a。b｡c·d・e•f", "a·b·c·d·e·f"),
        ("a․b…", "a.b..."),
        ("http∶⁄∕x", "http://x"),
        ("a\x00b", "ab"),
    ],
)
def test_disguises_come_off(typed: str, seen: str) -> None:
    assert to_plain_text(typed).text == seen


@given(st.text(st.characters(), max_size=30))
def test_every_span_of_what_is_seen_has_its_place_in_what_was_typed(typed: str) -> None:
    seen = to_plain_text(typed)
    for start in range(len(seen.text)):
        first, last = seen.span(start, start + 1)
        assert 0 <= first < last <= len(typed)


@given(st.text(st.characters(), max_size=30))
def test_undisguised_text_is_seen_as_it_is(typed: str) -> None:
    seen = to_plain_text(typed).text
    assert to_plain_text(seen).text == seen


def test_what_is_seen_is_not_shown_when_printed() -> None:
    assert "secret" not in repr(to_plain_text("secret.com"))


def test_letters_of_other_scripts_are_put_back_to_those_they_pass_for() -> None:
    assert without_lookalikes("сОм") == without_lookalikes("ᴄᴏᴍ") == without_lookalikes("c0m") == "com"
