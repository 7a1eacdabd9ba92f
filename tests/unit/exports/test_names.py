"""A file is named by office and day in the letter's language, as every system can hold it, and by no one's name."""

from datetime import date

import pytest

from advocacy.exports.format import file_name, office_name
from advocacy.language import Language, Wording
from advocacy.legislators.recipient import Recipient
from tests.builders import a_member, a_minister, a_senator, a_vacant_seat
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
        assert not any(word in said for word in letter.signature.split())
