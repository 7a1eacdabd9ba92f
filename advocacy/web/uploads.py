"""A file that somebody brings stays in memory, and has a limit of its own."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Request

View = TypeVar("View", bound=Callable[..., Any])

FILE_LIMIT = 5 * 1024 * 1024
"""The most bytes a file may have; the pages say so."""
AROUND = 256 * 1024
"""The most bytes of a form around its file."""


def takes_file(view: View) -> View:
    """Declare that a route takes a file besides its form."""
    view.body_limit = FILE_LIMIT + AROUND  # type: ignore[attr-defined]
    view.takes_file = True  # type: ignore[attr-defined]
    return view


def file_of(request: Request, name: str) -> bytes:
    """Return the content of the file that a form brings; nothing where none was chosen."""
    brought = request.files.get(name)
    return brought.stream.read() if brought is not None and brought.filename else b""
