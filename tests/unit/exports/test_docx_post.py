"""A letter in Word goes out by mail: with a page that says how, or with its address where a #10 window shows it."""

from io import BytesIO

import docx
import pytest
from docx.document import Document
from docx.enum.text import WD_LINE_SPACING
from docx.shared import Inches, Length, Pt

from advocacy.exports.docx import to_docx
from advocacy.exports.format import ExportOptions, Post
from advocacy.exports.letter_parts import letter_parts
from advocacy.language import Language
from advocacy.legislators.forms_of_address import form_of_address
from advocacy.legislators.postage import HEADING, RULE_HEADING, has_postal_address, mailing_instructions
from advocacy.letters.letter import Letter
from tests.builders import TODAY
from tests.golden.test_addresses import CASES
from tests.unit.exports.golden import a_letter, golden

TOP, BOTTOM, LEFT, WIDE = Inches(2.5), Inches(3.17), Inches(0.875), Inches(3.5)
"""The strip of the page that a #10 window shows in every fold."""
UNSEEN = BOTTOM + Inches(1.125 - 0.67)
"""Where nothing shows, however the page slides behind a window 1.125 in high."""
WIDEST_LETTER = 0.53
"""Of the font's size: more than the letters of any address take on average."""


def opened(letter: Letter, post: Post) -> Document:
    return docx.Document(BytesIO(to_docx([letter], ExportOptions(TODAY, post))))


def addressed(case: str) -> Letter:
    recipient, language = CASES[case]
    return a_letter(language, recipient=recipient, recipient_block=form_of_address(recipient, language).block)


def told(letter: Letter) -> list[str]:
    return [part.text for part in letter_parts(letter)]


@pytest.mark.parametrize("letter", golden().values(), ids=list(golden()))
def test_the_page_to_post_it_with_comes_after_the_letter_and_leaves_it_as_it_is(letter: Letter) -> None:
    document = opened(letter, Post.SHEET)
    how, language = mailing_instructions(letter.recipient), letter.language
    wanted = [HEADING.in_language(language), "\n".join(letter.recipient_block)]
    wanted += [step.in_language(language) for step in how.steps]
    if how.rule:
        wanted += [RULE_HEADING.in_language(language), how.rule.in_language(language)]
    assert [paragraph.text for paragraph in document.paragraphs] == [*told(letter), *wanted]


@pytest.mark.parametrize("language", list(Language))
def test_it_is_a_page_of_its_own_in_the_letters_language(language: Language) -> None:
    letter = a_letter(language)
    document = opened(letter, Post.SHEET)
    breaks = [one for one in document.paragraphs if one.style and one.style.element.xpath("w:pPr/w:pageBreakBefore")]
    assert [one.text for one in breaks] == [HEADING.in_language(language)]
    spoken = {one for run in document.element.xpath("//w:r")[-20:] for one in run.xpath("w:rPr/w:lang/@w:val")}
    assert spoken == {f"{language.value}-CA"}


def widest() -> list[str]:
    """Return the addresses that take the most room: of so many lines, the one of the longest line, in each language."""
    found: dict[tuple[Language, int], str] = {}
    for case in (case for case, (recipient, _) in CASES.items() if has_postal_address(recipient)):
        block = addressed(case).recipient_block
        found.setdefault(shape := (CASES[case][1], len(block)), case)
        found[shape] = max(found[shape], case, key=lambda one: max(map(len, addressed(one).recipient_block)))
    return list(found.values())


@pytest.mark.parametrize("case", widest())
def test_the_window_shows_the_whole_address_and_nothing_else(case: str) -> None:
    letter = addressed(case)
    document = opened(letter, Post.WINDOW)
    page, (date, block, after) = document.sections[0], document.paragraphs[:3]
    assert block.text == "\n".join(letter.recipient_block)
    height = exact(block.paragraph_format.line_spacing)
    starts = of(page.top_margin) + exact(date.paragraph_format.line_spacing) + of(block.paragraph_format.space_before)
    ends = starts + height * len(letter.recipient_block)
    assert {one.paragraph_format.line_spacing_rule for one in (date, block)} == {WD_LINE_SPACING.EXACTLY}
    assert date.paragraph_format.space_after == 0
    assert starts >= TOP
    assert ends <= BOTTOM
    assert ends + of(block.paragraph_format.space_after) >= UNSEEN
    assert of(page.left_margin) >= LEFT
    [size] = {of(run.font.size) for run in block.runs}
    assert Pt(6) <= size <= height
    longest = max(map(len, letter.recipient_block)) * size * WIDEST_LETTER
    assert of(page.left_margin) + longest <= LEFT + WIDE
    assert after.text == letter.subject


def test_a_window_changes_no_word() -> None:
    assert [one.text for one in opened(a_letter(), Post.WINDOW).paragraphs] == told(a_letter())


def test_a_letter_without_an_address_has_none_to_show() -> None:
    letter = a_letter(recipient_block=())
    assert [one.text for one in opened(letter, Post.WINDOW).paragraphs] == told(letter)


def of(length: Length | int | None) -> int:
    assert length is not None
    return int(length)


def exact(spacing: float | Length | None) -> int:
    assert isinstance(spacing, Length)
    return int(spacing)
