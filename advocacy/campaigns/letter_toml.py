"""`letter.toml` written from a form: what did not change keeps its bytes, and what is new reads back equal."""

from collections.abc import Mapping, Sequence
from typing import Any

from advocacy.campaigns.campaign_files import LetterFile
from advocacy.campaigns.fields import Field
from advocacy.campaigns.toml_documents import TomlDocument, replace_values
from advocacy.toml_source import TomlProblems, parse_toml, read_toml

FILE = "letter.toml"


def update_letter_toml(text: str, letter: LetterFile) -> str:
    """Return `text`, a letter's file, with the values of `letter`; a file that cannot be read is written whole.

    A field that is still there keeps its comments.
    """
    try:
        before, table = read_toml(text, LetterFile, file=FILE), parse_toml(text, file=FILE)
    except TomlProblems:
        return format_letter_toml(letter)
    if before == letter:
        return text
    old_values, tables = _values(before), {field["key"]: field for field in table.get("field", ())}
    old_fields = {field.key: _field_values(field) for field in before.fields}
    values = _with_written_defaults(_values(letter), old_values, table)
    values["field"] = [
        _with_written_defaults(_field_values(field), old_fields.get(field.key, {}), tables.get(field.key, {}))
        for field in letter.fields
    ] or None
    return replace_values(text.encode(), values).decode()


def with_finding_list(text: str, cited: Sequence[str]) -> str:
    """Return a letter's file whose findings are those `cited`, in the order they had; one that is no TOML stays."""
    try:
        listed = parse_toml(text, file=FILE).get("findings", [])
        still_cited = [key for key in listed if key in cited] if isinstance(listed, list) else []
        wanted = list(dict.fromkeys([*still_cited, *cited]))
        if wanted == listed:
            return text
        document = TomlDocument(text)
        document.set(("findings",), wanted)
        return document.text
    except (KeyError, TomlProblems):
        return text


def format_letter_toml(letter: LetterFile) -> str:
    fields = [_field_values(field) for field in letter.fields]
    return replace_values(b"", {**_values(letter), "field": fields or None}).decode()


def _with_written_defaults(
    values: Mapping[str, Any], before: Mapping[str, Any], table: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the values, with the defaults that the file has written out and that stay the defaults."""
    return {**values, **{name: value for name, value in table.items() if name not in {*values, *before}}}


def _values(letter: LetterFile) -> dict[str, Any]:
    """Return the values of a letter but its fields, without those that are the defaults."""
    values = letter.model_dump(exclude={"fields"}, exclude_defaults=True)
    return {**values, "findings": letter.findings}


def _field_values(field: Field) -> dict[str, Any]:
    return field.model_dump(exclude={"options"}, exclude_defaults=True, by_alias=True)
