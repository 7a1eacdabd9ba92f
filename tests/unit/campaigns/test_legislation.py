"""A bill's stage is named while somebody has confirmed it in the last 45 days; acts cover each recipient and stage."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocacy.campaigns.campaign_files import CampaignFile
from advocacy.campaigns.legislation import STAGE_DAYS, Bill, Stage
from advocacy.language import Language, Wording
from advocacy.toml_source import TomlProblems
from tests.bills import BILL, with_bill
from tests.builders import the_campaign

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


@pytest.mark.parametrize("number", ["", "C34", "C-", "C-034", "Bill C-34", "C-34 ", "c-34"])
def test_what_is_no_number_is_refused(number: str) -> None:
    with pytest.raises(ValueError, match="number"):
        a_bill(number=number)


def campaign_file(bills: str) -> CampaignFile:
    return with_bill(bill=bills).campaign()


def test_letters_speak_of_the_first_bill() -> None:
    read_file = campaign_file(BILL + BILL.replace("C-12", "C-13"))
    assert [bill.number for bill in read_file.bills] == ["C-12", "C-13"]
    assert read_file.bill is read_file.bills[0]
    assert campaign_file("").bill is None


def test_a_stage_is_not_confirmed_before_the_bill_is_introduced() -> None:
    with pytest.raises(TomlProblems, match="on February 3, 2026"):
        campaign_file(BILL.replace("confirmed = 2026-11-20", "confirmed = 2026-02-02"))


def test_the_shipped_bill_names_no_stage_until_somebody_confirms_it() -> None:
    bill = the_campaign().campaign().bill
    assert bill is not None
    assert (bill.number, bill.introduced, bill.confirmed) == ("C-34", INTRODUCED, None)
    assert bill.source
    assert Language.FR not in bill.title
