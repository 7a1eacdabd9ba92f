"""Two tabs, and two writers, at one letter: each learns of the other, and no words are lost."""

from concurrent.futures import ThreadPoolExecutor

from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select

from advocacy.app import Parts
from advocacy.staff.models import Account, Draft
from advocacy.staff.roles import Role
from tests.web.conftest import NOW
from tests.web.staff.browser import Browser, sign_in
from tests.web.staff.conftest import NewBrowser
from tests.web.staff.letters import LETTER, SUBJECT, fields, press

FRENCH = "s0.v0.c0.fr"
OTHER = "s3.v0.c0.en"


def settle(browser: Browser, act: str) -> BeautifulSoup:
    """Press one of the buttons that decide over a draft as a whole."""
    version = fields(browser.page(LETTER))["version"]
    answer = browser.post(f"{LETTER}/draft", {"act": act, "version": version}, follow_redirects=True)
    assert answer.status_code == 200
    return BeautifulSoup(answer.data, "html5lib")


def test_a_second_tab_learns_of_the_first_and_keeps_its_words(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    second_tab = fields(one.page(LETTER))
    press(one, "draft", **{SUBJECT: "The first tab"})
    answer = one.post(LETTER, {**second_tab, SUBJECT: "The second tab", "act": "draft"})
    page = BeautifulSoup(answer.data, "html5lib")
    assert answer.status_code == 409
    assert fields(page)[SUBJECT] == "The second tab"
    assert "first" in page.select_one(".conflict ins").text  # type: ignore[union-attr]
    assert fields(one.page(LETTER))[SUBJECT] == "The first tab"
    kept = one.post(LETTER, {**fields(page), "act": "draft"})
    assert kept.status_code == 303
    assert fields(one.page(LETTER))[SUBJECT] == "The second tab"


def test_what_another_tab_changed_shows_its_labels_as_everywhere(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    second_tab = fields(one.page(LETTER))
    press(one, "draft", **{SUBJECT: "A law for [riding], [95% · removal required by law]"})
    answer = one.post(LETTER, {**second_tab, SUBJECT: "A law", "act": "draft"})
    told = BeautifulSoup(answer.data, "html5lib").select_one(".conflict")
    assert told
    assert {chip.text: chip["class"] for chip in told.select("ins .chip")} == {
        "riding": ["chip", "mine"],
        "95% · removal required by law": ["chip"],
    }
    assert "[" not in told.text
    assert "{" not in told.text


def test_the_script_is_told_of_another_tab_and_nothing_is_written_over(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    second_tab = fields(one.page(LETTER))
    first = one.post(LETTER, {**second_tab, SUBJECT: "The first tab", "act": "auto"})
    assert (first.status_code, first.json["version"]) == (200, 1)  # type: ignore[index]
    assert "Draft saved" in first.json["saved"]  # type: ignore[index]
    second = one.post(LETTER, {**second_tab, SUBJECT: "The second tab", "act": "auto"})
    assert (second.status_code, second.json) == (409, {"conflict": True})
    assert fields(one.page(LETTER))[SUBJECT] == "The first tab"


def test_of_two_tabs_saving_at_once_one_alone_succeeds(app: Flask, parts: Parts) -> None:
    tabs = [sign_in(app, parts, Role.WRITER, NOW) for _ in range(2)]
    sent = [{**fields(tab.page(LETTER)), SUBJECT: f"Tab {number}", "act": "auto"} for number, tab in enumerate(tabs)]
    tokens = [tab.token() for tab in tabs]

    def save(number: int) -> int:
        return tabs[number].client.post(LETTER, data={"csrf_token": tokens[number], **sent[number]}).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(save, range(2))) == [200, 409]


def test_a_tab_left_open_after_the_draft_was_saved_loses_nothing(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    press(one, "draft", **{SUBJECT: "The draft"})
    left_open = fields(one.page(LETTER))
    press(one, "save")
    answer = one.post(LETTER, {**left_open, SUBJECT: "Typed in the tab left open", "act": "draft"})
    assert answer.status_code == 409
    assert "Typed in the tab left open" in answer.text


def test_a_writer_learns_what_another_saved_and_keeps_their_own(browser: NewBrowser) -> None:
    maude, ines = browser(Role.WRITER, who="maude"), browser(Role.WRITER, who="ines")
    press(maude, "draft", **{SUBJECT: "The words of Maude"})
    press(ines, "save", **{SUBJECT: "The words of Ines"})
    page = maude.page(LETTER)
    notice = page.select_one(".conflict")
    assert notice
    assert "Ines saved revision 2 after your draft began" in notice.text
    assert "Ines" in "".join(one.text for one in notice.select("ins"))
    assert fields(page)[SUBJECT] == "The words of Maude"
    assert "Not saved yet" in press(maude, "save").text
    assert not settle(maude, "keep").select(".conflict")
    assert "Saved as revision 3" in press(maude, "save").text


def test_taking_theirs_sets_ones_own_aside_to_be_brought_back(browser: NewBrowser) -> None:
    maude, ines = browser(Role.WRITER, who="maude"), browser(Role.WRITER, who="ines")
    press(maude, "draft", **{SUBJECT: "The words of Maude"})
    press(ines, "save", **{SUBJECT: "The words of Ines"})
    assert fields(settle(maude, "take"))[SUBJECT] == "The words of Ines"
    assert fields(settle(maude, "back"))[SUBJECT] == "The words of Maude"
    assert fields(settle(maude, "back"))[SUBJECT] == "The words of Ines"


def test_both_sets_of_words_are_put_together(browser: NewBrowser) -> None:
    maude, ines = browser(Role.WRITER, who="maude"), browser(Role.WRITER, who="ines")
    press(maude, "draft", **{SUBJECT: "Subject of Maude", OTHER: "Paragraph of Maude."})
    press(ines, "save", **{SUBJECT: "Subject of Ines", FRENCH: "Objet d’Ines"})
    joined = settle(maude, "join")
    assert "Where you both changed the same text, your words stand" in joined.text
    words = fields(joined)
    assert (words[SUBJECT], words[FRENCH], words[OTHER]) == ("Subject of Maude", "Objet d’Ines", "Paragraph of Maude.")


def test_another_persons_draft_cannot_be_settled(browser: NewBrowser, parts: Parts) -> None:
    maude, ines = browser(Role.WRITER, who="maude"), browser(Role.WRITER, who="ines")
    press(maude, "draft", **{SUBJECT: "The words of Maude"})
    answer = ines.post(f"{LETTER}/draft", {"act": "discard", "version": "1"}, follow_redirects=True)
    assert "saved meanwhile" in answer.text
    with parts.sessions() as session:
        owner = session.scalars(select(Account).join(Draft, Draft.account_id == Account.id)).one()
    assert owner.name == "Maude"


def test_a_decision_that_is_none_is_refused(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    press(one, "draft", **{SUBJECT: "Words"})
    assert one.post(f"{LETTER}/draft", {"act": "burn", "version": "1"}).status_code == 400
    assert one.post(f"{LETTER}/draft", {"act": "keep", "version": "x"}).status_code == 400
