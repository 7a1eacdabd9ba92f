"""Every shipped letter goes through every form and comes back: the same words, in the same order and language."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from email import message_from_bytes
from email.header import decode_header, make_header
from io import BytesIO

import docx
import pytest
from bs4 import BeautifulSoup
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from advocacy.exports import FORMATS
from advocacy.exports.format import ExportOptions
from advocacy.exports.letter_parts import letter_parts
from advocacy.exports.text import PREFIXES, subject_lead
from advocacy.language import Language
from advocacy.letters.letter import Kind, Letter
from tests.builders import TODAY
from tests.golden.pdf_read_aloud import read_aloud
from tests.golden.test_letters import some_letters

Words = list[tuple[str, str]]
"""Each word with the language it must be read aloud in, "" where the form cannot tell."""

BULLET = PREFIXES[Kind.BULLET].strip()


def told(letter: Letter) -> Words:
    """Return the words of the value itself."""
    return [
        (word, passage.language.value)
        for part in letter_parts(letter)
        for line in part.lines
        for passage in line
        for word in passage.text.split()
    ]


def from_text(content: bytes, letter: Letter) -> Words:
    text = content.decode().replace(subject_lead(letter.language), "", 1)
    return [(word, "") for word in text.split() if word != BULLET]


def from_mail(content: bytes, letter: Letter) -> Words:
    mail = message_from_bytes(content)
    subject = str(make_header(decode_header(mail["Subject"])))
    body = mail.get_payload(decode=True)
    assert isinstance(body, bytes)
    date_and_recipient, _, rest = body.decode().replace("\r\n", "\n").partition(f"\n\n{letter.appel}\n")
    said = f"{date_and_recipient} {subject} {letter.appel} {rest}"
    return [(word, "") for word in said.split() if word != BULLET]


def from_word(content: bytes, _: Letter) -> Words:
    return [found for paragraph in docx.Document(BytesIO(content)).paragraphs for found in _runs(paragraph)]


def _runs(paragraph: Paragraph) -> Iterator[tuple[str, str]]:
    for run in paragraph.runs:
        for word in run.text.split():
            assert run.element.rPr is not None
            [language] = run.element.rPr.findall(qn("w:lang"))
            yield word, str(language.get(qn("w:val"))).partition("-")[0]


def from_page(content: bytes, _: Letter) -> Words:
    found: Words = []
    article = BeautifulSoup(content, "html5lib").select("article")[0]
    for picture in article("svg"):
        picture.decompose()
    for text in article.find_all(string=True):
        language = text.find_parent(lang=True)
        found += [(word, str(language["lang"])) for word in str(text).split() if language]
    return found


def from_pdf(content: bytes, _: Letter) -> Words:
    return read_aloud(content)


READERS: Mapping[str, Callable[[bytes, Letter], Words]] = {
    "txt": from_text,
    "eml": from_mail,
    "docx": from_word,
    "html": from_page,
    "pdf": from_pdf,
}


def test_every_form_there_is_can_be_read_back() -> None:
    assert set(READERS) == set(FORMATS)


@pytest.mark.parametrize("name", some_letters())
def test_a_letter_comes_back_out_of_every_form(name: str) -> None:
    """The own words are said to be in the other language, so that both are met in every letter that has some.

    The line by which a letter is verified is a word of it like others; what pictures say of themselves is not.
    """
    letter = some_letters()[name]
    other = next(language for language in Language if language is not letter.language)
    address = "https://letters.example.ca/v/7K3M9-QXDH2-0WPAZ-8TVC1"
    value = replace(letter, verification=address, words_language=other)
    wanted = told(value)
    for suffix, form in FORMATS.items():
        found = READERS[suffix](form.render([value], ExportOptions(TODAY)), value)
        assert [word for word, _ in found] == [word for word, _ in wanted], suffix
        assert [one for one in found if one[1]] in ([], wanted), suffix
