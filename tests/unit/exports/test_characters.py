"""One line of text, without what XML, HTML and a mail's headers cannot hold; everything else stays."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocacy.exports.text import writable
from tests.unit.exports.golden import WORLD, golden, uncleaned


@given(st.text())
def test_whatever_comes_in_what_comes_out_is_one_line_that_xml_holds(text: str) -> None:
    written = writable(text)
    assert written.splitlines() in ([written], [])
    held = ElementTree.Element("t")
    held.text = written
    assert ElementTree.fromstring(ElementTree.tostring(held)).text == (written or None)


def test_a_character_is_left_out_whatever_stands_beside_it() -> None:
    for character in map(chr, range(0x3000)):
        assert writable(f"a{character}b") == writable(f"a{character}b\ue000")


@pytest.mark.parametrize("word", WORLD)
def test_words_of_every_script_stay(word: str) -> None:
    assert writable(word) == word


def test_approved_letters_stay_as_they_are() -> None:
    for letter in golden().values():
        assert writable(letter.subject) == letter.subject
        assert all(writable(paragraph.text) == paragraph.text for paragraph in letter.paragraphs)


def test_breaks_are_spaces_and_what_shows_nothing_is_gone() -> None:
    assert writable(uncleaned().subject) == "a    z"
