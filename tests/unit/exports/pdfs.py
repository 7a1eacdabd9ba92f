"""PDFs made and taken apart again: their pages' words, their fonts, their tags."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from importlib import import_module
from io import BytesIO
from itertools import islice, product
from typing import Any

import pikepdf
import pytest
from pypdf import PdfReader
from typst import Fonts

from advocacy.exports import pdf as pdf_module
from advocacy.exports.format import ExportOptions, Post
from advocacy.exports.letter_parts import letter_parts
from advocacy.exports.pdf import FONTS, FontSource, to_pdf
from advocacy.letters.letter import Kind, Letter
from tests.builders import TODAY
from tests.unit.exports.golden import a_letter, spoken

OURS = {"Newsreader-Regular", "Newsreader-SemiBold"}


def made(*letters: Letter, post: Post = Post.NONE, today: date = TODAY) -> bytes:
    """Make one PDF."""
    return to_pdf(letters, ExportOptions(today, post))


def long_letter(paragraphs: int = 14, **different: object) -> Letter:
    """A letter of several pages, no line of it like another."""
    letter = replace(a_letter(), **different)  # type: ignore[arg-type]  # tests name fields of Letter
    words = map("".join, product("bdfglmnprst", "aeiou", "bdfglmnprst", "aeiou"))
    return replace(
        letter,
        paragraphs=tuple(spoken(Kind.PARAGRAPH, " ".join(islice(words, 60))) for _ in range(paragraphs)),
    )


def pages(pdf: bytes) -> list[str]:
    """Return the words of each page, in the order they are written."""
    return [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]


def squeezed(text: str) -> str:
    """Leave out what depends on where lines end, and the marks of lists."""
    return "".join(text.replace("•", "").split())


def letter_text(letter: Letter) -> str:
    """Return the letter's words as `squeezed` leaves them."""
    return squeezed("".join(part.text for part in letter_parts(letter)))


def faces(pdf: bytes) -> set[str]:
    """Return the fonts by name, each embedded; without the six letters that mark a part of a font."""
    found = set()
    with pikepdf.open(BytesIO(pdf)) as document:
        for page in document.pages:
            for font in page.Resources.Font.values():
                descriptor = font.DescendantFonts[0].FontDescriptor
                assert {"/FontFile2", "/FontFile3"} & set(descriptor.keys())
                found.add(str(font.BaseFont).partition("+")[2].removesuffix("-Identity-H"))
    return found


def tags(pdf: bytes) -> list[tuple[str, str]]:
    """Return the tags in the order they are read, each with the language it names, "" for none."""
    with pikepdf.open(BytesIO(pdf)) as document:
        return list(_tags(document.Root.StructTreeRoot.K))


def _tags(element: pikepdf.Object) -> Iterator[tuple[str, str]]:
    if isinstance(element, pikepdf.Array):
        for one in element.as_list():
            yield from _tags(one)
    elif isinstance(element, pikepdf.Dictionary):
        if "/S" in element:
            yield str(element.S), str(element.get("/Lang", ""))
        if "/K" in element:
            yield from _tags(element.K)


def pymupdf() -> Any:
    """Return the library that draws pages, imported where it is needed: it takes a second."""
    return import_module("pymupdf")


def opened(pdf: bytes) -> Any:
    """Return the file as a document whose words have places."""
    return pymupdf().open(stream=pdf)


def without_machine_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work as on a machine that has no font."""
    kept = pdf_module._fonts(FontSource.PACKAGE)
    none = Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
    with_fonts(monkeypatch, {FontSource.PACKAGE: kept, FontSource.MACHINE: none})


def with_fonts(monkeypatch: pytest.MonkeyPatch, fonts: dict[FontSource, Fonts]) -> None:
    """Work with these fonts alone."""
    monkeypatch.setattr(pdf_module, "_fonts", fonts.__getitem__)
    monkeypatch.setattr(pdf_module, "_of_thread", threading.local())
