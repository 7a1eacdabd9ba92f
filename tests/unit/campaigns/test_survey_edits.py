"""A survey goes from its file into its form and back unchanged; two edits of it are put together."""

import copy

import pytest

from advocacy.campaigns.survey_edits import Data, add_keys, file_values, form_data, letters_citing, merge_surveys
from advocacy.campaigns.toml_documents import replace_values
from advocacy.findings import NO_SURVEY, read_survey
from advocacy.language import Language
from tests.builders import the_campaign

FOLDER = the_campaign()
FILE = FOLDER.content("findings.toml") or b""
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
    assert replace_values(FILE, values) == FILE
    assert read_survey(replace_values(b"", values).decode(), file="") == FOLDER.survey()


def test_no_survey_is_an_empty_file() -> None:
    assert form_data(NO_SURVEY, Language.EN) == {"surveys": []}
    assert file_values({"surveys": []}) == {}


def test_new_rows_have_keys_made_of_their_english_words_that_no_other_has(data: Data) -> None:
    questions = data["surveys"][0]["questions"]
    before = copy.deepcopy(data)
    questions[0]["answers"] += [new_answer(), new_answer()]
    add_keys(data)
    assert [one["key"] for one in questions[0]["answers"][-2:]] == ["sanction_new", "sanction_new_2"]
    questions[0]["answers"][0]["wording"]["text"]["en"] = "Renamed"
    add_keys(data)
    assert questions[0]["answers"][0]["key"] == before["surveys"][0]["questions"][0]["answers"][0]["key"]


def test_edits_of_different_things_are_put_together(data: Data) -> None:
    base, theirs = copy.deepcopy(data), copy.deepcopy(data)
    mine = data["surveys"][0]
    mine["months"] = "19"
    mine["questions"].append(mine["questions"].pop(0))
    other = theirs["surveys"][0]
    other["questions"][0]["answers"][0]["share"] = "3"
    other["questions"][1]["answers"].append({**new_answer(), "key": "theirs"})
    other["quotes"].pop(0)
    both, conflicts = merge_surveys(base, data, theirs)
    [poll] = both["surveys"]
    assert not conflicts
    assert poll["months"] == "19"
    assert [one["key"] for one in poll["questions"]] == ["role", "removal", "reaction", "sanction"]
    assert poll["questions"][-1]["answers"][0]["share"] == "3"
    assert poll["questions"][0]["answers"][-1]["key"] == "theirs"
    assert len(poll["quotes"]) == 1


def test_what_both_changed_stays_mine_and_is_reported_at_its_place(data: Data) -> None:
    base, theirs = copy.deepcopy(data), copy.deepcopy(data)
    data["surveys"][0]["questions"][2]["answers"][1]["share"] = "94"
    theirs["surveys"][0]["questions"][2]["answers"][1]["share"] = "96"
    theirs["surveys"][0]["questions"].pop(0)
    both, conflicts = merge_surveys(base, data, theirs)
    assert both["surveys"][0]["questions"][1]["answers"][1]["share"] == "94"
    [(place, conflict)] = conflicts.items()
    assert place == ("surveys", "0", "questions", "1", "answers", "1", "share")
    assert conflict.theirs == "96"


def test_what_one_removed_stays_where_the_other_changed_it(data: Data) -> None:
    base, theirs = copy.deepcopy(data), copy.deepcopy(data)
    data["surveys"][0]["questions"].pop(0)
    theirs["surveys"][0]["questions"][0]["answers"][0]["share"] = "3"
    both, _ = merge_surveys(base, data, theirs)
    assert both["surveys"][0]["questions"][0]["key"] == "sanction"


def test_letters_that_cite_a_figure_are_named() -> None:
    found = letters_citing(FOLDER, {"removal_required", "none_of_these"})
    assert set(found) == {"removal_required"}
    assert FOLDER.letter("takedown-and-standards").title in found["removal_required"]
