"""Write the pages by which nginx says by itself that a form is too long, requests are too many, or the site is away.

    python -m scripts.proxy_error_pages

Their words are those of the site's own error pages; nginx needs each as a file.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from markupsafe import Markup

from advocacy.language import Language
from advocacy.messages import catalog
from advocacy.web.errors import ADVICE, DRAFT, FILE_TOO_LARGE

FOLDER = Path(__file__).parents[1] / "deploy" / "error-pages"
FILE = "413-file.html"
"""For staff, in all languages: their address does not tell which one is theirs."""
STYLE = (
    "body{margin:0;background:#fff;color:#1d1d1b;font:1.125rem/1.5 system-ui,sans-serif}"
    "main{max-width:36rem;margin:0 auto;padding:3rem 1.25rem}h1{font-size:1.6rem;line-height:1.25}a{color:inherit}"
    "@media(prefers-color-scheme:dark){body{background:#161615;color:#eeeeec}}"
)
STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
"""What the page's policy allows; nginx.conf names it."""
PAGE = Markup(
    '<!doctype html>\n<html lang="{}">\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{}</title>\n<style>{}</style>\n'
    "<main>\n{}</main>\n</html>\n"
)
PART = Markup('<h1 lang="{}">{}</h1>\n{}')
PARAGRAPH = Markup('<p lang="{}">{}</p>\n')


def pages() -> Mapping[str, str]:
    """Return the pages by the names of their files."""
    made = {
        f"{code}-{language}.html": _page([_part(language, (*ADVICE[code], DRAFT))], language, ADVICE[code][0])
        for code in (413, 429, 503)
        for language in Language
    }
    parts = [_part(language, FILE_TOO_LARGE) for language in Language]
    return {**made, FILE: _page(parts, Language.EN, FILE_TOO_LARGE[0])}


def _part(language: Language, texts: Sequence[object]) -> Markup:
    title, *sentences = (catalog(language).gettext(str(text)) for text in texts)
    return PART.format(language, title, Markup("").join(PARAGRAPH.format(language, text) for text in sentences))


def _page(parts: Sequence[Markup], language: Language, title: object) -> str:
    return PAGE.format(language, catalog(language).gettext(str(title)), Markup(STYLE), Markup("").join(parts))


def main() -> None:
    """Write the files."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, page in pages().items():
        (FOLDER / name).write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
