"""What Word adds for the mail: a page with the address and what to do, or the address where a #10 window shows it."""

from collections.abc import Iterator, Mapping, Sequence

from docx.oxml.text.paragraph import CT_P
from docx.shared import Inches, Length, Pt
from docx.text.parfmt import ParagraphFormat

from advocacy.exports.docx_styles import Posting
from advocacy.exports.fitting import LINE
from advocacy.exports.parts import Role
from advocacy.legislators.post import HEADING, RULE_HEADING, posting
from advocacy.letters.letter import Letter

STRIP_TOP, STRIP = Inches(2.5), Inches(0.67)
"""Where the strip that a #10 window shows in every fold begins, from the top of the page, and how high it is."""
CLEAR = Pt(1)
"""Kept free above and below the address."""
UNSEEN = Inches(3.65)
"""From the top of the page: where the letter goes on, below all that a window of 1.125 in may show in any fold."""
TOP = 0.7
"""The margin in inches above a letter for a window: its date and its sender's address end above the window."""
CLOSEST, LEGIBLE = 1.06, Pt(9)
"""The least height of a line, in the size of its type, and the size from which on lines are as high as the body's."""
HALF_POINT = Pt(0.5)


def posting_page(letter: Letter) -> Iterator[tuple[Posting, Sequence[str]]]:
    """Return what stands on the page to post a letter with, each with its lines, in the letter's language."""
    told, language = posting(letter.recipient), letter.language
    yield Posting.HEADING, [HEADING.in_language(language)]
    yield Posting.ENVELOPE, letter.recipient_block
    for step in told.steps:
        yield Posting.STEP, [step.in_language(language)]
    if told.rule:
        yield Posting.RULE_HEADING, [RULE_HEADING.in_language(language)]
        yield Posting.RULE, [told.rule.in_language(language)]


def put_in_window(placed: Mapping[Role, CT_P], size: float) -> None:
    """Set the address into the strip, under what stands above it; the more lines, the smaller, and never cut.

    `size` is the body's, in points. Lines of exact heights stand at the same place in every program.
    """
    date, address = placed.get(Role.DATE), placed.get(Role.RECIPIENT)
    if date is None or address is None:
        return
    above, line = 0, Pt(size * LINE)
    for role in (Role.LETTERHEAD, Role.DATE):
        if role in placed:
            opening = ParagraphFormat(placed[role])
            opening.line_spacing, opening.space_after = line, Pt(0)
            above += line * _lines(placed[role])
    lines = _lines(address)
    start, height = STRIP_TOP + CLEAR, min(line, (STRIP - 2 * CLEAR) // lines)
    block = ParagraphFormat(address)
    block.space_before, block.line_spacing = Length(start - int(Inches(TOP)) - above), Length(height)
    block.space_after = Length(UNSEEN - start - height * lines)
    as_the_body = height / LINE
    type_size = as_the_body if as_the_body >= LEGIBLE - HALF_POINT / 2 else height / CLOSEST
    rounded = Length(min(Pt(size), int(type_size) // HALF_POINT * HALF_POINT))
    for run in address.r_lst:
        run.get_or_add_rPr().sz_val = rounded


def _lines(paragraph: CT_P) -> int:
    return len(paragraph.xpath("w:r/w:br")) + 1
