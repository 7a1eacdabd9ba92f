"""The form offers a campaign's letters in their order: some only while a stage is known, some never."""

from datetime import date

from advocacy.campaigns.campaign_files import Length
from advocacy.campaigns.legislation import Stage
from advocacy.campaigns.open_campaigns import OpenCampaign
from tests.bills import BILL
from tests.campaign_files import CAMPAIGN, LETTER, LETTER_TOML, campaign

CONFIRMED = date(2026, 11, 20)


def a_campaign(*, bill: bool = True, **heads: str) -> OpenCampaign:
    """The small campaign with a letter for each name, whose letter.toml begins with `heads`."""
    files: dict[str, bytes | str | None] = {f"{LETTER}/letter.toml": None}
    for name, head in heads.items():
        files[f"{name.replace('_', '-')}/letter.toml"] = f"{head}\n{LETTER_TOML}"
    folder = campaign(files)
    return OpenCampaign.of(folder.with_texts({"campaign.toml": CAMPAIGN + BILL}) if bill else folder)


def names(of: OpenCampaign, day: date = CONFIRMED, length: Length = Length.FULL) -> list[str]:
    return [name for name, _ in of.offered_letters(day, length)]


def test_a_letter_for_a_known_stage_is_offered_while_it_is_known() -> None:
    of = a_campaign(always="", known='offer = "stage-known"')
    assert names(of, date(2027, 1, 4)) == ["always", "known"]  # the 45th day
    assert names(of, date(2027, 1, 5)) == ["always"]
    assert names(a_campaign(bill=False, always="", known='offer = "stage-known"')) == ["always"]


def test_a_letter_that_is_never_offered_is_still_the_campaigns() -> None:
    of = a_campaign(always="", later='offer = "never"')
    assert names(of) == ["always"]
    assert set(of.letters) == {"always", "later"}


def test_an_unconfirmed_stage_is_not_a_known_one() -> None:
    file = a_campaign(always="").file
    assert file.bill is not None
    assert file.bill.stage_on(CONFIRMED) is Stage.COMMITTEE
