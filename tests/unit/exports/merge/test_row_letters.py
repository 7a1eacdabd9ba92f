"""A letter for each row, or every reason why it is none: in the order of the rows, and always the same."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocacy.exports.merge.addressees import NO_RIDING
from advocacy.exports.merge.row_letters import (
    OWN_CLAIM,
    Merge,
    MergedLetter,
    MergeSummary,
    RejectedRow,
)
from advocacy.exports.merge.sheet_rows import EMPTY_CELL, MISTYPED, SPREADSHEET_ERROR, read_people
from advocacy.exports.text import to_text
from advocacy.language import Language, Wording
from advocacy.legislators.directory_queries import NOTICES
from advocacy.legislators.models import Status
from advocacy.letters.compose import compose
from advocacy.letters.sentence_wordings import wordings_at
from advocacy.letters.text_cleaning import clean
from advocacy.messages import Words
from advocacy.sheets import CellError
from tests.builders import OTTAWA_CENTRE, TODAY, nth_choice, some_answers
from tests.campaign_files import LETTER, STATEMENTS, campaign_with_statements
from tests.naughty import strings
from tests.unit.exports.merge.sheets import (
    EMPTY_SEAT,
    OUTREMONT,
    a_row,
    csv_bytes,
    merged,
    the_addressees,
    the_template,
)


@pytest.mark.parametrize(
    ("words", "notes"),
    [
        ("96% of respondents want removal required by law.", (OWN_CLAIM,)),
        ("95% of respondents want removal required by law. Bill C-34 has passed.", (OWN_CLAIM,)),
        ("I read that Bill C-34 has passed.", (OWN_CLAIM,)),
        ("I have two children and eight cousins.", ()),
        ("", ()),
    ],
)
def test_own_words_on_the_survey_or_a_bill_are_noted_once(words: str, notes: tuple[Words, ...]) -> None:
    (one,) = merged(a_row(reason=words))
    assert isinstance(one, MergedLetter)
    assert one.notes == notes
    assert words in text(one)


FAULTS = (CellError(2, "name", Wording.same("write it otherwise")),)
ROWS = [a_row(), a_row(name=""), a_row(language="fr"), a_row(riding=EMPTY_SEAT), a_row(riding=EMPTY_SEAT)]


def counted() -> tuple[MergeSummary, list[MergedLetter | RejectedRow]]:
    tally = MergeSummary()
    return tally, list(tally.count(merged(*ROWS)))


def test_what_goes_by_is_passed_on_and_counted() -> None:
    tally, passed = counted()
    assert passed == merged(*ROWS)
    assert tally.languages == {Language.EN: 3, Language.FR: 1}
    assert (tally.letters, tally.rows) == (4, 5)
    assert [rejection.row for rejection in tally.rejected] == [3]
    assert tally.notes == {NOTICES[Status.VACANT]: [5, 6]}


def test_a_letter_found_out_late_is_taken_back_in_its_place() -> None:
    tally, passed = counted()
    (first, *_) = (one for one in passed if isinstance(one, MergedLetter))
    tally.reject_late(first, FAULTS)
    assert (tally.letters, tally.rows) == (3, 5)
    assert [rejection.row for rejection in tally.rejected] == [2, 3]
    assert tally.rejected[0].errors == FAULTS


def test_what_was_said_of_a_letter_taken_back_is_said_no_more() -> None:
    tally, passed = counted()
    for row, left in ((5, [6]), (6, None)):
        (one,) = (one for one in passed if isinstance(one, MergedLetter) and one.row == row)
        tally.reject_late(one, FAULTS)
        assert tally.notes.get(NOTICES[Status.VACANT]) == left


def faults(one: MergedLetter | RejectedRow) -> dict[str, Words]:
    assert isinstance(one, RejectedRow)
    return {fault.column: fault.message for fault in one.errors}


def text(one: MergedLetter | RejectedRow) -> str:
    assert isinstance(one, MergedLetter)
    return to_text(one.letter)


def test_a_row_gives_the_letter_its_answers_give() -> None:
    (one,) = merged(a_row(postal_code="K1A 0A6", riding="", reason="I have two children.", relationship="parent"))
    assert isinstance(one, MergedLetter)
    assert one.row == 2
    at_home = the_template().shared[Language.EN]["why_you"][0].wordings
    assert any(wording.replace("{{ riding }}", "Ottawa Centre") in text(one) for wording in at_home)
    assert "\nI have two children.\n" in text(one)
    assert "Ottawa ON  K1A 0A6" in text(one)


def test_each_row_speaks_its_own_language_and_the_others_the_one_for_all() -> None:
    made = merged(a_row(), a_row(language="français"), a_row(language=""), language=Language.FR)
    assert [one.letter.language for one in made if isinstance(one, MergedLetter)] == [
        Language.EN,
        Language.FR,
        Language.FR,
    ]


def test_a_bad_row_is_rejected_with_every_reason_and_the_others_are_made() -> None:
    made = merged(
        a_row(),
        a_row(name="", province="Texas", language="de", riding="Springfield"),
        a_row(riding="", postal_code="K1AOA6"),
        a_row(riding="", postal_code="H3R 3A7"),
        a_row(riding=""),
        a_row(relationship="#N/A"),
        a_row(),
    )
    assert [one.row for one in made] == [2, 3, 4, 5, 6, 7, 8]
    assert [isinstance(one, MergedLetter) for one in made] == [True, False, False, False, False, False, True]
    assert list(faults(made[1])) == ["name", "province", "language", "riding"]
    assert (faults(made[1])["name"], faults(made[1])["riding"]) == (EMPTY_CELL, NO_RIDING)
    assert faults(made[2]) == {"postal_code": MISTYPED}
    assert "24048 Mount Royal" in faults(made[3])["postal_code"].in_language(Language.EN)
    assert faults(made[4]) == {"postal_code": EMPTY_CELL}
    assert faults(made[5]) == {"relationship": SPREADSHEET_ERROR}


def test_whatever_stands_in_a_cell_is_a_value_or_is_rejected_unrepeated() -> None:
    texts = strings()
    made = merged(*(a_row(reason=text) for text in texts))
    assert len(made) == len(texts)
    for typed, one in zip(texts, made, strict=True):
        if isinstance(one, MergedLetter):
            assert all(line in text(one) for line in clean(typed, lines=True).split("\n"))
        else:
            assert all(faults(one)["reason"].in_language(language) != typed for language in Language)
    assert sum(isinstance(one, MergedLetter) for one in made) > len(texts) / 2


def test_alternatives_take_turns_office_by_office_and_language_by_language() -> None:
    rows = [a_row(), a_row(riding=OUTREMONT), a_row(), a_row(language="fr"), a_row(name=""), a_row()]
    made = [one for one in merged(*rows) if isinstance(one, MergedLetter)]
    ottawa = [one.letter for one in made if one.letter.recipient.riding_code == OTTAWA_CENTRE]
    english = [letter for letter in ottawa if letter.language is Language.EN]
    assert [letter.body for letter in english] == [_body(Language.EN, turn) for turn in range(3)]
    assert [letter.body for letter in ottawa if letter not in english] == [_body(Language.FR, 0)]
    assert len({letter.body for letter in english}) == 3


def _body(language: Language, turn: int) -> str:
    """What Camille's letter number `turn` to Ottawa Centre says."""
    answers = some_answers(name="Camille Essai", postal_code="", email="", fields={"relationship": "", "reason": ""})
    recipient = the_addressees().find({"riding": OTTAWA_CENTRE}).recipient
    choice = nth_choice(the_template(), answers, recipient, turn=turn)
    wordings = wordings_at(the_template(), language, turn)
    letter = compose(
        the_template(), answers, recipient, language=language, today=TODAY, choice=choice, wordings=wordings
    )
    return letter.body


@given(st.lists(st.sampled_from(["good", "nameless", "blank", "elsewhere"]), max_size=12))
def test_every_row_comes_once_as_a_letter_or_as_a_rejection(kinds: list[str]) -> None:
    rows = {
        "good": a_row(),
        "nameless": a_row(name=""),
        "blank": (),
        "elsewhere": a_row(riding="Springfield"),
    }
    made = merged(*(rows[kind] for kind in kinds), a_row())
    numbers = [number for number, kind in enumerate([*kinds, "good"], start=2) if kind != "blank"]
    good = [number for number, kind in enumerate([*kinds, "good"], start=2) if kind == "good"]
    assert [one.row for one in made] == numbers
    assert [one.row for one in made if isinstance(one, MergedLetter)] == good


def test_rows_that_check_sentences_take_every_wording_in_turn_and_own_words_win() -> None:
    template = campaign_with_statements().template(LETTER)
    header = ("name", "city", "province", "riding", "language", "statements", "reason")
    row = ("Camille Essai", "Ottawa", "ON", OTTAWA_CENTRE, "en")
    sheet = [
        *[(*row, "children; My library is closed on my day off", "")] * 5,
        (*row, "closed", "My own words."),
        *[(*row, "Ma bibliothèque est fermée pendant mon congé", "")] * 5,
        (*row, "closed; nothing", ""),
    ]
    people = read_people(csv_bytes([header, *sheet]), template)
    *letters, last = Merge(template, the_addressees(), today=TODAY, language=None).letters(people)
    bodies = [one.letter.body for one in letters if isinstance(one, MergedLetter)]
    assert len(bodies) == 11
    used = Counter(text for body in bodies for text in STATEMENTS["closed"]["en"] if text in body)
    assert used == dict.fromkeys(STATEMENTS["closed"]["en"], 2)
    assert not any(text in bodies[5] for text in STATEMENTS["closed"]["en"])
    assert isinstance(last, RejectedRow)
    assert [error.column for error in last.errors] == ["statements"]
