"""A mail in the two forms it travels in, text and HTML, of the same words: the templates hold no word of their own."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from unicodedata import category

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from advocacy.language import Language
from advocacy.letters.letter import Kind, Letter, Spoken

BETWEEN = frozenset(" .,'’‐‑-")
DOT_INSIDE = re.compile(r"\.(?=\w)")
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Notice:
    """A mail of the site's own: a greeting, what happened, which letters it is about, one link, what to know of it."""

    language: Language
    subject: str
    greeting: str
    before: tuple[str, ...]
    items: tuple[str, ...]
    about: tuple[str, ...]
    button: str
    or_copy: str
    link: str
    after: tuple[str, ...]
    footer: tuple[str, ...]


class MailPages:
    """The templates of mails; `text_of` writes a letter as text."""

    def __init__(self, folder: Path, text_of: Callable[[Letter], str]) -> None:
        self._text_of = text_of
        self._pages = Environment(
            loader=FileSystemLoader(folder),
            autoescape=select_autoescape(["html"]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._pages.filters["groupby_runs"] = _runs

    def notice(self, notice: Notice) -> tuple[str, str]:
        """Give a notice as text and as HTML."""
        words = asdict(notice)
        return self._page("notice.txt", words), self._page("notice.html", words)

    def letter(self, letter: Letter) -> tuple[str, str]:
        """Give a letter as text and as HTML."""
        return self._text_of(letter), self._page("letter.html", {"letter": letter})

    def _page(self, name: str, words: Mapping[str, object]) -> str:
        return self._pages.get_template(name).render(words).strip() + "\n"


def safe_name(name: str) -> str:
    """Give a name that can carry no link, address or number: mail programs make links of "example.ca" alone."""
    plain = "".join(char if char in BETWEEN or category(char)[0] in "LM" else " " for char in name)
    plain = DOT_INSIDE.sub(". ", plain)
    return " ".join(plain.split())[:LONGEST_NAME].strip()


def _runs(paragraphs: Iterable[Spoken]) -> Iterator[tuple[Kind, Sequence[Spoken]]]:
    for kind, alike in groupby(paragraphs, key=lambda paragraph: paragraph.kind):
        yield kind, list(alike)
