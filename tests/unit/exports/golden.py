"""The letters that every form must show word for word: some that someone has read and approved, and one of each shape."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from advocacy.campaigns.letter_text import Kind, Piece, RenderedParagraph
from advocacy.language import Language
from advocacy.letters.compose import compose
from advocacy.letters.letter import Letter, Sender
from advocacy.letters.text_cleaning import clean
from tests.builders import TODAY, a_member, a_template, some_answers
from tests.golden.test_letters import some_letters
from tests.naughty import strings

WORLD = ("Nguyễn Thị Minh", "ᓄᓇᕗᑦ ᐃᓄᒃᑎᑐᑦ", "محمد الأحمد", "👩‍👩‍👧‍👦 🇨🇦 ✋🏿", "O’Brien & <b>fils</b>", "王小明")


@cache
def golden() -> dict[str, Letter]:
    """Approved letters, by name: each letter, each kind of recipient, both languages and both stages are among them."""
    return some_letters()


def a_letter(language: Language = Language.FR, **different: object) -> Letter:
    """A French letter whose citizen wrote own words in English, with anything different."""
    letter = compose(a_template(), some_answers(), a_member(), language=language, today=TODAY)
    return replace(letter, **different)  # type: ignore[arg-type]  # tests name fields of Letter


def signed_by(name: str, *, city: str = "") -> Sender:
    """A sender of whom nothing else is known."""
    return Sender(name, "", city, "", "", "")


def spoken(kind: Kind, text: str, blank: str = "") -> RenderedParagraph:
    """One paragraph."""
    return RenderedParagraph(kind, (Piece(text, blank),))


def of_every_shape() -> Letter:
    """A letter with a list, a quotation, and a paragraph that changes its language in the middle."""
    mixed = RenderedParagraph(
        Kind.PARAGRAPH, (Piece("Voici mes mots\u00a0: ", ""), Piece("my own words", "reason"), Piece(".", ""))
    )
    return a_letter(
        paragraphs=(
            mixed,
            spoken(Kind.BULLET, "un"),
            spoken(Kind.BULLET, "deux"),
            spoken(Kind.QUOTATION, "Cité à 95\u00a0%."),
            spoken(Kind.BULLET, "seul"),
            spoken(Kind.PARAGRAPH, "Fin."),
        )
    )


def of_the_world() -> Iterator[Letter]:
    """Letters signed and addressed in other scripts, which hold them wherever a person may type."""
    for name in WORLD:
        yield a_letter(
            subject=f"{name}\u00a0: 23\u00a0700",
            date_line=f"{name}, le 25 novembre 2026",
            recipient_block=(name, f"Ottawa ON  {name}"),
            sender=signed_by(name, city=name),
            paragraphs=(spoken(Kind.PARAGRAPH, name, "reason"), spoken(Kind.BULLET, name, "reason")),
        )


def of_naughty_words() -> Letter:
    """A letter whose own words are every string that breaks sites, cleaned as they are when they are typed."""
    words = filter(None, (clean(text, lines=False) for text in strings()))
    return a_letter(paragraphs=tuple(spoken(Kind.PARAGRAPH, text, "reason") for text in words))


def uncleaned() -> Letter:
    """A letter that holds what no entry lets in: controls, half a surrogate pair, non-characters, line breaks."""
    dirty = "a\x00\x0b\x1b\ud800\uffff\ue000\x85\u2028\r\nz"
    return a_letter(
        subject=dirty,
        date_line=dirty,
        recipient_block=(dirty, dirty),
        sender=signed_by(dirty, city=dirty),
        paragraphs=(spoken(Kind.PARAGRAPH, dirty, "reason"),),
        recipient=a_member(name=dirty),
    )


def everything() -> dict[str, Letter]:
    """All of these but the uncleaned."""
    world = {f"world-{number}": letter for number, letter in enumerate(of_the_world())}
    return golden() | world | {"shapes": of_every_shape(), "naughty": of_naughty_words()}
