"""Staff write the sentences that citizens check, each wording in both languages, and let a letter offer them."""

import tomllib

import pytest
from bs4 import BeautifulSoup

from advocacy.campaigns.library import import_folder, newest_folder
from advocacy.campaigns.skeletons import presets
from advocacy.database import immediate
from advocacy.language import Language
from advocacy.runtime import Runtime
from advocacy.staff.models import Role
from tests.web.shared_site import NOW
from tests.web.staff.browser import Browser
from tests.web.staff.conftest import NewBrowser
from tests.web.staff.test_new_campaign import fields

NAME = "clean-air-in-schools"
PATH = f"/staff/campaigns/{NAME}/settings/statements"
WORDING = "lists-0-statements-0-wording-{}-{}"


@pytest.fixture
def writer(browser: NewBrowser, runtime: Runtime) -> Browser:
    with immediate(runtime.sessions) as session:
        import_folder(session, presets()[NAME], now=NOW)
    return browser(Role.WRITER)


def saved(runtime: Runtime) -> dict[str, object]:
    with runtime.sessions() as session:
        content = newest_folder(session, NAME).content("campaign.toml")
    return tomllib.loads((content or b"").decode())


def test_the_page_saves_what_it_shows_without_changing_a_byte(writer: Browser, runtime: Runtime) -> None:
    posted = fields(writer, PATH)
    assert len([name for name in posted if "-wording-" in name]) == 4 * 4 * len(Language)
    assert writer.post(PATH, posted).status_code == 303
    with runtime.sessions() as session:
        assert newest_folder(session, NAME).files == presets()[NAME].files


def test_a_wording_is_changed_and_another_added_in_both_languages(writer: Browser, runtime: Runtime) -> None:
    before = fields(writer, PATH)
    more = {
        WORDING.format(4, "en"): "Stale air tires our class.",
        WORDING.format(4, "fr"): "L’air vicié fatigue la classe.",
    }
    changed = {WORDING.format(0, "en"): "A room that I know is stuffy by noon."}
    assert writer.post(PATH, {**before, **changed, **more}).status_code == 303
    statement = saved(runtime)["statements"]["reasons"][0]  # type: ignore[index]
    assert [one["en"] for one in statement["wording"]][::4] == [
        "A room that I know is stuffy by noon.",
        "Stale air tires our class.",
    ]
    assert statement["wording"][4]["fr"] == "L’air vicié fatigue la classe."


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({WORDING.format(1, "fr"): ""}, "Fill in this field."),
        ({"lists-0-statements-0-label-en": "Stale air; dust"}, "Write it without “;”."),
        ({"lists-0-key": "others"}, "The list “reasons” is used by: Ventilation, A short letter."),
        ({WORDING.format(0, "en"): "x" * 241}, "Field cannot be longer than 240 characters."),
    ],
)
def test_what_no_form_could_show_is_refused(writer: Browser, changes: dict[str, str], says: str) -> None:
    answer = writer.post(PATH, {**fields(writer, PATH), **changes})
    assert (answer.status_code, says in answer.text) == (422, True)


def test_a_new_sentence_shows_the_wordings_that_it_needs(writer: Browser) -> None:
    answer = writer.post(PATH, {**fields(writer, PATH), "row": "lists-0-statements:add"})
    assert answer.status_code == 200
    assert all(f'name="lists-0-statements-4-wording-{number}-fr"' in answer.text for number in range(4))
    assert 'name="lists-0-statements-4-wording-4-fr"' not in answer.text


@pytest.mark.parametrize(
    ("changes", "opened"),
    [
        ({"lists-0-statements-1-wording-1-fr": ""}, [1]),
        ({"row": "lists-0-statements-2-wording:add"}, [2]),
        ({"row": "lists-0-statements-2-wording-0:remove"}, [2]),
        ({"row": "lists-0-statements:add"}, [4]),
    ],
)
def test_wordings_are_open_only_where_something_is_to_be_done(
    writer: Browser, changes: dict[str, str], opened: list[int]
) -> None:
    def open_folds(page: BeautifulSoup) -> list[int]:
        folds = page.select("details:has([id$=-wording])")
        return [number for number, fold in enumerate(folds) if fold.has_attr("open")]

    assert open_folds(writer.page(PATH)) == []
    answer = writer.post(PATH, {**fields(writer, PATH), **changes})
    assert open_folds(BeautifulSoup(answer.data, "lxml")) == opened


def test_a_letter_offers_a_list_of_sentences(writer: Browser) -> None:
    path = f"/staff/campaigns/{NAME}/letters/ventilation/fields"
    posted = _question_fields(writer, path)
    assert (posted["questions-2-kind"], posted["questions-2-statements"]) == ("statements", "reasons")
    assert posted["questions-2-max_ticks"] == "3"
    assert writer.post(path, {**posted, "questions-2-max_ticks": "2"}).status_code == 303
    again = _question_fields(writer, path)
    assert (again["questions-2-statements"], again["questions-2-max_ticks"]) == ("reasons", "2")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"questions-2-statements": ""}, "Choose one of the campaign’s lists of sentences."),
        ({"questions-2-required": "y"}, "Nobody has to check a sentence."),
        ({"questions-2-max_ticks": "6"}, "Write a whole number from 1 to 5."),
    ],
)
def test_a_letter_that_could_not_offer_them_is_refused(writer: Browser, changes: dict[str, str], says: str) -> None:
    path = f"/staff/campaigns/{NAME}/letters/ventilation/fields"
    answer = writer.post(path, {**_question_fields(writer, path), **changes})
    assert (answer.status_code, says in answer.text) == (422, True)


def _question_fields(writer: Browser, path: str) -> dict[str, str]:
    """What the form of a letter's settings holds, as a browser would post it."""
    found = {}
    for one in writer.page(path).select("#settings :is(input, textarea, select)[name]"):
        if one.get("type") == "checkbox" and not one.has_attr("checked"):
            continue
        if one.name == "textarea":
            found[str(one["name"])] = one.text.removeprefix("\n")
        elif one.name == "select":
            chosen = one.select_one("option[selected]") or one.select_one("option")
            found[str(one["name"])] = str(chosen["value"]) if chosen else ""
        else:
            found[str(one["name"])] = str(one.get("value", "y"))
    return found
