"""The forms of the staff pages: a text in both languages."""

from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import Form, TextAreaField
from wtforms.validators import Length

from advocacy.language import Language, Wording
from advocacy.web.staff.forms import BilingualField


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
