"""A letter laid out for a page: every piece with its language, marked where it is the citizen's or a blank."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from advocacy.campaigns.fields import citizen_fields
from advocacy.campaigns.letter_template import LetterTemplate
from advocacy.exports.letter_parts import Role, parts_on_paper
from advocacy.exports.page_layout import NEWSREADER, layout_of
from advocacy.exports.qr_code import qr_svg
from advocacy.language import Language, Wording
from advocacy.legislators.recipient import Office, Recipient
from advocacy.letters.letter import Kind, Letter
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


def sheet_paragraphs(letter: Letter, template: LetterTemplate) -> tuple[SheetParagraph, ...]:
    """Return the paragraphs of a letter: own words, what the answers filled in, and blanks are marked."""
    answers = {"riding", *(field.key for field in (*citizen_fields(), *template.fields))}
    paragraphs = []
    for paragraph in letter.paragraphs:
        passages: list[Passage] = []
        for piece, (text, language) in zip(paragraph.pieces, letter.passages(paragraph), strict=True):
            mark = YOURS if letter.is_own(piece) else FILL if piece.blank in answers else ""
            for part, is_blank in split_blanks(text):
                passages.append(Passage(part, BLANK if is_blank else mark, letter.language if is_blank else language))
        paragraphs.append(SheetParagraph(paragraph.kind, tuple(passages), letter.is_all_own(paragraph)))
    return tuple(paragraphs)


def stored_paragraphs(letter: Letter, *, marks_own_words: bool) -> tuple[SheetParagraph, ...]:
    """Return the paragraphs of a letter that is no longer edited; blanks and choices are not marked in it."""
    paragraphs = []
    for one in letter.paragraphs:
        marks = [YOURS if marks_own_words and letter.is_own(piece) else "" for piece in one.pieces]
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
