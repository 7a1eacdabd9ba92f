"""Nothing typed is lost on the way, and nothing of it stays behind."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NewWalk
from tests.journeys.walk import ABOUT, OWN_WORDS

pytestmark = pytest.mark.loopback


def test_a_reload_in_the_middle_loses_nothing(new_walk: NewWalk) -> None:
    walk = new_walk("fr").go("write").find().tell()
    third = walk.page.locator("input[name=template]").nth(2)
    chosen = f"template={third.get_attribute('value')}"
    with walk.page.expect_response(lambda answer: chosen in (answer.request.post_data or "")):
        third.check()
    walk.page.wait_for_load_state("networkidle")
    expect(walk.page.locator("#previews [data-subject]")).to_contain_text("normes")
    before = walk.preview()
    walk.page.reload()
    page = walk.page
    expect(page.locator("#recipient input[name=recipient][type=checkbox]").first).to_be_checked()
    expect(page.locator("#name")).to_have_value(ABOUT["name"])
    expect(page.locator("#reason")).to_have_value(OWN_WORDS["fr"])
    expect(page.locator("input[name=template]").nth(2)).to_be_checked()
    expect(page.locator("#previews .sheet")).to_contain_text(ABOUT["name"])
    assert walk.preview() == before


def test_an_expired_page_leads_back_to_a_form_that_has_kept_everything(new_walk: NewWalk) -> None:
    walk = new_walk("en").go("write").find().tell()
    walk.preview()
    page = walk.page
    page.context.clear_cookies()
    page.click("[data-review]")
    page.get_by_role("link", name="Back to my letter").click()
    expect(page.locator("#name")).to_have_value(ABOUT["name"])
    expect(page.locator("#reason")).to_have_value(OWN_WORDS["en"])
    expect(page.locator("#recipient input[name=recipient][type=checkbox]").first).to_be_checked()
    walk.review()
    expect(page.locator(".sheet").first).to_contain_text(OWN_WORDS["en"])


@pytest.mark.thorough
def test_enter_in_a_field_never_switches_the_language(new_walk: NewWalk) -> None:
    walk = new_walk("fr", java_script_enabled=False).go("write")
    walk.page.fill("#postal_code", "K1A 0A6")
    walk.page.press("#postal_code", "Enter")
    expect(walk.page.locator("html")).to_have_attribute("lang", "fr")
    expect(walk.page.locator("#recipient input[name=recipient][type=checkbox]").first).to_be_checked()


def test_leaving_empties_the_tab_and_takes_the_forms_place_in_the_history(new_walk: NewWalk) -> None:
    walk = new_walk("fr", leaves=True).go().go("write").find().tell()
    page = walk.page
    assert OWN_WORDS["fr"] in (walk.draft() or "")
    page.click("[data-leave]")
    page.wait_for_url(lambda url: not url.startswith(walk.address))
    page.go_back()
    expect(page).to_have_url(f"{walk.address}/fr/child-protection/")
    assert walk.draft() is None
    walk.go("write")
    expect(page.locator("#name")).to_have_value("")


def test_who_is_done_can_erase_what_was_typed(new_walk: NewWalk) -> None:
    walk = new_walk("en").go("write").find().tell().review()
    walk.page.click("[data-erase]")
    walk.page.wait_for_url("**/en/child-protection/#erased")
    expect(walk.page.locator("#erased")).to_be_visible()
    assert walk.draft() is None
    expect(walk.go().page.locator("#erased")).to_be_hidden()


@pytest.mark.thorough
def test_the_preview_says_when_it_is_behind(new_walk: NewWalk) -> None:
    walk = new_walk("en").go("write").find()
    page = walk.page
    expect(page.locator("#previews .sheet")).to_contain_text("Yasir Naqvi")
    page.route("**/preview", lambda route: route.fulfill(status=404, body=""))
    walk.tell()
    expect(page.locator("[data-behind]")).to_be_visible()
    page.unroute("**/preview")
    page.fill("#name", "Someone Else")
    expect(page.locator("#previews .sheet")).to_contain_text("Someone Else")
    expect(page.locator("[data-behind]")).to_be_hidden()


def test_answers_outlive_a_sent_letter_in_this_tab_and_what_was_changed_on_it_does_not(new_walk: NewWalk) -> None:
    walk = new_walk("en").go("write").find().tell()
    previewed = walk.preview()
    page = walk.page
    page.evaluate(
        """async () => {
            const draft = await import(document.querySelector('script[src*=draft]').src);
            draft.keepEdits({ "mp-naqvi": "Changed by hand" });
            draft.forgetEdits();
        }"""
    )
    assert "Changed by hand" not in (walk.draft() or "")
    walk.go("write#email")
    expect(page.locator("#step-about")).to_have_attribute("open", "")
    expect(page.locator("#email")).to_be_focused()
    expect(page.locator("#email")).to_have_value(ABOUT["email"])
    assert walk.preview() == previewed
    assert walk.review().sheet() == previewed

    walk.go("write?to=mp-marc-miller")
    expect(page.locator("#recipient input[name=recipient]:checked")).to_have_count(1)
    expect(page.locator("#recipient-mp-marc-miller")).to_be_checked()
    expect(page.locator("#step-who [data-next]")).to_have_text("Write to Marc Miller")
    expect(page.locator("#step-who h2")).to_have_text("Your letter goes to")
    expect(page.locator("#step-who .done")).to_contain_text("Marc Miller, Minister")
    for name in ("name", "city", "email"):
        expect(page.locator(f"#{name}")).to_have_value(ABOUT[name])
    expect(page.locator("#reason")).to_have_value(OWN_WORDS["en"])
    assert "Camille" not in page.url


def test_a_postal_code_typed_on_the_campaigns_page_wins_over_what_the_tab_kept(new_walk: NewWalk) -> None:
    walk = new_walk("en", width=390).go("write")
    page = walk.page
    page.fill("#postal_code", "K1A 0")
    walk.open_all()
    page.fill("#name", ABOUT["name"])
    page.select_option("#province", "ON")
    walk.go()
    page.fill("#postal_code", "J1H 1A1")
    page.click(".callbar button")
    expect(page.locator("#recipient .who").first).to_contain_text("is your MP")
    expect(page.locator("#postal_code")).to_have_value("J1H 1A1")
    expect(page.locator("#name")).to_have_value(ABOUT["name"])
    expect(page.locator("#province")).to_have_value("QC")
    page.reload()
    expect(page.locator("#postal_code")).to_have_value("J1H 1A1")
    expect(page.locator("#recipient .who").first).to_contain_text("is your MP")

    walk.go()
    page.click(".callbar button")
    expect(page.locator("#postal_code")).to_have_value("J1H 1A1")
    expect(page.locator("#errors")).to_have_count(0)


@pytest.mark.thorough
def test_a_reload_opens_the_step_that_was_open(new_walk: NewWalk) -> None:
    walk = new_walk("en").go("write").find()
    page = walk.page
    page.click("#step-who [data-next]")
    for name, text in ABOUT.items():
        page.fill(f"#{name}", text)
    page.reload()
    expect(page.locator("#step-who .done")).to_have_count(1)
    assert [step.get_attribute("id") for step in page.locator(".step[open]").all()] == ["step-about"]


def test_marks_of_a_mistake_go_once_it_is_corrected(new_walk: NewWalk) -> None:
    walk = new_walk("en").go("write")
    page = walk.page
    page.fill("#postal_code", "K1A 0")
    page.click(".row-in [data-find]")
    expect(page.locator("#postal_code")).to_be_focused()
    expect(page.locator("#postal_code-e")).to_contain_text("incomplete")
    expect(page.locator("#found-said")).to_contain_text("incomplete")
    walk.open_all()
    page.fill("#reason", "Look at www.example.ca")
    expect(page.locator("[data-held-for=reason]")).to_contain_text("left out of the letter for now")
    walk.review()
    expect(page.locator("#errors h2")).to_have_text("5 answers are missing or need fixing")
    walk.find()
    expect(page.locator("#province")).to_have_value("ON")
    expect(page.locator(".missing")).to_have_text(["2 missing", "1 to fix"])
    expect(page.locator("#errors li")).to_have_count(3)
    page.fill("#reason", OWN_WORDS["en"])
    page.fill("#name", ABOUT["name"])
    expect(page.locator(".missing")).to_have_text(["1 missing"])
    page.fill("#city", ABOUT["city"])
    expect(page.locator(".missing, .err, #errors")).to_have_count(0)
    expect(page.locator("[data-held-for=reason]")).to_be_empty()
    walk.find("T0A 1A0")
    expect(page.locator("#province")).to_have_value("AB")

    walk.find().tell().review()
    page.click("[data-send]")
    expect(page.locator("#errors h2")).to_have_text("2 answers are missing")
    page.click("#errors a[href='#age_ok']")
    expect(page.locator("#age_ok-e")).to_be_in_viewport(ratio=1)
    page.check("#age_ok")
    expect(page.locator("#errors h2")).to_have_text("One answer is missing")
    page.check("#consent")
    expect(page.locator(".err, #errors")).to_have_count(0)
