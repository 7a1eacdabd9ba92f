"""The campaign's page is made once for each publication; no word of a citizen and no token is ever kept."""

from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from advocacy.campaigns.campaign_folder import CampaignFolder
from advocacy.campaigns.library import import_folder
from advocacy.campaigns.toml_text import edit_toml
from advocacy.web.cache import cache
from tests.builders import the_campaign
from tests.web.public.visitor import CAMPAIGN, FILLED, Visitor
from tests.web.shared_site import NOW, SharedSite

ADDRESS = f"/fr/{CAMPAIGN}/"


def publish(sessions: sessionmaker[Session], ask: str) -> None:
    """Publish the campaign with another ask."""
    campaign = the_campaign()
    content = edit_toml(campaign.content("campaign.toml") or b"", {("ask", "fr"): ask, ("ask", "en"): ask})
    files = {**dict(campaign.files), "campaign.toml": content}
    with sessions.begin() as session:
        import_folder(session, CampaignFolder.of(campaign.name, files), now=NOW)


def test_a_browser_that_has_the_page_is_sent_none_until_another_is_published(shared_site: SharedSite) -> None:
    client: FlaskClient = shared_site.app.test_client()
    first = client.get(ADDRESS, headers={"Accept-Encoding": "gzip"})
    asking = {"If-None-Match": first.headers["ETag"]}
    assert first.headers["Cache-Control"] == "no-cache"
    assert "Set-Cookie" not in first.headers
    assert client.get(ADDRESS, headers=asking).status_code == 304
    publish(shared_site.runtime.sessions, "Demandez autre chose")
    published = client.get(ADDRESS, headers=asking)
    assert (published.status_code, "Demandez autre chose" in published.text) == (200, True)


def test_nothing_of_a_citizen_and_no_token_is_kept(shared_site: SharedSite) -> None:
    visitor = Visitor.of(shared_site.app)
    visitor.post("review", {**FILLED, "name": "Dominique Exemple", "city": "Carleton Place"})
    with shared_site.app.app_context():
        kept = str(cache.cache._cache)
    assert "skip" in kept, "something is kept"
    for word in ("Dominique", "Carleton", "camille.essai", "K1A", visitor.token):
        assert word not in kept
