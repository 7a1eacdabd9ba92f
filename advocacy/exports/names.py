"""A letter's file is named by office and day, in the letter's language, and by nothing of the person who wrote it."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date

from advocacy.language import Wording
from advocacy.legislators.recipient_words import office_of
from advocacy.letters.letter import Letter

FILE = Wording.of(en="Letter", fr="Lettre")
FILES = Wording.of(en="Letters", fr="Lettres")
MOST_BYTES = 120
"""Of an office; a whole name stays well under the 255 bytes that file systems hold."""

_NOT_IN_NAMES = re.compile(r"[^\w ’'.,()&—–-]+")


def file_name(letter: Letter, *, today: date) -> str:
    """Name the file of one letter, without its ending: "Lettre - Ottawa-Centre - 2026-11-25"."""
    return _name(FILE.spoken(letter.language), office_name(letter), today.isoformat())


def file_name_of_all(letters: Sequence[Letter], *, today: date) -> str:
    """Name the file of one or more letters, in the language of the first, without its ending."""
    return _name(FILES.spoken(letters[0].language), today.isoformat())


def office_name(letter: Letter) -> str:
    """Name the office a letter goes to as a file can hold it: "Ottawa-Centre", "Anne Roy (Québec)"."""
    text = unicodedata.normalize("NFC", office_of(letter.recipient, letter.language))
    return _short(" ".join(_NOT_IN_NAMES.sub(" ", text).split()))


def _short(text: str) -> str:
    """Cut a long text after a whole word, where it has more than one."""
    if len(text.encode()) <= MOST_BYTES:
        return text
    held = text.encode()[:MOST_BYTES].decode(errors="ignore")
    return held.rpartition(" ")[0] or held


def _name(*parts: str) -> str:
    return " - ".join(part for part in parts if part)
