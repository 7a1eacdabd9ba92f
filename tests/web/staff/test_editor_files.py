"""A letter's source, its fields, and a new letter: the same draft, the same checks, whatever the page."""

from bs4 import BeautifulSoup
from sqlalchemy import select

from advocacy.campaigns.library import stored_folder
from advocacy.campaigns.models import Document, Revision
from advocacy.language import Language
from advocacy.runtime import Runtime
from advocacy.staff.models import Draft, Role
from tests.builders import the_campaign
from tests.web.staff.browser import Browser
from tests.web.staff.conftest import NewBrowser
from tests.web.staff.letters import LETTER, SUBJECT, fields, press

SOURCE, FIELDS = f"{LETTER}/source", f"{LETTER}/fields"
NEW_LETTER = "/staff/campaigns/child-protection/letters/new"


def send_fields(browser: Browser, row: str = "", **typed: str) -> BeautifulSoup:
    """Open the settings, type, and press the button that saves, or one that changes the rows of a list."""
    sent = {**fields(browser.page(FIELDS), "settings"), **typed, **({"row": row} if row else {})}
    answer = browser.post(FIELDS, sent, follow_redirects=True)
    assert answer.status_code in {200, 422}, answer.status_code
    return BeautifulSoup(answer.data, "lxml")


def test_the_source_is_the_file_to_the_byte(browser: NewBrowser, runtime: Runtime) -> None:
    shown = fields(browser(Role.WRITER).page(SOURCE), "source")
    with runtime.sessions() as session:
        folder = stored_folder(session, "child-protection")
    for name, file in (("fr", "fr.md"), ("en", "en.md"), ("toml", "letter.toml")):
        assert shown[name].encode() == folder.content(f"takedown-and-standards/{file}")


def test_source_and_text_are_one_draft(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    press(one, "draft", **{SUBJECT: "From the text"})
    page = fields(one.page(SOURCE), "source")
    assert "# From the text\n" in page["en"]
    changed = page["en"].replace("From the text", "From the source")
    assert one.post(SOURCE, {**page, "en": changed, "act": "text"}).status_code == 303
    assert fields(one.page(LETTER))[SUBJECT] == "From the source"


def test_looking_at_the_source_keeps_empty_paragraphs(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    press(one, "add-section:1")
    page = fields(one.page(SOURCE), "source")
    one.post(SOURCE, {**page, "act": "text"})
    assert fields(one.page(LETTER))["s2.v0.c0.en"] == ""


def test_a_problem_of_the_source_has_its_line_and_column(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    page = fields(one.page(SOURCE), "source")
    broken = page["en"].replace("{{ citizen.riding }}", "{{ citizen.colour }}", 1)
    one.post(SOURCE, {**page, "en": broken, "act": "draft"})
    link = one.page(SOURCE).select_one("[data-problems] a, .notes a.to-cell")
    assert link
    before, _, line = page["en"].split("{{ citizen.riding }}")[0].rpartition("\n")
    place = (str(before.count("\n") + 2), str(len(line) + len("{{ ") + 1))
    assert (link["href"], link["data-line"], link["data-column"]) == ("#file-en", *place)
    assert one.get(LETTER).status_code == 200


def test_another_tab_at_the_source_loses_nothing(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    tab = fields(one.page(SOURCE), "source")
    press(one, "draft", **{SUBJECT: "The first tab"})
    answer = one.post(SOURCE, {**tab, "en": "# The second tab\n", "act": "draft"})
    assert answer.status_code == 409
    assert "# The second tab" in answer.text
    assert one.post(SOURCE, {**tab, "en": "x" * 20_001}).status_code == 422


def test_a_list_of_answers_is_called_by_its_answers(browser: NewBrowser) -> None:
    chosen = browser(Role.WRITER).page(FIELDS).select_one("select[name$=choices] option[selected]")
    assert chosen
    assert chosen.get_text() == "I prefer not to say, Concerned citizen, Parent…"


def test_a_letters_file_that_cannot_be_read_still_opens_and_is_mended(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    page = fields(one.page(SOURCE), "source")
    one.post(SOURCE, {**page, "toml": "title = [", "act": "draft"})
    assert one.get(LETTER).status_code == 200
    assert one.get(FIELDS).status_code == 200
    again = fields(one.page(SOURCE), "source")
    assert again["toml"] == "title = ["
    assert one.post(SOURCE, {**again, "toml": page["toml"], "act": "draft"}).status_code == 303


def test_fields_that_stay_as_they_are_make_no_draft(browser: NewBrowser, runtime: Runtime) -> None:
    page = send_fields(browser(Role.WRITER))
    assert "Nothing was changed" in page.text
    with runtime.sessions() as session:
        assert session.scalars(select(Draft)).all() == []


def test_a_question_changes_and_comments_stay(browser: NewBrowser, runtime: Runtime) -> None:
    one = browser(Role.WRITER)
    typed = {
        "questions-0-label_-en": "I write as",
        "questions-0-required": "y",
        "questions-1-max_characters": "800",
        "offer": "never",
    }
    page = send_fields(one, **typed)
    assert "Draft saved" in page.text
    with runtime.sessions() as session:
        toml = session.scalars(select(Draft)).one().files["takedown-and-standards/letter.toml"]
    assert 'label.en = "I write as"' in toml
    assert "required = true" in toml
    assert "max_characters = 800" in toml
    assert 'offer = "never"' in toml
    assert "# Every figure and quote" in toml


NEW = {"questions-3-label_-en": "Hobby", "questions-3-label_-fr": "Loisir"}


def added(browser: Browser, **typed: str) -> BeautifulSoup:
    """Add a question, and save what is typed."""
    sent = {**fields(send_fields(browser, "questions:add"), "settings"), **NEW, **typed}
    answer = browser.post(FIELDS, sent, follow_redirects=True)
    return BeautifulSoup(answer.data, "lxml")


def test_a_question_comes_is_used_and_is_not_removed_unseen(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    assert "Draft saved" in added(one).text
    press(one, "draft", **{SUBJECT: "My hobby is [hobby]", "s0.v0.c0.fr": "Mon loisir est [loisir]"})
    asked = send_fields(one, "questions-3:remove")
    assert "This question is in use" in asked.text
    assert {str(link["href"]).split("#")[1] for link in asked.select(".second li a")} == {"s0-v0-c0-en", "s0-v0-c0-fr"}
    sure = {**fields(asked, "settings"), "row": "questions-3:remove"}
    gone = BeautifulSoup(one.post(FIELDS, sure).data, "lxml")
    assert one.post(FIELDS, fields(gone, "settings")).status_code == 303
    assert "Hobby" not in str(fields(one.page(FIELDS), "settings"))
    press(one, "undo")
    assert "Hobby" in str(fields(one.page(FIELDS), "settings"))


def test_an_answer_invented_for_a_new_question_looks_as_invented_as_the_others(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    added(one)
    typed = {"s4.v0.c0.en": "I like [hobby].", "s4.v0.c0.fr": "J’aime [loisir]."}
    asked = press(one, "save", **typed).select_one('a[href$="/publish"]')
    assert asked
    for path in (f"{LETTER}/preview?mine=0", str(asked["href"])):
        filled = {blank.text for blank in one.page(path).select(".sheet .body .fill")}
        assert {"Hobby (sample)", "Loisir (exemple)"} <= filled, path


def test_a_question_can_ask_for_a_date_which_a_preview_shows_in_its_language(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    added(one, **{"questions-3-kind": "date"})
    press(one, "draft", **{"s4.v0.c0.en": "It was on [hobby].", "s4.v0.c0.fr": "C’était le [loisir]."})
    filled = {blank.text for blank in one.page(f"{LETTER}/preview?mine=0").select(".sheet .body .fill")}
    assert {"November 28, 2026", "28 novembre 2026"} <= filled


def test_settings_that_cannot_be_are_refused_with_everything_kept(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    wrong = {
        "title-fr": "",
        "questions-0-choices": "",
        "questions-1-max_characters": "many",
        "questions-1-least": "90",
        "questions-1-most": "20",
        "questions-1-starters-0-fr": "",
    }
    page = send_fields(one, **wrong)
    ids = {str(link["href"]) for link in page.select("#errors a")}
    assert ids == {f"#{name}" for name in wrong if name != "questions-1-most"}
    assert fields(page, "settings")["questions-1-max_characters"] == "many"


def test_a_name_left_empty_is_made_from_the_english_question(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    added(one, **{"questions-3-label_-en": "Your École, 2nd"})
    assert fields(one.page(FIELDS), "settings")["questions-3-key"] == "your_ecole_2nd"


def test_names_that_the_form_has_already_are_refused(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    for key in ("name", "citizen", "consent", "relationship", "Ünfit"):
        page = added(one, **{"questions-3-key": key})
        assert [str(link["href"]) for link in page.select("#errors a")] == ["#questions-3-key"], key


def test_a_question_moves(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    moved = send_fields(one, "questions-0:down")
    assert fields(moved, "settings")["questions-0-key"] == "reason"
    assert one.post(FIELDS, fields(moved, "settings")).status_code == 303
    assert fields(one.page(FIELDS), "settings")["questions-0-key"] == "reason"


def test_another_tab_at_the_settings_loses_nothing(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    tab = fields(one.page(FIELDS), "settings")
    press(one, "draft", **{SUBJECT: "The first tab"})
    answer = one.post(FIELDS, {**tab, "title-en": "The second tab"})
    assert answer.status_code == 409
    again = fields(BeautifulSoup(answer.data, "lxml"), "settings")
    assert again["title-en"] == "The second tab"
    assert one.post(FIELDS, again).status_code == 303
    assert fields(one.page(LETTER))[SUBJECT] == "The first tab"


def test_a_new_letter_is_a_copy_that_nobody_meets_yet(browser: NewBrowser, runtime: Runtime) -> None:
    one = browser(Role.WRITER)
    typed = {"start": "safety-standards", "title-fr": "Une nouvelle lettre", "title-en": "A new letter"}
    answer = one.post(NEW_LETTER, typed)
    assert answer.headers["Location"] == "/staff/campaigns/child-protection/letters/a-new-letter"
    page = one.page(answer.headers["Location"])
    assert page.h1
    assert page.h1.text == "A new letter"
    assert "A new letter" in one.page("/staff/campaigns/child-protection/letters").text
    with runtime.sessions() as session:
        made = session.scalars(select(Revision).join(Document).where(Document.name == "a-new-letter")).one()
        assert {file.name for file in made.files} == {
            f"a-new-letter/{name}" for name in ("en.md", "fr.md", "letter.toml")
        }
        assert "a-new-letter" not in stored_folder(session, "child-protection").letters()
    assert one.post(NEW_LETTER, typed).headers["Location"] != answer.headers["Location"]


def test_a_new_letter_wants_its_title_in_both_languages(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    offered = " ".join(label.get_text() for label in one.page(NEW_LETTER).select("label"))
    assert the_campaign().letter("mandatory-takedown").title[Language.EN] in offered
    answer = one.post(NEW_LETTER, {"start": "safety-standards", "title-en": "Kept"})
    assert answer.status_code == 422
    page = BeautifulSoup(answer.data, "lxml")
    assert {str(link["href"]) for link in page.select("#errors a")} == {"#title-fr"}
    assert page.find(id="title-en")["value"] == "Kept"  # type: ignore[index]
