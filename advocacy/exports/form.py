"""A form a letter can take: a name, a kind of file, and how one or several letters become it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum

from advocacy.legislators.post import address_known
from advocacy.letters.letter import Letter
from advocacy.messages import SOURCE, Message

NOON = time(12, tzinfo=UTC)
"""The hour a file is dated: the same day everywhere in Canada."""


class Post(StrEnum):
    """How a letter on paper is readied for the mail: not at all, a sheet with the address, or for a #10 window."""

    NONE = "none"
    SHEET = "sheet"
    WINDOW = "window"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a form is made by besides the letters; each form reads what concerns it.

    `today` is the day it is made, `wrap` the characters a line of text may have (0: a paragraph a line),
    `test_recipient` the address that stands in for every legislator's, "" when letters are real.
    """

    today: date
    post: Post = Post.NONE
    wrap: int = 0
    test_recipient: str = ""

    @property
    def dated(self) -> datetime:
        """The moment a file says it was made."""
        return datetime.combine(self.today, NOON)

    def post_of(self, letter: Letter) -> Post:
        """Return how one letter is readied: a window shows only a whole address, so without one there is a sheet."""
        windowless = self.post is Post.WINDOW and not address_known(letter.recipient)
        return Post.SHEET if windowless else self.post


class CannotBeMade(ValueError):
    """These letters cannot take this form; `message` says why and what to take instead."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(message.in_language(SOURCE))


@dataclass(frozen=True, slots=True)
class Form:
    """`make` gives one file that holds every letter; without `joins`, several letters are a file each, in a zip.

    Raises CannotBeMade. The same letters and wishes give the same bytes.
    """

    name: str
    media_type: str
    make: Callable[[Sequence[Letter], Wishes], bytes]
    joins: bool = True
