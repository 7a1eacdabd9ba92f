"""Servers that take everything, each in a process of its own on this machine: their work is not counted as ours."""

import smtplib
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Lock, Thread

from tests.fakes.sendgrid import FakeSendgrid

HOST = "127.0.0.1"
MAIL, SENDGRID = "mail", "sendgrid"


@contextmanager
def mail_sink() -> Iterator[int]:
    """Run a mail server that forgets what it takes; give its port."""
    with _running([MAIL]) as (port,):
        yield int(port)


def mails_taken(port: int) -> int:
    """Ask the mail sink how many mails it has taken."""
    with smtplib.SMTP(HOST, port) as line:
        return int(line.docmd("HELP")[1])


@contextmanager
def sendgrid_over_tls() -> Iterator[tuple[str, str, str]]:
    """Run the tests' own SendGrid; give its address, the file of certificates to trust, and its key."""
    with tempfile.TemporaryDirectory() as folder, _running([SENDGRID, folder]) as (url, ca_certs, key):
        yield url, ca_certs, key


class _Mail(StreamRequestHandler):
    """The least that is SMTP (RFC 5321): one answer for each command, one for each mail."""

    disable_nagle_algorithm = True
    taken = 0
    lock = Lock()

    def handle(self) -> None:
        self.wfile.write(b"220 sink\r\n")
        for line in self.rfile:
            match line[:4].upper():
                case b"DATA":
                    self._take()
                case b"HELP":
                    self.wfile.write(b"214 %d\r\n" % _Mail.taken)
                case b"QUIT":
                    self.wfile.write(b"221 bye\r\n")
                    return
                case _:
                    self.wfile.write(b"250 ok\r\n")

    def _take(self) -> None:
        self.wfile.write(b"354 go on\r\n")
        for line in self.rfile:
            if line == b".\r\n":
                break
        with self.lock:
            _Mail.taken += 1
        self.wfile.write(b"250 taken\r\n")


class _Server(ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 128


@contextmanager
def _running(which: Sequence[str]) -> Iterator[list[str]]:
    """Run this module as a server until the block ends; give the words it says when it is there."""
    command = [sys.executable, "-m", "benchmarks.sinks", *which]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().split()
        finally:
            server.kill()


def _serve(which: str, *folder: str) -> None:
    """Serve until nobody holds the other end of our input."""
    if which == MAIL:
        with _Server((HOST, 0), _Mail) as server:
            Thread(target=server.serve_forever, daemon=True).start()
            _say_and_stay(str(server.server_address[1]))
    else:
        with FakeSendgrid(Path(folder[0])) as fake:
            _say_and_stay(fake.url, str(fake.ca_certs), fake.api_key)


def _say_and_stay(*words: str) -> None:
    print(*words, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    _serve(*sys.argv[1:])
