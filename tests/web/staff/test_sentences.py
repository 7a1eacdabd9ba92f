"""Staff write the sentences that all letters share: in several wordings, in both languages, for some readers."""

import tomllib
from typing import Any

import pytest
from bs4 import BeautifulSoup

from advocacy.campaigns.library import newest_folder
from advocacy.language import Language
from advocacy.runtime import Runtime
from advocacy.staff.models import Role
from tests.web.staff.browser import Browser
from tests.web.staff.conftest import NewBrowser
from tests.web.staff.test_new_campaign import fields

NAME = "child-protection"
PATH = f"/staff/campaigns/{NAME}/settings/sentences"
FIRST = "why_you-0-wordings-{}"
WORDS = {
    FIRST.format("en"): "I live in [riding].\r\n \r\nMy home is in [riding].",
    FIRST.format("fr"): "J’habite [circonscription].\r\nJe vis dans [circonscription].",
}


@pytest.fixture
def writer(browser: NewBrowser) -> Browser:
    return browser(Role.WRITER)


def saved(runtime: Runtime) -> dict[str, Any]:
    with runtime.sessions() as session:
        content = newest_folder(session, NAME).content("sentences.toml")
    return tomllib.loads((content or b"").decode())


def test_the_page_saves_what_it_shows_and_shows_no_braces(browser: NewBrowser, runtime: Runtime) -> None:
    writer, before = browser(Role.WRITER, language=Language.FR), saved(runtime)
    posted = fields(writer, PATH)
    assert writer.post(PATH, posted).status_code == 303
    assert saved(runtime) == before
    assert "{{" not in writer.page(PATH).get_text()
    assert "[circonscription]" in posted[FIRST.format("fr")]


def test_the_wordings_of_a_sentence_are_its_lines_and_the_other_sentences_stay(
    writer: Browser, runtime: Runtime
) -> None:
    before = saved(runtime)
    assert writer.post(PATH, {**fields(writer, PATH), **WORDS}).status_code == 303
    after = saved(runtime)
    assert after["why_you"][0] == {
        "only_for": before["why_you"][0]["only_for"],
        "wording": [
            {"en": "I live in {{ riding }}.", "fr": "J’habite {{ riding }}."},
            {"en": "My home is in {{ riding }}.", "fr": "Je vis dans {{ riding }}."},
        ],
    }
    assert after["why_you"][1:] == before["why_you"][1:]
    assert {name: after[name] for name in before if name != "why_you"} == {
        name: before[name] for name in before if name != "why_you"
    }


REFUSED: tuple[tuple[dict[str, str], str], ...] = (
    ({FIRST.format("fr"): ""}, "Fill in this field."),
    ({FIRST.format("fr"): "Une seule."}, "Write as many lines in one language as in the other."),
    ({FIRST.format("en"): "I live in [ridding].\nI do."}, "There is nothing called “ridding”."),
    ({FIRST.format("en"): "One.\n" * 13, FIRST.format("fr"): "Une.\n" * 13}, "Write at most 12 lines."),
    ({FIRST.format("en"): "{{ reason }}\nTwo."}, "“reason” is not something this text can fill in."),
    ({"why_you-0-roles": "emperor"}, ""),
)


def test_what_no_letter_could_say_is_refused_and_kept(writer: Browser, runtime: Runtime) -> None:
    before, form = saved(runtime), fields(writer, PATH)
    for changes, says in REFUSED:
        answer = writer.post(PATH, {**form, **WORDS, **changes})
        assert (answer.status_code, says in answer.text) == (422, True), changes
    assert saved(runtime) == before


def test_what_a_colleague_saved_is_shown_before_it_is_saved_over(browser: NewBrowser, runtime: Runtime) -> None:
    mine, theirs = browser(Role.WRITER, who="one"), browser(Role.WRITER, who="two")
    form, other = fields(mine, PATH), fields(theirs, PATH)
    reply = {
        "reply-0-wordings-en": "Please write to me in [riding].",
        "reply-0-wordings-fr": "Veuillez m’écrire dans [circonscription].",
    }
    assert theirs.post(PATH, {**other, **reply}).status_code == 303
    answer = mine.post(PATH, {**form, **WORDS})
    assert answer.status_code == 409
    words = BeautifulSoup(answer.data, "lxml").select_one("main").get_text()  # type: ignore[union-attr]
    assert "Please write to me in" in words
    assert "{{" not in words
    assert "{{" not in words
    with runtime.sessions() as session:
        newest = newest_folder(session, NAME)
    assert "Please write to me" in newest.text("sentences.toml")
    assert 'My home is in {{ riding }}."' not in newest.text("sentences.toml")
