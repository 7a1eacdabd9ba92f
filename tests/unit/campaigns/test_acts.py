"""Each recipient is asked one act at each stage of the bill; none is forgotten and none is asked twice."""

from itertools import product

import pytest

from advocacy.campaigns.campaign_files import ActKey
from advocacy.campaigns.checks.campaign_check import check_folder
from advocacy.campaigns.legislation import WORDINGS, Role, Stage
from advocacy.language import Language
from advocacy.toml_source import TomlProblems
from tests.bills import an_act, with_bill
from tests.builders import a_template
from tests.campaign_files import LETTER, campaign


def problems(text: str) -> list[str]:
    return [problem.sentence for problem in check_folder(campaign({"campaign.toml": text}))]


def test_acts_that_cover_every_recipient_and_stage_are_in_order() -> None:
    others = tuple(role for role in Role if role is not Role.SENATOR)
    assert problems(with_bill(an_act())) == []
    assert problems(with_bill(an_act(to=others), an_act(to=("senator",)))) == []
    assert problems(with_bill()) == []


def test_a_recipient_and_a_stage_without_an_act_are_told() -> None:
    others = tuple(role for role in Role if role is not Role.SENATOR)
    some = an_act(to=("senator",), stages=("passed", "died"))
    (sentence,) = problems(with_bill(an_act(to=others), some))
    assert sentence.startswith("no act is for “senator” at the stages introduced, committee, ")
    assert "passed" not in sentence


def test_two_acts_for_one_recipient_and_stage_are_told() -> None:
    found = problems(with_bill(an_act(), an_act(to=("senator",), stages=("passed",))))
    assert found == ["two acts are for “senator” at the stage “passed”; keep one of them"]


def test_an_act_may_name_the_bill_and_ask_for_an_answer_only_where_one_can_come() -> None:
    asking = "Ask about {{ bill.number }}{% if citizen.is_reachable %}, and answer{% endif %}:"
    text = with_bill(an_act(en=asking, fr=asking))
    acts = campaign({"campaign.toml": text}).template(LETTER).acts[Language.EN]
    assert acts[ActKey(Role.SENATOR, Stage.PASSED, True)]["act.second"] == "Ask about C-12, and answer: two."
    assert acts[ActKey(Role.SENATOR, Stage.PASSED, False)]["act.second"] == "Ask about C-12: two."


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Ask {{ citizen.name }}", "“citizen.name” is not a name a letter can print"),
        ("{% if bill.stage == 'passed' %}x{% endif %} Ask", "“bill.stage” is not a name a letter can ask for"),
        ("# Ask", "this text takes no “# ” heading"),
    ],
)
def test_an_act_is_held_to_the_language_of_letters(words: str, told: str) -> None:
    text = with_bill(an_act(en=words, fr="Acte"))
    with pytest.raises(TomlProblems) as found:
        campaign({"campaign.toml": text}).template(LETTER)
    problem = found.value.problems[0]
    assert told in problem.sentence
    assert text.split("\n")[problem.line - 1].startswith("first = ")


def test_the_shipped_acts_say_something_else_in_each_wording() -> None:
    template = a_template()
    for language, role, stage in product(Language, Role, Stage):
        for is_reachable in (False, True):
            texts = template.acts[language][ActKey(role, stage, is_reachable)]
            assert len({texts[f"act.{name}"] for name in WORDINGS}) == len(WORDINGS)


def test_the_shipped_acts_ask_for_no_answer_that_could_not_come() -> None:
    template = a_template()
    asks = {
        Language.EN: ("send me", "let me know", "write to me", "pass on to me", "on to me"),
        Language.FR: ("me transmett", "me dire", "m’écrire", "me faire suivre"),
    }
    for language, acts in template.acts.items():
        for key, texts in acts.items():
            if not key.is_reachable:
                assert [text for text in texts.values() if any(words in text for words in asks[language])] == []
