"""What of a letter is not the campaign's text: how much, and a fingerprint by which floods of alike letters are found.

The fingerprint is a bottom-k sketch of word shingles (Broder 1997; Cohen and Kaplan 2007): the smallest keyed hashes of
all runs of three words. Two sketches estimate how much of two texts is alike, and give back no word of either.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from advocacy.encryption import Keys, digests
from advocacy.letters.edited import share_from
from advocacy.letters.letter import Letter

SHINGLE_WORDS = 3
MIN_SHINGLES = 8
"""A shorter text of one's own may be another's by chance: "protect our children now"."""
SKETCH_SIZE = 32
HASH_BYTES = 4
PURPOSE = "shingle"
MIN_LIKENESS = 0.6
"""Two texts of three sentences that share two are half alike; with every twentieth word changed, three quarters."""
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Measure:
    """How much of an edited letter is the campaign's text, in percent, None for one as composed; and a sketch."""

    kept_percent: int | None
    sketch: bytes | None


def measure(letter: Letter, composed: Letter, *, keys: Keys) -> Measure | None:
    """Measure a letter beside the one composed of the answers; None where nothing in it is the citizen's.

    Own words that the form asked for count as kept, and are in the sketch.
    """
    edited = (letter.subject, letter.paragraphs) != (composed.subject, composed.paragraphs)
    own = {shingle for text in _own_texts(letter) for shingle in _shingles(text)}
    subject = set(_shingles(letter.subject)) if letter.subject != composed.subject else set()
    shingles = own | subject if len(own | subject) >= MIN_SHINGLES else subject
    sketch = sketch_of(shingles, keys=keys) if shingles else None
    if not edited and sketch is None:
        return None
    return Measure(round(100 * share_from(letter.body, composed.body)) if edited else None, sketch)


def sketch_of(shingles: Iterable[str], *, keys: Keys) -> bytes:
    """Return the smallest hashes of shingles, in order."""
    hashes = {digests(keys, shingle, purpose=PURPOSE)[0][: 2 * HASH_BYTES] for shingle in shingles}
    return bytes.fromhex("".join(sorted(hashes)[:SKETCH_SIZE]))


def are_alike(one: bytes, other: bytes) -> bool:
    """Whether two sketches are of texts that are mostly the same."""
    ones, others = _hashes(one), _hashes(other)
    smallest = sorted(ones | others)[:SKETCH_SIZE]
    return sum(each in ones and each in others for each in smallest) >= MIN_LIKENESS * len(smallest)


def _hashes(sketch: bytes) -> frozenset[bytes]:
    return frozenset(sketch[start : start + HASH_BYTES] for start in range(0, len(sketch), HASH_BYTES))


def _own_texts(letter: Letter) -> Iterator[str]:
    """Yield what of each paragraph is its citizen's own words."""
    for paragraph in letter.paragraphs:
        yield " ".join(piece.text for piece in paragraph.pieces if letter.is_own(piece))


def _shingles(text: str) -> Iterator[str]:
    words = _WORD.findall(text.casefold())
    for start in range(len(words) - SHINGLE_WORDS + 1):
        yield " ".join(words[start : start + SHINGLE_WORDS])
