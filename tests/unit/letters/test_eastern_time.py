"""A moment is told by the clock of Ottawa."""

from datetime import UTC, datetime

import pytest

from advocacy.language import Language
from advocacy.letters.eastern_time import format_moment


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
