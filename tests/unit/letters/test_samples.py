"""A letter is tried out with invented answers, which a page can tell from the letter's own words."""

import pytest

from advocacy.campaigns.fields import FieldKind
from advocacy.language import Language
from advocacy.letters.samples import Kind, Trial, choice_of, sample
from tests.builders import TODAY, a_member
from tests.campaign_files import LETTER, STATEMENTS, campaign_with_field, campaign_with_statements


def test_a_date_is_answered_and_found_in_the_letter() -> None:
    template, language = campaign_with_field(FieldKind.DATE).template(LETTER), Language.FR
    trial = Trial(Kind.MEMBER, language, own=True, mine=True, choice=choice_of(template, language, 0))
    made = sample(template, a_member(), trial, today=TODAY)
    assert made.paragraphs[-1].text == "Le 28 novembre 2026, j’ai trouvé la mienne fermée."
    assert "28 novembre 2026" in [piece.text for piece in made.paragraphs[-1].pieces if piece.blank]


@pytest.mark.parametrize("look", range(2))
def test_sentences_are_checked_where_there_are_no_own_words(look: int) -> None:
    template = campaign_with_statements().template(LETTER)
    choice = choice_of(template, Language.EN, look)
    with_own, without = (
        sample(template, a_member(), Trial(Kind.MEMBER, Language.EN, own=own, mine=True, choice=choice), today=TODAY)
        for own in (True, False)
    )
    for key, texts in STATEMENTS.items():
        found = [text for text in texts["en"] if text in without.body]
        assert len(found) == (key != "ill"), "one that is sensitive is never a sample"
        assert not any(text in with_own.body for text in texts["en"])


def test_each_look_has_other_wordings() -> None:
    template = campaign_with_statements().template(LETTER)
    bodies = {
        sample(template, a_member(), Trial(Kind.MEMBER, Language.EN, own=False, mine=True, choice=(look,)), today=TODAY)
        .paragraphs[2]
        .text
        for look in range(2)
    }
    assert len(bodies) == 2
