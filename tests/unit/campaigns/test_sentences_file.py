"""A campaign's shared sentences: each reader has an act at each stage, and their blanks can be filled."""

import pytest

from advocacy.campaigns.checks.campaign_check import check_folder
from advocacy.campaigns.legislation import Role, Stage
from advocacy.campaigns.only_for import Reader
from advocacy.language import Language
from tests.bills import an_act, with_bill
from tests.builders import a_template, the_campaign
from tests.campaign_files import LETTER

OTHERS = tuple(role for role in Role if role is not Role.SENATOR)


def test_acts_that_cover_every_reader_and_stage_are_in_order() -> None:
    assert check_folder(with_bill(an_act())) == []
    assert check_folder(with_bill(an_act(roles=OTHERS), an_act(roles=("senator",)))) == []
    assert check_folder(with_bill()) == []


def test_a_reader_and_a_stage_without_an_act_are_reported() -> None:
    folder = with_bill(an_act(roles=OTHERS), an_act(roles=("senator",), stages=("passed", "died")))
    [problem] = check_folder(folder)
    assert problem.sentence.startswith("Nothing is asked of a senator at these stages: introduced, in committee, ")
    assert "passed" not in problem.sentence


def test_a_letter_s_own_act_comes_before_the_campaign_s() -> None:
    folder = with_bill(an_act())
    name = f"{LETTER}/letter.toml"
    own = folder.text(name).replace(
        "[[section]]", f"{an_act(roles=('minister',), en='Own', fr='Propre')}\n[[section]]", 1
    )
    template = folder.with_texts({name: own}).template(LETTER)
    acts = {role: template.shared_for(Reader(role, Stage.UNKNOWN), Language.EN)["act"] for role in Role}
    assert acts[Role.MINISTER].wordings[0] == "Own one."
    assert acts[Role.SENATOR].wordings[0] == "Act one."


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("Ask {{ citizen.name }}", "“citizen.name” is not something this text can fill in."),
        ("{% if x -%} Ask", "“{% if x -%}” cannot be filled in."),
        ("Ask Bill C-12 about it", "The bill “C-12” is typed by hand."),
        ("Ask when the bill is in committee", "The stage “in committee” may have passed."),
    ],
)
def test_what_no_act_can_say_is_reported_where_it_stands(words: str, sentence: str) -> None:
    found = [problem for problem in check_folder(with_bill(an_act(en=words))) if problem.place.path[-1] == "en"]
    assert {problem.place.path[:2] for problem in found} == {("act", 0)}
    assert all(problem.sentence.startswith(sentence) for problem in found)


def test_a_stage_may_be_named_in_an_act_for_that_stage() -> None:
    committee = an_act(stages=("committee",), en="Now in committee:", fr="En comité :".replace(" :", "\u00a0:"))
    assert check_folder(with_bill(committee, an_act())) == []


def test_the_shipped_acts_are_asked_in_different_words() -> None:
    template = a_template()
    for language in Language:
        for role in Role:
            for stage in Stage:
                act = template.shared_for(Reader(role, stage), language)["act"]
                assert len({*act.wordings}) == len(act.wordings) >= (6 if role is Role.OWN_MEMBER else 3)


def test_the_shipped_sentences_say_why_to_every_reader() -> None:
    given = frozenset({"riding", "email"})
    for letter in the_campaign().letters():
        template = the_campaign().template(letter)
        for role in Role:
            shared = template.shared_for(Reader(role, Stage.UNKNOWN, given=given), Language.FR)
            assert {*template.shared[Language.FR]} == {*shared}
