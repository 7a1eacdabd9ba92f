"""What Word adds for the mail: a page with the address and what to do, or the address where a #10 window shows it."""

from collections.abc import Iterator, Mapping, Sequence

from docx.oxml.text.paragraph import CT_P
from docx.shared import Inches, Length, Pt
from docx.text.parfmt import ParagraphFormat

from advocacy.exports.docx_stationery import TOP
from advocacy.exports.docx_styles import SIZE, Posting
from advocacy.exports.parts import Role
from advocacy.legislators.post import HEADING, RULE_HEADING, posting
from advocacy.letters.letter import Letter

STRIP_TOP, STRIP = Inches(2.5), Inches(0.67)
"""Where the strip that a #10 window shows in every fold begins, from the top of the page, and how high it is."""
CLEAR = Pt(1)
"""Kept free above and below the address."""
UNSEEN = Inches(3.65)
"""From the top of the page: where the letter goes on, below all that a window of 1.125 in may show in any fold."""
DATE_LINE = Pt(14)
FULL_LINE = Pt(12.5)
LINE_OF_SIZE = 1.1
"""The height of a line in the window, in the size of its letters: as little as two lines need to stay apart."""
HALF_POINT = Pt(0.5)


def posting_page(letter: Letter) -> Iterator[tuple[Posting, Sequence[str]]]:
    """Give what stands on the page to post a letter with, each with its lines, in the letter's language."""
    told, language = posting(letter.recipient), letter.language
    yield Posting.HEADING, [HEADING.spoken(language)]
    yield Posting.ENVELOPE, letter.recipient_block
    for step in told.steps:
        yield Posting.STEP, [step.spoken(language)]
    if told.rule:
        yield Posting.RULE_HEADING, [RULE_HEADING.spoken(language)]
        yield Posting.RULE, [told.rule.spoken(language)]


def put_in_window(placed: Mapping[Role, CT_P], *, lines: int) -> None:
    """Set an address of so many lines into the strip, under the date; the more lines, the smaller, and never cut.

    Lines of exact heights stand at the same place in every program.
    """
    date, address = placed.get(Role.DATE), placed.get(Role.RECIPIENT)
    if date is None or address is None:
        return
    above, block = ParagraphFormat(date), ParagraphFormat(address)
    above.line_spacing, above.space_after = DATE_LINE, Pt(0)
    start, height = STRIP_TOP + CLEAR, min(FULL_LINE, (STRIP - 2 * CLEAR) // lines)
    block.space_before, block.line_spacing = Length(start - TOP - DATE_LINE), Length(height)
    block.space_after = Length(UNSEEN - start - height * lines)
    size = Length(min(Pt(SIZE), int(height / LINE_OF_SIZE) // HALF_POINT * HALF_POINT))
    for run in address.r_lst:
        run.get_or_add_rPr().sz_val = size
