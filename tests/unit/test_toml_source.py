"""Every complaint about a file of data names the line where the thing stands, and says what to do."""

import pytest
from pydantic import Field

from advocacy.language import Wording
from advocacy.problems import Place, complaint
from advocacy.toml_source import Frozen, TomlPlaces, TomlProblems, read_toml


class Leaf(Frozen):
    name: str
    size: int = Field(default=1, ge=1, le=9)


class Branch(Frozen):
    label: Wording
    leaves: tuple[Leaf, ...] = Field(default=(), alias="leaf", min_length=1)


class Tree(Frozen):
    height: int
    branches: tuple[Branch, ...] = Field(default=(), alias="branch")
    notes: dict[str, str] = Field(default_factory=dict)


GOOD = """\
height = 3  # metres
notes.soil = "clay # not a comment"

[[branch]]
label = { en = "Left", fr = "Gauche" }
  [[branch.leaf]]
  name = "a"
  [[branch.leaf]]
  name = "b"
  size = 2

[[branch]]
label.en = "Right"
label.fr = "Droite"
[[branch.leaf]]
name = "c"
"""


def problems(text: str) -> list[tuple[int, str]]:
    with pytest.raises(TomlProblems) as refused:
        read_toml(text, Tree, file="tree.toml")
    return [(problem.line, problem.sentence) for problem in refused.value.problems]


def test_lines_are_known_for_keys_in_tables_and_repeated_tables() -> None:
    lines = TomlPlaces(GOOD)
    assert lines.line(("height",)) == 1
    assert lines.line(("notes", "soil")) == 2
    assert lines.line(("branch", 0, "leaf", 1, "size")) == 10
    assert lines.line(("branch", 1)) == 12
    assert lines.line(("branch", 1, "label", "fr")) == 14
    assert lines.line(("branch", 1, "leaf", 0, "name")) == 16


def test_a_thing_that_is_not_there_has_the_line_of_what_would_hold_it() -> None:
    lines = TomlPlaces(GOOD)
    assert lines.line(("branch", 0, "leaf", 0, "size")) == 6
    assert lines.line(("branch", 0, "label", "en")) == 5
    assert lines.line(("absent", 3)) == 1


def test_a_wrong_value_is_named_once_with_its_line() -> None:
    assert problems(GOOD.replace("size = 2", "size = 20")) == [(10, "“size”: write a number of at most 9.")]


def test_a_list_that_is_truly_too_short_is_reported() -> None:
    (line, sentence), *others = problems(GOOD.replace('[[branch.leaf]]\nname = "c"\n', "leaf = []\n"))
    assert not others
    assert line == 15
    assert "“leaf”" in sentence


def test_an_unknown_key_says_take_it_out() -> None:
    found = problems(GOOD.replace("size = 2", "bulk = 2"))
    assert found == [(10, "“bulk” is not known here. Remove it.")]


def test_a_wording_that_is_no_table_shows_how_to_write_one() -> None:
    found = problems(GOOD.replace('{ en = "Left", fr = "Gauche" }', '"Left"'))
    assert found == [(5, "Write “label” in both languages.")]


def test_broken_toml_names_line_and_column() -> None:
    with pytest.raises(TomlProblems) as refused:
        read_toml("height = 3\nbranch = [\n", Tree, file="tree.toml")
    (problem,) = refused.value.problems
    assert (problem.file, problem.line, problem.column) == ("tree.toml", 3, 1)
    with pytest.raises(TomlProblems, match=r"^tree\.toml:2:3: Not valid TOML: "):
        read_toml("height = 3\na b = 1\n", Tree, file="tree.toml")


def test_rules_that_span_the_file_have_lines_too() -> None:
    with pytest.raises(TomlProblems) as refused:
        read_toml(GOOD, Tree, file="t", also=lambda _: [(("branch", 1, "label"), complaint("placeholder"))])
    assert refused.value.problems == [complaint("placeholder").at(Place("t", 13))]


def test_text_in_long_strings_is_not_taken_for_keys_and_tables() -> None:
    text = 'notes.a = """\nheight = 9\n[[branch]]\n"""\nheight = "x"\n'
    assert [line for line, _ in problems(text)] == [5]


def test_comments_and_windows_line_ends_and_a_byte_order_mark_are_no_trouble() -> None:
    text = "\ufeff# tree\r\n[notes] # of the \"tree\"\r\n'a b' = 3\r\n"
    assert problems(text) == [
        (1, "“height” is missing."),
        (3, "“a b”: write a text in quotes."),
    ]


def test_a_line_of_nothing_but_a_bracket_and_spaces_is_read_at_once() -> None:
    """Trying every way to part the spaces would take hours."""
    text = f"height = [\n[{' ' * 20_000}\n1]]\n"
    assert [line for line, _ in problems(text)] == [1]
