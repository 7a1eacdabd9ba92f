"""Long lists of words as one expression that is searched for quickly: entries stand together by first letters."""

import re
from collections.abc import Iterable, Iterator

from advocacy.numerals.plain_text import plain

_LITERAL = re.compile(r"[a-z]{1,2}(?![?*+{])|[a-z](?![?*+{])")
_BEGINNING = re.compile(r"[a-z]{1,3}(?![?*+{])|[a-z]{1,2}(?![?*+{])|[a-z](?![?*+{])")
LONGEST_INITIALS = 3
_MOST_WAYS = 60
"""An entry that can begin in more ways than this stays as it was written."""


def alternatives(entries: Iterable[str]) -> str:
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
    made = list(_opened(entry, 0))
    yield from made if len(made) <= _MOST_WAYS else [entry]


def _opened(entry: str, depth: int) -> Iterator[str]:
    optional = re.match(r"([a-z])\?(?!\?)", entry)
    if optional and depth < 3:
        yield optional[1] + entry[2:]
        yield from _opened(entry[2:], depth + 1)
        return
    if not entry.startswith("(?:") or depth > 3:
        yield entry
        return
    close, choices = _choices(entry)
    rest = entry[close + 1 :]
    if rest[:1] in {"*", "+", "{"} or rest[:2] == "??":
        yield entry
        return
    if rest[:1] == "?":
        rest = rest[1:]
        choices = [*choices, ""]
    for choice in choices:
        yield from _opened(choice + rest, depth + 1)


def _choices(entry: str) -> tuple[int, list[str]]:
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
