"""A survey goes from its file into its form and back unchanged."""

import copy

import pytest

from advocacy.campaigns.survey_edits import Data, add_keys, file_values, form_data, letters_citing
from advocacy.campaigns.toml_text import format_toml
from advocacy.findings import read_survey
from advocacy.language import Language
from tests.builders import the_campaign

FOLDER = the_campaign()
BOTH = {"en": "New", "fr": "Nouveau"}


@pytest.fixture
def data() -> Data:
    return form_data(FOLDER.survey(), Language.EN)


def new_answer(share: str = "1") -> Data:
    statement = {"text": dict(BOTH), "translated": ""}
    nothing = {"en": "", "fr": ""}
    texts = {"label": nothing, "summary": nothing, "highlight": {"text": nothing, "translated": ""}}
    return {"key": "", "share": share, "count": "", "wording": statement, **texts}


@pytest.mark.parametrize("language", list(Language))
def test_a_survey_goes_into_its_form_and_back(language: Language) -> None:
    values = file_values(form_data(FOLDER.survey(), language))
    assert read_survey(format_toml(values), file="") == FOLDER.survey()


def test_new_rows_have_keys_made_of_their_english_words_that_no_other_has(data: Data) -> None:
    questions = data["surveys"][0]["questions"]
    before = copy.deepcopy(data)
    questions[0]["answers"] += [new_answer(), new_answer()]
    add_keys(data)
    assert [one["key"] for one in questions[0]["answers"][-2:]] == ["sanction_new", "sanction_new_2"]
    questions[0]["answers"][0]["wording"]["text"]["en"] = "Renamed"
    add_keys(data)
    assert questions[0]["answers"][0]["key"] == before["surveys"][0]["questions"][0]["answers"][0]["key"]


def test_letters_that_cite_a_figure_are_named() -> None:
    found = letters_citing(FOLDER, {"removal_required", "none_of_these"})
    assert set(found) == {"removal_required"}
    assert FOLDER.letter("takedown-and-standards").title in found["removal_required"]
