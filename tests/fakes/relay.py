"""A relay between a client and a server, like a NAT: it can forget its connections without telling either end."""

import contextlib
import socket
import threading
from typing import Self


class Relay:
    """Carries every connection to `port` on to another port of this machine, while the context lasts."""

    def __init__(self, to_port: int) -> None:
        self._to_port = to_port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self._forgotten: set[socket.socket] = set()
        self.connections = 0

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._listening.getsockname()[1])

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        for one in (self._listening, *self._open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def forget(self) -> None:
        """Take what is said on the connections that are open, pass nothing on, and answer nothing."""
        self._forgotten.update(self._open)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                far = socket.create_connection(("127.0.0.1", self._to_port))
                self.connections += 1
                self._open += (near, far)
                for source, sink in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=(source, sink), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while said := source.recv(65536):
                if source not in self._forgotten:
                    sink.sendall(said)
            if source not in self._forgotten:
                sink.shutdown(socket.SHUT_WR)
