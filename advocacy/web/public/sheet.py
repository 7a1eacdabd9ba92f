"""A letter laid out for a page: every piece with its language, marked where it is the citizen's or a blank."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from advocacy.campaigns.letter_template import LetterTemplate
from advocacy.exports.letter_parts import Role, parts_on_paper
from advocacy.exports.page_layout import NEWSREADER, layout_of
from advocacy.exports.qr_code import qr_svg
from advocacy.language import Language, Wording
from advocacy.legislators.recipient import Office, Recipient
from advocacy.letters.letter import Kind, Letter, RenderedParagraph
from advocacy.messages import message
from advocacy.web.public import bp

OPEN, CLOSE = "\ue000", "\ue001"
"""What a blank not yet filled in stands between: no cleaned text ever holds them."""
YOURS, FILL, BLANK = "yours", "fill", "blank"

_BLANK = re.compile(f"{OPEN}([^{OPEN}{CLOSE}]*){CLOSE}")


BLANKS = {
    "name": message("your name"),
    "city": message("your city or town"),
    "words": message("Your own words will come here."),
    "recipient": message("the person who represents you"),
    "riding": message("name of the riding"),
}
"""What stands in place of an answer that is not there yet."""


def blank(name: str, language: Language) -> str:
    """Return what stands in place of an answer, marked as a blank."""
    return f"{OPEN}{BLANKS[name].in_language(language)}{CLOSE}"


class Passage(NamedTuple):
    text: str
    mark: str
    language: Language


@dataclass(frozen=True, slots=True)
class SheetParagraph:
    """One paragraph; `is_yours` when all of it is the citizen's own words, or where they will come."""

    kind: Kind
    passages: tuple[Passage, ...]
    is_yours: bool


def nobody_yet(language: Language) -> Recipient:
    """Return a recipient to show a letter by, before one is known."""
    return Recipient(
        id="",
        office=Office.MEMBER,
        first_name="",
        last_name="",
        name=blank("recipient", language),
        gender=None,
        riding_code="",
        riding=Wording({one: blank("riding", one) for one in Language}),
        province=None,
        title=None,
        privy_councillor=False,
        email=None,
        vacant=False,
    )


def sheet_paragraphs(
    letter: Letter, template: LetterTemplate, answered: Sequence[str] = ()
) -> tuple[SheetParagraph, ...]:
    """Return the paragraphs of a letter; `answered` are words of the citizen's that a page tells from the letter's."""
    fills = _fills(letter, template, answered)
    return tuple(
        SheetParagraph(one.kind, tuple(_passages(letter, one, fills)), all(piece.typed_in for piece in one.pieces))
        for one in letter.paragraphs
    )


def stored_paragraphs(letter: Letter, *, marks_own_words: bool) -> tuple[SheetParagraph, ...]:
    """Return the paragraphs of a letter that is no longer edited; blanks and choices are not marked in it."""
    paragraphs = []
    for one in letter.paragraphs:
        marks = [YOURS if marks_own_words and piece.typed_in else "" for piece in one.pieces]
        texts = letter.passages(one)
        passages = tuple(Passage(text, mark, language) for mark, (text, language) in zip(marks, texts, strict=True))
        paragraphs.append(SheetParagraph(one.kind, passages, is_yours=all(marks)))
    return tuple(paragraphs)


class Paper(NamedTuple):
    """How a letter prints: the place in `page_layout.LAYOUTS` of its size, as print.css has it, and what opens it.

    `qr` is the code beside the line by which it is verified, "" where it has none.
    """

    layout: int
    letterhead: str
    qr: str


def on_paper(letter: Letter) -> Paper:
    """Return how a letter prints: at the size at which it keeps to one page, as in its PDF."""
    shown = list(parts_on_paper(letter))
    opening = shown[0].text if shown[0].role is Role.LETTERHEAD else ""
    qr = qr_svg(letter.verification, letter.language) if letter.verification else ""
    return Paper(layout_of(shown, NEWSREADER, date_below=True), opening, qr)


@bp.app_template_filter("blanks")
def split_blanks(text: str) -> list[tuple[str, bool]]:
    """Split a text into its pieces, each with whether it is a blank still to be filled in."""
    pieces = _BLANK.split(text)
    return [(piece, place % 2 == 1) for place, piece in enumerate(pieces) if piece]


def _passages(letter: Letter, paragraph: RenderedParagraph, fills: re.Pattern[str] | None) -> Iterator[Passage]:
    for piece, (text, language) in zip(paragraph.pieces, letter.passages(paragraph), strict=True):
        for part, is_blank in split_blanks(text):
            if is_blank:
                yield Passage(part, BLANK, letter.language)
            elif piece.typed_in:
                yield Passage(part, YOURS, language)
            else:
                pieces = enumerate(fills.split(part) if fills else [part])
                yield from (Passage(one, FILL if place % 2 else "", language) for place, one in pieces if one)


def _fills(letter: Letter, template: LetterTemplate, answered: Sequence[str]) -> re.Pattern[str] | None:
    """Find what came from the citizen's answers without being typed: the riding, and sentences that were chosen."""
    words = [*answered, *([letter.recipient.riding.in_language(letter.language)] if letter.recipient.riding else [])]
    options = (option for field in template.fields for option in field.options if option.sentence)
    words += [option.sentence.in_language(letter.language) for option in options if option.sentence]
    offered = template.statements[letter.language].values()
    words += [text for statements in offered for one in statements.values() for text in one.wordings]
    known = sorted((re.escape(word) for word in words if word and OPEN not in word), key=len, reverse=True)
    return re.compile(f"({'|'.join(known)})") if known else None
