"""Campaigns are changed by form, made from one another and published together, and nobody meets them before that."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.campaigns.campaign_folder import CAMPAIGN
from advocacy.campaigns.documents import stored_campaigns
from advocacy.campaigns.library import lock_campaigns, revise, stored_folder
from advocacy.campaigns.models import Author
from advocacy.language import Language
from advocacy.runtime import Runtime
from advocacy.staff import audit_log
from advocacy.staff.models import Account, AuditEntry, Proposal, Role
from advocacy.web.staff import publish as publish_page
from advocacy.web.staff.publish import MAX_SAMPLES
from tests.builders import the_campaign
from tests.web.public.sender import Sender
from tests.web.shared_site import NOW
from tests.web.staff.browser import Browser, kept_fields
from tests.web.staff.conftest import NewBrowser
from tests.web.staff.letters import fields_of

NAME = "child-protection"
CAMPAIGN_PAGES = f"/staff/campaigns/{NAME}"
PAGE = f"{CAMPAIGN_PAGES}/settings"
SMALL = "preset:clean-air-in-schools"
"""What a new campaign with few letters starts from."""
FORM, SHEET = re.compile(r"<form[^>]* action="), re.compile(r'<div class="sheet[ "]')
"""On pages so long that reading them takes as long as making them."""


def form_of(page: BeautifulSoup) -> dict[str, Any]:
    """Return what a browser would send of the campaign's form."""
    form = page.select_one("form.settings")
    assert form
    return fields_of(form)


def save(browser: Browser, **typed: str) -> Any:
    """Change some fields of the form; `_` stands for the hyphen before a language."""
    changed = {name.replace("_en", "-en").replace("_fr", "-fr"): text for name, text in typed.items()}
    return browser.post(PAGE, {**form_of(browser.page(PAGE)), **changed})


def publish(browser: Browser, name: str = NAME) -> Any:
    """Publish all that is shown to wait."""
    page = browser.page(f"/staff/campaigns/{name}/publish")
    return press(browser, [str(one["value"]) for one in page.select("input[name=revision]")], name)


def press(browser: Browser, shown: Sequence[str], name: str = NAME) -> Any:
    """Publish these revisions, whether or not a page showed the button."""
    return browser.post(f"/staff/campaigns/{name}/publish", {"revision": list(shown), "act": "publish"})


def waits(runtime: Runtime, name: str = NAME) -> list[str]:
    """Return the ids of the revisions that wait."""
    with runtime.sessions() as session:
        return [str(one.newest.id) for one in stored_campaigns(session, name)[name].unpublished]


def ask(browser: Browser, name: str = NAME) -> None:
    """Ask for all that waits to be published."""
    assert browser.post(f"/staff/campaigns/{name}/ask").status_code == 303


def withdraw(browser: Browser, revision: str) -> None:
    """Take back the request for one document."""
    assert browser.post(f"/staff/review/{revision}/withdraw").status_code == 303


def buttons(page: BeautifulSoup) -> list[str]:
    """Return what the forms of the page do, by the end of where each is sent."""
    return [str(one["action"]).rsplit("/", 1)[1] for one in page.select("main form[action]")]


def live_name(runtime: Runtime) -> str:
    """Return the campaign's name as citizens read it."""
    with runtime.sessions() as session:
        return stored_folder(session, NAME).campaign().name.in_language(Language.EN)


def test_the_list_says_where_each_campaign_stands(browser: NewBrowser) -> None:
    page = browser(Role.WRITER).page("/staff/campaigns")
    line = page.select_one(".letterlist li")
    assert line
    said = " ".join(line.get_text().split())
    assert said.startswith("Protecting children online Live Open now · 12 letters are live · last changed on ")


def test_a_form_sent_as_it_is_changes_nothing(browser: NewBrowser, runtime: Runtime) -> None:
    writer = browser(Role.WRITER)
    answer = save(writer)
    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
    with runtime.sessions() as session:
        assert stored_campaigns(session)[NAME].documents["campaign"].newest.number == 1


def test_a_writer_saves_and_a_second_person_publishes(browser: NewBrowser, runtime: Runtime) -> None:
    writer, publisher = browser(Role.WRITER), browser(Role.PUBLISHER)
    assert save(writer, name_en="Safer online").status_code == 303
    assert live_name(runtime) == "Protecting children online"
    ask(writer)
    assert publish(writer).status_code == 403
    difference = publisher.page(f"{CAMPAIGN_PAGES}/publish").select_one(".diff")
    assert difference
    assert [one.get_text() for one in difference.select("del, ins")] == ["Protecting children", "Safer"]
    assert publish(publisher).headers["Location"] == CAMPAIGN_PAGES
    assert live_name(runtime) == "Safer online"
    with runtime.sessions() as session:
        assert [one.answer for one in session.scalars(select(Proposal))] == ["published"]
        assert list(audit_log.find_breaks(session)) == []
        acts = session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert acts == ["revision-saved", "publication-asked", "refused", "published"]


def test_the_request_for_all_of_a_campaign_is_taken_back_where_it_is_shown(browser: NewBrowser) -> None:
    writer, other, room = browser(Role.WRITER), browser(Role.WRITER, who="other"), f"{CAMPAIGN_PAGES}/publish"
    assert save(writer, name_en="Safer online").status_code == 303
    assert "withdraw" not in buttons(writer.page(room))
    ask(writer)
    assert "withdraw" not in buttons(other.page(room))
    assert "withdraw" in buttons(writer.page(room))
    for browsing, stays in ((other, True), (writer, False)):
        assert browsing.post(f"{CAMPAIGN_PAGES}/withdraw").headers["Location"] == room
        assert ("withdraw" in buttons(writer.page(room))) is stays


def test_what_was_not_shown_is_not_published(browser: NewBrowser, runtime: Runtime) -> None:
    writer, publisher = browser(Role.WRITER), browser(Role.PUBLISHER)
    save(writer, name_en="One")
    ask(writer)
    page = publisher.page(f"{CAMPAIGN_PAGES}/publish")
    shown = [str(one["value"]) for one in page.select("input[name=revision]")]
    save(writer, name_en="Two")
    answer = publisher.post(f"{CAMPAIGN_PAGES}/publish", {"revision": shown, "act": "publish"})
    assert answer.status_code == 422
    assert "Check again what would be published" in answer.text
    assert live_name(runtime) == "Protecting children online"
    ask(writer)
    assert publish(publisher).status_code == 303
    again = publisher.post(f"{CAMPAIGN_PAGES}/publish", {"revision": shown, "act": "publish"})  # the second press
    assert (again.status_code, live_name(runtime)) == (303, "Two")


def test_one_person_may_publish_once_a_manager_said_so_twice(browser: NewBrowser, runtime: Runtime) -> None:
    manager, publisher, writer = (browser(role) for role in (Role.MANAGER, Role.PUBLISHER, Role.WRITER))
    assert publisher.post(f"{CAMPAIGN_PAGES}/rule", {"rule": "alone", "sure": "yes"}).status_code == 403
    assert manager.post(f"{CAMPAIGN_PAGES}/rule", {"rule": "alone"}).status_code == 422
    assert manager.post(f"{CAMPAIGN_PAGES}/rule", {"rule": "alone", "sure": "yes"}).status_code == 303
    assert "One person can write and publish" in writer.get(PAGE).text
    save(publisher, name_en="Alone")
    ask(publisher)
    assert "One person can write and publish" in publisher.get(f"{CAMPAIGN_PAGES}/publish").text
    assert publish(publisher).status_code == 303
    save(writer, name_en="A writer alone")
    ask(writer)
    assert publish(writer).status_code == 403
    assert live_name(runtime) == "Alone"
    assert manager.post(f"{CAMPAIGN_PAGES}/rule", {"rule": "two"}).status_code == 303
    with runtime.sessions() as session:
        changes = session.execute(
            select(AuditEntry.before, AuditEntry.after).where(AuditEntry.act == audit_log.Act.RULE_CHANGED)
        ).all()
        published = session.scalar(select(AuditEntry.after).where(AuditEntry.act == audit_log.Act.PUBLISHED))
    assert [tuple(change) for change in changes] == [
        ({"alone": False}, {"alone": True}),
        ({"alone": True}, {"alone": False}),
    ]
    assert published
    assert published["by_its_writer"] is True


def test_what_is_wrong_is_said_first_and_nothing_typed_is_lost(browser: NewBrowser) -> None:
    writer = browser(Role.WRITER)
    answer = save(writer, name_en="", deck_fr="Un nouveau texte.", closes="soon")
    page = BeautifulSoup(answer.data, "lxml")
    assert answer.status_code == 422
    assert [one["href"] for one in page.select("#errors a")] == ["#name-en", "#closes"]
    assert "Name – English: Fill in this field." in page.get_text()
    for field in ("name-en", "closes"):
        one = page.select_one(f"#{field}")
        assert one
        assert (one["aria-invalid"], f"{field}-e" in one["aria-describedby"]) == ("true", True)
    assert form_of(page)["deck-fr"] == "Un nouveau texte."
    assert form_of(page)["closes"] == "soon"


def test_two_people_at_once_lose_no_words(browser: NewBrowser, runtime: Runtime) -> None:
    one, two = browser(Role.WRITER, who="one"), browser(Role.WRITER, who="two")
    first, second = form_of(one.page(PAGE)), form_of(two.page(PAGE))
    assert one.post(PAGE, {**first, "name-en": "Theirs", "deck-en": "Their deck."}).status_code == 303
    answer = two.post(PAGE, {**second, "name-en": "Mine"})
    page = BeautifulSoup(answer.data, "lxml")
    typed = kept_fields(page)
    assert (answer.status_code, typed["name-en"]) == (409, ["Mine"])
    assert "One saved another version" in page.h1.get_text()  # type: ignore[union-attr]
    theirs = [one.get_text() for one in page.select(".diff del")]
    assert {"Theirs", "Their deck"} <= {*theirs}
    assert two.post(PAGE, typed).status_code == 303
    with runtime.sessions() as session:
        file = stored_campaigns(session)[NAME].newest().campaign()
    assert file.name.in_language(Language.EN) == "Mine"


def test_a_copy_is_met_by_nobody_before_it_is_published_whole(browser: NewBrowser, runtime: Runtime) -> None:
    writer, publisher = browser(Role.WRITER), browser(Role.PUBLISHER)
    asked = {"start": f"copy:{NAME}", "address": "a-second-one", "name-en": "A second one", "name-fr": "Une deuxième"}
    assert writer.post("/staff/campaigns/new", asked).headers["Location"] == "/staff/campaigns/a-second-one/setup"
    assert "Draft" in writer.get("/staff/campaigns").text
    public = writer.client
    assert public.get("/en/a-second-one/").status_code == 404
    assert public.get("/en/").headers["Location"] == f"/en/{NAME}/"  # still the only one
    with runtime.sessions() as session:
        made, source = stored_campaigns(session)["a-second-one"], stored_campaigns(session)[NAME]
    assert set(made.documents) == set(source.documents)
    changed = [
        name
        for (name, content), (_, old) in zip(made.newest().files, source.newest().files, strict=True)
        if content != old
    ]
    assert changed == [CAMPAIGN]
    ask(writer, "a-second-one")
    assert publish(writer, "a-second-one").status_code == 403
    assert publish(publisher, "a-second-one").status_code == 303
    assert "A second one" in public.get("/en/a-second-one/").text
    assert public.get("/en/").status_code == 200


def copied(writer: Browser) -> str:
    """Make a campaign that nobody meets, and give where its letters are."""
    asked = {"start": f"copy:{NAME}", "address": "a-second-one", "name-en": "A second one", "name-fr": "Une deuxième"}
    assert writer.post("/staff/campaigns/new", asked).status_code == 303
    return "/staff/campaigns/a-second-one/letters"


def test_the_letters_of_a_new_campaign_open_before_anything_of_it_is_live(
    browser: NewBrowser, runtime: Runtime
) -> None:
    writer = browser(Role.WRITER)
    copied_letters = copied(writer)
    letter = f"{copied_letters}/takedown-and-standards"
    assert writer.page(letter).select_one("form#letter")
    assert writer.page(f"{letter}/fields").select_one("main form")
    assert writer.page(f"{letter}/preview").select(".sheet")
    assert writer.page(copied_letters).select(".letterlist li")
    with runtime.sessions() as session:
        made = stored_campaigns(session)["a-second-one"].documents["takedown-and-standards"].newest.id
    page = writer.page(f"/staff/review/{made}/publish")
    assert not page.select(".notes .mend")
    assert page.select(".diff .chip")
    assert [one["lang"] for one in page.select(".sheet")] == ["fr", "en"]
    [link] = page.select("main .aside .btn-main")
    assert writer.get(str(link["href"])).status_code == 200
    history = writer.page("/staff/history/a-second-one/takedown-and-standards")
    assert "takedown-and-standards" not in history.select_one(".kicker").get_text()  # type: ignore[union-attr]


def test_a_letter_whose_campaign_cannot_be_read_says_so(browser: NewBrowser, runtime: Runtime) -> None:
    writer = browser(Role.WRITER)
    copied_letters = copied(writer)
    letter = f"{copied_letters}/takedown-and-standards"
    with runtime.sessions.begin() as session:
        revise(session, "a-second-one", "campaign", files={CAMPAIGN: b"x = 1"}, author=Author.SITE, now=NOW)
    history = "/staff/history/a-second-one/takedown-and-standards"
    assert writer.get(letter).headers["Location"] == history
    assert "This letter cannot be opened." in writer.page(history).get_text()


def test_letters_are_seen_before_they_are_published_together(browser: NewBrowser) -> None:
    writer = browser(Role.WRITER)
    copied(writer)
    waiting = "/staff/campaigns/a-second-one/publish"
    samples = writer.page(waiting).select_one("#samples")
    assert samples
    assert len(samples.select(".sheet")) == 2 * len(samples.select("h3.document")) == 2 * MAX_SAMPLES
    assert [one["lang"] for one in samples.select(".sheet")] == ["fr", "en"] * MAX_SAMPLES
    links = [str(one["href"]) for one in samples.select(".sheets-nav a")]
    assert len(links) == 4 + len(the_campaign().letters())
    for link in (links[1], links[-1]):
        assert SHEET.search(writer.get(link).text)
    one = writer.get(f"{waiting}?letter=takedown-and-standards&to=senator&look=2")
    assert len(SHEET.findall(one.text)) == 2
    for strange in ("?letter=../x&look=²", "?to=nobody&look=999999999"):
        assert len(SHEET.findall(writer.get(waiting + strange).text)) == 2 * MAX_SAMPLES


def test_a_campaign_has_a_name_that_an_address_can_have(browser: NewBrowser, runtime: Runtime) -> None:
    writer = browser(Role.WRITER)
    for name in ("Big", "a b", "été", "a" * 61, "privacy", NAME, "../x"):
        asked = {"start": f"copy:{NAME}", "address": name, "name-en": "A second one", "name-fr": "Une deuxième"}
        answer = writer.post("/staff/campaigns/new", asked)
        page = BeautifulSoup(answer.data, "lxml")
        assert answer.status_code == 422, name
        assert {one["href"] for one in page.select("#errors a")} == {"#address"}, name
    with runtime.sessions() as session:
        assert list(stored_campaigns(session)) == [NAME]


def test_what_does_not_exist_is_not_found(browser: NewBrowser) -> None:
    manager = browser(Role.MANAGER)
    for path in ("", "/waiting"):
        assert manager.get(f"/staff/campaigns/no-such/settings{path}").status_code == 404
    for path in ("", "/ask", "/publish", "/rule"):
        data = {"rule": "two", "revision": "1"}
        assert manager.post(f"/staff/campaigns/no-such/settings{path}", data).status_code == 404
    assert manager.post("/staff/campaigns/new", {"start": "copy:no-such"}).status_code == 422
    assert manager.post(f"{CAMPAIGN_PAGES}/publish", {"revision": ["x", "9" * 40], "act": "publish"}).status_code == 422


def test_what_was_sent_before_the_last_day_ended_can_be_confirmed_after_it(
    browser: NewBrowser, runtime: Runtime
) -> None:
    writer = browser(Role.WRITER)
    save(writer, closes="2026-11-25")
    ask(writer)
    assert publish(browser(Role.PUBLISHER)).status_code == 303
    sender = Sender(runtime)
    sender.sent()
    sender.clock[0] = NOW + timedelta(hours=20)
    again = sender.visitor.client.post(f"/en/{NAME}/review", data={"csrf_token": sender.visitor.token})
    assert (again.status_code, "can still be confirmed" in again.text) == (410, True)
    link = sender.link()
    assert sender.follow(link).status == 200
    page = sender.answer(link, act="send")
    assert page.answer.headers["Location"].startswith("/en/receipt/")
    assert sender.follow(page.answer.headers["Location"]).status == 200


def test_whoever_loses_the_role_while_their_turn_is_awaited_publishes_nothing(
    browser: NewBrowser, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer, publisher = browser(Role.WRITER), browser(Role.PUBLISHER)
    save(writer, name_en="Protecting everybody online")
    ask(writer)

    def lock_after_a_manager(session: Session) -> None:
        session.scalars(select(Account).where(Account.role == Role.PUBLISHER)).one().role = Role.WRITER
        lock_campaigns(session)

    shown = waits(runtime)
    monkeypatch.setattr(publish_page, "lock_campaigns", lock_after_a_manager)
    assert press(publisher, shown).status_code == 422
    assert waits(runtime) == shown


def test_that_offices_are_named_is_a_setting_that_the_files_say(runtime: Runtime, browser: NewBrowser) -> None:
    writer = browser(Role.WRITER)
    before = newest_content(runtime)
    assert b"show_answers" not in before
    assert save(writer).status_code == 303
    assert newest_content(runtime) == before, "left alone, the file stays byte for byte"
    assert save(writer, show_answers="y").status_code == 303
    assert b"\nshow_answers = true\n" in b"\n" + newest_content(runtime)
    assert writer.page(PAGE).select("[name=show_answers][checked]")


def newest_content(runtime: Runtime) -> bytes:
    """Return the campaign's file as it was saved last."""
    with runtime.sessions() as session:
        return stored_campaigns(session)[NAME].newest().content(CAMPAIGN) or b""
