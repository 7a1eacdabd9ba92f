"""What stays of what was erased leads to nobody: not by its moments, nor by an id that stands in somebody's mail."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session, sessionmaker

from advocacy.database import MAIL_IN_SESSION, PRAGMAS
from advocacy.delivery import events, outbox, sweeping
from advocacy.delivery.claims import claim
from advocacy.delivery.models import Message, MessageMove, ProviderEvent
from advocacy.delivery.provider import Accepted, Envelope, Event
from advocacy.delivery.states import State
from advocacy.delivery.worker import LEASE, Worker
from advocacy.dispatch import apply_retention, make_kinds
from advocacy.letters import erasure, receipts
from advocacy.letters.confirmation import confirm, withdraw
from advocacy.letters.models import Confirmation, StoredLetter, Submission, SubmissionStatus
from advocacy.providers.mail_folder import MailFolder
from advocacy.runtime import Runtime, open_runtime
from advocacy.settings import Settings
from tests.builders import SECRET
from tests.citizens import EMAIL, KEYS, NAME, NOW, came_to, confirmed, messages, sent_in, settle_in
from tests.claims import record
from tests.databases import Beginning, Files

Sessions = sessionmaker[Session]
DAY = datetime(2026, 11, 25, 5, tzinfo=UTC)
"""When the day of NOW began in Ottawa."""
HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
def store(sessions: Sessions) -> Sessions:
    settle_in(sessions)
    return sessions


def reported(public_id: str, name: str = "one", state: State = State.DELIVERED) -> Event:
    return Event(name, public_id, state, NOW, state.value)


def all_of(sessions: Sessions, model: Any) -> list[Any]:
    with sessions() as session:
        return list(session.scalars(select(model).order_by(model.id)))


def deleted(sessions: Sessions, receipt: str) -> None:
    with sessions.begin() as session:
        assert receipts.delete(session, receipt, now=NOW)


def test_of_a_deleted_letter_days_stay_and_no_id_that_a_provider_or_an_office_was_told(store: Sessions) -> None:
    receipt = confirmed(store, sent_in(store))
    assert receipt
    with store.begin() as session:
        for message in (*messages(session, "letter"), *messages(session, "confirmation")):
            came_to(session, message, State.ACCEPTED)
            message.provider_id, message.attempt = "its-name", 1
            events.record_events(
                session, [reported(message.public_id, message.public_id)], provider="sendgrid", now=NOW
            )
    told = {message.public_id for message in all_of(store, Message)}
    deleted(store, receipt)
    left = all_of(store, Message)
    assert {message.state for message in left} == {State.DELIVERED}
    assert {(message.provider_id, message.attempt) for message in left} == {(None, 0)}
    assert {at for one in left for at in (one.created_at, one.due_at, one.changed_at)} == {DAY}
    assert {move.at for move in all_of(store, MessageMove)} == {DAY}
    (submission,) = all_of(store, Submission)
    assert (submission.status, submission.consent_text) == (SubmissionStatus.ERASED, "")
    assert {submission.created_at, submission.confirmed_at, submission.consented_at} == {DAY}
    assert {letter.created_at for letter in all_of(store, StoredLetter)} == {DAY}
    assert told.isdisjoint(message.public_id for message in left)
    assert len({message.public_id for message in left}) == 3
    assert all_of(store, ProviderEvent) == []


def test_a_report_that_is_overtaken_by_the_deletion_is_not_kept(
    store: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirmed(store, sent_in(store))
    (letter, _) = (message for message in all_of(store, Message) if message.kind == "letter")
    locked = outbox.locked

    def erased_meanwhile(session: Session, message_id: int) -> Message | None:
        message = locked(session, message_id)
        assert message
        message.public_id = "f" * 32
        return message

    monkeypatch.setattr(events, "locked", erased_meanwhile)
    with store.begin() as session:
        assert events.record_events(session, [reported(letter.public_id)], provider="sendgrid", now=NOW) == []
    assert all_of(store, ProviderEvent) == []


def test_the_letters_of_one_that_waits_still_keep_their_story(store: Sessions) -> None:
    receipt = confirmed(store, sent_in(store))
    assert receipt
    with store.begin() as session:
        came_to(session, messages(session, "letter")[0], State.ACCEPTED)
    with store.begin() as session:
        assert erasure.erase_old(session, now=NOW + timedelta(days=30), retention=timedelta(days=30)) == 1
        held = receipts.receipt(session, receipt, now=NOW)
        assert held is not None
        assert {move.at for letter in held.letters for move in letter.moves} == {NOW}


def test_what_is_on_its_way_is_parted_from_its_mail_once_that_is_settled(store: Sessions, tmp_path: Path) -> None:
    receipt = confirmed(store, sent_in(store))
    assert receipt
    with store.begin() as session:
        came_to(session, messages(session, "confirmation")[0], State.ACCEPTED)
    held = claim(store, now=NOW)
    assert held is not None
    deleted(store, receipt)
    with store.begin() as session:
        assert erasure.detach_finished(session, now=NOW) == 0
        mail = tmp_path / f"2026-11-25T221600-{held.public_id}.eml"
        mail.touch()
        (tmp_path / "2026-11-25T221600-another.eml").touch()
        record(session, held, State.ACCEPTED, provider_id="given", now=NOW)
    with store.begin() as session:
        session.info[MAIL_IN_SESSION] = tmp_path
        assert erasure.detach_finished(session, now=NOW) == 1
        assert erasure.detach_finished(session, now=NOW) == 0
    (message,) = (one for one in all_of(store, Message) if one.id == held.id)
    assert (message.state, message.provider_id, message.changed_at) == (State.ACCEPTED, None, DAY)
    assert message.public_id != held.public_id
    assert [file.name for file in tmp_path.iterdir() if file.suffix == ".eml"] == ["2026-11-25T221600-another.eml"]


def test_nobody_has_to_decide_on_what_was_erased(store: Sessions) -> None:
    receipt = confirmed(store, sent_in(store))
    assert receipt
    with store.begin() as session:
        came_to(session, messages(session, "confirmation")[0], State.ACCEPTED)
    assert [claim(store, now=NOW) is not None for _ in range(2)] == [True, True]
    with store.begin() as session:
        session.execute(update(Message).values(resent=True))
    deleted(store, receipt)
    for later in (LEASE, LEASE + HALF_AN_HOUR):
        sweeping.sweep(store, now=NOW + later)
    with store.begin() as session:
        assert {message.state for message in messages(session, "letter")} == {State.NEEDS_STAFF}
        assert erasure.detach_finished(session, now=NOW + LEASE + HALF_AN_HOUR) == 2
        assert {message.state for message in messages(session, "letter")} == {State.CANCELLED}
    assert {move.at for move in all_of(store, MessageMove) if move.message_id > 1} == {DAY}


@pytest.fixture
def runtime(tmp_path: Path, filled_files: Files) -> Iterator[Runtime]:
    url = filled_files.lay(tmp_path / "advocacy.sqlite3", Beginning.SITE)
    settings = Settings(database_url=url, secret_key=SecretStr(SECRET), data_keys=SecretStr(KEYS.text))
    with open_runtime(settings, now=NOW) as runtime:
        settle_in(runtime.sessions)
        yield runtime


def traces(runtime: Runtime) -> Callable[[], list[bytes]]:
    """Note what tells of the person now; give what tells which of it stands in any of the database's files."""
    with runtime.sessions() as session:
        row = session.scalars(select(Confirmation)).one()
        name = session.scalars(select(Submission.name_sealed).where(Submission.name_sealed.is_not(None))).one()
    hidden = [part[4:16] for part in (row.email_sealed, name) if part]
    folder = runtime.settings.mail_folder.parent

    def found() -> list[bytes]:
        files = b"".join(file.read_bytes() for file in folder.glob("advocacy.sqlite3*"))
        return [trace for trace in hidden if trace in files]

    assert len(found()) == 2
    return found


def test_what_a_receipt_deletes_or_was_not_theirs_is_in_no_file(runtime: Runtime) -> None:
    receipt = confirmed(runtime.sessions, sent_in(runtime.sessions))
    assert receipt
    found = traces(runtime)
    deleted(runtime.sessions, receipt)
    apply_retention(runtime, now=NOW)
    assert found() == []
    confirmation_id = sent_in(runtime.sessions, key="another")
    found = traces(runtime)
    with runtime.sessions.begin() as session:
        assert withdraw(session, confirmation_id, now=NOW)
    apply_retention(runtime, now=NOW)
    assert found() == []


def test_what_somebody_reads_meanwhile_is_written_over_by_the_next_chore(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("advocacy.database.PRAGMAS", (*PRAGMAS, "busy_timeout=1"))
    receipt = confirmed(runtime.sessions, sent_in(runtime.sessions))
    assert receipt
    found = traces(runtime)
    runtime.engine.dispose()
    with runtime.sessions() as reader:
        reader.connection().exec_driver_sql("BEGIN")
        reader.scalars(select(Confirmation)).all()
        deleted(runtime.sessions, receipt)
        assert not erasure.scrub(runtime.engine)
        assert found() != []
    apply_retention(runtime, now=NOW)
    assert found() == []


class Interrupted(MailFolder):
    """Lays mail in a folder; `during` happens once, while a letter is handed over."""

    during: Callable[[], None] | None = None

    def send(self, envelope: Envelope) -> Accepted:
        happens, self.during = (self.during, None) if envelope.reply_to else (None, self.during)
        if happens:
            happens()
        return super().send(envelope)


def test_erased_while_a_letter_leaves_the_next_one_stays_and_no_mail_stays_in_the_folder(runtime: Runtime) -> None:
    folder, moments = runtime.settings.mail_folder, [NOW]
    provider = Interrupted(folder, now=lambda: moments[-1])

    def clear_away() -> None:
        apply_retention(runtime, now=NOW)

    def erase() -> None:
        deleted(runtime.sessions, confirmation_id)
        moments.append(NOW + timedelta(seconds=0.3))

    worker = Worker(
        runtime.sessions,
        provider,
        make_kinds(runtime.settings, KEYS, now=lambda: moments[-1]),
        now=lambda: moments[-1],
        chance=lambda: 0.5,
        on_alert=pytest.fail,
        per_hour=3600,
        on_erased=clear_away,
    )
    confirmation_id = sent_in(runtime.sessions)
    while worker.deliver():
        pass
    with runtime.sessions.begin() as session:
        assert confirm(session, confirmation_id, now=NOW - timedelta(minutes=1), per_hour=3600)
    found = traces(runtime)
    provider.during = erase
    while worker.deliver():
        pass
    assert list(folder.iterdir()) == []
    left = [message for message in all_of(runtime.sessions, Message) if message.kind == "letter"]
    assert [message.state for message in left] == [State.ACCEPTED, State.CANCELLED]
    assert {message.changed_at for message in left} == {DAY}
    assert found() == []
    assert not any(word.encode() in whole(runtime.engine) for word in (NAME, EMAIL))


def whole(engine: Engine) -> bytes:
    folder = Path(str(engine.url.database)).parent
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
