"""What columns declare is done: a sealed one opens in its own row alone, and is handed out and erased as it says."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from advocacy.database import KEYS_IN_SESSION
from advocacy.encryption import CannotDecrypt, Keys
from advocacy.letters.models import Submission, SubmissionStatus
from advocacy.personal_columns import SEALED, erase_row, export_row, truncate_to_day

KEYS = Keys.make()


@pytest.fixture
def session() -> Session:
    return Session(info={KEYS_IN_SESSION: lambda: KEYS})


@pytest.fixture
def row(session: Session) -> Submission:
    row = Submission(id="4f", campaign="a-campaign", status=SubmissionStatus.CONFIRMED, email_hash="found by")
    session.add(row)
    row.name = "Camille Essai"
    return row


def test_a_sealed_column_is_opened_in_its_own_row_alone(session: Session, row: Submission) -> None:
    other = Submission(id="5f", name_sealed=row.name_sealed)
    session.add(other)
    assert row.name == "Camille Essai"
    with pytest.raises(CannotDecrypt):
        assert other.name


def test_it_is_handed_out_in_words_and_no_hash_is(row: Submission) -> None:
    exported = export_row(row)
    assert (exported["name"], exported["campaign"], exported["email"]) == ("Camille Essai", "a-campaign", None)
    assert not any(name.endswith(("_hash", SEALED)) for name in exported)


def test_erased_it_says_nothing_of_a_person(row: Submission) -> None:
    erase_row(row)
    assert (row.name, row.name_sealed, row.email_hash, row.consent_text) == (None, None, None, "")
    assert (row.status, row.campaign) == (SubmissionStatus.ERASED, "a-campaign")


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 25, 22, 16, 3, 7, tzinfo=UTC), datetime(2026, 11, 25, 5, tzinfo=UTC)),
        (datetime(2026, 11, 25, 3, tzinfo=UTC), datetime(2026, 11, 24, 5, tzinfo=UTC)),
        (datetime(2026, 7, 2, 3, 59, tzinfo=UTC), datetime(2026, 7, 1, 4, tzinfo=UTC)),
    ],
)
def test_a_moment_becomes_its_day_in_ottawa(moment: datetime, day: datetime) -> None:
    assert truncate_to_day(moment) == day
