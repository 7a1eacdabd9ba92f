"""A letter in the formats people take away. Every format shows the same letter, word for word."""

from collections.abc import Mapping, Sequence
from functools import partial

from advocacy.exports.format import ExportOptions, Format
from advocacy.exports.text import to_text_file
from advocacy.letters.letter import Letter


def _render(form: str, letters: Sequence[Letter], options: ExportOptions) -> bytes:
    # With their libraries these four take 0.1 s and 13 MB to import: who writes a letter as text imports none of them.
    match form:
        case "html":
            from advocacy.exports.html import to_html  # noqa: PLC0415

            return to_html(letters, options)
        case "docx":
            from advocacy.exports.docx import to_docx  # noqa: PLC0415

            return to_docx(letters, options)
        case "pdf":
            from advocacy.exports.pdf import to_pdf  # noqa: PLC0415

            return to_pdf(letters, options)
        case _:
            from advocacy.exports.mail import to_eml  # noqa: PLC0415

            return to_eml(letters, options)


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMATS: Mapping[str, Format] = {
    form.name: form
    for form in (
        Format("txt", "text/plain", to_text_file),
        Format("pdf", "application/pdf", partial(_render, "pdf")),
        Format("docx", WORD, partial(_render, "docx"), joins=False),
        Format("eml", "message/rfc822", partial(_render, "eml"), joins=False),
        Format("html", "text/html", partial(_render, "html")),
    )
}
"""The formats by the name used on the command line and in addresses, which is the ending of their files."""
