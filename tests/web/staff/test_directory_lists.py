"""A newer list is brought by a manager as a file or from its source, looked over, and counts when they say so."""

import csv
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from advocacy.language import Language
from advocacy.legislators.models import DataSet, Legislator, PendingImport, Status
from advocacy.legislators.sources.http_client import SourceError
from advocacy.runtime import Runtime
from advocacy.staff import job_runner
from advocacy.staff.models import AuditEntry, Role
from tests.jobs import run_jobs
from tests.store.test_directory_merge import present_house
from tests.web.shared_site import NOW
from tests.web.staff.browser import Browser
from tests.web.staff.conftest import NewBrowser

SHAPES = Path(__file__).parents[2] / "data" / "shapes"
NEWER = "/staff/directory/newer"


@pytest.fixture
def manager(browser: NewBrowser) -> Browser:
    return browser(Role.MANAGER)


def house(runtime: Runtime, *, without: int = 0, **others: str) -> bytes:
    """The House in the Open North form, a few left out, somebody else's name by their riding."""
    text = StringIO()
    lines = csv.writer(text)
    lines.writerow(["District ID", "Primary role", "Name", "Email"])
    with runtime.sessions() as session:
        records = list(present_house(session).values())
    for record in records[without:]:
        code = record.riding_code or ""
        lines.writerow([code, "MP", others.get(f"r{code}", record.name), ""])
    return text.getvalue().encode()


def bring(browser: Browser, content: bytes, **form: object) -> TestResponse:
    """Choose a file and press the button."""
    typed = {"source": "ourcommons.ca", "as_of": "2026-11-25", "file": (BytesIO(content), "house.csv"), **form}
    return browser.post(f"{NEWER}/file", typed, content_type="multipart/form-data")


def digest_on(browser: Browser, address: str) -> str:
    """The number of what the page shows."""
    found = browser.page(address).select_one("input[name=digest]")
    assert found
    return str(found["value"])


def naqvi(runtime: Runtime) -> Status:
    with runtime.sessions() as session:
        return session.get_one(Legislator, "mp-yasir-naqvi").status


def test_a_file_is_looked_over_and_then_counts(manager: Browser, runtime: Runtime) -> None:
    answer = bring(manager, house(runtime, r35079="Zoé Roe"))
    assert answer.status_code == 303
    page = manager.page(answer.location)
    text = " ".join(page.get_text(" ").split())
    assert "Nothing is changed yet" in text
    assert "Zoé Roe" in text
    assert "Yasir Naqvi" in text
    assert naqvi(runtime) is Status.SITTING
    assert manager.post(answer.location, {"digest": digest_on(manager, answer.location)}).status_code == 303
    assert naqvi(runtime) is Status.LEFT
    with runtime.sessions() as session:
        assert session.get_one(DataSet, "commons").source == "ourcommons.ca"
        (entry,) = session.scalars(select(AuditEntry))
    assert (entry.act, entry.subject) == ("directory-refreshed", "list:commons")
    assert (entry.after["added"], entry.after["gone"]) == (1, 1)
    assert manager.get(answer.location).status_code == 404


def test_a_list_counts_only_as_it_was_shown(manager: Browser, browser: NewBrowser, runtime: Runtime) -> None:
    address = bring(manager, house(runtime, r35079="Zoé Roe")).location
    assert browser(Role.MANAGER, who="ana").get(address).status_code == 404
    assert manager.post(address, {"digest": "0" * 64}).status_code == 422
    seen = digest_on(manager, address)
    with runtime.sessions.begin() as session:
        session.get_one(Legislator, "mp-tom-osborne").note = "changed meanwhile"
    refused = manager.post(address, {"digest": seen})
    assert refused.status_code == 422
    assert "updated the directory in the meantime" in refused.text
    assert naqvi(runtime) is Status.SITTING


def test_a_much_shorter_list_is_refused_until_it_is_said_to_be_meant(manager: Browser, runtime: Runtime) -> None:
    address = bring(manager, house(runtime, without=60)).location
    form = {"digest": digest_on(manager, address)}
    refused = manager.post(address, form)
    assert refused.status_code == 422
    assert 'id="fewer-e"' in refused.text
    assert manager.post(address, form | {"fewer": "yes"}).status_code == 303


def test_a_file_with_mistakes_is_told_by_row_and_column_in_the_reader_s_language(
    manager: Browser, browser: NewBrowser, runtime: Runtime
) -> None:
    wrong = "District ID,Primary role,Name,Email\n35079,MP,Yasir Naqvi,not an address\n99999,MP,Zoé Roe,\n"
    answer = bring(manager, wrong.encode(), source="a place")
    assert answer.status_code == 422
    assert "This is not an e-mail address" in answer.text
    assert 'value="a place"' in answer.text
    french = bring(browser(Role.MANAGER, who="ana", language=Language.FR), wrong.encode())
    assert "Ce n’est pas une adresse courriel" in french.text
    with runtime.sessions() as session:
        assert list(session.scalars(select(PendingImport))) == []


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"file": ""}, "file"),
        ({"as_of": "2026-11-26"}, "as_of"),
    ],
)
def test_what_is_missing_beside_a_file_is_said_at_its_field(
    manager: Browser, runtime: Runtime, *, form: dict[str, str], field: str
) -> None:
    answer = bring(manager, b"Name\n", **form)
    assert answer.status_code == 422
    assert f'id="{field}-e"' in answer.text


def test_a_file_over_5_mb_is_refused_with_the_limit_that_the_page_names(manager: Browser) -> None:
    assert "5 MB" in manager.page(NEWER).get_text()
    large = FileStorage(BytesIO(b"x" * (6 * 1024 * 1024)), filename="house.csv")
    boundary, body = encode_multipart({"csrf_token": manager.token, "file": large})
    kind = f"multipart/form-data; boundary={boundary}"
    answer = manager.client.post(f"{NEWER}/file", data=body, content_type=kind)
    assert answer.status_code == 413
    assert "5 MB" in answer.text


def test_a_source_is_read_when_a_manager_presses_and_at_no_other_time(
    manager: Browser, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def fetch(url: str) -> bytes:
        asked.append(url)
        return (SHAPES / f"ourcommons_members_{'fr' if '/fr/' in url else 'en'}.xml").read_bytes()

    monkeypatch.setattr(job_runner, "Client", lambda **_: fetch)
    manager.page(NEWER)
    assert asked == []
    answer = manager.post(f"{NEWER}/source", {"name": "ourcommons"})
    assert answer.status_code == 303
    assert asked == []
    run_jobs(runtime, lambda: NOW)
    assert len(asked) == 2
    [read] = manager.page(answer.location).select(f'a[href^="{NEWER}/"]')
    text = manager.page(str(read["href"])).get_text()
    assert "The list really has only" in text
    assert len(asked) == 2
    assert manager.post(f"{NEWER}/source", {"name": "elsewhere"}).status_code == 400


def test_a_source_that_cannot_be_read_is_told_kindly(
    browser: NewBrowser, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fetch(url: str) -> bytes:
        raise SourceError("the site is not available: try again in a few minutes")

    monkeypatch.setattr(job_runner, "Client", lambda **_: fetch)
    manager = browser(Role.MANAGER, language=Language.FR, who="francine")
    answer = manager.post(f"{NEWER}/source", {"name": "represent"})
    run_jobs(runtime, lambda: NOW)
    page = manager.page(answer.location)
    told, detail = page.select_one("main .errors"), page.select_one("main .errors [lang=en]")
    assert told
    assert "Rien n’a changé" in told.get_text()
    assert detail
    assert detail.get_text() == "the site is not available: try again in a few minutes"
    with runtime.sessions() as session:
        assert list(session.scalars(select(PendingImport))) == []
