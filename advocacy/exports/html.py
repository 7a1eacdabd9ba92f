"""Letters as one page that stands alone, to be printed (templates/export/letters.html)."""

from collections.abc import Sequence
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from advocacy import shipped_folder
from advocacy.exports.format import ExportOptions, title_of_several
from advocacy.exports.letter_parts import parts_on_paper
from advocacy.exports.page_layout import LAYOUTS, LINE, NEWSREADER, NOTES, layout_of
from advocacy.exports.qr_code import QR_SIDE_MM, qr_svg
from advocacy.exports.text import writable
from advocacy.letters.letter import Letter


def to_html(letters: Sequence[Letter], _options: ExportOptions) -> bytes:
    """Return one or more letters as an HTML document in UTF-8, every passage marked with its language."""
    title = letters[0].subject if len(letters) == 1 else title_of_several(letters)
    layout = {"layouts": LAYOUTS, "line_height": LINE, "qr_side": QR_SIDE_MM, "notes": NOTES}
    return _template().render(letters=letters, title=title, **layout).encode()


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(shipped_folder("templates") / "export"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.filters |= {
        "parts_on_paper": parts_on_paper,
        "layout": lambda parts: layout_of(parts, NEWSREADER, date_below=True),
        "qr_svg": qr_svg,
        "writable": writable,
    }
    return environment.get_template("letters.html")
