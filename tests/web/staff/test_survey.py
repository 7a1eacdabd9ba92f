"""The survey is built by form: only what changed changes in its file, and every letter that cites it is shown."""

from collections import Counter
from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from advocacy.campaigns.library import revise, stored_folder
from advocacy.campaigns.models import Author, Document, Revision, RevisionFile
from advocacy.campaigns.toml_text import edit_toml
from advocacy.language import Language
from advocacy.runtime import Runtime
from advocacy.staff.models import Role
from advocacy.web.staff import survey
from tests.builders import the_campaign
from tests.naughty import TELLING
from tests.web.shared_site import NOW
from tests.web.staff.browser import Browser, kept_fields
from tests.web.staff.conftest import NewBrowser
from tests.web.staff.letters import fields_of

CAMPAIGN = "child-protection"
PAGE = f"/staff/campaigns/{CAMPAIGN}/survey"
POLL = "surveys-0"
REMOVAL = f"{POLL}-questions-2"
ENCOURAGED, REQUIRED = (f"{REMOVAL}-answers-{place}-share" for place in (0, 1))
SANCTION = f"{POLL}-questions-0"
Fields = dict[str, str]


@pytest.fixture
def writer(browser: NewBrowser) -> Browser:
    """Who edits."""
    return browser(Role.WRITER, who="maude")


def fields(page: str | BeautifulSoup) -> Fields:
    """Return what the form on a page would send."""
    soup = page if isinstance(page, BeautifulSoup) else BeautifulSoup(page, "lxml")
    form = soup.select_one("form.survey")
    assert form
    return fields_of(form)


def sent(writer: Browser, typed: Fields | None = None, **pressed: object) -> TestResponse:
    """Press a button of the form, Save where none is named, with some fields typed over."""
    form = {**fields(writer.page(PAGE)), **(typed or {}), **(pressed or {"go": "save"})}
    return writer.post(PAGE, form)


def newest(runtime: Runtime) -> bytes:
    with runtime.sessions() as session:
        which = select(RevisionFile.content).join(Revision).join(Document).where(Document.name == "findings")
        return session.scalars(which.order_by(Revision.id.desc()).limit(1)).one()


def live(runtime: Runtime) -> bytes:
    with runtime.sessions() as session:
        return stored_folder(session, CAMPAIGN).content("findings.toml") or b""


def changed_lines(before: bytes, after: bytes) -> list[str]:
    """The lines that are gone and new, where `before` is written as the site writes files, in any order."""
    old, new = (Counter(one.decode().splitlines()) for one in (edit_toml(before, {}), after))
    return [*(f"- {line}" for line in old - new), *(f"+ {line}" for line in new - old)]


def wrong(answer: TestResponse) -> list[str]:
    """Return the lines of the summary of errors, or the one error that is of no field."""
    assert answer.status_code == 422
    page = BeautifulSoup(answer.text, "lxml")
    return [one.get_text(strip=True) for one in page.select("#errors li") or page.select("#errors h2")]


# --- figures corrected


def test_what_is_not_touched_is_not_changed(runtime: Runtime, writer: Browser) -> None:
    before = newest(runtime)
    answer = sent(writer)
    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
    assert newest(runtime) == before


def test_a_corrected_figure_changes_itself_alone(runtime: Runtime, writer: Browser) -> None:
    before = newest(runtime)
    answer = sent(writer, {REQUIRED: "94,5 %", ENCOURAGED: "4.5"})
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("/publish")
    assert changed_lines(before, newest(runtime)) == [
        *("- percent = 4", "- percent = 95"),
        *("+ percent = 4.5", "+ percent = 94.5"),
    ]
    assert live(runtime) == before


def test_every_letter_that_cites_it_is_shown_with_its_sentences(runtime: Runtime, writer: Browser) -> None:
    before = newest(runtime)
    answer = sent(writer, {REQUIRED: "94", ENCOURAGED: "5"}, go="look")
    assert answer.status_code == 200
    assert newest(runtime) == before
    shown = BeautifulSoup(answer.text, "lxml").select_one("#changes")
    assert shown is not None
    assert shown.select("del")
    assert the_campaign().letter("takedown-and-standards").title[Language.EN] in shown.get_text()
    assert "Corporate accountability" not in shown.get_text()
    assert fields(answer.text)[REQUIRED] == "94"


def test_a_translation_is_marked_and_unmarked(runtime: Runtime, writer: Browser) -> None:
    before = newest(runtime)
    assert sent(writer, {f"{SANCTION}-question-translated": ""}).status_code == 303
    assert changed_lines(before, newest(runtime)) == ['- question.translated = ["en"]']


def test_what_cannot_be_is_said_at_its_place_and_kept(runtime: Runtime, writer: Browser) -> None:
    before, form = newest(runtime), fields(writer.page(PAGE))
    for name, typed, said in (
        (REQUIRED, "101", "Survey 1 – Question 3 – Answer 2 – Share, in percent: Write a share from 0 to 100"),
        (REQUIRED, "92", "Survey 1 – Question 3 – Answer: The shares add up to 97%"),
        (f"{POLL}-respondents", "0", "Write a whole number, 1 or more."),
        (f"{POLL}-started", "2019-13", "Write a year and a month"),
        (f"{POLL}-source-fr", "", "Write this in both languages."),
        (f"{SANCTION}-answers-0-label-en", "", "Fill in this language too."),
        (f"{SANCTION}-answers-1-summary-en", "too many words " * 6, "Write at most 14 words."),
        (f"{SANCTION}-answers-0-wording-text-en", "x" * 4001, "Field cannot be longer than 4000 characters."),
    ):
        answer = writer.post(PAGE, {**form, name: typed, "go": "save"})
        [error] = wrong(answer)
        assert said in error
        assert fields(answer.text)[name] == typed
    assert newest(runtime) == before


# --- built


def test_shares_that_rounding_explains_are_saved(runtime: Runtime, writer: Browser) -> None:
    assert sent(writer, {REQUIRED: "94"}).status_code == 303
    assert b"percent = 94" in newest(runtime)


def test_rows_are_added_moved_and_removed_without_losing_what_was_typed(runtime: Runtime, writer: Browser) -> None:
    before = newest(runtime)
    form = fields(sent(writer, {f"{POLL}-months": "19"}, row=f"{REMOVAL}-answers:add").text)
    new = f"{REMOVAL}-answers-3"
    assert form[f"{new}-share"] == ""
    form |= {f"{new}-share": "1", f"{new}-wording-text-en": "Sue them", f"{new}-wording-text-fr": "Les poursuivre"}
    form[ENCOURAGED] = "3"
    up = fields(writer.post(PAGE, {**form, "row": f"{REMOVAL}-answers-3:up"}).text)
    assert up[f"{REMOVAL}-answers-2-wording-text-en"] == "Sue them"
    gone = fields(writer.post(PAGE, {**up, "row": f"{POLL}-introduction-0:remove"}).text)
    assert gone[f"{POLL}-months"] == "19"
    assert writer.post(PAGE, {**gone, "go": "save"}).status_code == 303
    after = newest(runtime)
    assert b'key = "removal_sue_them"\npercent = 1\n' in after
    assert (before.count(b"[[introduction]]"), after.count(b"[[introduction]]")) == (2, 1)
    assert writer.page(PAGE).select(f'[value="removal_sue_them"][name="{REMOVAL}-answers-2-key"]')


def test_a_campaign_without_a_survey_gets_one_of_several_answers(runtime: Runtime, writer: Browser) -> None:
    """From nothing: a survey, a question, two answers, all by buttons that post."""
    with runtime.sessions.begin() as session:
        revise(session, CAMPAIGN, "findings", files={"findings.toml": b"# later\n"}, author=Author.SITE, now=NOW)
    page = writer.page(PAGE)
    assert "This campaign has no survey" in page.get_text()
    form = fields(page)
    for button in ("surveys", f"{POLL}-questions", f"{SANCTION}-answers", f"{SANCTION}-answers"):
        form = fields(writer.post(PAGE, {**form, "row": f"{button}:add"}).text)
    for name in ("title", "source"):
        form |= {f"{POLL}-{name}-{language}": "Air" for language in Language}
    form |= {f"{POLL}-started": "2026-02", f"{POLL}-respondents": "1 204", f"{SANCTION}-several_answers": "y"}
    texts = [f"{SANCTION}-question", *(f"{SANCTION}-answers-{place}-wording" for place in range(2))]
    form |= {f"{name}-text-{language}": f"Text {place}" for place, name in enumerate(texts) for language in Language}
    form |= {f"{SANCTION}-answers-0-share": "61.5", f"{SANCTION}-answers-1-share": "48"}
    answer = writer.post(PAGE, {**form, "go": "look"})
    # The letters of this campaign cite what its live survey has: none of it may go.
    assert all("cannot be removed" in one for one in wrong(answer))
    assert "Mandatory takedown" in answer.text


def test_a_new_campaign_of_no_document_can_have_a_survey(runtime: Runtime, writer: Browser) -> None:
    with runtime.sessions.begin() as session:
        files = {"campaign.toml": the_campaign().content("campaign.toml") or b""}
        revise(session, "blank", "campaign", files=files, author=Author.SITE, now=NOW)
    page = "/staff/campaigns/blank/survey"
    form = {**fields(writer.page(page)), "row": "surveys:add"}
    form = fields(writer.post(page, form).text)
    table = "question en\tquestion fr\tanswer en\tanswer fr\tshare\nWhat?\tQuoi?\tFilters\tFiltres\t33\n"
    table += "\t\tWindows\tFenêtres\t33\n\t\tNothing\tRien\t33\n"
    form |= {f"{POLL}-pasted": table, f"{POLL}-started": "2026-02", f"{POLL}-respondents": "1204"}
    form |= {f"{POLL}-{name}-{language}": "Air" for name in ("title", "source") for language in Language}
    look = writer.post(page, {**form, "paste": f"{POLL}:look"})
    assert [cell.get_text() for cell in BeautifulSoup(look.text, "lxml").select("td.num")][::2] == ["33%"] * 3
    form = fields(writer.post(page, {**fields(look.text), "paste": f"{POLL}:add"}).text)
    assert form[f"{SANCTION}-answers-2-wording-text-fr"] == "Rien"
    assert writer.post(page, {**form, "go": "save"}).status_code == 303
    assert b'key = "what_filters"\npercent = 33\n' in newest(runtime)
    assert b"respondents = 1204" in newest(runtime)


# --- from a table


def test_a_csv_file_is_read_into_the_page_and_its_errors_are_said_by_line(writer: Browser) -> None:
    file = "answer;share\nFenêtres;48\nRien;x\n".encode("cp1252")
    answer = sent(writer, {}, paste=f"{POLL}:look", **{f"{POLL}-file": (BytesIO(file), "answers.csv")})
    assert wrong(answer) == ["Survey 1 – Table: Line 3: “x” is not a share from 0 to 100."]
    assert fields(answer.text)[f"{POLL}-pasted"].splitlines()[1] == "Fenêtres;48"


def test_a_file_that_is_too_large_or_missing_is_refused(writer: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(survey, "MAX_FILE", 100)
    file = b"a;1\n" * 30
    answer = sent(writer, {}, paste=f"{POLL}:look", **{f"{POLL}-file": (BytesIO(file), "answers.csv")})
    assert wrong(answer) == ["Survey 1 – Or a CSV file, of 1 MB at most: This file is larger than 1 MB."]
    assert wrong(sent(writer, {}, paste=f"{POLL}:look")) == ["Survey 1 – Table: Paste a table, or choose a file."]


def test_pasted_answers_go_to_the_question_that_was_chosen(writer: Browser) -> None:
    answer = sent(writer, {f"{POLL}-pasted": "Sue them\t1", f"{POLL}-into": "2"}, paste=f"{POLL}:add")
    form = fields(answer.text)
    assert (form[f"{REMOVAL}-answers-3-share"], form[f"{REMOVAL}-answers-3-wording-text-en"]) == ("1", "Sue them")
    assert form[f"{POLL}-pasted"] == ""


# --- letters that cite


def test_what_live_letters_cite_is_not_removed(runtime: Runtime, writer: Browser) -> None:
    before = newest(runtime)
    form = fields(sent(writer, {}, row=f"{REMOVAL}-answers-1:remove").text)
    answer = writer.post(PAGE, {**form, f"{REMOVAL}-several_answers": "y", "go": "save"})
    [said] = wrong(answer)
    assert said.startswith("“95% · ")
    assert the_campaign().letter("takedown-and-standards").title[Language.EN] in said
    assert newest(runtime) == before


def test_the_second_person_sees_the_letters_too(writer: Browser, browser: NewBrowser) -> None:
    place = sent(writer, {REQUIRED: "94", ENCOURAGED: "5"}).headers["Location"]
    page = browser(Role.PUBLISHER).page(place)
    assert "letters will change" in page.get_text()
    assert {"95", "94"} <= {one.get_text().strip(" %\u00a0") for one in page.select(".diff del, .diff ins")}


# --- edits made at once


def test_what_somebody_saved_meanwhile_is_shown_and_saving_again_keeps_ones_own(
    runtime: Runtime, writer: Browser, browser: NewBrowser
) -> None:
    late = {**fields(writer.page(PAGE)), f"{POLL}-months": "19", "go": "save"}
    other = browser(Role.WRITER, who="karim")
    assert sent(other, {f"{POLL}-months": "20"}).status_code == 303
    answer = writer.post(PAGE, late)
    assert answer.status_code == 409
    [months] = BeautifulSoup(answer.text, "lxml").select(".diffrow")
    assert [one.get_text(strip=True) for one in months.select("del, ins")] == ["20", "19"]
    again = kept_fields(BeautifulSoup(answer.text, "lxml"))
    assert again[f"{POLL}-months"] == ["19"]
    assert b"months = 20" in newest(runtime)
    assert writer.post(PAGE, again).status_code == 303
    assert b"months = 19" in newest(runtime)


def test_an_error_does_not_make_one_forget_what_was_saved_meanwhile(
    runtime: Runtime, writer: Browser, browser: NewBrowser
) -> None:
    late = {**fields(writer.page(PAGE)), f"{POLL}-months": "many", "go": "save"}
    assert sent(browser(Role.WRITER, who="karim"), {f"{POLL}-months": "20"}).status_code == 303
    mended = {**fields(writer.post(PAGE, late).text), f"{POLL}-months": "19", "go": "save"}
    answer = writer.post(PAGE, mended)
    assert answer.status_code == 409
    assert "Karim saved another version" in answer.text
    assert b"months = 20" in newest(runtime)


def test_what_somebody_saves_while_a_turn_is_awaited_is_not_written_over(
    runtime: Runtime, writer: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = newest(runtime).replace(b"months = 18", b"months = 20") + b"# theirs\n"

    def meanwhile(session: Session) -> None:
        revise(session, CAMPAIGN, "findings", files={"findings.toml": theirs}, author=Author.SITE, now=NOW)

    form = {**fields(writer.page(PAGE)), f"{POLL}-months": "19", "go": "save"}
    monkeypatch.setattr(survey, "lock_campaigns", meanwhile)
    assert writer.post(PAGE, form).status_code == 409
    monkeypatch.undo()
    assert b"months = 19" not in newest(runtime)


# --- whatever is typed or saved


def test_any_words_are_kept_or_refused_and_the_page_opens_again(writer: Browser) -> None:
    """Each is typed into a wording; what TOML or HTML would read in it is only text."""
    form = fields(writer.page(PAGE))
    wordings, texts = [name for name in form if "-wording-text-" in name], iter(TELLING)
    while typed := dict(zip(wordings, texts, strict=False)):
        answer = writer.post(PAGE, {**form, **typed, "go": "look"})
        assert answer.status_code in {200, 422}, typed
        assert "<img onerror" not in answer.text
    title = '"""\n[[question]] <script>alert(1)</script> {{ 7 * 7 }}'
    answer = writer.post(PAGE, {**form, f"{POLL}-source-en": title, "go": "save"})
    assert answer.status_code == 303
    assert "<script>alert" not in writer.get(PAGE).text
    assert writer.get(answer.headers["Location"]).status_code == 200


def test_a_survey_that_cannot_be_read_says_so(runtime: Runtime, writer: Browser) -> None:
    broken = b"months = \xff"
    with runtime.sessions.begin() as session:
        revise(session, CAMPAIGN, "findings", files={"findings.toml": broken}, author=Author.SITE, now=NOW)
    assert "The saved survey cannot be read" in writer.page(PAGE).get_text()
    assert sent(writer, {}, row="surveys:add").status_code == 200
    assert newest(runtime) == broken


def test_a_campaign_that_does_not_exist_is_404(writer: Browser) -> None:
    assert writer.get("/staff/campaigns/none/survey").status_code == 404
    assert writer.post("/staff/campaigns/none/survey").status_code == 404
