"""A site that has lost its keys says so and makes no others, as long as something is sealed with them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from advocacy.app import create_app
from advocacy.database import KEYS_IN_SESSION
from advocacy.delivery import holds
from advocacy.delivery.states import State
from advocacy.dispatch import make_worker
from advocacy.encryption import Keys, id_of
from advocacy.letters.encrypted_columns import is_lost_key, load_keys
from advocacy.letters.models import Confirmation, MessageKind, StoredLetter, Submission
from advocacy.runtime import Runtime, open_runtime
from advocacy.settings import Settings, SettingsError
from tests.builders import SECRET
from tests.citizens import KEYS, NOW, messages, sent_in, settle_in
from tests.databases import Beginning, Files


@pytest.fixture
def runtime(tmp_path: Path, filled_files: Files) -> Iterator[Runtime]:
    url = filled_files.lay(tmp_path / "advocacy.sqlite3", Beginning.SITE)
    settings = Settings(database_url=url, secret_key=SecretStr(SECRET))
    with open_runtime(settings, now=NOW) as runtime:
        runtime.sessions.configure(info={**runtime.sessions.kw["info"], KEYS_IN_SESSION: lambda: KEYS})
        yield runtime


def lose(runtime: Runtime, tmp_path: Path) -> Path:
    """Store a letter, and lose the file its words are sealed with."""
    load_keys(runtime.settings, runtime.sessions)
    settle_in(runtime.sessions)
    sent_in(runtime.sessions)
    file = tmp_path / "data_keys"
    file.unlink()
    return file


def test_neither_pages_nor_the_worker_start_without_the_keys_of_what_is_stored(
    runtime: Runtime, tmp_path: Path
) -> None:
    file = lose(runtime, tmp_path)
    advice = f"{file} is gone; put it back from its copy: without it what is stored cannot be read"
    for start in (create_app, make_worker):
        with pytest.raises(SettingsError) as told:
            start(runtime)
        assert str(told.value) == advice
        assert not file.exists()
    file.write_text(KEYS.text, encoding="ascii")
    create_app(runtime)
    make_worker(runtime).close()
    assert file.read_text(encoding="ascii") == KEYS.text


def test_a_site_that_stores_nothing_yet_makes_its_keys_again(runtime: Runtime, tmp_path: Path) -> None:
    first = load_keys(runtime.settings, runtime.sessions)
    (tmp_path / "data_keys").unlink()
    assert load_keys(runtime.settings, runtime.sessions) != first


def delivering(runtime: Runtime, keys: str) -> tuple[list[State], str | None]:
    """Deliver all there is with these keys; give where the confirmations came to, and what holds the outbox."""
    settings = runtime.settings.model_copy(update={"data_keys": SecretStr(keys)})
    runtime.sessions.configure(info={**runtime.sessions.kw["info"], KEYS_IN_SESSION: lambda: Keys.read(keys)})
    worker = make_worker(replace(runtime, settings=settings), now=lambda: NOW + timedelta(hours=1))
    while worker.deliver():
        pass
    worker.close()
    with runtime.sessions() as session:
        hold = holds.current(session)
        return [message.state for message in messages(session, MessageKind.CONFIRMATION)], hold.reason if hold else None


@pytest.mark.parametrize("where", [-1, 0])
def test_a_changed_byte_fails_one_message_and_holds_no_other(runtime: Runtime, where: int) -> None:
    """The first four bytes name the key: one value that names another one is spoilt, not a sign of a lost key."""
    settle_in(runtime.sessions)
    for email in ("first@example.ca", "second@example.ca"):
        sent_in(runtime.sessions, key=email, email=email)
    with runtime.sessions.begin() as session:
        changed = session.scalars(select(Confirmation).order_by(Confirmation.id)).first()
        assert changed is not None
        assert changed.email_sealed is not None
        raw = bytearray(changed.email_sealed)
        raw[where] ^= 1
        changed.email_sealed = bytes(raw)
        spoilt = changed.id
    states, held = delivering(runtime, KEYS.text)
    assert (sorted(states), held) == ([State.ACCEPTED, State.FAILED], None)
    with runtime.sessions() as session:
        [failed] = [one for one in messages(session, MessageKind.CONFIRMATION) if one.state is State.FAILED]
        assert (failed.ref, failed.reason) == (spoilt, "unreadable")


def test_a_key_that_is_missing_holds_the_outbox_and_fails_no_message(runtime: Runtime) -> None:
    settle_in(runtime.sessions)
    sent_in(runtime.sessions)
    assert delivering(runtime, Keys.make().text) == ([State.READY], "data_keys")


def test_a_key_is_lost_when_more_than_one_value_names_it(sessions: sessionmaker[Session]) -> None:
    settle_in(sessions)
    sent_in(sessions)
    known, unknown = id_of(KEYS.newest_first[0]), b"none"
    with sessions.begin() as session:
        assert is_lost_key(session, known)
        assert not is_lost_key(session, unknown)
        submission = session.scalars(select(Submission)).one()
        assert submission.email_sealed is not None
        assert submission.name_sealed is not None
        submission.email_sealed = unknown + submission.email_sealed[4:]
        assert not is_lost_key(session, unknown)
        submission.name_sealed = unknown + submission.name_sealed[4:]
        assert is_lost_key(session, unknown)
        for letter in session.scalars(select(StoredLetter).limit(1)):
            letter.letter_sealed = b"once" + b"0" * 40
        assert not is_lost_key(session, b"once")
