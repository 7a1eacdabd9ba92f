"""A follow-up, with the date and the subject of the letter that was sent, reads as somebody has approved."""

from datetime import UTC, datetime, timedelta
from types import MappingProxyType

import pytest

from advocacy.exports.text import to_text
from advocacy.language import Language
from advocacy.letters.compose import compose
from advocacy.letters.follow_ups import FollowedLetter, FollowLink
from advocacy.letters.models import FollowKind
from tests.builders import TODAY, a_member, a_template, nth_choice, some_answers
from tests.golden.approval import approved

FIRST = "takedown-and-standards"
AGAIN = {
    Language.EN: "Since my first letter, two families on our street have found such pictures of their children, and "
    "nobody could tell them whom to call.",
    Language.FR: "Depuis ma première lettre, deux familles de notre rue ont trouvé de telles photos de leurs enfants, "
    "et personne n’a su leur dire qui appeler.",
}


@pytest.mark.parametrize("language", Language)
def test_it_quotes_the_letter_that_was_sent(language: Language) -> None:
    recipient, template, texts = a_member(), a_template("follow-up"), []
    for turn in range(3):
        answers = some_answers(language=language)
        choice = nth_choice(a_template(FIRST), answers, recipient, turn=turn)
        first = compose(a_template(FIRST), answers, recipient, language=language, today=TODAY, choice=choice)
        link = FollowLink("letter", "receipt", FollowKind.FOLLOW_UP, datetime.now(UTC))
        followed = FollowedLetter(
            link=link,
            first_id="letter",
            campaign="child-protection",
            legislator_id=recipient.id,
            riding_code="",
            written_on=TODAY.replace(day=1),
            letter=first,
            name="Camille Essai",
            email="camille.essai@example.ca",
            email_hash="hash",
        )
        fields = {**followed.quotes(120), "relationship": "parent", "reason": AGAIN[language]}
        answers = some_answers(language=language, fields=MappingProxyType(fields))
        choice = nth_choice(template, answers, recipient, turn=turn)
        today = TODAY + timedelta(21)
        texts.append(to_text(compose(template, answers, recipient, language=language, today=today, choice=choice)))
    text = "\n---\n\n".join(texts)
    assert text == approved(text, f"follow_ups/{language}.txt")
