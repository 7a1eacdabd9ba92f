"""Tasks travel as signed JSON: what somebody else lays into the queue is never run, and cannot run anything."""

import hmac
import pickle
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from huey import Huey
from huey.registry import Message

from advocacy.settings import Settings, SettingsError
from advocacy.task_queue import FILE, QueueUnavailable, SignedJson, close, make_huey, remove_damaged

SECRET = "a secret key of the tests, of 43 characters"
KEY = b"a key of thirty-two bytes: tests"
MESSAGE = Message(id="1", name="advocacy.tasks.deliver", eta=datetime(2026, 11, 25, tzinfo=UTC), args=(7,), kwargs={})


@pytest.fixture
def serializer() -> SignedJson:
    return SignedJson(KEY)


@pytest.fixture
def huey(tmp_path: Path) -> Iterator[Huey]:
    url = f"sqlite:///{tmp_path / 'advocacy.sqlite3'}"
    made = make_huey(Settings.from_mapping({"ADVOCACY_DATABASE_URL": url, "ADVOCACY_SECRET_KEY": SECRET}))
    yield made
    close(made)


@pytest.mark.parametrize("data", [MESSAGE, "1", None, [True, None]], ids=["a task", "text", "nothing", "a list"])
def test_what_is_written_is_read_again(serializer: SignedJson, data: object) -> None:
    assert serializer.deserialize(serializer.serialize(data)) == data


def test_a_task_carries_only_plain_values(serializer: SignedJson) -> None:
    with pytest.raises(TypeError, match="isoformat"):
        serializer.serialize(MESSAGE._replace(args=(object(),)))


def test_what_this_key_did_not_sign_is_refused(serializer: SignedJson) -> None:
    ours = serializer.serialize(MESSAGE)
    body, _, signature = ours.rpartition(b":")
    refused = {
        "another key": SignedJson(KEY + b"!").serialize(MESSAGE),
        "another signature": ours[:-1] + b"g",
        "another task": body.replace(b"[7]", b"[8]") + b":" + signature,
        "no signature": body,
        "an empty signature": body + b":",
        "nothing": b"",
    }
    for kind, data in refused.items():
        assert data != ours
        with pytest.raises(ValueError, match="mismatch"):
            pytest.fail(f"{kind} was read: {serializer.deserialize(data)}")


def test_a_signed_pickle_is_not_unpickled(serializer: SignedJson) -> None:
    with pytest.raises(ValueError, match="decode"):
        serializer.deserialize(signed(pickle.dumps(MESSAGE)))


def test_a_signature_is_an_hmac_of_sha256(serializer: SignedJson) -> None:
    written = serializer.serialize(MESSAGE)
    assert written == signed(written.rpartition(b":")[0])


def signed(body: bytes) -> bytes:
    return body + b":" + hmac.new(KEY, body, "sha256").hexdigest().encode()


def test_a_site_does_not_run_what_another_one_queued(tmp_path: Path) -> None:
    ours, theirs = (
        make_huey(Settings.from_mapping({"ADVOCACY_DATABASE_URL": f"sqlite:///{tmp_path}/a.sqlite3"} | key))
        for key in ({"ADVOCACY_SECRET_KEY": SECRET}, {"ADVOCACY_SECRET_KEY": SECRET + "!"})
    )
    queued = theirs.serializer.serialize(MESSAGE)
    assert theirs.serializer.deserialize(queued) == MESSAGE
    with pytest.raises(ValueError, match="mismatch"):
        ours.serializer.deserialize(queued)
    close(ours)
    close(theirs)


def test_the_queue_of_an_sqlite_site_is_a_file_beside_it(huey: Huey, tmp_path: Path) -> None:
    task = huey.task(name="one")(lambda number: number)
    task(7)
    assert (tmp_path / FILE).exists()
    found = huey.dequeue()
    assert found is not None
    assert found.args == (7,)


def test_the_higher_priority_runs_first(huey: Huey) -> None:
    for name, priority in (("low", 1), ("high", 9), ("middle", 5)):
        huey.task(name=name, priority=priority)(lambda: None)()
    assert [type(huey.dequeue()).__name__ for _ in range(3)] == ["high", "middle", "low"]


def test_machines_of_one_site_share_the_name_and_two_sites_do_not(tmp_path: Path) -> None:
    def name(folder: str, key: str) -> str:
        (tmp_path / folder).mkdir(exist_ok=True)
        url = f"sqlite:///{tmp_path / folder / 'a.sqlite3'}"
        huey = make_huey(Settings.from_mapping({"ADVOCACY_DATABASE_URL": url, "ADVOCACY_SECRET_KEY": key}))
        close(huey)
        return str(huey.name)

    assert name("a", SECRET) == name("b", SECRET) != name("a", SECRET + "!")
    assert SECRET not in name("a", SECRET)


def test_a_site_on_postgresql_needs_its_key_for_the_queue_too() -> None:
    settings = Settings.from_mapping({"ADVOCACY_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"})
    with pytest.raises(SettingsError, match="ADVOCACY_SECRET_KEY"):
        make_huey(settings)


def test_a_queue_that_cannot_be_opened_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    for url in (f"sqlite:///{tmp_path / 'advocacy.sqlite3'}", "postgresql://nobody@127.0.0.1:1/none"):
        settings = Settings.from_mapping({"ADVOCACY_DATABASE_URL": url, "ADVOCACY_SECRET_KEY": SECRET})
        with pytest.raises(QueueUnavailable) as raised:
            make_huey(settings)
        assert str(raised.value)
        assert "\n" not in str(raised.value)


def test_a_power_cut_may_take_the_last_tasks_and_leaves_the_file_whole(huey: Huey) -> None:
    assert huey.storage.sql("PRAGMA synchronous", results=True) == [(1,)]
    assert huey.storage.sql("PRAGMA journal_mode", results=True) == [("wal",)]


def test_a_damaged_file_is_removed_and_a_whole_one_stays(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'advocacy.sqlite3'}"
    settings = Settings.from_mapping({"ADVOCACY_DATABASE_URL": url, "ADVOCACY_SECRET_KEY": SECRET})
    assert not remove_damaged(settings)
    made = make_huey(settings)
    made.task(name="one")(lambda: None)()
    close(made)
    assert not remove_damaged(settings)
    assert (tmp_path / FILE).exists()
    (tmp_path / FILE).write_bytes(bytes(range(256)) * 32)
    assert remove_damaged(settings)
    close(make_huey(settings))
    redis = settings.model_copy(update={"queue_url": "redis://127.0.0.1:1/0"})
    (tmp_path / FILE).write_bytes(b"damaged" * 100)
    assert not remove_damaged(redis), "the file is not in use"
