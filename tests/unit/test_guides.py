"""The writers' guide says the same in both languages, in the very words of the pages, beside pictures of its language."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from advocacy.campaigns.checks.typography import find_mistakes
from advocacy.language import Language
from advocacy.messages import source
from advocacy.staff.models import ROLE_NAMES

DOCS = Path(__file__).parents[2] / "docs" / "guide"
EN, FR = Language.EN, Language.FR
FILES = {EN: "en.md", FR: "fr.md"}
TEXTS = {language: (DOCS / file).read_text(encoding="utf-8") for language, file in FILES.items()}
QUOTED = {EN: re.compile("“([^”]+)”"), FR: re.compile("«\u00a0([^»]+)\u00a0»")}
PICTURE = re.compile(r"^!\[([^\]]+)\]\(pictures/(guide-[a-z-]+\.png)\)$", re.MULTILINE)
LARGEST = 200_000
"""Bytes of a picture."""


def spoken() -> dict[str, str]:
    """Every word of the pages that a guide may quote, English to French."""
    catalog = read_po(BytesIO(source(FR)))
    return {str(message.id): str(message.string) for message in catalog if message.id and not message.pluralizable}


def shape(language: Language) -> list[tuple[str, int]]:
    """The parts of a guide: how deep each stands, and how many paragraphs it has."""
    parts = re.split(r"^(#+) .+$", TEXTS[language], flags=re.MULTILINE)[1:]
    return [(mark, len(text.strip().split("\n\n"))) for mark, text in zip(parts[::2], parts[1::2], strict=True)]


def test_the_guides_have_the_same_parts() -> None:
    assert shape(EN) == shape(FR)
    assert len(shape(EN)) > 10


def test_the_guides_lead_to_each_other() -> None:
    assert f"({FILES[FR]})" in TEXTS[EN].split("\n\n")[1]
    assert f"({FILES[EN]})" in TEXTS[FR].split("\n\n")[1]


def test_the_guides_quote_the_same_words_of_the_pages() -> None:
    english, french = (QUOTED[language].findall(TEXTS[language]) for language in (EN, FR))
    said = spoken()
    assert [word for word in english if word not in said] == []
    assert [said[word] for word in english] == french


@pytest.mark.parametrize("language", Language)
def test_the_guides_name_the_roles_as_the_pages_do(language: Language) -> None:
    rows = re.findall(r"^\| (\w+) \|", TEXTS[language], re.MULTILINE)[1:]
    assert rows == [name.in_language(language) for name in ROLE_NAMES.values()]


def test_the_pictures_are_there_in_the_guides_language_and_small() -> None:
    english, french = ([name for _words, name in PICTURE.findall(TEXTS[language])] for language in (EN, FR))
    assert french == [name.replace(".png", "-fr.png") for name in english]
    assert {*english, *french} == {file.name for file in (DOCS / "pictures").glob("guide-*.png")}
    assert [name for name in (*english, *french) if (DOCS / "pictures" / name).stat().st_size > LARGEST] == []


@pytest.mark.parametrize("language", Language)
def test_the_guides_are_set_as_letters_are(language: Language) -> None:
    title, _link, *parts = TEXTS[language].split("\n\n")
    assert [
        part[max(0, slip.start - 20) : slip.end + 20]
        for part in (title, *parts)
        for slip in find_mistakes(part, language)
    ] == []
