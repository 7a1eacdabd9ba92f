"""A bill's stage is named while somebody has confirmed it in the last 45 days; acts cover each recipient and stage."""

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocacy.campaigns.campaign_files import CampaignFile, check_campaign
from advocacy.campaigns.checks.campaign_check import check_folder
from advocacy.campaigns.legislation import STAGE_DAYS, WORDINGS, Bill, Role, Stage
from advocacy.campaigns.letter_template import ActKey
from advocacy.language import Language, Wording
from advocacy.toml_source import TomlProblems, read_toml
from tests.bills import BILL, an_act, with_bill
from tests.builders import a_template, the_campaign
from tests.campaign_files import LETTER, campaign


def problems(text: str) -> list[str]:
    return [problem.sentence for problem in check_folder(campaign({"campaign.toml": text}))]


def test_acts_that_cover_every_recipient_and_stage_are_in_order() -> None:
    others = tuple(role for role in Role if role is not Role.SENATOR)
    assert problems(with_bill(an_act())) == []
    assert problems(with_bill(an_act(to=others), an_act(to=("senator",)))) == []
    assert problems(with_bill()) == []


def test_a_recipient_and_a_stage_without_an_act_are_reported() -> None:
    others = tuple(role for role in Role if role is not Role.SENATOR)
    some = an_act(to=("senator",), stages=("passed", "died"))
    (sentence,) = problems(with_bill(an_act(to=others), some))
    assert sentence.startswith("no act is for “senator” at the stages introduced, committee, ")
    assert "passed" not in sentence


def test_two_acts_for_one_recipient_and_stage_are_reported() -> None:
    found = problems(with_bill(an_act(), an_act(to=("senator",), stages=("passed",))))
    assert found == ["two acts are for “senator” at the stage “passed”; keep one of them"]


def test_an_act_may_name_the_bill_and_ask_for_an_answer_only_where_one_can_come() -> None:
    asking = "Ask about {{ bill.number }}{% if citizen.is_reachable %}, and answer{% endif %}:"
    text = with_bill(an_act(en=asking, fr=asking))
    acts = campaign({"campaign.toml": text}).template(LETTER).acts[Language.EN]
    assert acts[ActKey(Role.SENATOR, Stage.PASSED, True)]["act.second"] == "Ask about C-12, and answer: two."
    assert acts[ActKey(Role.SENATOR, Stage.PASSED, False)]["act.second"] == "Ask about C-12: two."


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("Ask {{ citizen.name }}", "“citizen.name” is not a name a letter can print"),
        ("{% if bill.stage == 'passed' %}x{% endif %} Ask", "“bill.stage” is not a name a letter can ask for"),
        ("# Ask", "this text takes no “# ” heading"),
    ],
)
def test_an_act_is_written_in_the_language_of_letters(words: str, sentence: str) -> None:
    text = with_bill(an_act(en=words, fr="Acte"))
    with pytest.raises(TomlProblems) as found:
        campaign({"campaign.toml": text}).template(LETTER)
    problem = found.value.problems[0]
    assert sentence in problem.sentence
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


INTRODUCED = date(2026, 6, 10)
CONFIRMED = date(2026, 10, 1)


def a_bill(**different: object) -> Bill:
    facts: dict[str, object] = {
        "number": "C-34",
        "introduced": INTRODUCED,
        "stage": "committee",
        "confirmed": CONFIRMED,
        "covers": Wording.same("x"),
        "source": "somewhere",
    }
    return Bill.model_validate(facts | different)


@given(st.integers(min_value=0, max_value=400), st.sampled_from(Stage))
def test_a_stage_counts_for_45_days_after_its_confirmation(days: int, stage: Stage) -> None:
    bill = a_bill(stage=stage)
    assert bill.stage_on(CONFIRMED + timedelta(days=days)) is (stage if days <= STAGE_DAYS else Stage.UNKNOWN)


def test_the_45th_day_is_the_last() -> None:
    assert a_bill().stage_on(CONFIRMED + timedelta(days=44)) is Stage.COMMITTEE
    assert a_bill().stage_on(CONFIRMED + timedelta(days=45)) is Stage.COMMITTEE
    assert a_bill().stage_on(CONFIRMED + timedelta(days=46)) is Stage.UNKNOWN


def test_a_stage_that_nobody_confirmed_is_unknown() -> None:
    bill = a_bill(confirmed=None)
    assert bill.stage_on(INTRODUCED) is Stage.UNKNOWN
    assert bill.confirmed_days(INTRODUCED) is None


def test_letters_are_given_the_number_the_title_and_the_day_in_their_language() -> None:
    bill = a_bill(title={"en": "Safe Social Media Act", "fr": " "})
    assert bill.names(Language.EN) == {
        "bill.number": "C-34",
        "bill.title": "Safe Social Media Act",
        "bill.introduced": "June 10, 2026",
    }
    assert bill.names(Language.FR)["bill.title"] == ""
    assert bill.names(Language.FR)["bill.introduced"] == "10 juin 2026"


@pytest.mark.parametrize("number", ["C-34", "S-2", "62", "C-1234"])
def test_numbers_of_legislatures_are_taken(number: str) -> None:
    assert a_bill(number=number).number == number


@pytest.mark.parametrize("number", ["", "C34", "C-", "C-034", "Bill C-34", "C-34 ", "c-34"])
def test_what_is_no_number_is_refused(number: str) -> None:
    with pytest.raises(ValueError, match="number"):
        a_bill(number=number)


def campaign_file(text: str) -> CampaignFile:
    return read_toml(text, CampaignFile, file="campaign.toml", also=check_campaign)


def test_letters_speak_of_the_first_bill() -> None:
    other = BILL.replace("C-12", "C-13")
    read_file = campaign_file(with_bill(other))
    assert [bill.number for bill in read_file.bills] == ["C-12", "C-13"]
    assert read_file.bill is read_file.bills[0]
    assert campaign_file(with_bill(bill="")).bill is None


def test_a_bill_is_listed_once() -> None:
    with pytest.raises(TomlProblems, match="“C-12” is listed twice"):
        campaign_file(with_bill(BILL))


def test_a_stage_is_not_confirmed_before_the_bill_is_introduced() -> None:
    with pytest.raises(TomlProblems, match="confirmed before the bill was introduced on February 3, 2026"):
        campaign_file(with_bill(bill=BILL.replace("confirmed = 2026-11-20", "confirmed = 2026-02-02")))


def test_the_shipped_bill_names_no_stage_until_somebody_confirms_it() -> None:
    bill = the_campaign().campaign().bill
    assert bill is not None
    assert (bill.number, bill.introduced, bill.confirmed) == ("C-34", INTRODUCED, None)
    assert bill.source
    assert Language.FR not in bill.title
