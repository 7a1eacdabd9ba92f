"""Campaigns are read once per state of their documents, and a revision is seen by the next reader."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session, sessionmaker

from advocacy.campaigns.campaign_folder import CAMPAIGN, SAFETY, CampaignFolder
from advocacy.campaigns.library import import_folder
from advocacy.campaigns.open_campaigns import OpenCampaigns
from advocacy.language import Language
from tests.builders import the_campaign

NOW = datetime(2026, 11, 25, tzinfo=UTC)
NAME = "child-protection"


def renamed(name: str) -> CampaignFolder:
    """The shipped campaign under another English name."""
    folder = the_campaign()
    text = folder.text(CAMPAIGN).replace("Protecting children online", name)
    return CampaignFolder.of(folder.name, {**dict(folder.files), CAMPAIGN: text.encode()})


def test_a_campaign_is_given_with_its_letters_and_its_survey(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        import_folder(session, the_campaign(), now=NOW)
        (campaign,) = OpenCampaigns().all(session)

    assert campaign.name == NAME
    assert list(campaign.letters) == list(the_campaign().letters())
    assert campaign.survey == the_campaign().survey()
    assert campaign.letters["mandatory-takedown"].path == f"{NAME}/mandatory-takedown"


def test_a_campaign_is_read_once_and_again_when_it_is_revised(sessions: sessionmaker[Session]) -> None:
    opened = OpenCampaigns()
    with sessions.begin() as session:
        import_folder(session, the_campaign(), now=NOW)
        first = opened.get(session, NAME)
        assert opened.get(session, NAME) is first
        import_folder(session, renamed("Other words"), now=NOW)
        second = opened.get(session, NAME)

    assert first is not None
    assert second is not None
    assert second.file.name.in_language(Language.EN) == "Other words"
    assert second.letters["mandatory-takedown"].campaign == second.file


def test_a_form_opened_before_is_shown_todays_support_lines(sessions: sessionmaker[Session]) -> None:
    opened, folder = OpenCampaigns(), the_campaign()
    corrected = folder.text(SAFETY).replace("1-866-658-9022", "1-800-555-0199").encode()
    other_words = renamed("Other words").text(CAMPAIGN).encode()
    with sessions.begin() as session:
        import_folder(session, folder, now=NOW)
        before = opened.get(session, NAME)
        later = CampaignFolder.of(NAME, {**dict(folder.files), SAFETY: corrected, CAMPAIGN: other_words})
        import_folder(session, later, now=NOW)
        now = opened.get(session, NAME)
        assert before
        assert now
        form = opened.earlier(session, now, frozenset(before.revisions.values()), since=NOW - timedelta(hours=1))
    assert form
    assert form.file == before.file
    assert form.safety == now.safety != before.safety
