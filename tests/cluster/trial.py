"""A campaign on two machines: letters leave, texts are published, one machine is lost and comes back."""

import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import delete, make_url

from advocacy.abuse.models import RateLimit
from tests.cluster.citizens import Citizens, Mails
from tests.cluster.machine import SITE_NAME, Machine, machines
from tests.cluster.network import HERE, Network, networks
from tests.cluster.watch import Publications, Watch, oldest
from tests.faults.opening import opened
from tests.faults.place import Trial
from tests.faults.processes import wait_for
from tests.faults.proof import Proof, prove
from tests.faults.sinks import SmtpSink

FRESH = 2.0
"""Seconds after a publication from which on no page may be older."""
EACH_TAKES = 0.03
"""Seconds that the mail server takes for a letter: long enough that a machine is lost while it has some in hand."""
PER_FORM = 10
ROOM = {
    "ADVOCACY_NETWORK_PER_DAY": "100000",
    "ADVOCACY_SITE_PER_DAY": "100000",
    "ADVOCACY_CALM_PER_TEN_MINUTES": "100000",
    "ADVOCACY_NETWORK_POINTS_PER_MINUTE": "0",
    "ADVOCACY_ALIKE_PER_DAY": "0",  # all citizens write the same words
}


@dataclass(frozen=True, slots=True)
class Size:
    """How many letters wait when the machines start, and how many forms are written at the sites.

    `unnoticed` are the seconds for which the database does not notice that a machine is gone, and keeps what that one
    had locked.
    """

    letters: int
    forms: int
    unnoticed: float


SHORT, LONG = Size(letters=80, forms=6, unnoticed=2.0), Size(letters=1840, forms=200, unnoticed=5.0)


@dataclass(frozen=True, slots=True)
class Row:
    """What came of it."""

    queue: str
    network: str
    acknowledged: int
    again: int
    proof: Proof
    forms_lost: int
    oldest: float
    asked: int
    seconds: float
    wrong: tuple[str, ...]

    HEAD = (
        f"{'queue':<8} {'machines':<20} {'forms':>6} {'again':>6} {'letters × copies':<22} {'lost':>5} "
        f"{'unconfirmed':>12} {'forms lost':>11} {'oldest page':>12} {'of pages':>9} {'time':>6}"
    )

    def __str__(self) -> str:
        """One line of the table."""
        copies = ", ".join(f"{count} × {number}" for number, count in sorted(self.proof.copies.items()))
        unconfirmed = sum("unconfirmed" in one or "nobody put" in one for one in self.proof.wrong)
        line = (
            f"{self.queue:<8} {self.network:<20} {self.acknowledged:>6} {self.again:>6} {copies:<22} "
            f"{self.proof.copies[0]:>5} {unconfirmed:>12} {self.forms_lost:>11} {self.oldest:>10.2f} s "
            f"{self.asked:>9} {self.seconds:>4.0f} s"
        )
        return "\n".join([line, *(f"    WRONG: {one}" for one in self.wrong[:10])])


def go_through(folder: Path, url: str, size: Size, *, redis: int, namespaces: bool) -> Row:
    """Let one campaign run on two machines, on the empty PostgreSQL database `url`; `redis` is its port, 0 for none."""
    began, sink = time.monotonic(), SmtpSink(folder, takes=EACH_TAKES)
    with ExitStack() as stack:
        place = stack.enter_context(opened(folder, url, sink, seed=size.letters))
        publications = Publications(place)
        place.confirmed(size.letters, per_form=PER_FORM)
        with place.runtime.sessions.begin() as session:
            session.execute(delete(RateLimit))  # the sites go by forms of their own
        with ExitStack() as running:
            given = running.enter_context(networks(2, namespaces=namespaces))
            settings = [_settings(network, url, sink, redis=redis) for network in given]
            both = running.enter_context(machines(place, given, settings))
            watches = [running.enter_context(Watch(site, publications)) for site in both]
            citizens = Citizens(place, both, Mails(sink), name=SITE_NAME).write(size.forms)
            _lose_one(both[0], publications, size, after=lambda share: _wait_for_share(sink, size, share))
            citizens.wait()
            wait_for(lambda: -place.due(), reaches=0)
            wait_for(lambda: min(watch.newest for watch in watches), reaches=len(publications.moments))
        place.clock.set_right()
        place.settle()
        proof, lost = prove(place, Trial(1, most_copies=2), after=0), citizens.lost()
    wrong = [*proof.wrong, *([f"{lost} acknowledged forms are lost"] if lost else [])]
    wrong += [f"{citizens.unheard} mails that ask for a confirmation did not come"] if citizens.unheard else []
    if (age := oldest(watches)) > FRESH:
        wrong.append(f"a page was {age:.1f} s old")
    return Row(
        queue="Redis" if redis else "none",
        network=given[0].kind,
        acknowledged=len(citizens.acknowledged),
        again=citizens.again,
        proof=proof,
        forms_lost=lost,
        oldest=age,
        asked=sum(watch.asked for watch in watches),
        seconds=time.monotonic() - began,
        wrong=tuple(wrong),
    )


def _lose_one(machine: Machine, publications: Publications, size: Size, *, after: Callable[[float], None]) -> None:
    """Publish in full flow, lose a machine, publish while it is gone, and once more when it is back."""
    after(0.25)
    publications.publish()
    after(0.5)
    machine.lose()
    publications.publish()
    time.sleep(size.unnoticed)
    machine.network.notice()
    machine.come_back()
    publications.publish()


def _wait_for_share(sink: SmtpSink, size: Size, share: float) -> None:
    wait_for(lambda: len(sink.taken), reaches=int(size.letters * share))


def _settings(network: Network, url: str, sink: SmtpSink, *, redis: int) -> Mapping[str, str]:
    """Return the settings with which a machine reaches the database, the mail server and Redis from its network."""
    server = make_url(url)
    ours = server.set(host=network.gateway, port=network.port(server.port or 5432))
    queue = {"ADVOCACY_QUEUE_URL": f"redis://{network.gateway}:{network.port(redis)}/0"} if redis else {}
    return {
        **sink.settings(),
        **ROOM,
        **queue,
        "ADVOCACY_SMTP_URL": f"smtp://{network.gateway}:{network.port(sink.port)}?tls=none",
        "ADVOCACY_BASE_URL": f"https://{SITE_NAME}",
        "ADVOCACY_LOG_LEVEL": "INFO",  # a public site refuses DEBUG, at which the trial's own process logs
        "ADVOCACY_DATABASE_URL": ours.render_as_string(hide_password=False),
    }


@contextmanager
def redis_server(folder: Path) -> Iterator[int]:
    """Run a Redis of one's own, and give its port."""
    with socket.create_server((HERE, 0)) as free:
        port: int = free.getsockname()[1]
    command = ["redis-server", "--bind", HERE, "--port", str(port), "--save", "", "--dir", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        try:
            wait_for(lambda: _answers(port), reaches=1)
            yield port
        finally:
            server.kill()


def _answers(port: int) -> int:
    with socket.socket() as line:
        return line.connect_ex((HERE, port)) == 0
