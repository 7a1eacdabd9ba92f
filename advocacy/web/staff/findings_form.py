"""The survey as a form: every figure and wording a field of its own, read back into changes of the file."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

from advocacy.campaigns.toml_editing import Value
from advocacy.language import Language, Wording
from advocacy.problems import Path

Table: TypeAlias = Mapping[str, Any]
LONGEST = 4000
"""Characters of one text of the survey, at most."""
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)
NOT_PERCENT = Wording.of(en="A share is a whole number from 0 to 100.", fr="Une part est un nombre entier de 0 à 100.")
NOT_COUNT = Wording.of(en="Write a whole number, 1 or more.", fr="Écrivez un nombre entier, 1 ou plus.")
NOT_MONTH = Wording.of(en="Write a year and a month: 2019-11.", fr="Écrivez une année et un mois\u00a0: 2019-11.")
NO_TEXT = Wording.of(en="Write this in both languages.", fr="Écrivez-le dans les deux langues.")
TOO_LONG = Wording.of(en="This is too long.", fr="C’est trop long.")
SUM = Wording.of(
    en="The shares of this question add up to {total}, not 100.",
    fr="Les parts de cette question totalisent {total}, et non 100.",
)


class Kind(StrEnum):
    """What a field holds."""

    PERCENT = "percent"
    COUNT = "count"
    MONTH = "month"
    TEXT = "text"
    OPTIONAL = "optional"
    TRANSLATED = "translated"


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value of the file that can be changed: where it stands, and what it holds."""

    path: Path
    kind: Kind

    @property
    def name(self) -> str:
        """What the form calls it."""
        return ".".join(map(str, self.path))


@dataclass(slots=True)
class Read:
    """What was typed: the changes it asks for, and what is wrong, by field."""

    changes: dict[Path, Value | None] = field(default_factory=dict)
    errors: dict[str, Wording] = field(default_factory=dict)


def leaves(table: Table) -> Iterator[Leaf]:
    """Give every value that can be changed, in the order of the form."""
    for name in ("source", "title"):
        yield from _texts((name,))
    yield from _texts(("mode" if "mode" in table else "method",), Kind.OPTIONAL)
    yield Leaf(("started",), Kind.MONTH)
    yield Leaf(("months",), Kind.COUNT)
    yield Leaf(("respondents_at_least",), Kind.COUNT)
    for number in range(len(table.get("introduction", ()))):
        yield from _statement(("introduction", number))
    for number, question in enumerate(table.get("question", ())):
        yield from _question(("question", number), question)
    for number in range(len(table.get("quote", ()))):
        yield from _statement(("quote", number, "statement"))
        yield from _texts(("quote", number, "attribution"))


def found(table: Table, path: Path) -> Any:
    """Give the value at a path, None where there is none."""
    value: Any = table
    for key in path:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def current(table: Table, leaf: Leaf) -> str:
    """Give a value as its field shows it; languages of a translation parted by a space."""
    value = found(table, leaf.path)
    return " ".join(value) if isinstance(value, list) else "" if value is None else str(value)


def read(table: Table, typed: Mapping[str, str]) -> Read:
    """Read what was typed over this state of the file; a field that did not come stays as it is."""
    read = Read()
    for leaf in leaves(table):
        if leaf.name in typed and typed[leaf.name] != current(table, leaf):
            _take(read, leaf, typed[leaf.name])
    _sums(read, table)
    return read


def brought_over(base: Table, newest: Table, typed: Mapping[str, str]) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Bring what was typed over `base` to a newer state of the file.

    A field that was left alone says what it says there now. Where both changed a field, what was typed stays, and the
    second mapping gives what was saved there, by field.
    """
    brought, theirs = dict(typed), dict[str, str]()
    for leaf in leaves(newest):
        was, now, mine = current(base, leaf), current(newest, leaf), typed.get(leaf.name)
        if mine is None or was == now:
            continue
        if mine == was:
            brought[leaf.name] = now
        elif mine != now:
            theirs[leaf.name] = now
    return brought, theirs


def _take(read: Read, leaf: Leaf, text: str) -> None:
    wrong = _wrong(leaf.kind, text)
    if wrong is not None:
        read.errors[leaf.name] = wrong
    elif leaf.kind is Kind.TRANSLATED:
        read.changes[leaf.path] = [one for one in text.split() if one in set(Language)] or None
    elif leaf.kind in {Kind.PERCENT, Kind.COUNT}:
        read.changes[leaf.path] = int(text)
    else:
        read.changes[leaf.path] = text or None


def _wrong(kind: Kind, text: str) -> Wording | None:
    if len(text) > LONGEST:
        return TOO_LONG
    is_number = text.isascii() and text.isdecimal() and len(text) < 10
    if kind is Kind.PERCENT and not (is_number and int(text) <= 100):
        return NOT_PERCENT
    if kind is Kind.COUNT and not (is_number and int(text) >= 1):
        return NOT_COUNT
    if kind is Kind.MONTH and not MONTH.fullmatch(text):
        return NOT_MONTH
    return NO_TEXT if kind is Kind.TEXT and not text else None


def _sums(read: Read, table: Table) -> None:
    """Say of every question whose shares do not make a whole, unless one of them is wrong by itself."""
    for number, question in enumerate(table.get("question", ())):
        paths: list[Path] = [
            ("question", number, "option", place, "percent") for place in range(len(_options(question)))
        ]
        names = [".".join(map(str, path)) for path in paths]
        if any(name in read.errors for name in names):
            continue
        shares = [read.changes.get(path, found(table, path)) for path in paths]
        total = sum(share for share in shares if isinstance(share, int))
        if total != 100 and names:
            said = {language.value: SUM[language].format(total=total) for language in Language}
            read.errors[names[0]] = Wording(said)


def _options(question: Any) -> list[Any]:
    options = question.get("option", []) if isinstance(question, dict) else []
    return options if isinstance(options, list) else []


def _question(path: Path, question: Any) -> Iterator[Leaf]:
    yield from _statement((*path, "question"))
    for number in range(len(question.get("preamble", ()))):
        yield from _statement((*path, "preamble", number))
    for number, option in enumerate(_options(question)):
        here = (*path, "option", number)
        yield Leaf((*here, "percent"), Kind.PERCENT)
        yield from _texts((*here, "label"), Kind.OPTIONAL)
        yield from _statement((*here, "wording"))
        if "highlight" in option:
            yield from _statement((*here, "highlight"))
            yield from _texts((*here, "summary"), Kind.OPTIONAL)


def _statement(path: Path) -> Iterator[Leaf]:
    yield from _texts(path)
    yield Leaf((*path, "translated"), Kind.TRANSLATED)


def _texts(path: Path, kind: Kind = Kind.TEXT) -> Iterator[Leaf]:
    for language in (Language.FR, Language.EN):
        yield Leaf((*path, language.value), kind)
