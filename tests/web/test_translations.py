"""Whatever a page says is said in every language: no word is missing, left over, unsure or set wrongly."""

import re
from functools import cache
from io import BytesIO

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from advocacy.campaigns.checks.typography import find_mistakes
from advocacy.language import LOCALES, SOURCE, Language
from advocacy.messages import source
from scripts.words import translated, updated, used

PLACEHOLDER = re.compile(r"%\((?P<name>\w+)\)[sd]")
TAG = re.compile(r"</?[a-z][^>]*>")
BRACES = re.compile(r"\{%.*?%\}|\{\{.*?\}\}")


@cache
def known(language: Language) -> Catalog:
    return read_po(BytesIO(source(language)), locale=LOCALES[language])


def texts(words: object) -> tuple[str, ...]:
    """The forms of a word: one, or one for each plural."""
    return tuple(words) if isinstance(words, list | tuple) else (str(words),)


def messages(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


def as_read(text: str) -> str:
    """A text as a reader sees it: names filled in, tags and what is shown of the letters' language gone."""
    return BRACES.sub("x", TAG.sub("", PLACEHOLDER.sub("0", text).replace("%%", "%")))


def test_every_language_but_the_source_has_its_file() -> None:
    assert {SOURCE, *translated()} == set(Language)
    assert all(messages(known(language)) for language in translated())


@pytest.mark.parametrize("language", translated())
def test_no_word_is_missing_and_none_is_left_over(language: Language) -> None:
    wanted = {(message.context, message.id) for message in messages(used())}
    given = {(message.context, message.id) for message in messages(known(language))}

    assert (sorted(map(str, wanted - given)), sorted(map(str, given - wanted))) == ([], []), "run make words"


@pytest.mark.parametrize("language", translated())
def test_every_word_is_translated_for_certain(language: Language) -> None:
    unsure = [message.id for message in messages(known(language)) if message.fuzzy or not all(texts(message.string))]
    cut = [one.id for one in messages(known(language)) if one.pluralizable and min(map(len, texts(one.string))) < 3]

    assert (unsure, cut) == ([], [])


@pytest.mark.parametrize("language", translated())
def test_a_file_is_as_make_words_writes_it(language: Language) -> None:
    assert updated(language).decode() == source(language).decode(), "run make words"


@pytest.mark.parametrize("language", translated())
def test_a_translation_keeps_what_is_filled_in_and_every_tag(language: Language) -> None:
    for message in messages(known(language)):
        asked = {name for text in texts(message.id) for name in PLACEHOLDER.findall(text)}
        for said in texts(message.string):
            assert set(PLACEHOLDER.findall(said)) <= asked, message.id
            assert "%" not in PLACEHOLDER.sub("", said).replace("%%", ""), message.id
        if not message.pluralizable:
            (english,), (said,) = texts(message.id), texts(message.string)
            assert set(PLACEHOLDER.findall(said)) == asked, message.id
            assert sorted(TAG.findall(said)) == sorted(TAG.findall(english)), message.id


@pytest.mark.parametrize("language", Language)
def test_every_sign_is_set_as_the_language_sets_it(language: Language) -> None:
    words = used() if language is SOURCE else known(language)
    said = [text for message in messages(words) for text in texts(message.id if language is SOURCE else message.string)]

    found = {text: [slip.code for slip in find_mistakes(as_read(text), language)] for text in said}
    assert {text: sentences for text, sentences in found.items() if sentences} == {}
