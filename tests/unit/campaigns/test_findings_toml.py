"""A survey's file keeps every byte of what does not change, whatever is added, removed or moved."""

import copy
import difflib
import tomllib
from typing import Any

import pytest

from advocacy.campaigns.findings_toml import written
from tests.builders import the_campaign

FILE = the_campaign().content("findings.toml") or b""


@pytest.fixture
def values() -> dict[str, Any]:
    return copy.deepcopy(tomllib.loads(FILE.decode()))


def read(content: bytes) -> dict[str, Any]:
    return tomllib.loads(content.decode())


def changed_lines(after: bytes) -> list[str]:
    lines = difflib.ndiff(FILE.decode().splitlines(), after.decode().splitlines())
    return [line for line in lines if line[0] in "+-"]


def test_the_same_values_are_the_same_bytes(values: dict[str, Any]) -> None:
    assert written(FILE, values) == FILE
    assert written(b"\xef\xbb\xbf" + FILE.replace(b"\n", b"\r\n"), values) == b"\xef\xbb\xbf" + FILE.replace(
        b"\n", b"\r\n"
    )


def test_a_changed_value_changes_its_own_line_alone(values: dict[str, Any]) -> None:
    values["question"][2]["option"][1]["percent"] = 94.5
    assert changed_lines(written(FILE, values)) == ["- percent = 95", "+ percent = 94.5"]


def test_what_is_added_removed_and_moved_is_there_and_back_again(values: dict[str, Any]) -> None:
    before = copy.deepcopy(values)
    answer = {"key": "new_answer", "percent": 3, "wording": {"en": "x", "fr": "y"}, "label": {"en": "a", "fr": "b"}}
    values["question"][0]["option"].append(answer)
    values["question"].append({**values["question"][1], "key": "new", "option": [{**answer, "key": "new_one"}]})
    values["question"].insert(0, values["question"].pop(2))
    values["link"] = {"en": "https://example.ca", "fr": "https://example.ca/fr"}
    values["survey"] = [{"source": before["source"], "question": [{"key": "later", "option": [answer]}]}]
    del values["quote"]
    after = written(FILE, values)
    assert read(after) == values
    assert b"\n\n\n" not in after
    again = written(after, before)
    assert read(again) == before
    # A list that was gone comes back as it is written anew; all else is as it was.
    head, _, _ = FILE.partition(b"[[quote]]")
    assert again.startswith(head.rstrip())


def test_a_file_is_written_from_nothing_and_to_nothing(values: dict[str, Any]) -> None:
    assert read(written(b"", values)) == values
    assert read(written(FILE, {})) == {}


def test_lists_in_braces_are_kept_where_nothing_changes() -> None:
    text = b'preamble = [{ en = "a", fr = "b" }]\nwording = { en = "a", fr = "b" } # ours\n'
    assert written(text, read(text)) == text
    changed = written(text, {"preamble": [{"en": "a", "fr": "c"}], "wording": {"en": "a", "fr": "c"}})
    assert read(changed) == {"preamble": [{"en": "a", "fr": "c"}], "wording": {"en": "a", "fr": "c"}}


def test_what_is_no_toml_is_refused() -> None:
    for content in (b"months = ", b"\xff"):
        with pytest.raises(ValueError, match=r".+"):
            written(content, {})
