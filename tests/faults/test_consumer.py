"""`advocacy worker` is Huey's consumer: it stops gracefully, leaves no process behind, and needs no queue to deliver."""

import os
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep

import pytest

from advocacy.delivery.models import Message
from advocacy.delivery.states import State
from tests.databases import Beginning, Files
from tests.fakes.sendgrid_answers import Answer
from tests.faults import tree
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


def group_of(leader: int) -> Sequence[int]:
    """The processes of a group that live, those that wait to be reaped left out."""
    told = subprocess.run(["ps", "-eo", "pid=,pgid=,stat="], capture_output=True, text=True, check=True).stdout
    rows = (line.split() for line in told.splitlines())
    return [int(pid) for pid, group, state in rows if int(group) == leader and not state.startswith("Z")]


def state_of(place: Place, public_id: str) -> State:
    with place.runtime.sessions() as session:
        return session.query(Message).filter_by(public_id=public_id).one().state


@pytest.mark.parametrize(
    "told",
    [
        pytest.param(signal.SIGTERM, id="a service manager"),
        pytest.param(signal.SIGINT, id="Ctrl+C", marks=pytest.mark.thorough),
    ],
)
def test_told_to_stop_all_at_once_it_finishes_the_message_in_hand(place: Place, told: signal.Signals) -> None:
    [letter] = place.letters(1)
    assert isinstance(place.sink, SendgridSink)
    place.sink.otherwise = Answer(pause=3.0, says_first=b"HTTP/1.1 202 Said\r\nContent-Length: 0\r\n\r", body=b"\n")
    with consumer(place) as process:
        until(lambda: place.sink.copies()[letter] == 1, place)
        os.killpg(process.pid, told)
        assert process.wait(PATIENCE_S) == 0
        assert not group_of(process.pid)
    assert state_of(place, letter) is State.ACCEPTED, "its answer was waited for"
    assert place.sink.copies()[letter] == 1
    assert "Traceback" not in (place.folder / "worker.log").read_text()


def test_a_killed_process_is_replaced_and_those_of_a_killed_consumer_end(place: Place) -> None:
    with consumer(place) as process:
        until(lambda: len(tree.below(process.pid)) == 3, place)
        for child in tree.below(process.pid):
            os.kill(child, signal.SIGKILL)
        [letter] = place.letters(1)
        until(lambda: place.sink.copies()[letter] == 1, place)
        until(lambda: len(tree.below(process.pid)) == 3, place)
        process.kill()
        process.wait(PATIENCE_S)
        until(lambda: not group_of(process.pid), place)


def test_a_redis_that_lets_in_and_says_nothing_delays_no_letter(place: Place) -> None:
    """The consumer waits for its queue in vain; the outbox is looked into all the same."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as silent:
        url = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        with consumer(place, ADVOCACY_QUEUE_URL=url):
            [letter] = place.letters(1)
            until(lambda: place.sink.copies()[letter] == 1, place)
            until(lambda: state_of(place, letter) is State.ACCEPTED, place)
