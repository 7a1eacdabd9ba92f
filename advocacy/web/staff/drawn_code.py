"""A QR code as lines of an SVG drawing, without a style and without a picture file."""

from dataclasses import dataclass

import qrcode

BORDER = 4
"""Modules of quiet around it (ISO/IEC 18004)."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawing: its side in modules, and its path."""

    side: int
    path: str


def drawn(text: str) -> Drawn:
    """Draw a text as a QR code."""
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=BORDER)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return Drawn(len(rows), path)
