"""The interface's words: in English where they are used, and translated in the `.po` file of each language.

Pages use Flask-Babel's gettext. Code below the web, which has no request and so no language, returns a `Message`;
whoever shows it chooses the language.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from io import BytesIO
from types import MappingProxyType
from typing import TypeAlias

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations
from babel.support import Translations as Compiled

from advocacy.language import LOCALES, SOURCE, Language, Wording, day_of, format_date, format_time

Translations: TypeAlias = NullTranslations
Words: TypeAlias = "Message | Wording"
"""A message of the interface, or words of the data."""


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence to be rendered in a language later. `plural` is given where `params["num"]` decides the form.

    Parameters that are messages, wordings, days, moments or tuples of these are rendered in the same language.
    """

    msgid: str
    params: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    plural: str = ""

    def with_params(self, **params: object) -> "Message":
        return Message(self.msgid, MappingProxyType({**self.params, **params}), self.plural)

    def in_language(self, language: Language) -> str:
        """Return the sentence in `language`, with its parameters."""
        translations = catalog(language)
        if self.plural:
            text = translations.ungettext(self.msgid, self.plural, int(str(self.params["num"])))
        else:
            text = translations.ugettext(self.msgid)
        return text % {name: _format(value, language) for name, value in self.params.items()}

    def __hash__(self) -> int:
        return hash((self.msgid, tuple(sorted(self.params.items(), key=lambda item: item[0]))))


def message(msgid: str, /, **params: object) -> Message:
    """Return a message; `%(name)s` in it stands for a parameter, `%%` for a percent sign."""
    return Message(msgid, MappingProxyType(params))


def nmessage(singular: str, plural: str, num: int, /, **params: object) -> Message:
    """Return a message whose form depends on `num`, which is also its parameter `%(num)s`."""
    return Message(singular, MappingProxyType({"num": num, **params}), plural)


def format_moment(moment: datetime, language: Language) -> str:
    """Write a moment: "27 novembre 2026 à 22 h 16 (heure de l’Est)" (U+00A0 beside the h)."""
    time = format_time(moment, language)
    text = message("%(day)s at %(time)s (Eastern time)", day=format_date(day_of(moment), language), time=time)
    return text.in_language(language)


def _format(value: object, language: Language) -> object:
    match value:
        case Message() | Wording():
            return value.in_language(language)
        case datetime():
            return format_moment(value, language)
        case date():
            return format_date(value, language)
        case tuple():
            return ", ".join(str(_format(item, language)) for item in value)
        case _:
            return value


@cache
def catalog(language: Language) -> Translations:
    """Return the words in `language`, compiled in memory: no compiled file can be older than its source."""
    if language is SOURCE:
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(source(language)), locale=LOCALES[language]))
    compiled.seek(0)
    return Compiled(compiled)


def source(language: Language) -> bytes:
    """Return the `.po` file of a language."""
    return (files("advocacy") / "translations" / language / "LC_MESSAGES" / "messages.po").read_bytes()
