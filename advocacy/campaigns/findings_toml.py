"""A survey's file is written anew from its values: what did not change stays as it is, byte for byte, comments too."""

import re
from collections.abc import Mapping, MutableMapping, Sequence
from decimal import Decimal
from typing import Any

import tomlkit
from tomlkit.items import AoT, InlineTable

from advocacy.toml_source import BOM

Row = Mapping[str, Any]
_LONG_TEXT = re.compile(r"\"{3}|'{3}")
_BLANK_LINES = re.compile(r"(?:\r?\n){3,}")
_BEFORE_TABLE = re.compile(r"^((?!#)[^\n]+)\n(?=\[\[)", re.MULTILINE)
_LINE_END = re.compile(r"(?<!\r)\n")


def written(content: bytes, values: Row) -> bytes:
    """Return a file with these values, and no others: tables, lists of tables, texts and numbers.

    Tables of a list that have a `key` are known again by it wherever they were moved, others by their place. Raises
    ValueError where `content` is not TOML in UTF-8.
    """
    whole = content.decode("utf-8")
    document = tomlkit.parse(whole.removeprefix(BOM))
    moved = _update(document, values)
    text = tomlkit.dumps(document)
    if moved and not _LONG_TEXT.search(text):
        text = _BEFORE_TABLE.sub(r"\1\n\n", _BLANK_LINES.sub("\n\n", text)).rstrip("\r\n") + "\n"
    if "\r\n" in whole:
        text = _LINE_END.sub("\r\n", text)
    return (BOM * whole.startswith(BOM) + text).encode("utf-8")


def _update(table: MutableMapping[str, Any], values: Row) -> bool:
    """Give a table these values; return whether tables of a list were added, removed or moved."""
    moved = False
    for name in [name for name in table if name not in values]:
        del table[name]
    for name, value in values.items():
        if isinstance(value, Mapping):
            if name in table:
                moved |= _update(table[name], value)
            else:
                _add(table, name, value)
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            moved |= _update_rows(table, name, value)
        elif name not in table or table[name] != _plain(value):
            table[name] = _plain(value)
    return moved


def _update_rows(table: MutableMapping[str, Any], name: str, rows: Sequence[Row]) -> bool:
    before = table.get(name, [])
    if not isinstance(before, AoT) and before == rows:
        return False  # a list in braces
    old = list(before) if isinstance(before, AoT) else []
    by_key = {row["key"]: row for row in old if "key" in row}
    made, moved = [], False
    for place, row in enumerate(rows):
        known = by_key.get(row["key"]) if "key" in row else old[place] if place < len(old) else None
        if known is None:
            known = tomlkit.table()
        moved |= _update(known, row)
        made.append(known)
    if len(made) == len(old) and all(one is other for one, other in zip(made, old, strict=True)):
        return moved
    table[name] = tomlkit.aot()
    for row_table in made:
        table[name].append(row_table)
    return True


def _add(table: MutableMapping[str, Any], name: str, values: Row) -> None:
    """Add a table as lines of its own, `name.en = …`, in braces inside braces."""
    if isinstance(table, InlineTable):
        table[name] = {key: _plain(value) for key, value in values.items()}
        return
    if any(isinstance(value, list) and value and isinstance(value[0], Mapping) for value in values.values()):
        table[name] = tomlkit.table(is_super_table=True)
        for key, rows in values.items():
            _update_rows(table[name], key, rows)
        return
    for key, value in values.items():
        inner = _braced(value) if isinstance(value, Mapping) else _plain(value)
        table.append(tomlkit.key([name, key]), inner)  # type: ignore[attr-defined]


def _braced(values: Row) -> InlineTable:
    table = tomlkit.inline_table()
    table.update({key: _plain(value) for key, value in values.items()})
    return table


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value % 1 == 0 else float(value)
    return value
