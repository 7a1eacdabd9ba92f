"""A letter as plain text: one paragraph a line, a blank line between, the same words as in every other format."""

import re
from collections.abc import Mapping, Sequence
from functools import cache, partial
from textwrap import wrap as wrap_text

from advocacy.campaigns.letter_text import Kind
from advocacy.exports.format import ExportOptions
from advocacy.language import Language
from advocacy.letters.letter import Letter, RenderedParagraph
from advocacy.letters.text_cleaning import BREAKS, INVISIBLE
from advocacy.messages import message

ONE_LINE = str.maketrans("\n\t", "  ")
# The letters and signs of English and French; a line of nothing else needs no closer look.
_UNUSUAL = re.compile("[^ -~\u00a0-\u00ac\u00ae-\u024f\u2010-\u2027]")


def writable(text: str) -> str:
    """Return one line of text as XML, HTML and a mail's headers can hold it (XML 1.0, section 2.2; RFC 5322, 2.2)."""
    if not _UNUSUAL.search(text):
        return text
    return BREAKS.sub(" ", INVISIBLE.sub("", text)).translate(ONE_LINE)


SUBJECT = message("Subject: %(subject)s")
PREFIXES: Mapping[Kind, str] = {Kind.PARAGRAPH: "", Kind.BULLET: "• ", Kind.QUOTATION: "    "}
MAX_RULE = 72
"""Characters of the rule between two letters, fewer where lines are shorter."""


def to_text_file(letters: Sequence[Letter], options: ExportOptions) -> bytes:
    """Return letters as one UTF-8 text, a rule between them."""
    rule = "-" * min(MAX_RULE, options.wrap or MAX_RULE)
    text = f"\n{rule}\n\n".join(map(partial(to_text, wrap=options.wrap), letters))
    return text.encode(errors="ignore")  # half of a surrogate pair is all that UTF-8 cannot hold


def to_text(letter: Letter, *, wrap: int = 0) -> str:
    """Return the whole letter; ends with a line break.

    With `wrap` a line has at most so many characters, unless one word, or words held by U+00A0, have more; the
    lines of a list's item and of a quotation are indented under its first.
    """
    return _join(letter, subject_lead(letter.language) + letter.subject, wrap)


@cache
def subject_lead(language: Language) -> str:
    """Return what stands before a letter's subject: "Subject: "."""
    return SUBJECT.with_params(subject="").in_language(language)


def to_body(letter: Letter) -> str:
    """Return the letter without its subject line: the text of a mail, which has a subject of its own."""
    return _join(letter, "", 0)


def _join(letter: Letter, subject: str, wrap: int) -> str:
    parts = [
        letter.date_line,
        "\n".join(letter.recipient_block),
        subject,
        letter.appel,
        *_paragraphs(letter.paragraphs),
        letter.closing,
        "\n".join((letter.sender.name, *letter.sender_lines)),
        letter.source_note,
        letter.verification_line,
    ]
    text = "\n\n".join([part for part in parts if part]) + "\n"
    return "\n".join(line for long in text.split("\n") for line in _lines(long, wrap)) if wrap else text


def _paragraphs(paragraphs: tuple[RenderedParagraph, ...]) -> list[str]:
    """Return one text for each paragraph; the items of a list are together, a line each."""
    parts: list[str] = []
    plain, bullet = Kind.PARAGRAPH, Kind.BULLET
    before = plain
    for paragraph in paragraphs:
        kind, pieces = paragraph
        line = pieces[0].text if len(pieces) == 1 else paragraph.text
        if kind is not plain:
            line = PREFIXES[kind] + line
        if kind is before is bullet:
            parts[-1] += f"\n{line}"
        else:
            parts.append(line)
        before = kind
    return parts


def _lines(line: str, width: int) -> list[str]:
    """Break one line between words; U+00A0 is no place to break, nor is a hyphen, which a reader would copy."""
    prefix = max((prefix for prefix in PREFIXES.values() if line.startswith(prefix)), key=len)
    lines = wrap_text(
        line.removeprefix(prefix),
        width,
        initial_indent=prefix,
        subsequent_indent=" " * len(prefix),
        expand_tabs=False,
        replace_whitespace=False,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return lines or [""]
