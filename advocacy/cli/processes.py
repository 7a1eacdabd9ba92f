"""Child processes that are begun again when they die, and that end with the one that began them."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from types import FrameType

log = logging.getLogger(__name__)

LOOK_EVERY = 0.2
AGAIN_AFTER = 2.0
"""Seconds before a child that died is begun again: one that dies at once would keep the machine busy."""
STOPPED_BY = (signal.SIGTERM, signal.SIGINT)


class Told:
    """Whether this process was told to stop, by a signal or by the end of the process that began it.

    A handler only sets a flag: an event's lock may be held by the very thread that the signal interrupts.
    """

    def __init__(self, parent: int | None = None) -> None:
        self._parent, self._signalled = parent, False

    def listen(self) -> None:
        """Take the signals that mean: finish, then stop."""
        for number in STOPPED_BY:
            signal.signal(number, self._on_signal)

    def to_stop(self) -> bool:
        """Tell whether to stop."""
        return self._signalled or (self._parent is not None and os.getppid() != self._parent)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._signalled = True


class Kept:
    """One command kept running by whoever calls `tend` every second or so. No thread: that caller may fork."""

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._command, self._environment, self._clock = command, environment, clock
        self._again_at: float | None = None
        self._child = self._begun()

    def tend(self) -> None:
        """Begin the command again a while after it ended, and say so."""
        if self._child.poll() is None:
            return
        if self._again_at is None:
            self._again_at = self._clock() + AGAIN_AFTER
            log.error("the worker, process %d, has ended; it restarts in a few seconds", self._child.pid)
        elif self._clock() >= self._again_at:
            self._again_at = None
            self._child = self._begun()

    def stop(self) -> None:
        """Tell the command to stop, and wait until it has."""
        self._child.terminate()
        self._child.wait()

    def _begun(self) -> "subprocess.Popen[bytes]":
        child = subprocess.Popen(self._command, env=self._environment)  # noqa: S603 - ourselves
        log.info("the worker is process %d", child.pid)
        return child


def keep_running(work: Callable[[threading.Event], None], *, processes: int, parent: int | None = None) -> None:
    """Keep `processes` children at `work` until told to stop, then let each finish; `parent` is who must live.

    No child is begun while threads of this process run: it would inherit their locks.
    """
    told = Told(parent)
    told.listen()
    children: set[int] = set()
    while not told.to_stop():
        while len(children) < processes:
            children.add(_begin(work))
        time.sleep(LOOK_EVERY)
        living = _living(children)
        if living != children:
            _pause(told)
        children = living
    while children := _living(children):
        _stop(children)
        time.sleep(LOOK_EVERY)


def run_until_told(work: Callable[[threading.Event], None], told: Told) -> None:
    """Run `work` in a thread and set its event when told to stop; give when it has finished."""
    stop = threading.Event()
    thread = threading.Thread(target=work, args=(stop,), name="work")
    thread.start()
    while thread.is_alive():
        thread.join(LOOK_EVERY)
        if told.to_stop():
            stop.set()


def _begin(work: Callable[[threading.Event], None]) -> int:
    parent = os.getpid()
    sys.stdout.flush()
    sys.stderr.flush()
    if child := os.fork():
        return child
    code = 1
    try:
        told = Told(parent)
        told.listen()
        run_until_told(work, told)
        code = 0
    finally:
        os._exit(code)  # what the parent opened is the parent's to close


def _stop(children: set[int]) -> None:
    """Tell them more than once: one just begun may not listen yet."""
    for child in children:
        os.kill(child, signal.SIGTERM)


def _living(children: set[int]) -> set[int]:
    return {child for child in children if os.waitpid(child, os.WNOHANG) == (0, 0)}


def _pause(told: Told) -> None:
    waited = 0.0
    while waited < AGAIN_AFTER and not told.to_stop():
        time.sleep(LOOK_EVERY)
        waited += LOOK_EVERY
