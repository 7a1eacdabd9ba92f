"""A message of the domain is rendered in the language it is shown in."""

from datetime import UTC, datetime

import pytest

from advocacy.language import Language, Wording
from advocacy.messages import format_moment, message, nmessage

FR, EN = Language.FR, Language.EN


def test_parameters_are_rendered_in_the_same_language() -> None:
    said = message("%(campaign)s:", campaign=Wording.of(en="Air", fr="Air pur"))

    assert (said.in_language(EN), said.in_language(FR)) == ("Air:", "Air pur\u00a0:")
    assert message("%(campaign)s:", campaign=message("Vacant seat")).in_language(FR) == "Siège vacant\u00a0:"


def test_a_number_decides_the_form() -> None:
    forms = [nmessage("%(num)d word", "%(num)d words", num).in_language(FR) for num in (0, 1, 2)]

    assert forms == ["0 mot", "1 mot", "2 mots"]
    assert nmessage("%(num)d word", "%(num)d words", 0).in_language(EN) == "0 words"


@pytest.mark.parametrize(
    ("minute", "english", "french"),
    [
        (
            16,
            "November 25, 2026 at 10:16\u00a0p.m. (Eastern time)",
            "25 novembre 2026 à 22\u00a0h\u00a016 (heure de l’Est)",
        ),
        (0, "November 25, 2026 at 10\u00a0p.m. (Eastern time)", "25 novembre 2026 à 22\u00a0h (heure de l’Est)"),
    ],
)
def test_a_full_hour_has_no_minutes(minute: int, english: str, french: str) -> None:
    moment = datetime(2026, 11, 26, 3, minute, tzinfo=UTC)
    assert format_moment(moment, Language.EN) == english
    assert format_moment(moment, Language.FR) == french
