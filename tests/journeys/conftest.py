"""A real browser before a real server. What the browser complains of, and any other site it would ask, fails the test."""

import contextlib
import os
import re
import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Route, expect, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from advocacy.app import create_app
from advocacy.cli import advocacy
from advocacy.dispatch import make_worker
from advocacy.language import Language
from advocacy.runtime import Runtime, open_runtime
from advocacy.settings import Settings
from advocacy.staff.models import Role
from advocacy.web.staff import STAFF
from tests.databases import Beginning, Files
from tests.journeys.post import Post
from tests.journeys.staffed import Staffed
from tests.journeys.walk import Walk
from tests.served import ServedSite, served_site
from tests.web.staff.browser import sign_in
from tests.web.staff.staged_site import set_up

ROOT = Path(__file__).parents[2]
SHELL, WHOLE = Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium")
"""The shell is the same Chromium without its windows: it takes half of the processor's time that the whole one takes."""
CHROMIUM = Path(os.environ.get("ADVOCACY_TEST_CHROMIUM", SHELL if SHELL.exists() else WHOLE))
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
# No name but the site's own leads anywhere, so that nothing need be stopped on its way: that would keep nothing cached.
FLAGS += ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost"]
# A page that answers 400, 403, 404, 405, 409, 410 or 422 is what some tests ask for; the browser notes it all the same.
ASKED_FOR = re.compile(r"Failed to load resource: the server responded with a status of 4(00|03|04|05|09|10|22)")

NewWalk = Callable[..., Walk]
SignIn = Callable[..., Page]

PAGES = pytest.StashKey[list[Page]]()

CALM = {"ADVOCACY_CALM_PER_TEN_MINUTES": "1000"}
"""All tests share one site: together they send more letters than is calm for a small one."""
LOOKS = count()
PATIENCE = 30_000
"""Milliseconds to wait for what has to come: a slow machine is no failure."""
expect.set_options(timeout=PATIENCE)


@contextmanager
def open_site(served: ServedSite) -> Iterator[Runtime]:
    """Open the parts of a site that is served."""
    file = served.folder / "var" / "advocacy.sqlite3"
    settings = Settings(database_url=f"sqlite:///{file}", base_url=served.address, recipient_per_hour=3600)
    with open_runtime(settings, now=datetime.now(UTC)) as runtime:
        yield runtime


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory, filled_files: Files) -> Iterator[ServedSite]:
    """A site served from a folder of its own, with a second campaign, so that there is a list of them."""
    folder, second = tmp_path_factory.mktemp("served"), tmp_path_factory.mktemp("campaigns")
    shutil.copytree(ROOT / "letters" / "child-protection", second / "the-same-again")
    (folder / "var").mkdir()
    url = filled_files.lay(folder / "var" / "advocacy.sqlite3", Beginning.SITE)
    taken_in = CliRunner(env={"ADVOCACY_DATABASE_URL": url}).invoke(advocacy, ["letters", "import", str(second)])
    assert taken_in.exit_code == 0, taken_in.output
    with served_site(folder, "--workers", "1", "--no-worker", settings=CALM) as served:
        yield served


@pytest.fixture(scope="session")
def address(served: ServedSite) -> str:
    """The address of the site."""
    return served.address


@pytest.fixture
def post(served: ServedSite, runtime: Runtime) -> Iterator[Post]:
    """What delivers the mail of the site, which is served without a worker of its own.

    Its clock is ahead, and a second later at each look: every letter of these tests goes to the same office, which gets
    them apart.
    """
    worker = make_worker(runtime, now=lambda: datetime.now(UTC) + timedelta(hours=2, seconds=next(LOOKS)))
    yield Post(worker, served.folder / "var" / "outgoing")
    worker.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM}: install it (Debian: apt-get install chromium-headless-shell)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add what each open page showed to the report of a test that failed."""
    report = yield
    if report.when == "call" and report.failed:
        for page in item.stash.get(PAGES, []):
            with contextlib.suppress(PlaywrightError):
                text = page.locator("body").inner_text(timeout=2000)
                report.sections.append((f"page {page.url}", text[:1500]))
    return report


@pytest.fixture
def new_walk(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[NewWalk]:
    """Open the site as someone new; at the end of the test the browser must have had nothing to complain of.

    Whoever `leaves` the site finds an ordinary page elsewhere. Nothing moves, or each scroll would be drawn frame by
    frame: a test that wants to see it move says `reduced_motion="no-preference"`.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def start(language: str = "fr", *, width: int = 1280, leaves: bool = False, **options: object) -> Walk:
        options = {"reduced_motion": "reduce"} | options
        context = browser.new_context(
            viewport={"width": width, "height": 844 if width < 700 else 900},
            locale=f"{language}-CA",
            **options,  # type: ignore[arg-type]
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
        _listen(context, complaints, address)
        if leaves:
            context.route(lambda url: not url.startswith(address), _elsewhere)
        page = context.new_page()
        request.node.stash.setdefault(PAGES, []).append(page)
        return Walk(page, address, language)

    yield start
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture(scope="session")
def runtime(served: ServedSite) -> Iterator[Runtime]:
    """The parts of the site that is served."""
    with open_site(served) as runtime:
        yield runtime


@pytest.fixture(scope="session")
def app(runtime: Runtime) -> Flask:
    """An application over its database, in which staff sign in."""
    return create_app(runtime, now=lambda: datetime.now(UTC))


@pytest.fixture
def signed_in(new_walk: NewWalk, runtime: Runtime, app: Flask) -> SignIn:
    """Open a page of the staff's as somebody of it: an account for each role, as the tests share one site."""

    def start(who: str, role: Role, path: str, *, language: str = "fr", **options: object) -> Page:
        browser = sign_in(app, runtime, role, datetime.now(UTC), who=f"{who}-{role.value}", language=Language(language))
        cookie = browser.client.get_cookie(STAFF)
        assert cookie
        walk = new_walk(language, **options)
        walk.page.context.add_cookies([{"name": STAFF, "value": cookie.value, "url": walk.address}])
        walk.page.goto(f"{walk.address}{path}")
        return walk.page

    return start


@pytest.fixture(scope="session")
def staffed(served: ServedSite, runtime: Runtime, app: Flask) -> Staffed:
    """The site with its staff."""
    return Staffed(served.address, runtime, app, set_up(app, runtime, datetime.now(UTC)))


def _listen(context: BrowserContext, complaints: list[str], address: str) -> None:
    def on_console(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not ASKED_FOR.match(message.text):
            complaints.append(message.text)

    def on_page(page: Page) -> None:
        page.on("pageerror", lambda error: complaints.append(str(error)))

    def on_request(request: Request) -> None:
        if not request.url.startswith((address, "blob:", "data:")) and not request.is_navigation_request():
            complaints.append(f"asked another site: {request.url}")

    context.on("console", on_console)
    context.on("page", on_page)
    context.on("request", on_request)


def _elsewhere(route: Route) -> None:
    route.fulfill(body="<!doctype html><title>elsewhere</title><p>An ordinary page", content_type="text/html")
