"""The letter, one value: preview, text, print, document and e-mail all show this and nothing else."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pydantic import TypeAdapter

from advocacy.campaigns.letter_text import Kind, Piece, RenderedParagraph
from advocacy.language import Language, Wording
from advocacy.legislators.forms_of_address import place_line
from advocacy.legislators.recipient import Recipient
from advocacy.messages import message

__all__ = ["Kind", "Letter", "Piece", "RenderedParagraph", "Sender"]

ON_SHEET = "on-sheet"
"""The blank of sentences that their citizen wrote or changed on the letter itself, in the letter's language."""
VERIFICATION = message("To check this letter: %(address)s")
_WORD = re.compile(r"\S*\w\S*")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who signs a letter, and where an answer reaches them; "" for what was not given.

    `province` is its two letters, `postal_code` "K1A 0A6".
    """

    name: str
    street: str
    city: str
    province: str
    postal_code: str
    email: str

    def place(self, language: Language) -> str:
        """Return the line of their municipality."""
        return place_line(self.city, self.province, self.postal_code, language=language)

    def lines(self, language: Language) -> tuple[str, ...]:
        """Return the lines under the signature."""
        return tuple([line for line in (self.street, self.place(language), self.email) if line])


@dataclass(frozen=True, slots=True)
class Letter:
    """One person's letter to one recipient, every word of it final.

    `language` is the letter's; `words_language` that of the citizen's own words, which stand as typed in the
    `typed_fields`. `verification` is the address at which its office verifies it, "" where there is none.
    """

    language: Language
    words_language: Language
    recipient: Recipient
    date_line: str
    recipient_block: tuple[str, ...]
    subject: str
    appel: str
    paragraphs: tuple[RenderedParagraph, ...]
    closing: str
    sender: Sender
    source_note: str
    typed_fields: frozenset[str] = frozenset()
    verification: str = ""

    @property
    def sender_lines(self) -> tuple[str, ...]:
        """The lines under the signature, as they are printed."""
        return self.sender.lines(self.language)

    @property
    def verification_line(self) -> str:
        """What stands under everything else and tells how the letter is verified, "" where it cannot be."""
        if not self.verification:
            return ""
        return VERIFICATION.with_params(address=self.verification.partition("://")[2]).in_language(self.language)

    @property
    def body(self) -> str:
        """The paragraphs alone, a blank line between: what two letters are compared by."""
        return "\n\n".join(paragraph.text for paragraph in self.paragraphs)

    def is_own(self, piece: Piece) -> bool:
        """Whether a piece is in the citizen's own words."""
        return piece.blank == ON_SHEET or piece.blank in self.typed_fields

    def is_all_own(self, paragraph: RenderedParagraph) -> bool:
        """Whether a paragraph is in the citizen's own words alone."""
        return all(map(self.is_own, paragraph.pieces))

    def passages(self, paragraph: RenderedParagraph) -> Iterator[tuple[str, Language]]:
        """Return a paragraph's pieces, each with the language it must be read aloud in."""
        for piece in paragraph.pieces:
            yield piece.text, self.words_language if piece.blank in self.typed_fields else self.language

    @property
    def other_language(self) -> Language | None:
        """The language of the citizen's own words, where it is not the letter's."""
        languages = (language for one in self.paragraphs for _, language in self.passages(one))
        return next((language for language in languages if language is not self.language), None)


def own_word_count(letter: Letter) -> int:
    """Return how many words of a letter's body are in sentences, or blanks, that its citizen wrote."""
    texts = ("".join(piece.text if letter.is_own(piece) else " " for piece in one.pieces) for one in letter.paragraphs)
    return sum(len(_WORD.findall(text)) for text in texts)


def to_json(letter: Letter) -> str:
    """Write a letter whole, its recipient as they were when it was written."""
    return _adapter().dump_json(letter, fallback=dict, warnings="error").decode()


def from_json(text: str) -> Letter:
    """Read a letter; a language that came to the site since has the text of the first one stored."""
    stored = json.loads(text)
    recipient = stored["recipient"]
    for name in ("riding", "title", "city"):
        if recipient[name] is not None:
            first = next(iter(recipient[name].values()))
            recipient[name] = Wording({language: recipient[name].get(language, first) for language in Language})
    return _adapter().validate_python(stored)


@cache
def _adapter() -> TypeAdapter[Letter]:
    return TypeAdapter(Letter)
