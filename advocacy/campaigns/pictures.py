"""A campaign's own pictures: its logo and the one that networks show, as files beside `campaign.toml`."""

import re
import struct
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

LOGO, SHARING = "logo", "sharing"
MIMETYPES: Mapping[str, str] = {".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp"}
PICTURE_FILES = frozenset(name + ending for name in (LOGO, SHARING) for ending in MIMETYPES)
"""What the files can be called. An SVG can hold scripts: it is none of these."""
MAX_BYTES = 1_000_000
MAX_SIDE = 4000
"""Pixels."""
_FRAMES = frozenset({*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0)})
"""The markers of JPEG before a picture's size (ITU-T T.81, table B.1)."""
START_OF_SCAN, END_OF_PICTURE, EXIF, COMMENT = 0xDA, 0xD9, 0xE1, 0xFE
_AFTER_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
ORIENTATION = 0x0112
"""The tag of Exif for how a picture is turned."""
PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class Picture:
    mimetype: str
    content: bytes
    width: int
    height: int


def read_pictures(files: Iterable[tuple[str, bytes]]) -> Mapping[str, Picture]:
    """Return the pictures among a campaign's files, by `logo` and `sharing`; passes over what is no picture."""
    found = {}
    for name, content in files:
        picture = read_picture(content) if name in PICTURE_FILES else None
        if picture is not None:
            found[name.partition(".")[0]] = picture
    return found


def file_name(name: str, picture: Picture) -> str:
    """Return what a picture's file is called: "logo.png"."""
    return name + next(ending for ending, mimetype in MIMETYPES.items() if mimetype == picture.mimetype)


def read_picture(content: bytes) -> Picture | None:
    """Return a PNG, JPEG or WebP picture without its metadata (who took it and where); None for anything else.

    A picture that is too large is none either. Colour profiles stay, and how a photograph is turned.
    """
    if len(content) > MAX_BYTES:
        return None
    try:
        picture = _png(content) or _jpeg(content) or _webp(content)
    except (IndexError, struct.error):  # it ends too early
        return None
    return picture if picture and 0 < picture.width <= MAX_SIDE and 0 < picture.height <= MAX_SIDE else None


def _png(content: bytes) -> Picture | None:
    """Read a PNG (ISO/IEC 15948): of its chunks, those of text, time and Exif are left out."""
    if content[:8] != PNG or content[12:16] != b"IHDR" or len(content) < 33:
        return None
    parts, at, kind = [content[:8]], 8, b""
    while at + 12 <= len(content) and kind != b"IEND":
        length, kind = struct.unpack(">I4s", content[at : at + 8])
        if kind not in {b"tEXt", b"zTXt", b"iTXt", b"tIME", b"eXIf"}:
            parts.append(content[at : at + 12 + length])
        at += 12 + length
    return Picture("image/png", b"".join(parts), *struct.unpack(">II", content[16:24]))


def _jpeg(content: bytes) -> Picture | None:
    """Read a JPEG (ITU-T T.81): of its segments, comments and what applications add are left out."""
    if content[:3] != b"\xff\xd8\xff":
        return None
    parts, at, width, height, marker = [content[:2]], 2, 0, 0, 0
    while marker != END_OF_PICTURE:
        if content[at] != 0xFF:
            return None
        marker = content[at + 1]
        end = at + 2 + (0 if marker == END_OF_PICTURE else struct.unpack(">H", content[at + 2 : at + 4])[0])
        segment = content[at:end]
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
        if marker == START_OF_SCAN:  # up to the next marker that is neither a stuffed byte nor a restart
            found = _AFTER_SCAN.search(content, end)
            if found is None:
                return None
            end = found.start()
            parts.append(content[at:end])
        elif marker == EXIF and segment[4:10] == b"Exif\0\0":
            parts.append(_orientation_segment(segment[10:]))
        elif not (0xE1 <= marker <= 0xEF or marker == COMMENT) or segment[4:9] in {b"ICC_P", b"Adobe"}:
            parts.append(segment)
        at = end
    return Picture("image/jpeg", b"".join(parts), width, height)


def _orientation_segment(exif: bytes) -> bytes:
    """Return a segment of Exif data (TIFF 6.0) with how the picture is turned alone; none if upright."""
    order = "<" if exif[:2] == b"II" else ">"
    with suppress(struct.error):  # what cannot be read turns nothing
        start = struct.unpack(f"{order}I", exif[4:8])[0]
        count = struct.unpack(f"{order}H", exif[start : start + 2])[0]
        for at in range(start + 2, start + 2 + 12 * count, 12):
            tag, value = struct.unpack(f"{order}H6xH", exif[at : at + 10])
            if tag == ORIENTATION and 1 < value <= 8:
                tiff = struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, ORIENTATION, 3, 1, value, 0, 0)
                return struct.pack(">BBH", 0xFF, EXIF, 8 + len(tiff)) + b"Exif\0\0" + tiff
    return b""


def _webp(content: bytes) -> Picture | None:
    """Read a WebP (RFC 9649): of its chunks, Exif and XMP are left out."""
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP" or len(content) < 30:
        return None
    kind = content[12:16]
    if kind == b"VP8X":
        size = tuple(1 + int.from_bytes(content[at : at + 3], "little") for at in (24, 27))
    elif kind == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        size = 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    elif kind == b"VP8 ":
        size = tuple(side & 0x3FFF for side in struct.unpack("<HH", content[26:30]))
    else:
        return None
    parts, at = [], 12
    while at + 8 <= len(content):
        name, length = struct.unpack("<4sI", content[at : at + 8])
        chunk = content[at : at + 8 + length + length % 2]
        if name == b"VP8X":  # its flags for Exif and XMP
            chunk = chunk[:8] + bytes([chunk[8] & ~0b1100]) + chunk[9:]
        if name not in {b"EXIF", b"XMP "}:
            parts.append(chunk)
        at += len(chunk)
    chunks = b"".join(parts)
    return Picture("image/webp", struct.pack("<4sI4s", b"RIFF", 4 + len(chunks), b"WEBP") + chunks, *size)
