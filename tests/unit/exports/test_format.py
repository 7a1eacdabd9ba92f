"""One file of many letters, without those that cannot take its form."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from advocacy.exports.format import CannotExport, ExportOptions, Format, JoinedFile, join_letters
from advocacy.exports.text import to_text_file
from advocacy.language import Language
from advocacy.letters.compose import compose
from advocacy.letters.letter import Letter
from advocacy.messages import message
from tests.builders import TODAY, a_member, a_template, some_answers

WISHES = ExportOptions(TODAY)
TXT = Format("txt", "text/plain", to_text_file)


def letter(name: str) -> Letter:
    return compose(a_template(), some_answers(name=name), a_member(), language=Language.EN, today=TODAY)


def no_x(letters: Sequence[Letter], options: ExportOptions) -> bytes:
    """A form that has no letter x."""
    if any("x" in one.signature for one in letters):
        raise CannotExport(message("no x"))
    return to_text_file(letters, options)


def never_together(letters: Sequence[Letter], options: ExportOptions) -> bytes:
    """A form of one letter at a time."""
    if len(letters) > 1:
        raise CannotExport(message("one at a time"))
    return to_text_file(letters, options)


def test_letters_become_one_file() -> None:
    letters = [letter("Anne"), letter("Bob")]
    assert join_letters(TXT, letters, WISHES) == JoinedFile(to_text_file(letters, WISHES), ())


def test_letters_that_cannot_take_the_form_are_left_out() -> None:
    form = replace(TXT, render=no_x)
    letters = [letter("Max"), letter("Anne"), letter("Bob"), letter("Alix")]
    assert join_letters(form, letters, WISHES) == JoinedFile(to_text_file(letters[1:3], WISHES), (0, 3))
    assert join_letters(form, letters[:1], WISHES) == JoinedFile(None, (0,))


def test_letters_that_cannot_be_together_are_an_error() -> None:
    with pytest.raises(CannotExport):
        join_letters(replace(TXT, render=never_together), [letter("Anne"), letter("Bob")], WISHES)
