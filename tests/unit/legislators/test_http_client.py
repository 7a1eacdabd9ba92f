"""The client reads trusted sites within its limits, and says in a sentence what kept it from reading."""

import gzip
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from advocacy.legislators.sources.http_client import ALLOWED_ORIGINS, Client, SourceError

Answer = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def served(answer: Answer) -> Iterator[str]:
    """A site on this machine that answers every request with `answer`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with suppress(OSError):
                answer(self)

        def log_request(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def send(status: int, body: bytes, **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def drip(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.end_headers()
    for _ in range(200):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.02)


def read(origin: str, *, max_body: int = 1_000, total_seconds: float = 5.0) -> bytes:
    client = Client(frozenset({origin}), max_body=max_body, total_seconds=total_seconds)
    return client(f"{origin}/list")


@pytest.mark.loopback
def test_a_body_is_read_whole_packed_or_not() -> None:
    with served(send(200, b'{"objects": []}')) as origin:
        assert read(origin) == b'{"objects": []}'
    with served(send(200, gzip.compress(b"[1, 2]"), Content_Encoding="gzip")) as origin:
        assert read(origin) == b"[1, 2]"


@pytest.mark.loopback
@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (send(200, b"<!doctype html>", Content_Type="text/html; charset=utf-8"), "a web page instead of data"),
        (send(404, b"<html>", Content_Type="text/html"), "no such page"),
        (send(429, b""), "fewer requests: try again in a minute"),
        (send(503, b""), "not available: try again in a few minutes"),
        (send(500, b""), "status 500"),
        (send(302, b"", Location="https://example.com/"), "status 302"),
        (send(200, b"x" * 1_001), "more than 1,000 bytes"),
        (send(200, gzip.compress(b"0" * 3_000_000), Content_Encoding="gzip"), "more than 1,000 bytes"),
        (send(200, b"not gzip", Content_Encoding="gzip"), "could not be read"),
    ],
)
def test_whatever_is_no_list_is_said_plainly(answer: Answer, said: str) -> None:
    with served(answer) as origin, pytest.raises(SourceError, match=said):
        read(origin)


@pytest.mark.loopback
def test_an_answer_that_drips_for_ever_is_cut_off() -> None:
    with served(drip) as origin, pytest.raises(SourceError, match=r"took longer than 0\.3 seconds"):
        read(origin, max_body=1_000, total_seconds=0.3)


@pytest.mark.loopback
def test_a_site_that_does_not_answer_is_named() -> None:
    with served(send(200, b"")) as origin:
        pass
    with pytest.raises(SourceError, match=r"127\.0\.0\.1:\d+ could not be read"):
        read(origin)


@pytest.mark.parametrize(
    "url",
    [
        "http://represent.opennorth.ca/",
        "https://represent.opennorth.ca.example.com/",
        "https://represent.opennorth.ca@example.com/",
        "https://represent.opennorth.ca:8443/",
        "https://169.254.169.254/",
        "file:///etc/passwd",
        "",
    ],
)
def test_only_the_listed_sites_are_read_and_only_over_https(url: str) -> None:
    with pytest.raises(SourceError, match="not one of the sites"):
        Client()(url)
    assert all(origin.startswith("https://") for origin in ALLOWED_ORIGINS)
