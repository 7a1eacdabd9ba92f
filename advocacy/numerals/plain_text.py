"""Text in its plain form: small letters, no accents, single spaces, with places; and lists of words as one pattern."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
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


_LITERAL = re.compile(r"[a-z]{1,2}(?![?*+{])|[a-z](?![?*+{])")
_BEGINNING = re.compile(r"[a-z]{1,3}(?![?*+{])|[a-z]{1,2}(?![?*+{])|[a-z](?![?*+{])")
MAX_INITIALS = 3
_MAX_WAYS = 60
"""An entry that can begin in more ways than this stays as it was written."""


def any_of(entries: Iterable[str]) -> str:
    """Return one expression that matches any of the entries, in their order among those that begin alike."""
    groups: dict[str, dict[str, None]] = {}
    for entry in entries:
        for way in _ways(plain(entry)):
            letters = _LITERAL.match(way)
            first, rest = (letters[0], way[letters.end() :]) if letters else ("", way)
            groups.setdefault(first, {})[rest] = None
    by_first: dict[str, list[str]] = {}
    for beginning, rests in groups.items():
        if beginning:
            by_first.setdefault(beginning[0], []).append(f"{beginning[1:]}(?:{'|'.join(rests)})")
    joined = [f"{letter}(?:{'|'.join(rests)})" for letter, rests in by_first.items()]
    return "|".join([*joined, *groups.get("", ())])


def initials(entries: Iterable[str]) -> frozenset[str]:
    """Return the first letters, three at most, that each entry begins with; "" where it begins with anything else."""
    found = [_BEGINNING.match(way) for entry in entries for way in _ways(plain(entry))]
    return frozenset(letters[0] if letters else "" for letters in found)


def _ways(entry: str) -> Iterator[str]:
    """Write an entry that begins with a choice as one entry for each: "(?:a|b)c" as "ac" and "bc"."""
    ways = list(_expand(entry, 0))
    yield from ways if len(ways) <= _MAX_WAYS else [entry]


def _expand(entry: str, depth: int) -> Iterator[str]:
    optional = re.match(r"([a-z])\?(?!\?)", entry)
    if optional and depth < 3:
        yield optional[1] + entry[2:]
        yield from _expand(entry[2:], depth + 1)
        return
    if not entry.startswith("(?:") or depth > 3:
        yield entry
        return
    close, choices = _split_choices(entry)
    rest = entry[close + 1 :]
    if rest[:1] in {"*", "+", "{"} or rest[:2] == "??":
        yield entry
        return
    if rest[:1] == "?":
        rest = rest[1:]
        choices = [*choices, ""]
    for choice in choices:
        yield from _expand(choice + rest, depth + 1)


def _split_choices(entry: str) -> tuple[int, list[str]]:
    """Return where the group at the beginning of an entry closes, and what it chooses from."""
    choices: list[str] = []
    level, start, place = 0, 3, 0
    while place < len(entry):
        char = entry[place]
        if char == "\\":
            place += 2
            continue
        if char == "[":
            place = entry.index("]", place + 2)
        elif char == "(":
            level += 1
        elif char == ")":
            level -= 1
            if level == 0:
                return place, [*choices, entry[start:place]]
        elif char == "|" and level == 1:
            choices.append(entry[start:place])
            start = place + 1
        place += 1
    message = f"unclosed: {entry}"
    raise ValueError(message)
