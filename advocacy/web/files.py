"""Files that pages hand out, and files that people bring."""

import csv
import io
import unicodedata
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from types import MappingProxyType
from typing import Any, TypeVar
from urllib.parse import quote

from flask import Request, Response, send_file

from advocacy.exports.merge.sheets import escape_formula

PLAIN = MappingProxyType(
    str.maketrans({"’": "'", "‘": "'", "“": "'", "”": "'", "–": "-", "—": "-", "œ": "oe", "Œ": "OE"})
)
"""What ASCII has in the place of signs that are no letter with an accent."""


def attachment(content: bytes, media_type: str, name: str, *, inline: bool = False) -> Response:
    """Return a file under its name: in UTF-8, and in ASCII for whoever reads no other (RFC 6266, appendix D).

    `inline` has the browser show it.
    """
    answer = send_file(BytesIO(content), media_type, as_attachment=True, download_name="file")
    plain = unicodedata.normalize("NFKD", name.translate(PLAIN)).encode("ascii", "ignore").decode()
    names = {"filename": plain} if plain == name else {"filename": plain, "filename*": f"UTF-8''{quote(name, safe='')}"}
    answer.headers.set("Content-Disposition", "inline" if inline else "attachment", **names)
    return answer


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


def csv_answer(rows: Iterable[Sequence[str]], name: str) -> Response:
    """Return rows as spreadsheet programs read them; no cell is taken for a formula."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([escape_formula(cell) for cell in row] for row in rows)
    answer = Response(BOM_UTF8 + text.getvalue().encode(), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
