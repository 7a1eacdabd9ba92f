"""Processes are found by who began them."""

import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from tests.faults import tree

SLEEPS = "import time; time.sleep(60)"
BEGINS_ONE = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {SLEEPS!r}])"


@pytest.fixture
def running() -> Iterator[int]:
    with subprocess.Popen([sys.executable, "-c", BEGINS_ONE]) as process:
        while not tree.below(process.pid):
            assert process.poll() is None
            time.sleep(0.01)
        try:
            yield process.pid
        finally:
            tree.kill([*tree.below(process.pid), process.pid])


def test_what_a_process_began_is_found_and_killed(running: int) -> None:
    [child] = tree.below(running)
    assert tree.alive(child)
    tree.kill([child])
    assert not tree.alive(child)


def test_what_has_ended_is_not_alive_before_anybody_collects_it() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        while tree.alive(process.pid):
            time.sleep(0.01)
        assert process.returncode is None
