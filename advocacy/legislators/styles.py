"""The forms of address as data: the words for each office and language, how sure they are, who says so."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from string import Formatter
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from advocacy.language import Language
from advocacy.legislators.legislatures import DATA, Province, Sourced, absent
from advocacy.legislators.recipient import Gender, Office
from advocacy.problems import Complaint, KeyPath, invalid
from advocacy.toml_source import Frozen, read_toml

FILE = "advocacy/legislators/data/styles.toml"
FACTS = ("full", "last", "title", "riding", "city", "letters", "member")


def offered(*names: str) -> AfterValidator:
    """Accept a text that names nothing in braces but `names`."""

    def check(text: str) -> str:
        wrong = [piece for piece in _braces(text) if piece not in names]
        if wrong:
            raise invalid("address-name-unknown", wrong=_in_braces(wrong), names=_in_braces(names) or "none")
        return text

    return AfterValidator(check)


def _braces(text: str) -> list[str]:
    try:
        pieces = list(Formatter().parse(text))
    except ValueError:
        raise invalid("address-braces") from None
    return [
        f"{name}{'!' + how if how else ''}{':' + width if width else ''}"
        for _, name, width, how in pieces
        if name is not None
    ]


def _in_braces(names: Iterable[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


Text = Annotated[str, StringConstraints(min_length=1)]
Pattern = Annotated[Text, offered(*FACTS)]
Line = Annotated[tuple[Pattern, ...], Field(min_length=1), BeforeValidator(_as_list)]


class Form(Frozen):
    """One way to write to an office: the recipient's lines, each a choice of patterns, and the opening."""

    block: Annotated[tuple[Line, ...], Field(min_length=1)]
    privy_councillor: Pattern | None = None
    appel: Pattern


class Forms(Sourced):
    """The forms of one office in one language; `neutral` where the gender is not known or changes nothing."""

    neutral: Form
    f: Form | None = None
    m: Form | None = None
    vacant: Form | None = None

    def of(self, gender: Gender | None) -> Form:
        """Return the form for a gender: the neutral one when the gender is not known, or makes no difference."""
        return {None: None, Gender.F: self.f, Gender.M: self.m}[gender] or self.neutral


class OfficeForms(Forms):
    """The forms of one office in one language, and those of provinces whose usage differs."""

    province: dict[Province, Forms] = Field(default_factory=dict)

    def used_in(self, province: str | None) -> Forms:
        """Return the forms that `province` uses."""
        return self.province.get(Province(province), self) if province else self


class Closing(Sourced):
    """The words that end a letter; they may repeat the appel."""

    words: Annotated[Text, offered("appel")]


class Styles(Frozen):
    """All of styles.toml."""

    closing: dict[Language, Closing]
    breaks: dict[Language, tuple[Text, ...]]
    municipality: dict[Language, Annotated[Text, offered("city", "code", "name")]]
    dateline: dict[Language, Annotated[Text, offered("city", "day")]]
    office: dict[Text, dict[Language, OfficeForms]]


@lru_cache(maxsize=1)
def shipped_styles() -> Styles:
    """Return the forms of address of this installation."""
    return read_styles(DATA.joinpath("styles.toml").read_text("utf-8"), file=FILE)


def read_styles(text: str, *, file: str) -> Styles:
    """Read forms of address; raise TomlProblems with file and line for whatever no letter could use."""
    return read_toml(text, Styles, file=file, also=_gaps)


def _gaps(styles: Styles) -> Iterator[tuple[KeyPath, Complaint]]:
    """Every office can be written to in every language."""
    yield from absent(("closing",), styles.closing, Language)
    yield from absent(("breaks",), styles.breaks, Language)
    yield from absent(("municipality",), styles.municipality, Language)
    yield from absent(("dateline",), styles.dateline, Language)
    yield from absent(("office",), styles.office, Office)
    for office, languages in styles.office.items():
        yield from absent(("office", office), languages, Language)
