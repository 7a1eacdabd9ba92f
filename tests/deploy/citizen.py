"""A citizen of a trial: writes a letter at a site by https, confirms it from the mail that came, reads the receipt."""

import json
import re
import ssl
import sys
import time
from collections.abc import Mapping
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.client import HTTPSConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import click
from bs4 import BeautifulSoup

from tests.faults.browser import Page, fields
from tests.providers.mail_server import MailServer
from tests.web.public.sender import AGREED
from tests.web.public.visitor import CAMPAIGN, FILLED

PATIENCE_S = 90
LINK = re.compile(r"https://[^/\s]+(/(?:en|fr)/(?:confirm|receipt)/[\w.-]+)")
TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')


class SecureBrowser:
    """A browser that speaks TLS to 127.0.0.1 under the site's name, without a look at the certificate."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._cookies: SimpleCookie = SimpleCookie()
        self._trust = ssl.create_default_context()
        self._trust.check_hostname, self._trust.verify_mode = False, ssl.CERT_NONE

    def ask(self, path: str, form: Mapping[str, object] | None = None) -> Page:
        """Open a page, or post a form to it."""
        connection = HTTPSConnection("127.0.0.1", 443, timeout=60, context=self._trust)
        headers = {"Host": self._name, "Cookie": "; ".join(f"{key}={one.value}" for key, one in self._cookies.items())}
        body = None
        if form is not None:
            body = urlencode(form, doseq=True)
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"https://{self._name}/"}
        connection.request("GET" if form is None else "POST", path, body, headers)
        answer = connection.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            self._cookies.load(cookie)
        page = Page(answer.status, dict(answer.headers), answer.read())
        connection.close()
        click.echo(f"{'GET' if form is None else 'POST'} {path.split('?')[0][:40]} {page.status_code}", err=True)
        return page


def main(port: int, name: str, email: str) -> None:
    """Listen as the provider on `port` meanwhile, and print the mails that came as JSON."""
    browser = SecureBrowser(name)
    with MailServer(port=port) as server:
        opened = browser.ask(f"/en/{CAMPAIGN}/write")
        time.sleep(6)  # a form that is sent at once is a machine's
        review = browser.ask(f"/en/{CAMPAIGN}/review", {**fields(opened), **FILLED, "email": email})
        sent = browser.ask(f"/en/{CAMPAIGN}/send", {**fields(review), **AGREED})
        assert sent.status_code == 303, _problems(sent)
        confirmation = _wait_for_link(server, 1)
        asked = TOKEN.search(browser.ask(confirmation).data.decode())
        assert asked is not None
        answer = browser.ask(confirmation, {"csrf_token": asked[1], "act": "send"})
        assert answer.status_code == 303, _problems(answer)
        _wait_for_mails(server, 2)
        receipt = browser.ask(answer.headers["Location"].removeprefix(f"https://{name}"))
        assert receipt.status_code == 200
        mails = [{"to": taken.to[0], "subject": _read(taken.content)["Subject"]} for taken in server.taken]
        click.echo(json.dumps(mails))


def _wait_for_link(server: MailServer, count: int) -> str:
    _wait_for_mails(server, count)
    body = _read(server.taken[0].content).get_body(("plain",))
    found = LINK.search(body.get_content() if body else "")
    assert found, "the first mail has no link"
    return found[1]


def _wait_for_mails(server: MailServer, count: int) -> None:
    until = time.monotonic() + PATIENCE_S
    while len(server.taken) < count:
        assert time.monotonic() < until, f"{len(server.taken)} of {count} mails came"
        time.sleep(0.2)


def _problems(page: Page) -> str:
    found = BeautifulSoup(page.data, "html.parser").select("[role=alert], .error, .errors, h1")
    return f"{page.status_code}: " + " | ".join(" ".join(one.get_text(" ").split()) for one in found)


def _read(content: bytes) -> EmailMessage:
    return message_from_bytes(content, policy=policy.default)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3])
