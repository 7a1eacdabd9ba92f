"""Styles, scripts, fonts and pictures: one version in their address, so browsers cache them; packed at the start."""

import gzip
import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import cache
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import Any
from wsgiref.headers import Headers

from whitenoise import WhiteNoise
from whitenoise.responders import Response, StaticFile

from advocacy.web.security import HEADERS

OURS = Path(__file__).parent / "static"
PACKED = frozenset({".css", ".js", ".svg", ".json", ".txt", ".webmanifest"})
"""What shrinks; fonts and pictures are packed as they are."""
ICONS = frozenset({"favicon.ico", "apple-touch-icon.png"})
"""Browsers ask for them at the root, whatever a page names."""
DAY = 24 * 60 * 60
"""Seconds for which browsers keep what has no version in its address."""
GZIP = re.compile(r"\bgzip\b")


class PackedFile(StaticFile):  # type: ignore[misc]
    """A file that is packed in memory beside the one on disk."""

    def __init__(self, path: str, headers: Iterable[tuple[str, str]], **found: Any) -> None:
        super().__init__(path, [*headers, ("Vary", "Accept-Encoding")], **found)
        self.packed = _packed(Path(path).read_bytes())
        plain = Headers(list(self.alternatives[0][2]))
        plain["Content-Encoding"], plain["Content-Length"] = "gzip", str(len(self.packed))
        self.packed_headers = plain.items()

    def get_response(self, method: str, request_headers: Mapping[str, str]) -> Response:
        """Return the packed file to whoever can unpack it, the plain one for a part and to others."""
        takes_packed = GZIP.search(request_headers.get("HTTP_ACCEPT_ENCODING", ""))
        if not takes_packed or "HTTP_RANGE" in request_headers or method not in {"GET", "HEAD"}:
            return super().get_response(method, request_headers)
        if self.is_not_modified(request_headers):
            return self.not_modified_response
        return Response(HTTPStatus.OK, self.packed_headers, BytesIO(self.packed) if method == "GET" else None)


class Assets(WhiteNoise):  # type: ignore[misc]
    """The files beside the pages, served before the application is asked."""

    def __init__(self, application: Any) -> None:
        super().__init__(application, max_age=DAY, allow_all_origins=False, add_headers_function=_add_headers)
        found = {path.relative_to(OURS).as_posix(): path for path in sorted(OURS.rglob("*")) if path.is_file()}
        version = hashlib.sha256()  # one for all: a style names its fonts, and a script its modules, beside itself
        for name, path in found.items():
            content = path.read_bytes()
            version.update(f"{name}\0{len(content)}\0".encode())
            version.update(content)
        self.prefix = f"/static/{version.hexdigest()[:12]}/"
        for name, path in found.items():
            self.add_file_to_dictionary(self.prefix + name, str(path))
        for name in ICONS & found.keys():
            self.add_file_to_dictionary(f"/{name}", str(found[name]))

    def address(self, name: str) -> str:
        """Return the address of a file by its path below `static/`; raise LookupError when there is none."""
        if self.prefix + name not in self.files:
            raise LookupError(f"there is no static file {name}")
        return self.prefix + name

    def get_static_file(self, path: str, url: str, stat_cache: Any = None) -> StaticFile:
        """Make the answer to one address."""
        if Path(path).suffix not in PACKED:
            return super().get_static_file(path, url, stat_cache)
        headers = Headers([])
        self.add_mime_headers(headers, path, url)
        self.add_cache_headers(headers, path, url)
        _add_headers(headers, path, url)
        return PackedFile(path, headers.items())

    def immutable_file_test(self, path: str, url: str) -> bool:
        """Whether the address names its version, so that what it answers never changes."""
        return url.startswith(self.prefix)


@cache
def _packed(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


def _add_headers(headers: Headers, *_: str) -> None:
    for name, value in HEADERS.items():
        headers[name] = value
