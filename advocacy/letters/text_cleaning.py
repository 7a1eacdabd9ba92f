"""What a citizen types is cleaned once, at entry: what a reader sees stays, what could hide or harm goes.

For the search of links it is also read as a reader would take it, without its disguises.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

MARKS_IN_A_ROW = 5  # Tibetan and pointed Hebrew need four; taller stacks are there to cover other words

# What shows nothing: controls, bidi and other format characters, variation selectors, fillers that pass for
# letters, tags, private use, lone surrogates, non-characters. Line breaks, tabs and joiners are judged apart.
INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ud800-\uf8ff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff"
    "\uffa0\ufff0-\ufffc\ufffe\uffff\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0xE0000, 0x10000))
    + "\U000e0000-\U0010ffff]"
)
BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
BLANK_LINES = re.compile("\n{3,}")
NON_JOINER, JOINER = "\u200c", "\u200d"
VIRAMA = 9  # its canonical combining class

# Scripts in which a joiner between two letters changes what is read (Persian, Indic, Khmer, Mongolian, …).
_JOINING = re.compile(
    "[\u0620-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\u1b00-\u1bff\ua840-\ua8ff\ua980-\ua9df\uaa60-\uaa7f"
    "\uabc0-\uabff\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc\U00010a00-\U00011fff\U0001e900-\U0001e95f]"
)
_PICTURE = re.compile("[\u00a9\u00ae\u2190-\u21ff\u2300-\u27bf\u2900-\u2bff\U0001f000-\U0001faff]")

# A text of these alone needs no look at its single characters: the letters and signs of English and French.
_PLAIN = re.compile("[\n -~\u00a0-\u00ac\u00ae-\u024f\u1e00-\u1eff\u2010-\u2027\u202f-\u205e\u20a0-\u20bf\u2122]*")


def clean(text: str, *, lines: bool) -> str:
    """Return `text` in NFC without what cannot be seen; cleaning twice changes nothing more.

    Accents stay, so do the joiners that Persian, Indic and other words and emoji need. With `lines` breaks
    stay as "\\n", at most one blank line in a row and no spaces at line ends; without, each is one space.
    """
    if not _PLAIN.fullmatch(text):
        text = unicodedata.normalize("NFC", INVISIBLE.sub("", BREAKS.sub("\n", text)))
        if not _PLAIN.fullmatch(text):
            text = unicodedata.normalize("NFC", "".join(_safe_characters(text)))
    text = text.replace("\t", " ")
    if not lines:
        return " ".join(filter(None, (line.strip() for line in text.split("\n"))))
    return BLANK_LINES.sub("\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip()


def _safe_characters(text: str) -> Iterable[str]:
    """Pass on letters, accents on something to bear them, and joiners where both neighbours want them."""
    before, waiting, marks = "\n", "", 0
    for char in text:
        if char in (NON_JOINER, JOINER):
            waiting = waiting or char
            continue
        marks = marks + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        if marks and (before.isspace() or marks > MARKS_IN_A_ROW):
            continue
        if waiting and _joins(before, waiting, char):
            yield waiting
        yield char
        before, waiting = char, ""
    if waiting and _joins(before, waiting, "\n"):
        yield waiting


def _joins(before: str, joiner: str, after: str) -> bool:
    if joiner == JOINER and unicodedata.combining(before) == VIRAMA:
        return True  # older Malayalam ends words so
    if joiner == JOINER and _PICTURE.match(before) and _PICTURE.match(after):
        return True
    return bool(_JOINING.match(before) and _JOINING.match(after))


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
class PlainText:
    """`text` as read, and the place of each sign, and of its end, in the text as typed (None: the same)."""

    text: str
    places: Sequence[int] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Turn a span of `text` into the span of the text as typed that it came from."""
        if self.places is None:
            return start, end
        return self.places[start], max(self.places[end - 1] + 1, self.places[end])

    def trimmed(self, start: int, end: int) -> int:
        """Return the end of an address between `start` and `end` without the signs of the sentence around it."""
        return start + max(1, len(self.text[start:end].rstrip(_SENTENCE)))


def to_plain_text(typed: str) -> PlainText:
    """Take off widths, styles, marks and what is invisible; every kind of point is "." or SOFT_POINT."""
    if _UNDISGUISED.fullmatch(typed):
        return PlainText(typed, None)
    plain = [_plain(char) for char in typed]
    places = [place for place, part in enumerate(plain) for _ in part]
    return PlainText("".join(plain), [*places, len(typed)])


def without_lookalikes(label: str) -> str:
    """Return a label with letters of other scripts, and digits, put back to the Latin letters they pass for."""
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
