"""`advocacy worker` is Huey's consumer: told to stop, it finishes what it is sending."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep

import pytest

from advocacy.delivery.models import Message
from advocacy.delivery.states import State
from tests.databases import Beginning, Files
from tests.fakes.sendgrid_answers import Answer
from tests.faults.opening import opened
from tests.faults.place import Place
from tests.faults.sinks import SendgridSink
from tests.served import ADVOCACY, environment

pytestmark = pytest.mark.loopback
SEED, PATIENCE_S = 14, 120.0


@pytest.fixture
def place(tmp_path: Path, filled_files: Files) -> Iterator[Place]:
    url = filled_files.lay(tmp_path / "advocacy.sqlite3", Beginning.SITE)
    with opened(tmp_path, url, SendgridSink(tmp_path), seed=SEED) as place:
        yield place


@contextmanager
def consumer(place: Place, **settings: str) -> Iterator["subprocess.Popen[bytes]"]:
    """`advocacy worker` in a group of processes of its own, none of which is left at the end."""
    surroundings = environment(settings={**place.environment, **place.sink.settings(), **settings})
    with (place.folder / "worker.log").open("w") as log:
        process = subprocess.Popen(
            [*ADVOCACY, "worker"], cwd=place.folder, env=surroundings, stdout=log, stderr=log, start_new_session=True
        )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(PATIENCE_S)


def until(holds: Callable[[], bool], place: Place) -> None:
    end = monotonic() + PATIENCE_S
    while not holds():
        assert monotonic() < end, (place.folder / "worker.log").read_text()
        sleep(0.05)


def state_of(place: Place, public_id: str) -> State:
    with place.runtime.sessions() as session:
        return session.query(Message).filter_by(public_id=public_id).one().state


def test_told_to_stop_it_finishes_the_message_in_hand(place: Place) -> None:
    [letter] = place.letters(1)
    assert isinstance(place.sink, SendgridSink)
    place.sink.otherwise = Answer(pause=3.0, says_first=b"HTTP/1.1 202 Said\r\nContent-Length: 0\r\n\r", body=b"\n")
    with consumer(place) as process:
        until(lambda: place.sink.copies()[letter] == 1, place)
        process.terminate()
        assert process.wait(PATIENCE_S) == 0
    assert state_of(place, letter) is State.ACCEPTED, "its answer was waited for"
    assert place.sink.copies()[letter] == 1
    assert "Traceback" not in (place.folder / "worker.log").read_text()
