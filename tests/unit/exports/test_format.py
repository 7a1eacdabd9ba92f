"""One file of many letters, without those that cannot take its form."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from advocacy.exports.format import (
    CannotExport,
    ExportOptions,
    Format,
    JoinedFile,
    file_name,
    join_letters,
    office_name,
)
from advocacy.exports.text import to_text_file
from advocacy.language import Language, Wording
from advocacy.legislators.recipient import Recipient
from advocacy.letters.compose import compose
from advocacy.letters.letter import Letter
from advocacy.messages import message
from tests.builders import TODAY, a_member, a_minister, a_senator, a_template, a_vacant_seat, some_answers
from tests.golden.test_addresses import LONG_TITLE
from tests.unit.exports.golden import a_letter, golden

DAY = date(2026, 11, 5)


def riding(name: str) -> Recipient:
    return a_member(riding=Wording.same(name))


@pytest.mark.parametrize(
    ("language", "recipient", "name"),
    [
        (Language.FR, a_member(), "Lettre - Ottawa-Centre - 2026-11-05"),
        (Language.EN, a_member(), "Letter - Ottawa Centre - 2026-11-05"),
        (Language.EN, a_vacant_seat(), "Letter - Ottawa Centre - 2026-11-05"),
        (Language.FR, a_minister(), "Lettre - Ministre de la Santé - 2026-11-05"),
        (Language.EN, a_senator(), "Letter - Anne Roy (Quebec) - 2026-11-05"),
        (Language.FR, a_senator(), "Lettre - Anne Roy (Québec) - 2026-11-05"),
    ],
)
def test_one_letter_is_named_by_office_and_day(language: Language, recipient: Recipient, name: str) -> None:
    assert file_name(a_letter(language, recipient=recipient), today=DAY) == name


def test_what_names_cannot_hold_is_a_space() -> None:
    assert office_name(a_letter(recipient=riding('A/B\\C:"D"?*|<>\x00\n..'))) == "A B C D .."
    assert office_name(a_letter(recipient=riding("Saint-Hyacinthe—Bagot—Acton"))) == "Saint-Hyacinthe—Bagot—Acton"
    assert office_name(a_letter(recipient=riding("L’Île-d’Orléans, 2e (est)"))) == "L’Île-d’Orléans, 2e (est)"
    assert office_name(a_letter(recipient=riding("Que\u0301bec"))) == "Québec"


@pytest.mark.parametrize("office", ["é" * 400, "ᓄᓇᕗᑦ " * 90, "Saint-Hyacinthe—Bagot—Acton" * 10, "a " * 300])
def test_a_name_is_short_enough_for_every_file_system(office: str) -> None:
    name = f"{file_name(a_letter(recipient=riding(office)), today=DAY)}.docx"
    assert len(name.encode()) <= 255
    assert name.endswith(" - 2026-11-05.docx")


@pytest.mark.parametrize("language", list(Language))
def test_a_long_title_is_cut_after_a_word(language: Language) -> None:
    name = office_name(a_letter(language, recipient=a_minister(title=LONG_TITLE)))
    title = LONG_TITLE.in_language(language)
    assert len(name) > 80
    assert title.startswith(f"{name} ")


def test_it_says_nothing_of_who_wrote_it() -> None:
    for letter in golden().values():
        said = file_name(letter, today=DAY)
        assert not any(word in said for word in letter.sender.name.split())


WISHES = ExportOptions(TODAY)
TXT = Format("txt", "text/plain", to_text_file)


def letter(name: str) -> Letter:
    return compose(a_template(), some_answers(name=name), a_member(), language=Language.EN, today=TODAY)


def no_x(letters: Sequence[Letter], options: ExportOptions) -> bytes:
    """A form that has no letter x."""
    if any("x" in one.sender.name for one in letters):
        raise CannotExport(message("no x"))
    return to_text_file(letters, options)


def test_letters_that_cannot_take_the_form_are_left_out() -> None:
    form = replace(TXT, render=no_x)
    letters = [letter("Max"), letter("Anne"), letter("Bob"), letter("Alix")]
    assert join_letters(form, letters, WISHES) == JoinedFile(to_text_file(letters[1:3], WISHES), (0, 3))
    assert join_letters(form, letters[:1], WISHES) == JoinedFile(None, (0,))
