"""Citizens who write at two sites: what one does not answer is sent in at the other, and confirmed there."""

import itertools
import re
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from email import message_from_bytes, policy
from http.client import HTTPException
from typing import Protocol, Self

from sqlalchemy import select

from advocacy.letters.models import Submission
from tests.faults.browser import Browser, Page, fields
from tests.faults.place import EMAIL, NAME, Place
from tests.faults.sinks import SmtpSink
from tests.web.public.sender import AGREED
from tests.web.public.visitor import CAMPAIGN, FILLED

AT_ONCE = 3
PATIENCE = 60.0
PATIENCE_OF_ONE = 8.0
"""Seconds after which a citizen whom a site does not answer tries the other."""
CONFIRMS = re.compile(r"/(?:en|fr)/confirm/([\w.-]+)")
TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')
WRONG = re.compile(r'role="alert"[^>]*>(.{,600})', re.DOTALL)
NEVER = 5
"""Of so many one never confirms."""


class Answers(Protocol):
    """A site: where it answers."""

    port: int

    @property
    def address(self) -> str: ...


class Mails:
    """The mail that a far end took, read once: whose confirmation has which token."""

    def __init__(self, sink: SmtpSink, *, patience: float = PATIENCE) -> None:
        """`patience` are the seconds for which somebody looks out for a mail."""
        self._sink, self._read, self._lock, self._patience = sink, 0, threading.Lock(), patience
        self._tokens: dict[str, str] = {}

    def token(self, email: str) -> str:
        """Wait for somebody's mail, and give its token; an empty one where no mail comes."""
        until = time.monotonic() + self._patience
        while time.monotonic() < until:
            with self._lock:
                self._look()
                if email in self._tokens:
                    return self._tokens[email]
            time.sleep(0.1)
        return ""

    def _look(self) -> None:
        new = self._sink.taken[self._read :]
        self._read += len(new)
        for taken in new:
            body = message_from_bytes(taken.content, policy=policy.default).get_body(("plain",))
            found = CONFIRMS.search(body.get_content() if body else "")
            if found:
                self._tokens[taken.to[0]] = found[1]


class Citizens:
    """They write one form after another at either site; `acknowledged` are the addresses of those the site thanked."""

    def __init__(self, place: Place, sites: Sequence[Answers], mails: Mails, *, name: str = "") -> None:
        """`name` is the sites' own, where it is not their address."""
        self.acknowledged, self.confirmed, self.again, self.unheard = list[str](), 0, 0, 0
        self._place, self._sites, self._mails, self._name = place, sites, mails, name
        self._numbers = itertools.count()
        self._pool = ThreadPoolExecutor(AT_ONCE)
        self._writing = list[Future[None]]()

    def write(self, forms: int) -> Self:
        """Let so many forms be written, a few at a time."""
        self._writing += [self._pool.submit(self._one) for _ in range(forms)]
        return self

    def wait(self) -> None:
        """Wait until all are written."""
        try:
            for one in self._writing:
                one.result()
        finally:
            self._pool.shutdown(cancel_futures=True)

    def lost(self) -> int:
        """Count the forms that a site thanked for and that are not stored once."""
        with self._place.runtime.sessions() as session:
            stored = [one.email for one in session.scalars(select(Submission))]
        return sum(stored.count(email) != 1 for email in self.acknowledged)

    def _one(self) -> None:
        number = next(self._numbers)
        email, visit = EMAIL.format(f"two-machines-{number}"), _Visit(self._sites, first=number, name=self._name)
        typed = {**FILLED, "name": NAME, "email": email}
        opened = _with_a_form(visit.get(f"/en/{CAMPAIGN}/write"))
        review = _with_a_form(visit.post(f"/en/{CAMPAIGN}/review", {**fields(opened), **typed}))
        sent = visit.post(f"/en/{CAMPAIGN}/send", {**fields(review), **AGREED})
        if sent.status_code != 303 or not sent.headers.get("Location", "").endswith("/sent"):
            said = " | ".join(WRONG.findall(sent.data.decode()))
            raise AssertionError(f"a form was answered {sent.status_code}, {sent.headers.get('Location')}: {said}")
        self.acknowledged.append(email)
        if number % NEVER != NEVER - 1:
            if token := self._mails.token(email):
                self._confirm(visit, token)
            else:
                self.unheard += 1
        self.again += visit.again

    def _confirm(self, visit: "_Visit", token: str) -> None:
        self._place.canaries.append(token)
        asked = TOKEN.search(visit.get(f"/en/confirm/{token}").data.decode())
        form = {"csrf_token": asked[1] if asked else "", "act": "send"}
        answer = visit.post(f"/en/confirm/{token}", form)
        if answer.status_code >= 400:
            raise AssertionError(f"a confirmation was answered {answer.status_code}")
        self.confirmed += 1


def _with_a_form(page: Page) -> Page:
    if page.status_code != 200 or "csrf_token" not in fields(page):
        raise AssertionError(f"a page with a form was answered {page.status_code}: {page.data.decode()[-2000:]}")
    return page


class _Visit:
    """One browser; each page is asked of the next site, and of another as long as none answers."""

    def __init__(self, sites: Sequence[Answers], *, first: int, name: str) -> None:
        self.again = 0
        self._sites, self._turn = sites, itertools.count(first)
        self._browser = Browser(patience=PATIENCE_OF_ONE, name=name)

    def get(self, path: str) -> Page:
        return self._ask(path, None)

    def post(self, path: str, form: dict[str, object]) -> Page:
        return self._ask(path, form)

    def _ask(self, path: str, form: dict[str, object] | None) -> Page:
        until = time.monotonic() + PATIENCE
        while True:
            site = self._sites[next(self._turn) % len(self._sites)]
            self._browser.host, self._browser.port = site.address, site.port
            referer = {"Referer": f"http://{site.address}:{site.port}/en/{CAMPAIGN}/write"}
            try:
                page = self._browser.get(path) if form is None else self._browser.post(path, data=form, headers=referer)
                if page.status_code < 500 or time.monotonic() > until:
                    return page
            except (OSError, HTTPException):
                if time.monotonic() > until:
                    raise
            self.again += 1
            time.sleep(0.05)
