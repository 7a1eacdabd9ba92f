"""The interface's words in every language: English stands in the code, the others in `.po` files beside it."""

from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import TypeAlias

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations
from babel.support import Translations as Compiled

from advocacy.language import LOCALES, Language

Translations: TypeAlias = NullTranslations

SOURCE = Language.EN
"""The language the words are written in where they are used; it needs no file."""


@cache
def catalog(language: Language) -> Translations:
    """Give the words in `language`, compiled in memory: no compiled file can be older than its source."""
    if language is SOURCE:
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(source(language)), locale=LOCALES[language]))
    compiled.seek(0)
    return Compiled(compiled)


def source(language: Language) -> bytes:
    """Give the `.po` file of a language."""
    return (files("advocacy") / "translations" / language / "LC_MESSAGES" / "messages.po").read_bytes()
