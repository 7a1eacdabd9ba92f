"""However a letter is put together, it stays on one page: 430 words at most, with 90 own words among them."""

from dataclasses import replace
from itertools import product
from types import MappingProxyType

import pytest

from advocacy.exports.text import to_text
from advocacy.language import Language, Wording
from advocacy.legislators.recipient import Recipient
from advocacy.letters.compose import compose
from tests.builders import TODAY, a_member, a_minister, a_senator, a_template, answered, some_answers, the_campaign

MOST_WORDS = 430
LONG_TITLE = Wording.of(
    en="Minister of Jobs and Families and Minister responsible for the Federal Economic Development Agency for "
    "Northern Ontario",
    fr="Ministre de l’Emploi et des Familles et ministre responsable de l’Agence fédérale de développement économique "
    "pour le Nord de l’Ontario",
)
LONG_RIDING = Wording.same("West Vancouver—Sunshine Coast—Sea to Sky Country")
OWN = MappingProxyType({"relationship": "health_social", "reason": " ".join(["mot"] * 90)})
RECIPIENTS = {
    "own member of the longest riding": a_member(riding=LONG_RIDING),
    "senator": a_senator(),
    "minister of the longest title": a_minister(title=LONG_TITLE),
    "own minister": a_minister(title=LONG_TITLE, riding_code="35079"),
}


@pytest.mark.parametrize("recipient", RECIPIENTS.values(), ids=list(RECIPIENTS))
@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("letter", the_campaign().letters())
def test_the_longest_letter_is_one_page(letter: str, language: Language, recipient: Recipient) -> None:
    template = a_template(letter)
    fields = MappingProxyType(answered(letter, language) | OWN)
    answers = replace(some_answers(street="25 Bank Street", language=language), fields=fields)
    choices = product(*(range(size) for size in template.texts[language].groups))
    longest = max(
        len(to_text(compose(template, answers, recipient, language=language, today=TODAY, choice=choice)).split())
        for choice in choices
    )
    assert longest <= MOST_WORDS
