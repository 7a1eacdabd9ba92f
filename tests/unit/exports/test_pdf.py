"""A PDF says what its letters say, word for word and in their order, on one page where it fits."""

import csv
from dataclasses import replace
from datetime import UTC, date, datetime, time
from importlib.resources import files
from io import BytesIO

import pytest
from pypdf import PdfReader

from advocacy.exports.format import ExportOptions
from advocacy.exports.page_layout import OVER_SEVERAL_PAGES
from advocacy.exports.pdf import MissingCharacters, PdfData, typeset, whole_lines
from advocacy.language import Language, Wording
from advocacy.legislators.forms_of_address import form_of_address
from advocacy.legislators.recipient import Recipient
from advocacy.letters.letter import Kind, Letter
from tests.builders import TODAY, a_member, a_minister, a_vacant_seat
from tests.golden.test_one_page import LONG_RIDING, LONG_TITLE
from tests.unit.exports.golden import (
    a_letter,
    of_every_shape,
    of_naughty_words,
    signed_by,
    spoken,
)
from tests.unit.exports.pdfs import (
    letter_text,
    long_letter,
    made,
    pages,
    squeezed,
    tags,
    without_machine_fonts,
)

EN, FR = Language


def rows(name: str) -> list[dict[str, str]]:
    text = files("advocacy.legislators").joinpath("data", name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


@pytest.mark.parametrize(
    ("recipient", "language", "lines"),
    [
        (
            a_member(riding=LONG_RIDING),
            EN,
            ["Member of Parliament for West Vancouver—Sunshine Coast—Sea to Sky Country", "House of Commons"],
        ),
        (
            a_vacant_seat(riding=LONG_RIDING),
            FR,
            ["Circonscription\u00a0: West Vancouver—Sunshine Coast—Sea to Sky Country", "Chambre des communes"],
        ),
        (a_minister(title=LONG_TITLE), FR, [LONG_TITLE.in_language(FR), "Chambre des communes"]),
        (a_minister(title=LONG_TITLE), EN, [LONG_TITLE.in_language(EN), "House of Commons"]),
    ],
)
def test_a_line_broken_for_an_envelope_is_whole_again(
    recipient: Recipient, language: Language, lines: list[str]
) -> None:
    block = form_of_address(recipient, language).block
    assert whole_lines(block)[1:-1] == lines


@pytest.mark.parametrize("language", list(Language))
def test_every_riding_and_title_comes_out_whole_and_no_other_line_is_joined(language: Language) -> None:
    for row in rows("ridings.csv"):
        riding = Wording.of(en=row["name_en"], fr=row["name_fr"])
        lines = whole_lines(form_of_address(a_vacant_seat(riding=riding), language).block)
        assert len(lines) in {3, 4}
        assert any(riding.in_language(language) in line for line in lines)
    for row in rows("ministers.csv"):
        title = Wording.of(en=row["role_en"], fr=row["role_fr"])
        lines = whole_lines(form_of_address(a_minister(title=title, name=row["name"]), language).block)
        assert title.in_language(language) in " ".join(lines)
        assert lines[-2:] == list(form_of_address(a_minister(title=title, name=row["name"]), language).block[-2:])


TYPED = (
    '#read("/etc/hostname")',
    "#panic()",
    '#import "letter.typ": letter',
    "*bold* _slanted_ `code` $x^2$ \\ \\u{41} ~ -- --- ... 'single' \"double\"",
    "= Heading",
    "- item",
    "+ item",
    "/ term: text",
    "// comment",
    "/* comment */",
    "<label> @reference",
    "]} { [ ( #[ #{ ",
    "<b>&amp;</b> <?xml?> ]]>",
    "# h **b** [a](b)",
    '{"asked": null} \\" \\n',
    "/Type /Page /Type/Page",
)


def test_lists_and_quotations_are_in_their_place_and_tagged_as_what_they_are() -> None:
    letter = of_every_shape()
    pdf = made(letter)
    assert squeezed(pages(pdf)[0]) == letter_text(letter)
    found = [tag for tag, _ in tags(pdf)]
    assert [found.count(tag) for tag in ("/H1", "/L", "/LI", "/BlockQuote")] == [1, 2, 3, 1]


def test_each_of_several_letters_begins_on_a_page_and_the_title_says_how_many() -> None:
    letters = [a_letter(), a_letter(Language.EN, sender=signed_by("Sacha Essai")), a_letter()]
    pdf = made(*letters)
    assert [squeezed(page) for page in pages(pdf)] == [letter_text(letter) for letter in letters]
    metadata = PdfReader(BytesIO(pdf)).metadata
    assert metadata is not None
    assert (metadata.title, metadata.author) == ("3 lettres", "Camille Essai, Sacha Essai")


def test_the_same_letter_of_the_same_day_is_the_same_file() -> None:
    first = made(a_letter())
    assert made(a_letter(Language.EN)) != first
    assert made(a_letter()) == first
    assert made(a_letter(), today=date(2026, 11, 26)) != first


def of_typed(typed: str) -> Letter:
    """A letter that says nothing else, wherever it may say something."""
    return a_letter(
        subject=typed,
        date_line=typed,
        recipient_block=(typed, typed),
        appel=typed,
        closing=typed,
        sender=signed_by(typed, city=typed),
        source_note=typed,
        recipient=a_member(name=typed),
        paragraphs=(spoken(Kind.PARAGRAPH, typed, "reason"), spoken(Kind.BULLET, typed), spoken(Kind.QUOTATION, typed)),
    )


def test_what_was_typed_is_printed_as_typed_wherever_it_stands() -> None:
    letters = [of_typed(typed) for typed in TYPED]
    for letter, page in zip(letters, pages(made(*letters)), strict=True):
        assert squeezed(page) == letter_text(letter)


def test_every_string_that_breaks_sites_is_printed_as_it_is_or_its_characters_are_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    without_machine_fonts(monkeypatch)
    whole = of_naughty_words()
    with pytest.raises(MissingCharacters) as missing:
        typeset(PdfData.of([whole], ExportOptions(TODAY)), datetime.combine(TODAY, time(), UTC))
    kept = tuple(one for one in whole.paragraphs if not missing.value.characters & set(one.text))
    assert 0.9 * len(whole.paragraphs) < len(kept) < len(whole.paragraphs)
    printed = squeezed("".join(pages(made(replace(whole, paragraphs=kept)))))
    assert [one.text for one in kept if one.text.isascii() and squeezed(one.text) not in printed] == []


def test_later_pages_name_recipient_day_and_number_and_begin_again_with_each_letter() -> None:
    other = long_letter(30, recipient=a_member(name="Dominique Essai"))
    letters = [a_letter(), long_letter(), other, a_letter()]
    day = letters[0].date_line
    heads = [page.split("\n")[0] for page in pages(made(*letters))]
    assert heads == [
        day,
        *(day, f"Yasir Naqvi {day} 2"),
        *(day, f"Dominique Essai {day} 2", f"Dominique Essai {day} 3", f"Dominique Essai {day} 4"),
        day,
    ]


def test_what_a_letter_seems_to_need_decides_nothing() -> None:
    wide = a_letter(paragraphs=tuple(spoken(Kind.PARAGRAPH, "😀😀 " * 40) for _ in range(11)))
    narrow = a_letter(paragraphs=tuple(spoken(Kind.PARAGRAPH, "il " * 50) for _ in range(16)))
    assert PdfData.of([wide, narrow], ExportOptions(TODAY)).layouts[0] < OVER_SEVERAL_PAGES
    first, second, whole = pages(made(wide, narrow))
    assert second.startswith(f"Yasir Naqvi {wide.date_line} 2")
    assert first.startswith(wide.date_line)
    assert whole.startswith(narrow.date_line)


def test_no_page_holds_a_signature_alone() -> None:
    for lines in range(18, 34):
        letter = a_letter(paragraphs=tuple(spoken(Kind.PARAGRAPH, f"Paragraph {number}.") for number in range(lines)))
        *_, last = pages(made(letter))
        assert f"Paragraph {lines - 1}." in last
        assert letter.sender.name in last
