"""Two tabs, and two writers, at one letter: each learns of the other, and no words are lost."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import func, select

from advocacy.runtime import Runtime
from advocacy.staff.models import Account, Draft, Role
from tests.web.shared_site import NOW
from tests.web.staff.browser import Browser, sign_in
from tests.web.staff.conftest import NewBrowser
from tests.web.staff.letters import LETTER, SUBJECT, fields, open_and_press

FRENCH = "s0.v0.c0.fr"
OTHER = "s3.v0.c0.en"


def settle(browser: Browser, act: str) -> BeautifulSoup:
    """Press one of the buttons that decide over a draft as a whole."""
    version = fields(browser.page(LETTER))["version"]
    answer = browser.post(f"{LETTER}/draft", {"act": act, "version": version}, follow_redirects=True)
    assert answer.status_code == 200
    return BeautifulSoup(answer.data, "lxml")


def test_a_second_tab_learns_of_the_first_and_keeps_its_words(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    second_tab = fields(one.page(LETTER))
    open_and_press(one, "draft", **{SUBJECT: "The first tab"})
    answer = one.post(LETTER, {**second_tab, SUBJECT: "The second tab", "act": "draft"})
    page = BeautifulSoup(answer.data, "lxml")
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
    open_and_press(one, "draft", **{SUBJECT: "A law for [riding], [95% · removal required by law]"})
    answer = one.post(LETTER, {**second_tab, SUBJECT: "A law", "act": "draft"})
    told = BeautifulSoup(answer.data, "lxml").select_one(".conflict")
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


def test_of_two_tabs_saving_at_once_one_alone_succeeds(app: Flask, runtime: Runtime) -> None:
    tabs = [sign_in(app, runtime, Role.WRITER, NOW) for _ in range(2)]
    sent = [{**fields(tab.page(LETTER)), SUBJECT: f"Tab {number}", "act": "auto"} for number, tab in enumerate(tabs)]
    tokens = [tab.token for tab in tabs]

    def save(number: int) -> int:
        return tabs[number].client.post(LETTER, data={"csrf_token": tokens[number], **sent[number]}).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(save, range(2))) == [200, 409]


def test_a_tab_left_open_after_the_draft_was_saved_loses_nothing(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    open_and_press(one, "draft", **{SUBJECT: "The draft"})
    left_open = fields(one.page(LETTER))
    open_and_press(one, "save")
    answer = one.post(LETTER, {**left_open, SUBJECT: "Typed in the tab left open", "act": "draft"})
    assert answer.status_code == 409
    assert "Typed in the tab left open" in answer.text


def test_a_writer_learns_what_another_saved_and_keeps_their_own(browser: NewBrowser) -> None:
    maude, ines = browser(Role.WRITER, who="maude"), browser(Role.WRITER, who="ines")
    open_and_press(maude, "draft", **{SUBJECT: "The words of Maude"})
    open_and_press(ines, "save", **{SUBJECT: "The words of Ines"})
    page = maude.page(LETTER)
    notice = page.select_one(".conflict")
    assert notice
    assert "Ines saved revision 2 after your draft began" in notice.text
    assert "Ines" in "".join(one.text for one in notice.select("ins"))
    assert fields(page)[SUBJECT] == "The words of Maude"
    assert "Not saved yet" in open_and_press(maude, "save").text
    assert not settle(maude, "keep").select(".conflict")
    assert "Saved as revision 3" in open_and_press(maude, "save").text


def test_taking_theirs_can_be_undone_and_done_again(browser: NewBrowser) -> None:
    maude, ines = browser(Role.WRITER, who="maude"), browser(Role.WRITER, who="ines")
    open_and_press(maude, "draft", **{SUBJECT: "The words of Maude"})
    open_and_press(ines, "save", **{SUBJECT: "The words of Ines"})
    assert fields(settle(maude, "take"))[SUBJECT] == "The words of Ines"
    undone = open_and_press(maude, "undo")
    assert fields(undone)[SUBJECT] == "The words of Maude"
    assert "Ines saved revision 2 after your draft began" in undone.text
    assert fields(open_and_press(maude, "redo"))[SUBJECT] == "The words of Ines"


def joined(browser: NewBrowser) -> Browser:
    """Two writers change the subject, each in their own way; one of them puts both together."""
    maude, ines = browser(Role.WRITER, who="maude"), browser(Role.WRITER, who="ines")
    open_and_press(maude, "draft", **{SUBJECT: "Subject of Maude", OTHER: "Paragraph of Maude."})
    open_and_press(ines, "save", **{SUBJECT: "Subject of Ines for [riding]", FRENCH: "Objet d’Ines"})
    words = fields(settle(maude, "join"))
    assert (words[SUBJECT], words[FRENCH], words[OTHER]) == ("Subject of Maude", "Objet d’Ines", "Paragraph of Maude.")
    return maude


def passages(page: BeautifulSoup) -> dict[str, str]:
    """Read what is to be compared off a page: the other's words by the cell they are about."""
    told = page.select(".conflict .diffrow")
    return {str(one.select_one("a[data-cell]")["href"]): one.select_one("ins").text for one in told}  # type: ignore[index, union-attr]


def test_both_sets_of_words_are_put_together_and_the_others_stay_beside(browser: NewBrowser) -> None:
    maude = joined(browser)
    page = maude.page(LETTER)
    told = page.select_one(".conflict")
    assert told
    assert "One text that you both changed" in told.text
    assert "what Ines has in revision 2" in told.text
    assert list(passages(page)) == ["#s0-v0-c0-en"]
    assert "Ines" in passages(page)["#s0-v0-c0-en"]
    assert told.select_one("ins .chip.mine").text == "riding"  # type: ignore[union-attr]
    assert "first compare the texts" in open_and_press(maude, "save").text
    done = settle(maude, "compared")
    assert not done.select(".conflict")
    assert fields(done)[SUBJECT] == "Subject of Maude"
    assert "Saved as revision 3" in open_and_press(maude, "save").text


def test_the_others_words_are_put_in_the_place_of_ones_own(browser: NewBrowser) -> None:
    maude = joined(browser)
    assert maude.post(LETTER, {**fields(maude.page(LETTER)), "act": "theirs:s1.v0.c0.en"}).status_code == 400
    page = open_and_press(maude, f"theirs:{SUBJECT}")
    assert fields(page)[SUBJECT] == "Subject of Ines for [riding]"
    assert not page.select(".conflict")
    assert not open_and_press(maude, "draft", **{SUBJECT: "Subject of Maude again"}).select(".conflict")


def test_what_is_to_be_compared_moves_with_its_paragraph(browser: NewBrowser) -> None:
    maude, ines = browser(Role.WRITER, who="maude"), browser(Role.WRITER, who="ines")
    open_and_press(maude, "draft", **{OTHER: "Paragraph of Maude."})
    open_and_press(ines, "save", **{OTHER: "Paragraph of Ines."})
    settle(maude, "join")
    page = open_and_press(maude, "add-section:1")
    assert list(passages(page)) == ["#s4-v0-c0-en"]
    assert fields(page)["s4.v0.c0.en"] == "Paragraph of Maude."
    assert list(passages(open_and_press(maude, "move:4:-1"))) == ["#s3-v0-c0-en"]
    assert not open_and_press(maude, "remove-section:3").select(".conflict")


def test_what_is_to_be_compared_stays_with_the_words_it_was_put_beside(browser: NewBrowser) -> None:
    maude = joined(browser)
    assert "texts that you both changed" not in open_and_press(maude, "undo").text
    assert list(passages(open_and_press(maude, "redo"))) == ["#s0-v0-c0-en"]


def test_a_page_that_is_open_learns_of_others_with_every_answer(browser: NewBrowser) -> None:
    maude, ines = browser(Role.WRITER, who="maude"), browser(Role.WRITER, who="ines")
    left_open = fields(maude.page(LETTER))
    assert auto(maude, left_open)["news"] == []
    open_and_press(ines, "draft", **{SUBJECT: "The words of Ines"})
    [news] = auto(maude, left_open)["news"]
    assert "Ines is writing a draft of this letter too" in news["said"]
    assert "Ines has a draft of this letter too" in auto(maude, left_open)["notices"]
    open_and_press(ines, "save")
    [news] = auto(maude, left_open)["news"]
    assert "Ines saved revision 2 meanwhile" in news["said"]
    answer = maude.get(f"{LETTER}/meanwhile?over={left_open['over']}")
    assert answer.json["news"] == [news]  # type: ignore[index]
    assert news["key"] in maude.page(LETTER).select_one("[data-news]")["data-known"]  # type: ignore[index]
    told = maude.get(f"{LETTER}/meanwhile").get_json()  # a page that names no revision goes on from the newest
    assert not [one for one in told["news"] if one["key"].startswith("revision:")]


def auto(browser: Browser, sent: dict[str, Any]) -> Any:
    """Keep what is typed as the script does, and give what is told of others."""
    answer = browser.post(LETTER, {**sent, "act": "auto"})
    assert answer.status_code == 200
    return answer.json["meanwhile"]  # type: ignore[index]


def test_a_page_left_open_on_which_nothing_was_typed_writes_nothing_over(browser: NewBrowser, runtime: Runtime) -> None:
    maude, ines = browser(Role.WRITER, who="maude"), browser(Role.WRITER, who="ines")
    left_open = fields(maude.page(LETTER))
    open_and_press(ines, "save", **{SUBJECT: "The words of Ines"})
    for act in ("go:letter", "draft", "save"):
        answer = maude.post(LETTER, {**left_open, "act": act}, follow_redirects=True)
        page = BeautifulSoup(answer.data, "lxml")
        assert not page.select(".conflict")
        assert fields(page)[SUBJECT] == "The words of Ines"
    with runtime.sessions() as session:
        assert session.scalar(select(func.count(Draft.id))) == 0


def test_publication_is_offered_to_whoever_may_ask_for_it(browser: NewBrowser) -> None:
    maude, ines = browser(Role.WRITER, who="maude"), browser(Role.WRITER, who="ines")
    assert "Send for review" in open_and_press(ines, "save", **{SUBJECT: "The words of Ines"}).text
    page = maude.page(LETTER)
    assert "Send for review" not in page.select_one(".editor-bar").text  # type: ignore[union-attr]
    assert page.select_one(".titlebar .btn-main")["value"] == "save"  # type: ignore[index]


def test_another_persons_draft_cannot_be_settled(browser: NewBrowser, runtime: Runtime) -> None:
    maude, ines = browser(Role.WRITER, who="maude"), browser(Role.WRITER, who="ines")
    open_and_press(maude, "draft", **{SUBJECT: "The words of Maude"})
    answer = ines.post(f"{LETTER}/draft", {"act": "discard", "version": "1"}, follow_redirects=True)
    assert "saved in the meantime" in answer.text
    with runtime.sessions() as session:
        owner = session.scalars(select(Account).join(Draft, Draft.account_id == Account.id)).one()
    assert owner.name == "Maude"


def test_a_decision_that_is_none_is_refused(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    open_and_press(one, "draft", **{SUBJECT: "Words"})
    assert one.post(f"{LETTER}/draft", {"act": "burn", "version": "1"}).status_code == 400
    assert one.post(f"{LETTER}/draft", {"act": "keep", "version": "x"}).status_code == 400
