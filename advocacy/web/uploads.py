"""A file that somebody brings stays in memory, and has a limit of its own."""

from collections.abc import Callable
from io import BytesIO
from typing import IO, Any, TypeVar

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.utils import cached_property

View = TypeVar("View", bound=Callable[..., Any])

NULL = "\0"
FILE_LIMIT = 5 * 1024 * 1024
"""The most bytes a file may have; the pages say so."""
AROUND = 256 * 1024
"""The most bytes of a form around its file."""


def takes_file(view: View) -> View:
    """Declare that a route takes a file besides its form."""
    view.body_limit = FILE_LIMIT + AROUND  # type: ignore[attr-defined]
    view.takes_file = True  # type: ignore[attr-defined]
    return view


class InMemory(Request):
    """A request none of whose files is ever written to a disk, and whose words hold no null: nobody types one.

    PostgreSQL keeps none, and a page that shows one does not show it.
    """

    def _load_form_data(self) -> None:
        super()._load_form_data()
        if None in self.form:
            return  # a field without a name, for which the whole form is refused
        if any(NULL in word for name, words in self.form.lists() for word in (name, *words)):
            typed = self.form.items(multi=True)
            self.form = ImmutableMultiDict((name.replace(NULL, ""), word.replace(NULL, "")) for name, word in typed)

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """What is asked for after the address's question mark."""
        asked = super().args.items(multi=True)
        return ImmutableMultiDict((name.replace(NULL, ""), word.replace(NULL, "")) for name, word in asked)

    def _get_file_stream(self, *_: Any, **__: Any) -> IO[bytes]:
        return BytesIO()


def file_of(request: Request, name: str) -> bytes:
    """Give the content of the file that a form brings; nothing where none was chosen."""
    brought = request.files.get(name)
    return brought.stream.read() if brought is not None and brought.filename else b""
