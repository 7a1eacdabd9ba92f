"""Letters on paper, as one PDF that is read aloud as well as it prints."""

from collections.abc import Sequence

from advocacy.exports.characters import writable
from advocacy.exports.form import CannotBeMade, Wishes
from advocacy.exports.pdf_page import asked
from advocacy.exports.typesetter import MissingCharacters, typeset
from advocacy.letters.letter import Letter
from advocacy.messages import message

MAX_NAMED = 10


def to_pdf(letters: Sequence[Letter], wishes: Wishes) -> bytes:
    """Return letters as one tagged PDF (PDF/UA-1) on US Letter paper, each beginning on a new page.

    Raises CannotBeMade, naming the characters, when neither our fonts nor the machine's can print them all, and for a
    letter without a subject, which a tagged PDF needs as its heading.
    """
    if not all(writable(letter.subject).strip() for letter in letters):
        raise CannotBeMade(message("Add a subject: a PDF needs one."))
    try:
        return typeset(asked(letters, wishes), wishes.dated)
    except MissingCharacters as missing:
        named = _named(sorted(missing.characters))
    raise CannotBeMade(
        message(
            "A PDF cannot show these characters: %(characters)s. Download the letter as a text or a Word file, or "
            "print it from its page.",
            characters=named,
        )
    )


def _named(characters: Sequence[str]) -> str:
    """Write the first ten characters with their numbers, for whoever cannot see them."""
    return ", ".join(f"{one} (U+{ord(one):04X})" for one in characters[:MAX_NAMED])
