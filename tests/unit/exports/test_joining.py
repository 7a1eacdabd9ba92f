"""One file of many letters, without those that cannot take its form."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from advocacy.exports.form import CannotBeMade, Form, Wishes
from advocacy.exports.joining import Joined, joined
from advocacy.exports.text import text_file
from advocacy.language import Language
from advocacy.letters.compose import compose
from advocacy.letters.letter import Letter
from advocacy.messages import message
from tests.builders import TODAY, a_member, a_template, some_answers

WISHES = Wishes(TODAY)
TXT = Form("txt", "text/plain", text_file)


def letter(name: str) -> Letter:
    return compose(a_template(), some_answers(name=name), a_member(), language=Language.EN, today=TODAY)


def no_x(letters: Sequence[Letter], wishes: Wishes) -> bytes:
    """A form that has no letter x."""
    if any("x" in one.signature for one in letters):
        raise CannotBeMade(message("no x"))
    return text_file(letters, wishes)


def never_together(letters: Sequence[Letter], wishes: Wishes) -> bytes:
    """A form of one letter at a time."""
    if len(letters) > 1:
        raise CannotBeMade(message("one at a time"))
    return text_file(letters, wishes)


def test_letters_become_one_file() -> None:
    letters = [letter("Anne"), letter("Bob")]
    assert joined(TXT, letters, WISHES) == Joined(text_file(letters, WISHES), ())


def test_letters_that_cannot_take_the_form_are_left_out() -> None:
    form = replace(TXT, make=no_x)
    letters = [letter("Max"), letter("Anne"), letter("Bob"), letter("Alix")]
    assert joined(form, letters, WISHES) == Joined(text_file(letters[1:3], WISHES), (0, 3))
    assert joined(form, letters[:1], WISHES) == Joined(None, (0,))


def test_letters_that_cannot_be_together_are_an_error() -> None:
    with pytest.raises(CannotBeMade):
        joined(replace(TXT, make=never_together), [letter("Anne"), letter("Bob")], WISHES)
