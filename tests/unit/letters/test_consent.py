"""The words agreed to are given again as they were shown, to whomever the letters went."""

import pytest

from advocacy.language import Language
from advocacy.letters.submit import CONSENT_VERSION, render_consent


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["A"], "cette lettre à A. Son équipe"),
        (["A", "B"], "ces lettres à A et B. Leurs équipes"),
        (["A", "B", "C"], "ces lettres à A, B et C. Leurs équipes"),
    ],
)
def test_they_name_whom_the_letters_go_to(names: list[str], said: str) -> None:
    words = render_consent(CONSENT_VERSION, names, Language.FR)
    assert words is not None
    assert said in words


def test_an_unknown_version_and_no_names_have_no_words() -> None:
    assert render_consent("1", ["A"], Language.EN) is None
    assert render_consent(CONSENT_VERSION, [], Language.EN) is None
