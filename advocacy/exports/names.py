"""A letter's file is named by office and day, in the letter's language, and by nothing of the person who wrote it."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date

from advocacy.legislators.recipient_words import office_of
from advocacy.letters.letter import Letter
from advocacy.messages import message

MAX_BYTES = 120
"""Of an office; a whole name stays well under the 255 bytes that file systems hold."""

_NOT_IN_NAMES = re.compile(r"[^\w ’'.,()&—–-]+")


def file_name(letter: Letter, *, today: date) -> str:
    """Name the file of one letter, without its ending: "Lettre - Ottawa-Centre - 2026-11-25"."""
    named = message("Letter - %(office)s - %(day)s", office=office_name(letter), day=today.isoformat())
    return named.in_language(letter.language)


def file_name_of_all(letters: Sequence[Letter], *, today: date) -> str:
    """Name the file of one or more letters, in the language of the first, without its ending."""
    return message("Letters - %(day)s", day=today.isoformat()).in_language(letters[0].language)


def number_of(letters: Sequence[Letter]) -> str:
    """Return what a file of several letters is called inside: "2 letters", in the language of the first."""
    return message("%(count)s letters", count=len(letters)).in_language(letters[0].language)


def office_name(letter: Letter) -> str:
    """Name the office a letter goes to as a file can hold it: "Ottawa-Centre", "Anne Roy (Québec)"."""
    text = unicodedata.normalize("NFC", office_of(letter.recipient, letter.language))
    return _short(" ".join(_NOT_IN_NAMES.sub(" ", text).split()))


def _short(text: str) -> str:
    """Cut a long text after a whole word, where it has more than one."""
    if len(text.encode()) <= MAX_BYTES:
        return text
    held = text.encode()[:MAX_BYTES].decode(errors="ignore")
    return held.rpartition(" ")[0] or held
