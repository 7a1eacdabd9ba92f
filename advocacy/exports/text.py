"""A letter as plain text: one paragraph a line, a blank line between, the same words as every other form."""

from collections.abc import Mapping

from advocacy.campaigns.program import Kind
from advocacy.language import Wording
from advocacy.letters.letter import Letter, Spoken

SUBJECT = Wording.of(en="Subject: ", fr="Objet\u00a0: ")
LEADS: Mapping[Kind, str] = {Kind.PARAGRAPH: "", Kind.BULLET: "• ", Kind.QUOTATION: "    "}


def to_text(letter: Letter) -> str:
    """Give the whole letter, UTF-8 throughout; ends with a line break."""
    parts = [
        letter.date_line,
        "\n".join(letter.recipient_block),
        f"{SUBJECT.spoken(letter.language)}{letter.subject}",
        letter.appel,
        *_paragraphs(letter.paragraphs),
        letter.closing,
        "\n".join((letter.signature, *letter.sender)),
        letter.source_note,
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _paragraphs(paragraphs: tuple[Spoken, ...]) -> list[str]:
    """Give one text a paragraph; the items of a list stand together, a line each."""
    parts: list[str] = []
    before = Kind.PARAGRAPH
    for paragraph in paragraphs:
        line = LEADS[paragraph.kind] + paragraph.text
        if paragraph.kind is before is Kind.BULLET:
            parts[-1] += f"\n{line}"
        else:
            parts.append(line)
        before = paragraph.kind
    return parts
