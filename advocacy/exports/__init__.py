"""A letter in the forms people take away. Every form shows the same value, word for word."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from advocacy.exports.archive import zipped
from advocacy.exports.form import Form, Wishes
from advocacy.exports.html import to_html
from advocacy.exports.names import file_name, file_name_of_all
from advocacy.exports.text import text_file
from advocacy.letters.letter import Letter


def _docx(letters: Sequence[Letter], wishes: Wishes) -> bytes:
    """Make Word documents; what makes them is imported with the first, as it is below: text needs none of it."""
    from advocacy.exports.docx import to_docx  # noqa: PLC0415

    return to_docx(letters, wishes)


def _pdf(letters: Sequence[Letter], wishes: Wishes) -> bytes:
    from advocacy.exports.pdf import to_pdf  # noqa: PLC0415

    return to_pdf(letters, wishes)


def _eml(letters: Sequence[Letter], wishes: Wishes) -> bytes:
    from advocacy.exports.eml import to_eml  # noqa: PLC0415

    return to_eml(letters, wishes)


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ZIP = "application/zip"
FORMATS: Mapping[str, Form] = {
    form.name: form
    for form in (
        Form("txt", "text/plain", text_file),
        Form("pdf", "application/pdf", _pdf),
        Form("docx", WORD, _docx, joins=False),
        Form("eml", "message/rfc822", _eml, joins=False),
        Form("html", "text/html", to_html),
    )
}
"""The forms that exist, by the name used on the command line and in addresses, which is the ending of its files."""


@dataclass(frozen=True, slots=True)
class File:
    """What is handed out: its name with its ending, its kind, and its bytes."""

    name: str
    media_type: str
    content: bytes


def made(form: Form, letters: Sequence[Letter], wishes: Wishes) -> File:
    """Make one file of one or more letters: the letter's own, one that joins them, or a zip of theirs.

    Raises CannotBeMade.
    """
    if len(letters) == 1:
        return File(_named(form, letters[0], wishes), form.media_type, form.make(letters, wishes))
    name = file_name_of_all(letters, today=wishes.today)
    if form.joins:
        return File(f"{name}.{form.name}", form.media_type, form.make(letters, wishes))
    files = ((_named(form, letter, wishes), form.make([letter], wishes)) for letter in letters)
    return File(f"{name}.zip", ZIP, zipped(files, day=wishes.today))


def _named(form: Form, letter: Letter, wishes: Wishes) -> str:
    return f"{file_name(letter, today=wishes.today)}.{form.name}"
