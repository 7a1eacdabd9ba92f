"""A SendGrid of our own: it answers as it is told to, writes down every message it takes, and signs what it reports."""

import contextlib
import json
import socket
import ssl
import struct
import threading
import uuid
from collections import deque
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.fakes.certificate import write_certificate
from tests.fakes.sendgrid_answers import TAKEN, Answer, is_a_message, refusing
from tests.fakes.sendgrid_reports import Reports

API_KEY = "SG.the-key-of-the-tests"


class FakeSendgrid(Reports):
    """The API on 127.0.0.1 while the context lasts, over TLS unless told otherwise.

    `folder` receives the journal (a line of JSON for each message taken: id and time) and the certificate. `script`
    holds the next answers in turn; `otherwise` is the answer when it is empty.
    """

    def __init__(
        self, folder: Path, *, tls: bool = True, script: Sequence[Answer] = (), api_key: str = API_KEY
    ) -> None:
        super().__init__()
        self.journal = folder / "taken.jsonl"
        self.journal.touch()
        self.script: deque[Answer] = deque(script)
        self.otherwise = TAKEN
        self.api_key = api_key
        self.bodies: deque[dict[str, Any]] = deque(maxlen=1000)
        self.connections = 0
        self.ended, self.closed = threading.Event(), threading.Event()
        self.ca_certs = str(write_certificate(folder)) if tls else None
        self._lock = threading.Lock()
        self._server = _Server(self)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"{'https' if self.ca_certs else 'http'}://127.0.0.1:{self._server.server_address[1]}"

    @property
    def taken(self) -> list[str]:
        """The ids of the messages taken, each as often as it was."""
        return [json.loads(line)["id"] for line in self.journal.read_text("utf-8").splitlines()]

    def __enter__(self) -> "FakeSendgrid":
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End: nothing answers here any more."""
        if not self.ended.is_set():
            self.ended.set()
            self._server.shutdown()
            self._server.server_close()

    def answer(self, path: str, key: str, body: bytes) -> Answer:
        """Decide on one request, and write down what is taken before anything is said."""
        message = _read(body)
        with self._lock:
            self.bodies.append(message)
            answer = self.script.popleft() if self.script else self.otherwise
            if answer.takes:
                answer = self._wrong(path, key, message) or answer
            if answer.takes:
                self._write_down(message["custom_args"]["message_id"])
        return answer

    def _wrong(self, path: str, key: str, message: Mapping[str, Any]) -> Answer | None:
        if path != "/v3/mail/send":
            return refusing(404)
        if key != f"Bearer {self.api_key}":
            return refusing(401)
        return None if is_a_message(message) else refusing(400)

    def _write_down(self, message_id: str) -> None:
        line = json.dumps({"id": message_id, "at": datetime.now(UTC).isoformat()})
        with self.journal.open("a", encoding="utf-8") as journal:
            journal.write(line + "\n")


def _read(body: bytes) -> dict[str, Any]:
    with contextlib.suppress(ValueError):
        if isinstance(read := json.loads(body), dict):
            return read
    return {}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, fake: FakeSendgrid) -> None:
        self.fake = fake
        self.open: set[socket.socket] = set()
        self.lock = threading.Lock()
        super().__init__(("127.0.0.1", 0), _Handler)
        self.context: ssl.SSLContext | None = None
        if fake.ca_certs:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(fake.ca_certs)

    def get_request(self) -> tuple[socket.socket, Any]:
        line, address = super().get_request()
        if self.context is not None:
            line = self.context.wrap_socket(line, server_side=True, do_handshake_on_connect=False)
        with self.lock:
            self.fake.connections += 1
            self.open.add(line)
        return line, address

    def shutdown_request(self, request: Any) -> None:
        with self.lock:
            self.open.discard(request)
        super().shutdown_request(request)
        self.fake.closed.set()

    def server_close(self) -> None:
        super().server_close()
        with self.lock:
            for line in self.open:
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(line, socket.SHUT_RDWR)

    def handle_error(self, *_: object) -> None:
        """Say nothing: a line that breaks is what it is for."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Server

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        answer = self.server.fake.answer(self.path, self.headers.get("Authorization", ""), self.rfile.read(length))
        if answer.says:
            self._say(answer)
        else:
            self._reset()

    def _say(self, answer: Answer) -> None:
        headers = {"Date": self.date_time_string(), "X-Message-Id": uuid.uuid4().hex[:22], **answer.headers}
        lines = [f"HTTP/1.1 {answer.status} Said", *(f"{name}: {value}" for name, value in headers.items())]
        first = "\r\n".join([*lines, f"Content-Length: {len(answer.body)}", "", ""]).encode()
        if answer.pause:
            self._say_slowly(answer.says_first, answer.body or first, answer.pause)
        else:
            self._write(first + answer.body)
        self.close_connection = answer.closes

    def _say_slowly(self, first: bytes, rest: bytes, pause: float) -> None:
        self._write(first)
        for byte in rest:
            if self.server.fake.ended.wait(pause):
                return
            self._write(bytes([byte]))

    def _write(self, said: bytes) -> None:
        self.wfile.write(said)
        self.wfile.flush()

    def _reset(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def log_message(self, *_: object) -> None:
        """Say nothing."""
