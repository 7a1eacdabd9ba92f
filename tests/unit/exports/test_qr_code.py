"""The QR code under a letter is read from each form of paper as a scanner sees it, and leads where its line says."""

from dataclasses import replace
from io import BytesIO
from itertools import cycle, product
from zipfile import ZipFile

import pikepdf
import pytest
import zxingcpp
from bs4 import BeautifulSoup
from PIL import Image

from advocacy.exports import FORMATS
from advocacy.exports.format import ExportOptions, Post
from advocacy.exports.page_layout import LAYOUTS
from advocacy.exports.qr_code import ALT, QR_SIDE_MM, qr_svg
from advocacy.language import Language
from advocacy.letters.letter import Letter
from tests.builders import TODAY, the_campaign
from tests.golden.test_one_page import OWN, RECIPIENTS, longest
from tests.unit.exports.golden import a_letter, golden
from tests.unit.exports.pdfs import long_letter, made, opened, pages, pymupdf

SITE = "https://letters.example.ca/v/"
ADDRESS = f"{SITE}7K3M9-QXDH2-0WPAZ-8TVC1"
SCAN_DPI = 150


def verifiable(letter: Letter, address: str = ADDRESS) -> Letter:
    return replace(letter, verification=address)


def scanned(pdf: bytes) -> list[list[str]]:
    """Return the texts of the QR codes on each page, as a scanner of 150 dpi sees them."""
    found = []
    with opened(pdf) as document:
        for page in document:
            pixels = page.get_pixmap(dpi=SCAN_DPI, colorspace=pymupdf().csGRAY)
            image = Image.frombytes("L", (pixels.width, pixels.height), pixels.samples)
            found.append([one.text for one in zxingcpp.read_barcodes(image)])
    return found


def codes(pdf: bytes) -> list[str]:
    return [text for page in scanned(pdf) for text in page]


@pytest.mark.parametrize("post", Post)
@pytest.mark.parametrize("language", Language)
def test_the_code_of_a_pdf_is_read_from_a_scan(language: Language, post: Post) -> None:
    pdf = made(verifiable(a_letter(language)), post=post)
    assert codes(pdf) == [ADDRESS]
    assert ADDRESS.partition("://")[2] in "".join("".join(pages(pdf)).split())


def test_each_of_several_letters_has_its_own_code() -> None:
    addresses = [f"{SITE}7K3M9-QXDH2-0WPAZ-8TVC{number}" for number in range(4)]
    letters = [verifiable(letter, one) for letter, one in zip(golden().values(), addresses, strict=False)]
    assert codes(made(*letters)) == addresses


@pytest.mark.parametrize("post", [Post.NONE, Post.WINDOW])
def test_a_letter_of_several_pages_has_its_code_on_the_last(post: Post) -> None:
    found = scanned(made(verifiable(long_letter()), post=post))
    assert len(found) > 1
    assert found == [*([[]] * (len(found) - 1)), [ADDRESS]]


@pytest.mark.parametrize("language", Language)
def test_a_letter_that_nobody_can_verify_has_neither_line_nor_code(language: Language) -> None:
    pdf = made(a_letter(language))
    assert codes(pdf) == []
    assert "/v/" not in "".join(pages(pdf))


@pytest.mark.parametrize("language", Language)
def test_the_code_says_what_it_is_to_whoever_hears_the_pdf(language: Language) -> None:
    with pikepdf.open(BytesIO(made(verifiable(a_letter(language))))) as document:
        figures = [
            one for one in document.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure"
        ]
        assert [str(one.Alt) for one in figures] == [ALT.in_language(language)]


def test_the_code_keeps_the_longest_letters_on_one_page() -> None:
    in_turn = zip(the_campaign().letters(), cycle(RECIPIENTS.values()), cycle(Language), strict=False)
    letters = [verifiable(longest(name, recipient, language, own=OWN, by=len)) for name, recipient, language in in_turn]
    assert len(pages(made(*letters))) == len(letters)


def test_a_code_is_as_wide_as_is_said_and_stands_inside_the_margins() -> None:
    with opened(made(verifiable(a_letter()))) as document:
        [page] = document
        places = [one["rect"] for one in page.get_drawings() if one["rect"].height > 40]
        side = QR_SIDE_MM / 25.4 * 72
        assert [(round(place.width), round(place.height)) for place in places] == [(round(side), round(side))]
        assert places[0].y1 < page.rect.height - LAYOUTS[0].bottom * 72


def test_the_picture_of_a_word_file_is_read_and_says_what_it_is() -> None:
    for language, post in product(Language, Post):
        letter = verifiable(a_letter(language))
        with ZipFile(BytesIO(FORMATS["docx"].render([letter], ExportOptions(TODAY, post)))) as file:
            picture = Image.open(BytesIO(file.read("word/media/verification.png")))
            document = file.read("word/document.xml").decode()
        framed = Image.new("L", (picture.width + 80, picture.height + 80), 255)
        framed.paste(picture.convert("L"), (40, 40))
        assert [one.text for one in zxingcpp.read_barcodes(framed)] == [ADDRESS]
        assert f'descr="{ALT.in_language(language)}"' in document
        assert document.count('r:embed="verification"') == 1


@pytest.mark.parametrize("language", Language)
def test_the_code_of_a_page_is_read_and_has_a_title(language: Language) -> None:
    letter = verifiable(a_letter(language))
    page = BeautifulSoup(FORMATS["html"].render([letter], ExportOptions(TODAY)), "html5lib")
    [title] = page.select("svg.qr > title")
    assert title.text == ALT.in_language(language)
    framed = str(qr_svg(ADDRESS, language)).replace(
        'viewBox="0 0 33 33"', 'viewBox="-4 -4 41 41" width="300" height="300"'
    )
    assert framed.count("-4 -4") == 1
    with pymupdf().open(stream=framed.encode(), filetype="svg") as drawing:
        pixels = drawing[0].get_pixmap(dpi=SCAN_DPI, colorspace=pymupdf().csGRAY)
    image = Image.frombytes("L", (pixels.width, pixels.height), pixels.samples)
    assert [one.text for one in zxingcpp.read_barcodes(image)] == [ADDRESS]
