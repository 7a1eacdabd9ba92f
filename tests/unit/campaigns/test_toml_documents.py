"""A value is changed where it stands; every other byte is as it was."""

import copy
import difflib
import tomllib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from advocacy import shipped_folder
from advocacy.campaigns.toml_documents import TomlDocument, edit_toml, replace_values
from advocacy.language import Wording
from advocacy.problems import KeyPath
from tests.builders import the_campaign
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


def value_at(read: Any, path: KeyPath) -> Any:
    """Return a value by its path."""
    for key in path:
        read = read[key]
    return read


def paths(read: Any, path: KeyPath = ()) -> Iterator[KeyPath]:
    """Every path of a value that is no table."""
    items = read.items() if isinstance(read, dict) else enumerate(read)
    for key, value in items:
        if isinstance(value, dict) or (isinstance(value, list) and value and isinstance(value[0], dict)):
            yield from paths(value, (*path, key))
        else:
            yield (*path, key)


def test_nothing_to_change_changes_nothing() -> None:
    for file in shipped_folder().glob("**/*.toml"):
        content = file.read_bytes()
        read = tomllib.loads(content.decode())
        same = {path: value_at(read, path) for path in paths(read)}
        assert edit_toml(content, same) == content
        document = TomlDocument(content.decode())
        assert {path: document.get(path) for path in same} == same


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
        (("name", "de"), "Neu", ("name.fr = 'Ancien'\n", "name.de = \"Neu\"\nname.fr = 'Ancien'\n")),
        (("question", 0, "inner", "de"), "n", ('["en"] }', '["en"], de = "n" }')),
        (("question", 0, "option", 1, "label", "en"), "L", ("percent = 15\n", 'percent = 15\nlabel.en = "L"\n')),
        (("opens",), date(2026, 1, 2), ('\\""""\n', '\\""""\nopens = 2026-01-02\n')),
        (("list",), [{"en": "a", "fr": "b"}], ('[ "a", # one\n  "b" ]', '[\n    { en = "a", fr = "b" },\n]')),
    ],
)
def test_one_change_touches_one_place(path: KeyPath, new: Any, lines: tuple[str, str]) -> None:
    before, after = lines
    assert FILE.count(before) == 1
    assert edit_toml(FILE.encode(), {path: new}).decode() == FILE.replace(before, after)


def test_line_ends_and_the_mark_of_the_beginning_stay() -> None:
    content = b'\xef\xbb\xbfa = "1"\r\nb = "2"'
    assert edit_toml(content, {("c",): "3", ("a",): "x"}) == b'\xef\xbb\xbfa = "x"\r\nb = "2"\r\nc = "3"\r\n'


@pytest.mark.parametrize("path", [("question", 7, "key"), ("list", 5), ("name", "en", "deeper"), ("question",)])
def test_what_has_no_place_of_its_own_is_refused(path: KeyPath) -> None:
    with pytest.raises(KeyError):
        edit_toml(FILE.encode(), {path: "new"})


def test_whatever_is_typed_comes_back_as_typed() -> None:
    typed = [*strings(), "\x7f\x00\b\f\r\n\t", "\\", '"""', "\u2028"]
    for old, added in zip(typed[::2], typed[1::2] + typed[:1], strict=False):
        read = tomllib.loads(edit_toml(FILE.encode(), {("name", "en"): old, ("added", "en"): added}).decode())
        assert value_at(read, ("name", "en")) == old
        assert value_at(read, ("added", "en")) == added
        assert value_at(read, ("question", 0, "option", 1, "percent")) == 15


LISTED = """\
title = "A"

# About one.
[[question]]
key = "one" # first

[[question.option]]
percent = 85

# About two.
[[question]]
key = "two"

# The end.
[other]
a = 1
"""


def test_tables_are_put_in_another_order_with_their_comments() -> None:
    document = TomlDocument(LISTED)
    document.reorder(("question",), [1, 0])
    one, two = (
        LISTED[LISTED.index("# About one") : LISTED.index("# About two")],
        '# About two.\n[[question]]\nkey = "two"\n\n',
    )
    assert document.text == f'title = "A"\n\n{two}{one}# The end.\n[other]\na = 1\n'
    document.reorder(("question",), [1, 0])
    assert document.text == LISTED


def test_a_table_that_is_not_named_in_the_order_goes() -> None:
    document = TomlDocument(LISTED)
    document.reorder(("question",), [1])
    assert tomllib.loads(document.text) == {"title": "A", "question": [{"key": "two"}], "other": {"a": 1}}
    assert "About one" not in document.text


def test_a_table_is_added_after_the_others_of_its_list() -> None:
    document = TomlDocument(LISTED)
    table = {"key": "three", "label": Wording.of(en="T", fr="Tr"), "option": [{"percent": Decimal("1.5")}], "no": None}
    added = '[[question]]\nkey = "three"\nlabel.en = "T"\nlabel.fr = "Tr"\n\n[[question.option]]\npercent = 1.5\n\n'
    assert document.append(("question",), table) == 2
    assert document.text == LISTED.replace("# The end.", f"{added}# The end.")


def test_a_table_is_added_to_a_list_inside_another() -> None:
    document = TomlDocument(LISTED)
    assert document.append(("question", 1, "option"), {"percent": 7}) == 0
    assert document.append(("question", 0, "option"), {"percent": 15}) == 1
    document.set(("question", 0, "option", 1, "percent"), 14)
    assert [question["option"] for question in tomllib.loads(document.text)["question"]] == [
        [{"percent": 85}, {"percent": 14}],
        [{"percent": 7}],
    ]
    assert document.append(("new",), {"a": date(2026, 1, 2)}) == 0
    assert document.text.endswith("a = 1\n\n[[new]]\na = 2026-01-02\n")


def test_words_in_every_language_are_set_at_once() -> None:
    document = TomlDocument(FILE)
    document.set(("name",), Wording.of(en="New", fr="Neuf"))
    document.set(("question", 0, "inner"), Wording.of(en="x", fr="z"))
    document.set(("deck",), Wording.of(en="D", fr="E"))
    assert document.get(("name",)) == {"en": "New", "fr": "Neuf"}
    assert 'inner = { en = "x", fr = "z" } # kept' in document.text
    assert 'deck.en = "D"\ndeck.fr = "E"\n\n[[question]]' in document.text
    document.remove(("deck",))
    assert document.get(("deck",)) is None


SURVEY = the_campaign().content("findings.toml") or b""


@pytest.fixture
def values() -> dict[str, Any]:
    return copy.deepcopy(tomllib.loads(SURVEY.decode()))


def read(content: bytes) -> dict[str, Any]:
    return tomllib.loads(content.decode())


def changed_lines(after: bytes) -> list[str]:
    lines = difflib.ndiff(SURVEY.decode().splitlines(), after.decode().splitlines())
    return [line for line in lines if line[0] in "+-"]


def test_the_same_values_are_the_same_bytes(values: dict[str, Any]) -> None:
    assert replace_values(SURVEY, values) == SURVEY
    assert replace_values(b"\xef\xbb\xbf" + SURVEY.replace(b"\n", b"\r\n"), values) == b"\xef\xbb\xbf" + SURVEY.replace(
        b"\n", b"\r\n"
    )


def test_a_changed_value_changes_its_own_line_alone(values: dict[str, Any]) -> None:
    values["question"][2]["option"][1]["percent"] = 94.5
    assert changed_lines(replace_values(SURVEY, values)) == ["- percent = 95", "+ percent = 94.5"]


def test_what_is_added_removed_and_moved_is_there_and_back_again(values: dict[str, Any]) -> None:
    before = copy.deepcopy(values)
    answer = {"key": "new_answer", "percent": 3, "wording": {"en": "x", "fr": "y"}, "label": {"en": "a", "fr": "b"}}
    values["question"][0]["option"].append(answer)
    values["question"].append({**values["question"][1], "key": "new", "option": [{**answer, "key": "new_one"}]})
    values["question"].insert(0, values["question"].pop(2))
    values["link"] = {"en": "https://example.ca", "fr": "https://example.ca/fr"}
    values["survey"] = [{"source": before["source"], "question": [{"key": "later", "option": [answer]}]}]
    del values["quote"]
    after = replace_values(SURVEY, values)
    assert read(after) == values
    assert b"\n\n\n" not in after
    again = replace_values(after, before)
    assert read(again) == before
    # A list that was gone comes back as it is written anew; all else is as it was.
    head, _, _ = SURVEY.partition(b"[[quote]]")
    assert again.startswith(head.rstrip())


def test_a_file_is_written_from_nothing_and_to_nothing(values: dict[str, Any]) -> None:
    assert read(replace_values(b"", values)) == values
    assert read(replace_values(SURVEY, {})) == {}


def test_lists_in_braces_are_kept_where_nothing_changes() -> None:
    text = b'preamble = [{ en = "a", fr = "b" }]\nwording = { en = "a", fr = "b" } # ours\n'
    assert replace_values(text, read(text)) == text
    changed = replace_values(text, {"preamble": [{"en": "a", "fr": "c"}], "wording": {"en": "a", "fr": "c"}})
    assert read(changed) == {"preamble": [{"en": "a", "fr": "c"}], "wording": {"en": "a", "fr": "c"}}


def test_what_is_no_toml_is_refused() -> None:
    for content in (b"months = ", b"\xff"):
        with pytest.raises(ValueError, match=r".+"):
            replace_values(content, {})
