"""How alike a letter is to those that its office already got, and which of its sentences makes it so.

A sketch is the smallest keyed hashes of the windows of a letter's body (bottom-k: Broder 1997; Cohen and Kaplan 2007).
It stands for the body in the measure of `alikeness.py`, within a few hundredths, and gives back no word of it. Only the
campaign's own text is looked for in the sketches, without its sensitive sentences: nobody can ask whether an office got
some words of a person's, or a letter of somebody who is concerned.
"""

import struct
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.delivery.models import Message
from advocacy.delivery.states import HANDED_OVER
from advocacy.encryption import Keys, digests
from advocacy.letters.alikeness import windows
from advocacy.letters.edited import WINDOW
from advocacy.letters.letter import Letter
from advocacy.letters.models import LetterSketch, MessageKind
from advocacy.letters.sentences import sentences
from advocacy.numerals import plain_text

PURPOSE = "letter sketch"
HASH_BYTES = 4
SKETCH_SIZE = 128
"""Hashes in a sketch: a share estimated from them is off by 0.044 at most, as a standard deviation."""
MAX_COMPARED = 200
"""The latest letters to an office with which a new one is compared."""
MIN_COMPARED = 5
"""Below so many nothing is said: small numbers tell of people."""
MIN_NEAR = 0.5
"""From this share on letters count as copies (WriteToThem's similarity test)."""


@dataclass(frozen=True, slots=True)
class Sketch:
    """How many windows a body has, and the smallest of their hashes."""

    windows: int
    smallest: frozenset[int]

    @classmethod
    def read(cls, count: int, stored: bytes) -> "Sketch":
        return cls(count, frozenset(struct.unpack(f">{len(stored) // HASH_BYTES}I", stored)))

    def to_bytes(self) -> bytes:
        """Return the hashes as they are stored: in order, so that they tell nothing of where each stood in the text."""
        return struct.pack(f">{len(self.smallest)}I", *sorted(self.smallest))


@dataclass(frozen=True, slots=True)
class Likeness:
    """How a letter compares with the latest ones to its office: `nearest` (0 to 1) is the share of the nearest.

    `sentence` is the one whose replacement by other words lowers that most, to `without`. It is "" where no sentence of
    the campaign's is left in the letter. How many letters there are is not told: from one day to the next, or from one
    sentence to another, it would tell of single ones.
    """

    nearest: float
    sentence: str = ""
    without: float = 0.0

    @property
    def is_near(self) -> bool:
        """Whether one sentence in other words is worth the advice."""
        return self.nearest >= MIN_NEAR and bool(self.sentence)


def sketch_of(body: str, *, keys: Keys) -> Sketch:
    """Return the sketch of a letter's body."""
    found = windows(body)
    return Sketch(len(found), frozenset(sorted(_hashes(found, keys).values())[:SKETCH_SIZE]))


def read_sketches(session: Session, legislator_id: str) -> Sequence[Sketch]:
    """Return the sketches of the latest letters that were handed over to an office."""
    rows = (
        select(LetterSketch.windows, LetterSketch.sketch)
        .join(Message, (Message.kind == MessageKind.LETTER) & (Message.ref == LetterSketch.letter_id))
        .where(LetterSketch.legislator_id == legislator_id, Message.state.in_(HANDED_OVER))
        .order_by(LetterSketch.created_at.desc())
        .limit(MAX_COMPARED)
    )
    return [Sketch.read(row.windows, row.sketch) for row in session.execute(rows)]


def compare(
    letter: Letter, shipped: Letter, others: Sequence[Sketch], *, keys: Keys, sensitive: Collection[str] = ()
) -> Likeness | None:
    """Compare a letter with those that its office got; None where these are too few to say anything.

    `shipped` is the same letter without its citizen's own words: what is not in it counts as different, and so do the
    `sensitive` sentences in it. Else whoever chose one could ask whether anybody had, and how many.
    """
    if len(others) < MIN_COMPARED:
        return None
    comparison = _Comparison(others, _windows_without(shipped.body, sensitive), keys)
    size, shared = len(windows(letter.body)), comparison.shared_with_each(letter.body)
    best = Likeness(comparison.nearest(shared, size))
    for sentence in _sentences(letter.body):
        of_sentence = comparison.shared_with_each(sentence)
        if not any(of_sentence):
            continue
        left = [max(0.0, both - gone) for both, gone in zip(shared, of_sentence, strict=True)]
        without = comparison.nearest(left, size)
        if not best.sentence or without < best.without:
            best = Likeness(best.nearest, sentence, without)
    return best


class _Comparison:
    """The letters that an office got, to be compared with texts that are made of the `campaigns` windows."""

    def __init__(self, others: Sequence[Sketch], campaigns: frozenset[bytes], keys: Keys) -> None:
        self._others, self._hashes = others, _hashes(campaigns, keys)
        looked_for = frozenset(self._hashes.values())
        self._in_letters: dict[int, list[int]] = defaultdict(list)
        for number, other in enumerate(others):
            for one in other.smallest & looked_for:
                self._in_letters[one].append(number)

    def shared_with_each(self, text: str) -> list[float]:
        """Estimate how many windows of a text each letter has: its sketch is a sample of its own windows."""
        hits = [0] * len(self._others)
        for one in {self._hashes[window] for window in windows(text) & self._hashes.keys()}:
            for number in self._in_letters.get(one, ()):
                hits[number] += 1
        pairs = zip(hits, self._others, strict=True)
        return [hit * other.windows / max(1, len(other.smallest)) for hit, other in pairs]

    def nearest(self, shared: Sequence[float], size: int) -> float:
        """Return the greatest share, of windows shared with each letter, of a text of `size` windows."""
        pairs = zip(shared, self._others, strict=True)
        return max(min(1.0, one / min(size, other.windows)) for one, other in pairs)


def _windows_without(body: str, sensitive: Collection[str]) -> frozenset[bytes]:
    """Return the windows of a body that have nothing in common with some sentences in it."""
    parts = [body]
    for sentence in sensitive:
        parts = [rest for part in parts for rest in part.split(sentence)]
    return frozenset[bytes]().union(*(windows(part) for part in parts if len(part.encode()) >= WINDOW))


def _sentences(body: str) -> list[str]:
    """Return the sentences that are long enough to be looked for."""
    text = plain_text(body)
    found = (text.typed[slice(*text.span(one.start, one.end))].strip() for one in sentences(text))
    return [one for one in found if len(one.encode()) > WINDOW]


def _hashes(of: frozenset[bytes], keys: Keys) -> Mapping[bytes, int]:
    """Return the hash of each window."""
    key = _hash_key(keys)
    return {window: int.from_bytes(blake2b(window, digest_size=HASH_BYTES, key=key).digest(), "big") for window in of}


@lru_cache(maxsize=8)
def _hash_key(keys: Keys) -> bytes:
    return bytes.fromhex(digests(keys, "", purpose=PURPOSE)[0])
