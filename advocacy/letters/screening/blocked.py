"""A place in a text that may not be kept: its kind and where it is, never its words."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from advocacy.messages import Message, message


class BlockedKind(StrEnum):
    """What was found."""

    MISSING_SPACE = "missing_space"  # a point between two sentences; the span is the point itself
    CODE = "code"  # a key to a file share, or an account in a messaging service
    FILE = "file"  # a file's name or path
    ADDRESS = "address"  # an e-mail address
    CONTACT = "contact"  # a username, or a telephone number to write to
    LINK = "link"  # a link, a domain or an IP address


BLOCKED_LINK = message(
    "Your text contains a link or a web address. For everyone’s safety we cannot send or keep it. Remove it to "
    "continue."
)
BLOCKED_EMAIL = message(
    "Your text contains an e-mail address. For everyone’s safety we cannot send or keep it. Remove it to continue."
)
BLOCKED_CONTACT = message(
    "Your text contains a username or telephone number. For everyone’s safety we cannot send or keep it. Remove it to "
    "continue."
)
MISSING_SPACE = message(
    "Put a space after the period that ends the sentence: without it, the two words read like a web address."
)


@dataclass(frozen=True, slots=True)
class BlockedSpan:
    """A place in a text: `start` and `end` count characters as typed. It holds none of the text."""

    kind: BlockedKind
    start: int
    end: int

    @property
    def message(self) -> Message:
        """The message for the citizen."""
        others = {
            BlockedKind.MISSING_SPACE: MISSING_SPACE,
            BlockedKind.ADDRESS: BLOCKED_EMAIL,
            BlockedKind.CONTACT: BLOCKED_CONTACT,
        }
        return others.get(self.kind, BLOCKED_LINK)

    @property
    def is_address(self) -> bool:
        """Whether the place leads somewhere, as a mere missing space does not."""
        return self.kind is not BlockedKind.MISSING_SPACE

    def quoted_from(self, text: str) -> str:
        """Return the words in which the place stands, of one line: for a missing space, the two that it joins."""
        words = text[self.start : self.end].partition("\n")[0]
        if self.kind is BlockedKind.MISSING_SPACE:
            return f"{text[: self.start].split()[-1]}{words}{text[self.end :].split()[0]}"
        return words

    def joined(self, other: Self) -> Self:
        """Return one place for two that overlap, of the wider's kind; a missing space yields to an address."""
        if self.is_address != other.is_address:
            return self if self.is_address else other
        wider = max(self, other, key=lambda place: place.end - place.start)
        return type(self)(wider.kind, min(self.start, other.start), max(self.end, other.end))
