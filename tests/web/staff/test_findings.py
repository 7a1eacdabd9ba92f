"""The survey is corrected by form: only what changed changes in its file, and every letter that cites it is shown."""

import difflib

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.campaigns.library import revise, stored_folder
from advocacy.campaigns.models import Author, Document, Revision, RevisionFile
from advocacy.database import immediate
from advocacy.language import Language
from advocacy.parts import Parts
from advocacy.staff.roles import Role
from advocacy.web.staff import findings
from tests.builders import the_campaign
from tests.naughty import TELLING
from tests.web.conftest import NOW
from tests.web.staff.browser import Browser
from tests.web.staff.conftest import NewBrowser

CAMPAIGN = "child-protection"
PAGE = f"/staff/campaigns/{CAMPAIGN}/survey"
REQUIRED, ENCOURAGED = "question.2.option.1.percent", "question.2.option.0.percent"


@pytest.fixture
def writer(browser: NewBrowser) -> Browser:
    """Who corrects."""
    return browser(Role.WRITER, who="maude")


def filled(writer: Browser, **typed: str) -> dict[str, list[str]]:
    """Give what the form would send, with these fields typed over."""
    sent: dict[str, list[str]] = {}
    for control in writer.page(PAGE).select('form[action$="/survey"] [name]'):
        name = str(control["name"])
        if control.name == "button" or (control.get("type") == "checkbox" and not control.has_attr("checked")):
            continue
        value = control.get_text().removeprefix("\n") if control.name == "textarea" else str(control.get("value", ""))
        sent.setdefault(name, []).append(value.replace("\n", "\r\n"))
    return {**sent, **{name: [text] for name, text in typed.items()}}


def corrected(writer: Browser, go: str = "save", **typed: str) -> tuple[int, str, str]:
    """Press a button of the form; give the answer's status, place and text."""
    answer = writer.post(PAGE, {**filled(writer, **typed), "go": go})
    return answer.status_code, answer.headers.get("Location", ""), answer.text


def value(page: BeautifulSoup, name: str) -> str:
    [field] = page.select(f'[name="{name}"]')
    return str(field["value"])


def newest(parts: Parts) -> bytes:
    with parts.sessions() as session:
        which = select(RevisionFile.content).join(Revision).join(Document).where(Document.name == "findings")
        return session.scalars(which.order_by(Revision.number.desc()).limit(1)).one()


def live(parts: Parts) -> bytes:
    with parts.sessions() as session:
        return stored_folder(session, CAMPAIGN).content("findings.toml") or b""


def changed_lines(before: bytes, after: bytes) -> list[str]:
    lines = difflib.ndiff(before.decode().splitlines(), after.decode().splitlines())
    return [line for line in lines if line[0] in "+-"]


def test_the_only_survey_is_shown_at_once(writer: Browser) -> None:
    answer = writer.get("/staff/survey")
    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)


def test_what_is_not_touched_is_not_changed(parts: Parts, writer: Browser) -> None:
    before = newest(parts)
    assert corrected(writer)[:2] == (303, PAGE)
    assert newest(parts) == before


def test_a_corrected_figure_changes_its_own_bytes_alone(parts: Parts, writer: Browser) -> None:
    before = newest(parts)
    status, place, _ = corrected(writer, **{REQUIRED: "94", ENCOURAGED: "5"})
    assert status == 303
    assert place.endswith("/publish")
    assert changed_lines(before, newest(parts)) == [
        "- percent = 4",
        "+ percent = 5",
        "- percent = 95",
        "+ percent = 94",
    ]
    assert live(parts) == before


def test_every_letter_that_cites_it_is_shown_with_its_sentences(parts: Parts, writer: Browser) -> None:
    before = newest(parts)
    status, _, text = corrected(writer, "look", **{REQUIRED: "94", ENCOURAGED: "5"})
    assert status == 200
    assert newest(parts) == before
    assert "<del>95%</del>" in text.replace("<del>95</del>", "<del>95%</del>")
    assert the_campaign().letter("takedown-and-standards").title[Language.EN] in text
    assert "Corporate accountability" not in text.split("<form")[-2]


def test_the_second_person_sees_the_letters_too_and_publishes(
    parts: Parts, writer: Browser, browser: NewBrowser
) -> None:
    place = corrected(writer, **{REQUIRED: "94", ENCOURAGED: "5"})[1]
    writer.post(place.replace("/publish", "/ask"))
    second = browser(Role.PUBLISHER)
    page = second.page(place)
    assert "letters will change" in page.get_text()
    assert {"95", "94"} <= {one.get_text().strip(" %\u00a0") for one in page.select(".diff del, .diff ins")}
    assert second.post(place).status_code == 303
    assert b"percent = 94" in live(parts)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        (REQUIRED, "101"),
        (REQUIRED, "-1"),
        (REQUIRED, ""),
        (REQUIRED, "9٥"),
        (REQUIRED, "94"),
        ("respondents_at_least", "0"),
        ("months", "many"),
        ("started", "2019-13"),
        ("source.fr", ""),
        ("question.0.option.0.wording.en", "x" * 4001),
    ],
)
def test_what_cannot_be_is_said_and_kept(parts: Parts, writer: Browser, *, name: str, typed: str) -> None:
    before = newest(parts)
    status, _, text = corrected(writer, **{name: typed})
    assert status == 422
    assert 'id="errors"' in text
    assert "aria-invalid" in text
    assert (typed in text) is True
    assert newest(parts) == before


@pytest.mark.parametrize(
    ("name", "typed", "place"),
    [
        (REQUIRED, "101", "Removal required"),
        (REQUIRED, "94", "What is the responsibility of technology …, "),
        ("months", "many", "Duration, in months: "),
        ("source.fr", "", "Who asked, in French: "),
        ("question.0.option.0.wording.en", "x" * 4001, "Wording of the answer, in English: "),
    ],
)
def test_the_summary_of_errors_names_what_is_wrong(writer: Browser, *, name: str, typed: str, place: str) -> None:
    [said] = BeautifulSoup(corrected(writer, **{name: typed})[2], "html.parser").select("#errors li")
    assert place in said.get_text()
    assert said.a is not None
    assert str(said.a["href"]).partition(".option")[0] == f"#{name}".partition(".option")[0]


def test_a_label_in_one_language_alone_is_refused(parts: Parts, writer: Browser) -> None:
    status, _, text = corrected(writer, **{"question.0.option.0.label.en": ""})
    assert status == 422
    assert "Aucune sanction" in text


def test_a_translation_is_marked_and_unmarked(parts: Parts, writer: Browser) -> None:
    before = newest(parts)
    status, *_ = corrected(writer, **{"question.0.question.translated": ""})
    assert status == 303
    assert changed_lines(before, newest(parts)) == ['- question.translated = ["en"]']


def test_what_somebody_saved_meanwhile_is_shown_beside_ones_own(
    parts: Parts, writer: Browser, browser: NewBrowser
) -> None:
    late = filled(writer, months="19")
    other = browser(Role.WRITER, who="karim")
    assert corrected(other, months="20")[0] == 303
    answer = writer.post(PAGE, {**late, "go": "save"})
    assert answer.status_code == 422
    page = BeautifulSoup(answer.text, "html.parser")
    assert [one.get_text() for one in page.select("#errors li")] == ["Duration, in months: “20” was saved meanwhile"]
    assert [one.get_text() for one in page.select(".theirs p:last-child")] == ["20"]
    assert value(page, "months") == "19"
    assert b"months = 20" in newest(parts)
    again = {**late, "over": [str(value(page, "over"))], "go": "save"}
    assert writer.post(PAGE, again).status_code == 303
    assert b"months = 19" in newest(parts)


def test_what_somebody_saved_meanwhile_stands_where_nothing_was_typed(
    parts: Parts, writer: Browser, browser: NewBrowser
) -> None:
    late = filled(writer, months="19")
    other = browser(Role.WRITER, who="karim")
    assert corrected(other, **{REQUIRED: "94", ENCOURAGED: "5"})[0] == 303
    answer = writer.post(PAGE, {**late, "go": "save"})
    assert answer.status_code == 422
    page = BeautifulSoup(answer.text, "html.parser")
    assert not page.select(".theirs")
    assert [value(page, name) for name in ("months", REQUIRED, ENCOURAGED)] == ["19", "94", "5"]
    writer.post(PAGE, {**late, REQUIRED: ["94"], ENCOURAGED: ["5"], "over": [str(value(page, "over"))], "go": "save"})
    assert b"months = 19" in newest(parts)
    assert b"percent = 94" in newest(parts)


def test_what_somebody_saves_while_a_turn_is_awaited_is_not_written_over(
    parts: Parts, writer: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = newest(parts).replace(b"months = 18", b"months = 20") + b"# theirs\n"

    def meanwhile(session: Session) -> None:
        revise(session, CAMPAIGN, "findings", files={"findings.toml": theirs}, author=Author.SITE, now=NOW)

    form = filled(writer, months="19")
    monkeypatch.setattr(findings, "wait_for_turn", meanwhile)
    assert writer.post(PAGE, {**form, "go": "save"}).status_code == 422
    monkeypatch.undo()
    assert b"months = 19" not in newest(parts)


def test_any_words_are_kept_or_refused_and_the_page_opens_again(parts: Parts, writer: Browser) -> None:
    """Each is typed into a wording; what TOML or HTML would read in it is only text."""
    form = filled(writer)
    wordings, texts = [name for name in form if ".wording." in name], iter(TELLING)
    while typed := dict(zip(wordings, texts, strict=False)):
        answer = writer.post(PAGE, {**form, **typed, "go": "look"})
        assert answer.status_code in {200, 422}, typed
        assert "<img onerror" not in answer.text
    answer = writer.post(
        PAGE, {**form, "source.en": '"""\n[[question]] <script>alert(1)</script> {{ 7 * 7 }}', "go": "save"}
    )
    assert answer.status_code == 303
    page = writer.get(PAGE)
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert writer.get(answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize("broken", [b"months = " + b"9" * 5000, b"months = " + b"[" * 2000, b"months = \xff"])
def test_a_survey_that_cannot_be_read_opens_empty_and_says_so(parts: Parts, writer: Browser, broken: bytes) -> None:
    with immediate(parts.sessions) as session:
        revise(session, CAMPAIGN, "findings", files={"findings.toml": broken}, author=Author.SITE, now=NOW)
    form = filled(writer)
    for typed in ({}, {"source.en": "A survey"}):
        answer = writer.post(PAGE, {**form, **typed, "go": "look"})
        assert answer.status_code == 422
        assert 'id="errors"' in answer.text
    assert newest(parts) == broken


def test_a_survey_that_does_not_exist_is_404(writer: Browser) -> None:
    assert writer.get("/staff/campaigns/none/survey").status_code == 404
    assert writer.post("/staff/campaigns/none/survey").status_code == 404
