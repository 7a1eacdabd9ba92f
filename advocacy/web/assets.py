"""Styles, scripts, fonts and pictures, served by WhiteNoise; one version in their address, so browsers keep them."""

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from wsgiref.headers import Headers

from whitenoise import WhiteNoise

from advocacy.web.security import HEADERS

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

OURS = Path(__file__).parent / "static"
AT_ROOT = OURS / "root"
"""Browsers ask for these icons at the root, whatever a page names."""
DAY = 24 * 60 * 60
"""Seconds for which browsers keep what has no version in its address."""


@cache
def prefix() -> str:
    """Return where the files are: one version for all, as a style names its fonts, and a script its modules."""
    version = hashlib.sha256()
    for path in sorted(OURS.rglob("*")):
        if path.is_file() and path.suffix not in {".gz", ".br"}:
            version.update(path.relative_to(OURS).as_posix().encode() + b"\0" + path.read_bytes())
    return f"/static/{version.hexdigest()[:12]}/"


def asset(name: str) -> str:
    """Return the address of a file by its path below `static/`; raise LookupError when there is none."""
    if not (OURS / name).is_file():
        raise LookupError(f"there is no static file {name}")
    return prefix() + name


def with_static_files(application: "WSGIApplication") -> WhiteNoise:
    """Serve the files in front of an application; `python -m whitenoise.compress` packs them where it was run."""
    served = WhiteNoise(
        application,
        root=OURS,
        prefix=prefix(),
        max_age=DAY,
        immutable_file_test=lambda _path, url: url.startswith(prefix()),
        allow_all_origins=False,
        add_headers_function=_add_headers,
    )
    served.add_files(AT_ROOT)
    return served


def _add_headers(headers: Headers, *_: str) -> None:
    for name, value in HEADERS.items():
        headers[name] = value
