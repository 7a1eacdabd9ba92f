"""A letter is set in the largest type at which it keeps to one page, with its sender's address and room to sign."""

from dataclasses import replace
from itertools import islice

import pytest

from advocacy.exports.format import ExportOptions, Post
from advocacy.exports.letter_parts import Role, letter_parts, parts_on_paper
from advocacy.exports.page_layout import LAYOUTS, NEWSREADER, OVER_SEVERAL_PAGES, layout_of
from advocacy.exports.pdf import PdfData
from advocacy.letters.letter import Kind, Sender
from tests.builders import TODAY, the_campaign
from tests.unit.exports.golden import a_letter, golden, spoken
from tests.unit.exports.pdfs import long_letter, made, opened, pages

AT_HOME = Sender("Camille Essai", "25, rue Laurier", "Gatineau", "QC", "J8X 3W1", "camille.essai@example.ca")
SENTENCE = "La loi devrait imposer le retrait d’une image en 24 heures. "


def body_size(pdf: bytes) -> float:
    """Return the size of most of a page's words, in points."""
    with opened(pdf) as document:
        blocks = document[0].get_text("dict")["blocks"]
        spans = [span for block in blocks for line in block.get("lines", ()) for span in line["spans"]]
        sizes = [round(span["size"], 2) for span in spans for _ in span["text"]]
        return float(max(set(sizes), key=sizes.count))


def growing() -> list[tuple[int, float, int]]:
    """Return how many sentences letters have, the size of their type, and their pages."""
    found = []
    for count in range(6, 60, 3):
        sentences = iter([SENTENCE] * count)
        paragraphs = []
        while paragraph := "".join(islice(sentences, 3)):
            paragraphs.append(spoken(Kind.PARAGRAPH, paragraph.strip()))
        pdf = made(a_letter(paragraphs=tuple(paragraphs)))
        found.append((count, body_size(pdf), len(pages(pdf))))
    return found


def test_type_grows_smaller_as_the_letter_grows_and_never_tiny_over_two_pages() -> None:
    found = growing()
    single = [size for _, size, count in found if count == 1]
    assert single == sorted(single, reverse=True)
    assert set(single) == {12, 11.5, 11, 10.5}
    assert {size for _, size, count in found if count > 1} == {11}


def test_the_layout_expected_is_the_one_that_holds() -> None:
    """Letters that were misjudged are compiled again: few may be."""
    letters = list(golden().values())
    expected = PdfData.of(letters, ExportOptions(TODAY)).layouts
    held = [body_size(made(letter)) == LAYOUTS[place].size for letter, place in zip(letters, expected, strict=True)]
    assert len(held) == len(the_campaign().letters())
    assert held.count(False) <= 1


@pytest.mark.parametrize("post", [Post.NONE, Post.WINDOW])
def test_a_letter_of_several_pages_is_known_as_one(post: Post) -> None:
    assert PdfData.of([long_letter()], ExportOptions(TODAY, post)).layouts == [OVER_SEVERAL_PAGES]


def test_what_stands_above_takes_room() -> None:
    shown = list(letter_parts(a_letter()))
    assert layout_of(shown, NEWSREADER, above=5) > layout_of(shown, NEWSREADER)


def test_a_street_opens_the_letter_and_the_e_mail_address_stays_below_the_signature() -> None:
    letter = a_letter(sender=AT_HOME)
    shown = {part.role: part.text for part in parts_on_paper(letter)}
    assert next(parts_on_paper(letter)).role is Role.LETTERHEAD
    street, place, email = letter.sender_lines
    assert shown[Role.LETTERHEAD] == f"{AT_HOME.name}\n{street}\n{place}"
    assert shown[Role.SENDER] == f"{AT_HOME.name}\n{email}"
    page = pages(made(letter))[0]
    assert [page.count(line) for line in (AT_HOME.name, street, place, email)] == [2, 1, 1, 1]


@pytest.mark.parametrize(
    "sender", [replace(AT_HOME, email=""), replace(AT_HOME, street=""), replace(AT_HOME, street="", email="")]
)
def test_without_both_the_sender_stays_where_the_letter_points(sender: Sender) -> None:
    letter = a_letter(sender=sender)
    assert list(parts_on_paper(letter)) == list(letter_parts(letter))


def test_there_is_room_to_sign() -> None:
    letter = replace(a_letter(), closing="Merci,")
    with opened(made(letter)) as document:
        words = document[0].get_text("words")
    closing = max(word[3] for word in words if word[4] == "Merci,")
    name = max(word[1] for word in words if word[4] == letter.sender.name.split()[0])
    assert name - closing >= 45
