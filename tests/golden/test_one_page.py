"""However a letter is put together, it stays on one page: MAX_WORDS at most, with 90 own words among them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from itertools import product
from types import MappingProxyType

import pytest

from advocacy.campaigns.checks.letter_check import MAX_WORDS
from advocacy.campaigns.checks.prose import word_count
from advocacy.campaigns.letter_text import Choice
from advocacy.exports.text import to_text
from advocacy.language import Language, Wording
from advocacy.legislators.recipient import Recipient
from advocacy.letters.compose import compose
from advocacy.letters.letter import Letter
from tests.builders import TODAY, a_member, a_minister, a_senator, a_template, answered, some_answers, the_campaign

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


def longest(
    letter: str, recipient: Recipient, language: Language, *, own: Mapping[str, str], by: Callable[[str], int]
) -> Letter:
    """Compose the longest of a letter's alternatives: a letter is their sum, so each is weighed beside the first others."""
    template = a_template(letter)
    fields = MappingProxyType({**answered(letter), **own})
    answers = replace(some_answers(street="25 Bank Street", language=language), fields=fields)

    def made(choice: Choice) -> Letter:
        return compose(template, answers, recipient, language=language, today=TODAY, choice=choice)

    def weighed(place: int, one: int) -> int:
        return by(to_text(made(tuple(one if at == place else 0 for at in range(len(template.sizes))))))

    return made(tuple(max(range(size), key=partial(weighed, place)) for place, size in enumerate(template.sizes)))


@pytest.mark.parametrize("letter", the_campaign().letters())
def test_the_longest_letter_is_one_page(letter: str) -> None:
    for (name, recipient), language in product(RECIPIENTS.items(), Language):
        text = to_text(longest(letter, recipient, language, own=OWN, by=word_count))
        assert word_count(text) <= MAX_WORDS, (name, language)
