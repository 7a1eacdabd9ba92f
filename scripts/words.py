"""Bring the `.po` files up to date with the words the pages use: new ones come in empty, unused ones go.

    make words

Then translate what is empty; `make test` refuses a word that is missing, left over or marked fuzzy.
"""

from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from advocacy.language import LOCALES, SOURCE, Language

ROOT = Path(__file__).parent.parent
PLACES = {
    ROOT / "templates": [("**.html", "jinja2")],
    ROOT / "advocacy": [("**.py", "python")],
}
KEYWORDS = {**DEFAULT_KEYWORDS, "lazy_gettext": None, "_l": None, "later": None, "message": None, "nmessage": (1, 2)}
PAGES = {
    "**.html": {"trimmed": "true", "silent": "false", "extensions": "flask_caching.jinja2ext.CacheExtension"},
}

HEAD = """msgid ""
msgstr ""
"Language: {locale}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural_forms}\\n"

"""


@cache
def used() -> Catalog:
    """Collect the words that templates and code speak, with the files they are in."""
    words = Catalog(charset="utf-8")
    for folder, methods in sorted(PLACES.items()):
        for file, _, message, comments, context in extract_from_dir(folder, methods, PAGES, KEYWORDS, ("i18n:",)):
            place = (folder / file).relative_to(ROOT).as_posix()
            words.add(message, locations=[(place, 0)], auto_comments=comments, context=context)
    return words


def file_of(language: Language) -> Path:
    """Return the `.po` file of a language."""
    return ROOT / "advocacy" / "translations" / language / "LC_MESSAGES" / "messages.po"


def translated() -> tuple[Language, ...]:
    """Return the languages that need a file: all but the one the words are written in."""
    return tuple(language for language in Language if language is not SOURCE)


def updated(language: Language) -> bytes:
    """Write the `.po` file of a language anew: the words in use, translated as far as they were."""
    before = read_po(BytesIO(file_of(language).read_bytes()), locale=LOCALES[language])
    after = Catalog(locale=LOCALES[language], charset="utf-8", fuzzy=False)
    for word in used():
        if word.id:
            known = before.get(word.id, word.context)
            said = known.string if known is not None and known.pluralizable == word.pluralizable else ""
            places = sorted(set(word.locations))
            after.add(word.id, said, places, auto_comments=word.auto_comments, context=word.context)
    written = BytesIO()
    write_po(written, after, width=0, omit_header=True, include_lineno=False, sort_output=True)
    head = HEAD.format(locale=LOCALES[language], plural_forms=before.plural_forms)
    return head.encode() + written.getvalue()


if __name__ == "__main__":
    for language in translated():
        file_of(language).write_bytes(updated(language))
