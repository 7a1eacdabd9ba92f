"""Sketches are stored with letters, count once their letter was handed over, and go with its text."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from advocacy.delivery.states import State
from advocacy.letters import encrypted_columns, erasure
from advocacy.letters.models import Confirmation, LetterSketch
from advocacy.letters.office_likeness import Sketch, read_sketches, sketch_of
from advocacy.letters.submit import submit
from tests.citizens import (
    KEYS,
    LIMITS,
    NOW,
    UNCONFIRMED,
    came_to,
    confirmed,
    messages,
    new_submission,
    settle_in,
    written_to,
)
from tests.databases import both_databases

Sessions = sessionmaker[Session]


def send(store: Sessions, number: int, sketch: Sketch) -> None:
    """Have one letter to the first member sent in and confirmed."""
    submission = new_submission(to=("mp-1",), key=f"form {number}", email=f"c{number}@example.ca")
    with_sketch = replace(submission, letters=(replace(submission.letters[0], sketch=sketch),))
    with store.begin() as session:
        submit(session, with_sketch, keys=KEYS, now=NOW, limits=LIMITS, unconfirmed=UNCONFIRMED)
    with store() as session:
        row = session.scalars(select(Confirmation).where(Confirmation.used_at.is_(None))).one()
        token = encrypted_columns.read(row, "token_sealed", keys=KEYS) or ""
    confirmed(store, token)


@both_databases
def test_a_letter_counts_once_it_was_handed_over_and_until_it_is_erased(sessions: Sessions) -> None:
    settle_in(sessions)
    sketch = sketch_of(written_to("mp-1").body, keys=KEYS)
    send(sessions, 1, sketch)
    send(sessions, 2, sketch)
    with sessions() as session:
        assert read_sketches(session, "mp-1") == []
    with sessions.begin() as session:
        came_to(session, messages(session, "letter")[0], State.ACCEPTED)
        came_to(session, messages(session, "letter")[1], State.BOUNCED)
    with sessions() as session:
        assert read_sketches(session, "mp-1") == [sketch]
        assert read_sketches(session, "mp-2") == []
    month = timedelta(days=30)
    with sessions.begin() as session:
        erasure.erase_old(session, now=NOW + month + timedelta(hours=1), retention=month)
    with sessions() as session:
        assert session.scalar(select(func.count()).select_from(LetterSketch)) == 0
