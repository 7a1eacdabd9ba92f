"""Files handed out by pages, whose names old programs can read too."""

import unicodedata
from io import BytesIO
from types import MappingProxyType
from urllib.parse import quote

from flask import send_file
from werkzeug.wrappers import Response

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
