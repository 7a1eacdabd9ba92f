"""Children are begun again when they die, finish when told to stop, and never outlive the one that began them."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import sleep

import pytest

from advocacy.cli.processes import AGAIN_AFTER, Kept

Process = subprocess.Popen[bytes]
Start = Callable[..., Process]
ROOT = Path(__file__).parents[3]
# Each child leaves a file with its number when it begins, and another one when it has finished.
SCRIPT = """
import os, sys
from pathlib import Path
from advocacy.cli import processes

processes.AGAIN_AFTER, processes.LOOK_EVERY = 0.1, 0.02
folder, parent = Path(sys.argv[1]), int(sys.argv[2]) or None

def work(stop):
    (folder / f"begun-{os.getpid()}").touch()
    stop.wait()
    (folder / f"finished-{os.getpid()}").touch()

processes.keep_running(work, processes=2, parent=parent)
"""
BETWEEN = """
import os, subprocess, sys
subprocess.run([sys.executable, "-c", sys.argv[1], sys.argv[2], str(os.getpid())])
"""


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    begun: list[Process] = []

    def start(*words: str) -> Process:
        command = [sys.executable, "-W", "error", "-c", *words]
        with (tmp_path / "stderr").open("w") as log:
            begun.append(subprocess.Popen(command, cwd=ROOT, stderr=log))
        return begun[-1]

    yield start
    for process in begun:
        process.kill()
        process.wait()


def pids(folder: Path, word: str, count: int) -> set[int]:
    """The numbers of those that have begun or finished, as soon as there are so many."""
    for _ in range(2400):
        if len(found := {int(path.name.partition("-")[2]) for path in folder.glob(f"{word}-*")}) >= count:
            return found
        sleep(0.05)
    raise AssertionError(f"{len(found)} of {count} have {word}: {(folder / 'stderr').read_text()}")


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_children_told_to_stop_finish(start: Start, tmp_path: Path, told: int) -> None:
    process = start(SCRIPT, str(tmp_path), "0")
    begun = pids(tmp_path, "begun", 2)
    process.send_signal(told)
    assert process.wait(60) == 0
    assert pids(tmp_path, "finished", 2) == begun
    assert not any(lives(pid) for pid in begun)
    assert (tmp_path / "stderr").read_text() == ""


def test_a_child_that_dies_is_begun_again(start: Start, tmp_path: Path) -> None:
    process = start(SCRIPT, str(tmp_path), "0")
    killed = min(pids(tmp_path, "begun", 2))
    os.kill(killed, signal.SIGKILL)
    begun = pids(tmp_path, "begun", 3)
    process.terminate()
    assert process.wait(60) == 0
    assert pids(tmp_path, "finished", 2) == begun - {killed}


def test_children_whose_parent_is_killed_finish(start: Start, tmp_path: Path) -> None:
    process = start(SCRIPT, str(tmp_path), "0")
    begun = pids(tmp_path, "begun", 2)
    process.kill()
    assert pids(tmp_path, "finished", 2) == begun


def test_all_end_when_the_one_behind_them_is_killed(start: Start, tmp_path: Path) -> None:
    process = start(BETWEEN, SCRIPT, str(tmp_path))
    begun = pids(tmp_path, "begun", 2)
    process.kill()
    assert pids(tmp_path, "finished", 2) == begun


def test_a_command_that_ends_is_begun_again_after_a_pause_and_it_is_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    time, begins = [0.0], tmp_path / "begins"
    kept = Kept(["sh", "-c", 'echo >> "$BEGINS"'], {**os.environ, "BEGINS": str(begins)}, clock=lambda: time[0])
    for _ in range(2400):
        kept.tend()
        if caplog.records:
            break
        sleep(0.05)
    for _ in range(3):
        kept.tend()
    time[0] = AGAIN_AFTER - 0.1
    kept.tend()
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert begins.read_text() == "\n"
    time[0] = AGAIN_AFTER
    kept.tend()
    kept.stop()
    assert len(caplog.records) == 1
