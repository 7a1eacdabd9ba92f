"""The one way in which the site writes the TOML files of a campaign, and the letter's file in it.

A text by language is written as `name.en = …` and `name.fr = …`, a list of tables as `[[name]]`, the texts of a letter
between three quotation marks. Comments are not kept: files that somebody edits by hand keep theirs until a form saves.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeGuard

from advocacy.campaigns.campaign_files import LetterFile
from advocacy.language import Language
from advocacy.problems import KeyPath
from advocacy.toml_source import parse_toml

LONG_TEXTS = frozenset({"alternative"})
"""The tables whose texts are written between three quotation marks."""


def format_toml(table: Mapping[str, Any]) -> str:
    """Write a file of these values; None and empty lists are left out."""
    return "\n".join("\n".join(block) + "\n" for block in _blocks(table, ()) if block)


def format_letter(letter: LetterFile) -> str:
    """Write `letter.toml`, the same bytes for the same letter; what has its default is left out."""
    table = letter.model_dump(mode="python", by_alias=True, exclude_defaults=True)
    for field in table.get("field", ()):
        for resolved in ("options", "offered"):
            field.pop(resolved, None)
    for section in table["section"]:
        section["alternative"] = [{**one.pop("texts"), **one} for one in section["alternative"]]
    return format_toml(table)


def edit_toml(content: bytes, changes: Mapping[KeyPath, Any]) -> bytes:
    """Return a file with the values at these paths changed, None for one to be left out; raise TomlProblems."""
    table = parse_toml(content.decode("utf-8"), file="")
    for path, value in changes.items():
        inside: Any = table
        for key in path[:-1]:
            inside = inside[key] if isinstance(key, int) else inside.setdefault(key, {})
        inside[path[-1]] = value
    return format_toml(table).encode()


def keep_comments(before: bytes, after: bytes) -> bytes:
    """Return the file as somebody wrote it where the other one says the same; raise TomlProblems."""
    same = parse_toml(before.decode("utf-8"), file="") == parse_toml(after.decode("utf-8"), file="")
    return before if same else after


def _blocks(table: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[list[str]]:
    """Yield the lines of a table, then those of the tables in it; each block begins with its header."""
    lines = [f"[[{'.'.join(path)}]]"] if path else []
    below = []
    for key, value in _languages_first(table):
        if _has_languages(value):
            lines += [f"{key}.{name} = {_value(inner)}" for name, inner in _languages_first(value) if inner]
        elif _are_tables(value):
            below += [(one, (*path, key)) for one in value]
        elif isinstance(value, Mapping) and any(map(_are_tables, value.values())):
            below += [(one, (*path, key, name)) for name, ones in value.items() for one in ones]
        elif isinstance(value, str) and path and path[-1] in LONG_TEXTS:
            lines.append(f"{key} = {_long_text(value)}")
        elif value is not None and value not in ([], (), {}):
            lines.append(f"{key} = {_value(value)}")
    yield lines
    for one, where in below:
        yield from _blocks(one, where)


def _has_languages(value: object) -> TypeGuard[Mapping[str, Any]]:
    return isinstance(value, Mapping) and not {*Language}.isdisjoint(value)


def _languages_first(table: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the texts of a table in the order of the languages, and then its other values in their own."""
    yield from ((language, table[language]) for language in Language if language in table)
    yield from ((key, value) for key, value in table.items() if key not in {*Language})


def _are_tables(value: object) -> TypeGuard[Sequence[Mapping[str, Any]]]:
    return isinstance(value, list | tuple) and bool(value) and isinstance(value[0], Mapping)


def _long_text(words: str) -> str:
    return '"""' + "\n".join(_value(line)[1:-1] for line in words.split("\n")) + '"""'


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value:f}"
        case Mapping():
            inside = ", ".join(f"{key} = {_value(one)}" for key, one in value.items() if one not in (None, [], ()))
            return f"{{ {inside} }}"
        case list() | tuple():
            return f"[{', '.join(map(_value, value))}]"
        case _:
            return str(value)
