"""Draw the sharing pictures (og-fr, og-en) as SVG and PNG, and the favicon; their text is paths and needs no font.

The headline is the campaign's own, from its campaign.toml.

    pip install "fontpkg-newsreader==1.3" "fonttools==4.*" playwright
    python scripts/make_og.py

The PNG, for networks that refuse SVG, is what the Chromium named by CHROMIUM (default /usr/bin/chromium) makes of it.
"""

import os
import tomllib
from collections.abc import Iterator
from pathlib import Path

import fontpkg_newsreader
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer
from playwright.sync_api import sync_playwright

OUT = Path(__file__).parent.parent / "advocacy" / "web" / "static"
SOURCE = fontpkg_newsreader.ROOT / "files" / "Newsreader[opsz,wght].ttf"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
WIDTH, HEIGHT = 1200, 630
TEXT_EDGE = 812
# The light palette of tokens.css.
PAGE, PAPER, INK, INK_2, RULE, PEN = "#f1f2ef", "#ffffff", "#15181c", "#4a5158", "#c5c9c5", "#24397f"
CAMPAIGN = Path(__file__).parent.parent / "letters" / "child-protection" / "campaign.toml"
CALLS = {"fr": "Écrivez à la personne qui vous représente", "en": "Write to the person who represents you"}
SIZES = (64, 58, 52, 48)
"""Sizes of the headline, in pixels: the largest at which it fits on four lines is taken."""
# The lines of the sheet, top to bottom: width and ink; a width of 0 is a gap.
SHEET = (
    *((130, INK), (0, ""), (170, INK_2), (150, INK_2), (0, ""), (318, INK), (0, "")),
    *((300, INK_2), (318, INK_2), (306, INK_2), (232, INK_2), (0, "")),
    *((310, PEN), (296, PEN), (318, PEN), (168, PEN), (0, ""), (314, INK_2), (290, INK_2)),
)
FAVICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
    f'<path fill="{PAPER}" stroke="{INK}" stroke-width="2" d="M5 1h22v30H5z"/><path fill="{INK}" d="M9 7h14v3H9z"/>'
    f'<path fill="{PEN}" d="M9 14h14v4H9zM9 21h9v4H9z"/></svg>\n'
)


class Face:
    """One weight and optical size of the serif, drawn as paths."""

    def __init__(self, *, opsz: float, wght: float) -> None:
        font = instancer.instantiateVariableFont(TTFont(SOURCE), {"opsz": opsz, "wght": wght})
        self._glyphs, self._names = font.getGlyphSet(), font.getBestCmap()
        self._em = font["head"].unitsPerEm

    def width(self, text: str, *, size: float, tracking: float = 0) -> float:
        """Return how wide a text is, in pixels."""
        advances = (self._glyphs[self._names[ord(character)]].width for character in text)
        return float(sum(advance * size / self._em + tracking * size for advance in advances))

    def broken(self, text: str, *, size: float, tracking: float) -> list[str]:
        """Break a text into lines that end before the sheet."""
        lines = [""]
        for word in text.split(" "):
            longer = f"{lines[-1]} {word}".strip()
            if 72 + self.width(longer, size=size, tracking=tracking) < TEXT_EDGE:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines

    def draw(self, text: str, at: tuple[float, float], *, size: float, fill: str, tracking: float = 0) -> str:
        """Give the path of `text` with its baseline at `at`; AssertionError when it runs into the sheet."""
        (x, y), scale = at, size / self._em
        pen = SVGPathPen(self._glyphs, ntos=lambda value: f"{value:.1f}".rstrip("0").rstrip("."))
        for character in text:
            name = self._names[ord(character)]
            self._glyphs[name].draw(TransformPen(pen, (scale, 0, 0, -scale, x, y)))
            x += self._glyphs[name].width * scale + tracking * size
        assert x < TEXT_EDGE, f"“{text}” is too long: shorten it"
        return f'<path fill="{fill}" d="{pen.getCommands()}"/>'


def picture(language: str, head: Face, text: Face) -> str:
    """Draw one language's picture."""
    campaign = tomllib.loads(CAMPAIGN.read_text(encoding="utf-8"))
    name, asks, call = campaign["name"][language], campaign["headline"], CALLS[language]
    for size in SIZES:
        lines = [line for ask in asks for line in head.broken(ask[language], size=size, tracking=-0.018)]
        if len(lines) <= 4:
            break
    step = min(84, 300 / len(lines))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
        f' role="img" aria-label="{name}. {call}.">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PAGE}"/><rect width="{WIDTH}" height="12" fill="{INK}"/>',
        text.draw(name, (72, 108), size=32, fill=INK),
        f'<rect x="72" y="140" width="720" height="2" fill="{INK}"/>',
        *(
            head.draw(line, (72, 184 + size + step * place), size=size, fill=INK, tracking=-0.018)
            for place, line in enumerate(lines)
        ),
        f'<rect x="72" y="510" width="720" height="2" fill="{RULE}"/>',
        text.draw(call, (72, 562), size=32, fill=PEN),
        f'<rect x="856" y="84" width="400" height="560" fill="{PAPER}" stroke="{RULE}" stroke-width="2"/>',
        *_sheet(),
    ]
    return "".join(parts) + "</svg>\n"


def _sheet() -> Iterator[str]:
    y, mine = 148, []
    for width, fill in SHEET:
        if width:
            yield f'<rect x="908" y="{y}" width="{width}" height="{6 if fill == INK_2 else 8}" fill="{fill}"/>'
        if fill == PEN:
            mine.append(y)
        y += 27 if width else 16
    yield f'<rect x="888" y="{mine[0] - 4}" width="4" height="{mine[-1] - mine[0] + 16}" fill="{PEN}"/>'


def photograph() -> None:
    """Make a PNG of each SVG."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        for language in CALLS:
            page.goto((OUT / f"og-{language}.svg").as_uri())
            page.screenshot(path=OUT / f"og-{language}.png")
        browser.close()


if __name__ == "__main__":
    heading, running = Face(opsz=72, wght=500), Face(opsz=24, wght=500)
    for each in CALLS:
        (OUT / f"og-{each}.svg").write_text(picture(each, heading, running), encoding="utf-8")
    (OUT / "favicon.svg").write_text(FAVICON, encoding="utf-8")
    photograph()
