"""A call whose time is over says nothing more, and one that has ended cuts no one else's line."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from advocacy.providers.deadlines import Call, DeadlineWatcher

pytestmark = pytest.mark.loopback


def test_nothing_is_said_once_the_time_is_over() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, Call(DeadlineWatcher(), 3600) as call:
        call.cut()
        with pytest.raises(TimeoutError):
            call.use(ours)
        assert not call.has_sent


def test_a_line_on_which_an_answer_is_awaited_is_cut() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, Call(DeadlineWatcher(), 0.01) as call:
        call.use(ours)
        assert ours.recv(1) == b""
        assert call.has_sent


def test_a_line_that_is_closed_already_may_be_cut() -> None:
    ours, theirs = socket.socketpair()
    with theirs, Call(DeadlineWatcher(), 3600) as call:
        call.use(ours)
        ours.close()
        call.cut()


def test_the_line_of_a_call_that_has_ended_is_left_alone() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        with Call(DeadlineWatcher(), 3600) as call:
            call.use(ours)
        call.cut()
        theirs.sendall(b"x")
        assert ours.recv(1) == b"x"


@pytest.mark.parametrize("seconds", [(0.05, 0.1), (60, 0.05)])
def test_of_two_calls_each_is_cut_in_its_turn_by_one_thread(seconds: tuple[float, float]) -> None:
    watcher = DeadlineWatcher()
    with watched_line(watcher, seconds[0]) as (long, first), watched_line(watcher, seconds[1]) as (_, second):
        assert second.recv(1) == b""
        if seconds[0] > 1:
            long.cut()
        assert first.recv(1) == b""
        assert sum(thread.name == watcher.name for thread in threading.enumerate()) <= 1


def test_a_watch_without_calls_leaves_no_thread_once_it_is_closed() -> None:
    watcher = DeadlineWatcher()
    with Call(watcher, 3600):
        [thread] = [thread for thread in threading.enumerate() if thread.name == watcher.name]
    watcher.close()
    thread.join(10)
    assert not thread.is_alive()


@contextmanager
def watched_line(watcher: DeadlineWatcher, seconds: float) -> Iterator[tuple[Call, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs, Call(watcher, seconds) as call:
        call.use(ours)
        yield call, ours
