"""What is held against letters written while others are published: each thing that can be wrong is seen."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from advocacy.campaigns.campaign_folder import CampaignFolder
from advocacy.language import Language
from advocacy.letters.compose import compose
from tests.builders import TODAY, a_member, some_answers, the_campaign
from tests.faults.browser import Page
from tests.faults.written import LETTER, Form, Stored, marked, wrong_letters

PINS = {"campaign": 2, "findings": 3, "letter": 11}
ALFA, BRAVO = 10, 11
EMAIL = "canari@ecoute.example.ca"


def page(status: int, text: str = "", **headers: str) -> Page:
    return Page(status, headers, text.encode())


def form(*, revisions: str = "2.3.11", shown: str = "Bravo-says", status: int = 303) -> Form:
    made = Form(EMAIL, Language.EN)
    made.opened(page(200, f'<input type="hidden" name="revisions" value="{revisions}">'))
    made.reviewed(page(200, shown))
    made.sent(page(status, Location="/en/child-protection/sent"))
    return made


def letter(number: int, *, language: Language = Language.EN, pins: Mapping[str, int] = PINS) -> Stored:
    campaign = the_campaign()
    files = {name: held for document in campaign.documents().values() for name, held in document.items()}
    texts = marked(campaign.documents()[LETTER], number)
    template = CampaignFolder.of(campaign.name, files | texts).template(LETTER)
    answers = some_answers(fields={})
    return Stored(EMAIL, pins, compose(template, answers, a_member(), language=language, today=TODAY))


def mixed() -> Stored:
    other, stored = letter(0).words.paragraphs, letter(1)
    return replace(stored, words=replace(stored.words, paragraphs=(*stored.words.paragraphs[:-1], other[-1])))


def test_a_letter_of_the_revision_its_form_was_opened_with_is_right() -> None:
    assert list(wrong_letters([letter(1)], [form()], (ALFA, BRAVO))) == []


@pytest.mark.parametrize(
    ("stored", "met", "seen"),
    [
        ([mixed()], form(), ["a letter pinned to Bravo, in en, has a passage of [('Alfa', 'says')]"]),
        ([], form(), ["a form answered 200 200 303 is stored 0 times"]),
        ([letter(1)] * 2, form(), ["a form answered 200 200 303 is stored 2 times"]),
        ([], form(status=503), ["a form answered 200 200 503 is stored 0 times"]),
        ([letter(1)], form(revisions="2.3.10"), ["a form opened with [2, 3, 10] is pinned to [2, 3, 11]"]),
        ([letter(1)], form(shown="Alfa-says"), ["a letter pinned to Bravo was shown as ['Alfa']"]),
        ([letter(1, language=Language.FR)], form(), ["a form in en made a letter in fr"]),
    ],
)
def test_what_is_wrong_is_seen(stored: list[Stored], met: Form, seen: list[str]) -> None:
    assert list(wrong_letters(stored, [met], (ALFA, BRAVO))) == seen
