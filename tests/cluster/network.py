"""Networks of machines: a network namespace each, or, where none can be had, a relay that can be cut."""

import itertools
import os
import socket
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress

HERE = "127.0.0.1"
SITE_PORT = 8000
NUMBERS = itertools.count()


class Relay:
    """Passes connections made to `address` on to a port of this machine's own, until it is cut."""

    def __init__(self, address: str, to: int) -> None:
        self._to, self._lines = to, list[socket.socket]()
        self._cut, self._listening = False, socket.create_server((address, 0), backlog=64)
        self.port: int = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Break every connection, and let nobody through."""
        self._cut = True
        for line in self._lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        self._lines.clear()

    def mend(self) -> None:
        """Let through again."""
        self._cut = False

    def close(self) -> None:
        """Cut, and listen no more."""
        self.cut()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near = self._listening.accept()[0]
                if self._cut:
                    near.close()
                else:
                    self._join(near)

    def _join(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection((HERE, self._to))
        except OSError:
            near.close()
            return
        self._lines += [near, far]
        for one, other in ((near, far), (far, near)):
            threading.Thread(target=_pass_on, args=(one, other), daemon=True).start()


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while said := one.recv(65536):
            other.sendall(said)
    for line in (one, other):
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)
    one.close()


class Network:
    """What one machine has of the network. Without a namespace: this machine's own loopback, and relays to cut."""

    kind = "a folder"
    gateway = address = HERE
    site_port = 0
    """The port its site listens on; 0 where it takes a free one."""
    prefix: Sequence[str] = ()
    """What a command begins with that runs on the machine."""

    def __init__(self) -> None:
        self._relays: dict[int, Relay] = {}

    def port(self, to: int) -> int:
        """Return the port at which the machine reaches a port of ours."""
        if to not in self._relays:
            self._relays[to] = Relay(self.gateway, to)
        return self._relays[to].port

    def lose(self) -> None:
        """Lose the network: nothing passes, and what is open hears nothing."""
        self.notice()

    def notice(self) -> None:
        """Let those whom the machine spoke with notice that it is gone, as keepalive does after a while."""
        for relay in self._relays.values():
            relay.cut()

    def find(self) -> None:
        """Have the network back."""
        for relay in self._relays.values():
            relay.mend()

    def close(self) -> None:
        """Undo what was made."""
        for relay in self._relays.values():
            relay.close()


class Namespace(Network):
    """A network namespace of Linux, tied to this machine's by a pair of virtual cards; needs to be root."""

    kind = "a network namespace"
    site_port = SITE_PORT

    def __init__(self) -> None:
        super().__init__()
        number = next(NUMBERS)
        self._name, self._card = f"advocacy-{os.getpid()}-{number}", f"adv{os.getpid()}x{number}"
        first = (os.getpid() % 4096 * 4 + number) * 4  # 198.18.0.0/15 is for trials: RFC 2544
        net = f"198.{18 + first // 65536 % 2}.{first // 256 % 256}"
        self.gateway, self.address = f"{net}.{first % 256 + 1}", f"{net}.{first % 256 + 2}"
        self.prefix = ("ip", "netns", "exec", self._name)
        self._net = f"{net}.{first % 256}/30"
        _ip("netns", "add", self._name)
        try:
            _ip("route", "add", "unreachable", self._net, "metric", "9999")  # never by the way to the world
            _ip("link", "add", self._card, "type", "veth", "peer", "name", "eth0", "netns", self._name)
            _ip("addr", "add", f"{self.gateway}/30", "dev", self._card)
            _ip("link", "set", self._card, "up")
            _ip("-n", self._name, "addr", "add", f"{self.address}/30", "dev", "eth0")
            for card in ("eth0", "lo"):
                _ip("-n", self._name, "link", "set", card, "up")
        except subprocess.CalledProcessError:
            self.close()
            raise

    def lose(self) -> None:
        """Pull the machine's cable: packets to it and from it vanish."""
        _ip("-n", self._name, "link", "set", "eth0", "down")

    def find(self) -> None:
        """Plug it in again."""
        super().find()
        _ip("-n", self._name, "link", "set", "eth0", "up")

    def close(self) -> None:
        """Undo what was made."""
        super().close()
        undo = (("link", "del", self._card), ("route", "del", "unreachable", self._net), ("netns", "del", self._name))
        for words in undo:
            with suppress(subprocess.CalledProcessError):
                _ip(*words)


@contextmanager
def networks(number: int, *, namespaces: bool = True) -> Iterator[list[Network]]:
    """Return so many machines a network each: a namespace where this user may make one."""
    with ExitStack() as stack:
        made = list[Network]()
        for _ in range(number):
            made.append(_namespace() or Network() if namespaces else Network())
            stack.callback(made[-1].close)
        yield made


def _namespace() -> Network | None:
    try:
        return Namespace()
    except (OSError, subprocess.CalledProcessError):
        return None


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)
