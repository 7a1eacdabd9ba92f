"""The letter, one value: preview, text, print, document and e-mail all show this and nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass

from advocacy.campaigns.program import Kind, Spoken
from advocacy.language import Language
from advocacy.legislators.recipient import Recipient

__all__ = ["Kind", "Letter", "Spoken"]


@dataclass(frozen=True, slots=True)
class Letter:
    """One person's letter to one recipient, every word of it final.

    `language` is the letter's; `words_language` that of the citizen's own words, which stand as typed. `sender` are the
    lines under the signature: street and e-mail when given, place always.
    """

    language: Language
    words_language: Language
    recipient: Recipient
    date_line: str
    recipient_block: tuple[str, ...]
    subject: str
    appel: str
    paragraphs: tuple[Spoken, ...]
    closing: str
    signature: str
    sender: tuple[str, ...]
    source_note: str

    @property
    def body(self) -> str:
        """The paragraphs alone, a blank line between: what two letters are compared by."""
        return "\n\n".join(paragraph.text for paragraph in self.paragraphs)

    @property
    def template_paragraphs(self) -> tuple[str, ...]:
        """The paragraphs that hold nothing of what the citizen typed."""
        return tuple(part.text for part in self.paragraphs if not any(piece.typed_in for piece in part.pieces))

    def passages(self, paragraph: Spoken) -> Iterator[tuple[str, Language]]:
        """Give a paragraph's pieces, each with the language it must be read aloud in."""
        for piece in paragraph.pieces:
            yield piece.text, self.words_language if piece.typed_in else self.language
