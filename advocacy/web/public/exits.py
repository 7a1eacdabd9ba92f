"""The ways a letter leaves: as text, on paper, or in the citizen's own mail program. The site sends nothing."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from urllib.parse import quote

from advocacy.exports.text import to_text
from advocacy.language import Wording
from advocacy.letters.letter import Letter

LONGEST_LINK = 2_000
"""Characters; mail programs and browsers cut longer links."""
FILE = Wording.of(en="Letter", fr="Lettre")
FILES = Wording.of(en="Letters", fr="Lettres")
BETWEEN = "\n" + "-" * 72 + "\n\n"

_NOT_IN_NAMES = re.compile(r"[^\w ’'.,()&—–-]+")
MOST_OF_PART = 80


def mail_link(letter: Letter, *, test_recipient: str) -> tuple[str, bool]:
    """Give a link that opens the citizen's mail program, and whether the letter is in it; "" without an address.

    The letter goes into the link only while all of it stays under 2,000 characters.
    """
    if not letter.recipient.email:
        return "", False
    address = quote(test_recipient or letter.recipient.email, safe="@+.-_")
    link = f"mailto:{address}?subject={quote(letter.subject, safe='')}"
    whole = f"{link}&body={quote(to_text(letter).replace(chr(10), chr(13) + chr(10)), safe='')}"
    return (whole, True) if len(whole) < LONGEST_LINK else (link, False)


def all_in_one(letters: Iterable[Letter]) -> str:
    """Give letters as one text, a rule between them."""
    return BETWEEN.join(map(to_text, letters))


def file_name(office: str, letter: Letter, *, today: date) -> str:
    """Name the file of one letter by office and day, in the letter's language."""
    return _name(FILE.spoken(letter.language), office, today)


def file_name_of_all(letters: Iterable[Letter], *, today: date) -> str:
    """Name the file of all letters, in the language of the first."""
    language = next(iter(letters)).language
    return _name(FILES.spoken(language), "", today)


def _name(*parts: object) -> str:
    words = (_NOT_IN_NAMES.sub(" ", unicodedata.normalize("NFC", str(part)))[:MOST_OF_PART].strip() for part in parts)
    return " - ".join(part for part in words if part)
