"""Whoever waits at a terminal for a long list sees a bar; scripts see lines where they are wanted, else nothing."""

import sys
from io import StringIO

import pytest

from advocacy.cli.progress import MIN_ROWS, progress


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "rows", "shown"),
    [(Terminal(), MIN_ROWS, True), (Terminal(), MIN_ROWS - 1, False), (StringIO(), MIN_ROWS, False)],
)
def test_a_bar_is_shown_on_a_terminal_for_a_long_list(
    monkeypatch: pytest.MonkeyPatch, stream: StringIO, *, rows: int, shown: bool
) -> None:
    monkeypatch.setattr(sys, "stderr", stream)
    with progress("Reading", rows) as done:
        for _ in range(rows):
            done(1)
    assert ("Reading" in stream.getvalue()) is shown
    assert ("100%" in stream.getvalue()) is shown


def test_where_lines_are_wanted_a_script_sees_each_tenth(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", stream := StringIO())
    with progress("Letters", 3_000, lines=True) as done:
        for _ in range(6):
            done(500)
    assert stream.getvalue().splitlines() == [
        "Letters: 10% (500 of 3,000)",
        "Letters: 30% (1,000 of 3,000)",
        "Letters: 50% (1,500 of 3,000)",
        "Letters: 60% (2,000 of 3,000)",
        "Letters: 80% (2,500 of 3,000)",
        "Letters: 100% (3,000 of 3,000)",
    ]
