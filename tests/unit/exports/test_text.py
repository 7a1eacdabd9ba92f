"""A letter as text: one paragraph a line, a blank line between, every word of the letter and no other."""

from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocacy.campaigns.letter_text import Kind
from advocacy.exports.format import ExportOptions
from advocacy.exports.letter_parts import Role, letter_parts
from advocacy.exports.text import SUBJECT, to_body, to_text, writable
from advocacy.exports.text import to_text_file as made
from advocacy.language import Language
from advocacy.letters.letter import Letter
from tests.builders import TODAY
from tests.unit.exports.golden import a_letter, everything, golden, spoken


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


LETTER = a_letter()
WIDTHS = (20, 40, 65, 72, 78)


def test_the_parts_stand_in_order_with_a_blank_line_between() -> None:
    parts = to_text(LETTER).split("\n\n")
    assert parts[0] == "Ottawa, le 25 novembre 2026"
    assert (
        parts[1]
        == "Yasir Naqvi\nMembre de la Chambre des communes\nCirconscription\u00a0: Ottawa-Centre\nChambre des communes\nOttawa (Ontario)  K1A 0A6"
    )
    assert parts[2] == f"Objet\u00a0: {LETTER.subject}"
    assert parts[3] == "Madame, Monsieur,"
    assert parts[4:10] == [paragraph.text for paragraph in LETTER.paragraphs]
    assert parts[10] == ("Je vous prie d’agréer, Madame, Monsieur, l’expression de ma considération distinguée.")
    assert parts[11] == "Camille Essai\nOttawa (Ontario)  K1A 0A6\ncamille.essai@example.ca"
    assert parts[12] == LETTER.source_note + "\n"
    assert len(parts) == 13


def test_the_items_of_a_list_stand_together_and_a_quotation_stands_in() -> None:
    shapes = (
        spoken(Kind.PARAGRAPH, "Before."),
        spoken(Kind.BULLET, "one"),
        spoken(Kind.BULLET, "two"),
        spoken(Kind.QUOTATION, "Quoted."),
        spoken(Kind.BULLET, "alone"),
    )
    text = to_text(replace(LETTER, paragraphs=shapes))
    assert "Before.\n\n• one\n• two\n\n    Quoted.\n\n• alone\n\n" in text


def test_it_is_the_words_of_the_parts_in_their_order() -> None:
    for name, letter in everything().items():
        expected = "\n".join(worded(letter, part.text, part.role) for part in letter_parts(letter))
        assert words(to_text(letter)) == words(expected), name


def test_the_text_is_utf8_and_ends_with_one_line_break() -> None:
    text = to_text(LETTER)
    assert made([LETTER], ExportOptions(TODAY)).decode() == text
    assert text.endswith(".\n")
    assert "\r" not in text


def test_a_rule_stands_between_letters() -> None:
    other = a_letter(Language.EN)
    one, two = made([LETTER, other], ExportOptions(TODAY)).decode().split(f"\n{'-' * 72}\n\n")
    assert (one, two) == (to_text(LETTER), to_text(other))
    assert f"\n{'-' * 40}\n" in made([LETTER, other], ExportOptions(TODAY, wrap=40)).decode()


def test_a_mail_has_the_letter_without_its_subject_line() -> None:
    line = f"Objet\u00a0: {LETTER.subject}\n\n"
    assert line in to_text(LETTER)
    assert to_body(LETTER) == to_text(LETTER).replace(line, "")


@pytest.mark.parametrize("width", WIDTHS)
def test_lines_are_broken_between_words_and_no_longer_than_asked(width: int) -> None:
    for name, letter in golden().items():
        text = to_text(letter, wrap=width)
        assert words(text) == words(to_text(letter)), name
        assert all(len(line) <= width or len(words(line)) == 1 for line in text.splitlines()), name
        assert text.count("\n\n") == to_text(letter).count("\n\n"), name


def test_what_belongs_together_is_not_broken() -> None:
    text = to_text(replace(LETTER, paragraphs=(spoken(Kind.PARAGRAPH, "Plus de 23\u00a0700 porte-parole"),)), wrap=10)
    assert "\nPlus de\n23\u00a0700\nporte-parole\n" in text


def test_an_item_and_a_quotation_stand_in_on_every_line() -> None:
    shapes = (spoken(Kind.BULLET, "one two three"), spoken(Kind.QUOTATION, "four five six"))
    text = to_text(replace(LETTER, paragraphs=shapes), wrap=12)
    assert "\n• one two\n  three\n\n    four\n    five six\n" in text


@given(st.text(st.sampled_from("ab\u00a0- •é"), max_size=60), st.integers(1, 30))
def test_no_word_is_lost_however_narrow_the_page(typed: str, width: int) -> None:
    letter = a_letter(paragraphs=(spoken(Kind.PARAGRAPH, typed.strip(" "), "reason"),))
    assert words(to_text(letter, wrap=width)) == words(to_text(letter))


def words(text: str) -> list[str]:
    """Part a text where lines may break: U+00A0 holds words together. A list's sign is no word, nor is a blank."""
    return [word for word in text.replace("\n", " ").split(" ") if word.strip() not in {"", "•"}]


def worded(letter: Letter, text: str, role: Role) -> str:
    return SUBJECT.with_params(subject=text).in_language(letter.language) if role is Role.SUBJECT else text
