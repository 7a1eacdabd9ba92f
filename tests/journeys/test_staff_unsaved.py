"""What staff typed is in this tab when their session ended, in every form, and put back once they signed in again."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import expect

from advocacy.legislators.models import BouncedAddress, Legislator
from advocacy.staff.models import Role
from tests.journeys.conftest import NewWalk
from tests.journeys.staffed import Staffed
from tests.journeys.walk import Walk
from tests.web.staff.staged_site import CAMPAIGN

pytestmark = pytest.mark.loopback
SETTINGS = f"/staff/campaigns/{CAMPAIGN}/settings"
OF_STRANGERS = ("/staff/join/", "/staff/forgotten")
"""Pages of whoever is not signed in, where nothing is kept."""
IDLE = 31
PUT_BACK = "#main .notice:has-text('Unsaved text was put back.')"
KEPT = "sessionStorage.getItem('unsaved')"
FORMS = """main form[method="post"]:not([role="search"], [action^="/staff/account/"])"""
CONTROLS = """textarea, select, input:not([type="hidden"], [type="file"], [type="password"], [readonly])"""
FORMS_OF_PAGE = f"""const forms = [...document.querySelectorAll(`{FORMS}`)];
const controlsOf = (form) => [...form.elements].filter((one) => one.name && one.matches(`{CONTROLS}`));
const texts = {{ date: "2031-02-03", month: "2031-02", time: "10:20", number: "7", email: "a@b.ca", url: "https://a.ca" }};
const isWritten = (one) => !one.matches('select, [type="checkbox"], [type="radio"]');
const shown = (one) => [one.name, one.value, one.checked ?? null];
"""
TYPE = f"""() => {{ {FORMS_OF_PAGE}
  return forms.map((form, number) => {{
    const written = controlsOf(form).filter(isWritten);
    const changed = written.length ? written : controlsOf(form).slice(-1);
    for (const one of changed) {{
      if (isWritten(one)) one.value = texts[one.type] ?? `Typed ${{number}}`;
      else if (one.options) one.options[one.options.length - 1].selected = true;
      else one.checked = true;
    }}
    changed.at(-1)?.dispatchEvent(new Event("input", {{ bubbles: true }}));
    return changed.map(shown);
  }});
}}"""
SHOWN = f"() => {{ {FORMS_OF_PAGE} return forms.map((form) => controlsOf(form).map(shown)); }}"
SEND = f"""() => {{ {FORMS_OF_PAGE}
  const form = forms.findLast((one) => controlsOf(one).length);
  form.noValidate = true;
  form.requestSubmit();
}}"""


def end_session(staffed: Staffed, walk: Walk) -> None:
    """Send the last form of the page with a session that ended 31 minutes ago; then be signed in again."""
    cookies = walk.page.context.cookies(staffed.address)
    staffed.seen(walk, minutes_ago=IDLE)
    with walk.page.expect_navigation():
        walk.page.evaluate(SEND)
    assert "/staff/sign-in" in walk.page.url
    walk.page.context.add_cookies(cookies)  # type: ignore[arg-type]


def pages_with_forms(staffed: Staffed) -> Iterator[str]:
    """Yield the address of every page with a form that a manager may write in."""
    for path, html in staffed.pages_with_html():
        forms = BeautifulSoup(html, "lxml").select(FORMS)
        if not path.startswith(OF_STRANGERS) and any(form.select(CONTROLS) for form in forms):
            yield path


@pytest.fixture
def bounced(staffed: Staffed) -> Iterator[None]:
    """An address that mail came back from, which has a form of its own."""
    with staffed.runtime.sessions.begin() as session:
        email = session.get_one(Legislator, "mp-aaron-gunn").email or ""
        session.add(BouncedAddress(email=email.casefold(), since=datetime.now(UTC), reason="no_such_mailbox"))
    yield
    with staffed.runtime.sessions.begin() as session:
        session.delete(session.get_one(BouncedAddress, email.casefold()))


@pytest.mark.usefixtures("bounced")
def test_nothing_typed_is_lost_when_the_session_ended(new_walk: NewWalk, staffed: Staffed) -> None:
    walk, pages, lost = staffed.enter(new_walk("en"), Role.MANAGER), [*pages_with_forms(staffed)], {}
    assert len(pages) > 28
    for path in pages:
        walk.page.goto(staffed.address + path)
        typed = walk.page.evaluate(TYPE)
        end_session(staffed, walk)
        walk.page.goto(staffed.address + path)
        shown = walk.page.evaluate(SHOWN)
        lost[path] = [field for form, fields in enumerate(typed) for field in fields if field not in shown[form]]
    assert {path: fields for path, fields in lost.items() if fields} == {}


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
