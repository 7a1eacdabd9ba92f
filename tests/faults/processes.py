"""Real processes of the site, to be killed: `advocacy worker` and `advocacy serve`, and a door that holds who enters."""

import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.faults.place import Place
from tests.served import ADVOCACY, ServedSite, environment, served_site

ROOT = Path(__file__).parents[2]
PATIENCE = 120.0


def wait_for(count: Callable[[], int], *, reaches: int, within: float = PATIENCE) -> None:
    """Wait until a count is reached; raise TimeoutError when it is not within these seconds."""
    until = time.monotonic() + within
    while (counted := count()) < reaches:
        if time.monotonic() > until:
            raise TimeoutError(f"{counted} of {reaches}")
        time.sleep(0.02)


class Gate:
    """A door on this machine that lets callers in and then says nothing: whoever is inside waits."""

    def __init__(self) -> None:
        self._door = socket.create_server(("127.0.0.1", 0))
        self._door.settimeout(PATIENCE)
        self._inside: list[socket.socket] = []
        self.port: int = self._door.getsockname()[1]

    def hold(self, callers: int) -> None:
        """Wait until so many more have come in."""
        for _ in range(callers):
            self._inside.append(self._door.accept()[0])

    def close(self) -> None:
        """Let everybody go."""
        for line in (*self._inside, self._door):
            line.close()


class Workers:
    """`advocacy worker` with so many threads, which is killed and started again."""

    def __init__(self, place: Place, settings: Mapping[str, str], threads: int) -> None:
        self._place, self._settings, self._threads = place, settings, threads
        self._process = self._start()

    def kill(self) -> None:
        """Kill -9 it, and start it again, as a service manager does."""
        self.end()
        self._process = self._start()

    def stop(self) -> None:
        """Tell it to stop, and wait until what is in hand has been written down: nothing of it leaves twice."""
        self._process.terminate()
        self._process.wait(PATIENCE)

    def end(self) -> None:
        """Kill -9 it."""
        self._process.kill()
        self._process.wait(PATIENCE)

    def _start(self) -> "subprocess.Popen[bytes]":
        folder = self._place.folder
        with (folder / f"worker-{len(list(folder.glob('worker-*.log')))}.log").open("w") as log:
            return subprocess.Popen(
                [*ADVOCACY, "worker", "--threads", str(max(self._threads, 2))],
                cwd=folder,
                env=environment(settings={**self._place.environment, **self._settings}),
                stdout=log,
                stderr=log,
            )


@contextmanager
def workers(place: Place, settings: Mapping[str, str], threads: int) -> Iterator[Workers]:
    """Let workers run, and leave none behind."""
    running = Workers(place, settings, threads)
    try:
        yield running
    finally:
        running.end()


@contextmanager
def pages(place: Place, settings: Mapping[str, str], *, processes: int = 1) -> Iterator[ServedSite]:
    """Serve pages only, and leave nothing of it behind."""
    options = ("--workers", str(processes), "--no-worker")
    with served_site(place.folder, *options, settings={**place.environment, **settings}, killed=True) as site:
        yield site
