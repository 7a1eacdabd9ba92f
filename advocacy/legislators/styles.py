"""The forms of address as data: the words for each office and language, how sure they are, who says so."""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from string import Formatter
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from advocacy.language import Language, Wording
from advocacy.legislators.province import Province
from advocacy.legislators.recipient import Gender, Office
from advocacy.problems import Complaint, Path, complaint, invalid
from advocacy.toml_source import Frozen, read_toml

FILE = "advocacy/legislators/data/styles.toml"
FACTS = ("full", "last", "title", "riding", "city", "letters", "member")


class Status(StrEnum):
    """How far an entry can be trusted: read in its source, made from a rule there, or for staff to settle."""

    VERIFIED = "verified"
    DERIVED = "derived"
    UNVERIFIED = "unverified"


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
PostalCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]\d[A-Z] \d[A-Z]\d$")]


class Sourced(Frozen):
    """Words with where they come from."""

    status: Status
    source: Text
    note: Text | None = None


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

    place: str | None = None
    province: dict[Province, Forms] = Field(default_factory=dict)

    def used_in(self, province: str | None) -> Forms:
        """Return the forms that `province` uses."""
        return self.province.get(Province(province), self) if province else self


class Closing(Sourced):
    """The words that end a letter; they may repeat the appel."""

    words: Annotated[Text, offered("appel")]


class Place(Sourced):
    """Where an office receives its post."""

    name: Wording
    street: Wording | None = None
    city: Wording
    province: Province
    postal_code: PostalCode


class MemberTitle(Frozen):
    """What a member of a legislature is called: letters after the name and title, "" if unknown."""

    letters: str = ""
    neutral: str = ""
    f: str = ""
    m: str = ""

    def of(self, gender: Gender | None) -> str:
        """Return the title for a gender, the neutral one where the language has none of its own."""
        return {None: "", Gender.F: self.f, Gender.M: self.m}[gender] or self.neutral


class Legislature(Sourced):
    """What the members of one province's legislature are called, in each language."""

    titles: dict[Language, MemberTitle]


class Styles(Frozen):
    """All of styles.toml."""

    closing: dict[Language, Closing]
    breaks: dict[Language, tuple[Text, ...]]
    place: dict[str, Place]
    office: dict[Office, dict[Language, OfficeForms]]
    legislature: dict[Province, Legislature]


@lru_cache(maxsize=1)
def shipped_styles() -> Styles:
    """Return the forms of address of this installation."""
    return read_styles(files("advocacy.legislators").joinpath("data/styles.toml").read_text("utf-8"), file=FILE)


def read_styles(text: str, *, file: str) -> Styles:
    """Read forms of address; raise TomlProblems with file and line for whatever no letter could use."""
    return read_toml(text, Styles, file=file, also=_gaps)


def _gaps(styles: Styles) -> Iterator[tuple[Path, Complaint]]:
    """Every office can be written to in every language, at a place that is given."""
    yield from _absent(("closing",), styles.closing, Language)
    yield from _absent(("breaks",), styles.breaks, Language)
    yield from _absent(("office",), styles.office, Office)
    for office, languages in styles.office.items():
        yield from _absent(("office", office.value), languages, Language)
        for language, forms in languages.items():
            yield from _unknown_place(("office", office.value, language.value), forms, styles)
    yield from _absent(("legislature",), styles.legislature, Province)
    for code, legislature in styles.legislature.items():
        yield from _absent(("legislature", code.value, "titles"), legislature.titles, Language)


def _absent(path: Path, table: Mapping[Any, object], keys: Iterable[str]) -> Iterator[tuple[Path, Complaint]]:
    yield from ((path, complaint("missing", key=str(key))) for key in keys if key not in table)


def _unknown_place(path: Path, forms: OfficeForms, styles: Styles) -> Iterator[tuple[Path, Complaint]]:
    if forms.place is not None and forms.place not in styles.place:
        yield (*path, "place"), complaint("address-place", text=forms.place, names=tuple(styles.place))
