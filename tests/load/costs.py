"""What each step costs in processor time: of the web process, of the database, and of the worker for what is sent."""

import random
import sys
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from advocacy.delivery.models import Message
from advocacy.delivery.states import State
from tests.cluster.citizens import Mails
from tests.faults.browser import Browser
from tests.load.citizens import READING_S, Record, Visitor, single_riding_codes
from tests.load.site import LoadSite, processor_seconds
from tests.served import served_site

IDLE_S = 10.0
SETTLED_WITHIN_S = 180.0
BARE = """
from flask import Flask
from socket import create_server
from advocacy.web.server import Server

app = Flask("bare")
app.add_url_rule("/", view_func=lambda: "<p>a page</p>")
listener = create_server(("127.0.0.1", 0))
print("The site is at http://localhost:%d " % listener.getsockname()[1], flush=True)
Server(app, bind=f"fd://{listener.detach()}").run()
"""
DELIVERY = "letter delivered, with its two mails"


@dataclass(frozen=True)
class Cost:
    """Milliseconds of processor time of one step."""

    web: float = 0.0
    database: float = 0.0
    worker: float = 0.0

    @property
    def whole(self) -> float:
        return self.web + self.database + self.worker


class Meter(Record):
    """A record that also adds up the processor time of each step, where one visitor after another comes."""

    def __init__(self, site: LoadSite) -> None:
        super().__init__()
        self._site, self._before = site, site.processor_seconds()
        self.spent: dict[str, dict[str, float]] = defaultdict(lambda: dict.fromkeys(self._before, 0.0))

    def add(self, step: str, seconds: float) -> None:
        """Add what was spent since the step before."""
        super().add(step, seconds)
        now = self._site.processor_seconds()
        for part, spent in now.items():
            self.spent[step][part] += spent - self._before[part]
        self._before = now

    def forget_since(self) -> None:
        """Leave out what was spent since the last step."""
        self._before = self._site.processor_seconds()

    def cost(self, step: str) -> Cost:
        """Return what one such step cost; the worker's time is of no page."""
        times = len(self.seconds[step])
        return Cost(*(self.spent[step][part] / times * 1000 for part in ("web", "database")))


def bare_page(folder: Path, times: int) -> float:
    """Return the milliseconds of a page of the framework that does nothing, behind the same server."""
    with served_site(folder, command=[sys.executable, "-c", BARE], killed=True) as served:
        browser = Browser("127.0.0.1", served.port)
        browser.get("/")
        before = processor_seconds(served, "")["web"]
        for _ in range(times):
            browser.get("/")
        return (processor_seconds(served, "")["web"] - before) / times * 1000


def measure(site: LoadSite, times: int) -> Mapping[str, Cost]:
    """Let so many visitors read, write, send and confirm, one after another; return what each step costs.

    The worker's time includes what it spends while it waits, which is measured first and taken off.
    """
    chance, codes, mails = random.Random(1), single_riding_codes(), Mails(site.sink)
    first = [Visitor(site.served.port, Record(), chance=chance, number=900_000 + one) for one in range(8)]
    for visitor in first:  # what is made once, is made, and the site is under pressure
        visitor.read()
        form = visitor.review(codes[0])
        time.sleep(0.5)
        visitor.press_send(form or {})
    time.sleep(IDLE_S)  # the worker has begun, and done what is due at its start
    worker_before, began = site.processor_seconds()["worker"], time.monotonic()
    time.sleep(IDLE_S)
    idle = (site.processor_seconds()["worker"] - worker_before) / (time.monotonic() - began)

    meter = Meter(site)
    worker_before, began = site.processor_seconds()["worker"], time.monotonic()
    visitors = [Visitor(site.served.port, meter, chance=chance, number=1_000_000 + one) for one in range(times)]
    for visitor in visitors:
        visitor.read()
    reviewed = [(visitor, visitor.review(codes[one])) for one, visitor in enumerate(visitors)]
    time.sleep(READING_S)
    sent = [(visitor, visitor.press_send(form)) for visitor, form in reviewed if form]
    tokens = [(visitor, mails.token(email)) for visitor, email in sent if email]
    meter.forget_since()
    for visitor, token in tokens:
        visitor.confirm(token)
    until = time.monotonic() + SETTLED_WITHIN_S
    while _waiting(site) and time.monotonic() < until:
        time.sleep(0.2)
    passed, worker = time.monotonic() - began, site.processor_seconds()["worker"] - worker_before
    costs = {step: meter.cost(step) for step in meter.seconds}
    if meter.wrong:
        raise AssertionError(f"some steps went wrong: {dict(meter.wrong)}")
    costs[DELIVERY] = Cost(worker=max(worker - idle * passed, 0.0) / max(meter.confirmed, 1) * 1000)
    return costs


def _waiting(site: LoadSite) -> int:
    with site.place.runtime.sessions() as session:
        unsettled = select(func.count()).select_from(Message).where(Message.state.in_([State.READY, State.SENDING]))
        return session.scalar(unsettled) or 0
