"""A letter is tried out with invented answers, which a page can tell from the letter's own words."""

import pytest

from advocacy.campaigns.fields import FieldKind
from advocacy.language import Language
from advocacy.letters.samples import Kind, Trial, choice_of, sample
from tests.builders import TODAY, a_member
from tests.campaign_files import LETTER, STATEMENTS, campaign_with_field, campaign_with_statements


def test_a_date_is_answered_and_found_in_the_letter() -> None:
    template, language = campaign_with_field(FieldKind.DATE).template(LETTER), Language.FR
    trial = Trial(Kind.MEMBER, language, own=True, mine=True, choice=choice_of(template, 0))
    made = sample(template, a_member(), trial, today=TODAY)
    assert [(piece.text, piece.blank) for piece in made.paragraphs[-1].pieces] == [("28 novembre 2026", "closed_on")]


@pytest.mark.parametrize("look", range(2))
def test_sentences_are_checked_where_there_are_no_own_words(look: int) -> None:
    template = campaign_with_statements().template(LETTER)
    choice = choice_of(template, look)
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
    trials = [
        Trial(Kind.MEMBER, Language.EN, own=False, mine=True, choice=choice_of(template, look)) for look in range(2)
    ]
    statements = {sample(template, a_member(), trial, today=TODAY).paragraphs[2].text for trial in trials}
    assert len(statements) == 2
