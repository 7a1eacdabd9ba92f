"""A letter to be mailed has its address where a window shows it, or on a sheet that says how to post it."""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any, NamedTuple

import pytest
from pypdf import PdfReader

from advocacy.exports.format import Post
from advocacy.language import Language, Wording
from advocacy.legislators.forms_of_address import HEADING, RULE_HEADING, has_postal_address, mailing_instructions
from advocacy.legislators.recipient import Gender, Office, Recipient
from advocacy.letters.compose import compose
from advocacy.letters.letter import Letter
from tests.builders import TODAY, a_member, a_minister, a_template, a_vacant_seat, some_answers
from tests.golden.test_letters import KINDS
from tests.golden.test_one_page import LONG_RIDING, LONG_TITLE, RECIPIENTS
from tests.unit.exports.golden import a_letter
from tests.unit.exports.pdfs import letter_text, long_letter, made, opened, pages, squeezed

INCH = 72.0
# The strip that a #10 window shows in every fold, and all that it may show in one of them.
STRIP = (0.875 * INCH, 2.5 * INCH, 4.375 * INCH, 3.17 * INCH)
SHOWN = (2.04 * INCH, 3.63 * INCH)


class Word(NamedTuple):
    """A word and its place on the page, in points from its upper left corner."""

    left: float
    top: float
    right: float
    bottom: float
    text: str


def everyone() -> Iterator[Recipient]:
    """Every kind of recipient, those of the longest addresses included."""
    yield from (recipient for recipient, _ in KINDS.values())
    yield from RECIPIENTS.values()
    yield a_vacant_seat(riding=LONG_RIDING)
    for office in Office:
        for gender in (*Gender, None):
            yield a_member(
                office=office, gender=gender, privy_councillor=True, title=LONG_TITLE, city=Wording.same("Ottawa")
            )
    yield a_minister(
        name="Evan Solomon",
        title=Wording.of(
            en="Minister of Artificial Intelligence and Digital Innovation and Minister responsible for the Federal "
            "Economic Development Agency for Southern Ontario",
            fr="Ministre de l’Intelligence artificielle et de l’Innovation numérique et ministre responsable de "
            "l’Agence fédérale de développement économique pour le Sud de l’Ontario",
        ),
    )


@pytest.mark.parametrize("language", list(Language))
def test_no_line_of_an_address_to_cut_out_is_broken_by_its_box(language: Language) -> None:
    letters = [letter_to(recipient, language) for recipient in everyone()]
    sheets = PdfReader(BytesIO(made(*letters, post=Post.SHEET))).pages[1::2]
    for letter, page in zip(letters, sheets, strict=True):
        sheet = [" ".join(line.split()) for line in page.extract_text().split("\n")]
        missing = [line for line in letter.recipient_block if " ".join(line.split()) not in sheet]
        assert not missing


def addressed() -> Iterator[Recipient]:
    """Everyone whose whole address is known: no other stands in a window."""
    return filter(has_postal_address, everyone())


def letter_to(recipient: Recipient, language: Language) -> Letter:
    letter = compose(a_template(), some_answers(), recipient, language=language, today=TODAY)
    return replace(letter, paragraphs=letter.paragraphs[:2])


def words(page: Any) -> list[Word]:
    return [Word(*found[:5]) for found in page.get_text("words")]


@pytest.mark.parametrize("language", list(Language))
def test_a_window_shows_the_whole_address_in_every_fold_and_nothing_else(language: Language) -> None:
    letters = [letter_to(recipient, language) for recipient in addressed()]
    with opened(made(*letters, post=Post.WINDOW)) as document:
        for letter, page in zip(letters, document, strict=True):
            shown = [word for word in words(page) if word.bottom > SHOWN[0] and word.top < SHOWN[1]]
            assert squeezed("".join(word.text for word in shown)) == squeezed("".join(letter.recipient_block))
            assert min(word.left for word in shown) >= STRIP[0]
            assert min(word.top for word in shown) >= STRIP[1]
            assert max(word.right for word in shown) <= STRIP[2]
            assert max(word.bottom for word in shown) <= STRIP[3]


def test_a_letter_for_a_window_says_the_same_words_and_is_marked_for_folding_in_three() -> None:
    letter = a_letter()
    pdf = made(letter, post=Post.WINDOW)
    assert squeezed("".join(pages(pdf))) == letter_text(letter)
    with opened(pdf) as document:
        marks = [one["rect"] for one in document[0].get_drawings() if one["rect"].x1 < 0.5 * INCH]
    assert [round(mark.y0) for mark in marks] == [264, 528]
    assert [round(mark.x0, 1) for mark in marks] == [0.2 * INCH] * 2


@pytest.mark.parametrize("language", list(Language))
def test_a_sheet_says_how_to_post_the_letter_in_its_language(language: Language) -> None:
    letters = [letter_to(recipient, language) for recipient, _ in KINDS.values()]
    wanted = [words for letter in letters for words in (letter_text(letter), squeezed("".join(how_to_post(letter))))]
    assert [squeezed(page) for page in pages(made(*letters, post=Post.SHEET))] == wanted


def how_to_post(letter: Letter) -> list[str]:
    how, language = mailing_instructions(letter.recipient), letter.language
    said = [HEADING.in_language(language), *letter.recipient_block]
    said += [f"{number}.{step.in_language(language)}" for number, step in enumerate(how.steps, start=1)]
    return said + ([RULE_HEADING.in_language(language), how.rule.in_language(language)] if how.rule else [])


def test_each_letter_is_followed_by_its_sheet_however_long_it_is() -> None:
    letters = [a_letter(), long_letter(30), a_letter(Language.EN)]
    firsts = [page.split("\n")[0] for page in pages(made(*letters, post=Post.SHEET))]
    later = [f"Yasir Naqvi {letters[1].date_line} {number}" for number in (2, 3, 4)]
    sheet, english = HEADING.in_language(Language.FR), HEADING.in_language(Language.EN)
    assert firsts == [
        *(letters[0].date_line, sheet),
        *(letters[1].date_line, *later, sheet),
        *(letters[2].date_line, english),
    ]
