"""Before a letter leaves: its figures beside the survey's, its links, its edits, and one value in every way out."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from flask import Flask, template_rendered
from pydantic import SecretStr

from advocacy.app import create_app
from advocacy.exports.page_layout import LAYOUTS, LINE
from advocacy.language import Language, figure_in
from advocacy.letters.figures import check_figures
from advocacy.runtime import Runtime
from advocacy.web.public import letter_review
from tests.builders import SECRET
from tests.web.public.visitor import FILLED, STORY, Visitor
from tests.web.shared_site import NOW

BOTH = pytest.mark.parametrize("visitor", ["en", "fr"], indirect=True)
"""Where the words of the page are asked for; what it does is the same in every language."""


@pytest.fixture
def visitor(app: Flask, request: pytest.FixtureRequest) -> Visitor:
    return Visitor.of(app, language=getattr(request, "param", "fr")).post("review")


def member(visitor: Visitor) -> str:
    return next(name for name, _ in visitor.values() if name.startswith("body-")).removeprefix("body-")


def body(visitor: Visitor) -> str:
    return dict(visitor.values())[f"body-{member(visitor)}"].replace("\r\n", "\n")


def checked_again(visitor: Visitor, **typed: str) -> Visitor:
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
    assert checked_again(visitor).sheets() == before
    assert taken(visitor) == before[0]


@BOTH
def test_the_figures_are_named_as_the_surveys(visitor: Visitor) -> None:
    said = visitor.page.select_one(".r-checks")
    assert said is not None
    assert {"en": "95%", "fr": "95\u00a0%"}[visitor.language] in said.text
    assert not visitor.page.select(".notes .mend")


@BOTH
def test_a_wrong_figure_is_mended_by_one_button(visitor: Visitor) -> None:
    right, wrong = {"en": ("95%", "96%"), "fr": ("95\u00a0%", "96\u00a0%")}[visitor.language]
    before = visitor.sheets()
    checked_again(visitor, body=body(visitor).replace(right, wrong))
    assert visitor.status == 200
    assert wrong in visitor.sheets()[0]
    button = visitor.button(".notes .mend button")
    assert right in button.text
    visitor.press(button)
    assert visitor.sheets() == before
    assert not visitor.page.select(".notes .mend")


@BOTH
def test_a_wrong_figure_in_the_subject_is_mended_too(visitor: Visitor) -> None:
    subject = {
        "en": "{} of respondents want the removal of stolen images required by law",
        "fr": "{} des répondants veulent que la loi exige la suppression des images volées",
    }[visitor.language]
    right, wrong = {"en": ("95%", "96%"), "fr": ("95\u00a0%", "96\u00a0%")}[visitor.language]
    checked_again(visitor, subject=subject.format(wrong))
    visitor.press(visitor.button(".notes .mend button"))
    assert subject.format(right) in visitor.sheets()[0]


def test_edited_words_are_the_same_in_every_way_out(visitor: Visitor) -> None:
    edited = f"{body(visitor)}\n\nUne dernière chose\n\n- one\n- two"
    checked_again(visitor, body=edited, subject="My own subject")
    [sheet] = visitor.sheets()
    assert "Une dernière chose\n\n• one\n• two" in sheet
    assert "My own subject" in sheet
    assert taken(visitor) == sheet
    assert visitor.press('[formaction$="download/html"]').sheets() == [sheet]


def test_an_edited_letter_keeps_the_citizens_words_in_their_language(app: Flask) -> None:
    visitor = Visitor.of(app, language="en")
    visitor.post("review", {**FILLED, "language": "fr", "words_language": "en"})
    checked_again(visitor, body=f"{body(visitor)}\n\nUne phrase de plus.")
    own = visitor.page.select_one(".sheet .yours [lang=en]")
    assert own is not None
    assert own.text == STORY


@BOTH
@pytest.mark.parametrize(
    "link", ["https://example.ca/x", "exemple.ca", "write to me@example.ca", "www . exemple . org"]
)
def test_a_link_in_an_edited_letter_keeps_it_from_leaving(visitor: Visitor, link: str) -> None:
    edited = f"{body(visitor)}\n\nSee {link}"
    checked_again(visitor, body=edited)
    assert visitor.status == 422
    assert body(visitor) == edited
    assert bool(visitor.page.select(".found-material")) is ("@" not in link)  # offered where a link may lead to it
    assert not visitor.page.select("a[href^=mailto]")
    name = f"body-{member(visitor)}"
    for place in ("download/txt", "download/html"):
        assert Visitor.of(visitor.client.application, language=visitor.language).post(
            place, {**FILLED, name: edited}
        ).status == 422  # fmt: skip


@pytest.mark.parametrize(
    ("name", "typed"), [("subject", " "), ("body", "\n \n"), ("subject", "A" * 201), ("body", "a " * 7000)]
)
def test_a_letter_without_words_or_with_too_many_is_mended_first(visitor: Visitor, name: str, typed: str) -> None:
    checked_again(visitor, **{name: typed})
    assert visitor.status == 422
    assert list(visitor.errors()) == [f"{name}-{member(visitor)}"]


def test_edits_can_be_dropped(visitor: Visitor) -> None:
    before = visitor.sheets()
    checked_again(visitor, body="Only this.")
    identity = member(visitor)
    fields = [pair for pair in visitor.values() if pair[0] != "csrf_token"]
    visitor.post("review", [*fields, ("original", identity)])
    assert visitor.sheets() == before


@BOTH
def test_edits_made_in_one_language_do_not_enter_a_letter_in_the_other(visitor: Visitor) -> None:
    other = {"en": "fr", "fr": "en"}[visitor.language]
    checked_again(visitor, body="Only this.")
    identity = member(visitor)
    fields = [pair for pair in visitor.values() if pair[0] not in {"csrf_token", f"language-{identity}", "language"}]
    visitor.post("review", [*fields, (f"language-{identity}", other)])
    assert "Only this." not in visitor.sheets()[0]


def test_the_mail_link_holds_address_and_subject_and_a_full_letter_never_fits(visitor: Visitor) -> None:
    link = urlsplit(str(visitor.button("a[href^=mailto]")["href"]))
    asked = parse_qs(link.query)
    assert unquote(link.path).endswith("@parl.gc.ca")
    assert list(asked) == ["subject"]
    assert asked["subject"][0] in visitor.sheets()[0]


def test_a_short_letter_goes_whole_into_the_mail_link(visitor: Visitor) -> None:
    checked_again(visitor, body="Only this.")
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


def test_how_much_of_a_letter_is_the_campaigns_text_is_known(visitor: Visitor) -> None:
    shown: list[Any] = []
    template_rendered.connect(lambda _app, context, **_: shown.append(context.get("letters")), weak=False)
    visitor.post("review", {**FILLED, "reason": ""})
    assert [one.alike for one in shown[-1]] == [1]
    visitor.post("review")
    assert all(0.8 < one.alike < 0.97 for one in shown[-1])
    checked_again(visitor, body="Nothing of it is left but my own words, and only those.")
    assert [one.alike for one in shown[-1]] == [0]


@pytest.mark.parametrize(("reason", "is_said"), [("", True), ("Please.", False)])
def test_only_a_letter_without_a_word_of_ones_own_is_the_campaigns_word_for_word(
    app: Flask, reason: str, *, is_said: bool
) -> None:
    visitor = Visitor.of(app).post("review", {**FILLED, "reason": reason})
    assert ("word for word" in visitor.page.get_text()) is is_said


def test_a_choice_that_was_tampered_with_is_drawn_again(visitor: Visitor) -> None:
    sent = [(name, "x" + value if name == "choice" else value) for name, value in visitor.values()]
    fields = [pair for pair in sent if pair[0] != "csrf_token" and not pair[0].startswith(("body-", "subject-"))]
    assert visitor.post("review", fields).status == 200


@BOTH
def test_the_file_is_named_by_office_and_day_in_the_letters_language(visitor: Visitor) -> None:
    taken(visitor)
    visitor.press('[formaction$="download/txt"]')
    named = {"en": "Letter - Ottawa Centre - 2026-11-25.txt", "fr": "Lettre - Ottawa-Centre - 2026-11-25.txt"}
    assert named[visitor.language] in visitor.answer.headers["Content-Disposition"]


def test_a_files_name_says_every_letter_of_the_office(app: Flask) -> None:
    visitor = Visitor.of(app, language="fr").post("write", {"postal_code": "G7H 1A1", "go": "find"})
    fields = {**FILLED, "postal_code": "G7H 1A1", "city": "Chicoutimi", "province": "QC"}
    visitor.post("download/txt", fields)
    assert "filename*=UTF-8''Lettre" in visitor.answer.headers["Content-Disposition"]


FALSE = {"en": ("95%", "96%"), "fr": ("95\u00a0%", "96\u00a0%")}
STATES = {
    "en": {"fix": "1 thing to fix", "confirm": "1 thing to confirm", "in-order": "Nothing to fix"},
    "fr": {"fix": "1 point à corriger", "confirm": "1 point à confirmer", "in-order": "Rien à corriger"},
}
UNVERIFIED = {"en": "Everyone in Canada agrees.", "fr": "Tous les Canadiens sont d’accord."}


def states(visitor: Visitor) -> list[str]:
    """Read the state of the checks wherever the page tells it."""
    found = visitor.page.select("[data-state]")
    assert len({(str(one["class"]), one.get_text(" ", strip=True)) for one in found}) == 1
    return [one.get_text(" ", strip=True) for one in found]


def with_false_figure(visitor: Visitor) -> str:
    return body(visitor).replace(*FALSE[visitor.language])


def fields_of(visitor: Visitor, **different: str) -> list[tuple[str, str]]:
    """Gather what the form would send."""
    return [(name, different.pop(name, text)) for name, text in visitor.values() if name != "csrf_token"] + [
        *different.items()
    ]


@BOTH
def test_head_rail_and_bar_tell_the_same_state(visitor: Visitor) -> None:
    words = STATES[visitor.language]
    assert states(visitor) == [words["in-order"]] * 3
    checked_again(visitor, body=with_false_figure(visitor))
    assert states(visitor) == [words["fix"]] * 3


def test_a_link_to_mail_what_is_false_leads_to_the_checks_first(visitor: Visitor) -> None:
    def link() -> str:
        found = visitor.page.select_one("a[data-mail]")
        assert found is not None
        return str(found["href"])

    assert link().startswith("mailto:")
    checked_again(visitor, body=with_false_figure(visitor))
    assert link() == "#checks-1"


@BOTH
def test_a_claim_that_nobody_can_check_is_to_be_confirmed_and_shown_unfolded(visitor: Visitor) -> None:
    checked_again(visitor, body=f"{body(visitor)}\n\n{UNVERIFIED[visitor.language]}")
    assert states(visitor) == [STATES[visitor.language]["confirm"]] * 3
    [note] = visitor.page.select(".r-checks > div > .notes > li")
    assert note.find_parent("details") is None
    assert visitor.press('[formaction$="download/txt"]').status == 200


def test_an_edited_letter_says_so_and_leads_back_to_the_original(visitor: Visitor) -> None:
    before = visitor.sheets()
    assert not visitor.page.select(".sheet-head .edited")
    checked_again(visitor, body=f"{body(visitor)}\n\nThank you.")
    assert visitor.page.select_one(".sheet-head .edited") is not None
    visitor.press('.sheet-head [name="original"]')
    assert visitor.sheets() == before
    assert not visitor.page.select(".sheet-head .edited")


@BOTH
@pytest.mark.parametrize("form", ["txt", "pdf", "html"])
def test_what_is_to_be_fixed_is_asked_once_more_before_it_is_taken(visitor: Visitor, form: str) -> None:
    checked_again(visitor, body=with_false_figure(visitor))
    visitor.press(f'[formaction$="download/{form}"]:not([name=inline])')
    assert visitor.status == 422
    question = visitor.page.select_one("#question")
    assert question is not None
    assert FALSE[visitor.language][1] in question.get_text()
    assert question.select_one('a[href^="#checks-"]') is not None
    assert FALSE[visitor.language][1] in visitor.sheets()[0]
    assert visitor.press("#question [name=sure]").status == 200


@BOTH
def test_an_answer_does_not_count_for_what_is_false_besides(visitor: Visitor) -> None:
    checked_again(visitor, body=with_false_figure(visitor)).press('[formaction$="download/txt"]')
    more = f"{body(visitor)}\n\n{FALSE[visitor.language][1]} of respondents asked for a fine."
    visitor.press("#question [name=sure]", **{f"body-{member(visitor)}": more})
    assert visitor.status == 422
    assert visitor.page.select_one("#question") is not None


def test_a_link_is_not_asked_about_but_refused(visitor: Visitor) -> None:
    checked_again(visitor, body=f"{with_false_figure(visitor)}\n\nSee example.ca")
    visitor.press('[formaction$="download/txt"]')
    assert visitor.status == 422
    assert not visitor.page.select("#question")
    assert visitor.errors()


def test_the_pdf_can_be_seen_before_it_is_taken(visitor: Visitor) -> None:
    visitor.press('[formaction$="download/pdf"][name=inline]')
    assert visitor.answer.headers["Content-Disposition"].startswith("inline")
    assert visitor.answer.headers["Content-Security-Policy"] == "frame-ancestors 'none'"


@BOTH
def test_while_it_is_edited_a_letter_is_checked_as_it_stands(visitor: Visitor) -> None:
    identity = member(visitor)
    visitor.post("check", fields_of(visitor, **{f"body-{identity}": with_false_figure(visitor), "letter": identity}))
    assert visitor.status == 200
    assert visitor.page.body is not None
    parts = [one["id"] for one in visitor.page.body.find_all(recursive=False)]
    assert parts == ["head-1", "found-1", "bar-1", "notes-1", "ask-1"]
    assert states(visitor) == [STATES[visitor.language]["fix"]] * 2
    ask = visitor.page.select_one("#ask-1")
    assert ask is not None
    assert ask["data-needed"] == "ask"
    assert "<html" not in visitor.answer.text


def test_no_letter_is_checked_for_somebody_who_is_not_written_to(visitor: Visitor) -> None:
    assert visitor.post("check", fields_of(visitor, letter="nobody")).status == 422
    assert visitor.post("check", [("letter", "nobody")]).status == 422


def test_each_text_is_checked_once(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    texts: list[str] = []

    def counted(text: str, *args: Any, **options: Any) -> Any:
        texts.append(text)
        return check_figures(text, *args, **options)

    monkeypatch.setattr(letter_review, "check_figures", counted)
    checked_again(visitor, body=with_false_figure(visitor))
    visitor.press(visitor.button(".notes .mend button"))
    assert len(texts) == 3  # as it came, before it was fixed, and fixed
    assert len(set(texts)) == 2


def test_what_was_checked_is_not_checked_again_when_it_is_taken(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts: list[str] = []

    def counted(text: str, *args: Any, **options: Any) -> Any:
        texts.append(text)
        return check_figures(text, *args, **options)

    fields = fields_of(visitor)
    monkeypatch.setattr(letter_review, "check_figures", counted)
    assert visitor.post("download/txt", fields).status == 200
    assert texts == []
    for name in ("checked-", "subject-"):
        changed = [(field, "Another text" if field.startswith(name) else text) for field, text in fields]
        assert visitor.post("download/txt", changed).status == 200
    assert len(texts) == 2


def test_a_text_that_is_too_long_is_refused_unchecked(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    fields = [(name, "a.b " * 4_000 if name.startswith("body-") else text) for name, text in fields_of(visitor)]
    for check in ("check_figures", "check_bill", "screen_letter", "too_many_numbers"):
        monkeypatch.setattr(letter_review, check, None)
    assert visitor.post("review", fields).status == 422
    assert visitor.page.select_one('[id^="body-"][aria-invalid="true"]') is not None


def test_a_figure_said_of_something_else_keeps_no_source_note(visitor: Visitor) -> None:
    checked_again(visitor, body="95% of my town voted. Please act.")
    assert visitor.page.select_one(".sheet .source") is None


def test_a_letter_without_a_cited_paragraph_has_no_source_note(visitor: Visitor) -> None:
    assert visitor.page.select_one(".sheet .source") is not None
    checked_again(visitor, body="I ask you for a law.")
    assert visitor.page.select_one(".sheet .source") is None
    assert visitor.page.select_one("#notes-1") is not None


def test_a_minister_is_named_by_office(app: Flask) -> None:
    page = Visitor.of(app).post("review", {**FILLED, "recipient": ["mp-mark-carney"]}).page
    assert "Letter to Mark Carney, Prime Minister of Canada" in [
        one.get_text(strip=True) for one in page.select(".letter > h2")
    ]


def test_postage_is_free_only_where_it_is(app: Flask) -> None:
    page = Visitor.of(app).post("review").page
    assert "free postage" in page.select_one("[data-print]").get_text()  # type: ignore[union-attr]
    seat = Visitor.of(app).post("review", {**FILLED, "postal_code": "J2S 1A1"}).page
    assert "free postage" not in seat.select_one("[data-print]").get_text()  # type: ignore[union-attr]


def test_a_letter_with_more_numbers_than_can_be_checked_is_refused_with_a_sentence(visitor: Visitor) -> None:
    checked_again(visitor, body=" ".join(f"We were {number} of us." for number in range(1, 160)))
    assert visitor.status == 422
    assert list(visitor.errors()) == [f"body-{member(visitor)}"]
    assert "150" in visitor.errors()[f"body-{member(visitor)}"]


def keep(visitor: Visitor) -> Visitor:
    """Say of the first claim to confirm that it is right."""
    return visitor.press(".notes [name=keep]")


@BOTH
def test_a_claim_is_confirmed_by_a_button_and_asked_about_again_once_its_sentence_changed(visitor: Visitor) -> None:
    words, unverified = STATES[visitor.language], UNVERIFIED[visitor.language]
    checked_again(visitor, body=f"{body(visitor)}\n\n{unverified}")
    keep(visitor)
    assert states(visitor) == [words["in-order"]] * 3
    assert unverified in visitor.page.select_one(".r-checks .notes").get_text()  # type: ignore[union-attr]
    checked_again(visitor, body=f"{body(visitor)}\n\nThank you.")
    assert states(visitor) == [words["in-order"]] * 3
    kept = visitor.press("[data-send]", age_ok="yes")  # without consent: the page comes back
    assert kept.status == 422
    assert states(visitor) == [words["in-order"]] * 3
    checked_again(visitor, body=body(visitor).replace(unverified, f"{unverified[:-1]}, really."))
    assert states(visitor) == [words["confirm"]] * 3


def test_what_was_ticked_stays_ticked_whatever_is_pressed(visitor: Visitor) -> None:
    name = f"body-{member(visitor)}"
    visitor.press(".again button", age_ok="yes", consent="yes", **{name: with_false_figure(visitor)})
    assert len(visitor.page.select(".sendbox input[checked]")) == 2
    visitor.press(".notes .mend button")
    assert len(visitor.page.select(".sendbox input[checked]")) == 2
    assert not visitor.page.select("#errors")


@BOTH
def test_only_one_button_of_the_page_is_named_after_sending(visitor: Visitor) -> None:
    words = {"en": "Send my letter", "fr": "Envoyer ma lettre"}[visitor.language]
    assert [one.name for one in visitor.page.select("a, button") if one.get_text(strip=True) == words] == ["button"]


def test_what_is_written_on_the_sheet_is_in_pen_ink(visitor: Visitor) -> None:
    inked = len(visitor.page.select(".sheet p.yours"))
    checked_again(visitor, body=f"{body(visitor)}\n\nOne more thing.")
    yours = visitor.page.select(".sheet p.yours")
    assert len(yours) == inked + 1
    assert yours[-1].get_text() == "One more thing."
    assert not yours[-1].select("[lang]")


@BOTH
def test_what_is_refused_is_named_and_marked(visitor: Visitor) -> None:
    checked_again(visitor, body=f"{body(visitor)}\n\nFind me on insta as marie_12.")
    note = visitor.page.select_one(".notes .mend")
    assert note is not None
    assert {"en": "a username or telephone number", "fr": "un numéro de téléphone"}[visitor.language] in note.get_text()
    assert note.select_one('[data-claim="Find me on insta as marie_12"]') is not None
    assert visitor.page.select_one(".found-material") is None


def test_a_missing_space_is_shown_with_the_two_words_that_it_parts(visitor: Visitor) -> None:
    checked_again(visitor, body=f"{body(visitor)}\n\nMy children walk to school.Every day.")
    assert visitor.page.select_one('.notes .mend [data-claim="school.Every"]') is not None


def test_a_figure_is_told_as_the_page_writes_it(app: Flask) -> None:
    visitor = Visitor.of(app, language="fr").post("review", {**FILLED, "language": "en", "words_language": "fr"})
    assert "en français" in visitor.page.select_one(".r-checks > div > .notes").get_text()  # type: ignore[union-attr]
    checked_again(visitor, body=body(visitor).replace("95%", "96%"))
    assert "95\u00a0%, votre lettre dit 96\u00a0%" in visitor.page.select_one(".notes .mend").get_text()  # type: ignore[union-attr]
    assert figure_in("1\u00a0234 et 95\u00a0%", Language.EN) == "1,234 et 95%"
    assert figure_in("23,700 and 95%", Language.FR) == "23\u00a0700 and 95\u00a0%"


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
