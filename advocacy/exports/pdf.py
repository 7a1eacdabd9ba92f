"""Letters on paper, as one PDF that is read aloud as well as it prints."""

from collections.abc import Sequence

from advocacy.exports.characters import writable
from advocacy.exports.form import CannotBeMade, Wishes
from advocacy.exports.pdf_page import asked
from advocacy.exports.typesetter import MissingCharacters, typeset
from advocacy.language import Language, Wording
from advocacy.letters.letter import Letter

NO_FONT = Wording.of(
    en="A PDF cannot show these characters: {characters}. Download the letter as a text or a Word file, or "
    "print it from its page.",
    fr="Un PDF ne peut pas montrer ces caractères\u00a0: {characters}. Téléchargez la lettre en texte ou en "
    "fichier Word, ou imprimez-la à partir de sa page.",
)
NO_SUBJECT = Wording.of(
    en="A letter without a subject cannot be a PDF: give it one.",
    fr="Une lettre sans objet ne peut pas devenir un PDF\u00a0: donnez-lui un objet.",
)
MOST_NAMED = 10


def to_pdf(letters: Sequence[Letter], wishes: Wishes) -> bytes:
    """Give letters as one tagged PDF (PDF/UA-1) on US Letter paper, each beginning on a new page.

    Raises CannotBeMade, naming the characters, when neither our fonts nor the machine's can print them all, and for a
    letter without a subject, which a tagged PDF needs as its heading.
    """
    if not all(writable(letter.subject).strip() for letter in letters):
        raise CannotBeMade(NO_SUBJECT)
    try:
        return typeset(asked(letters, wishes), wishes.dated)
    except MissingCharacters as missing:
        named = _named(sorted(missing.characters))
    raise CannotBeMade(Wording({language: NO_FONT.spoken(language).format(characters=named) for language in Language}))


def _named(characters: Sequence[str]) -> str:
    """Write the first ten characters with their numbers, for whoever cannot see them."""
    return ", ".join(f"{one} (U+{ord(one):04X})" for one in characters[:MOST_NAMED])
