"""Where words stand in a file, in lines and columns that count from 1."""

import re

from advocacy.problems import Path
from advocacy.toml_source import LineNumbers


def line_and_column(text: str, start: int) -> tuple[int, int]:
    """Turn a place in `text` into its line and its column."""
    return text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)


def offset(text: str, line: int, column: int) -> int:
    """Turn a line and a column of `text` into a place in it; the end of `text` for what lies beyond."""
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1 or len(text)
    return min(start + column - 1, len(text))


class TomlPlaces:
    """The places of values in a TOML file, to the column wherever the file writes them as they are read."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = LineNumbers(text)

    def words(self, path: Path, words: str, start: int = 0) -> tuple[int, int]:
        """Find `words[start:]`, where `words` is the value of the last key of `path`."""
        key = rf"\b{re.escape(str(path[-1]))}\b[\"']?\s*=\s*(?:\"\"\"\n?|'''\n?|\"|')"
        found = re.compile(key + re.escape(words)).search(self._text, self._start(path))
        if found is None:
            return self.line(path), 1
        return line_and_column(self._text, found.end() - len(words) + start)

    def listed(self, path: Path, word: str) -> tuple[int, int]:
        """Find `word` in the list that is the value of `path`."""
        found = re.compile(rf"[\"']{re.escape(word)}[\"']").search(self._text, self._start(path))
        return (self.line(path), 1) if found is None else line_and_column(self._text, found.start() + 1)

    def line(self, path: Path) -> int:
        """Return the line of `path`, or of the nearest thing that holds it."""
        return self._lines.line(path)

    def _start(self, path: Path) -> int:
        place = 0
        for _ in range(self.line(path) - 1):
            place = self._text.index("\n", place) + 1
        return place
