"""A letter in the formats people take away. Every format shows the same letter, word for word."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from advocacy.exports.format import ExportOptions, Format, file_name
from advocacy.exports.text import to_text_file
from advocacy.exports.zip_files import zip_bytes
from advocacy.letters.letter import Letter
from advocacy.messages import message

# With their libraries these four take 0.1 s and 13 MB to import: who writes a letter as text imports none of them.


def _html(letters: Sequence[Letter], options: ExportOptions) -> bytes:
    from advocacy.exports.html import to_html  # noqa: PLC0415

    return to_html(letters, options)


def _docx(letters: Sequence[Letter], options: ExportOptions) -> bytes:
    from advocacy.exports.docx import to_docx  # noqa: PLC0415

    return to_docx(letters, options)


def _pdf(letters: Sequence[Letter], options: ExportOptions) -> bytes:
    from advocacy.exports.pdf import to_pdf  # noqa: PLC0415

    return to_pdf(letters, options)


def _eml(letters: Sequence[Letter], options: ExportOptions) -> bytes:
    from advocacy.exports.mail import to_eml  # noqa: PLC0415

    return to_eml(letters, options)


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ZIP = "application/zip"
FORMATS: Mapping[str, Format] = {
    form.name: form
    for form in (
        Format("txt", "text/plain", to_text_file),
        Format("pdf", "application/pdf", _pdf),
        Format("docx", WORD, _docx, joins=False),
        Format("eml", "message/rfc822", _eml, joins=False),
        Format("html", "text/html", _html),
    )
}
"""The formats by the name used on the command line and in addresses, which is the ending of their files."""


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file's name with its ending, its media type, and its bytes."""

    name: str
    media_type: str
    content: bytes


def export_letters(form: Format, letters: Sequence[Letter], options: ExportOptions) -> ExportedFile:
    """Return one or more letters as one file: the letter's own, one that joins them, or a zip of theirs.

    Raises CannotExport.
    """
    names = [f"{file_name(letter, today=options.today)}.{form.name}" for letter in letters]
    if len(letters) == 1:
        return ExportedFile(names[0], form.media_type, form.render(letters, options))
    joined = message("Letters - %(day)s", day=options.today.isoformat()).in_language(letters[0].language)
    if form.joins:
        return ExportedFile(f"{joined}.{form.name}", form.media_type, form.render(letters, options))
    files = ((name, form.render([letter], options)) for name, letter in zip(names, letters, strict=True))
    return ExportedFile(f"{joined}.zip", ZIP, zip_bytes(files, day=options.today))
