"""A copy of this checkout with a third language, the English texts with accents: what assumes two languages breaks.

    python -m scripts.pseudo_language FOLDER

The language is data: a member of `Language`, a table in languages.toml, `eo` beside every `en` in the data files,
an `eo.md` of the guide, and a `.po` file. Nothing else of the copy differs.
"""

import csv
import re
import shutil
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import tomlkit
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from tomlkit.items import InlineTable, Item

ROOT = Path(__file__).parent.parent
CODE = "eo"
"""Esperanto's: Babel must know the code to write numbers and dates, and no text of ours is in it."""
COPIED = ("advocacy", "letters", "templates", "docs/guide")
ACCENTS = str.maketrans("aeiouAEIOU", "âêîôûÂÊÎÔÛ")
KEPT = re.compile(
    r"\{\{.*?\}\}|\{%.*?%\}|\{[^}\n]*\}|%\(\w+\)[sd]|%%|https?://\S+|[\w.]+@[\w.]+|<[^>]+>|&\w+;", re.DOTALL
)
"""What a program reads: labels, placeholders, addresses and tags."""
WORD_LISTS = frozenset({"writing_rules.toml"})
"""What programs read of a language: expressions and words, which stay as they are."""
WORD_LIST = str
NO_TEXTS = frozenset({"status", "source"})
"""What a table by languages says of its texts."""
ENGLISH = re.compile(r"_en(?=_|$)")
"""What tells a column in English."""


def pseudo(text: str) -> str:
    """Return a text with accents on its vowels; what a program reads stays."""
    pieces, end = [], 0
    for found in KEPT.finditer(text):
        pieces += [text[end : found.start()].translate(ACCENTS), found[0]]
        end = found.end()
    return "".join((*pieces, text[end:].translate(ACCENTS)))


def add_language(folder: Path) -> None:
    """Copy the checkout into `folder`, an empty one, and add the language."""
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    code = folder / "advocacy" / "language.py"
    source = code.read_text("utf-8")
    member = '    FR = "fr"\n'
    code.write_text(source.replace(member, f'{member}    EO = "{CODE}"\n', 1), "utf-8")
    with (folder / "advocacy" / "languages.toml").open("a", encoding="utf-8") as patterns:
        patterns.write(
            f'\n[{CODE}]\nlocale = "{CODE}"\ndate = "d MMMM y"\ntime = "HH:mm"\ntime_on_the_hour = "HH:mm"\n'
            'time_with_seconds = "HH:mm:ss"\n'
            f'\n[{CODE}.claims]\nsurvey = ["survey*"]\nshare = ["half"]\nbill = ["bill"]\n'
        )
    for file in [*folder.rglob("*.toml")]:
        add_to_toml(file)
    for file in [*folder.rglob("*.csv")]:
        add_to_csv(file)
    guide = folder / "docs" / "guide"
    (guide / f"{CODE}.md").write_text(pseudo((guide / "en.md").read_text("utf-8")), "utf-8")
    add_catalog(folder / "advocacy" / "translations")


def add_to_toml(file: Path) -> None:
    """Put the language beside English wherever a file has a table by languages."""
    document = tomlkit.parse(file.read_text("utf-8"))
    if add_to(document, WORD_LIST if file.name in WORD_LISTS else pseudo):
        file.write_text(tomlkit.dumps(document), "utf-8")


def add_to(value: object, translate: Callable[[str], str]) -> bool:
    """Put the language beside English in a value, however deep; whether there was any."""
    if isinstance(value, dict):
        added = max([add_to(one, translate) for one in value.values()], default=False)
        if {"en", "fr"} <= value.keys() and CODE not in value:
            text = translated(value["en"], translate)
            if isinstance(value["en"], InlineTable):
                inline = tomlkit.inline_table()
                inline.update(text)
                text = inline
            value[CODE] = text
            added = True
        return added
    return max([add_to(one, translate) for one in value], default=False) if isinstance(value, list) else False


def translated(value: object, translate: Callable[[str], str]) -> Any:
    """Return a value of a data file with its texts in the language."""
    plain = value.unwrap() if isinstance(value, Item) else value
    if isinstance(plain, str):
        return translate(plain)
    if isinstance(plain, list):
        return [translated(one, translate) for one in plain]
    if isinstance(plain, dict):
        return {name: one if name in NO_TEXTS else translated(one, translate) for name, one in plain.items()}
    return plain


def add_to_csv(file: Path) -> None:
    """Put a column of the language beside each English one."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    english = [name for name in rows[0] if ENGLISH.search(name)] if rows else []
    if not english:
        return
    for row in rows:
        row.update({ENGLISH.sub(f"_{CODE}", name): pseudo(row[name]) for name in english})
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def add_catalog(translations: Path) -> None:
    """Write the `.po` file of the language."""
    known = read_po(BytesIO((translations / "fr" / "LC_MESSAGES" / "messages.po").read_bytes()), locale="fr_CA")
    catalog = Catalog(locale=CODE, charset="utf-8", fuzzy=False)
    for message in known:
        if message.id:
            strings = [pseudo(text) for text in ((message.id,) if isinstance(message.id, str) else message.id)]
            catalog.add(message.id, strings if message.pluralizable else strings[0], context=message.context)
    written = BytesIO()
    write_po(written, catalog, width=0)
    file = translations / CODE / "LC_MESSAGES" / "messages.po"
    file.parent.mkdir(parents=True)
    file.write_bytes(written.getvalue())


if __name__ == "__main__":
    add_language(Path(sys.argv[1]))
