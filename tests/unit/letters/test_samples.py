"""A letter is tried out with invented answers, which a page can tell from the letter's own words."""

from advocacy.campaigns.fields import FieldKind
from advocacy.language import Language
from advocacy.letters.samples import Kind, Trial, choice_of, sample
from tests.builders import TODAY, a_member
from tests.campaign_files import LETTER, campaign_with_field


def test_a_date_is_answered_and_found_in_the_letter() -> None:
    template, language = campaign_with_field(FieldKind.DATE).template(LETTER), Language.FR
    trial = Trial(Kind.MEMBER, language, own=True, mine=True, choice=choice_of(template, language, 0))
    made = sample(template, a_member(), trial, today=TODAY)
    assert made.answered == ["28 novembre 2026"]
    assert made.letter.paragraphs[-1].text == "Le 28 novembre 2026, j’ai trouvé la mienne fermée."
