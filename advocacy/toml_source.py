"""A TOML file is read into a model whole, or every complaint names the file and the line."""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

Key: TypeAlias = str | int
Path: TypeAlias = tuple[Key, ...]
Model = TypeVar("Model", bound=BaseModel)
BOM = "\ufeff"


class Frozen(BaseModel):
    """The base of all that is read from a data file: unknown keys refused, nothing changed after reading."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong in a file people write: where (lines and columns count from 1), and what to do."""

    file: str
    line: int
    column: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.sentence}"


class TomlProblems(ValueError):
    """The file cannot be used; `problems` says why, line by line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def read(
    text: str,
    model: type[Model],
    *,
    file: str,
    also: Callable[[Model], Iterable[tuple[Path, str]]] = lambda _: (),
) -> Model:
    """Read `text` as `model`; `also` adds rules that span the file, each a path and a sentence.

    Raises TomlProblems with every complaint at once; `file` is the name that complaints show.
    """
    text = text.removeprefix(BOM)
    table = parsed(text, file=file)
    lines = LineNumbers(text)
    try:
        made = model.model_validate(table, by_alias=True, by_name=False)
    except ValidationError as error:
        raise TomlProblems(lines.problems(_complaints(error), file)) from None
    broken = list(also(made))
    if broken:
        raise TomlProblems(lines.problems(broken, file))
    return made


def parsed(text: str, *, file: str) -> dict[str, Any]:
    """Read `text` as TOML of any kind; raises TomlProblems, as `read` does, for whatever Python cannot read."""
    text = text.removeprefix(BOM)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TomlProblems([_syntax_problem(error, text, file)]) from None
    except ValueError:  # Python reads no whole number of more than some thousand digits
        raise TomlProblems([Problem(file, 1, 1, "a number has too many digits here; write it shorter")]) from None
    except RecursionError:
        raise TomlProblems([Problem(file, 1, 1, "lists inside lists go too deep here; write it flatter")]) from None


class LineNumbers:
    """Where each key of a TOML file stands. The text must already have parsed as TOML."""

    _table = re.compile(r"^\s*(\[\[?)([^\]]+)\]\]?\s*(#.*)?$")
    _key = re.compile(r"""^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
    _part = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")

    def __init__(self, text: str) -> None:
        self.found: dict[Path, int] = {(): 1}
        self._tables: Counter[Path] = Counter()
        inside: Path = ()
        for number, line in _lines_outside_long_strings(text):
            if table := self._table.match(line):
                inside = self._enter(self._parts(table[2]), repeated=table[1] == "[[")
                for size in range(1, len(inside) + 1):
                    self.found.setdefault(inside[:size], number)
            elif key := self._key.match(line):
                parts = self._parts(key[1])
                for size in range(1, len(parts) + 1):
                    self.found.setdefault(inside + parts[:size], number)

    def line(self, path: Sequence[Key]) -> int:
        """Give the line of `path`, or of the nearest thing that holds it."""
        whole = tuple(path)
        holders = (whole[:size] for size in range(len(whole), -1, -1))
        return next(self.found[holder] for holder in holders if holder in self.found)

    def problems(self, found: Iterable[tuple[Path, str]], file: str) -> list[Problem]:
        """Turn paths and sentences into problems with their lines."""
        return [Problem(file, self.line(path), 1, sentence) for path, sentence in found]

    def _enter(self, names: Path, *, repeated: bool) -> Path:
        path: Path = ()
        for name in names[:-1]:
            path = (*path, name)
            if self._tables[path]:
                path = (*path, self._tables[path] - 1)
        path = (*path, names[-1])
        if repeated:
            self._tables[path] += 1
            path = (*path, self._tables[path] - 1)
        return path

    def _parts(self, dotted: str) -> Path:
        return tuple(part.strip("\"'") for part in self._part.findall(dotted))


def _lines_outside_long_strings(text: str) -> Iterator[tuple[int, str]]:
    fence = ""
    for number, line in enumerate(text.split("\n"), start=1):
        if not fence:
            yield number, line
        rest = line
        while mark := re.search(re.escape(fence) if fence else "\"\"\"|'''", rest):
            fence, rest = ("" if fence else mark[0]), rest[mark.end() :]


def _syntax_problem(error: tomllib.TOMLDecodeError, text: str, file: str) -> Problem:
    place = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
    line, column = (int(place[1]), int(place[2])) if place else (text.count("\n") + 1, 1)
    return Problem(file, line, column, f"not valid TOML: {str(error).split(' (at ')[0]}")


def _complaints(error: ValidationError) -> list[tuple[Path, str]]:
    details = [(tuple(detail["loc"]), detail["type"], detail["msg"]) for detail in error.errors()]
    # A list whose entry is wrong is also called too short, as the entry was left out: it is said once.
    broken = {path[:size] for path, _, _ in details for size in range(len(path))}
    told = [detail for detail in details if not (detail[1] == "too_short" and detail[0] in broken)]
    return [(path, _sentence(kind, message, path)) for path, kind, message in told]


def _sentence(kind: str, message: str, path: Path) -> str:
    name = next((key for key in reversed(path) if isinstance(key, str)), "")
    spoken = {
        "missing": f"“{name}” is missing here; add it",
        "extra_forbidden": f"“{name}” is not a key known here; remove it or fix its spelling",
    }
    words = message.removeprefix("Value error, ")
    return spoken.get(kind, f"“{name}”: {words[0].lower()}{words[1:]}" if name else words)
