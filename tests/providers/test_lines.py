"""A call whose time is over says nothing more, and one that has ended cuts no one else's line."""

import socket

import pytest

from advocacy.providers.lines import Call


def test_nothing_is_said_once_the_time_is_over() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, Call(3600) as call:
        call.cut()
        with pytest.raises(TimeoutError):
            call.speak(ours)
        assert not call.said


def test_a_line_on_which_an_answer_is_awaited_is_cut() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, Call(0.01) as call:
        call.speak(ours)
        assert ours.recv(1) == b""
        assert call.said


def test_a_line_that_is_closed_already_may_be_cut() -> None:
    ours, theirs = socket.socketpair()
    with theirs, Call(3600) as call:
        call.speak(ours)
        ours.close()
        call.cut()


def test_the_line_of_a_call_that_has_ended_is_left_alone() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        with Call(3600) as call:
            call.speak(ours)
        call.cut()
        theirs.sendall(b"x")
        assert ours.recv(1) == b"x"
