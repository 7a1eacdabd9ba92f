"""Make `favicon.ico` (32 pixels) and `apple-touch-icon.png` (180 pixels) from `favicon.svg`, for what asks for them.

python -m scripts.make_icons
"""

import struct
from pathlib import Path
from typing import cast

from typst import Compiler

STATIC = Path(__file__).parent.parent / "advocacy" / "web" / "static"
GROUND = "#f1f2ef"
"""The ground of the light palette in tokens.css: iOS shows transparent parts of a touch icon black."""


def drawn(pixels: int, *, margin: int, fill: str) -> bytes:
    """Return the favicon as a square PNG with a margin on every side."""
    template = (
        f"#set page(width: {pixels}pt, height: {pixels}pt, margin: {margin}pt, fill: {fill})\n"
        '#image("favicon.svg", width: 100%, height: 100%)'
    )
    files = {"main.typ": template.encode(), "favicon.svg": (STATIC / "favicon.svg").read_bytes()}
    return cast(bytes, Compiler(files).compile(format="png", ppi=72.0))  # type: ignore[type-var]


def as_ico(png: bytes, pixels: int) -> bytes:
    """Return an icon file with one picture: its directory, then the PNG itself."""
    header = struct.pack("<HHH", 0, 1, 1)
    entry = struct.pack("<BBBBHHII", pixels, pixels, 0, 0, 1, 32, len(png), len(header) + 16)
    return header + entry + png


if __name__ == "__main__":
    (STATIC / "root" / "favicon.ico").write_bytes(as_ico(drawn(32, margin=0, fill="none"), 32))
    (STATIC / "root" / "apple-touch-icon.png").write_bytes(drawn(180, margin=24, fill=f'rgb("{GROUND}")'))
