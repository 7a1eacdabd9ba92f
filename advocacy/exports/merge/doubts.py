"""Own words that lend the survey a figure are told by their row, as the letter is made of them all the same."""

from collections.abc import Iterator

from advocacy.campaigns.campaign import LetterTemplate
from advocacy.language import Wording
from advocacy.letters.figures import Verdict, check_figures
from advocacy.letters.letter import Letter
from advocacy.numerals import Measure, Numeral, numerals, plain_text

FALSE = Wording.of(
    en="own words give a figure as the survey’s that the survey does not give; they are kept as typed",
    fr="des mots personnels attribuent au sondage un chiffre qu’il ne donne pas; ils sont gardés tels quels",
)
UNCLEAR = Wording.of(
    en="own words give a figure of the survey: check that the survey says this",
    fr="des mots personnels donnent un chiffre du sondage\u00a0: vérifiez que le sondage le dit bien",
)
TOLD = {Verdict.FALSE: FALSE, Verdict.UNCLEAR: UNCLEAR}
FEWEST = 10


def doubts(letter: Letter, template: LetterTemplate) -> Iterator[Wording]:
    """Tell, once each, what is doubtful of the figures in a letter's own words."""
    own = [piece.text for paragraph in letter.paragraphs for piece in paragraph.pieces if piece.typed_in]
    if not any(_may_claim(number) for text in own for number in numerals(plain_text(text))):
        return
    composed = [part.text for part in letter.paragraphs if not any(piece.typed_in for piece in part.pieces)]
    claims = check_figures(letter.body, template.survey, letter.language, ours=composed)
    found = {claim.verdict for claim in claims}
    yield from (told for verdict, told in TOLD.items() if verdict in found)


def _may_claim(number: Numeral) -> bool:
    """Pass over "my two children": a small count of things is never the survey's, and a whole letter takes long."""
    return number.measure not in (Measure.PLAIN, Measure.MONEY) or number.high >= FEWEST
