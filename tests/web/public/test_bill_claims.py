"""What an edited letter says of the bill stands on its review: to fix, to confirm, or in order, in the reader's language."""

from collections.abc import Iterator

import pytest
from flask import Flask
from pydantic import SecretStr

from advocacy.app import create_app
from advocacy.campaigns.legislation import Stage
from advocacy.runtime import open_runtime
from advocacy.settings import Settings
from tests.builders import SECRET, the_campaign_at
from tests.web.public.visitor import FILLED, Visitor
from tests.web.shared_site import NOW

PASSED = {"en": "Bill C-34 has passed.", "fr": "Le projet de loi C-34 a été adopté."}
IN_COMMITTEE = {"en": "Bill C-34 is in committee.", "fr": "Le projet de loi C-34 est en comité."}
KNOWN = {
    "en": "introduced on June 10, 2026; in committee, confirmed on November 20, 2026",
    "fr": "déposé le 10 juin 2026; en comité, étape confirmée le 20 novembre 2026",
}
UNKNOWN = {
    "en": "introduced on June 10, 2026; nobody has confirmed its stage",
    "fr": "déposé le 10 juin 2026; personne n’a confirmé à quelle étape il en est",
}
BOTH = pytest.mark.parametrize("language", ["en", "fr"])


def site_at(stage: Stage, factory: pytest.TempPathFactory) -> Iterator[Flask]:
    file = factory.mktemp(stage) / "advocacy.sqlite3"
    settings = Settings(database_url=f"sqlite:///{file}", secret_key=SecretStr(SECRET))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("advocacy.runtime.shipped_letters", lambda: (the_campaign_at(stage),))
        with open_runtime(settings, now=NOW) as runtime:
            yield create_app(runtime, now=lambda: NOW)


@pytest.fixture(scope="module")
def in_committee(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    yield from site_at(Stage.COMMITTEE, tmp_path_factory)


@pytest.fixture(scope="module")
def unconfirmed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    yield from site_at(Stage.UNKNOWN, tmp_path_factory)


def reviewed(app: Flask, reader: str, added: str, **fields: str) -> Visitor:
    """Review a letter, add a paragraph to it, and check it again."""
    visitor = Visitor.of(app, language=reader).post("review", {**FILLED, **fields})
    [(name, body)] = [pair for pair in visitor.values() if pair[0].startswith("body-")]
    return visitor.press(".again button", **{name: f"{body}\n\n{added}"})


def notes(visitor: Visitor, selector: str) -> str:
    return " ".join(one.get_text(" ", strip=True) for one in visitor.page.select(selector))


@BOTH
def test_a_stage_that_is_not_so_is_to_be_fixed_with_what_is_known_and_since_when(
    in_committee: Flask, language: str
) -> None:
    visitor = reviewed(in_committee, language, PASSED[language])
    told = notes(visitor, ".notes .mend")
    assert PASSED[language].rstrip(".") in told
    assert KNOWN[language] in told
    assert visitor.page.select_one(".gobar .state.fix") is not None


@BOTH
def test_the_button_puts_in_the_stage_that_is_known(in_committee: Flask, language: str) -> None:
    visitor = reviewed(in_committee, language, PASSED[language])
    visitor.press(visitor.button(".notes .mend button"))
    assert IN_COMMITTEE[language] in visitor.sheets()[0]
    assert not visitor.page.select(".notes .mend")
    assert IN_COMMITTEE[language].rstrip(".") in notes(visitor, ".more-notes .notes")


@BOTH
def test_while_nobody_has_confirmed_the_stage_it_is_asked_to_be_confirmed(unconfirmed: Flask, language: str) -> None:
    visitor = reviewed(unconfirmed, language, PASSED[language])
    told = notes(visitor, ".r-checks > div > .notes")
    assert PASSED[language].rstrip(".") in told
    assert UNKNOWN[language] in told
    assert not visitor.page.select(".notes .mend")


@BOTH
def test_another_day_of_introduction_is_fixed_by_the_button_whatever_the_stage(
    unconfirmed: Flask, language: str
) -> None:
    wrong = {
        "en": "Bill C-34 was introduced on May 2, 2026.",
        "fr": "Le projet de loi C-34 a été déposé le 2 mai 2026.",
    }
    right = {"en": "introduced on June 10, 2026.", "fr": "déposé le 10 juin 2026."}
    visitor = reviewed(unconfirmed, language, wrong[language])
    visitor.press(visitor.button(".notes .mend button"))
    assert right[language] in visitor.sheets()[0]
    assert not visitor.page.select(".notes .mend")


def test_the_notes_are_in_the_readers_language_and_the_button_in_the_letters(in_committee: Flask) -> None:
    visitor = reviewed(in_committee, "en", PASSED["fr"], language="fr")
    told = notes(visitor, ".notes .mend")
    assert KNOWN["en"] in told
    assert IN_COMMITTEE["fr"].rstrip(".") in told


def test_the_numbers_of_a_true_day_are_not_told_as_foreign_to_the_survey(unconfirmed: Flask) -> None:
    added = "Bill C-34 was introduced on June 10, 2026."
    without, with_day = (
        notes(reviewed(unconfirmed, "en", words), ".more-notes .notes") for words in ("I ask for a law.", added)
    )
    assert "10; 2026" not in with_day.replace(without, "")
    assert added.rstrip(".") in with_day


@BOTH
def test_a_letter_that_comes_back_as_composed_is_not_doubted(in_committee: Flask, language: str) -> None:
    visitor = Visitor.of(in_committee, language=language).post("review")
    assert not visitor.page.select(".notes .mend")
    assert not visitor.page.select(".r-checks > div > .notes")
