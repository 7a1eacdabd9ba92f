"""`letter.toml` written from a form: what did not change keeps its bytes, and what is written anew reads back equal."""

import re
from collections.abc import Iterator, Mapping, Sequence

from advocacy.campaigns.campaign import LetterFile
from advocacy.campaigns.fields import Field
from advocacy.campaigns.toml_editing import edited, written
from advocacy.language import Language, Wording
from advocacy.problems import Path
from advocacy.toml_source import TomlProblems, parsed, read

FILE = "letter.toml"
_BLOCK = re.compile(r"(?m)^(?=[ \t]*\[\[\s*field\s*\]\])")
_COMMENT = re.compile(r"(?m)^\s*#")
_LEAD = re.compile(r"(?:^[ \t]*(?:#.*)?(?:\r?\n|\Z))+\Z", re.M)
DEFAULT_LENGTH = 254


def rewritten(text: str, letter: LetterFile) -> str:
    """Give `text`, a letter's file, as one that says what `letter` says.

    A field that is still there keeps its comments, unless its prompts changed; a file that cannot be read, or cannot be
    changed in place, is written whole.
    """
    try:
        before = read(text, LetterFile, file=FILE)
    except TomlProblems:
        return canonical(letter)
    if before == letter:
        return text
    try:
        made = _in_place(text, before, letter)
        if read(made, LetterFile, file=FILE) == letter:
            return made
    except (KeyError, ValueError):
        pass  # TomlProblems is a ValueError too
    return canonical(letter)


def with_findings(text: str, cited: Sequence[str]) -> str:
    """Give a letter's file whose findings are those `cited`, in the order they had; one that is no TOML stays."""
    try:
        listed = parsed(text, file=FILE).get("findings", [])
        kept = [key for key in listed if key in cited] if isinstance(listed, list) else []
        wanted = list(dict.fromkeys([*kept, *cited]))
        return edited(text.encode(), {("findings",): wanted}).decode() if wanted != listed else text
    except (KeyError, ValueError):
        return text


def loses_comments(text: str, made: str) -> bool:
    """Tell whether `made` has fewer comments than `text`."""
    return len(_COMMENT.findall(made)) < len(_COMMENT.findall(text))


def canonical(letter: LetterFile) -> str:
    """Write a letter's file whole, in the form of those that ship."""
    head = [
        *_worded("title", letter.title),
        *_worded("ask", letter.ask),
        *(f"{name} = {written(value)}" for name, value in _choices_of(letter).items() if value is not None),
        "",
        f"findings = [{', '.join(map(written, letter.findings))}]",
    ]
    return "\n".join(head) + "\n" + "".join(f"\n{_block(field)}" for field in letter.fields)


def _choices_of(letter: LetterFile) -> Mapping[str, str | int | None]:
    """Return when the letter is offered, how long it is and its place, None for what is as usual."""
    usual = LetterFile.model_fields
    chosen = {"offer": letter.offer, "length": letter.length, "place": letter.place}
    plain = {"offer": letter.offer.value, "length": letter.length.value, "place": letter.place}
    return {name: None if chosen[name] == usual[name].default else plain[name] for name in chosen}


def _in_place(text: str, before: LetterFile, letter: LetterFile) -> str:
    """Change the head's values, and put the fields' pieces in their new order; raises KeyError, ValueError."""
    head, *blocks = _parted(text)
    if len(blocks) != len(before.fields):
        raise ValueError("the fields are not written as tables one after another")
    changes = {**_wording("title", before.title, letter.title), **_wording("ask", before.ask, letter.ask)}
    was, wanted = _choices_of(before), _choices_of(letter)
    changes |= {(name,): wanted[name] for name in wanted if was[name] != wanted[name]}
    if before.findings != letter.findings:
        changes[("findings",)] = list(letter.findings)
    pieces = [_edited(head, changes)]
    known = {field.key: (field, block) for field, block in zip(before.fields, blocks, strict=True)}
    for field in letter.fields:
        old, block = known.get(field.key, (None, ""))
        pieces.append(_field(old, block, field) if old else _block(field))
    return "\n".join(piece.strip("\r\n") + "\n" for piece in pieces)


def _parted(text: str) -> Sequence[str]:
    """Part a file before each field; the comments right above a field go with it."""
    pieces = _BLOCK.split(text)
    parted = [pieces[0]]
    for piece in pieces[1:]:
        lead = _LEAD.search(parted[-1])
        comments = lead[0] if lead and "#" in lead[0] else ""
        if comments:
            parted[-1] = parted[-1][: -len(comments)]
        parted.append(comments + piece)
    return parted


def _field(old: Field, block: str, field: Field) -> str:
    if old == field:
        return block
    if old.prompts != field.prompts:
        return _block(field)
    return _edited(block, dict(_field_changes(old, field)))


def _field_changes(old: Field, field: Field) -> Iterator[tuple[Path, object]]:
    at = ("field", 0)
    for name, was, wanted in (("label", old.label, field.label), ("hint", old.hint, field.hint)):
        yield from _wording((*at, name), was, wanted).items()
    plain: Mapping[str, tuple[object, object]] = {
        "kind": (old.kind.value, field.kind.value),
        "choices": (old.choices or None, field.choices or None),
        "required": (old.required or None, field.required or None),
        "max_characters": (old.max_characters, field.max_characters),
    }
    yield from (((*at, name), wanted) for name, (was, wanted) in plain.items() if was != wanted)
    if old.word_count != field.word_count:
        if old.word_count is None or field.word_count is None:
            raise ValueError("a word count comes or goes whole")
        yield (*at, "word_count", "least"), field.word_count.least
        yield (*at, "word_count", "most"), field.word_count.most


def _wording(path: Path | str, was: Wording | None, wanted: Wording | None) -> dict[Path, object]:
    whole = (path,) if isinstance(path, str) else path
    return {
        (*whole, language.value): wanted.spoken(language) if wanted else None
        for language in Language
        if (was.spoken(language) if was else None) != (wanted.spoken(language) if wanted else None)
    }


def _edited(text: str, changes: Mapping[Path, object]) -> str:
    return edited(text.encode(), changes).decode() if changes else text  # type: ignore[arg-type]


def _block(field: Field) -> str:
    lines = ["[[field]]", f"key = {written(field.key)}", f"kind = {written(field.kind.value)}"]
    if field.choices:
        lines.append(f"choices = {written(field.choices)}")
    if field.required:
        lines.append("required = true")
    if field.max_characters != DEFAULT_LENGTH:
        lines.append(f"max_characters = {field.max_characters}")
    if field.word_count:
        lines.append(f"word_count = {{ least = {field.word_count.least}, most = {field.word_count.most} }}")
    lines += _worded("label", field.label)
    lines += _worded("hint", field.hint) if field.hint else []
    for prompt in field.prompts:
        lines += ["", "[[field.prompt]]"]
        lines += [f"{language.value} = {written(prompt.spoken(language))}" for language in Language]
    return "\n".join(lines) + "\n"


def _worded(name: str, words: Wording) -> list[str]:
    return [f"{name}.{language.value} = {written(words.spoken(language))}" for language in Language]
