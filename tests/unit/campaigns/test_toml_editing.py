"""A value is changed where it stands; every other byte is as it was."""

import tomllib
from datetime import date
from typing import Any

import pytest

from advocacy.campaigns.toml_editing import edited
from advocacy.campaigns.toml_spans import Spans
from advocacy.problems import Path
from advocacy.shipped import shipped_folder
from tests.naughty import strings

FILE = """\
# A comment with = and "quotes" and [brackets].
name.en = "Old" # beside
name.fr = 'Ancien'
list = [ "a", # one
  "b" ]
long = \"\"\"
[not.a.table]
key = "no" \\\"\"\"\"

[[question]]
key = "one"
inner = { en = "x", fr = "y", translated = ["en"] } # kept

[[question.option]]
percent = 85
wording.en = "w"
at = 2024-01-01 07:30:00

[[question.option]]
percent = 15

[other]
"quoted key" = 1
"""


def value_at(read: Any, path: Path) -> Any:
    """Give a value by its path."""
    for key in path:
        read = read[key]
    return read


def test_every_value_of_the_shipped_files_is_found_where_it_stands() -> None:
    for file in shipped_folder().glob("*/*.toml"):
        text = file.read_text(encoding="utf-8")
        spans, read = Spans.of(text), tomllib.loads(text)
        assert len(spans.values) > 20
        for path, (start, end) in spans.values.items():
            assert tomllib.loads(f"x = {text[start:end]}")["x"] == value_at(read, path)


def test_nothing_to_change_changes_nothing() -> None:
    for file in shipped_folder().glob("*/*.toml"):
        content = file.read_bytes()
        read = tomllib.loads(content.decode())
        same = {path: value_at(read, path) for path in Spans.of(content.decode()).values}
        assert edited(content, same) == content


@pytest.mark.parametrize(
    ("path", "new", "lines"),
    [
        (("name", "en"), "New", ('name.en = "Old" # beside', 'name.en = "New" # beside')),
        (("name", "fr"), "L'« été »", ("name.fr = 'Ancien'", 'name.fr = "L\'« été »"')),
        (("question", 0, "option", 1, "percent"), 14, ("percent = 15", "percent = 14")),
        (("question", 0, "inner", "fr"), "z", ('fr = "y"', 'fr = "z"')),
        (("list", 1), "c", ('"b" ]', '"c" ]')),
        (("question", 0, "option", 0, "at"), date(2025, 2, 3), ("2024-01-01 07:30:00", "2025-02-03")),
        (("other", "quoted key"), 2, ('"quoted key" = 1', '"quoted key" = 2')),
        (("question", 0, "inner", "translated"), None, (', translated = ["en"] }', " }")),
        (("question", 0, "inner", "en"), None, ('en = "x", ', "")),
        (("question", 0, "option", 0, "wording"), None, ('wording.en = "w"\n', "")),
        (("name", "de"), "Neu", ("name.fr = 'Ancien'\n", "name.fr = 'Ancien'\nname.de = \"Neu\"\n")),
        (("question", 0, "inner", "de"), "n", ('["en"] }', '["en"], de = "n" }')),
        (("question", 0, "option", 1, "label", "en"), "L", ("percent = 15\n", 'percent = 15\nlabel.en = "L"\n')),
        (("opens",), date(2026, 1, 2), ('\\""""\n', '\\""""\nopens = 2026-01-02\n')),
        (("list",), [{"en": "a", "fr": "b"}], ('[ "a", # one\n  "b" ]', '[\n    { en = "a", fr = "b" },\n]')),
    ],
)
def test_one_change_touches_one_place(path: Path, new: Any, lines: tuple[str, str]) -> None:
    before, after = lines
    assert FILE.count(before) == 1
    assert edited(FILE.encode(), {path: new}).decode() == FILE.replace(before, after)


def test_line_ends_and_the_mark_of_the_beginning_stay() -> None:
    content = b'\xef\xbb\xbfa = "1"\r\nb = "2"'
    assert edited(content, {("c",): "3", ("a",): "x"}) == b'\xef\xbb\xbfa = "x"\r\nb = "2"\r\nc = "3"\r\n'


@pytest.mark.parametrize("path", [("question", 7, "key"), ("list", 5), ("name", "en", "deeper"), ("question",)])
def test_what_has_no_place_of_its_own_is_refused(path: Path) -> None:
    with pytest.raises(KeyError):
        edited(FILE.encode(), {path: "new"})


def test_whatever_is_typed_comes_back_as_typed() -> None:
    for words in (*strings(), "\x7f\x00\b\f\r\n\t", "\\", '"""', "\u2028"):
        read = tomllib.loads(edited(FILE.encode(), {("name", "en"): words, ("added", "en"): words}).decode())
        assert value_at(read, ("name", "en")) == words
        assert value_at(read, ("added", "en")) == words
        assert value_at(read, ("question", 0, "option", 1, "percent")) == 15
