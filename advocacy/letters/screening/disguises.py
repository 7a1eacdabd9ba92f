"""A text as a reader would take it, its disguises off, with the place of every sign in the text as typed."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from advocacy.letters.entry import INVISIBLE, JOINER, NON_JOINER

# Signs that browsers, or eyes, take for the point of an address but that also end sentences or part words.
SOFT_POINT = "·"
_SIGNS = dict.fromkeys("·・‧•∙⋅⸱⸳ꓸ。۔", SOFT_POINT) | {"∶": ":", "꞉": ":", "⁄": "/", "∕": "/", "⧸": "/"}
_SENTENCE = ".,;:!?)]}>»”\"'…"  # what a sentence puts behind an address
_UNDISGUISED = re.compile("[\t\n\r -~«»À-ÿŒœ–—’“”]*")  # what folding leaves as it is
_ENCLOSED_LETTERS = (0x1F150, 0x1F170)  # white on black; Unicode gives them no plain form

# Letters that pass for others. Only for telling an ending such as “cоm”, never for showing text.
_LOOKALIKES = str.maketrans(
    "авсԁеһіјкӏмнпогрѕтухүѵԛԝαεικνορτυχѡօոսցᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢıℓ01",
    "abcdehijklmhnorpstyxyvqwaeikvoptuxwonugabcdefghijklmnoprstuvwyzilol",
)


@dataclass(frozen=True, slots=True, repr=False)
class Seen:
    """`text` as read, and the place of each sign, and of its end, in the text as typed (None: the same)."""

    text: str
    places: Sequence[int] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Turn a span of `text` into the span of the text as typed that it came from."""
        if self.places is None:
            return start, end
        return self.places[start], max(self.places[end - 1] + 1, self.places[end])

    def trimmed(self, start: int, end: int) -> int:
        """Give the end of an address between `start` and `end` without the signs of the sentence around it."""
        return start + max(1, len(self.text[start:end].rstrip(_SENTENCE)))


def see(typed: str) -> Seen:
    """Take off widths, styles, marks and what is invisible; every kind of point is "." or SOFT_POINT."""
    if _UNDISGUISED.fullmatch(typed):
        return Seen(typed, None)
    plain = [_plain(char) for char in typed]
    places = [place for place, part in enumerate(plain) for _ in part]
    return Seen("".join(plain), [*places, len(typed)])


def without_lookalikes(label: str) -> str:
    """Give a label with letters of other scripts, and digits, put back to the Latin letters they pass for."""
    return label.casefold().translate(_LOOKALIKES)


@lru_cache(maxsize=4096)
def _plain(char: str) -> str:
    if char in (JOINER, NON_JOINER) or INVISIBLE.match(char):
        return ""
    for first in _ENCLOSED_LETTERS:
        if first <= ord(char) < first + 26:
            return chr(ord("A") + ord(char) - first)
    folded = unicodedata.normalize("NFKC", char)
    return "".join(_SIGNS.get(sign, sign) for sign in folded if unicodedata.category(sign)[0] != "M")
