"""Whom a campaign suggests to write to afterwards is looked up in the directory, and each is suggested once."""

from collections.abc import Iterable

import pytest

from advocacy.campaigns.campaign_folder import CampaignFolder
from advocacy.campaigns.checks.campaign_check import check_folder
from advocacy.language import Wording
from advocacy.legislators.directory_snapshot import DirectorySnapshot
from advocacy.legislators.legislatures import COMMONS, SENATE
from advocacy.legislators.models import Legislator, Status
from advocacy.legislators.recipient import Office
from advocacy.letters.receipts import also_write_to
from tests.campaign_files import CAMPAIGN, campaign

REASON = 'reason = { en = "They decide.", fr = "La décision leur revient." }\nsource = "A law."\n'
ALL = CAMPAIGN.replace('["house-of-commons"]', '["house-of-commons", "senate", "ministers"]')


def person(id: str, **different: object) -> Legislator:  # noqa: A002 - the column's name
    return Legislator(
        id=id, first_name="A.", last_name=id, name=f"A. {id}", responsible_for="", status=Status.SITTING, **different
    )


def minister(id: str, title: str, *, bills: str = "") -> Legislator:  # noqa: A002 - the column's name
    found = person(id, chamber=COMMONS, office=Office.MINISTER, title=Wording.same(title))
    found.responsible_for = bills
    return found


HEALTH = minister("health", "Minister of Health")
JUSTICE = minister("justice", "Minister of Justice and Attorney General of Canada", bills="C-9 C-12")
SENATORS = [
    person(f"senator-{one}", chamber=SENATE, office=Office.SENATOR, province=one[:2]) for one in ("ON1", "ON2", "QC1")
]
DIRECTORY = DirectorySnapshot([HEALTH, JUSTICE, *SENATORS])


def suggesting(*entries: str, text: str = ALL) -> CampaignFolder:
    return campaign({"campaign.toml": text + "".join(f"\n[[also]]\n{entry}\n{REASON}" for entry in entries)})


def suggested(*entries: str, province: str = "", written: Iterable[str] = ()) -> list[list[str]]:
    found = also_write_to(suggesting(*entries).campaign(), DIRECTORY, province=province, written=frozenset(written))
    return [[row.id for row in one.people] for one in found]


def test_a_minister_is_found_by_portfolio_and_by_bill_and_anyone_by_id() -> None:
    assert suggested('minister = "Minister of Health"') == [["health"]]
    assert suggested('minister = "Minister of Justice"') == [["justice"]]
    assert suggested('minister = "Attorney General"') == [["justice"]]
    assert suggested('legislator = "senator-QC1"') == [["senator-QC1"]]
    (one,) = also_write_to(the_bill().campaign(), DIRECTORY)
    assert [row.id for row in one.people] == ["justice"]
    assert one.reason == Wording.of(en="They decide.", fr="La décision leur revient.")
    assert one.source == "A law."


def the_bill() -> CampaignFolder:
    bill = """
[[bill]]
number = "C-12"
introduced = 2026-06-10
stage = "unknown"
covers = { en = "Libraries would open.", fr = "Les bibliothèques ouvriraient." }
source = "LEGISinfo"
"""
    return suggesting('bill = "C-12"', text=ALL + bill)


def test_a_part_of_a_portfolio_s_word_is_no_portfolio() -> None:
    assert suggested('minister = "Minister of Heal"') == []


def test_senators_need_a_province() -> None:
    assert suggested("senators_of_province = true") == []
    assert suggested("senators_of_province = true", province="ON") == [["senator-ON1", "senator-ON2"]]


def test_nobody_is_suggested_twice_or_after_a_letter_to_them() -> None:
    entries = ('minister = "Minister of Health"', 'legislator = "health"', "senators_of_province = true")
    assert suggested(*entries, province="ON", written=["senator-ON1"]) == [["health"], ["senator-ON2"]]
    assert suggested(*entries, written=["health"]) == []


def test_whoever_is_unknown_today_is_left_out() -> None:
    assert suggested('legislator = "gone"', 'minister = "Minister of Fisheries"') == []


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ("", "Choose one: a minister, a bill, a legislator"),
        ('minister = "Minister of Health"\nbill = "C-12"', "Choose one: a minister, a bill, a legislator"),
        ('bill = "C-12"', "“C-12” is not a bill of this campaign."),
        ('whom = "everyone"', "“whom” is not known here."),
    ],
)
def test_what_is_wrong_with_an_entry_is_told_at_its_place(entry: str, sentence: str) -> None:
    problems = [str(one) for one in check_folder(suggesting(entry))]
    assert any(sentence in one and one.startswith("open-libraries/campaign.toml:") for one in problems), problems


def test_a_campaign_suggests_only_chambers_that_it_writes_to() -> None:
    problems = [str(one) for one in check_folder(suggesting('minister = "Minister of Health"', text=CAMPAIGN))]
    assert any("Add one to its audience." in one for one in problems), problems


def test_an_id_of_a_chamber_that_the_campaign_does_not_write_to_is_left_out() -> None:
    folder = suggesting('legislator = "senator-QC1"', text=CAMPAIGN)
    assert also_write_to(folder.campaign(), DIRECTORY) == []
