"""The bell wakes a worker that waits, and whatever is wrong with it costs nobody a request or a message."""

import socket
import threading
from pathlib import Path

import pytest

from advocacy.delivery.wake import FILE, MOST_RINGS, Waker

NO_TIME = 0.001
TOO_LONG = 600.0


@pytest.fixture
def database_file(tmp_path: Path) -> Path:
    return tmp_path / "advocacy.sqlite3"


def test_a_ring_in_one_process_ends_the_wait_in_another(database_file: Path) -> None:
    page, worker = Waker.of("", database_file), Waker.of("", database_file)
    page.ring()
    worker.wait(TOO_LONG)
    waiting = threading.Thread(target=worker.wait, args=(TOO_LONG,))
    waiting.start()
    page.ring()
    waiting.join(60)
    assert not waiting.is_alive()
    assert [path.name for path in database_file.parent.glob("*.sqlite3")] == [FILE]
    page.close()
    worker.close()


def test_without_a_ring_the_wait_ends_by_itself_or_when_told(database_file: Path) -> None:
    waker, told = Waker.of("", database_file), threading.Event()
    waker.wait(NO_TIME)
    told.set()
    waker.wait(TOO_LONG, told)
    waker.close()


def test_rings_that_nobody_hears_are_not_piled_up(database_file: Path) -> None:
    waker = Waker.of("", database_file)
    for _ in range(MOST_RINGS + 20):
        waker.ring()
    heard = 0
    while waker._rang():
        heard += 1
    assert heard == MOST_RINGS
    waker.close()


def test_what_lies_in_the_queue_is_never_read(database_file: Path) -> None:
    waker = Waker.of("", database_file)
    waker._opened().enqueue(b"cos\nsystem\n(S'exit 1'\ntR.")
    waker.wait(TOO_LONG)
    waker.close()


def test_a_site_without_a_queue_waits_without_one() -> None:
    waker = Waker.of("", None)
    waker.ring()
    waker.wait(NO_TIME)
    waker.close()


def test_a_file_that_cannot_be_written_fails_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    waker = Waker.of("", tmp_path / "missing" / "advocacy.sqlite3")
    waker.ring()
    waker.wait(NO_TIME)
    assert "the wake-up queue failed (OperationalError); workers look by themselves" in caplog.text
    waker.close()


@pytest.mark.loopback
def test_a_redis_that_does_not_answer_fails_nobody(caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    waker = Waker.of(f"redis://:canari-7f3a@127.0.0.1:{port}/0", None)
    waker.ring()
    waker.wait(NO_TIME)
    assert "the wake-up queue failed (ConnectionError)" in caplog.text
    assert "canari" not in caplog.text
    waker.close()
