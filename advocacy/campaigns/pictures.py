"""A campaign's own pictures: its logo and the one that networks show, as files beside `campaign.toml`."""

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

LOGO, SHARING = "logo", "sharing"
KINDS: Mapping[str, str] = {".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp"}
FILES = frozenset(name + ending for name in (LOGO, SHARING) for ending in KINDS)
"""What the files can be called. An SVG can hold scripts: it is none of these."""
MAX_BYTES = 1_000_000
MAX_SIDE = 4000
"""Pixels."""
_FRAMES = frozenset({*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0)})
"""The markers of JPEG that tell a picture's size (ITU-T T.81, table B.1)."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is handed out."""

    mimetype: str
    content: bytes
    width: int
    height: int


def pictures_of(files: Iterable[tuple[str, bytes]]) -> Mapping[str, Picture]:
    """Return the pictures among a campaign's files, by `logo` and `sharing`; passes over what is no picture."""
    found = {}
    for name, content in files:
        picture = read_picture(content) if name in FILES else None
        if picture is not None:
            found[name.partition(".")[0]] = picture
    return found


def file_name(name: str, picture: Picture) -> str:
    """Return what a picture's file is called: "logo.png"."""
    return name + next(ending for ending, mimetype in KINDS.items() if mimetype == picture.mimetype)


def read_picture(content: bytes) -> Picture | None:
    """Return a PNG, JPEG or WebP picture by what its own header says; None for anything else, or one too large."""
    found = _png(content) or _jpeg(content) or _webp(content)
    if found is None or len(content) > MAX_BYTES or not (0 < found[1] <= MAX_SIDE and 0 < found[2] <= MAX_SIDE):
        return None
    mimetype, width, height = found
    return Picture(mimetype, content, width, height)


def _png(content: bytes) -> tuple[str, int, int] | None:
    if content[:8] != b"\x89PNG\r\n\x1a\n" or content[12:16] != b"IHDR" or len(content) < 33:
        return None
    return "image/png", *struct.unpack(">II", content[16:24])


def _jpeg(content: bytes) -> tuple[str, int, int] | None:
    at = 2
    while content[:3] == b"\xff\xd8\xff" and at + 9 <= len(content) and content[at] == 0xFF:
        if content[at + 1] in _FRAMES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return "image/jpeg", width, height
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return None


def _webp(content: bytes) -> tuple[str, int, int] | None:
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP" or len(content) < 30:
        return None
    kind = content[12:16]
    if kind == b"VP8X":
        return "image/webp", 1 + int.from_bytes(content[24:27], "little"), 1 + int.from_bytes(content[27:30], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        return "image/webp", 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 ":
        width, height = struct.unpack("<HH", content[26:30])
        return "image/webp", width & 0x3FFF, height & 0x3FFF
    return None
