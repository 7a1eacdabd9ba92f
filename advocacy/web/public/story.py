"""What became of a letter, told in sentences; never that it was read, which nobody here knows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from advocacy.delivery.states import State
from advocacy.language import Language
from advocacy.letters.moments import speak_moment
from advocacy.letters.receipts import Moved, ReceiptLetter
from advocacy.web.public.story_words import BUSY, CONFIRMED, DELAYED, PAUSED, WORDS, Said, Way, Words

TAKES_A_LOT = re.compile(r"http_(?:429|5\d\d)|smtp_4\d\d")
"""Reasons by which a server asks for time: 429 and 5xx over HTTP, and what SMTP calls transient (RFC 5321, 4.2.1)."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a story: its mark, when it was (None for what is to come) and what is said."""

    mark: str
    at: datetime | None
    first: str
    more: str


@dataclass(frozen=True, slots=True)
class Site:
    """How the site stands when a story is told: at what moment, whether sending is paused, and where mail goes."""

    now: datetime
    paused: bool = False
    way: Way = Way.SENDS


def story(letter: ReceiptLetter, confirmed_at: datetime, language: Language, *, site: Site) -> list[Line]:
    """Tell a letter's story as far as it goes, and what comes next."""
    words = WORDS[site.way]
    told = [_line(said, at, language) for said, at in _told(letter, confirmed_at, words)]
    ahead = _ahead(letter, words, site)
    if ahead:
        line = _line(ahead, None, language)
        due = speak_moment(letter.due_at, language) if letter.due_at else ""
        told.append(Line(line.mark, None, line.first, line.more.format(moment=due)))
    return told


def _told(letter: ReceiptLetter, confirmed_at: datetime, words: Words) -> Iterator[tuple[Said, datetime]]:
    yield CONFIRMED, confirmed_at
    before, tried = CONFIRMED, False
    for move in letter.moves:
        tried = tried or move.state is State.SENDING
        said = _delayed(move) if move.state is State.READY and tried else words.moved.get(move.state)
        if said and not (said in (DELAYED, BUSY) and before in (DELAYED, BUSY)):
            yield said, move.at
        before = said or before


def _delayed(move: Moved) -> Said:
    return BUSY if TAKES_A_LOT.fullmatch(move.reason) else DELAYED


def _ahead(letter: ReceiptLetter, words: Words, site: Site) -> Said | None:
    if letter.state is State.READY:
        if site.paused:
            return PAUSED
        if letter.due_at and letter.due_at <= site.now:
            return words.soon
    return words.ahead.get(letter.state) if letter.state else None


def _line(said: Said, at: datetime | None, language: Language) -> Line:
    mark, first, more = said
    return Line(mark, at, first.spoken(language), more.spoken(language))
