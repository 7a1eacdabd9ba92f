"""Make the fonts that ship: woff2 files for the pages, told apart by the characters a page holds, and faces for paper.

    pip install "fontpkg-newsreader==1.3" "fontpkg-public-sans==2.1" "fonttools==4.*" brotli
    pip install --no-deps "manimgx-fonts==2026.9.26.post1"
    apt-get install fonts-dejavu-core fonts-noto-core
    python scripts/make_fonts.py

Sources: Newsreader (fontpkg-newsreader 1.3), Public Sans (fontpkg-public-sans 2.1), Noto Emoji (manimgx-fonts) and Noto
Sans Canadian Aboriginal (Debian's fonts-noto-core 20201225), all under the SIL Open Font License 1.1; DejaVu Sans 2.37
(Debian's fonts-dejavu-core) under its own. The licences are written beside the files and stay in each of them. The
result is committed: building and running the site needs none of these packages.
"""

import io
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path

import fontpkg_newsreader
import fontpkg_public_sans
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

PACKAGE = Path(__file__).parent.parent / "advocacy"
OUT = PACKAGE / "web" / "static" / "fonts"
PAPER = PACKAGE / "exports" / "fonts"
NEWSREADER = fontpkg_newsreader.ROOT / "files" / "Newsreader[opsz,wght].ttf"
NEWSREADER_ITALIC = fontpkg_newsreader.ROOT / "files" / "Newsreader-Italic[opsz,wght].ttf"
PUBLIC_SANS = fontpkg_public_sans.ROOT / "files" / "PublicSans[wght].ttf"
DEBIAN = Path("/usr/share/fonts/truetype")
DEJAVU = DEBIAN / "dejavu" / "DejaVuSans.ttf"
SYLLABICS = DEBIAN / "noto" / "NotoSansCanadianAboriginal-Regular.ttf"
EMOJI = Path(str(files("manimgx_fonts"))) / "NotoEmoji[wght].ttf"
LICENCES = {"Newsreader": fontpkg_newsreader.ROOT, "PublicSans": fontpkg_public_sans.ROOT}

# These are the unicode-range lines of tokens.css, sign for sign; a test compares them.
LATIN = (
    "U+20-7E, U+A0-FF, U+152-153, U+178, U+2010-2015, U+2018-201E, U+2020, U+2022, U+2026, U+2030, U+2032-2033, "
    "U+2039-203A, U+20AC, U+2116, U+2122, U+2212"
)
# Latin Extended-A, Romanian, Welsh and Vietnamese (with its two letters of Latin Extended-B), comparison signs.
EXTENDED = (
    "U+100-151, U+154-177, U+179-17F, U+1A0-1A1, U+1AF-1B0, U+218-21B, U+300-304, U+306-309, U+323, U+1E80-1EFF, "
    "U+20AB, U+2260, U+2264-2265"
)
FEATURES = ["kern", "liga", "ccmp", "locl", "mark", "mkmk", "case", "pnum", "tnum", "lnum", "rvrn"]
FAMILY, STYLE, WHOLE_NAME, POSTSCRIPT_NAME, LICENCE = 1, 2, 4, 6, 13
OTHER_NAMES = (16, 17, 21, 22, 25)
LICENCE_NAMES = [0, 1, 2, 4, 6, 13, 14]

Limits = Mapping[str, float | tuple[float, float]]


def characters(ranges: str) -> Iterator[int]:
    """Return every character of a CSS unicode-range."""
    for part in ranges.split(","):
        first, _, last = part.strip().removeprefix("U+").partition("-")
        yield from range(int(first, 16), int(last or first, 16) + 1)


def make(source: Path, name: str, limits: Limits) -> None:
    """Write one face as two files: what French and English need, and the rest of the Latin alphabets."""
    for ranges, ending in ((LATIN, ""), (EXTENDED, "-ext")):
        font = instancer.instantiateVariableFont(_subset(source, ranges), limits)
        font.flavor = "woff2"
        font.save(OUT / f"{name}{ending}.woff2")


def _subset(source: Path, ranges: str) -> TTFont:
    font = TTFont(source, recalcTimestamp=False)
    options = subset.Options()
    options.layout_features = FEATURES
    options.name_IDs = LICENCE_NAMES
    options.notdef_outline = True
    options.hinting = False
    job = subset.Subsetter(options)
    job.populate(unicodes=list(characters(ranges)))
    job.subset(font)
    smaller = io.BytesIO()
    font.save(smaller)
    smaller.seek(0)
    # Read again: limiting the axes of a lazily subset font fails.
    return TTFont(smaller, recalcTimestamp=False)


def make_for_paper(style: str, weight: int) -> None:
    """Write one weight of Newsreader at text size, whole; the variable file calls its family "Newsreader 16pt"."""
    font = instancer.instantiateVariableFont(TTFont(NEWSREADER, recalcTimestamp=False), {"opsz": 12, "wght": weight})
    names = font["name"]
    for number in OTHER_NAMES:
        names.removeNames(nameID=number)
    for number, text in (
        (FAMILY, "Newsreader"),
        (STYLE, style),
        (WHOLE_NAME, f"Newsreader {style}"),
        (POSTSCRIPT_NAME, f"Newsreader-{style}"),
    ):
        names.setName(text, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight
    font.save(PAPER / f"Newsreader-{style}.ttf")


def take_for_other_scripts() -> None:
    """Write what prints the signs that Newsreader lacks: DejaVu Sans and syllabics untouched, one weight of emoji."""
    for source in (DEJAVU, SYLLABICS):
        (PAPER / source.name).write_bytes(source.read_bytes())
    emoji = instancer.instantiateVariableFont(TTFont(EMOJI, recalcTimestamp=False), {"wght": 400})
    emoji.save(PAPER / "NotoEmoji-Regular.ttf")


def write_licences() -> None:
    """Write the licence text of each family beside its files."""
    for family, root in LICENCES.items():
        (OUT / f"OFL-{family}.txt").write_bytes((root / "LICENSE").read_bytes())
    newsreader = (LICENCES["Newsreader"] / "LICENSE").read_text(encoding="utf-8")
    _, licence = newsreader.split("\n", 1)
    noto = "Noto Sans Canadian Aboriginal: Copyright 2018 Google Inc.\nNoto Emoji: Copyright 2013 Google LLC\n"
    (PAPER / "OFL-Newsreader.txt").write_text(newsreader, encoding="utf-8")
    (PAPER / "OFL-Noto.txt").write_text(noto + licence, encoding="utf-8")
    dejavu = TTFont(DEJAVU)["name"].getDebugName(LICENCE)
    (PAPER / "LICENSE-DejaVu.txt").write_text(_tidy(dejavu), encoding="utf-8")


def _tidy(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.splitlines()).strip() + "\n"


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    PAPER.mkdir(parents=True, exist_ok=True)
    # The optical size starts at 18: the half of the axis under it would cost 25 kB, and only notes use it.
    make(NEWSREADER, "newsreader", {"wght": (400, 600), "opsz": (18, 72)})
    make(NEWSREADER_ITALIC, "newsreader-italic", {"wght": 400, "opsz": 18})
    make(PUBLIC_SANS, "public-sans", {"wght": (400, 700)})
    make_for_paper("Regular", 400)
    make_for_paper("SemiBold", 600)
    take_for_other_scripts()
    write_licences()
