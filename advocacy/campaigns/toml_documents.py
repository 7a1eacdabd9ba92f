"""TOML files changed value by value: every other byte, comments too, stays as somebody wrote it.

    document = TomlDocument(text)
    document.set(("name", "en"), "A name")                      # name.en = "…", or within name = { … }
    document.set(("opens",), date(2026, 1, 2))
    document.set(("question", 0, "option", 1, "percent"), 14)   # places in lists count from 0
    document.remove(("share",))                                 # a value, or all that stands below it
    document.append(("question",), {"key": "two", "question": {"en": "…", "fr": "…"}})    # another [[question]]
    document.reorder(("question",), [1, 0])                     # the second first; what is not named goes
    document.text

A `Wording` or a mapping by language is written as `name.en = …` and `name.fr = …`; a list of mappings as tables of
their own where it is appended, within brackets where it is set.
"""

import json
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any, TypeAlias

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, InlineTable, Item, Table
from tomlkit.toml_document import TOMLDocument

from advocacy.language import Language
from advocacy.problems import Path
from advocacy.toml_source import BOM, LineNumbers, parsed

Value: TypeAlias = str | int | float | Decimal | bool | date | Sequence[Any] | Mapping[Any, Any]
MISSING = object()


class TomlDocument:
    """The text of a TOML file, and what can be changed in it.

    Raises TomlProblems where the text is not TOML; the methods raise KeyError where a path leads to nothing that could
    hold a value.
    """

    def __init__(self, text: str) -> None:
        self._bom = BOM if text.startswith(BOM) else ""
        plain = text.removeprefix(BOM)
        self._values: Mapping[str, Any] | None = parsed(plain, file="")
        self._windows = "\r\n" in plain and "\n" not in plain.replace("\r\n", "")
        self._document = tomlkit.parse(plain.replace("\r\n", "\n") if self._windows else plain)

    @property
    def text(self) -> str:
        """The file as it now is."""
        text = tomlkit.dumps(self._document)
        return self._bom + (text.replace("\n", "\r\n") if self._windows else text)

    def get(self, path: Path) -> Any:
        """Return the plain value at a path, None where there is none."""
        if self._values is None:
            self._values = parsed(tomlkit.dumps(self._document), file="")
        held: Any = self._values
        for key in path:
            try:
                held = held[key]
            except (KeyError, IndexError, TypeError):
                return None
        return held

    def set(self, path: Path, value: Value | None) -> None:
        """Put a value at a path, in the place of what is there; None removes it. An equal value changes nothing."""
        if value is None:
            self.remove(path)
        elif isinstance(value, Mapping) and (_is_wording(value) or self.get(path) is not None):
            for name, one in value.items():
                self.set((*path, str(name)), one)
        elif not _same(self.get(path), value):
            self._put(path, value)
            self._values = None

    def remove(self, path: Path) -> None:
        """Take away what is at a path, if anything is."""
        if self.get(path) is None:
            return
        holder, self._values = self._find(path[:-1]), None
        if isinstance(holder, InlineTable):
            gone = _key(str(path[-1]))
            self._braced(path[:-1], [entry for entry in _entries(holder) if entry[0] != gone])
        else:
            del holder[path[-1]]

    def append(self, path: Path, table: Mapping[str, Any]) -> int:
        """Add a table to the list at a path, as `[[path]]` after the others or after its holder; return its place."""
        held, lines = self._find(path), self._lines()
        if not (held is MISSING or isinstance(held, AoT)) or isinstance(path[-1], int):
            raise KeyError(path)
        if self._find(path[:-1]) is MISSING:
            raise KeyError(path)
        count = len(held) if isinstance(held, AoT) else 0
        end = self._blocks(path, lines)[-1] if count or len(path) > 1 else len(lines)
        name = ".".join(_key(key) for key in path if isinstance(key, str))
        before = "".join(lines[:end]).rstrip("\n")
        after = "".join(lines[end:])
        block = f"{before}\n\n{_table(name, table)}" if before else _table(name, table)
        self._replace(f"{block}\n{after}" if after else block)
        return count

    def reorder(self, path: Path, order: Sequence[int]) -> None:
        """Put the tables of a list in another order, each with the comments above it; one that is not named goes."""
        held = self._find(path)
        if not isinstance(held, AoT):
            raise KeyError(path)
        if list(order) == list(range(len(held))):
            return
        lines, starts = self._lines(), self._blocks(path, self._lines())
        blocks = ["".join(lines[first:last]) for first, last in pairwise(starts)]
        tail = "".join(lines[starts[-1] :])
        chosen = "\n".join(blocks[place].rstrip("\n") + "\n" for place in order)
        head = "".join(lines[: starts[0]])
        self._replace(f"{head}{chosen}{chr(10) * bool(tail and chosen)}{tail}")

    def _replace(self, text: str) -> None:
        self._document, self._values = tomlkit.parse(text), None

    def _lines(self) -> Sequence[str]:
        return tomlkit.dumps(self._document).splitlines(keepends=True)

    def _blocks(self, path: Path, lines: Sequence[str]) -> Sequence[int]:
        """Return where each table of a list begins, counted from 0, and where the last one ends.

        The comments right above a table belong to it. For an empty list there is only the end of its holder.
        """
        tables = LineNumbers("".join(lines)).tables
        own = [line - 1 for table, line in tables if table[:-1] == path and isinstance(table[-1], int)]
        around = path if own else path[:-1]
        inside = [line - 1 for table, line in tables if table[: len(around)] == around]
        last = max(inside, default=0)
        after = [line - 1 for table, line in tables if line - 1 > last]
        return [self._with_comments(start, lines) for start in (*own, min(after, default=len(lines)))]

    def _with_comments(self, start: int, lines: Sequence[str]) -> int:
        while 0 < start < len(lines) and lines[start - 1].lstrip().startswith("#"):
            start -= 1
        return start

    def _find(self, path: Path) -> Any:
        held: Any = self._document
        for key in path:
            try:
                held = held[key]
            except (KeyError, IndexError, TypeError, TOMLKitError):
                return MISSING
        return held

    def _put(self, path: Path, value: Value) -> None:
        holder, held, key = self._find(path[:-1]), self._find(path), path[-1]
        if holder is MISSING or isinstance(held, AoT | Table | TOMLDocument):
            outer = self._find(path[:-2]) if len(path) > 1 else MISSING
            if holder is not MISSING or not isinstance(outer, Table | TOMLDocument) or isinstance(key, int):
                raise KeyError(path)
            outer.append(tomlkit.key([str(path[-2]), str(key)]), _item(value))
        elif held is MISSING and isinstance(holder, InlineTable):
            self._braced(path[:-1], [*_entries(holder), (_key(str(key)), written(value))])
        elif held is not MISSING or (isinstance(holder, MutableMapping) and isinstance(key, str)):
            holder[key] = _item(value)
        else:
            raise KeyError(path)

    def _braced(self, path: Path, entries: Iterable[tuple[str, str]]) -> None:
        """Write what is between the braces at a path anew, each entry as it stands in the file."""
        self._find(path[:-1])[path[-1]] = tomlkit.value(_braces(entries))


def _entries(table: InlineTable) -> Sequence[tuple[str, str]]:
    return [(key.as_string().strip(), item.as_string()) for key, item in table.value.body if key is not None]


def edited(content: bytes, changes: Mapping[Path, Value | None]) -> bytes:
    """Return a TOML file with these values changed, and every other byte as it was; see `TomlDocument`."""
    document = TomlDocument(content.decode("utf-8"))
    for path, value in changes.items():
        document.set(path, value)
    return document.text.encode("utf-8")


def written(value: Value) -> str:
    """Write a value as TOML does, in one form; a list of tables takes a line for each."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float | Decimal):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    if isinstance(value, Mapping):
        return _braces((_key(str(name)), written(one)) for name, one in value.items())
    if value and isinstance(value[0], Mapping):
        return "[\n" + "".join(f"    {written(one)},\n" for one in value) + "]"
    return f"[{', '.join(map(written, value))}]"


def _braces(entries: Iterable[tuple[str, str]]) -> str:
    inside = ", ".join(f"{name} = {value}" for name, value in entries)
    return f"{{ {inside} }}" if inside else "{}"


def _key(name: str) -> str:
    return tomlkit.key(name).as_string()


def _same(there: Any, value: Value) -> bool:
    if isinstance(value, Decimal):
        return not isinstance(there, str | bool | date) and Decimal(str(there)) == value if there is not None else False
    if isinstance(value, Sequence) and not isinstance(value, str):
        return bool(there == list(value))
    return type(there) is type(value) and bool(there == value)


def _item(value: Value) -> Item:
    return tomlkit.value(written(value))


def _is_wording(value: Mapping[Any, Any]) -> bool:
    return set(value) <= set(Language)


def _table(name: str, values: Mapping[str, Any]) -> str:
    """Write a table: its values, words by language with dotted keys, then lists of mappings as tables below it."""
    lines, below = [f"[[{name}]]"], []
    for key, value in values.items():
        if isinstance(value, Mapping) and _is_wording(value):
            lines += [f"{_key(key)}.{_key(str(inner))} = {written(one)}" for inner, one in value.items()]
        elif isinstance(value, Sequence) and not isinstance(value, str) and value and isinstance(value[0], Mapping):
            below += [_table(f"{name}.{_key(key)}", one) for one in value]
        elif value is not None:
            lines.append(f"{_key(key)} = {written(value)}")
    return "\n".join(["\n".join(lines) + "\n", *below])
