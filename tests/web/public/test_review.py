"""Before a letter leaves: its figures beside the survey's, its links, its edits, and one value in every way out."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from flask import Flask, template_rendered
from pydantic import SecretStr

from advocacy.app import create_app
from advocacy.parts import Parts
from tests.builders import SECRET
from tests.web.conftest import NOW
from tests.web.public.visitor import FILLED, STORY, Visitor


@pytest.fixture(params=["en", "fr"])
def visitor(app: Flask, request: pytest.FixtureRequest) -> Visitor:
    return Visitor.of(app, language=request.param).post("review")


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


def test_the_figures_are_named_as_the_surveys(visitor: Visitor) -> None:
    said = visitor.page.select_one(".r-checks")
    assert said is not None
    assert {"en": "95%", "fr": "95\u00a0%"}[visitor.language] in said.text
    assert not visitor.page.select(".notes .mend")


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


@pytest.mark.parametrize(
    "link", ["https://example.ca/x", "exemple.ca", "write to me@example.ca", "www . exemple . org"]
)
def test_a_link_in_an_edited_letter_keeps_it_from_leaving(visitor: Visitor, link: str) -> None:
    edited = f"{body(visitor)}\n\nSee {link}"
    checked_again(visitor, body=edited)
    assert visitor.status == 422
    assert body(visitor) == edited
    assert visitor.page.select_one(".found-material") is not None
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
    visitor.post("review", [*fields, ("afresh", identity)])
    assert visitor.sheets() == before


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


def test_while_a_test_recipient_is_set_mail_links_carry_it(parts: Parts) -> None:
    settings = parts.settings.model_copy(update={"test_recipient": "essai@example.ca", "secret_key": SecretStr(SECRET)})
    app = create_app(Parts(settings, parts.engine, parts.sessions), now=lambda: NOW)
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
def test_a_letter_bears_the_day_it_is_in_ottawa(parts: Parts, hour: int, day: str) -> None:
    app = create_app(parts, now=lambda: datetime(2026, 11, 26, hour, 30, tzinfo=UTC))
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
