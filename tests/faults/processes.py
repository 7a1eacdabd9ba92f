"""Real processes of the site, to be killed: `advocacy worker` and `advocacy serve`, and a door that holds who enters."""

import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.faults import tree
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
    """`advocacy worker`, whose processes are killed and begun again by it.

    It runs one process more than it is asked for: `processes`, two or more, are all that deliver.
    """

    def __init__(self, place: Place, settings: Mapping[str, str], processes: int) -> None:
        file = place.folder / f"worker-{len(list(place.folder.glob('worker-*.log')))}.log"
        self._below: set[int] = set()
        with file.open("w") as log:
            self._process = subprocess.Popen(
                [*ADVOCACY, "worker", "--processes", str(max(processes - 1, 1))],
                cwd=place.folder,
                env=environment(settings={**place.environment, **settings}),
                stdout=log,
                stderr=log,
            )

    def kill(self) -> None:
        """Kill -9 every process below the first one; raise NobodyKilled where there is none."""
        tree.kill_below(self._process.pid)

    def kill_first(self) -> list[int]:
        """Kill -9 the first process alone, and give those that have lost with it the one that began them."""
        below = tree.below(self._process.pid)
        self._below |= set(below)
        self._process.kill()
        self._process.wait(PATIENCE)
        return below

    def stop(self) -> None:
        """Tell it to stop, and wait until what is in hand has been written down: nothing of it leaves twice."""
        self._process.terminate()
        self._process.wait(PATIENCE)

    def end(self) -> None:
        """Kill all of it."""
        self.kill_first()
        tree.kill(self._below)


@contextmanager
def workers(place: Place, settings: Mapping[str, str], processes: int) -> Iterator[Workers]:
    """Let workers run, and leave none behind."""
    running = Workers(place, settings, processes)
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
