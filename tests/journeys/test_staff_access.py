"""axe finds nothing on any staff page, nothing is cut off or too small, and a letter is published by keyboard alone."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from advocacy.campaigns.library import stored_folder
from advocacy.staff.models import Role
from tests.journeys.conftest import NewWalk
from tests.journeys.staffed import Staffed
from tests.journeys.test_access import LANGUAGES, wrong
from tests.journeys.walk import Walk
from tests.web.staff.people import PASSWORD, somebody
from tests.web.staff.staged_site import CAMPAIGN

pytestmark = pytest.mark.loopback
OTHER = f"/staff/campaigns/{CAMPAIGN}/letters/mandatory-takedown"
MOST_STEPS = 400
DOORS = ("/staff/sign-in", "/staff/forgotten", "/staff/join/gone", "/staff/nowhere")


@pytest.mark.parametrize("step", [8, pytest.param(1, marks=pytest.mark.thorough)], ids=["some", "all"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_on_any_staff_page(new_walk: NewWalk, staffed: Staffed, language: str, *, step: int) -> None:
    walk = new_walk(language)
    found = wrong(walk, _doors(walk))
    staffed.enter(walk, Role.MANAGER)
    pages = list(staffed.pages(step=step))
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
    _press(second, f'main a[href="/staff/campaigns/{CAMPAIGN}/publish"]')
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
