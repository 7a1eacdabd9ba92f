"""The QR code beside the line by which a letter is verified, drawn for each format of paper."""

import struct
import zlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby

from markupsafe import Markup, escape

from advocacy.language import Language
from advocacy.messages import message

QR_SIDE_MM = 18.5
QR_SIDE = QR_SIDE_MM / 25.4 * 72
"""In points."""
QR_GAP = 12.0
"""Between the text and the code, in points.

What is around a code stays white for four of its squares (ISO/IEC 18004, 6.3.8): 7 points where it has 29 in a row, the
fewest that an address needs. The templates leave 8 above it, and the page's margins are wider.
"""
MASK = 3
"""Of the eight patterns that even out a code. To choose the best each time takes eight times as long, and of 150 codes
under blur and noise as many were read with this one (66 %) as with the best (63 %)."""
PIXELS = 8
"""Of a square's side in a PNG: 230 in a centimetre, more than printers draw."""
ALT = message("QR code to check this letter")
SVG = Markup(
    '<svg class="qr" role="img" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" '
    'shape-rendering="crispEdges"><title>{title}</title><path d="{path}"/></svg>'
)


def qr_svg(address: str, language: Language) -> Markup:
    """Return the QR code of an address as an SVG element, which says what it is in this language."""
    squares = _squares(address)
    path = "".join(
        f"M{start} {row}h{length}v1h-{length}z"
        for row, line in enumerate(squares)
        for start, length, is_dark in _runs(line)
        if is_dark
    )
    return SVG.format(side=len(squares), title=escape(ALT.in_language(language)), path=path)


def qr_png(address: str) -> bytes:
    """Return the QR code of an address as a PNG of one bit for each pixel."""
    squares = _squares(address)
    side = len(squares) * PIXELS
    rows = b""
    for line in squares:
        bits = "".join(("0" if is_dark else "1") * PIXELS for is_dark in line)
        rows += (b"\0" + int(bits, 2).to_bytes(len(bits) // 8)) * PIXELS
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


@lru_cache(maxsize=64)
def _squares(address: str) -> Sequence[Sequence[bool]]:
    """Return the rows of squares, the dark ones True; a code is still read where 15 % of it is damaged."""
    import qrcode  # noqa: PLC0415  # 30 ms, which whoever writes a letter as text need not wait for

    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=0, mask_pattern=MASK)
    code.add_data(address)
    code.make()
    return tuple(tuple(map(bool, line)) for line in code.get_matrix())


def _runs(line: Sequence[bool]) -> Iterator[tuple[int, int, bool]]:
    """Yield where squares of one colour begin, how many they are, and whether they are dark."""
    start = 0
    for is_dark, squares in groupby(line):
        length = sum(1 for _ in squares)
        yield start, length, is_dark
        start += length
