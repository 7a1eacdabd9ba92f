"""A mail as text and as HTML, of the same words: the templates hold no word of their own."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TypeAlias
from unicodedata import category

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from advocacy.language import Language, Wording
from advocacy.letters.letter import Kind, Letter, RenderedParagraph
from advocacy.messages import Message, message

BETWEEN = frozenset(" .,'’‐‑-")
DOT_INSIDE = re.compile(r"\.(?=\w)")
LONGEST_NAME = 60
OTHER_LANGUAGE = Markup('<span lang="{}">{}</span>')
OWN_WORDS = Markup('<span style="background-color:#e9ede9;text-decoration:underline">{}</span>')
"""What a citizen typed into a sentence of the campaign's: marked by a line too, since not everybody sees a colour."""
LINK = Markup('<a href="{}" style="color:#15181c">{}</a>')
SUBJECT = message("Subject: %(subject)s")
LEGEND = message("Marked with a line: the writer’s own words.")


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
            "linked": _linked,
            "passages": _passages,
            "marked": _marked,
        }

    def notice(self, notice: Notice) -> tuple[str, str, str]:
        fields = {field.name: getattr(notice, field.name) for field in dataclass_fields(notice)}
        fields |= {"greeting": message("Hello,"), "or_copy": message("Or copy this link into your browser:")}
        words = {name: _in_language(value, notice.language) for name, value in fields.items()}
        return str(words["subject"]), self._page("notice.txt", words), self._page("notice.html", words)

    def letter(self, letter: Letter, *, banner: str = "", footer: str = "") -> tuple[str, str]:
        """Return a letter as text and as HTML, under a banner that says what it is where that is not a letter sent.

        What the citizen typed is marked in the HTML. The `footer` stands below it as a signature does, which mail
        programs leave out of answers.
        """
        text = f"{banner}\n\n{self._text_of(letter)}" if banner else self._text_of(letter)
        if footer:
            text = f"{text.rstrip()}\n\n-- \n{footer}\n"
        has_own_words = any(letter.is_own(piece) for paragraph in letter.paragraphs for piece in paragraph.pieces)
        words = {
            "letter": letter,
            "banner": banner,
            "footer": footer,
            "legend": LEGEND.in_language(letter.language) if has_own_words else "",
        }
        return text, self._page("letter.html", words)

    def digest(self, words: Mapping[str, object], language: Language) -> tuple[str, str, str]:
        """Return the subject of a digest, and its text and HTML, all but the letters in `language`."""

        def subject_of(letter: Letter) -> str:
            return SUBJECT.with_params(subject=letter.subject).in_language(letter.language)

        return self.page("digest", {**words, "subject_of": subject_of}, language)

    def page(self, name: str, words: Mapping[str, object], language: Language) -> tuple[str, str, str]:
        """Return a mail's subject, text and HTML by the templates of its name, which `say` its words in `language`."""
        words = {**words, "language": language, "say": partial(_in_language, language=language)}
        subject = str(_in_language(words["subject"], language))
        return subject, self._page(f"{name}.txt", words), self._page(f"{name}.html", words)

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
    """Return a paragraph's words, those in another language than the letter's and those of the citizen's marked so.

    Where all of them are the citizen's, the paragraph is marked as a whole (templates/mail/letter.html).
    """
    is_mixed = not letter.is_all_own(paragraph) or paragraph.kind is Kind.BULLET
    words = Markup("")
    for piece, (text, language) in zip(paragraph.pieces, letter.passages(paragraph), strict=True):
        passage = escape(text) if language is letter.language else OTHER_LANGUAGE.format(language, text)
        words += OWN_WORDS.format(passage) if letter.is_own(piece) and is_mixed else passage
    return words


def _marked(paragraph: RenderedParagraph, letter: Letter) -> str:
    """Return a paragraph of a mail's text, what the citizen typed marked with a line."""
    prefix = "• " if paragraph.kind is Kind.BULLET else ""
    if letter.is_all_own(paragraph):
        return f"| {prefix}{paragraph.text}"
    pieces = ((piece.text, letter.is_own(piece)) for piece in paragraph.pieces)
    return prefix + "".join(_underlined(text) if is_own else text for text, is_own in pieces)


def _underlined(text: str) -> str:
    words = text.strip()
    return text.replace(words, f"_{words}_") if words else text


def _linked(line: str, address: str) -> Markup:
    """Return a line whose end is an address without its scheme, with a link to it."""
    shown = address.partition("://")[2]
    return escape(line.removesuffix(shown)) + LINK.format(address, shown)
