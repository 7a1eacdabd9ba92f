"""A letter's parts in the order they are read, whatever its format."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from advocacy.language import Language
from advocacy.letters.letter import Kind, Letter


class Role(StrEnum):
    """What a part is to the letter. `LETTERHEAD` is the sender's name and address where they open the letter."""

    LETTERHEAD = "letterhead"
    DATE = "date"
    RECIPIENT = "recipient"
    SUBJECT = "subject"
    APPEL = "appel"
    PARAGRAPH = "paragraph"
    BULLET = "bullet"
    QUOTATION = "quotation"
    CLOSING = "closing"
    SENDER = "sender"
    SOURCE = "source"
    VERIFICATION = "verification"


class Passage(NamedTuple):
    text: str
    language: Language


@dataclass(frozen=True, slots=True)
class Part:
    """Some lines of a letter; only the recipient's block and the sender's have more than one."""

    role: Role
    lines: tuple[tuple[Passage, ...], ...]

    @property
    def text(self) -> str:
        """Its text, a line each."""
        return "\n".join("".join(passage.text for passage in line) for line in self.lines)


KINDS = {Kind.PARAGRAPH: Role.PARAGRAPH, Kind.BULLET: Role.BULLET, Kind.QUOTATION: Role.QUOTATION}


def letter_parts(letter: Letter) -> Iterator[Part]:
    """Yield every part that has text, as they follow each other in a mail: the sender's lines end it.

    The subject comes without its lead ("Subject:"), and the signature is the sender's first line.
    """
    return _parts(letter, letterhead=(), sender=(letter.sender.name, *letter.sender_lines))


def parts_on_paper(letter: Letter) -> Iterator[Part]:
    """Yield every part that has text, as they follow each other on paper.

    A sender who gives a street and an e-mail address opens the letter with name and street; name and e-mail end it.
    With a street alone it stays below: letters ask for an answer "at the address below my signature".
    """
    sender = letter.sender
    if not (sender.street and sender.email):
        return letter_parts(letter)
    letterhead = (sender.name, sender.street, sender.place(letter.language))
    return _parts(letter, letterhead=letterhead, sender=(sender.name, sender.email))


def _joined(passages: Iterable[tuple[str, Language]]) -> Iterator[Passage]:
    """Yield what follows in one language as one passage."""
    for language, alike in groupby(passages, key=itemgetter(1)):
        yield Passage("".join(text for text, _ in alike), language)


def _parts(letter: Letter, letterhead: Sequence[str], sender: Sequence[str]) -> Iterator[Part]:
    def part_of(role: Role, *lines: str) -> Part:
        return Part(role, tuple((Passage(line, letter.language),) for line in lines if line))

    every_part = (
        part_of(Role.LETTERHEAD, *letterhead),
        part_of(Role.DATE, letter.date_line),
        part_of(Role.RECIPIENT, *letter.recipient_block),
        part_of(Role.SUBJECT, letter.subject),
        part_of(Role.APPEL, letter.appel),
        *(Part(KINDS[one.kind], (tuple(_joined(letter.passages(one))),)) for one in letter.paragraphs),
        part_of(Role.CLOSING, letter.closing),
        part_of(Role.SENDER, *sender),
        part_of(Role.SOURCE, letter.source_note),
        part_of(Role.VERIFICATION, letter.verification_line),
    )
    return (part for part in every_part if part.lines)
