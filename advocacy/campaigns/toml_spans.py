"""Where each value of a TOML file begins and ends, to the character, so that one can be changed and the rest kept."""

import re
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from typing import TypeAlias

from advocacy.problems import Path

Span: TypeAlias = tuple[int, int]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_PART = re.compile(r"""[\w-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'""")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:"{0,2})' r"|'''.*?'''(?:'{0,2})" r'|"(?:[^"\\\n]|\\.)*"' r"|'[^'\n]*'", re.DOTALL
)
_BARE = re.compile(r"[^\s,\]}#]+(?: \d\d:[^\s,\]}#]+)?")


@dataclass(frozen=True, slots=True)
class Statement:
    """One `key = value` on lines of its own: those lines, and the table in which it stands."""

    lines: Span
    table: Path


@dataclass(slots=True)
class Spans:
    """The places of a file that is valid TOML. Paths name keys, and places in lists by their number.

    `values` are all values, `entries` the `key = value` inside braces, `ends` where the next line of a table would go.
    """

    text: str
    values: dict[Path, Span] = field(default_factory=dict)
    entries: dict[Path, Span] = field(default_factory=dict)
    statements: dict[Path, Statement] = field(default_factory=dict)
    ends: dict[Path, int] = field(default_factory=dict)
    _lists: Counter[Path] = field(default_factory=Counter)

    @classmethod
    def of(cls, text: str) -> "Spans":
        """Find every value of `text`, which must have parsed as TOML."""
        spans, place = cls(text), 0
        table: Path = ()
        spans.ends[()] = 0
        while (place := spans._skip(_BLANK, place)) < len(text):
            if text[place] == "[":
                table, place = spans._header(place)
            else:
                place = spans._statement(place, table)
        return spans

    def _header(self, place: int) -> tuple[Path, int]:
        repeated = self.text.startswith("[[", place)
        names, place = self._key(place + (2 if repeated else 1))
        path: Path = ()
        for name in names[:-1]:
            path = (*path, name)
            path = (*path, self._lists[path] - 1) if self._lists[path] else path
        path = (*path, names[-1])
        if repeated:
            self._lists[path] += 1
            path = (*path, self._lists[path] - 1)
        place = self._line_end(place)
        self.ends[path] = place
        return path, place

    def _statement(self, place: int, table: Path) -> int:
        first = self.text.rfind("\n", 0, place) + 1
        names, place = self._key(place)
        place = self._value(self._after(place, "="), (*table, *names))
        last = self._line_end(place)
        self.statements[(*table, *names)] = Statement((first, last), table)
        self.ends[table] = last
        return last

    def _key(self, place: int) -> tuple[Path, int]:
        names: list[str] = []
        while True:
            place = self._skip(_SPACE, place)
            part = _PART.match(self.text, place)
            if part is None:
                raise ValueError("a key is missing")
            names.append(tomllib.loads(f"key = {part[0]}")["key"] if part[0][0] in "\"'" else part[0])
            place = self._skip(_SPACE, part.end())
            if not self.text.startswith(".", place):
                return tuple(names), place
            place += 1

    def _value(self, place: int, path: Path) -> int:
        start = place = self._skip(_SPACE, place)
        if self.text[place] == "[":
            end = self._list(place, path)
        elif self.text[place] == "{":
            end = self._braces(place, path)
        else:
            found = _STRING.match(self.text, place) or _BARE.match(self.text, place)
            if found is None:
                raise ValueError("a value is missing")
            end = found.end()
        self.values[path] = (start, end)
        return end

    def _list(self, place: int, path: Path) -> int:
        number, place = 0, self._skip(_BLANK, place + 1)
        while self.text[place] != "]":
            place = self._skip(_BLANK, self._value(place, (*path, number)))
            number += 1
            if self.text[place] == ",":
                place = self._skip(_BLANK, place + 1)
        return place + 1

    def _braces(self, place: int, path: Path) -> int:
        place = self._skip(_BLANK, place + 1)
        while self.text[place] != "}":
            start = place
            names, place = self._key(place)
            place = self._value(self._after(place, "="), (*path, *names))
            self.entries[(*path, *names)] = (start, place)
            place = self._skip(_BLANK, place)
            if self.text[place] == ",":
                place = self._skip(_BLANK, place + 1)
        return place + 1

    def _after(self, place: int, mark: str) -> int:
        return self.text.index(mark, place) + 1

    def _skip(self, what: re.Pattern[str], place: int) -> int:
        found = what.match(self.text, place)
        return found.end() if found else place

    def _line_end(self, place: int) -> int:
        end = self.text.find("\n", place)
        return len(self.text) if end < 0 else end + 1
