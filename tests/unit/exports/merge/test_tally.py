"""Counts are kept while letters go by, and nothing of a letter."""

from advocacy.exports.merge.row_letters import MergedLetter, MergeSummary, RejectedRow
from advocacy.exports.merge.sheet_rows import CellError
from advocacy.language import Language, Wording
from advocacy.legislators.directory_queries import NOTICES
from advocacy.legislators.models import Status
from tests.unit.exports.merge.sheets import EMPTY_SEAT, a_row, merged

FAULTS = (CellError("name", Wording.same("write it otherwise")),)
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
