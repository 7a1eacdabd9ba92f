"""`advocacy serve` as a process of its own, for tests that reach a site through its port."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.faults import tree

ROOT = Path(__file__).parents[1]
STOP_TIMEOUT_S = 120.0
# gunicorn forgets to close a socket that it only looks at; Flask-Security declares its choices in an older form.
OF_FLASK_SECURITY = "ignore:Passing SelectField choices as tuples is deprecated:DeprecationWarning"
ADVOCACY = (
    *(sys.executable, "-W", "error", "-W", "ignore::ResourceWarning", "-W", OF_FLASK_SECURITY),
    *("-m", "advocacy"),
)
SERVE = (*ADVOCACY, "serve")
READY = re.compile(r"The site is at (http://localhost:(\d+)) ")


@dataclass(frozen=True)
class ServedSite:
    """A site that answers: its process, its address, and the folder in which it runs."""

    process: "subprocess.Popen[str]"
    address: str
    port: int
    folder: Path

    @property
    def log(self) -> str:
        """What it has written to stderr."""
        return (self.folder / "stderr").read_text()

    def kill(self) -> None:
        """Kill -9 the server and every process below it."""
        tree.kill([*tree.below(self.process.pid), self.process.pid])


def environment(root: Path = ROOT, settings: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return an environment with these settings alone, in which the program is the one at `root`."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ADVOCACY_")}
    return {**clean, **(settings or {}), "PYTHONPATH": str(root)}


@contextmanager
def served_site(
    folder: Path,
    *options: str,
    command: Sequence[str] = (*SERVE, "--port", "0"),
    root: Path = ROOT,
    settings: Mapping[str, str] | None = None,
    pass_fds: Sequence[int] = (),
    killed: bool = False,
) -> Iterator[ServedSite]:
    """Serve a site that runs in `folder` until the block ends.

    It is told to stop then, and its exit code must be 0, unless the test has ended it; with `killed` it is killed.
    """
    with (
        (folder / "stderr").open("a") as log,
        subprocess.Popen(
            [*command, *options],
            cwd=folder,
            env=environment(root, settings),
            pass_fds=pass_fds,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):
        try:
            assert process.stdout is not None
            ready = READY.match(process.stdout.readline())
            assert ready, (folder / "stderr").read_text()
            site = ServedSite(process, ready[1], int(ready[2]), folder)
            yield site
        finally:
            if killed:
                tree.kill([*tree.below(process.pid), process.pid])
            elif process.poll() is None:
                process.terminate()
                assert process.wait(STOP_TIMEOUT_S) == 0, (folder / "stderr").read_text()
