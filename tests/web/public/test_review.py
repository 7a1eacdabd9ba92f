"""Before a letter leaves: whose words it has, its links, its edits, and one value in every way out."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from pydantic import SecretStr

from advocacy.app import create_app
from advocacy.exports.page_layout import LAYOUTS, LINE
from advocacy.runtime import Runtime
from advocacy.web.public import letter_review
from tests.builders import SECRET
from tests.web.public.visitor import FILLED, STORY, Visitor
from tests.web.shared_site import NOW


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    return Visitor.of(app, language="fr").post("review")


def member(visitor: Visitor) -> str:
    return next(name for name, _ in visitor.values() if name.startswith("body-")).removeprefix("body-")


def body(visitor: Visitor) -> str:
    return dict(visitor.values())[f"body-{member(visitor)}"].replace("\r\n", "\n")


def updated(visitor: Visitor, **typed: str) -> Visitor:
    names = {f"{name}-{member(visitor)}": text for name, text in typed.items()}
    return visitor.press(".again button", **names)


def taken(visitor: Visitor) -> str:
    """Take the letter as text, with everything that stands on the page."""
    shown = visitor.answer
    text = visitor.press('[formaction$="download/txt"]').answer.text
    visitor.read(shown)
    return text


def test_a_letter_that_comes_back_unedited_is_the_composed_one(visitor: Visitor) -> None:
    before = visitor.sheets()
    assert updated(visitor).sheets() == before
    assert taken(visitor) == before[0]


def test_a_letter_as_composed_asks_nothing(visitor: Visitor) -> None:
    assert visitor.page.select_one("#own-words[hidden]") is not None
    assert not visitor.page.select("[name=sure], .notes .mend")


def test_a_changed_figure_is_shown_beside_the_surveys_and_put_back_alone(visitor: Visitor) -> None:
    right, wrong = CHANGED
    before = body(visitor)
    updated(visitor, body=f"{with_other_figure(visitor)}\n\nOne more thing.")
    assert visitor.status == 200
    claim = visitor.page.select_one("#own-words .claims li")
    assert claim is not None
    assert wrong in claim.select_one(".claim").get_text()  # type: ignore[union-attr]
    assert right in claim.select_one(".original").get_text()  # type: ignore[union-attr]
    visitor.press("#own-words [name=restore]")
    assert body(visitor) == f"{before}\n\nOne more thing."
    assert visitor.page.select_one("#own-words[hidden]") is not None


def test_edited_words_are_the_same_in_every_way_out(visitor: Visitor) -> None:
    edited = f"{body(visitor)}\n\nUne dernière chose\n\n- one\n- two"
    updated(visitor, body=edited, subject="My own subject")
    [sheet] = visitor.sheets()
    assert "Une dernière chose\n\n• one\n• two" in sheet
    assert "My own subject" in sheet
    assert taken(visitor) == sheet
    assert visitor.press('[formaction$="download/html"]').sheets() == [sheet]


def test_an_edited_letter_keeps_the_citizens_words_in_their_language(app: Flask) -> None:
    visitor = Visitor.of(app, language="en")
    visitor.post("review", {**FILLED, "language": "fr", "words_language": "en"})
    updated(visitor, body=f"{body(visitor)}\n\nUne phrase de plus.")
    own = visitor.page.select_one(".sheet .yours [lang=en]")
    assert own is not None
    assert own.text == STORY


@pytest.mark.parametrize("link", ["exemple.ca", "write to me@example.ca"])
def test_a_link_in_an_edited_letter_keeps_it_from_leaving(visitor: Visitor, link: str) -> None:
    edited = f"{body(visitor)}\n\nSee {link}"
    updated(visitor, body=edited)
    assert visitor.status == 422
    assert body(visitor) == edited
    assert bool(visitor.page.select(".found-material")) is ("@" not in link)  # offered where a link may lead to it
    assert not visitor.page.select("a[href^=mailto]")
    name = f"body-{member(visitor)}"
    for place in ("download/txt", "download/html"):
        assert Visitor.of(visitor.client.application, language=visitor.language).post(
            place, {**FILLED, name: edited}
        ).status == 422  # fmt: skip


@pytest.mark.parametrize(("name", "typed"), [("subject", " "), ("body", "a " * 7000)])
def test_a_letter_without_words_or_with_too_many_is_mended_first(visitor: Visitor, name: str, typed: str) -> None:
    updated(visitor, **{name: typed})
    assert visitor.status == 422
    assert list(visitor.errors()) == [f"{name}-{member(visitor)}"]


def test_edits_made_in_one_language_do_not_enter_a_letter_in_the_other(visitor: Visitor) -> None:
    updated(visitor, body="Only this.")
    identity = member(visitor)
    fields = [pair for pair in visitor.values() if pair[0] not in {"csrf_token", f"language-{identity}", "language"}]
    visitor.post("review", [*fields, (f"language-{identity}", "en")])
    assert "Only this." not in visitor.sheets()[0]


def test_a_short_letter_goes_whole_into_the_mail_link(visitor: Visitor) -> None:
    updated(visitor, body="Only this.")
    link = str(visitor.button("a[href^=mailto]")["href"])
    assert len(link) < 2000
    assert parse_qs(urlsplit(link).query)["body"][0].replace("\r\n", "\n") == visitor.sheets()[0]


def test_while_a_test_recipient_is_set_mail_links_carry_it(runtime: Runtime) -> None:
    settings = runtime.settings.model_copy(
        update={"test_recipient": "essai@example.ca", "secret_key": SecretStr(SECRET)}
    )
    app = create_app(replace(runtime, settings=settings), now=lambda: NOW)
    visitor = Visitor.of(app).post("review")
    assert str(visitor.button("a[href^=mailto]")["href"]).startswith("mailto:essai@example.ca?")
    assert "parl.gc.ca" not in str(visitor.page.select("a[href^=mailto]"))


@pytest.fixture
def _server_in_utc() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("_server_in_utc")
@pytest.mark.parametrize(("hour", "day"), [(4, "November 25, 2026"), (5, "November 26, 2026")])
def test_a_letter_bears_the_day_it_is_in_ottawa(runtime: Runtime, hour: int, day: str) -> None:
    app = create_app(runtime, now=lambda: datetime(2026, 11, 26, hour, 30, tzinfo=UTC))
    assert day in Visitor.of(app, language="en").post("review").sheets()[0]


def test_whose_sentences_they_are_is_counted(visitor: Visitor) -> None:
    campaigns = visitor.page.select(".r-checks .notes > li")[0].get_text()
    assert "2 phrases sont de vous" in states(visitor)[0]
    updated(visitor, body=f"{body(visitor)}\n\nOne more thing.")
    assert "3 phrases sont de vous" in states(visitor)[0]
    assert visitor.page.select(".r-checks .notes > li")[0].get_text() == campaigns


@pytest.mark.parametrize(("reason", "is_said"), [("", True), ("Please.", False)])
def test_only_a_letter_without_a_word_of_ones_own_is_said_to_be_the_campaigns(
    app: Flask, reason: str, *, is_said: bool
) -> None:
    visitor = Visitor.of(app).post("review", {**FILLED, "reason": reason})
    assert ("Every sentence is the campaign’s." in visitor.page.get_text()) is is_said


def test_a_choice_that_was_tampered_with_is_drawn_again(visitor: Visitor) -> None:
    sent = [(name, "x" + value if name == "choice" else value) for name, value in visitor.values()]
    fields = [pair for pair in sent if pair[0] != "csrf_token" and not pair[0].startswith(("body-", "subject-"))]
    assert visitor.post("review", fields).status == 200


def test_the_file_is_named_by_office_and_day_in_the_letters_language(visitor: Visitor) -> None:
    taken(visitor)
    visitor.press('[formaction$="download/txt"]')
    assert "Lettre - Ottawa-Centre - 2026-11-25.txt" in visitor.answer.headers["Content-Disposition"]


CHANGED = ("95\u00a0%", "96\u00a0%")
SHARE = "61% of parents agree with me."


def states(visitor: Visitor) -> list[str]:
    """Read the state of a letter wherever the page tells it."""
    found = visitor.page.select("[data-state]")
    assert len({(str(one["class"]), one.get_text(" ", strip=True)) for one in found}) == 1
    return [one.get_text(" ", strip=True) for one in found]


def with_other_figure(visitor: Visitor) -> str:
    return body(visitor).replace(*CHANGED)


def fields_of(visitor: Visitor, **different: str) -> list[tuple[str, str]]:
    """Gather what the form would send."""
    return [(name, different.pop(name, text)) for name, text in visitor.values() if name != "csrf_token"] + [
        *different.items()
    ]


def test_head_and_bar_tell_the_same_state(visitor: Visitor) -> None:
    assert len(states(visitor)) == 2
    updated(visitor, body=f"{body(visitor)}\n\nSee example.ca")
    assert states(visitor) == ["1 point à corriger"] * 2


def test_a_link_to_mail_what_is_to_be_confirmed_leads_to_the_question_first(visitor: Visitor) -> None:
    def link() -> str:
        found = visitor.page.select_one("a[data-mail]")
        assert found is not None
        return str(found["href"])

    assert link().startswith("mailto:")
    updated(visitor, body=with_other_figure(visitor))
    assert link() == "#own-words"
    visitor.press(".again button", sure=sure(visitor))
    assert link().startswith("mailto:")


def sure(visitor: Visitor) -> str:
    """Return what the question's box sends."""
    return str(visitor.page.select_one("input#sure")["value"])  # type: ignore[index]


def test_an_edited_letter_says_so_and_leads_back_to_the_original(visitor: Visitor) -> None:
    before = visitor.sheets()
    assert not visitor.page.select(".sheet-head .edited")
    updated(visitor, body=f"{body(visitor)}\n\nThank you.")
    assert visitor.page.select_one(".sheet-head .edited") is not None
    visitor.press('.sheet-head [name="original"]')
    assert visitor.sheets() == before
    assert not visitor.page.select(".sheet-head .edited")


@pytest.mark.parametrize("form", ["txt", "html"])
def test_the_question_is_asked_before_a_letter_is_taken_and_one_press_answers_it(visitor: Visitor, form: str) -> None:
    updated(visitor, body=with_other_figure(visitor))
    visitor.press(f'[formaction$="download/{form}"]:not([name=inline])')
    assert visitor.status == 422
    question = visitor.page.select_one("#question")
    assert question is not None
    assert CHANGED[1] in question.get_text()
    assert CHANGED[1] in visitor.sheets()[0]
    assert visitor.press("#question [name=go_on]").status == 200


def test_a_ticked_box_answers_it_too_and_stays_ticked(visitor: Visitor) -> None:
    updated(visitor, body=with_other_figure(visitor))
    answer = sure(visitor)
    visitor.press("[data-send]", age_ok="yes", sure=answer)  # without consent: the page comes back
    assert visitor.status == 422
    assert visitor.page.select_one("input#sure[checked]") is not None
    assert visitor.press('[formaction$="download/txt"]', sure=answer).status == 200


def test_an_answer_does_not_count_for_what_is_said_besides(visitor: Visitor) -> None:
    updated(visitor, body=with_other_figure(visitor)).press('[formaction$="download/txt"]')
    more = f"{body(visitor)}\n\n61\u00a0% des parents sont de mon avis."
    visitor.press("#question [name=go_on]", **{f"body-{member(visitor)}": more})
    assert visitor.status == 422
    assert visitor.page.select_one("#question") is not None


@pytest.fixture
def writer_to_two(app: Flask) -> Visitor:
    """Somebody with two letters, who wrote the same share into both."""
    recipients = ["mp-yasir-naqvi", "mp-mark-carney"]
    visitor = Visitor.of(app, language="en").post("review", {**FILLED, "recipient": recipients})
    bodies = {name: text for name, text in visitor.values() if name.startswith("body-")}
    assert len(bodies) == 2
    return visitor.press(".again button", **{name: f"{text}\n\n{SHARE}" for name, text in bodies.items()})


def test_the_same_edit_in_several_letters_is_asked_about_once(writer_to_two: Visitor) -> None:
    assert len(writer_to_two.page.select("#own-words .claims li")) == 1
    assert writer_to_two.press('#all [formaction$="download/txt"]', sure=sure(writer_to_two)).status == 200


def test_the_answer_gives_what_was_asked_for(writer_to_two: Visitor) -> None:
    visitor = writer_to_two
    assert visitor.press('[data-print="2"]').status == 422
    assert len(visitor.press("#question [name=go_on]").sheets()) == 1


def test_a_link_is_not_asked_about_but_refused(visitor: Visitor) -> None:
    updated(visitor, body=f"{with_other_figure(visitor)}\n\nSee example.ca")
    visitor.press('[formaction$="download/txt"]')
    assert visitor.status == 422
    assert not visitor.page.select("#question")
    assert visitor.errors()


def test_the_pdf_can_be_seen_before_it_is_taken(visitor: Visitor) -> None:
    visitor.press('[formaction$="download/pdf"][name=inline]')
    assert visitor.answer.headers["Content-Disposition"].startswith("inline")
    assert visitor.answer.headers["Content-Security-Policy"] == "frame-ancestors 'none'"


def test_while_it_is_edited_a_letter_is_read_as_it_stands(visitor: Visitor) -> None:
    identity = member(visitor)
    visitor.post("check", fields_of(visitor, **{f"body-{identity}": with_other_figure(visitor), "letter": identity}))
    assert visitor.status == 200
    assert visitor.page.body is not None
    parts = [one["id"] for one in visitor.page.body.find_all(recursive=False)]
    assert parts == ["head-1", "found-1", "bar-1", "notes-1", "fix-1", "own-words", "ask"]
    assert visitor.page.select('#fix-1[data-needed="ask"]')
    assert visitor.page.select("#ask .claims")
    changed = [str(one["data-words"]) for one in visitor.page.select('[data-marks="own"]')]
    assert any(CHANGED[1] in words for words in changed)
    assert "<html" not in visitor.answer.text


def test_no_letter_is_checked_for_somebody_who_is_not_written_to(visitor: Visitor) -> None:
    assert visitor.post("check", fields_of(visitor, letter="nobody")).status == 422
    assert visitor.post("check", [("letter", "nobody")]).status == 422


def test_a_text_that_is_too_long_is_refused_unchecked(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    fields = [(name, "a.b " * 4_000 if name.startswith("body-") else text) for name, text in fields_of(visitor)]
    for check in ("own_claims", "screen_letter"):
        monkeypatch.setattr(letter_review, check, None)
    assert visitor.post("review", fields).status == 422
    assert visitor.page.select_one('[id^="body-"][aria-invalid="true"]') is not None


def test_a_letter_without_a_cited_paragraph_has_no_source_note(visitor: Visitor) -> None:
    assert visitor.page.select_one(".sheet .source") is not None
    updated(visitor, body="I ask you for a law.")
    assert visitor.page.select_one(".sheet .source") is None
    assert visitor.page.select_one("#notes-1") is not None


def test_postage_is_free_only_where_it_is(app: Flask) -> None:
    page = Visitor.of(app).post("review").page
    assert "free postage" in page.select_one("[data-print]").get_text()  # type: ignore[union-attr]
    seat = Visitor.of(app).post("review", {**FILLED, "postal_code": "J2S 1A1"}).page
    assert "free postage" not in seat.select_one("[data-print]").get_text()  # type: ignore[union-attr]


def test_what_was_ticked_stays_ticked_whatever_is_pressed(visitor: Visitor) -> None:
    name = f"body-{member(visitor)}"
    visitor.press(".again button", age_ok="yes", consent="yes", **{name: with_other_figure(visitor)})
    assert len(visitor.page.select(".sendbox input[checked]")) == 2
    visitor.press("#own-words [name=restore]")
    assert len(visitor.page.select(".sendbox input[checked]")) == 2
    assert not visitor.page.select("#errors")


def test_what_is_refused_is_named_and_marked(visitor: Visitor) -> None:
    updated(visitor, body=f"{body(visitor)}\n\nFind me on insta as marie_12.")
    note = visitor.page.select_one(".notes .mend")
    assert note is not None
    assert "un numéro de téléphone" in note.get_text()
    assert note.select_one('[data-words="Find me on insta as marie_12"]') is not None
    assert visitor.page.select_one(".found-material") is None


def test_own_words_in_another_language_are_told(app: Flask) -> None:
    visitor = Visitor.of(app, language="fr").post("review", {**FILLED, "language": "en", "words_language": "fr"})
    assert "en français" in visitor.page.select_one(".r-checks .notes").get_text()  # type: ignore[union-attr]


def test_a_changed_sentence_alone_is_in_pen_ink(visitor: Visitor) -> None:
    updated(visitor, body=with_other_figure(visitor))
    [own] = visitor.page.select(".sheet p:not(.yours) > .yours")
    assert CHANGED[1] in own.get_text()
    assert len(own.get_text()) < len(own.parent.get_text())  # type: ignore[union-attr]


def test_a_sheet_prints_in_the_layouts_of_the_files() -> None:
    css = (Path(letter_review.__file__).parents[1] / "static" / "css" / "print.css").read_text()
    for place, layout in enumerate(LAYOUTS):
        margin = f"{layout.top:g}in {layout.sides:g}in {layout.bottom:g}in"
        assert f"@page layout-{place} {{ size: letter; margin: {margin}; }}" in css
        look = f"--size: {layout.size:g}pt; --gap: {layout.gap * LINE:.2f}em;"
        assert f".layout-{place} {{ page: layout-{place}; {look} }}" in css


def test_a_street_opens_the_letter_on_paper(app: Flask) -> None:
    visitor = Visitor.of(app).post("download/html", {**FILLED, "street": "24 Sussex Drive"})
    sheet = visitor.page.select_one(".sheet[class*=layout-]")
    assert sheet is not None
    assert "24 Sussex Drive" in sheet.select_one(".letterhead").get_text()  # type: ignore[union-attr]
    assert "24 Sussex Drive" in "".join(one.get_text() for one in sheet.select(".sign .above"))
