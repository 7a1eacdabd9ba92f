"""A bill's number and stage are typed nowhere but in campaign.toml, so that no letter goes out of date."""

import pytest

from advocacy.campaigns.checks.prose import check_bills, without_blanks
from advocacy.language import Language

NUMBERS = {
    Language.EN: ["Bill C-34 must pass.", "I read S-210 last night.", "Please read Bill 62."],
    Language.FR: ["Le projet de loi C-34 compte.", "J’ai lu le S-210.", "Le projet de loi n° 62 compte."],
}
STAGES = {
    Language.EN: [
        "The bill is at second reading.",
        "It is before the committee.",
        "It was sent to a House committee.",
        "It received Royal Assent.",
        "The bill has passed.",
        "It was defeated.",
        "It became law.",
        "It is on the order paper.",
    ],
    Language.FR: [
        "Le texte en est à la deuxième lecture.",
        "Il est devant le comité.",
        "Il est en comité.",
        "Il a reçu la sanction royale.",
        "Il a été adopté.",
        "Elle a été rejetée.",
        "Il est mort au feuilleton.",
    ],
}


def test_every_word_beside_a_blank_stays_at_its_place() -> None:
    text = "a {{ b }} c"
    assert without_blanks(text) == "a xxxxxxx c"


@pytest.mark.parametrize("language", Language)
def test_numbers_of_bills_are_found(language: Language) -> None:
    for text in NUMBERS[language]:
        (found,) = check_bills(text, language)
        assert found.complaint.code == "bill-typed", text


@pytest.mark.parametrize("language", Language)
def test_stages_are_found(language: Language) -> None:
    for text in STAGES[language]:
        (found,) = check_bills(text, language)
        assert found.complaint.code == "stage-typed", text
        assert list(check_bills(text, language, names_stage=True)) == []
