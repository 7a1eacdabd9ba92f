"""Single values of a TOML file are changed in place: every other byte, comments too, stays as somebody wrote it."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

from advocacy.campaigns.toml_spans import Spans
from advocacy.problems import Path
from advocacy.toml_source import BOM, parsed

Value: TypeAlias = str | int | bool | date | Sequence[str] | Sequence[Mapping[str, str]]
BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
MISSING = object()


def edited(content: bytes, changes: Mapping[Path, Value | None]) -> bytes:
    """Give a TOML file with these values changed, and every other byte and comment as it was.

    None takes a key away. A key that is not there yet is added after the last of its neighbours, or at the end of its
    table. Raises KeyError where the table or list entry that is to hold it does not exist, or where a whole table is
    to become something else, ValueError where `content` is not TOML in UTF-8.
    """
    whole = content.decode("utf-8")
    text = whole.removeprefix(BOM)
    table = parsed(text, file="")
    wanted = {path: value for path, value in changes.items() if not _same(_found(table, path), value)}
    there = {path: value for path, value in wanted.items() if _found(table, path) is not MISSING}
    text = _replaced(text, {path: value for path, value in there.items() if value is not None})
    for path, value in wanted.items():
        if value is None:
            text = _without(text, path)
        elif path not in there:
            text = _with(text, path, value)
    return (BOM * whole.startswith(BOM) + text).encode("utf-8")


def written(value: Value) -> str:
    """Write a value as TOML does; a list of tables takes a line for each."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return str(value)
    if value and isinstance(value[0], Mapping):
        lines = "".join(f"    {_braced(entry)},\n" for entry in value if isinstance(entry, Mapping))
        return f"[\n{lines}]"
    return f"[{', '.join(written(str(entry)) for entry in value)}]"


def _braced(entry: Mapping[str, str]) -> str:
    return f"{{ {', '.join(f'{_key(name)} = {written(value)}' for name, value in entry.items())} }}"


def _same(there: Any, value: Value | None) -> bool:
    if value is None or there is MISSING:
        return value is None and there is MISSING
    if isinstance(value, Sequence) and not isinstance(value, str):
        return bool(there == list(value))
    return type(there) is type(value) and bool(there == value)


def _found(table: Any, path: Path) -> Any:
    for key in path:
        try:
            table = table[key]
        except (KeyError, IndexError, TypeError):
            return MISSING
    return table


def _replaced(text: str, changes: Mapping[Path, Value]) -> str:
    spans = Spans.of(text).values
    for path in sorted(changes, key=lambda path: spans[path], reverse=True):
        start, end = spans[path]
        text = text[:start] + _lines(written(changes[path]), text) + text[end:]
    return text


def _without(text: str, path: Path) -> str:
    """Take a key away, or every key below it; inside braces with its comma."""
    spans = Spans.of(text)
    if path in spans.entries:
        return _out_of_braces(text, *spans.entries[path])
    gone = [one.lines for held, one in spans.statements.items() if held[: len(path)] == path]
    if not gone:
        raise KeyError(path)
    for start, end in sorted(gone, reverse=True):
        text = text[:start] + text[end:]
    return text


def _out_of_braces(text: str, start: int, end: int) -> str:
    after = re.compile(r"\s*,\s*").match(text, end)
    if after:
        return text[:start] + text[after.end() :]
    before = re.search(r"\s*,\s*$", text[:start])
    return text[: before.start() if before else start] + text[end:]


def _with(text: str, path: Path, value: Value) -> str:
    """Add a key where its neighbours are."""
    spans = Spans.of(text)
    holder = path[:-1]
    if holder in spans.values:
        return _into_braces(text, spans, path, value=value)
    neighbours = [one for held, one in spans.statements.items() if held[:-1] == holder]
    if neighbours:
        place, table = max(one.lines[1] for one in neighbours), neighbours[-1].table
    else:
        table = next((holder[:size] for size in range(len(holder), -1, -1) if holder[:size] in spans.ends), ())
        place = spans.ends[table]
    names = path[len(table) :]
    if any(isinstance(name, int) for name in names):
        raise KeyError(path)
    ended = "" if place == 0 or text[place - 1] == "\n" else "\n"
    line = f"{ended}{'.'.join(_key(str(name)) for name in names)} = {written(value)}\n"
    return text[:place] + _lines(line, text) + text[place:]


def _into_braces(text: str, spans: Spans, path: Path, *, value: Value) -> str:
    start, end = spans.values[path[:-1]]
    if text[start] != "{":
        raise KeyError(path)
    inside = text[start + 1 : end - 1].rstrip()
    comma = "," if inside and not inside.endswith(",") else ""
    return f"{text[: start + 1]}{inside}{comma} {_key(str(path[-1]))} = {written(value)} {text[end - 1 :]}"


def _key(name: str) -> str:
    return name if BARE_KEY.fullmatch(name) else json.dumps(name, ensure_ascii=False)


def _lines(new: str, text: str) -> str:
    """End the lines of what is new as the file ends its own."""
    return new.replace("\n", "\r\n") if "\r\n" in text else new
