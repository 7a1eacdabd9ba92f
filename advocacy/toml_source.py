"""Read a TOML file into a model, or raise every problem with its file and line."""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from advocacy.language import MissingLanguage, UnknownLanguage
from advocacy.messages import Message, message
from advocacy.problems import SENTENCES, Complaint, Key, KeyPath, Place, Problem, complaint

Model = TypeVar("Model", bound=BaseModel)
Value = TypeVar("Value")
BOM = "\ufeff"


class Frozen(BaseModel):
    """The base of all that is read from a data file: unknown keys refused, nothing changed after reading."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class TomlProblems(ValueError):
    """The file cannot be used; `problems` are what is wrong in it, line by line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def read_or_report(read: Callable[[], Value], problems: list[Problem] | None = None) -> Value | None:
    """Return what is read, or None after adding to `problems` what keeps it from being read."""
    try:
        return read()
    except TomlProblems as refused:
        if problems is not None:
            problems += refused.problems
        return None


def read_toml(
    text: str,
    model: type[Model],
    *,
    file: str,
    also: Callable[[Model], Iterable[tuple[KeyPath, Complaint]]] = lambda _: (),
) -> Model:
    """Return `text` as a value of `model`; `also` finds what is wrong between its parts, each a path and a complaint.

    Raises TomlProblems with every problem at once; `file` is the name that problems show.
    """
    text = text.removeprefix(BOM)
    table = parse_toml(text, file=file)
    try:
        value = model.model_validate(table, by_alias=True, by_name=False)
    except ValidationError as error:
        raise TomlProblems(TomlPlaces(text).problems(_complaints(error), file)) from None
    if broken := list(also(value)):
        raise TomlProblems(TomlPlaces(text).problems(broken, file))
    return value


def parse_toml(text: str, *, file: str) -> dict[str, Any]:
    """Return `text` as tables and values; raise TomlProblems for whatever Python cannot read."""
    text = text.removeprefix(BOM)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TomlProblems([_syntax_problem(error, text, file)]) from None
    except ValueError:  # Python reads no whole number of more than some thousand digits
        raise TomlProblems([complaint("toml-number-too-long").at(Place(file))]) from None
    except RecursionError:
        raise TomlProblems([complaint("toml-too-deep").at(Place(file))]) from None


class TomlPlaces:
    """The places of keys and values in a TOML file; its text must already have parsed as TOML."""

    _table = re.compile(r"^\s*(\[\[?)([^\]]+)\]\]?\s*(#.*)?$")
    _key = re.compile(r"""^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
    _part = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")

    def __init__(self, text: str) -> None:
        self.tables: list[tuple[KeyPath, int]] = []
        """The header of every table with its line, in order."""
        self._text = text
        self._lines: dict[KeyPath, int] = {(): 1}
        self._repeated: Counter[KeyPath] = Counter()
        inside: KeyPath = ()
        for number, line in _lines_outside_long_strings(text):
            if table := self._table.match(line):
                inside = self._table_path(self._keys(table[2]), repeated=table[1] == "[[")
                self.tables.append((inside, number))
                self._add((), inside, number)
            elif key := self._key.match(line):
                self._add(inside, self._keys(key[1]), number)

    def line(self, path: Sequence[Key]) -> int:
        """Return the line of `path`, or of the nearest table that holds it."""
        whole = tuple(path)
        holders = (whole[:size] for size in range(len(whole), -1, -1))
        return next(self._lines[holder] for holder in holders if holder in self._lines)

    def words(self, path: KeyPath, words: str, start: int = 0) -> tuple[int, int]:
        """Return the line and column of `words[start:]`, where `words` is the value of the last key of `path`."""
        key = rf"\b{re.escape(str(path[-1]))}\b[\"']?\s*=\s*(?:\"\"\"\n?|'''\n?|\"|')"
        found = re.compile(key + re.escape(words)).search(self._text, offset(self._text, self.line(path), 1))
        if found is None:
            return self.line(path), 1
        return line_and_column(self._text, found.end() - len(words) + start)

    def listed(self, path: KeyPath, word: str) -> tuple[int, int]:
        """Return the line and column of `word` in the list that is the value of `path`."""
        pattern = re.compile(rf"[\"']{re.escape(word)}[\"']")
        found = pattern.search(self._text, offset(self._text, self.line(path), 1))
        return (self.line(path), 1) if found is None else line_and_column(self._text, found.start() + 1)

    def problems(self, found: Iterable[tuple[KeyPath, Complaint]], file: str) -> list[Problem]:
        """Return the problems of paths and their complaints, with their lines."""
        return [complaint.at(Place(file, self.line(path), path=path)) for path, complaint in found]

    def _add(self, inside: KeyPath, keys: KeyPath, number: int) -> None:
        for size in range(1, len(keys) + 1):
            self._lines.setdefault(inside + keys[:size], number)

    def _table_path(self, names: KeyPath, *, repeated: bool) -> KeyPath:
        path: KeyPath = ()
        for name in names[:-1]:
            path = (*path, name)
            if self._repeated[path]:
                path = (*path, self._repeated[path] - 1)
        path = (*path, names[-1])
        if repeated:
            self._repeated[path] += 1
            path = (*path, self._repeated[path] - 1)
        return path

    def _keys(self, dotted: str) -> KeyPath:
        return tuple(part.strip("\"'") for part in self._part.findall(dotted))


def line_and_column(text: str, start: int) -> tuple[int, int]:
    """Return the line and the column of a place in `text`, both from 1."""
    return text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)


def offset(text: str, line: int, column: int) -> int:
    """Return the place of a line and a column in `text`; the end of `text` for what lies beyond."""
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1 or len(text)
    return min(start + column - 1, len(text))


def _lines_outside_long_strings(text: str) -> Iterator[tuple[int, str]]:
    fence = ""
    for number, line in enumerate(text.split("\n"), start=1):
        if not fence:
            yield number, line
        rest = line
        while mark := re.search(re.escape(fence) if fence else "\"\"\"|'''", rest):
            fence, rest = ("" if fence else mark[0]), rest[mark.end() :]


def _syntax_problem(error: tomllib.TOMLDecodeError, text: str, file: str) -> Problem:
    """Return where the file cannot be read, and why as far as tomlkit tells kinds of errors apart."""
    import tomlkit  # noqa: PLC0415  # a second reader, for what the first one refuses
    from tomlkit.exceptions import KeyAlreadyPresent, TOMLKitError, UnexpectedEofError  # noqa: PLC0415

    place = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
    line, column = (int(place[1]), int(place[2])) if place else (text.count("\n") + 1, 1)
    code = "toml-syntax"
    try:
        tomlkit.parse(text)
    except KeyAlreadyPresent:
        code = "toml-key-twice"
    except UnexpectedEofError:
        code = "toml-unfinished"
    except (TOMLKitError, ValueError, RecursionError):
        pass
    return complaint(code).at(Place(file, line, column))


def _complaints(error: ValidationError) -> list[tuple[KeyPath, Complaint]]:
    details = [(tuple(detail["loc"]), detail["type"], detail.get("ctx", {})) for detail in error.errors()]
    # A list whose entry is wrong is also called too short, as the entry was left out: report it once.
    broken = {path[:size] for path, _, _ in details for size in range(len(path))}
    return [
        (path, _complaint(kind, context, path))
        for path, kind, context in details
        if not (kind == "too_short" and path in broken)
    ]


def _complaint(kind: str, context: Mapping[str, Any], path: KeyPath) -> Complaint:
    """Return what pydantic, or a validator of ours (`problems.invalid`), complains of."""
    key = next((key for key in reversed(path) if isinstance(key, str)), "")
    cause = context.get("error")
    if isinstance(cause, MissingLanguage):
        return complaint("language-missing", key=key, languages=tuple(map(str, cause.missing)))
    if isinstance(cause, UnknownLanguage):
        return complaint("language-unknown", key=key, languages=tuple(cause.unknown))
    code, names = PYDANTIC_CODES.get(kind, (kind, {}))
    params = {name: context[of] for name, of in names.items()} if kind in PYDANTIC_CODES else context
    if code == "value-form":
        params = {"form": PATTERN_WORDS.get(params["form"], params["form"])}
    elif code == "value-choice":
        params = {"expected": tuple(re.findall(r"'([^']*)'", params["expected"]))}
    if code not in SENTENCES:
        code, params = "value", {}
    return complaint(code, **{"key": key, **params})


PYDANTIC_CODES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "missing": ("missing", {}),
    "extra_forbidden": ("extra-forbidden", {}),
    "greater_than_equal": ("value-at-least", {"least": "ge"}),
    "less_than_equal": ("value-at-most", {"most": "le"}),
    **dict.fromkeys(("bool_type", "bool_parsing"), ("value-boolean", {})),
    **dict.fromkeys(("date_type", "date_parsing", "date_from_datetime_parsing"), ("value-date", {})),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), ("value-number", {})),
    "string_type": ("value-text", {}),
    **dict.fromkeys(("tuple_type", "list_type", "frozen_set_type"), ("value-list", {})),
    **dict.fromkeys(("dict_type", "model_type", "model_attributes_type", "mapping_type"), ("value-table", {})),
    **dict.fromkeys(("enum", "literal_error"), ("value-choice", {"expected": "expected"})),
    "string_pattern_mismatch": ("value-form", {"form": "pattern"}),
    "string_too_short": ("value-empty", {}),
    "string_too_long": ("value-too-long", {"most": "max_length"}),
    "too_short": ("list-too-short", {"least": "min_length", "count": "actual_length"}),
    "too_long": ("list-too-long", {"most": "max_length", "count": "actual_length"}),
}
"""What pydantic calls an error: our code, and our names for its values."""

PATTERN_WORDS: Mapping[str, Message] = {
    r"^[a-z][a-z0-9_]{0,39}$": message(
        "a small letter, then small letters, digits or underscores (_), %(most)s at most", most=40
    ),
    r"^[a-z][a-z0-9_]{0,59}$": message(
        "a small letter, then small letters, digits or underscores (_), %(most)s at most", most=60
    ),
    r"^quote_[a-z0-9_]{1,50}$": message("quote_, then small letters, digits or underscores (_), 50 at most"),
    r"^\d{4}-(0[1-9]|1[0-2])$": message("a year and a month, such as 2026-05"),
}
"""What a value must look like to match a pattern, in words."""
