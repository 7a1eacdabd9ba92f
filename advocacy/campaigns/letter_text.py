"""The text of a letter as data: sections, each said in one way or several, side by side in every language.

A section's words hold paragraphs with blanks, `{{ riding }}`. Jinja2's parser reads them, and only a name passes: no
template code ever runs, and there are no conditions.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any, NamedTuple, TypeAlias

from jinja2 import Environment, TemplateSyntaxError, nodes
from pydantic import Field as Limit
from pydantic import model_validator

from advocacy.campaigns.fields import Key
from advocacy.campaigns.only_for import OnlyFor, Reader
from advocacy.language import Language
from advocacy.problems import Complaint, KeyPath, complaint
from advocacy.toml_source import Frozen

SUBJECT = "subject"
"""The key of the section that is the letter's subject."""
MAX_CELL = 4000
"""Characters of one text in one language."""
MAX_SECTIONS, MAX_ALTERNATIVES = 24, 12

Values: TypeAlias = Mapping[str, str]
"""What each blank is filled with, by its name; "" where the letter has nothing to say."""
Choice: TypeAlias = tuple[int, ...]
"""Which alternative a letter has of each section, by its place."""


class Kind(StrEnum):
    PARAGRAPH = "paragraph"
    BULLET = "bullet"
    QUOTATION = "quotation"


class Piece(NamedTuple):
    """Part of a paragraph: a text, and the blank that it filled, "" for words of the letter itself."""

    text: str
    blank: str


class RenderedParagraph(NamedTuple):
    """A paragraph as it comes out: its kind and its pieces, none of them empty, without spaces around it."""

    kind: Kind
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The paragraph's words, one line."""
        return "".join([piece.text for piece in self.pieces])


class Blank(NamedTuple):
    """A place that a value fills."""

    name: str


class Paragraph(NamedTuple):
    """A paragraph of a letter that is not filled in yet."""

    kind: Kind
    parts: tuple[str | Blank, ...]


class Refused(ValueError):
    """Braces that are no blank."""

    def __init__(self, fault: "Fault") -> None:
        super().__init__(fault.complaint.sentence)
        self.fault = fault


class Fault(NamedTuple):
    """What is wrong in a text, and which of its characters it is about."""

    complaint: Complaint
    start: int = 0
    length: int = 0


class Alternative(Frozen):
    """One way to say a section, in every language; `only_for` says for whom, None for everybody.

    `stale` holds, for a language that was not written anew since another one changed, what the other one said before.
    """

    texts: Mapping[Language, Annotated[str, Limit(max_length=MAX_CELL)]]
    only_for: OnlyFor | None = None
    stale: Mapping[Language, str] = {}

    @model_validator(mode="before")
    @classmethod
    def _languages(cls, table: Any) -> Any:
        """Read the texts, which stand under their languages; one that is missing is still to be written."""
        if not isinstance(table, dict) or "texts" in table:
            return table
        others = {key: value for key, value in table.items() if key not in set(Language)}
        return {**others, "texts": {language: table.get(language, "") for language in Language}}


class Section(Frozen):
    """One part of a letter, said in one of its alternatives; left out for readers whom `only_for` does not name."""

    key: Key
    only_for: OnlyFor | None = None
    alternatives: Annotated[
        tuple[Alternative, ...], Limit(alias="alternative", min_length=1, max_length=MAX_ALTERNATIVES)
    ]

    def fitting(self, reader: Reader) -> Sequence[int]:
        """Return the places of the alternatives that a reader may get: those for this very reader, else the others.

        Nothing where the section is not for them, or says nothing to them.
        """
        if self.only_for is not None and not self.only_for.fits(reader):
            return ()
        own: list[int] = []
        everybodys: list[int] = []
        for place, alternative in enumerate(self.alternatives):
            if alternative.only_for is None:
                everybodys.append(place)
            elif alternative.only_for.fits(reader):
                own.append(place)
        return own or everybodys


class Cell(NamedTuple):
    """One text of a letter: that of an alternative in one language. `path` leads to it in the letter's file."""

    section: Section
    path: KeyPath
    language: Language
    text: str


def cells(sections: Sequence[Section]) -> Iterator[Cell]:
    """Yield every text of a letter, the languages of an alternative one after the other."""
    for place, section in enumerate(sections):
        for number, alternative in enumerate(section.alternatives):
            for language, text in alternative.texts.items():
                yield Cell(section, ("section", place, "alternative", number, language), language, text)


def map_texts(sections: Sequence[Section], change: Callable[[Cell], str]) -> tuple[Section, ...]:
    """Return the sections with every text changed."""
    texts = iter([change(cell) for cell in cells(sections)])
    return tuple(
        section.model_copy(
            update={
                "alternatives": tuple(
                    one.model_copy(update={"texts": {language: next(texts) for language in one.texts}})
                    for one in section.alternatives
                )
            }
        )
        for section in sections
    )


BLANK = re.compile(r"\{\{ ([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?) \}\}")
BRACES = re.compile(r"\{[{%#](?:[^{}]*?[}%#]\}|[^{}]*)")
"""What may be meant to be filled in, by any template language."""
_BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")
_JINJA = Environment(autoescape=False, keep_trailing_newline=True)  # noqa: S701  # reads, and never renders


def blank_names(text: str) -> list[str]:
    """Return the names of the blanks in a text, in their order, whether a letter offers them or not."""
    return BLANK.findall(text)


@lru_cache(maxsize=4096)
def read_text(text: str) -> tuple[Paragraph, ...]:
    """Read the paragraphs of a text; raise Refused for braces that are no blank.

    A blank line parts paragraphs; lines that begin with "- " are a list, lines that begin with "> " a quotation.
    """
    parts = list(_parts(text))
    written = "".join(f"{{{{ {part.name} }}}}" if isinstance(part, Blank) else part for part in parts)
    # A comment, signs in the braces that remove spaces, or a name that no blank has, read differently.
    if written != text or blank_names(text) != [part.name for part in parts if isinstance(part, Blank)]:
        raise _refusal(text)
    paragraphs: list[Paragraph] = []
    for block in _BLANK_LINE.split(text.strip()):
        lines = [line.strip() for line in block.split("\n")]
        if all(line.startswith("- ") for line in lines):
            paragraphs += [Paragraph(Kind.BULLET, tuple(_parts(line[2:].strip()))) for line in lines]
        elif all(line.startswith(">") for line in lines):
            quoted = " ".join(line[1:].strip() for line in lines)
            paragraphs.append(Paragraph(Kind.QUOTATION, tuple(_parts(quoted))))
        elif block:
            paragraphs.append(Paragraph(Kind.PARAGRAPH, tuple(_parts(" ".join(lines)))))
    return tuple(paragraphs)


def find_faults(text: str, offered: Collection[str]) -> Iterator[Fault]:
    """Find what keeps a text from being filled in: that it is empty, braces, and blanks that are not `offered`."""
    if not text.strip():
        yield Fault(complaint("text-missing"))
    try:
        read_text(text)
    except Refused as refused:
        yield refused.fault
    for blank in BLANK.finditer(text):
        if blank[1] not in offered:
            yield Fault(complaint("blank-unknown", name=blank[1]), blank.start(), len(blank[0]))


def _parts(text: str) -> Iterator[str | Blank]:
    """Read words and blanks by Jinja's parser; whatever is neither is refused."""
    try:
        body = _JINJA.parse(text).body
    except (TemplateSyntaxError, RecursionError):
        raise _refusal(text) from None
    for output in body:
        for node in output.nodes if isinstance(output, nodes.Output) else [output]:
            match node:
                case nodes.TemplateData(data=words):
                    yield words
                case nodes.Name(name=name):
                    yield Blank(name)
                case nodes.Getattr(node=nodes.Name(name=group), attr=name):
                    yield Blank(f"{group}.{name}")
                case _:
                    raise _refusal(text)


def _refusal(text: str) -> Refused:
    """Return what is wrong with the first braces that are no blank."""
    braces = [*BRACES.finditer(text)]
    wrong = next((found for found in braces if not BLANK.fullmatch(found[0])), braces[0] if braces else None)
    start, length = (wrong.start(), len(wrong[0])) if wrong else (0, len(text))
    return Refused(Fault(complaint("braces", text=text[start : start + length][:60]), start, length))


def fill(paragraph: Paragraph, values: Values) -> Iterator[RenderedParagraph]:
    """Yield a paragraph with its blanks filled: none where it holds nothing, several where an answer has line breaks.

    A blank that is empty vanishes with the space after it, or before it where there is none after.
    """
    pieces: list[Piece] = []
    after_gap = False
    for part in paragraph.parts:
        if isinstance(part, Blank):
            text = values[part.name]
            if not text:
                after_gap = True
                continue
            first, *lines = text.splitlines()
            _append(pieces, first, part.name, after_gap=after_gap)
            for line in lines:
                yield from _closed(paragraph.kind, pieces)
                pieces = [Piece(line, part.name)] if line else []
        else:
            _append(pieces, part, "", after_gap=after_gap)
        after_gap = False
    yield from _closed(paragraph.kind, pieces)


def _append(pieces: list[Piece], text: str, blank: str, *, after_gap: bool) -> None:
    """Add a piece; after an empty blank, without the space that stood beside it."""
    if after_gap and text.startswith(" "):
        text = text[1:]
    elif after_gap and pieces and pieces[-1].text.endswith(" "):
        pieces[-1] = Piece(pieces[-1].text[:-1], pieces[-1].blank)
    if text:
        pieces.append(Piece(text, blank))


def _closed(kind: Kind, pieces: list[Piece]) -> Iterator[RenderedParagraph]:
    """Yield the paragraph that pieces make, without spaces around it; none where they hold no words."""
    while pieces and not pieces[0].text.strip():
        del pieces[0]
    while pieces and not pieces[-1].text.strip():
        del pieces[-1]
    if pieces:
        if pieces[0].text[0].isspace():
            pieces[0] = Piece(pieces[0].text.lstrip(), pieces[0].blank)
        if pieces[-1].text[-1].isspace():
            pieces[-1] = Piece(pieces[-1].text.rstrip(), pieces[-1].blank)
        yield RenderedParagraph(kind, tuple(pieces))


def fill_line(text: str, values: Values) -> str:
    """Return a text of one paragraph with its blanks filled; raise Refused."""
    return " ".join(filled.text for paragraph in read_text(text) for filled in fill(paragraph, values))
