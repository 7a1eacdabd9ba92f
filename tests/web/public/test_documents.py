"""A letter leaves as a document, alone or with the others, in the words of its sheet and by a form that is posted."""

import re
from collections.abc import Mapping
from email import message_from_bytes
from io import BytesIO
from zipfile import ZipFile

import docx
import pytest
from flask import Flask
from pypdf import PdfReader

from advocacy.exports import FORMATS
from advocacy.exports.pdf import MissingCharacters
from tests.web.public.test_journey import reviewed
from tests.web.public.visitor import FILLED, Visitor

FILES = [form for form in FORMATS if form != "html"]


@pytest.fixture
def visitor(app: Flask, request: pytest.FixtureRequest) -> Visitor:
    return Visitor.of(app, language=getattr(request, "param", "fr"))


def two_letters(visitor: Visitor) -> Visitor:
    chosen = visitor.get().press("[name=go][value=find][data-find]", postal_code="K1A 0A6")
    own = [value for name, value in chosen.values() if name == "recipient"]
    chosen.press('[name=go][value="search"]', search="Papineau")
    other = next(str(one["value"]) for one in visitor.page.select("[name=recipient]") if one["value"] not in own)
    about = {name: text for name, text in FILLED.items() if name != "postal_code"}
    return visitor.press("[data-review]", recipient=[*own, other], **{f"language-{other}": "fr"}, **about)


def words(content: bytes, form: str) -> str:
    """Read a document's words, one space between them; a line of a PDF may end behind a hyphen."""
    readers: Mapping[str, str] = {
        "txt": content.decode(errors="replace"),
        "pdf": "" if form != "pdf" else " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages),
        "docx": "" if form != "docx" else "\n".join(one.text for one in docx.Document(BytesIO(content)).paragraphs),
        "eml": "" if form != "eml" else _mail(content),
    }
    return re.sub(r"(?<=[a-z])- (?=[a-z])", "-", " ".join(readers[form].split()))


def _mail(content: bytes) -> str:
    body = message_from_bytes(content).get_payload(decode=True)
    assert isinstance(body, bytes)
    return body.decode()


@pytest.mark.parametrize("form", FILES)
def test_each_file_holds_the_letter_of_the_sheet(visitor: Visitor, form: str) -> None:
    [sheet] = reviewed(visitor).sheets()
    visitor.press(f'[formaction$="download/{form}"]')
    assert visitor.status == 200
    assert visitor.answer.mimetype == FORMATS[form].media_type
    said = words(visitor.answer.data, form)
    for part in sheet.split("\n\n"):
        if not part.startswith(("Subject", "Objet")):
            assert " ".join(part.split()) in said


def test_an_edited_letter_leaves_as_it_was_edited(visitor: Visitor) -> None:
    reviewed(visitor)
    body = next(name for name, _ in visitor.values() if name.startswith("body-"))
    fields = dict(visitor.values()) | {body: "Only these words of mine."}
    for form in FILES:
        visitor.post(f"download/{form}", fields)
        assert "Only these words of mine." in words(visitor.answer.data, form)


def test_all_letters_are_one_pdf_in_their_order(visitor: Visitor) -> None:
    sheets = two_letters(visitor).sheets()
    assert len(sheets) == 2
    visitor.press('.all-letters [formaction$="download/pdf"]', post="none")
    pages = PdfReader(BytesIO(visitor.answer.data)).pages
    assert len(pages) == 2
    for page, sheet in zip(pages, sheets, strict=True):
        assert sheet.split("\n\n")[1].split("\n")[0] in page.extract_text()


def test_all_letters_are_a_zip_where_a_file_holds_one(visitor: Visitor) -> None:
    two_letters(visitor).press('.all-letters [formaction$="download/docx"]')
    assert visitor.answer.mimetype == "application/zip"
    with ZipFile(BytesIO(visitor.answer.data)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert len(set(names)) == 2
        assert all(name.endswith(".docx") for name in names)


def test_a_page_for_the_address_comes_with_the_letter_unless_it_is_not_wanted(visitor: Visitor) -> None:
    reviewed(visitor)
    [chosen] = visitor.page.select("select[name=post] option[selected]")
    assert chosen["value"] == "sheet"
    pages = {}
    for post in ("sheet", "window", "none"):
        reviewed(visitor)
        name = str(visitor.page.select_one("select[name=post]")["name"])  # type: ignore[index]
        visitor.press('[formaction$="download/pdf"]', **{name: post})
        pages[post] = len(PdfReader(BytesIO(visitor.answer.data)).pages)
    assert pages == {"sheet": 2, "window": 1, "none": 1}


def test_the_choice_for_the_mail_is_kept_through_a_check(visitor: Visitor) -> None:
    reviewed(visitor)
    name = str(visitor.page.select_one("select[name=post]")["name"])  # type: ignore[index]
    visitor.press(".again button", **{name: "window"})
    [chosen] = visitor.page.select(f'select[name="{name}"] option[selected]')
    assert chosen["value"] == "window"


def test_no_answer_comes_by_address(visitor: Visitor) -> None:
    for place in (*(f"download/{form}" for form in FORMATS), "legislators", "preview", "review"):
        assert visitor.get(place).status == 405, place


UNPRINTABLE = "\U000130b8"


def _no_font(*_: object) -> bytes:
    raise MissingCharacters(frozenset(UNPRINTABLE))


def test_a_sign_no_font_draws_is_named_and_other_ways_are_offered(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("advocacy.exports.pdf.typeset", _no_font)
    reviewed(visitor, name=f"Camille {UNPRINTABLE}")
    [sheet] = visitor.sheets()
    visitor.press('[formaction$="download/pdf"]')
    assert visitor.status == 422
    [told] = visitor.page.select("#refused")
    assert UNPRINTABLE in told.get_text() or "U+130B8" in told.get_text()
    assert "Word" in told.get_text()
    assert visitor.sheets() == [sheet], "what was typed is kept"
    assert visitor.press('[formaction$="download/docx"]').status == 200
