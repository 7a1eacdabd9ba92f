"""The languages of the site, a text in each of them, and numbers, dates and times as each writes them."""

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Self
from zoneinfo import ZoneInfo

from babel import Locale, dates, numbers
from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema


class Language(StrEnum):
    """The languages of letters and pages. A further one is a member here, a table in languages.toml, and its data."""

    EN = "en"
    FR = "fr"

    @property
    def native_name(self) -> str:
        """The language's name in itself: "English", "Français"."""
        return self.name_in(self).capitalize()

    @property
    def locale(self) -> str:
        """The language as it is written here: "fr_CA"."""
        return str(PATTERNS[self]["locale"])

    @property
    def names(self) -> "Wording":
        """The language's name within a sentence in each language, for a message that has it as a parameter."""
        return Wording.for_each(self.name_in)

    def name_in(self, language: "Language") -> str:
        """Return the language's name within a sentence in `language`: "French", "français"."""
        return str(LOCALES[language].languages.get(LOCALES[self].language, self.value))


SOURCE = Language.EN
"""The language of the words in code and templates, and of whoever reads none of the site's languages."""
SIDE_BY_SIDE = tuple(reversed(Language))
"""The order in which staff see the languages: translations left, the source's language right."""
PATTERNS: Mapping[str, Mapping[str, Any]] = tomllib.loads((files("advocacy") / "languages.toml").read_text("utf-8"))
CLAIM_STEMS: Mapping[Language, Mapping[str, Sequence[str]]] = {
    language: PATTERNS[language]["claims"] for language in Language
}
"""The words by which a sentence may speak of the `survey`, of a `share` of people, or of a `bill`."""
LOCALES = {language: Locale.parse(PATTERNS[language]["locale"]) for language in Language}
EASTERN = ZoneInfo("America/Toronto")
"""The clock of Ottawa, by which days are counted."""


class MissingLanguage(ValueError):
    """A text lacks one of the languages: nothing may be shown in one language only."""

    def __init__(self, missing: list[Language]) -> None:
        super().__init__(f"the text is missing in: {', '.join(missing)}")
        self.missing = missing


class UnknownLanguage(ValueError):
    """A text is in a language that is not offered."""

    def __init__(self, unknown: list[str]) -> None:
        super().__init__(f"not a language offered here: {', '.join(unknown)}")
        self.unknown = unknown


class Wording(Mapping[Language, str]):
    """One text in every language. Immutable and hashable."""

    __slots__ = ("_texts",)

    def __init__(self, texts: Mapping[str, str]) -> None:
        """Take one text per language; raise MissingLanguage for a gap, UnknownLanguage for a language not ours."""
        unknown = sorted(set(texts) - set(Language))
        if unknown:
            raise UnknownLanguage(unknown)
        missing = [language for language in Language if language not in texts]
        if missing:
            raise MissingLanguage(missing)
        self._texts = tuple(texts[language] for language in Language)

    @classmethod
    def of(cls, **texts: str) -> Self:
        """`Wording.of(en="riding", fr="circonscription")`."""
        return cls(texts)

    @classmethod
    def same(cls, text: str) -> Self:
        """Build the wording of a name that is the same in every language."""
        return cls(dict.fromkeys(Language, text))

    @classmethod
    def for_each(cls, render: Callable[[Language], str]) -> Self:
        """Build a wording language by language."""
        return cls({language: render(language) for language in Language})

    def in_language(self, language: Language) -> str:
        """Return the text in `language`."""
        return self._texts[ORDER[language]]

    def __getitem__(self, language: Language) -> str:
        return self.in_language(language)

    def __iter__(self) -> Iterator[Language]:
        return iter(Language)

    def __len__(self) -> int:
        return len(self._texts)

    def __hash__(self) -> int:
        return hash(self._texts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Wording) and self._texts == other._texts

    def __repr__(self) -> str:
        return f"Wording({dict(self)!r})"

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read a wording from a data file's table `{ en = "…", fr = "…" }`."""
        return core_schema.no_info_plain_validator_function(cls._from_table)

    @classmethod
    def _from_table(cls, value: object) -> Self:
        if isinstance(value, cls):
            return value
        if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
            raise PydanticCustomError("wording-table", 'write one text per language, as { en = "…", fr = "…" }')
        if not all(text.strip() for text in value.values()):
            raise PydanticCustomError("wording-empty", "a text is empty; write it in every language")
        return cls(value)


ORDER = {language: place for place, language in enumerate(Language)}


def format_number(number: float | Decimal, language: Language) -> str:
    """Write a number: "12 500" (U+00A0) in French, "12,500" in English."""
    return numbers.format_decimal(number, locale=LOCALES[language])


def format_percent(percent: int | Decimal, language: Language) -> str:
    """Write a percentage given in points of 100: "40 %" (U+00A0) or "61,5 %" in French, "40%" or "61.5%" in English."""
    return numbers.format_percent(Decimal(percent) / 100, locale=LOCALES[language], decimal_quantization=False)


def day_of(moment: datetime) -> date:
    """Return the day it was in Ottawa."""
    return moment.astimezone(EASTERN).date()


@lru_cache(maxsize=64)
def format_date(day: date, language: Language) -> str:
    """Write a date in its long form: "1er novembre 2026", "November 1, 2026"."""
    patterns = PATTERNS[language]
    pattern = patterns.get("date_on_the_first", patterns["date"]) if day.day == 1 else patterns["date"]
    return dates.format_date(day, pattern, locale=LOCALES[language])


def format_time(moment: datetime, language: Language, *, seconds: bool = False) -> str:
    """Write the time of day in Ottawa: "22 h 16", on the full hour "22 h" (OQLF); "10:16 p.m." (The Canadian Style)."""
    name = "time_with_seconds" if seconds else "time" if moment.minute else "time_on_the_hour"
    return dates.format_time(moment, PATTERNS[language][name], tzinfo=EASTERN, locale=LOCALES[language])


def format_month(year: int, month: int, language: Language) -> str:
    """Write a month: "novembre 2019", "November 2019"."""
    return dates.format_date(date(year, month, 1), "MMMM y", locale=LOCALES[language])


_DASHES_AND_QUOTES = str.maketrans({"’": "'", "ʼ": "'", "—": "-", "–": "-", "‑": "-", "‐": "-", "œ": "oe", "æ": "ae"})
_NOT_WORD = re.compile(r"[\s\-]+")


def fold(text: str) -> str:
    """Reduce a text to what two people would both type for it: no case, accents or typography."""
    small = unicodedata.normalize("NFKD", text).casefold().translate(_DASHES_AND_QUOTES)
    plain = unicodedata.normalize("NFKD", small)
    if not plain.isascii():
        plain = "".join(char for char in plain if not unicodedata.combining(char))
    return _NOT_WORD.sub(" ", plain).strip()


@cache
def _languages_by_name() -> Mapping[str, Language]:
    names = {fold(one.name_in(language)): one for language in Language for one in Language}
    return {**names, **{one.value: one for one in Language}}


def read_language(text: str) -> Language | None:
    """Read "fr", "French", "français" or "fr-CA"; None for anything else."""
    return _languages_by_name().get(fold(text).partition(" ")[0])


_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""What HTML cannot hold: controls and lone surrogates."""
_BREAKS_OF_FORMS = re.compile("\r\n?")


def printable(text: str) -> str:
    """Return text as a page can show it, its lines ended by LF; nothing else is changed."""
    return _UNPRINTABLE.sub("", _BREAKS_OF_FORMS.sub("\n", text))
