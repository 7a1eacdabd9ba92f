"""A letter as text: one paragraph a line, a blank line between, every word of the letter and no other."""

from dataclasses import replace

from advocacy.campaigns.program import Kind, Piece, Spoken
from advocacy.exports import FORMATS
from advocacy.exports.text import to_text
from advocacy.language import Language
from advocacy.letters.compose import compose
from tests.builders import TODAY, a_member, a_template, some_answers

LETTER = compose(a_template(), some_answers(), a_member(), language=Language.FR, today=TODAY)


def test_the_parts_stand_in_order_with_a_blank_line_between() -> None:
    parts = to_text(LETTER).split("\n\n")
    assert parts[0] == "Ottawa, le 25 novembre 2026"
    assert parts[1] == "Yasir Naqvi\nChambre des communes\nOttawa (Ontario)  K1A 0A6"
    assert parts[2] == f"Objet\u00a0: {LETTER.subject}"
    assert parts[3] == "Bonjour,"
    assert parts[4:10] == [paragraph.text for paragraph in LETTER.paragraphs]
    assert parts[10] == "Veuillez agréer mes meilleures salutations."
    assert parts[11] == "Camille Essai\nOttawa (Ontario)  K1A 0A6\ncamille.essai@example.ca"
    assert parts[12] == LETTER.source_note + "\n"
    assert len(parts) == 13


def test_no_break_spaces_survive() -> None:
    assert "95\u00a0%" in to_text(LETTER)
    assert "23\u00a0700" in to_text(LETTER)


def test_the_items_of_a_list_stand_together_and_a_quotation_stands_in() -> None:
    def spoken(kind: Kind, text: str) -> Spoken:
        return Spoken(kind, (Piece(text, ""),))

    shapes = (
        spoken(Kind.PARAGRAPH, "Before."),
        spoken(Kind.BULLET, "one"),
        spoken(Kind.BULLET, "two"),
        spoken(Kind.QUOTATION, "Quoted."),
        spoken(Kind.BULLET, "alone"),
    )
    text = to_text(replace(LETTER, paragraphs=shapes))
    assert "Before.\n\n• one\n• two\n\n    Quoted.\n\n• alone\n\n" in text


def test_the_text_is_utf8_and_ends_with_one_line_break() -> None:
    text = to_text(LETTER)
    assert text.encode().decode() == text
    assert text.endswith(".\n")
    assert "\r" not in text


def test_text_is_offered_by_its_name() -> None:
    assert FORMATS["txt"] is to_text
