"""A call whose time is over says nothing more, and one that has ended cuts no one else's line."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from advocacy.providers.lines import Call, Watch


def test_nothing_is_said_once_the_time_is_over() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, Call(Watch(3600)) as call:
        call.cut()
        with pytest.raises(TimeoutError):
            call.speak(ours)
        assert not call.said


def test_a_line_on_which_an_answer_is_awaited_is_cut() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, Call(Watch(0.01)) as call:
        call.speak(ours)
        assert ours.recv(1) == b""
        assert call.said


def test_a_line_that_is_closed_already_may_be_cut() -> None:
    ours, theirs = socket.socketpair()
    with theirs, Call(Watch(3600)) as call:
        call.speak(ours)
        ours.close()
        call.cut()


def test_the_line_of_a_call_that_has_ended_is_left_alone() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        with Call(Watch(3600)) as call:
            call.speak(ours)
        call.cut()
        theirs.sendall(b"x")
        assert ours.recv(1) == b"x"


def test_of_two_calls_each_is_cut_in_its_turn_by_one_thread() -> None:
    watch = Watch(0.05)
    with watched_line(watch) as (_, first), watched_line(watch) as (_, second):
        assert first.recv(1) == second.recv(1) == b""
    assert sum(thread.name == watch.name for thread in threading.enumerate()) <= 1


def test_a_watch_without_calls_leaves_no_thread_once_it_is_closed() -> None:
    watch = Watch(3600)
    with Call(watch):
        [thread] = [thread for thread in threading.enumerate() if thread.name == watch.name]
    watch.close()
    thread.join(10)
    assert not thread.is_alive()


@contextmanager
def watched_line(watch: Watch) -> Iterator[tuple[Call, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs, Call(watch) as call:
        call.speak(ours)
        yield call, ours
