"""Counts are kept while letters go by, and nothing of a letter."""

from advocacy.exports.merge import Fault, Merged, Rejection, Tally
from advocacy.language import Language, Wording
from advocacy.legislators.directory_queries import NOTICES
from advocacy.legislators.models import Status
from tests.unit.exports.merge.sheets import EMPTY_SEAT, a_row, merged

FAULTS = (Fault("name", Wording.same("write it otherwise")),)
ROWS = [a_row(), a_row(name=""), a_row(language="fr"), a_row(riding=EMPTY_SEAT), a_row(riding=EMPTY_SEAT)]


def counted() -> tuple[Tally, list[Merged | Rejection]]:
    tally = Tally()
    return tally, list(tally.counted(merged(*ROWS)))


def test_what_goes_by_is_passed_on_and_counted() -> None:
    tally, passed = counted()
    assert passed == merged(*ROWS)
    assert tally.languages == {Language.EN: 3, Language.FR: 1}
    assert (tally.letters, tally.rows) == (4, 5)
    assert [rejection.row for rejection in tally.rejections] == [3]
    assert tally.notes == {NOTICES[Status.VACANT]: [5, 6]}


def test_a_letter_found_out_late_is_taken_back_in_its_place() -> None:
    tally, passed = counted()
    (first, *_) = (one for one in passed if isinstance(one, Merged))
    tally.reject_late(first, FAULTS)
    assert (tally.letters, tally.rows) == (3, 5)
    assert [rejection.row for rejection in tally.rejections] == [2, 3]
    assert tally.rejections[0].faults == FAULTS


def test_what_was_said_of_a_letter_taken_back_is_said_no_more() -> None:
    tally, passed = counted()
    for row, left in ((5, [6]), (6, None)):
        (one,) = (one for one in passed if isinstance(one, Merged) and one.row == row)
        tally.reject_late(one, FAULTS)
        assert tally.notes.get(NOTICES[Status.VACANT]) == left
