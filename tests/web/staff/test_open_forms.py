"""Somebody who writes while a revision is published finishes with the words they began with; a corrected figure counts."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from advocacy.app import create_app
from advocacy.letters.models import StoredLetter
from advocacy.runtime import Runtime
from advocacy.staff.models import Role
from tests.web.public.visitor import FILLED, Visitor
from tests.web.shared_site import NOW
from tests.web.staff.browser import Browser
from tests.web.staff.conftest import NewBrowser
from tests.web.staff.test_publish import place, revised

AGREED = {"age_ok": "yes", "consent": "yes"}
REQUIRED = ("letter.toml", 'choices = "relationship"', 'choices = "relationship"\nrequired = true')
OTHER_KEY = "why"
GONE = (
    ("letter.toml", 'key = "reason"', f'key = "{OTHER_KEY}"'),
    ("letter.toml", "{{ reason }}", f"{{{{ {OTHER_KEY} }}}}"),
)
FIGURE = (("findings.toml", "percent = 95", "percent = 94"), ("findings.toml", "percent = 4\n", "percent = 5\n"))
WORDS = (
    ("letter.toml", "Parliament can settle this", "A statute can settle this"),
    ("letter.toml", "Le Parlement peut régler", "Un texte de loi peut régler"),
)


@pytest.fixture
def people(browser: NewBrowser) -> tuple[Browser, Browser]:
    """Who writes and who publishes."""
    return browser(Role.WRITER, who="maude"), browser(Role.PUBLISHER, who="karim")


def published(
    runtime: Runtime,
    people: tuple[Browser, Browser],
    *changes: tuple[str, str, str],
    document: str = "takedown-and-standards",
) -> int:
    """Publish a change, by two people."""
    writer, second = people
    made = revised(runtime, writer, *changes, document=document)
    assert writer.post(place(made, "ask")).status_code == 303
    answer = second.post(place(made), {"act": "publish"})
    assert answer.status_code == 303
    return made


def stored(runtime: Runtime) -> list[StoredLetter]:
    with runtime.sessions() as session:
        return list(session.scalars(select(StoredLetter)))


def begun(app: Flask, **typed: str) -> Visitor:
    """Open the form, and fill it in without sending it."""
    visitor = Visitor.of(app).get()
    return visitor.press("[data-review]", **{**FILLED, **typed})


def open_form(app: Flask) -> dict[str, str]:
    """Return what an open form carries, filled in."""
    visitor = Visitor.of(app).get()
    return {**dict(visitor.values()), **FILLED}


@pytest.mark.parametrize(
    ("change", "typed"),
    [((REQUIRED,), {"relationship": ""}), (GONE, {})],
    ids=["a field becomes required", "a field is gone"],
)
def test_an_open_form_is_finished_as_it_was_opened(
    app: Flask,
    runtime: Runtime,
    people: tuple[Browser, Browser],
    *,
    change: tuple[tuple[str, str, str], ...],
    typed: dict[str, str],
) -> None:
    form = {**open_form(app), **typed}
    made = published(runtime, people, *change)
    visitor = Visitor.of(app)
    assert visitor.post("review", form).status == 200
    assert FILLED["reason"] in visitor.sheets()[0]
    assert visitor.press('#sendbox button[formaction$="/send"]', **AGREED).status == 303
    (letter,) = stored(runtime)
    assert letter.pins["letter"] < made
    again = Visitor.of(app).post("review", {**FILLED, **typed})
    assert (again.status == 422) is (change == (REQUIRED,)), "whoever begins now has the new form"


def test_a_reviewed_letter_is_sent_as_reviewed(app: Flask, runtime: Runtime, people: tuple[Browser, Browser]) -> None:
    visitor = begun(app)
    seen = visitor.sheets()[0]
    made = published(runtime, people, *WORDS)
    assert visitor.press("[formaction$='/download/txt']").answer.text == seen
    visitor = begun(app)
    assert visitor.sheets()[0] != seen
    old = {**open_form(app)}
    published(runtime, people, ("letter.toml", "Un texte de loi", "Une vraie loi"))
    assert visitor.press('#sendbox button[formaction$="/send"]', **AGREED).status == 303
    (letter,) = stored(runtime)
    assert letter.pins["letter"] == made
    assert not letter.edited
    assert old["revisions"] != dict(Visitor.of(app).get().values())["revisions"]


def test_after_a_day_an_open_form_takes_the_new_words(
    app: Flask, runtime: Runtime, people: tuple[Browser, Browser]
) -> None:
    form = open_form(app)
    published(runtime, people, *WORDS)
    for hours, new in ((23, False), (25, True)):
        later = create_app(runtime, now=lambda hours=hours: NOW + timedelta(hours=hours))  # type: ignore[misc]
        visitor = Visitor.of(later)
        assert visitor.post("review", form).status == 200
        assert ("statute" in visitor.sheets()[0]) is new


def test_revisions_that_nobody_was_shown_count_for_nothing(app: Flask) -> None:
    visitor = Visitor.of(app)
    for revisions in ("1.2", "9.99.999", "1.2.3.4.5.6.7.8.9.10.11.12.13.14.15", "x", "²", "1" * 400, "1..2", "-1.2.3"):
        assert visitor.post("review", {**FILLED, "revisions": revisions}).status == 200, revisions


def test_a_revision_that_was_never_live_cannot_be_written_with(
    app: Flask, runtime: Runtime, people: tuple[Browser, Browser]
) -> None:
    form = open_form(app)
    made = revised(runtime, people[0], *WORDS)
    ids = form["revisions"].split(".")
    visitor = Visitor.of(app)
    for wrong in (".".join([*ids[:-1], str(made)]), ".".join([*ids, str(made)])):
        assert visitor.post("review", {**form, "revisions": wrong}).status == 200
        assert "statute" not in visitor.sheets()[0]


def test_a_figure_corrected_meanwhile_is_told_and_shown_at_the_review(
    app: Flask, runtime: Runtime, people: tuple[Browser, Browser]
) -> None:
    form = open_form(app)
    published(runtime, people, *FIGURE, document="findings")
    visitor = Visitor.of(app)
    assert visitor.post("review", form).status == 422
    assert visitor.page.select_one("#corrected")
    assert "94%" in visitor.sheets()[0]
    assert "95%" not in visitor.sheets()[0]
    assert visitor.press('#sendbox button[formaction$="/send"]', **AGREED).status == 303


def test_a_letter_reviewed_with_the_old_figure_is_read_again_before_it_is_sent(
    app: Flask, runtime: Runtime, people: tuple[Browser, Browser]
) -> None:
    visitor = begun(app)
    made = published(runtime, people, *FIGURE, document="findings")
    assert visitor.press('#sendbox button[formaction$="/send"]', **AGREED).status == 422
    assert visitor.page.select_one("#corrected")
    assert "94%" in visitor.sheets()[0]
    assert stored(runtime) == []
    assert visitor.press('#sendbox button[formaction$="/send"]', **AGREED).status == 303
    (letter,) = stored(runtime)
    assert letter.pins["findings"] == made
    assert not letter.edited


def test_words_that_were_edited_stay_and_the_old_figure_in_them_is_shown_beside_the_new_one(
    app: Flask, runtime: Runtime, people: tuple[Browser, Browser]
) -> None:
    visitor = begun(app)
    field = next(name for name, _ in visitor.values() if name.startswith("body-"))
    mine = dict(visitor.values())[field].replace("I am", "Truly, I am").replace("My daughter", "Our daughter")
    visitor.press(".review button[formaction$='/review'], [formaction$='/review']", **{field: mine})
    published(runtime, people, *FIGURE, document="findings")
    visitor.press('#sendbox button[formaction$="/send"]', **AGREED)
    assert visitor.status == 422
    assert "Our daughter" in visitor.sheets()[0]
    assert "95%" in visitor.sheets()[0]
    claims = [claim.get_text() for claim in visitor.page.select("#own-words .claims li")]
    assert any("95%" in claim and "94%" in claim for claim in claims)


def test_a_corrected_figure_that_the_letter_does_not_cite_disturbs_nobody(
    app: Flask, runtime: Runtime, people: tuple[Browser, Browser]
) -> None:
    visitor = begun(app)
    change = (("findings.toml", "percent = 85", "percent = 84"), ("findings.toml", "percent = 13\n", "percent = 14\n"))
    published(runtime, people, *change, document="findings")
    assert visitor.press('#sendbox button[formaction$="/send"]', **AGREED).status == 303
