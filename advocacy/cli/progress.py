"""Whoever waits at a terminal for a long list sees how far it has come."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from advocacy.legislators.records import Count, uncounted

# About a second's work.
LONG_LIST = 3_000
STEPS = 100


@contextmanager
def progress(label: str, rows: int) -> Iterator[Count]:
    """Show a bar on stderr while `rows` are done, when that is a terminal and they take long; count them with it."""
    if rows < LONG_LIST or not sys.stderr.isatty():
        yield uncounted
        return
    with click.progressbar(length=rows, label=label, file=sys.stderr, update_min_steps=rows // STEPS) as bar:
        yield bar.update
