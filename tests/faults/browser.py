"""A browser over a real socket, which speaks as Flask's own test client does so that a visitor can use it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from types import MappingProxyType
from urllib.parse import urlencode

from tests.web.public.visitor import opened_before

INPUT = re.compile(r'<input[^>]* type="(?:hidden|text)"[^>]* name="([^"]+)"[^>]* value="([^"]*)"')
TEXTAREA = re.compile(r'<textarea[^>]* name="([^"]+)"[^>]*>\n?([^<]*)</textarea>')


@dataclass(frozen=True, slots=True)
class Page:
    """One answer."""

    status_code: int
    headers: Mapping[str, str]
    data: bytes

    @property
    def mimetype(self) -> str:
        """Return the kind of what was answered."""
        return self.headers.get("Content-Type", "").partition(";")[0]


def fields(page: Page) -> dict[str, str]:
    """Return what the fields of a page's form hold, without the time that reading the whole page takes.

    The page counts as one that has been open for a while.
    """
    text = page.data.decode()
    typed = {name: words.replace("\n", "\r\n") for name, words in TEXTAREA.findall(text)}
    found = {name: unescape(value) for name, value in (*INPUT.findall(text), *typed.items())}
    return {name: opened_before(value) if name == "submission" else value for name, value in found.items()}


class Browser:
    """Keeps its cookies when the site it speaks with dies and comes back at another `host` and `port`.

    `name` is the site's own, where it is not what `host` says.
    """

    def __init__(self, host: str = "localhost", port: int = 0, *, patience: float = 120, name: str = "") -> None:
        self.host, self.port, self._patience = host, port, patience
        self._named = {"Host": name} if name else {}
        self._cookies: SimpleCookie = SimpleCookie()

    def get(self, path: str, *, base_url: str = "", headers: Mapping[str, str] = MappingProxyType({})) -> Page:
        """Open a page."""
        return self._ask("GET", path, headers=headers)

    def post(
        self, path: str, *, data: Mapping[str, object], base_url: str = "", headers: Mapping[str, str] | None = None
    ) -> Page:
        """Post a form."""
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, body=urlencode(data, doseq=True), headers={**(headers or {}), **form})

    def _ask(
        self, method: str, path: str, *, body: str | None = None, headers: Mapping[str, str] = MappingProxyType({})
    ) -> Page:
        connection = HTTPConnection(self.host, self.port, timeout=self._patience)
        cookies = "; ".join(f"{name}={one.value}" for name, one in self._cookies.items())
        try:
            connection.request(method, path, body, {**self._named, **headers, "Cookie": cookies})
            answer = connection.getresponse()
            for cookie in answer.headers.get_all("Set-Cookie", []):
                self._cookies.load(cookie)
            return Page(answer.status, dict(answer.headers), answer.read())
        finally:
            connection.close()
