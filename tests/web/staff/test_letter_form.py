"""The form of a letter: its name, its questions with the fields of their kind, the answers where they are used."""

from bs4 import BeautifulSoup

from advocacy.campaigns.library import newest_folder
from advocacy.runtime import Runtime
from advocacy.staff.models import Role
from tests.web.staff.browser import kept_fields
from tests.web.staff.conftest import NewBrowser
from tests.web.staff.letters import FORM, LETTER, press, question


def headings(page: BeautifulSoup) -> list[str]:
    return [heading.text for heading in page.select("h3")]


def test_a_question_shows_the_fields_of_its_kind(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    choice, words = question(one, "relationship"), question(one, "reason")
    assert "relationship-answers-1-label_-fr" in choice
    assert "relationship-least" not in choice
    assert "reason-least" in words
    assert not any("answers" in name or "max_ticks" in name for name in words)
    assert "Name in the source" not in one.page(FORM).get_text()


def test_the_name_and_kind_of_a_letter_are_saved_for_the_team(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    sent = {**question(one, "offer"), "offer-title-en": "Removal by law", "offer-kind": "thanks"}
    assert one.post(FORM, sent).status_code == 303
    assert one.page(LETTER).h1.text.startswith("Removal by law")  # type: ignore[union-attr]
    assert question(one, "offer")["offer-kind"] == "thanks"
    assert one.post(FORM, sent).status_code == 409


def test_an_answer_is_changed_where_it_is_used_and_other_letters_are_named(
    browser: NewBrowser, runtime: Runtime
) -> None:
    one = browser(Role.WRITER)
    assert "Also used by: " in one.page(FORM).get_text()
    sent = {**question(one, "relationship"), "relationship-answers-1-label_-en": "A citizen", "act": "save"}
    assert one.post(FORM, sent).status_code == 303
    with runtime.sessions() as session:
        options = newest_folder(session, "child-protection").sentences().choices["relationship"]
    assert options[1].label["en"] == "A citizen"  # type: ignore[index]
    assert one.post(FORM, {**sent, "relationship-answers-1-label_-en": "Another"}).status_code == 409


def test_who_saved_an_answer_of_another_letter_is_named_and_what_was_pressed_is_done_over_it(
    browser: NewBrowser,
) -> None:
    maude, ines = browser(Role.WRITER, who="maude"), browser(Role.WRITER, who="ines")
    before = headings(maude.page(FORM))
    older = {**question(maude, "relationship"), "act": "down"}
    another = FORM.replace("mandatory-takedown", "takedown-and-standards")
    sent = {**question(ines, "relationship", another), "relationship-answers-1-label_-en": "A citizen", "act": "save"}
    assert ines.post(another, sent).status_code == 303
    page = BeautifulSoup(maude.post(FORM, older).data, "lxml")
    assert page.h1.get_text().startswith("Ines saved another version")  # type: ignore[union-attr]
    assert maude.post(FORM, kept_fields(page)).status_code == 303
    assert headings(maude.page(FORM)) != before


def test_rows_come_and_go_before_they_are_saved(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    sent = question(one, "relationship")
    rows = sum(name.endswith("-label_-en") and "answers" in name for name in sent)
    page = BeautifulSoup(one.post(FORM, {**sent, "row": "relationship-answers:add"}).data, "lxml")
    assert page.select_one(f"[name='relationship-answers-{rows}-label_-fr']")
    page = BeautifulSoup(one.post(FORM, {**sent, "row": "relationship-answers-0:remove"}).data, "lxml")
    assert not page.select_one(f"[name='relationship-answers-{rows - 1}-label_-fr']")


def test_lines_in_one_language_need_as_many_in_the_other(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    sent = question(one, "reason")
    answer = one.post(FORM, {**sent, "reason-starters-en": "One…\nTwo…", "reason-starters-fr": "Un…", "act": "save"})
    assert answer.status_code == 422
    assert "Write as many lines in one language as in the other." in answer.text
    assert "Two…" in answer.text


def test_a_new_question_gets_a_key_of_its_label_and_a_list_of_its_own(browser: NewBrowser, runtime: Runtime) -> None:
    one = browser(Role.WRITER)
    sent = question(one, "new-choice", f"{FORM}?open=new-choice")
    sent |= {"new-choice-label_-en": "Your school", "new-choice-label_-fr": "Votre école", "act": "save"}
    for language, words in (("en", ("Near", "I live near.")), ("fr", ("Proche", "J’habite tout près."))):
        sent[f"new-choice-answers-0-label_-{language}"], sent[f"new-choice-answers-0-sentence-{language}"] = words
    assert one.post(FORM, sent).status_code == 303
    assert headings(one.page(FORM))[-1] == "Your school"
    with runtime.sessions() as session:
        assert [one.key for one in newest_folder(session, "child-protection").sentences().choices["your_school"]] == [
            "near"
        ]
    assert "does not use the answer" in one.page(LETTER).get_text()


def test_a_question_in_use_is_removed_on_the_second_press(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    sent = {**question(one, "reason"), "act": "remove"}
    answer = one.post(FORM, sent)
    assert answer.status_code == 422
    assert "The text uses the answer: Their own words." in answer.text
    assert one.post(FORM, {**sent, "sure": "reason"}).status_code == 303
    assert "Why this matters to you" not in headings(one.page(FORM))


def test_questions_move(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    before = headings(one.page(FORM))
    one.post(FORM, {**question(one, "relationship"), "act": "down"})
    after = headings(one.page(FORM))
    assert (after[1], after[2]) == (before[2], before[1])


def test_what_is_typed_in_the_text_goes_along_to_the_form(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    assert "What citizens are asked" in press(one, "go:form", **{"subject-0-en": "Kept"}).text
    assert "Kept" in one.page(LETTER).get_text()
