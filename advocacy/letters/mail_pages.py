"""A mail as text and as HTML, of the same words: the templates hold no word of their own."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from itertools import groupby
from pathlib import Path
from typing import TypeAlias
from unicodedata import category

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from advocacy.language import Language, Wording
from advocacy.letters.letter import Letter, RenderedParagraph
from advocacy.messages import Message, message

BETWEEN = frozenset(" .,'’‐‑-")
DOT_INSIDE = re.compile(r"\.(?=\w)")
LONGEST_NAME = 60
OTHER_LANGUAGE = Markup('<span lang="{}">{}</span>')


Text: TypeAlias = Message | Wording | str
"""What a mail says; a `str` is the same in every language."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A mail of the site's own: what happened (`before`), what it is about, one link, what to know about it (`after`).

    `items` are the letters that it lists, `footer` says who runs the campaign.
    """

    language: Language
    subject: Text
    before: tuple[Text, ...]
    button: Text
    link: str
    after: tuple[Text, ...]
    items: tuple[Text, ...] = ()
    about: tuple[Text, ...] = ()
    footer: tuple[Text, ...] = ()


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
            auto_reload=False,
        )
        self._pages.filters |= {
            "by_kind": lambda paragraphs: [(kind, [*of]) for kind, of in groupby(paragraphs, key=lambda one: one.kind)],
            # Two spaces stay two.
            "lines": lambda texts: Markup("<br>").join(texts).replace("  ", "\u00a0 "),
            "passages": _passages,
        }

    def notice(self, notice: Notice) -> tuple[str, str, str]:
        fields = {field.name: getattr(notice, field.name) for field in dataclass_fields(notice)}
        fields |= {"greeting": message("Hello,"), "or_copy": message("Or copy this link into your browser:")}
        words = {name: _in_language(value, notice.language) for name, value in fields.items()}
        return str(words["subject"]), self._page("notice.txt", words), self._page("notice.html", words)

    def letter(self, letter: Letter, *, banner: str = "", footer: str = "") -> tuple[str, str]:
        """Return a letter as text and as HTML, under a banner that says what it is where that is not a letter sent.

        The `footer` stands below it as a signature does, which mail programs leave out of answers.
        """
        text = f"{banner}\n\n{self._text_of(letter)}" if banner else self._text_of(letter)
        if footer:
            text = f"{text.rstrip()}\n\n-- \n{footer}\n"
        return text, self._page("letter.html", {"letter": letter, "banner": banner, "footer": footer})

    def _page(self, name: str, words: Mapping[str, object]) -> str:
        return self._pages.get_template(name).render(words).strip() + "\n"


def _in_language(value: object, language: Language) -> object:
    if isinstance(value, tuple):
        return tuple(_in_language(one, language) for one in value)
    if isinstance(value, Message):
        return value.in_language(language)
    return value.in_language(language) if isinstance(value, Wording) else value


def safe_name(name: str) -> str:
    """Return a name that can carry no link, address or number: mail programs make links of "example.ca" alone."""
    plain = "".join(char if char in BETWEEN or category(char)[0] in "LM" else " " for char in name)
    plain = DOT_INSIDE.sub(". ", plain)
    return " ".join(plain.split())[:LONGEST_NAME].strip()


def _passages(paragraph: RenderedParagraph, letter: Letter) -> Markup:
    """Return a paragraph's words, those in another language than the letter's marked so."""
    passages = list(letter.passages(paragraph))
    if all(language is letter.language for _, language in passages):
        return escape(paragraph.text)
    return Markup("").join(
        escape(text) if language is letter.language else OTHER_LANGUAGE.format(language, text)
        for text, language in passages
    )
