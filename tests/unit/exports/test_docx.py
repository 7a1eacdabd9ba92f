"""A Word document says what its letter says, part by part under real styles, each run in its language."""

from datetime import date
from io import BytesIO
from zipfile import ZipFile

import docx
import pytest
from docx.document import Document
from docx.enum.text import WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE as LINK
from docx.shared import Inches, Length, Pt
from docx.text.paragraph import Paragraph

from advocacy.exports.docx import to_docx
from advocacy.exports.format import ExportOptions, Post
from advocacy.exports.letter_parts import Part, Role, letter_parts
from advocacy.language import Language
from advocacy.legislators.forms_of_address import (
    HEADING,
    RULE_HEADING,
    form_of_address,
    has_postal_address,
    mailing_instructions,
)
from advocacy.letters.letter import Letter
from tests.builders import TODAY
from tests.golden.test_addresses import CASES
from tests.unit.exports.golden import a_letter, everything, golden, of_every_shape, signed_by

TOP, BOTTOM, LEFT, WIDE = Inches(2.5), Inches(3.17), Inches(0.875), Inches(3.5)
"""The strip of the page that a #10 window shows in every fold."""
UNSEEN = BOTTOM + Inches(1.125 - 0.67)
"""Where nothing shows, however the page slides behind a window 1.125 in high."""
WIDEST_LETTER = 0.53
"""Of the font's size: more than the letters of any address take on average."""


def opened_for_mail(letter: Letter, post: Post) -> Document:
    return docx.Document(BytesIO(to_docx([letter], ExportOptions(TODAY, post))))


def addressed(case: str) -> Letter:
    recipient, language = CASES[case]
    return a_letter(language, recipient=recipient, recipient_block=form_of_address(recipient, language).block)


def posting_lines(letter: Letter) -> list[str]:
    return [part.text for part in letter_parts(letter)]


@pytest.mark.parametrize("letter", golden().values(), ids=list(golden()))
def test_the_page_to_post_it_with_comes_after_the_letter_and_leaves_it_as_it_is(letter: Letter) -> None:
    document = opened_for_mail(letter, Post.SHEET)
    how, language = mailing_instructions(letter.recipient), letter.language
    wanted = [HEADING.in_language(language), "\n".join(letter.recipient_block)]
    wanted += [step.in_language(language) for step in how.steps]
    if how.rule:
        wanted += [RULE_HEADING.in_language(language), how.rule.in_language(language)]
    assert [paragraph.text for paragraph in document.paragraphs] == [*posting_lines(letter), *wanted]


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
    document = opened_for_mail(letter, Post.WINDOW)
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


def test_a_letter_without_an_address_has_none_to_show() -> None:
    letter = a_letter(recipient_block=())
    assert [one.text for one in opened_for_mail(letter, Post.WINDOW).paragraphs] == posting_lines(letter)


def of(length: Length | int | None) -> int:
    assert length is not None
    return int(length)


def exact(spacing: float | Length | None) -> int:
    assert isinstance(spacing, Length)
    return int(spacing)


STYLES = {
    Role.DATE: "Date",
    Role.RECIPIENT: "Inside Address",
    Role.SUBJECT: "Heading 1",
    Role.APPEL: "Salutation",
    Role.PARAGRAPH: "Body Text",
    Role.BULLET: "List Bullet",
    Role.QUOTATION: "Quote",
    Role.CLOSING: "Closing",
    Role.SENDER: "Signature",
    Role.SOURCE: "Source Note",
}
TAGS = {Language.EN: "en-CA", Language.FR: "fr-CA"}
ORDER = (
    *("keepNext", "keepLines", "pageBreakBefore", "widowControl", "numPr", "pBdr", "tabs"),
    *("spacing", "ind", "contextualSpacing", "outlineLvl", "sectPr"),
)
"""ISO/IEC 29500-1, 17.3.1.26."""
UNZIPPED = {"[Content_Types].xml", "_rels/.rels", "docProps/core.xml", "word/document.xml", "word/numbering.xml"}
UNZIPPED |= {
    "word/header1.xml",
    "word/fontTable.xml",
    "word/_rels/document.xml.rels",
    "word/settings.xml",
    "word/styles.xml",
}


def made(letter: Letter, *, today: date = TODAY, post: Post = Post.NONE) -> bytes:
    return to_docx([letter], ExportOptions(today, post))


def opened(letter: Letter, *, post: Post = Post.NONE) -> Document:
    return docx.Document(BytesIO(made(letter, post=post)))


def runs(paragraph: Paragraph) -> list[tuple[str, str | None]]:
    """Return every run's words and language, but the breaks between lines."""
    found = [(run.text, run.element.xpath("string(w:rPr/w:lang/@w:val)")) for run in paragraph.runs]
    return [(text, language) for text, language in found if text != "\n"]


def passages(part: Part) -> list[tuple[str, str]]:
    return [(passage.text, TAGS[passage.language]) for line in part.lines for passage in line]


@pytest.mark.parametrize("letter", everything().values(), ids=list(everything()))
def test_every_part_is_a_paragraph_in_its_style_word_for_word_in_its_language(letter: Letter) -> None:
    written = opened(letter).paragraphs
    parts = list(letter_parts(letter))
    assert [paragraph.text for paragraph in written] == [part.text for part in parts]
    assert [one.style.name for one in written if one.style] == [STYLES[part.role] for part in parts]
    assert [runs(paragraph) for paragraph in written] == [passages(part) for part in parts]


@pytest.mark.parametrize("language", list(Language))
def test_what_is_added_is_in_the_letters_language(language: Language) -> None:
    document = opened(a_letter(language))
    [default] = document.styles.element.xpath("w:docDefaults/w:rPrDefault/w:rPr/w:lang/@w:val")
    assert default == TAGS[language]
    assert document.core_properties.language == TAGS[language]


def test_it_is_told_by_its_subject_its_author_and_its_day_and_by_no_program() -> None:
    letter = a_letter()
    said = opened(letter).core_properties
    assert (said.title, said.author) == (letter.subject, "Camille Essai")
    assert (said.last_modified_by, said.comments) == ("Camille Essai", "")
    assert said.created is not None
    assert (said.created.date(), said.created) == (TODAY, said.modified)
    with ZipFile(BytesIO(made(letter))) as files:
        assert set(files.namelist()) == UNZIPPED
        assert not any(b"python" in files.read(name) for name in files.namelist())


@pytest.mark.parametrize(("post", "expected"), [(Post.NONE, 1), (Post.WINDOW, 1), (Post.SHEET, 3)])
def test_the_subject_is_the_letters_one_heading(post: Post, expected: int) -> None:
    document = opened(of_every_shape(), post=post)
    headings = [one.text for one in document.paragraphs if one.style and one.style.element.xpath("w:pPr/w:outlineLvl")]
    assert headings[0] == of_every_shape().subject
    assert len(headings) == expected


@pytest.mark.parametrize(("style", "sign"), [("List Bullet", "•"), ("List Number", "%1.")])
def test_items_are_lists_that_word_knows(style: str, sign: str) -> None:
    document = opened(of_every_shape())
    [number] = document.styles[style].element.xpath("w:pPr/w:numPr/w:numId/@w:val")
    numbering = document.part.numbering_part.element
    [listed] = numbering.xpath(f"w:num[@w:numId='{number}']/w:abstractNumId/@w:val")
    assert numbering.xpath(f"w:abstractNum[@w:abstractNumId='{listed}']/w:lvl/w:lvlText/@w:val") == [sign]


def test_a_signature_never_stands_alone_on_a_page() -> None:
    document = opened(a_letter())
    roles = [part.role for part in letter_parts(a_letter())]
    closing = roles.index(Role.CLOSING)
    last = document.paragraphs[closing - 1]
    assert last.paragraph_format.keep_with_next
    assert not document.paragraphs[closing - 2].paragraph_format.keep_with_next
    assert document.styles["Closing"].element.xpath("w:pPr/w:keepNext")
    assert document.styles["Signature"].element.xpath("w:pPr/w:keepLines")
    assert document.styles["Normal"].element.xpath("w:pPr/w:widowControl")


@pytest.mark.parametrize("post", list(Post))
def test_properties_stand_in_the_order_that_word_asks_for(post: Post) -> None:
    document = opened(of_every_shape(), post=post)
    for element in (document.element, document.styles.element):
        for properties in element.xpath("//w:pPr"):
            names = [one.tag.partition("}")[2] for one in properties if one.tag.partition("}")[2] != "pStyle"]
            assert names == sorted(names, key=ORDER.index)


def test_nothing_is_fetched() -> None:
    document = opened(of_every_shape())
    links = [link for part in (document.part, document.part.package) for link in part.rels.values()]
    assert not any(link.is_external for link in links)
    assert LINK.HYPERLINK not in {link.reltype for link in links}


def test_words_that_look_like_markup_are_words() -> None:
    words = "</w:t><w:br/>&amp; <!-- ]]> {{ x }}"
    document = opened(a_letter(sender=signed_by(words), subject=words))
    assert words in [paragraph.text for paragraph in document.paragraphs]
    assert document.core_properties.author == words
    assert not document.element.xpath("//w:p[w:pPr/w:pStyle/@w:val='Heading1']//w:br")


@pytest.mark.parametrize("post", list(Post))
@pytest.mark.parametrize("language", list(Language))
def test_the_pages_after_the_first_tell_whose_letter_it_is_of_what_day_and_their_number(
    language: Language, post: Post
) -> None:
    letter = a_letter(language)
    first, *others = opened(letter, post=post).sections
    assert first.different_first_page_header_footer
    assert first.first_page_header.is_linked_to_previous  # the first page has none
    [header] = first.header.paragraphs
    assert header.text.split("\t")[:2] == [letter.recipient.name, letter.date_line]
    element = first.header.part.element
    assert element.xpath("w:p/w:fldSimple/@w:instr") == ["PAGE"]
    assert element.xpath("w:p/w:r/w:rPr/w:lang/@w:val") == [TAGS[language]] * 2
    assert len(others) == (post is Post.SHEET)
    for sheet in others:  # a first page of its own, which has none either
        assert sheet.different_first_page_header_footer
        assert sheet.first_page_header.is_linked_to_previous
