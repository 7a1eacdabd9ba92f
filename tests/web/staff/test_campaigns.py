"""Campaigns are changed by form, made from one another and published together, and nobody meets them before that."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.app import create_app
from advocacy.campaigns.campaign_folder import CAMPAIGN
from advocacy.campaigns.documents import stored_campaigns
from advocacy.campaigns.library import lock_campaigns, revise, stored_folder
from advocacy.campaigns.models import Author
from advocacy.language import Language
from advocacy.runtime import Runtime
from advocacy.staff import audit_log
from advocacy.staff.models import Account, AuditEntry, Proposal, Role
from advocacy.staff.reviews import authors_of
from advocacy.staff.revisions import save as save_revision
from advocacy.web.staff import publish as publish_page
from advocacy.web.staff.publish import MAX_SAMPLES
from tests.builders import the_campaign
from tests.naughty import TELLING, strings
from tests.web.public.sender import Sender
from tests.web.shared_site import NOW
from tests.web.staff.browser import Browser, kept_fields
from tests.web.staff.conftest import NewBrowser

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
    typed: dict[str, Any] = {
        str(one["name"]): one.get("value", "")
        for one in form.select("input")
        if one.get("type") != "checkbox" or one.has_attr("checked")
    }
    return typed | {
        str(one["name"]): one.get_text().removeprefix("\r").removeprefix("\n") for one in form.select("textarea")
    }


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


def test_whoever_wrote_does_not_publish(browser: NewBrowser, runtime: Runtime) -> None:
    publisher = browser(Role.PUBLISHER)
    save(publisher, name_en="Safer online")
    ask(publisher)
    page = publisher.page(f"{CAMPAIGN_PAGES}/publish")
    assert "To publish in Safer online" in page.get_text()
    assert "another person must publish it" in page.get_text()
    assert buttons(page) == ["bill", "withdraw"]
    assert press(publisher, waits(runtime)).status_code == 422
    assert live_name(runtime) == "Protecting children online"


def test_nothing_is_published_unless_all_of_it_was_asked_for(browser: NewBrowser, runtime: Runtime) -> None:
    writer, publisher = browser(Role.WRITER), browser(Role.PUBLISHER)
    name = "a-second-one"
    source = {"start": SMALL, "address": name, "name-en": "A second one", "name-fr": "Une deuxième"}
    writer.post("/staff/campaigns/new", source)
    ids = waits(runtime, name)
    one, *others = ids

    def refused() -> None:
        answer = press(publisher, ids, name)
        assert (answer.status_code, "must send it first" in answer.text) == (422, True)
        assert not FORM.search(answer.text.partition("<main")[2])
        assert waits(runtime, name) == ids
        assert publisher.get(f"/en/{name}/").status_code == 404

    refused()
    for other in others:
        assert writer.post(f"/staff/review/{other}/ask").status_code == 303
    refused()  # one of them was never asked for
    assert "ask" in buttons(writer.page(f"/staff/campaigns/{name}/publish"))
    ask(writer, name)
    assert buttons(publisher.page(f"/staff/campaigns/{name}/publish")) == ["publish"]
    withdraw(writer, one)
    refused()
    ask(writer, name)
    assert press(publisher, ids, name).status_code == 303
    assert waits(runtime, name) == []


def test_what_was_sent_back_is_written_anew_before_it_is_asked_for(browser: NewBrowser, runtime: Runtime) -> None:
    writer, publisher = browser(Role.WRITER), browser(Role.PUBLISHER)
    save(writer, name_en="Safer online")
    ask(writer)
    ids = waits(runtime)
    assert publisher.post(f"/staff/review/{ids[0]}/publish", {"act": "changes", "note": "Shorter."}).status_code == 303
    page = writer.page(f"{CAMPAIGN_PAGES}/publish")
    assert ("Changes asked" in page.get_text(), buttons(page)) == (True, [])
    press(publisher, ids)
    assert live_name(runtime) == "Protecting children online"


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


def test_whoever_wrote_what_a_copy_brings_does_not_publish_the_copy(browser: NewBrowser, runtime: Runtime) -> None:
    writer, ines = browser(Role.WRITER), browser(Role.PUBLISHER, who="ines")
    second = {"start": SMALL, "address": "a-second-one", "name-en": "Second", "name-fr": "Deuxième"}
    assert ines.post("/staff/campaigns/new", second).status_code == 303
    third = {"start": "copy:a-second-one", "address": "a-third-one", "name-en": "Third", "name-fr": "Troisième"}
    assert writer.post("/staff/campaigns/new", third).status_code == 303
    ask(writer, "a-third-one")
    answer = press(ines, waits(runtime, "a-third-one"), "a-third-one")
    assert (answer.status_code, "You wrote part of this" in answer.text) == (422, True)
    letter = {"start": "ventilation", "title-en": "Copied", "title-fr": "Copiée"}
    assert writer.post("/staff/campaigns/a-second-one/letters/new", letter).status_code == 303
    with runtime.sessions() as session:
        made = stored_campaigns(session)["a-second-one"].documents["copied"].newest.id
        assert authors_of(session, [made])[made] == {writer.account_id, ines.account_id}


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


def test_where_no_letter_waits_the_first_one_is_shown(browser: NewBrowser) -> None:
    writer = browser(Role.WRITER)
    save(writer, name_en="Safer online")
    page = writer.page(f"{CAMPAIGN_PAGES}/publish")
    assert len(page.select("#samples .sheet")) == 2
    assert len(page.select("#samples .sheets-nav")[0].select("a")) == len(the_campaign().letters())


def test_what_a_check_fails_for_is_neither_asked_for_nor_published_together(
    browser: NewBrowser, runtime: Runtime
) -> None:
    writer, publisher = browser(Role.WRITER), browser(Role.PUBLISHER)
    copied(writer)
    with runtime.sessions.begin() as session:
        by = session.get_one(Account, writer.account_id)
        files = dict(stored_campaigns(session)["a-second-one"].newest().documents()["findings"])
        broken = {name: content.replace(b"percent = 95", b"percent = 99", 1) for name, content in files.items()}
        assert broken != files
        save_revision(session, "a-second-one", "findings", files=broken, by=by, now=NOW)
    page = writer.page("/staff/campaigns/a-second-one/publish")
    assert page.select(".notes .mend a")
    assert buttons(page) == []
    assert "There are problems to fix" in page.get_text()
    assert writer.post("/staff/campaigns/a-second-one/ask").status_code == 422
    assert press(publisher, waits(runtime, "a-second-one"), "a-second-one").status_code == 422
    assert buttons(publisher.page("/staff/campaigns/a-second-one/publish")) == []


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


@pytest.mark.parametrize(
    "words", [TELLING, pytest.param(strings(), marks=pytest.mark.thorough)], ids=["telling", "all"]
)
def test_whatever_is_typed_makes_no_mistake_of_the_site(
    browser: NewBrowser, runtime: Runtime, words: Sequence[str]
) -> None:
    writer = browser(Role.WRITER)
    token, form = writer.token, form_of(writer.page(PAGE))
    texts = [name for name in form if name.endswith(("-en", "-fr")) and not name.startswith("chambers")]
    for start in range(0, len(words), len(texts)):
        some = dict(zip(texts, words[start : start + len(texts)], strict=False))
        with runtime.sessions() as session:
            over = stored_campaigns(session)[NAME].documents["campaign"].newest.id
        data = {**form, **some, "over": over, "csrf_token": token}
        answer = writer.client.post(PAGE, data=data)
        assert answer.status_code in {303, 422}, some
        page = writer.get(PAGE)
        assert page.status_code == 200
        assert "<script>" not in page.text.replace('<script type="module"', "")
    for word in words:
        data = {"csrf_token": token, "start": f"copy:{NAME}", "address": word, "name-en": word, "name-fr": word}
        assert writer.client.post("/staff/campaigns/new", data=data).status_code in {303, 422}
        for path in ("publish", "rule"):
            wild = {"csrf_token": token, "revision": word, "rule": word}
            assert writer.client.post(f"{CAMPAIGN_PAGES}/{path}", data=wild).status_code in {403, 422}


def test_a_campaign_is_written_to_between_its_days(browser: NewBrowser, runtime: Runtime) -> None:
    writer, publisher = browser(Role.WRITER), browser(Role.PUBLISHER)
    save(writer, opens="2026-12-01", closes="2026-12-31")
    ask(writer)
    assert publish(publisher).status_code == 303

    def site(day: int) -> Any:
        return create_app(runtime, now=lambda: NOW + timedelta(days=day)).test_client()

    before = site(0)
    for path in ("", "write"):
        answer = before.get(f"/en/{NAME}/{path}")
        assert (answer.status_code, "opens on December 1, 2026" in answer.text) == (404, True)
    assert "No campaign is open" in before.get("/en/").text
    during = site(20)
    assert during.get(f"/en/{NAME}/write").status_code == 200
    assert "until December 31, 2026" in during.get(f"/en/{NAME}/").text
    after = site(37)
    page = after.get(f"/fr/{NAME}/")
    assert (page.status_code, "Closed" in after.get(f"/en/{NAME}/").text) == (200, True)
    assert f"/fr/{NAME}/write" not in page.text
    answer = after.get(f"/en/{NAME}/write")
    assert (answer.status_code, "closed on December 31, 2026" in answer.text) == (410, True)


def test_the_last_day_ends_when_it_ends_in_ottawa(browser: NewBrowser, runtime: Runtime) -> None:
    writer = browser(Role.WRITER)
    save(writer, closes="2026-11-25")
    ask(writer)
    assert publish(browser(Role.PUBLISHER)).status_code == 303
    for hours, status in ((16, 200), (18, 410)):  # noon in UTC and as many hours more: midnight in Ottawa is 17
        app: Flask = create_app(runtime, now=lambda hours=hours: NOW + timedelta(hours=hours))  # type: ignore[misc]
        assert app.test_client().get(f"/en/{NAME}/write").status_code == status


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
