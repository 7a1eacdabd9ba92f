"""A format that letters are exported in, the options it takes, and the names of its files."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import NamedTuple

from advocacy.language import SOURCE
from advocacy.legislators.forms_of_address import has_postal_address, office_of
from advocacy.letters.letter import Letter
from advocacy.messages import Message, message

NOON = time(12, tzinfo=UTC)
"""The hour a file is dated: the same day everywhere in Canada."""
MAX_OFFICE_BYTES = 120
"""Of an office in a file's name; a whole name stays well under the 255 bytes that file systems hold."""

_NOT_IN_NAMES = re.compile(r"[^\w ’'.,()&—–-]+")


class Post(StrEnum):
    """How a letter on paper is prepared for the mail: not at all, a sheet with the address, or for a #10 window."""

    NONE = "none"
    SHEET = "sheet"
    WINDOW = "window"


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What an export depends on besides the letters; each format reads what concerns it.

    `today` is the day of the export, `wrap` the characters a line of text may have (0: a paragraph a line),
    `test_recipient` the address that stands in for every legislator's, "" when letters are real.
    """

    today: date
    post: Post = Post.NONE
    wrap: int = 0
    test_recipient: str = ""

    @property
    def timestamp(self) -> datetime:
        """The moment a file says it was made."""
        return datetime.combine(self.today, NOON)

    def post_of(self, letter: Letter) -> Post:
        """Return how one letter is prepared: a window shows only a whole address, so without one there is a sheet."""
        windowless = self.post is Post.WINDOW and not has_postal_address(letter.recipient)
        return Post.SHEET if windowless else self.post


class CannotExport(ValueError):
    """These letters cannot take this format; `message` says why and what to take instead."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(message.in_language(SOURCE))


@dataclass(frozen=True, slots=True)
class Format:
    """`render` returns one file that holds every letter; without `joins`, several letters are a file each, in a zip.

    Raises CannotExport. The same letters and options give the same bytes.
    """

    name: str
    media_type: str
    render: Callable[[Sequence[Letter], ExportOptions], bytes]
    joins: bool = True

    def can_show(self, letter: Letter, options: ExportOptions) -> bool:
        try:
            self.render([letter], options)
        except CannotExport:
            return False
        return True


class JoinedFile(NamedTuple):
    """A file's bytes, None when no letter can be in it, and the places, from 0, of the letters left out."""

    content: bytes | None
    left_out: tuple[int, ...]


def join_letters(form: Format, letters: Sequence[Letter], options: ExportOptions) -> JoinedFile:
    """Render one file of letters; those that cannot take the format alone are left out.

    Raises CannotExport when each can and all together cannot.
    """
    try:
        return JoinedFile(form.render(letters, options), ())
    except CannotExport:
        left_out = tuple(place for place, letter in enumerate(letters) if not form.can_show(letter, options))
        if not left_out:
            raise
        rest = [letter for place, letter in enumerate(letters) if place not in left_out]
        return JoinedFile(form.render(rest, options) if rest else None, left_out)


def file_name(letter: Letter, *, today: date) -> str:
    """Return the name of one letter's file, without its ending: "Lettre - Ottawa-Centre - 2026-11-25".

    It is in the letter's language, and says nothing of the person who wrote the letter.
    """
    name = message("Letter - %(office)s - %(day)s", office=office_name(letter), day=today.isoformat())
    return name.in_language(letter.language)


def office_name(letter: Letter) -> str:
    """Return the office a letter goes to as a file's name can hold it: "Ottawa-Centre", "Anne Roy (Québec)"."""
    text = unicodedata.normalize("NFC", office_of(letter.recipient, letter.language))
    name = " ".join(_NOT_IN_NAMES.sub(" ", text).split())
    if len(name.encode()) <= MAX_OFFICE_BYTES:
        return name
    cut = name.encode()[:MAX_OFFICE_BYTES].decode(errors="ignore")
    return cut.rpartition(" ")[0] or cut  # after a whole word, where there is more than one


def title_of_several(letters: Sequence[Letter]) -> str:
    """Return the title inside a file of several letters: "2 letters", in the language of the first."""
    return message("%(count)s letters", count=len(letters)).in_language(letters[0].language)
