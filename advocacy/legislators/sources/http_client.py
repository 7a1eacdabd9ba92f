"""Read a few trusted sites over https, within limits of time and size."""

import time
from collections.abc import Callable, Mapping
from typing import TypeAlias
from urllib.parse import urlsplit

import urllib3
from urllib3.exceptions import HTTPError

Fetch: TypeAlias = Callable[[str], bytes]

ALLOWED_ORIGINS = frozenset({"https://represent.opennorth.ca", "https://www.ourcommons.ca"})
CONNECT_SECONDS = 5.0
READ_SECONDS = 20.0
TOTAL_SECONDS = 60.0
MAX_BODY = 20_000_000
CHUNK = 65_536
HEADERS: Mapping[str, str] = {"User-Agent": "advocacy (directory refresh)", "Accept-Encoding": "gzip"}
STATUS_ADVICE = {
    404: "has no such page any more: the address has changed, tell those who maintain this program",
    429: "asks for fewer requests: try again in a minute",
    503: "is not available: try again in a few minutes",
}


class SourceError(RuntimeError):
    """A live source could not be read; the sentence says why and what to do. Nothing was changed."""


class Client:
    """Reads whole bodies from allow-listed https sites; follows no redirect, keeps no cookie."""

    def __init__(
        self,
        origins: frozenset[str] = ALLOWED_ORIGINS,
        *,
        max_body: int = MAX_BODY,
        total_seconds: float = TOTAL_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._origins = origins
        self._max_body, self._total_seconds, self._clock = max_body, total_seconds, clock
        timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=min(READ_SECONDS, total_seconds))
        self._pool = urllib3.PoolManager(num_pools=2, timeout=timeout, retries=False, headers=dict(HEADERS))

    def __call__(self, url: str) -> bytes:
        """Return the body at `url`; raise SourceError for every other outcome."""
        parts = urlsplit(url)
        host = parts.netloc
        if f"{parts.scheme}://{host}" not in self._origins:
            raise SourceError(f"{host or url} is not one of the sites this program reads")
        try:
            answer = self._pool.request("GET", url, redirect=False, preload_content=False)
            try:
                _refuse_other_than_data(host, answer)
                return self._read(host, answer)
            finally:
                answer.close()
        except HTTPError as error:
            kind = type(error).__name__
            raise SourceError(f"{host} could not be read ({kind}): check the connection, then try again") from error

    def _read(self, host: str, answer: urllib3.BaseHTTPResponse) -> bytes:
        """Read in pieces, so that neither an endless body nor an endlessly slow one holds the program."""
        deadline = self._clock() + self._total_seconds
        body = bytearray()
        while piece := answer.read1(CHUNK, decode_content=True):
            body += piece
            if len(body) > self._max_body:
                raise SourceError(f"{host} sent more than {self._max_body:,} bytes, which cannot be the list")
            if self._clock() > deadline:
                raise SourceError(f"{host} took longer than {self._total_seconds:g} seconds: try again later")
        return bytes(body)


def _refuse_other_than_data(host: str, answer: urllib3.BaseHTTPResponse) -> None:
    if answer.status in STATUS_ADVICE:
        raise SourceError(f"{host} {STATUS_ADVICE[answer.status]} (status {answer.status})")
    if answer.status != 200:
        raise SourceError(f"{host} answered with status {answer.status}: try again later")
    if "html" in answer.headers.get("Content-Type", "").lower():
        raise SourceError(f"{host} answered with a web page instead of data: try again in a few minutes")
