"""A campaign's page names offices and the share they answer where staff chose so, and where there is enough."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from advocacy.campaigns.campaign_folder import CampaignFolder
from advocacy.campaigns.library import import_folder
from advocacy.language import Language
from advocacy.legislators.legislatures import COMMONS
from advocacy.legislators.models import Legislator, Riding, Status
from advocacy.letters import answer_counts
from advocacy.letters.models import AnswerKind, AnswerTally
from advocacy.runtime import Runtime
from tests.builders import the_campaign
from tests.web.public.visitor import CAMPAIGN
from tests.web.shared_site import NOW, SharedSite

PAGE = f"/en/{CAMPAIGN}/"
DAY = timedelta(days=1)


@pytest.fixture
def runtime(shared_site: SharedSite) -> Runtime:
    """The parts of a site that is put back for each test."""
    return shared_site.runtime


@pytest.fixture
def answered(runtime: Runtime) -> Callable[[int, int], str]:
    """Let one office have been told of so many letters, and answered so many; return how it is named."""

    def tell(told: int, answered: int, *, now: timedelta = timedelta()) -> str:
        with runtime.sessions.begin() as session:
            sits = (Legislator.chamber == COMMONS, Legislator.status == Status.SITTING)
            found = select(Legislator, Riding).join(Riding, Riding.fed_code == Legislator.riding_code)
            office, riding = session.execute(found.where(*sits).order_by(Legislator.id)).first() or (None, None)
            assert office is not None
            assert riding is not None
            key = {"campaign": CAMPAIGN, "legislator_id": office.id}
            session.merge(AnswerTally(**key, kind=AnswerKind.ANSWERED, within_days=30, letters=answered))
            session.merge(AnswerTally(**key, kind=AnswerKind.NOTHING_YET, within_days=0, letters=told - answered))
            session.flush()
            answer_counts.record(session, now=NOW + now)
            return f"{office.name} ({riding.name[Language.EN]})"

    return tell


def chosen(runtime: Runtime, line: bytes = b"show_answers = true\n") -> None:
    """Publish the campaign with a line more in its file."""
    whole = the_campaign()
    files = {**dict(whole.files), "campaign.toml": line + (whole.content("campaign.toml") or b"")}
    with runtime.sessions.begin() as session:
        import_folder(session, CampaignFolder.of(whole.name, files), now=NOW)


def named(client: FlaskClient) -> list[str]:
    page = BeautifulSoup(client.get(PAGE).data, "lxml")
    return [" ".join(one.get_text().split()) for one in page.select(".office-shares li")]


@pytest.fixture
def site(shared_site: SharedSite) -> Flask:
    return shared_site.app


def test_no_office_is_named_where_staff_did_not_choose_so(
    site: Flask, runtime: Runtime, answered: Callable[[int, int], str]
) -> None:
    office = answered(40, 22)
    assert named(site.test_client()) == []
    assert office.partition(" (")[0] not in site.test_client().get(PAGE).text
    chosen(runtime, b"show_answers = false\n")
    assert named(site.test_client()) == []


@pytest.mark.parametrize(("told", "said"), [(19, []), (20, ["45%"])])
def test_an_office_is_named_from_twenty_letters_on(
    site: Flask, *, runtime: Runtime, answered: Callable[[int, int], str], told: int, said: list[str]
) -> None:
    chosen(runtime)
    office = answered(told, 9)
    assert named(site.test_client()) == [f"{office} {share}" for share in said]


def test_a_share_is_rounded_down_and_no_number_of_letters_is_shown(
    site: Flask, runtime: Runtime, answered: Callable[[int, int], str]
) -> None:
    chosen(runtime)
    answered(41, 22)  # 53.7 percent
    assert [one.rpartition(" ")[2] for one in named(site.test_client())] == ["50%"]
    section = BeautifulSoup(site.test_client().get(PAGE).data, "lxml").select_one(".office-answers")
    assert section is not None
    assert "41" not in section.get_text()
    assert "22" not in section.get_text()


def test_the_page_is_made_anew_once_the_shares_are(site: Flask, runtime: Runtime, answered: Callable[..., str]) -> None:
    chosen(runtime)
    client = site.test_client()
    answered(20, 9)
    assert [one.rpartition(" ")[2] for one in named(client)] == ["45%"]
    first = client.get(PAGE).headers["ETag"]
    assert client.get(PAGE).headers["ETag"] == first
    answered(40, 30, now=7 * DAY)
    assert [one.rpartition(" ")[2] for one in named(client)] == ["75%"]
    assert client.get(PAGE).headers["ETag"] != first
