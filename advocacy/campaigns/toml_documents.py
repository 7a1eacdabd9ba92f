"""TOML files changed value by value: every other byte, comments too, stays as somebody wrote it.

    document = TomlDocument(text)
    document.set(("name", "en"), "A name")                      # name.en = "…", or within name = { … }
    document.set(("opens",), date(2026, 1, 2))
    document.set(("question", 0, "option", 1, "percent"), 14)   # places in lists count from 0
    document.remove(("share",))                                 # a value, or all that is below it
    document.append(("question",), {"key": "two", "question": {"en": "…", "fr": "…"}})    # another [[question]]
    document.set(("question",), [{"key": "two", …}, {"key": "one", …}])    # these tables, recognized by their keys
    document.reorder(("question",), [1, 0])                     # the second first; what is not named goes
    document.text

A `Wording` or a mapping is written as `name.en = …` and `name.fr = …`; a list of mappings as tables of their own,
unless one is there within brackets.
"""

import json
import tomllib
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any, TypeAlias, TypeGuard

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, InlineTable, Item, Table
from tomlkit.toml_document import TOMLDocument

from advocacy.language import Language
from advocacy.problems import KeyPath
from advocacy.toml_source import BOM, TomlPlaces, parse_toml

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
        parse_toml(plain, file="")  # raises TomlProblems
        self._windows = "\r\n" in plain and "\n" not in plain.replace("\r\n", "")
        self._document = tomlkit.parse(plain.replace("\r\n", "\n") if self._windows else plain)

    @property
    def text(self) -> str:
        text = tomlkit.dumps(self._document)
        return self._bom + (text.replace("\n", "\r\n") if self._windows else text)

    def get(self, path: KeyPath) -> Any:
        """Return the plain value at a path, None where there is none."""
        item = self._find(path)
        return None if item is MISSING else item.unwrap() if hasattr(item, "unwrap") else item

    def set(self, path: KeyPath, value: Value | None) -> None:
        """Put a value at a path, in the place of what is there; None removes it. An equal value changes nothing.

        The tables of a list are recognized by their `key` wherever they were moved, others by their place.
        """
        before, parent = self.get(path), self._find(path[:-1])
        in_table = isinstance(parent, Table | TOMLDocument)
        if value is None:
            self.remove(path)
        elif isinstance(value, Mapping) and isinstance(before, Mapping):
            for name in before.keys() - {str(name) for name in value}:
                self.remove((*path, name))
            for name, one in value.items():
                self.set((*path, str(name)), one)
        elif isinstance(value, Mapping) and in_table:
            self.remove(path)
            for key, one in value.items():  # as lines of the table around it, `name.en = …`; lists of tables after it
                if _are_tables(one):
                    self.append((*path, str(key)), *one)
                else:
                    parent.append(tomlkit.key([str(path[-1]), str(key)]), _item(one))
        elif _are_tables(value) and (isinstance(self._find(path), AoT) or (before is None and in_table)):
            self._set_tables(path, value)
        elif not _is_same(before, value):
            self._put(path, value)

    def remove(self, path: KeyPath) -> None:
        if self.get(path) is None:
            return
        parent = self._find(path[:-1])
        if isinstance(parent, InlineTable):
            removed = _key(str(path[-1]))
            self._put_inline(path[:-1], [entry for entry in _entries(parent) if entry[0] != removed])
        else:
            del parent[path[-1]]

    def append(self, path: KeyPath, *tables: Mapping[str, Any]) -> int:
        """Add tables to the list at a path, as `[[path]]` after the others or after what holds the list.

        Returns the place of the first.
        """
        item, parent, lines = self._find(path), self._find(path[:-1]), self._lines()
        is_wrong = not (item is MISSING or isinstance(item, AoT)) or isinstance(path[-1], int)
        if is_wrong or (parent is MISSING and any(isinstance(key, int) for key in path)):
            raise KeyError(path)
        count = len(item) if isinstance(item, AoT) else 0
        end = self._starts(path, lines)[-1] if count or (parent is not MISSING and len(path) > 1) else len(lines)
        name = ".".join(_key(key) for key in path if isinstance(key, str))
        before, after = "".join(lines[:end]).rstrip("\n"), "".join(lines[end:])
        blocks = [*([before] if before else []), *(_table(name, table).rstrip("\n") for table in tables)]
        self._document = tomlkit.parse("\n\n".join(blocks) + ("\n\n" if after else "\n") + after)
        return count

    def reorder(self, path: KeyPath, order: Sequence[int]) -> None:
        """Put the tables of a list in another order, each with the comments above it; remove those not in it."""
        item = self._find(path)
        if not isinstance(item, AoT):
            raise KeyError(path)
        if list(order) == list(range(len(item))):
            return
        lines = self._lines()
        starts = self._starts(path, lines)
        blocks = ["".join(lines[first:last]).rstrip("\n") + "\n" for first, last in pairwise(starts)]
        head, tail = "".join(lines[: starts[0]]), "".join(lines[starts[-1] :])
        chosen = "\n".join(blocks[place] for place in order)
        self._document = tomlkit.parse(head + chosen + ("\n" if tail and chosen else "") + tail)

    def _set_tables(self, path: KeyPath, tables: Sequence[Mapping[str, Any]]) -> None:
        """Change the tables of a list that are there already, add the others, and put all in their order."""
        before = self.get(path) or []
        places = {table.get("key", place): place for place, table in enumerate(before)}
        order: list[int] = []
        added: list[Mapping[str, Any]] = []
        for number, table in enumerate(tables):
            place = places.pop(table.get("key", number), None)
            if place is None:
                place = len(before) + len(added)
                added.append(table)
            else:
                self.set((*path, place), table)
            order.append(place)
        if added:
            self.append(path, *added)
        self.reorder(path, order)

    def _lines(self) -> Sequence[str]:
        return tomlkit.dumps(self._document).splitlines(keepends=True)

    def _starts(self, path: KeyPath, lines: Sequence[str]) -> Sequence[int]:
        """Return where each table of a list begins, counted from 0, and where the last one ends.

        tomlkit has the comments above a table at the end of the one before; here they belong to the table. For an
        empty list there is only the end of what holds it.
        """
        tables = TomlPlaces("".join(lines)).tables
        own = [line - 1 for table, line in tables if table[:-1] == path and isinstance(table[-1], int)]
        around = path if own else path[:-1]
        last = max((line - 1 for table, line in tables if table[: len(around)] == around), default=0)
        end = min((line - 1 for _, line in tables if line - 1 > last), default=len(lines))

        def with_comments(start: int) -> int:
            above = (line for line in range(start, 0, -1) if not lines[line - 1].lstrip().startswith("#"))
            return next(above, 0) if start < len(lines) else start

        return [with_comments(start) for start in (*own, end)]

    def _find(self, path: KeyPath) -> Any:
        item: Any = self._document
        for key in path:
            try:
                item = item[key]
            except (KeyError, IndexError, TypeError, TOMLKitError):
                return MISSING
        return item

    def _put(self, path: KeyPath, value: Value) -> None:
        parent, item, key = self._find(path[:-1]), self._find(path), path[-1]
        if parent is MISSING or isinstance(item, AoT | Table | TOMLDocument):
            outer = self._find(path[:-2]) if len(path) > 1 else MISSING
            if parent is not MISSING or not isinstance(outer, Table | TOMLDocument) or isinstance(key, int):
                raise KeyError(path)
            outer.append(tomlkit.key([str(path[-2]), str(key)]), _item(value))
        elif item is MISSING and isinstance(parent, InlineTable):
            self._put_inline(path[:-1], [*_entries(parent), (_key(str(key)), format_value(value))])
        elif item is not MISSING or (isinstance(parent, MutableMapping) and isinstance(key, str)):
            parent[key] = _item(value)
        else:
            raise KeyError(path)

    def _put_inline(self, path: KeyPath, entries: Iterable[tuple[str, str]]) -> None:
        """Write an inline table anew, each entry as it is in the file: tomlkit leaves gaps and doubles spaces."""
        self._find(path[:-1])[path[-1]] = tomlkit.value(_inline_table(entries))


def _entries(table: InlineTable) -> Sequence[tuple[str, str]]:
    return [(key.as_string().strip(), item.as_string()) for key, item in table.value.body if key is not None]


def edit_toml(content: bytes, changes: Mapping[KeyPath, Value | None]) -> bytes:
    """Return a TOML file with these values changed, and every other byte as it was; see `TomlDocument`."""
    document = TomlDocument(content.decode("utf-8"))
    for path, value in changes.items():
        document.set(path, value)
    return document.text.encode("utf-8")


def replace_values(content: bytes, values: Mapping[str, Any]) -> bytes:
    """Return a TOML file with these values and no others, None for none; what did not change keeps its bytes.

    Raises ValueError where `content` is not TOML in UTF-8.
    """
    present = {name: value for name, value in values.items() if value is not None}
    made, wanted = edit_toml(content, {(): present}), tomllib.loads(f"x = {format_value(present)}")["x"]
    if tomllib.loads(made.decode("utf-8-sig")) != wanted:
        return tomlkit.dumps(wanted).encode()  # its lines are in an order that no value can be put into
    return made


def format_value(value: Value) -> str:
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
        return _inline_table((_key(str(name)), format_value(one)) for name, one in value.items())
    if value and isinstance(value[0], Mapping):
        return "[\n" + "".join(f"    {format_value(one)},\n" for one in value) + "]"
    return f"[{', '.join(map(format_value, value))}]"


def _inline_table(entries: Iterable[tuple[str, str]]) -> str:
    inside = ", ".join(f"{name} = {value}" for name, value in entries)
    return f"{{ {inside} }}" if inside else "{}"


def _key(name: str) -> str:
    return tomlkit.key(name).as_string()


def _is_same(there: Any, value: Value) -> bool:
    if isinstance(value, Decimal):
        return not isinstance(there, str | bool | date) and Decimal(str(there)) == value if there is not None else False
    if isinstance(value, Sequence) and not isinstance(value, str):
        return bool(there == list(value))
    # A member of a StrEnum is the same as its text; True is not the same as 1.
    return (isinstance(value, str) or type(there) is type(value)) and bool(there == value)


def _item(value: Value) -> Item:
    return tomlkit.value(format_value(value))


def _are_tables(value: object) -> TypeGuard[Sequence[Mapping[str, Any]]]:
    return isinstance(value, Sequence) and not isinstance(value, str) and bool(value) and isinstance(value[0], Mapping)


def _table(name: str, values: Mapping[str, Any]) -> str:
    """Write a table: its values, words by language with dotted keys, then lists of mappings as tables below it."""
    lines, below = [f"[[{name}]]"], []
    for key, value in values.items():
        if isinstance(value, Mapping) and set(value) <= set(Language):
            lines += [f"{_key(key)}.{_key(str(inner))} = {format_value(one)}" for inner, one in value.items()]
        elif _are_tables(value):
            below += [_table(f"{name}.{_key(key)}", one) for one in value]
        elif value is not None:
            lines.append(f"{_key(key)} = {format_value(value)}")
    return "\n".join(["\n".join(lines) + "\n", *below])
