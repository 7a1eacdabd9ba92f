"""Several files are one zip: each whole under a name of its own, the same bytes whenever it is made."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest

from advocacy.exports import FORMATS
from advocacy.exports.export_files import export_letters, zip_bytes
from advocacy.exports.format import CannotExport, ExportOptions, Format, Post
from advocacy.language import Language, Wording
from advocacy.legislators.recipient import Office
from advocacy.letters.letter import Letter
from tests.builders import TODAY, a_member
from tests.unit.exports.golden import a_letter

WISHES = ExportOptions(TODAY)
LETTERS = [a_letter(), a_letter(), a_letter(Language.EN)]


def subjects(letters: Sequence[Letter], options: ExportOptions) -> bytes:
    return f"{options.today}: {', '.join(letter.subject for letter in letters)}".encode()


JOINING, SINGLE = Format("sub", "text/x-sub", subjects), Format("one", "text/x-one", subjects, joins=False)


@pytest.mark.parametrize("form", [JOINING, SINGLE])
def test_one_letter_is_its_own_file(form: Format) -> None:
    file = export_letters(form, LETTERS[:1], WISHES)
    assert file.name == f"Lettre - Ottawa-Centre - 2026-11-25.{form.name}"
    assert file.media_type == form.media_type
    assert file.content == subjects(LETTERS[:1], WISHES)


def test_several_are_joined_where_the_form_joins() -> None:
    file = export_letters(JOINING, LETTERS, WISHES)
    assert (file.name, file.media_type) == ("Lettres - 2026-11-25.sub", "text/x-sub")
    assert file.content == subjects(LETTERS, WISHES)
    assert export_letters(JOINING, LETTERS[::-1], WISHES).name == "Letters - 2026-11-25.sub"


def test_several_are_a_zip_of_a_file_each_where_it_does_not() -> None:
    file = export_letters(SINGLE, LETTERS, WISHES)
    assert (file.name, file.media_type) == ("Lettres - 2026-11-25.zip", "application/zip")
    with ZipFile(BytesIO(file.content)) as archive:
        assert archive.namelist() == [
            "Lettre - Ottawa-Centre - 2026-11-25.one",
            "Lettre - Ottawa-Centre - 2026-11-25 2.one",
            "Letter - Ottawa Centre - 2026-11-25.one",
        ]
        assert [archive.read(name) for name in archive.namelist()] == [subjects([one], WISHES) for one in LETTERS]
        assert {entry.date_time[:3] for entry in archive.infolist()} == {(2026, 11, 25)}


@pytest.mark.parametrize("name", ["txt", "html", "eml", "docx"])
def test_the_same_letters_on_the_same_day_are_the_same_bytes(name: str) -> None:
    assert export_letters(FORMATS[name], LETTERS, WISHES) == export_letters(FORMATS[name], LETTERS, WISHES)


def test_a_window_shows_only_a_whole_address() -> None:
    mayor = a_member(office=Office.MAYOR, riding=None, riding_code=None, title=Wording.same("Maire d’Ottawa"))
    options = ExportOptions(TODAY, Post.WINDOW)
    assert options.post_of(a_letter()) is Post.WINDOW
    assert options.post_of(a_letter(recipient=mayor)) is Post.SHEET


@pytest.mark.parametrize("subject", ["", " ", "\u200b"])
def test_a_letter_without_a_subject_is_no_pdf_and_says_so(subject: str) -> None:
    with pytest.raises(CannotExport, match="subject"):
        FORMATS["pdf"].render([a_letter(subject=subject)], ExportOptions(TODAY))


def opened(made: bytes) -> ZipFile:
    archive = ZipFile(BytesIO(made))
    assert archive.testzip() is None
    return archive


def names(*given: str) -> list[str]:
    return opened(zip_bytes((name, b"") for name in given)).namelist()


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (["a.txt", "a.txt", "a.txt"], ["a.txt", "a 2.txt", "a 3.txt"]),
        (["a.txt", "a 2.txt", "a.txt"], ["a.txt", "a 2.txt", "a 3.txt"]),
        (["Québec.txt", "QUÉBEC.txt", "Que\u0301bec.txt"], ["Québec.txt", "QUÉBEC 2.txt", "Que\u0301bec 3.txt"]),
        (["a - 2026-11-25.docx", "a - 2026-11-25.docx"], ["a - 2026-11-25.docx", "a - 2026-11-25 2.docx"]),
    ],
)
def test_a_name_that_comes_again_is_numbered(files: list[str], expected: list[str]) -> None:
    assert names(*files) == expected


def test_the_bytes_depend_on_nothing_but_the_files_and_the_day() -> None:
    files = [("a.txt", b"a" * 999), ("b.txt", b"")]
    assert zip_bytes(files) == zip_bytes(files)
    assert zip_bytes(files) != zip_bytes(files, day=date(2026, 11, 25))
    entries = opened(zip_bytes(files, day=date(2026, 11, 25))).infolist()
    assert {entry.date_time for entry in entries} == {(2026, 11, 25, 0, 0, 0)}
    assert {(entry.create_system, entry.external_attr) for entry in entries} == {(3, 0o644 << 16)}
