"""Whoever waits at a terminal for a long list sees a bar; scripts and short lists see nothing."""

import sys
from io import StringIO

import pytest

from advocacy.cli.progress import LONG_LIST, progress


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "rows", "shown"),
    [(Terminal(), LONG_LIST, True), (Terminal(), LONG_LIST - 1, False), (StringIO(), LONG_LIST, False)],
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
