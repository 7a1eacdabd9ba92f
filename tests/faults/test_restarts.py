"""A site that is told to stop resets no connection that waits, and with an inherited socket a restart loses none."""

import os
import signal
import socket
import sys
import time
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path

import pytest

from tests.databases import Beginning, Files
from tests.faults import tree
from tests.served import SERVE, served_site

HANDS_OVER = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.execve(sys.argv[2], sys.argv[2:], {**os.environ, "LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1"})
"""
"""Begins a command as systemd does that holds its socket."""
CLIENTS = 8
ASKS = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
BEGINS = b"POST /en/child-protection/review HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\na="
"""A form of which half has come in: it holds a request until the rest comes."""
SLOW = """
import sys, time
from flask import Flask
from gunicorn.arbiter import Arbiter
from advocacy.web.server import Server, listen

app = Flask("slow")
app.add_url_rule("/healthz", view_func=lambda: (time.sleep(60), "late")[1])

class Slow(Server):
    def load_config(self):
        self.options |= {"threads": 1, "graceful_timeout": 3}
        super().load_config()

listener = listen("127.0.0.1", 0)
print("The site is at http://localhost:%d " % listener.getsockname()[1], flush=True)
Slow(app, listener, workers=1, on_ready=lambda: None, after_fork=lambda: None).run()
"""

pytestmark = pytest.mark.loopback


def handing_over(inherited: socket.socket) -> list[str]:
    return [sys.executable, "-c", HANDS_OVER, str(inherited.fileno()), *SERVE, "--no-worker", "--workers", "1"]


@pytest.fixture
def folder(tmp_path: Path, filled_files: Files) -> Path:
    """A folder with a site's database in it."""
    (tmp_path / "var").mkdir()
    filled_files.lay(tmp_path / "var" / "advocacy.sqlite3", Beginning.SITE)
    return tmp_path


def asking(port: int, words: bytes = ASKS) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", port), timeout=60)
    client.sendall(words)
    return client


def answered(client: socket.socket) -> str:
    """The first line of the answer, or what came instead of one."""
    try:
        with client:
            return client.recv(4096).partition(b"\r\n")[0].decode()
    except OSError as error:
        return repr(error)


def told_to_stop(process: int, port: int) -> list[socket.socket]:
    """Tell a server to stop while so many clients wait in the kernel's queue, which its processes have not looked at."""
    workers = tree.below(process)
    for worker in workers:
        os.kill(worker, signal.SIGSTOP)
    clients = [asking(port) for _ in range(CLIENTS)]
    os.kill(process, signal.SIGTERM)
    for worker in workers:
        with suppress(ProcessLookupError):
            os.kill(worker, signal.SIGTERM)
            os.kill(worker, signal.SIGCONT)
    return clients


def refused(port: int) -> bool:
    """Whether who comes now is refused, sooner or later, while a request is still held."""
    for _ in range(400):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            return True
        time.sleep(0.05)
    return False


def test_who_waits_when_the_site_is_told_to_stop_is_answered_and_who_comes_later_is_refused(folder: Path) -> None:
    with served_site(folder, "--workers", "2", "--no-worker", killed=True) as site, asking(site.port, BEGINS) as held:
        process, port = site.process.pid, site.port
        assert answered(asking(port)) == "HTTP/1.1 200 OK"
        clients = told_to_stop(process, port)
        assert [answered(client) for client in clients] == ["HTTP/1.1 200 OK"] * CLIENTS
        assert refused(port)
        held.sendall(b"bc")
        assert answered(held) == "HTTP/1.1 400 BAD REQUEST"


def test_a_restart_on_an_inherited_socket_answers_everybody(folder: Path) -> None:
    with ExitStack() as stack:
        inherited = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=64))
        port = inherited.getsockname()[1]
        served = partial(
            served_site, folder, command=handing_over(inherited), pass_fds=[inherited.fileno()], killed=True
        )
        site = stack.enter_context(served())
        process = site.process.pid
        assert site.port == port
        held = stack.enter_context(asking(port, BEGINS))
        early = told_to_stop(process, port)
        assert [answered(client) for client in early] == ["HTTP/1.1 200 OK"] * CLIENTS
        held.sendall(b"bc")
        assert answered(held) == "HTTP/1.1 400 BAD REQUEST"
        while tree.alive(process):
            time.sleep(0.02)
        late = [asking(port) for _ in range(CLIENTS)]
        stack.enter_context(served())
        assert [answered(client) for client in late] == ["HTTP/1.1 200 OK"] * CLIENTS


def test_who_cannot_be_answered_in_time_is_told_to_come_again(tmp_path: Path) -> None:
    with served_site(tmp_path, command=[sys.executable, "-c", SLOW], killed=True) as site:
        process, port = site.process.pid, site.port
        held = asking(port)
        clients = [asking(port) for _ in range(CLIENTS)]
        time.sleep(0.5)
        os.kill(process, signal.SIGTERM)
        assert [answered(client) for client in clients] == ["HTTP/1.1 503 Service Unavailable"] * CLIENTS
        held.close()
