"""Files that pages hand out, and files that people bring."""

import csv
import io
import unicodedata
from codecs import BOM_UTF8
from collections.abc import Iterable, Sequence
from io import BytesIO
from types import MappingProxyType
from urllib.parse import quote

from flask import Request, Response, send_file

from advocacy.sheets import escape_formula
from advocacy.web.security import declares

PLAIN = MappingProxyType(
    str.maketrans({"’": "'", "‘": "'", "“": "'", "”": "'", "–": "-", "—": "-", "œ": "oe", "Œ": "OE"})
)
"""What ASCII has in the place of signs that are no letter with an accent."""
FILE_LIMIT = 5 * 1024 * 1024
"""The most bytes a file may have; the pages say so."""
FORM_LIMIT = 256 * 1024
"""The most bytes of a form around its file."""

takes_file = declares(takes_file=True, body_limit=FILE_LIMIT + FORM_LIMIT)
"""The view takes a file besides its form."""


def attachment(content: bytes, media_type: str, name: str, *, inline: bool = False) -> Response:
    """Return a file under its name: in UTF-8, and in ASCII for whoever reads no other (RFC 6266, appendix D).

    `inline` has the browser show it.
    """
    answer = send_file(BytesIO(content), media_type, as_attachment=True, download_name="file")
    plain = unicodedata.normalize("NFKD", name.translate(PLAIN)).encode("ascii", "ignore").decode()
    names = {"filename": plain} if plain == name else {"filename": plain, "filename*": f"UTF-8''{quote(name, safe='')}"}
    answer.headers.set("Content-Disposition", "inline" if inline else "attachment", **names)
    return answer


def uploaded_file(request: Request, name: str) -> bytes:
    """Return the content of the file in a form's field; nothing where none was chosen."""
    file = request.files.get(name)
    return file.stream.read() if file is not None and file.filename else b""


def csv_response(rows: Iterable[Sequence[str]], name: str) -> Response:
    """Return rows as spreadsheet programs read them; no cell is taken for a formula."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([escape_formula(cell) for cell in row] for row in rows)
    answer = Response(BOM_UTF8 + text.getvalue().encode(), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
