"""With a socket that systemd holds, a restart loses nobody who connects meanwhile."""

import socket
import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from tests.databases import Beginning, Files
from tests.served import SERVE, served_site

HANDS_OVER = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.execve(sys.argv[2], sys.argv[2:], {**os.environ, "LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1"})
"""
"""Begins a command as systemd does that holds its socket."""
CLIENTS = 8
ASKS = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
pytestmark = pytest.mark.loopback


def handing_over(inherited: socket.socket) -> list[str]:
    return [
        sys.executable,
        "-c",
        HANDS_OVER,
        str(inherited.fileno()),
        *SERVE,
        "--no-worker",
        "--workers",
        "1",
        "--port",
        str(inherited.getsockname()[1]),
    ]


@pytest.fixture
def folder(tmp_path: Path, filled_files: Files) -> Path:
    """A folder with a site's database in it."""
    (tmp_path / "var").mkdir()
    filled_files.lay(tmp_path / "var" / "advocacy.sqlite3", Beginning.SITE)
    return tmp_path


def asking(port: int) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", port), timeout=60)
    client.sendall(ASKS)
    return client


def answered(client: socket.socket) -> str:
    """The first line of the answer."""
    with client:
        return client.recv(4096).partition(b"\r\n")[0].decode()


def test_who_comes_during_a_restart_is_answered_by_the_next_process(folder: Path) -> None:
    with ExitStack() as stack:
        inherited = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=64))
        port = inherited.getsockname()[1]
        served = partial(served_site, folder, command=handing_over(inherited), pass_fds=[inherited.fileno()])
        with served():
            assert answered(asking(port)) == "HTTP/1.1 200 OK"
        late = [asking(port) for _ in range(CLIENTS)]
        stack.enter_context(served())
        assert [answered(client) for client in late] == ["HTTP/1.1 200 OK"] * CLIENTS
