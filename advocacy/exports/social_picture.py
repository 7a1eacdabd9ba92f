"""The picture of a campaign that networks show beside a link to it, in the campaign's own words."""

import json
from functools import lru_cache
from typing import cast

from typst import Compiler, Fonts

from advocacy import shipped_folder
from advocacy.exports.pdf import FONTS
from advocacy.language import Language
from advocacy.messages import message

TEMPLATES = shipped_folder("templates") / "pictures"
PICTURE_VERSION = 1
"""Increased with each change of the template: networks cache a picture by its address."""
CALL = message("Write to the person who represents you")
PIXELS_PER_INCH = 72.0


@lru_cache(maxsize=32)
def social_picture(*, name: str, headline: tuple[str, ...], language: Language) -> bytes:
    """Return a PNG of 1200 × 630 pixels; the same words are drawn once per process."""
    data = {"name": name, "headline": headline, "language": language, "call": CALL.in_language(language)}
    files = {
        "main.typ": (TEMPLATES / "campaign.typ").read_bytes(),
        "data.json": json.dumps(data, ensure_ascii=False).encode(),
    }
    fonts = Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
    compiler = Compiler(files, root=TEMPLATES, font_paths=fonts)  # type: ignore[type-var]
    return cast(bytes, compiler.compile(format="png", ppi=PIXELS_PER_INCH))
