"""A PDF is read aloud in its order and its languages, and checkers find nothing to mend."""

from collections.abc import Callable, Mapping
from importlib import import_module
from io import BytesIO
from pathlib import Path

import pdfua
import pikepdf
import pytest
from pypdf import PdfReader

from advocacy.exports.format import Post
from advocacy.exports.letter_parts import Role, letter_parts
from advocacy.language import Language
from tests.builders import a_member
from tests.unit.exports.golden import a_letter, of_every_shape
from tests.unit.exports.pdfs import long_letter, made, pages

outloud = import_module("outloud")  # it tells no types
# Words of a letter on paper: an address to answer to is read there, not followed.
NOT_ON_PAPER = {"LNK-010"}
KINDS: Mapping[str, Callable[[], bytes]] = {
    "letter": lambda: made(a_letter()),
    "shapes": lambda: made(of_every_shape()),
    "pages": lambda: made(long_letter(), a_letter(Language.EN), long_letter(30)),
    "sheet": lambda: made(a_letter(), a_letter(Language.EN), post=Post.SHEET),
    "window": lambda: made(a_letter(), long_letter(), post=Post.WINDOW),
}


@pytest.mark.parametrize("language", list(Language))
def test_it_is_tagged_in_its_language_and_names_its_subject_its_author_and_its_day(language: Language) -> None:
    letter = a_letter(language)
    with pikepdf.open(BytesIO(made(letter))) as document:
        assert bool(document.Root.MarkInfo.Marked)
        assert str(document.Root.Lang) == f"{language}-CA"
        assert bool(document.Root.ViewerPreferences.DisplayDocTitle)
        information = {key: str(value) for key, value in document.docinfo.items()}
        assert document.open_metadata()["pdfuaid:part"] == "1"
    assert (information["/Title"], information["/Author"]) == (letter.subject, "Camille Essai")
    assert information["/CreationDate"].startswith("D:20261125120000")


@pytest.mark.parametrize("kind", KINDS)
def test_checkers_find_nothing_to_mend(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "letters.pdf"
    path.write_bytes(KINDS[kind]())
    assert [finding.message for finding in pdfua.validate(str(path)).findings] == []
    findings = outloud.check(str(path), skip=NOT_ON_PAPER).findings
    assert [(finding.rule, finding.message) for finding in findings] == []


def test_a_header_is_no_part_of_what_is_read_aloud() -> None:
    letter = long_letter(recipient=a_member(name="Sacha Nulle-Part"))
    pdf = made(letter)
    assert "Sacha Nulle-Part" in pages(pdf)[1]
    with pikepdf.open(BytesIO(pdf)) as document:
        marked = pikepdf.parse_content_stream(document.pages[1])
    begun = [str(one.operands[0]) for one in marked if str(one.operator) in {"BDC", "BMC"}]
    assert begun[0] == "/Artifact"


def test_the_heading_is_the_subject_alone() -> None:
    letter = a_letter()
    [subject] = [part.text for part in letter_parts(letter) if part.role is Role.SUBJECT]
    outline = PdfReader(BytesIO(made(letter))).outline
    assert [one.title for one in outline if not isinstance(one, list)] == [subject]
