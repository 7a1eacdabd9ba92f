"""The campaign's page and the blank form are made once, and again as soon as anything on them is another."""

import logging
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from gzip import decompress
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import select
from werkzeug.test import TestResponse

from advocacy.app import create_app
from advocacy.campaigns.campaign_folder import CampaignFolder
from advocacy.campaigns.library import import_folder
from advocacy.campaigns.models import Availability, Campaign
from advocacy.campaigns.toml_text import edit_toml
from advocacy.database import Sessions, immediate
from advocacy.language import Language
from advocacy.runtime import Runtime, open_runtime
from advocacy.settings import Settings
from advocacy.web.page_cache import CachedFragments
from advocacy.web.security import HEADERS
from tests.builders import SECRET, the_campaign
from tests.databases import Beginning, Files, statements_of
from tests.web.public.visitor import CAMPAIGN, FILLED, STORY, Visitor
from tests.web.shared_site import NOW

ADDRESS = f"/fr/{CAMPAIGN}/"
FORM = f"{ADDRESS}write"
LETTER = "takedown-and-standards"


class Site:
    """A site of the test's own; `now` is its clock."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime, self.now = runtime, NOW
        self.app: Flask = create_app(runtime, now=lambda: self.now)
        self.client: FlaskClient = self.app.test_client()

    def at(self, moment: datetime) -> None:
        """Set the clock."""
        self.now = moment


def publish(sessions: Sessions, ask: str, key: str = "ask") -> None:
    """Publish the campaign with another ask, or another text of this key."""
    whole = the_campaign()
    content = edit_toml(whole.content("campaign.toml") or b"", {(key, "fr"): ask, (key, "en"): ask})
    files = {**dict(whole.files), "campaign.toml": content}
    with immediate(sessions) as session:
        import_folder(session, CampaignFolder.of(whole.name, files), now=NOW)


def take_offline(sessions: Sessions) -> None:
    with immediate(sessions) as session:
        row = session.scalars(select(Campaign).where(Campaign.name == CAMPAIGN)).one()
        row.availability = Availability.OFFLINE
        row.availability_version = Campaign.availability_version + 1


def headers_of(answer: TestResponse) -> dict[str, str]:
    """Return an answer's headers but the request's own number."""
    return {name: value for name, value in answer.headers.items() if name != "X-Request-Id"}


@pytest.fixture
def settings(tmp_path: Path, filled_files: Files) -> Settings:
    url = filled_files.lay(tmp_path / "advocacy.sqlite3", Beginning.SITE)
    return Settings(database_url=url, secret_key=SecretStr(SECRET))


@pytest.fixture
def site(settings: Settings) -> Iterator[Site]:
    with open_runtime(settings, now=NOW) as runtime:
        yield Site(runtime)


@pytest.fixture
def statements(site: Site) -> Iterator[list[str]]:
    """The statements that the site asks its database."""
    with statements_of(site.runtime.engine) as asked:
        yield asked


@pytest.mark.parametrize("language", list(Language))
def test_a_page_from_memory_is_the_one_that_was_made(site: Site, statements: list[str], language: Language) -> None:
    first = site.client.get(f"/{language}/{CAMPAIGN}/")
    asked = len(statements)
    again = site.client.get(f"/{language}/{CAMPAIGN}/")
    assert len(statements) == asked, "the database is asked once a second at most"
    assert (again.status_code, again.data) == (200, first.data)
    assert headers_of(again) == headers_of(first)
    assert f'<html lang="{language}"' in again.text


def test_a_page_from_memory_has_every_header_and_no_cookie(site: Site) -> None:
    for _ in range(2):
        answer = site.client.get(ADDRESS)
        assert answer.headers["Cache-Control"] == "no-cache"
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert HEADERS.items() <= dict(answer.headers).items()
        assert "Set-Cookie" not in answer.headers
    site.client.get(FORM)
    assert site.client.get(ADDRESS, headers={"Cookie": "advocacy=x"}).data == answer.data


def test_it_is_packed_for_whoever_can_unpack_it(site: Site) -> None:
    plain = site.client.get(ADDRESS)
    for _ in range(2):
        packed = site.client.get(ADDRESS, headers={"Accept-Encoding": "br, gzip"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert decompress(packed.data) == plain.data
        assert packed.headers["ETag"] == plain.headers["ETag"]
    refused = site.client.get(ADDRESS, headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in refused.headers


def test_a_browser_that_has_it_is_sent_no_page(site: Site) -> None:
    first = site.client.get(ADDRESS)
    for headers in ({}, {"Accept-Encoding": "gzip"}):
        again = site.client.get(ADDRESS, headers={"If-None-Match": first.headers["ETag"], **headers})
        assert (again.status_code, again.data) == (304, b"")
        assert HEADERS.items() <= dict(again.headers).items()
    assert site.client.get(ADDRESS, headers={"If-None-Match": 'W/"another"'}).data == first.data


def test_head_is_the_answer_without_the_page(site: Site) -> None:
    first = site.client.get(ADDRESS)
    head = site.client.head(ADDRESS)
    assert (head.status_code, head.data) == (200, b"")
    assert headers_of(head) == headers_of(first)


def test_each_answer_is_logged_by_its_route(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="advocacy.web.security")
    for _ in range(2):
        site.client.get(ADDRESS, headers={"Accept-Encoding": "gzip"})
    lines = [one.getMessage().rpartition(" ")[0].rpartition(" ")[0] for one in caplog.records]
    assert lines == ["GET /<lang:language>/<campaign>/ 200"] * 2


def test_what_else_is_asked_of_the_address_is_answered_as_ever(site: Site) -> None:
    whole = site.client.get(ADDRESS)
    assert site.client.get(f"{ADDRESS}?from=elsewhere").data == whole.data
    assert site.client.post(ADDRESS).status_code in {400, 405}
    assert site.client.get(f"{ADDRESS}?q=%ff").status_code == 400
    assert site.client.get(ADDRESS, data=b"x" * (300 * 1024)).status_code == 413
    elsewhere = site.client.get(ADDRESS, base_url="http://localhost/under")
    assert 'action="/under/fr/' in elsewhere.text


@pytest.mark.parametrize("address", [ADDRESS, FORM])
def test_what_is_published_shows_at_once_in_the_process_that_published(site: Site, address: str) -> None:
    before = site.client.get(address)
    publish(site.runtime.sessions, "Demandez autre chose")
    after = site.client.get(ADDRESS)
    assert "Demandez autre chose" in after.text
    assert after.headers.get("ETag") != before.headers.get("ETag")


def test_what_another_process_publishes_shows_within_a_second(
    site: Site, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.client.get(ADDRESS)
    with open_runtime(settings, now=NOW) as other:
        publish(other.sessions, "Demandez autre chose")
    later = time.monotonic() + 1.0
    monkeypatch.setattr("advocacy.web.page_cache.time.monotonic", lambda: later)
    assert "Demandez autre chose" in site.client.get(ADDRESS).text


def test_a_campaign_taken_offline_is_gone_and_comes_back(site: Site) -> None:
    assert site.client.get(ADDRESS).status_code == 200
    take_offline(site.runtime.sessions)
    for _ in range(2):
        gone = site.client.get(ADDRESS)
        assert (gone.status_code, gone.headers["Cache-Control"]) == (404, "no-store")


def test_a_new_day_makes_it_anew(site: Site) -> None:
    """Stages of a bill are not known for ever, and campaigns close: all by Ottawa's day."""
    whole = the_campaign()
    closing = (NOW + timedelta(days=1)).date()
    content = edit_toml(whole.content("campaign.toml") or b"", {("closes",): closing})
    with immediate(site.runtime.sessions) as session:
        import_folder(session, CampaignFolder.of(whole.name, {**dict(whole.files), "campaign.toml": content}), now=NOW)
    assert '<form id="start"' in site.client.get(ADDRESS).text
    assert site.client.get(FORM).status_code == 200
    site.at(NOW + timedelta(days=2))
    assert '<form id="start"' not in site.client.get(ADDRESS).text
    assert site.client.get(FORM).status_code == 410


def form_without_token(answer: str) -> str:
    before, rest = answer.split('name="csrf_token" value="')
    return before + rest.partition('"')[2]


def token_of(answer: str) -> str:
    return answer.split('name="csrf_token" value="')[1].partition('"')[0]


@pytest.mark.parametrize("named", ["", f"?template={LETTER}"])
def test_a_blank_form_is_the_same_for_everyone_but_for_its_token(site: Site, named: str) -> None:
    first, second = site.app.test_client(), site.app.test_client()
    one, other = first.get(FORM + named), second.get(FORM + named)
    assert form_without_token(one.text) == form_without_token(other.text)
    assert token_of(one.text) != token_of(other.text)
    assert dict(one.headers).keys() == dict(other.headers).keys()
    assert other.headers["Cache-Control"] == "no-store"
    sent = second.post(FORM, data={"csrf_token": token_of(other.text), "go": "find", "postal_code": "K1A 0A6"})
    assert sent.status_code == 200
    refused = second.post(FORM, data={"csrf_token": token_of(one.text), "go": "find", "postal_code": "K1A 0A6"})
    assert refused.status_code == 400, "a token is of its own browser"


def test_forms_of_two_letters_and_languages_are_told_apart(site: Site) -> None:
    names = list(the_campaign().letters())[:2]
    addresses = [
        f"/{language}/{CAMPAIGN}/write{named}"
        for language in Language
        for named in ("", *(f"?template={one}" for one in names))
    ]
    made = {address: form_without_token(site.client.get(address).text) for address in addresses}
    kept = {address: form_without_token(site.client.get(address).text) for address in addresses}
    assert kept == made
    assert len(set(made.values())) == len(addresses)


def test_a_form_that_names_a_recipient_is_made_for_that_office(site: Site) -> None:
    blank = site.client.get(FORM).text
    found = site.client.post(FORM, data={"csrf_token": token_of(blank), "go": "find", "postal_code": "K1A 0A6"}).text
    member = found.split('name="recipient" value="')[1].partition('"')[0]
    named = site.client.get(f"{FORM}?to={member}").text
    assert f'value="{member}"' in named
    assert form_without_token(site.client.get(FORM).text) == form_without_token(blank)


def test_parts_of_the_review_page_are_kept_without_a_word_of_the_citizen(site: Site) -> None:
    visitor = Visitor.of(site.app)
    typed = {**FILLED, "name": "Dominique Exemple", "city": "Carleton Place"}
    shown = visitor.post("review", typed).answer.text
    visitor.post("review", {**typed, "reason": f"{STORY} See https://example.org/x."})
    kept = site.app.jinja_env.extensions[CachedFragments.identifier]
    assert isinstance(kept, CachedFragments)
    texts = " ".join(kept.texts)
    assert "Other formats" in texts, "something is kept"
    for word in ("Dominique", "Carleton", "camille.essai", "K1A", "My daughter", "Yasir Naqvi", "example.org"):
        assert word in shown or word == "example.org"
        assert word not in texts


def test_parts_of_the_review_page_are_those_of_the_campaign_as_it_is_published(site: Site) -> None:
    visitor = Visitor.of(site.app)
    assert "Another name" not in visitor.post("review").answer.text
    publish(site.runtime.sessions, "Another name", key="name")
    assert '">Another name</a>' in visitor.post("review").answer.text
