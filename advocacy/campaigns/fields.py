"""What a letter asks of the citizen, declared once: forms, options, previews and checks all read these fields."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Annotated, Self

from pydantic import Field as Limit
from pydantic import StringConstraints, model_validator

from advocacy.language import Language, Wording
from advocacy.problems import invalid
from advocacy.toml_source import Frozen, read_toml

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
SEPARATOR = ";"
"""What stands between the keys of statements in an answer."""
MAX_TICKS = 3


class FieldKind(StrEnum):
    LINE = "line"
    WORDS = "words"
    CHOICE = "choice"
    EMAIL = "email"
    POSTAL_CODE = "postal_code"
    PROVINCE = "province"
    DATE = "date"
    STATEMENTS = "statements"


SAMPLE_OF_KIND: Mapping[FieldKind, str] = {
    FieldKind.EMAIL: "camille@example.ca",
    FieldKind.POSTAL_CODE: "K1A 0A6",
    FieldKind.PROVINCE: "ON",
    FieldKind.DATE: "2026-11-28",
}
"""What samples, previews and checks type into a field of a kind that does not take every text."""


class WordCount(Frozen):
    """How many own words make a good length; a help, never an error."""

    least: Annotated[int, Limit(ge=1, strict=True)]
    most: Annotated[int, Limit(ge=1, le=500, strict=True)]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.least > self.most:
            raise invalid("word-count-order", least=self.least, most=self.most)
        return self


class Option(Frozen):
    """One answer of a choice: its label, and the sentence it becomes in the letter (“rather not say” has none)."""

    key: Key
    label: Wording
    sentence: Wording | None = None
    sensitive: bool = False


class Statement(Frozen):
    """One sentence to tick: its label, and the wordings it is said in, of which each letter to an office has another.

    That a `sensitive` one was ticked is counted nowhere.
    """

    key: Key
    label: Wording
    wordings: Annotated[tuple[Wording, ...], Limit(alias="wording")]
    sensitive: bool = False


class Field(Frozen):
    """One thing asked: what kind, whether it must be answered, how long it may be, and the words around it.

    `missing` is what to say where it must be answered and was not. A field of kind “statements” names its list with
    `statements`, offers the sentences of `offered`, and takes at most `max_ticks` of them.
    """

    key: Key
    kind: FieldKind
    label: Wording
    hint: Wording | None = None
    missing: Wording | None = None
    required: bool = False
    max_characters: Annotated[int, Limit(ge=1, le=4000, strict=True)] = 254
    word_count: WordCount | None = None
    prompts: Annotated[tuple[Wording, ...], Limit(alias="prompt")] = ()
    choices: str = ""
    options: tuple[Option, ...] = ()
    statements: str = ""
    max_ticks: Annotated[int, Limit(ge=1, le=5, strict=True)] = MAX_TICKS
    offered: tuple[Statement, ...] = ()

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        if (self.kind is FieldKind.CHOICE) != bool(self.choices):
            raise invalid("answer-list-of-choice")
        if self.kind is not FieldKind.WORDS and (self.prompts or self.word_count):
            raise invalid("prompts-of-words")
        if self.options:
            raise invalid("options-elsewhere")
        has_statements = self.kind is FieldKind.STATEMENTS
        if has_statements != bool(self.statements) or (self.max_ticks != MAX_TICKS and not has_statements):
            raise invalid("statement-list-of-statements")
        if self.offered:
            raise invalid("statements-elsewhere")
        if has_statements and self.required:
            raise invalid("statements-required")
        return self

    @property
    def may_be_empty(self) -> bool:
        """Whether the field can come out empty in a letter: it need not be answered, or an answer has no sentence."""
        return not self.required or any(option.sentence is None for option in self.options)

    def with_options(self, options: tuple[Option, ...]) -> "Field":
        return self.model_copy(update={"options": options})

    def with_statements(self, offered: tuple[Statement, ...]) -> "Field":
        return self.model_copy(update={"offered": offered})

    def ticked(self, answer: str) -> list[Statement]:
        """Return the statements that an answer names, in the order of the list."""
        keys = split_keys([answer])
        return [one for one in self.offered if one.key in keys]

    def max_words(self, language: Language) -> int:
        """Count the words this field can bring into a letter in `language`, at the length that is asked for."""
        if self.word_count:
            return self.word_count.most
        if self.kind is FieldKind.STATEMENTS:
            longest = [max(len(one.in_language(language).split()) for one in each.wordings) for each in self.offered]
            return sum(sorted(longest, reverse=True)[: self.max_ticks])
        sentences = [option.sentence.in_language(language) for option in self.options if option.sentence]
        return max((len(sentence.split()) for sentence in sentences), default=3 if self.kind is FieldKind.DATE else 2)

    def option(self, key: str) -> Option | None:
        return next((option for option in self.options if option.key == key), None)


def split_keys(answers: Iterable[str]) -> list[str]:
    """Return the keys or labels in answers that may hold several each, between semicolons."""
    keys = (key.strip() for answer in answers for key in answer.split(SEPARATOR))
    return list(dict.fromkeys(filter(None, keys)))


class _CitizenFile(Frozen):
    fields: Annotated[tuple[Field, ...], Limit(alias="field")]


@cache
def citizen_fields() -> tuple[Field, ...]:
    """Return the fields that every letter shares: name, city, province, postal code, street, e-mail."""
    text = files("advocacy.campaigns").joinpath("citizen.toml").read_text(encoding="utf-8")
    return read_toml(text, _CitizenFile, file="advocacy/campaigns/citizen.toml").fields
