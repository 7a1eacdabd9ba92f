"""axe finds nothing on any staff page, nothing is cut off or too small, and a letter is published by keyboard alone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from advocacy.campaigns.library import stored_folder
from advocacy.language import Language
from advocacy.runtime import Runtime
from advocacy.staff.models import Role
from advocacy.web.staff import STAFF
from tests.journeys.conftest import NewWalk
from tests.journeys.test_access import SEEN, wrong
from tests.journeys.walk import Walk
from tests.served import ServedSite
from tests.web.staff.browser import sign_in
from tests.web.staff.people import PASSWORD, somebody
from tests.web.staff.route_walk import routes
from tests.web.staff.staged_site import CAMPAIGN, Stage, set_up

pytestmark = pytest.mark.loopback
OTHER = f"/staff/campaigns/{CAMPAIGN}/letters/mandatory-takedown"
EXTRA = {"/compare": "?old=1&new=2"}
SHORTER = {"/staff/directory/list/commons": "/staff/directory/list/ministers"}
"""A list of 343 rows that are alike takes axe as long as a third of all the other pages."""
MOST_STEPS = 400
DOORS = ("/staff/sign-in", "/staff/forgotten", "/staff/join/gone", "/staff/nowhere")


@dataclass(frozen=True)
class Staffed:
    """The served site with something of every kind on it, and an application over the same database."""

    address: str
    runtime: Runtime
    app: Flask
    stage: Stage

    def enter(self, walk: Walk, role: Role) -> Walk:
        """Put the visit of somebody of this role into a browser."""
        client = sign_in(self.app, self.runtime, role, datetime.now(UTC), language=Language(walk.language)).client
        cookie = client.get_cookie(STAFF)
        assert cookie
        walk.page.context.add_cookies([{"name": STAFF, "value": cookie.value, "url": self.address}])
        return walk

    def pages(self, first: int = 0, step: int = 1) -> Iterator[str]:
        """Return the address of every page that a manager may open, or of each `step`th after the first."""
        for _, method, rule in islice(routes(self.app), first, None, step):
            path = self.stage.path(self.app, rule) if method == "GET" else ""
            path += next((asked for end, asked in EXTRA.items() if path.endswith(end)), "")
            client = sign_in(self.app, self.runtime, Role.MANAGER, datetime.now(UTC)).client  # some pages sign out
            answer = client.get(path) if path else None
            if answer and answer.status_code == 200 and answer.mimetype == "text/html" and "<main" in answer.text:
                yield SHORTER.get(path, path)


@pytest.fixture(scope="session")
def staffed(served: ServedSite, runtime: Runtime, app: Flask) -> Staffed:
    """The site with its staff."""
    return Staffed(served.address, runtime, app, set_up(app, runtime, datetime.now(UTC)))


@pytest.mark.parametrize("step", [8, pytest.param(1, marks=pytest.mark.thorough)], ids=["some", "all"])
@pytest.mark.parametrize(("language", "width", "scheme"), SEEN)
def test_axe_finds_nothing_on_any_staff_page(
    new_walk: NewWalk, staffed: Staffed, *, language: str, width: int, scheme: str, step: int
) -> None:
    """In the suite French and English look at pages of their own."""
    walk = new_walk(language, width=width, color_scheme=scheme)
    found = wrong(walk, _doors(walk)) if language == "fr" or step == 1 else []
    staffed.enter(walk, Role.MANAGER)
    pages = list(staffed.pages(0 if language == "fr" else step // 2, step))
    assert len(pages) > 30 // step
    assert found + wrong(walk, _opened(walk, pages)) == []


def test_a_letter_is_changed_and_published_by_keyboard_alone(new_walk: NewWalk, staffed: Staffed) -> None:
    writer = _signed_in(new_walk("en").page, staffed, Role.WRITER)
    _press(writer, f'main a[href="/staff/campaigns/{CAMPAIGN}"]')
    _press(writer, f'a[href="/staff/campaigns/{CAMPAIGN}/letters"]')
    _press(writer, f'main a[href="{OTHER}"]')
    writer.wait_for_url(f"**{OTHER}")
    for language, word in (("fr", " Merci."), ("en", " Thank you.")):
        _reach(writer, f'[role="textbox"][lang="{language}"]:not(.subj)')
        writer.keyboard.press("Control+End")
        writer.keyboard.type(word)
    expect(writer.locator("[data-saved]")).to_contain_text("Saved")
    _press(writer, 'button[value="ask"]', key="Shift+Tab")
    writer.wait_for_url("**/publish")
    publishing = writer.url
    _press(writer, 'form[action$="/ask"] button')

    second = _signed_in(new_walk("en").page, staffed, Role.PUBLISHER)
    _press(second, f'main a[href="{publishing.removeprefix(staffed.address)}"]')
    second.wait_for_url(publishing)
    _press(second, "main form .btn-main")
    second.wait_for_url("**/history/**")
    with staffed.runtime.sessions() as session:
        live = stored_folder(session, CAMPAIGN).documents()["mandatory-takedown"]
        assert "Thank you." in live["mandatory-takedown/letter.toml"].decode()


def _doors(walk: Walk) -> Iterator[str]:
    walk.page.set_extra_http_headers({"Accept-Language": walk.language})
    yield from _opened(walk, DOORS)


def _opened(walk: Walk, paths: Iterable[str]) -> Iterator[str]:
    for path in paths:
        walk.page.goto(f"{walk.address}{path}")
        yield path


def _signed_in(page: Page, staffed: Staffed, role: Role) -> Page:
    """Sign somebody in by keyboard, with their password and the code of their app."""
    now = datetime.now(UTC)
    one = somebody(staffed.app, staffed.runtime, now, email=f"keys.{role}@example.ca", role=role)
    page.goto(f"{staffed.address}/staff/sign-in")
    for field, text in (("#email", one.email), ("#password", PASSWORD)):
        _reach(page, field)
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff/second**")
    _reach(page, "#code")
    page.keyboard.type(one.code(now))
    page.keyboard.press("Enter")
    page.wait_for_url(f"{staffed.address}/staff/")
    return page


def _press(page: Page, selector: str, *, key: str = "Tab") -> None:
    """Press what leads to another page."""
    _reach(page, selector, key=key)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def _reach(page: Page, selector: str, *, key: str = "Tab") -> None:
    """Press Tab until what is looked for has the focus, as one does who sees where it is."""
    for _ in range(MOST_STEPS):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press(key)
    pytest.fail(f"no key leads to {selector}")
