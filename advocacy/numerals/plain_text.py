"""Text as it is searched: small letters, no accents, single spaces, and the place where each was typed."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_FORMS = {
    **dict.fromkeys("’‘ʼ′`´", "'"),
    **dict.fromkeys("—–‑‐‒−", "-"),
    **dict.fromkeys("“”«»„", '"'),
    "٪": "%",
    "œ": "oe",
    "Œ": "oe",
    "æ": "ae",
    "\n": "\n",
    "\r": "",
}
_DROPPED = frozenset({"Cf", "Mn", "Me", "Cs", "Cc"})
# Words that are plain already but for their case, as long as they go on; any other character is looked at alone.
_STRETCH = re.compile("[!-_a-~]+(?: [!-_a-~]+)*| +|.", re.DOTALL)
_OWN_LINE = re.compile(r"[ \t]*(?:\n|[-*>•] |$)")


@dataclass(frozen=True, slots=True)
class PlainText:
    """A text as typed, and its plain form. `places[i]` is where the plain form's character `i` was typed."""

    typed: str
    plain: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the place in the typed text of `plain[start:end]`, without the blanks that follow it."""
        if start >= end:
            return self.places[start], self.places[start]
        return self.places[start], self.places[end - 1] + 1


def plain_text(text: str) -> PlainText:
    """Make `text` plain. A line break inside a paragraph is a space; elsewhere it stays."""
    parts: list[str] = []
    places: list[int] = []
    last = "\n"
    for stretch in _STRETCH.finditer(text):
        start, end = stretch.span()
        typed = stretch[0]
        form = _form(typed[0]) if len(typed) == 1 or typed[0] == " " else typed.casefold()
        if form == "\n" and not (last == "\n" or _OWN_LINE.match(text, end)):
            form = " "
        if not form or (form == " " and last in " \n"):
            continue
        parts.append(form)
        places += range(start, end) if len(form) == end - start else [start] * len(form)
        last = form[-1]
    places.append(len(text))
    return PlainText(text, "".join(parts), tuple(places))


def plain(text: str) -> str:
    """Return the plain form alone, for words that are searched for."""
    return plain_text(text).plain


@lru_cache(maxsize=4096)
def _form(char: str) -> str:
    if char in _FORMS:
        return _FORMS[char]
    kind = unicodedata.category(char)
    if kind in {"Zs", "No"} or char == "\t":
        return " "
    if kind in _DROPPED:
        return ""
    apart = unicodedata.normalize("NFKD", char)
    return "".join(part for part in apart if not unicodedata.combining(part)).casefold()
