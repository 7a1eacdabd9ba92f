"""Own words that lend the survey a figure, or say of a bill what is not known, are noted by their row.

The letter is made of them all the same.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from advocacy.campaigns.campaign_files import LetterTemplate
from advocacy.letters.bills import check_bill
from advocacy.letters.figures import Verdict, check_figures
from advocacy.letters.letter import Letter
from advocacy.messages import Words, message
from advocacy.numerals import Measure, Numeral, numerals, plain_text

FALSE = message("own words give a figure as the survey’s that the survey does not give; they are kept as typed")
UNCLEAR = message("own words give a figure of the survey: check that the survey says this")
TOLD = {Verdict.FALSE: FALSE, Verdict.UNCLEAR: UNCLEAR}
BILL_FALSE = message("own words say of the bill what is not known of it; they are kept as typed")
BILL_UNCLEAR = message("own words say at what stage the bill is: check that it is so")
OF_BILL = {Verdict.FALSE: BILL_FALSE, Verdict.UNCLEAR: BILL_UNCLEAR}
FEWEST = 10


def doubts(letter: Letter, template: LetterTemplate, *, today: date) -> Iterator[Words]:
    """Find, once each, what is doubtful in a letter's own words."""
    own = [piece.text for paragraph in letter.paragraphs for piece in paragraph.pieces if piece.typed_in]
    yield from _of_figures(letter, template, own)
    of_bills = check_bill("\n\n".join(own), template.campaign.bills, letter.language, today=today)
    found_of_bills = {claim.verdict for claim in of_bills}
    yield from (note for verdict, note in OF_BILL.items() if verdict in found_of_bills)


def _of_figures(letter: Letter, template: LetterTemplate, own: Sequence[str]) -> Iterator[Words]:
    if not any(_may_claim(number) for text in own for number in numerals(plain_text(text))):
        return
    claims = check_figures(letter.body, template.survey, letter.language, composed=letter.template_paragraphs)
    found = {claim.verdict for claim in claims}
    yield from (told for verdict, told in TOLD.items() if verdict in found)


def _may_claim(number: Numeral) -> bool:
    """Pass over "my two children": a small count of things is never the survey's, and a whole letter takes long."""
    return number.measure not in (Measure.PLAIN, Measure.MONEY) or number.high >= FEWEST
