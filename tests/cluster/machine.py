"""One machine: a site and its workers, in a folder and a network of their own."""

import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.cluster.network import Network
from tests.faults import tree
from tests.faults.place import Place
from tests.served import ADVOCACY, environment

ADDRESS = re.compile(r"The site is at http://([\w.]+):(\d+) ")
SITE_NAME = "letters.example.ca"
"""Sent as the Host of each request, as a browser does: a site with a name of its own answers to that alone."""


class Machine:
    """Runs `advocacy serve` and `advocacy worker`; both can be killed at once, and begun again."""

    def __init__(self, name: str, place: Place, *, network: Network, settings: Mapping[str, str]) -> None:
        self.name, self.network, self.port = name, network, 0
        self._place, self._settings = place, settings
        self._folder = place.folder / name
        self._folder.mkdir(exist_ok=True)
        self._begun = list["subprocess.Popen[str]"]()

    @property
    def address(self) -> str:
        """The address at which its site answers."""
        return self.network.address

    def start(self) -> None:
        """Begin the site and its workers; return once pages are served."""
        serve = ["serve", "--host", self.address, "--port", str(self.network.site_port), "--workers", "1"]
        site = self._begin(*serve, "--no-worker")
        self._begin("worker", "--threads", "2")
        assert site.stdout is not None
        said = ADDRESS.match(site.stdout.readline())
        assert said, f"the site of machine {self.name} does not start: {self._log('serve').read_text()[-2000:]}"
        self.port = int(said[2])

    def lose(self) -> None:
        """Lose the machine whole: its network first, then every process, by kill -9."""
        self.network.lose()
        self._kill()

    def come_back(self) -> None:
        """Start again where the network is back."""
        self.network.find()
        self.start()

    def stop(self) -> None:
        """Kill what is left of it."""
        self._kill()

    def _kill(self) -> None:
        begun = [process.pid for process in self._begun]
        tree.kill([one for process in begun for one in (*tree.below(process), process)])
        for process in self._begun:
            process.wait()
            if process.stdout:
                process.stdout.close()
        self._begun.clear()

    def _begin(self, *words: str) -> "subprocess.Popen[str]":
        with self._log(words[0]).open("a") as log:
            process = subprocess.Popen(
                [*self.network.prefix, *ADVOCACY, *words],
                cwd=self._folder,
                env=environment(settings={**self._place.environment, **self._settings}),
                stdout=subprocess.PIPE if words[0] == "serve" else log,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        self._begun.append(process)
        return process

    def _log(self, command: str) -> Path:
        return self._place.folder / f"{self.name}-{command}.log"


@contextmanager
def machines(place: Place, networks: list[Network], settings: list[Mapping[str, str]]) -> Iterator[list[Machine]]:
    """Start a machine in each network, and leave nothing of them behind."""
    made = [
        Machine(name, place, network=network, settings=given)
        for name, network, given in zip("AB", networks, settings, strict=True)
    ]
    try:
        for one in made:
            one.start()
        yield made
    finally:
        for one in made:
            one.stop()
