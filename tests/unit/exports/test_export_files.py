"""Several files are one zip: each whole under a name of its own, the same bytes whenever it is made."""

from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest

from advocacy.exports.export_files import zip_bytes


def opened(made: bytes) -> ZipFile:
    archive = ZipFile(BytesIO(made))
    assert archive.testzip() is None
    return archive


def names(*given: str) -> list[str]:
    return opened(zip_bytes((name, b"") for name in given)).namelist()


def test_every_file_is_whole_and_in_order() -> None:
    files = [("b.txt", b"one"), ("a.bin", bytes(range(256)) * 999)]
    archive = opened(zip_bytes(files))
    assert [(name, archive.read(name)) for name in archive.namelist()] == files


def test_names_are_utf8() -> None:
    [entry] = opened(zip_bytes([("Lettre - Saint-Hyacinthe—Bagot—Acton.txt", b"")])).infolist()
    assert entry.filename == "Lettre - Saint-Hyacinthe—Bagot—Acton.txt"
    assert entry.flag_bits & 0x800


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["a.txt", "a.txt", "a.txt"], ["a.txt", "a 2.txt", "a 3.txt"]),
        (["a.txt", "a 2.txt", "a.txt"], ["a.txt", "a 2.txt", "a 3.txt"]),
        (["Québec.txt", "QUÉBEC.txt", "Que\u0301bec.txt"], ["Québec.txt", "QUÉBEC 2.txt", "Que\u0301bec 3.txt"]),
        (["a - 2026-11-25.docx", "a - 2026-11-25.docx"], ["a - 2026-11-25.docx", "a - 2026-11-25 2.docx"]),
    ],
)
def test_a_name_that_comes_again_is_numbered(given: list[str], told: list[str]) -> None:
    assert names(*given) == told


def test_the_bytes_depend_on_nothing_but_the_files_and_the_day() -> None:
    files = [("a.txt", b"a" * 999), ("b.txt", b"")]
    assert zip_bytes(files) == zip_bytes(files)
    assert zip_bytes(files) != zip_bytes(files, day=date(2026, 11, 25))
    entries = opened(zip_bytes(files, day=date(2026, 11, 25))).infolist()
    assert {entry.date_time for entry in entries} == {(2026, 11, 25, 0, 0, 0)}
    assert {(entry.create_system, entry.external_attr) for entry in entries} == {(3, 0o644 << 16)}
