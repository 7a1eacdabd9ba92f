"""The forms of the staff pages: a text in both languages, rows that come and go, what is wrong with them."""

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import FieldList, Form, FormField, TextAreaField
from wtforms.validators import Length

from advocacy.language import Language, Wording
from advocacy.web.staff.forms import BilingualField, StaffForm, apply_row_button, form_errors


class Titles(Form):  # type: ignore[misc]
    title = BilingualField("Title", [Length(max=10)])
    body = BilingualField("Text", field=TextAreaField)


def test_a_bilingual_field_is_filled_from_a_wording_and_gives_it_back(app: Flask) -> None:
    with app.test_request_context():
        form = Titles(data={"title": Wording.of(en="Clean air", fr="Air sain")})

        assert form.title.wording == Wording.of(en="Clean air", fr="Air sain")
        assert form.body.wording is None
        assert 'name="title-fr"' in form.title.form[Language.FR.value]()


def test_both_languages_are_filled_in_or_neither(app: Flask) -> None:
    with app.test_request_context("/?lang=en"):
        form = Titles(MultiDict({"title-en": "Clean air", "title-fr": "", "body-en": "", "body-fr": ""}))

        assert not form.validate()
        assert form.title.errors == {"fr": ["Fill in this language too."]}
        assert not form.body.errors


def test_each_language_is_validated(app: Flask) -> None:
    with app.test_request_context():
        form = Titles(MultiDict({"title-en": "Clean air in schools", "title-fr": "Air sain"}))

        assert not form.validate()
        assert [*form.title.errors] == ["en"]


class Survey(StaffForm):
    title = BilingualField("Title")
    answers = FieldList(FormField(Titles), "Answers")


def typed(**row: str) -> MultiDict[str, str]:
    return MultiDict({"title-en": "Air", "answers-0-title-en": "yes", "answers-3-title-en": "no", **row})


@pytest.mark.parametrize(
    ("button", "left"),
    [
        ("answers:add", ["yes", "no", ""]),
        ("answers-0:remove", ["no"]),
        ("answers-3:up", ["no", "yes"]),
        ("answers-0:down", ["no", "yes"]),
        ("answers-0:up", ["yes", "no"]),
    ],
)
def test_a_row_is_added_removed_and_moved(app: Flask, button: str, left: list[str]) -> None:
    with app.test_request_context():
        form = Survey(apply_row_button(typed(row=button)))

        assert [row.form.title.form["en"].data or "" for row in form.answers] == left
        assert form.title.form["en"].data == "Air"


@pytest.mark.parametrize("button", ["", "answers", "answers-0:burn", "answers-7:remove"])
def test_what_is_no_row_button_changes_nothing(button: str) -> None:
    assert apply_row_button(typed(row=button)) is None


def test_each_error_is_named_by_its_label_and_leads_to_its_field(app: Flask) -> None:
    with app.test_request_context():
        form = Survey(
            MultiDict({"title-en": "Clean air", "title-fr": "", "answers-0-title-en": "far too long a title"})
        )

        assert not form.validate()
        assert form_errors(form) == [
            ("title-fr", "Title – French: Fill in this language too."),
            ("answers-0-title-fr", "Answers 1 – Title – French: Fill in this language too."),
            ("answers-0-title-en", "Answers 1 – Title – English: Field cannot be longer than 10 characters."),
        ]
