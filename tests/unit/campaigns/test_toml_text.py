"""A campaign's files are written in one way: what is written reads back equal, and the shipped files are written so."""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from advocacy.campaigns.campaign_files import LetterFile
from advocacy.campaigns.campaign_folder import FINDINGS, CampaignFolder
from advocacy.campaigns.fields import Field, FieldKind, WordCount
from advocacy.campaigns.skeletons import presets
from advocacy.campaigns.toml_text import edit_toml, format_letter, format_toml
from advocacy.language import Language, Wording
from advocacy.problems import KeyPath
from advocacy.toml_source import read_toml
from tests.builders import the_campaign

LETTERS = [(folder, letter) for folder in presets().values() for letter in folder.letters()]
ODD = Wording.of(en='“A” "b" \\ \x7f \u2028 = # [[field]]', fr="L’« été »\u00a0: ça\tva")
SURVEY = the_campaign().content(FINDINGS) or b""


def read(text: str) -> LetterFile:
    return read_toml(text, LetterFile, file="letter.toml")


@pytest.mark.parametrize(("folder", "letter"), LETTERS, ids=lambda one: one if isinstance(one, str) else one.name)
def test_a_shipped_letter_is_written_byte_for_byte(folder: CampaignFolder, letter: str) -> None:
    assert format_letter(folder.letter(letter)).encode() == folder.content(f"{letter}/letter.toml")


@pytest.mark.parametrize(
    "change",
    [
        {"title": ODD},
        {"ask": ODD, "place": 0},
        {"fields": ()},
        {"fields": (Field(key="new", kind=FieldKind.LINE, label=ODD, hint=ODD, required=True, max_characters=5),)},
        {"fields": (Field(key="new", kind=FieldKind.WORDS, label=ODD, word_count=WordCount(least=1, most=2)),)},
    ],
)
def test_a_changed_letter_reads_back_equal(change: dict[str, object]) -> None:
    folder, name = LETTERS[0]
    letter = folder.letter(name).model_copy(update=change)
    assert read(format_letter(letter)) == letter


@given(some.text(some.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_words_of_a_letter_read_back_equal_but_for_line_breaks_before_them(words: str) -> None:
    words = words.replace("\r", "").lstrip("\n")
    folder, name = LETTERS[0]
    letter = folder.letter(name)
    section = letter.sections[1]
    texts = dict.fromkeys(Language, words)
    alternative = section.alternatives[0].model_copy(update={"texts": texts})
    changed = section.model_copy(update={"alternatives": (alternative,)})
    letter = letter.model_copy(update={"sections": (letter.sections[0], changed)})
    assert read(format_letter(letter)).sections[1].alternatives[0].texts == texts


def test_values_of_every_kind_read_back_equal() -> None:
    table: dict[str, Any] = {
        "name": dict(ODD.items()),
        "opens": date(2026, 1, 2),
        "discreet": True,
        "goal": {"letters": 5},
        "chambers": ["senate", "house-of-commons"],
        "samples": {"own_words": {"en": "A", "fr": "B"}},
        "bill": [{"number": "C-1", "title": {"fr": "T"}}, {"number": "C-2"}],
        "choices": {"who": [{"key": "a"}, {"key": "b"}], "where": [{"key": "c"}]},
        "act": [{"only_for": {"roles": ["senator"]}, "wording": [{"en": "A", "fr": "B"}]}],
    }
    assert tomllib.loads(format_toml(table)) == table


def test_a_table_of_a_list_has_its_header_after_the_values_of_the_table_that_it_is_in() -> None:
    question = {"option": [{"percent": 7, "wording": {"en": "A", "fr": "B"}}], "key": "one"}
    assert format_toml({"question": [question], "title": "T"}).splitlines() == [
        'title = "T"',
        "",
        "[[question]]",
        'key = "one"',
        "",
        "[[question.option]]",
        "percent = 7",
        'wording.en = "A"',
        'wording.fr = "B"',
    ]


def test_a_changed_value_is_the_only_one_that_differs() -> None:
    changes: Sequence[Mapping[KeyPath, str]] = ({}, {("question", 2, "key"): "x"})
    before, after = (tomllib.loads(edit_toml(SURVEY, change).decode()) for change in changes)
    assert before == tomllib.loads(SURVEY.decode())
    after["question"][2]["key"] = before["question"][2]["key"]
    assert after == before


@pytest.mark.parametrize("folder", presets().values(), ids=lambda folder: folder.name)
def test_what_a_form_leaves_alone_reads_back_equal(folder: CampaignFolder) -> None:
    for name, content in folder.files:
        if name.endswith(".toml"):
            assert tomllib.loads(edit_toml(content, {}).decode()) == tomllib.loads(content.decode())


def test_a_value_is_added_where_nothing_was_and_taken_away() -> None:
    added = edit_toml(b"", {("goal", "letters"): 5, ("name",): Wording.same("N")})
    assert tomllib.loads(added.decode()) == {"goal": {"letters": 5}, "name": {"en": "N", "fr": "N"}}
    assert tomllib.loads(edit_toml(added, {("name",): None}).decode()) == {"goal": {"letters": 5}}
