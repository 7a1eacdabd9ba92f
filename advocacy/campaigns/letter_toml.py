"""`letter.toml` written from a form: what did not change keeps its bytes, and what is written anew reads back equal."""

from collections.abc import Mapping, Sequence
from typing import Any

from advocacy.campaigns.campaign_files import LetterFile
from advocacy.campaigns.fields import Field
from advocacy.campaigns.toml_documents import TomlDocument, format_value
from advocacy.language import Language, Wording
from advocacy.toml_source import TomlProblems, parse_toml, read_toml

FILE = "letter.toml"
DEFAULT_LENGTH = 254


def update_letter_toml(text: str, letter: LetterFile) -> str:
    """Return `text`, a letter's file, as one that says what `letter` says.

    A field that is still there keeps its comments, unless its prompts changed; a file that cannot be read, or cannot be
    changed in place, is written whole.
    """
    try:
        before = read_toml(text, LetterFile, file=FILE)
        if before == letter:
            return text
        made = _in_place(text, before, letter)
        return made if read_toml(made, LetterFile, file=FILE) == letter else format_letter_toml(letter)
    except (KeyError, ValueError):  # TomlProblems is a ValueError too
        return format_letter_toml(letter)


def with_finding_list(text: str, cited: Sequence[str]) -> str:
    """Return a letter's file whose findings are those `cited`, in the order they had; one that is no TOML stays."""
    try:
        listed = parse_toml(text, file=FILE).get("findings", [])
        kept = [key for key in listed if key in cited] if isinstance(listed, list) else []
        wanted = list(dict.fromkeys([*kept, *cited]))
        if wanted == listed:
            return text
        document = TomlDocument(text)
        document.set(("findings",), wanted)
        return document.text
    except (KeyError, TomlProblems):
        return text


def format_letter_toml(letter: LetterFile) -> str:
    """Write a letter's file whole, in the form of those that ship."""
    head = [
        *_worded("title", letter.title),
        *_worded("ask", letter.ask),
        *(f"{name} = {format_value(value)}" for name, value in _choices_of(letter).items() if value is not None),
        "",
        f"findings = [{', '.join(map(format_value, letter.findings))}]",
    ]
    document = TomlDocument("\n".join(head) + "\n")
    for field in letter.fields:
        document.append(("field",), _table(field))
    return document.text


def _choices_of(letter: LetterFile) -> Mapping[str, str | int | None]:
    """Return when the letter is offered, how long it is and its place, None for what is as usual."""
    usual = LetterFile.model_fields
    chosen = {"offer": letter.offer, "length": letter.length, "place": letter.place}
    plain = {"offer": letter.offer.value, "length": letter.length.value, "place": letter.place}
    return {name: None if chosen[name] == usual[name].default else plain[name] for name in chosen}


def _in_place(text: str, before: LetterFile, letter: LetterFile) -> str:
    """Change the values that differ, and put the fields in their new order."""
    document = TomlDocument(text)
    was = {"title": before.title, "ask": before.ask, **_choices_of(before), "findings": before.findings}
    wanted = {"title": letter.title, "ask": letter.ask, **_choices_of(letter), "findings": letter.findings}
    for name, value in wanted.items():
        if was[name] != value:
            document.set((name,), value)
    old = {field.key: (place, field) for place, field in enumerate(before.fields)}
    places: dict[str, int] = {}
    for field in letter.fields:
        place, known = old.get(field.key, (-1, None))
        if known is None or known.prompts != field.prompts:
            places[field.key] = document.append(("field",), _table(field))
            continue
        places[field.key] = place
        held, table = _table(known), _table(field)
        for name in ("kind", "choices", "required", "max_characters", "word_count", "label", "hint"):
            if held[name] != table[name]:
                document.set(("field", place, name), table[name])
    if before.fields or places:
        document.reorder(("field",), list(places.values()))
    return document.text


def _table(field: Field) -> dict[str, Any]:
    """Return a field as its table says it, None for what is as usual."""
    return {
        "key": field.key,
        "kind": field.kind.value,
        "choices": field.choices or None,
        "required": field.required or None,
        "max_characters": field.max_characters if field.max_characters != DEFAULT_LENGTH else None,
        "word_count": {"least": field.word_count.least, "most": field.word_count.most} if field.word_count else None,
        "label": field.label,
        "hint": field.hint,
        "prompt": [dict(prompt) for prompt in field.prompts] or None,
    }


def _worded(name: str, words: Wording) -> list[str]:
    return [f"{name}.{language.value} = {format_value(words.in_language(language))}" for language in Language]
