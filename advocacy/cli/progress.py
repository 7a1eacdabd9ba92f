"""The progress of long work on stderr, and on a terminal how long it still takes."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from advocacy.legislators.models import ProgressCallback, no_progress

MIN_ROWS = 3_000
"""About a second's work."""
STEPS = 100
TENTHS = 10


@contextmanager
def progress(label: str, rows: int, *, least: int = MIN_ROWS, lines: bool = False) -> Iterator[ProgressCallback]:
    """Show on stderr how far `rows` are done, unless they are fewer than `least`; the callback counts them.

    Where that is no terminal, a line is written for every tenth of them if `lines` are wanted, and nothing if not.
    """
    if rows < least or not (lines or sys.stderr.isatty()):
        yield no_progress
    elif sys.stderr.isatty():
        with click.progressbar(
            length=rows, label=label, file=sys.stderr, update_min_steps=max(1, rows // STEPS)
        ) as bar:
            yield bar.update
    else:
        yield _LinePerTenth(label, rows)


class _LinePerTenth:
    """Writes a line for every tenth that is done."""

    def __init__(self, label: str, rows: int) -> None:
        self._label, self._rows = label, rows
        self._done = 0

    def __call__(self, more: int) -> None:
        before, self._done = self._done, self._done + more
        tenth = self._done * TENTHS // self._rows
        if tenth > before * TENTHS // self._rows:
            click.echo(f"{self._label}: {tenth * TENTHS}% ({self._done:,} of {self._rows:,})", err=True)
