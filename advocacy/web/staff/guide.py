"""The guide for writers as short pages, in the language of whoever reads them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from flask import abort, render_template, url_for
from markdown_it import MarkdownIt
from markupsafe import Markup
from werkzeug.wrappers import Response

from advocacy import shipped_folder
from advocacy.language import SOURCE, Language
from advocacy.staff.models import Role
from advocacy.web.locale import current_language
from advocacy.web.staff.access import bp, requires

DOCS = shipped_folder("docs/guide")
PICTURE = re.compile(r"\]\(pictures/([a-z-]+\.png)\)")


@dataclass(frozen=True, slots=True)
class Page:
    """One part of the guide, in Markdown; its name in addresses is the English title."""

    name: str
    title: str
    text: str


@bp.get("/help", endpoint="help")
@requires(Role.WRITER)
def contents() -> str:
    return render_template("staff/guide.html", pages=_pages()[current_language()], page=None)


@bp.get("/help/<page>")
@requires(Role.WRITER)
def help_page(page: str) -> str:
    pages = _pages()[current_language()]
    names = list(pages)
    if page not in pages:
        abort(404)
    at = names.index(page)
    markdown = PICTURE.sub(lambda found: f"]({url_for('staff.help_picture', name=found[1])})", pages[page].text)
    return render_template(
        "staff/guide.html",
        pages=pages,
        page=pages[page],
        text=Markup(MarkdownIt("js-default").render(markdown)),  # noqa: S704 - our own files; HTML in them is escaped
        following=pages[names[at + 1]] if at + 1 < len(names) else None,
    )


@bp.get("/help/pictures/<name>")
@requires(Role.WRITER)
def help_picture(name: str) -> Response:
    pictures = {file.name: file for file in (DOCS / "pictures").iterdir()}
    if name not in pictures:
        abort(404)
    return Response(pictures[name].read_bytes(), mimetype="image/png")


@cache
def _pages() -> Mapping[Language, Mapping[str, Page]]:
    """Return the pages by language and name: the guide's second-level parts, which all languages have in one order."""
    parts = {
        language: re.split(r"^## (.+)\n", (DOCS / f"{language}.md").read_text("utf-8"), flags=re.MULTILINE)[1:]
        for language in Language
    }
    names = [re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") for title in parts[SOURCE][::2]]
    return {
        language: {
            name: Page(name, title, text) for name, title, text in zip(names, found[::2], found[1::2], strict=True)
        }
        for language, found in parts.items()
    }
