"""What staff typed is in this tab when their session ended, in every form, and put back once they signed in again."""

import re

import pytest
from playwright.sync_api import expect

from advocacy.staff.models import Role
from tests.journeys.conftest import NewWalk
from tests.journeys.staffed import Staffed
from tests.journeys.walk import Walk
from tests.web.staff.staged_site import CAMPAIGN

pytestmark = pytest.mark.loopback
SETTINGS = f"/staff/campaigns/{CAMPAIGN}/settings"
SURVEY = f"/staff/campaigns/{CAMPAIGN}/survey"
LETTER = f"/staff/campaigns/{CAMPAIGN}/letters/mandatory-takedown"
ENTRY = "/staff/directory/entry/mp-yasir-naqvi"
IDLE = 31
PUT_BACK = "#main .notice:has-text('Unsaved text was put back.')"
KEPT = "sessionStorage.getItem('unsaved')"
CONTROLS = """
const forms = () => [...document.querySelectorAll('main form[method="post"]:not([role="search"])')].map((form) => [...form.elements].filter(
  (one) => one.name && one.matches('textarea, select, input:not([type="hidden"], [type="file"], [type="password"])'),
));
"""
TYPE = f"""() => {{ {CONTROLS}
  const texts = {{ date: "2031-02-03", month: "2031-02", time: "10:20", number: "7", email: "a@b.ca", url: "https://a.ca" }};
  return forms().filter((all) => all.length).map((all) => {{
    const written = all.find((one) => one.matches('textarea, input:not([type="checkbox"], [type="radio"], [readonly])'));
    const one = written ?? all.at(-1);
    if (one.options) one.options[one.options.length - 1].selected = true;
    else if (written) one.value = texts[one.type] ?? "Typed";
    else one.checked = true;
    one.dispatchEvent(new Event("input", {{ bubbles: true }}));
    return [one.name, one.value, one.checked ?? null];
  }});
}}"""
SHOWN = f"""() => {{ {CONTROLS}
  return forms().flat().map((one) => [one.name, one.value, one.checked ?? null]);
}}"""
SEND = """() => {
  const form = [...document.querySelectorAll('main form[method="post"]:not([role="search"])')].findLast((one) => one.querySelector("[name]:not([type=hidden])"));
  form.noValidate = true;
  form.requestSubmit();
}"""


def end_session(staffed: Staffed, walk: Walk) -> None:
    """Send the last form of the page with a session that ended 31 minutes ago; then be signed in again."""
    cookies = walk.page.context.cookies(staffed.address)
    staffed.seen(walk, minutes_ago=IDLE)
    with walk.page.expect_navigation():
        walk.page.evaluate(SEND)
    expect(walk.page).to_have_url(re.compile("/staff/sign-in"))
    walk.page.context.add_cookies(cookies)  # type: ignore[arg-type]


@pytest.mark.parametrize("path", [SETTINGS, f"{SETTINGS}/sentences", SURVEY, f"{LETTER}/fields", ENTRY])
def test_nothing_typed_is_lost_when_the_session_ended(new_walk: NewWalk, staffed: Staffed, path: str) -> None:
    walk = staffed.enter(new_walk("en"), Role.MANAGER)
    walk.page.goto(staffed.address + path)
    typed = walk.page.evaluate(TYPE)
    end_session(staffed, walk)
    walk.page.goto(staffed.address + path)
    expect(walk.page.locator(PUT_BACK).first).to_be_visible()
    shown = walk.page.evaluate(SHOWN)
    assert [field for field in typed if field not in shown] == []


def test_what_was_put_back_is_saved_and_then_kept_no_more(new_walk: NewWalk, staffed: Staffed) -> None:
    walk = staffed.enter(new_walk("en"), Role.MANAGER)
    page = walk.page
    page.goto(staffed.address + SETTINGS)
    page.fill("[name='deck-en']", "Typed while the session ended.")
    end_session(staffed, walk)
    assert page.url.endswith(f"next={SETTINGS}".replace("/", "%2F")) or page.url.endswith(f"next={SETTINGS}")
    page.goto(staffed.address + SETTINGS)
    expect(page.locator(PUT_BACK)).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".notice").first).to_contain_text("Saved")
    assert page.input_value("[name='deck-en']") == "Typed while the session ended."
    assert page.evaluate(KEPT) is None


def test_what_was_put_back_can_be_thrown_away(new_walk: NewWalk, staffed: Staffed) -> None:
    walk = staffed.enter(new_walk("en"), Role.MANAGER)
    page = walk.page
    page.goto(staffed.address + SETTINGS)
    before = page.input_value("[name='deck-en']")
    page.fill("[name='deck-en']", "Typed, and left.")
    page.goto(staffed.address + SETTINGS)
    page.get_by_role("button", name="Throw it away").click()
    expect(page.locator(PUT_BACK)).to_have_count(0)
    assert page.input_value("[name='deck-en']") == before
