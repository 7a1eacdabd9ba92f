"""`python -m tests.faults.whole_site`: a real site under a provider that misbehaves, while its processes are killed.

Citizens write through the web and confirm; its worker and the whole site are killed with -9, connections
to the database are ended, Redis is emptied. Exit 1 when a figure is worse than its floor.
"""

import argparse
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

import click
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from advocacy.delivery import holds
from tests.cluster.citizens import Citizens, Mails, Posts
from tests.cluster.network import HERE
from tests.cluster.trial import ROOM, redis_server
from tests.fakes.sendgrid_answers import LOST_202, RESET_BEFORE, TAKEN, Answer, busy, refusing
from tests.faults import tree
from tests.faults.opening import opened
from tests.faults.place import Place, Trial
from tests.faults.processes import wait_for
from tests.faults.proof import prove
from tests.faults.rows import DATABASES
from tests.faults.sinks import Mood, SendgridSink, Sink, SmtpSink
from tests.providers.mail_server import CLOSE
from tests.served import ADVOCACY, environment

BETWEEN_KILLS, BETWEEN_MOODS, BETWEEN_REPORTS = 2.0, 0.5, 1.0
MAIL_WITHIN = 15.0
"""Seconds after which a citizen whose mail did not come gives up: some come half an hour later."""
SENDGRID = (
    *(TAKEN, TAKEN, TAKEN, LOST_202, RESET_BEFORE),
    *(refusing(400), refusing(408), busy(Retry_After="1"), refusing(500), refusing(503), Answer(pause=0.02)),
)
MAIL: tuple[Mapping[str, str], ...] = (
    *({}, {}, {}, {"DATA": CLOSE}, {"MAIL": "421 4.3.2 closing"}),
    *({"RCPT": "450 4.2.0 busy"}, {"DATA": "451 4.3.0 try later"}, {"DATA": "554 5.3.0 not now"}),
)


@dataclass(frozen=True, slots=True)
class Run:
    """What one run goes through. `reports`: the provider's reports arrive."""

    name: str
    database: str
    sink: Callable[[Path], Sink]
    redis: bool = False
    reports: bool = False


RUNS = (
    Run("SQLite, SMTP", "sqlite", SmtpSink),
    Run("PostgreSQL, Redis, SendGrid with reports", "postgresql", SendgridSink, redis=True, reports=True),
    Run("SQLite, SendGrid without reports", "sqlite", SendgridSink),
)
HEAD = (
    f"{'run':<42} {'kills':<58} {'letters':>8} {'lost':>5} {'most copies':>16} {'unconfirmed sent':>17} "
    f"{'stuck':>6} {'forms lost':>11}"
)


class Site:
    """`advocacy serve` with the worker that it keeps; it comes back at the same port after a kill."""

    address = HERE

    def __init__(self, place: Place, settings: Mapping[str, str]) -> None:
        self._place, self._settings = place, settings
        with socket.create_server((HERE, 0)) as free:
            self.port: int = free.getsockname()[1]
        self._process = self._begun()

    def kill(self) -> None:
        """Kill -9 all of it."""
        tree.kill([*tree.below(self._process.pid), self._process.pid])
        self._process.wait()

    def kill_and_start(self) -> None:
        """Kill -9 all of it, and start it again."""
        self.kill()
        self._process = self._begun()

    def answers(self) -> bool:
        """Return whether it takes connections."""
        with suppress(OSError):
            socket.create_connection((HERE, self.port), timeout=1).close()
            return True
        return False

    def look_after(self) -> None:
        """Start it again where it ended by itself, as a service manager does."""
        if self._process.poll() is not None:
            self._process = self._begun()

    def kill_worker(self) -> None:
        """Kill -9 the worker; the site starts it again."""
        tree.kill(self._workers())

    def _workers(self) -> list[int]:
        found = []
        for process in tree.below(self._process.pid):
            said = subprocess.run(
                ["ps", "-o", "ppid=,args=", "-p", str(process)], capture_output=True, text=True
            ).stdout
            parent, _, words = said.strip().partition(" ")
            if " worker " in words and int(parent) == self._process.pid:
                found.append(process)
        return found

    def _begun(self) -> "subprocess.Popen[bytes]":
        with (self._place.folder / "site.log").open("a") as log:
            return subprocess.Popen(
                [*ADVOCACY, "serve", "--port", str(self.port), "--workers", "2"],
                cwd=self._place.folder,
                env=environment(settings={**self._place.environment, **self._settings}),
                stdout=log,
                stderr=log,
            )


class Chaos:
    """Lets the provider misbehave and kills what runs, until it is over; `kills` counts what was killed."""

    def __init__(self, place: Place, site: Site, *, run: Run, redis: int) -> None:
        self.kills: Counter[str] = Counter()
        self._place, self._site, self._run, self._redis = place, site, run, redis
        self._over, self._chance = threading.Event(), place.chance
        self._threads = [
            threading.Thread(target=self._every, args=given, daemon=True)
            for given in (
                (BETWEEN_MOODS, self._misbehave),
                (BETWEEN_KILLS, self._kill),
                (BETWEEN_REPORTS, self._report),
            )
        ]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """End, and let the provider take everything again."""
        self._over.set()
        for thread in self._threads:
            thread.join()
        self._place.sink.become(Mood.TAKES)

    def _every(self, seconds: float, act: Callable[[], None]) -> None:
        while not self._over.wait(seconds):
            with suppress(OperationalError):  # connections of this process's own are ended as well
                act()

    def _misbehave(self) -> None:
        sink = self._place.sink
        if isinstance(sink, SendgridSink):
            sink.otherwise = self._chance.choice(SENDGRID)
        elif isinstance(sink, SmtpSink):
            sink.answers = dict(self._chance.choice(MAIL))

    def _kill(self) -> None:
        self._site.look_after()
        what = self._chance.choices(("worker", "site"), (94, 6))[0]
        if what == "site" and not self._site.answers():  # it is still starting after the last kill
            what = "worker"
        self.kills[what] += 1
        if what == "worker":
            self._site.kill_worker()
        else:
            self._site.kill_and_start()
        if self._redis:
            subprocess.run(["redis-cli", "-p", str(self._redis), "flushall"], capture_output=True, check=False)
            self.kills["Redis emptied"] += 1
        if self._run.database == "postgresql":
            self._end_connections()
        self.release()

    def release(self) -> None:
        """Let letters leave again where many refusals in a row held them, as a person does who has looked at it."""
        with self._place.runtime.sessions.begin() as session:
            holds.release(session)

    def _end_connections(self) -> None:
        ours = (
            "SELECT count(pg_terminate_backend(pid)) FROM (SELECT pid FROM pg_stat_activity "
            "WHERE datname = current_database() AND application_name = '' AND pid <> pg_backend_pid() "
            "ORDER BY random() LIMIT 3) AS chosen"
        )
        with self._place.runtime.engine.connect() as connection:
            self.kills["connections"] += connection.scalar(text(ours)) or 0

    def _report(self) -> None:
        if self._run.reports:
            self._place.clock.set_right()
            with suppress(AssertionError):
                self._place.report(sorted(self._place.sink.copies()))


def go_through(run: Run, minutes: float, *, seed: int) -> tuple[str, bool]:
    """Go through one run; give its line of the table, and whether every figure is at its floor."""
    most = 1 if run.reports else 2
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(DATABASES[run.database](folder))
        redis = stack.enter_context(redis_server(folder)) if run.redis else 0
        sink = run.sink(folder)
        place = stack.enter_context(opened(folder, url, sink, seed=seed))
        queue = {"ADVOCACY_QUEUE_URL": f"redis://{HERE}:{redis}/0"} if redis else {}
        place.confirmed(int(30 * minutes), per_form=2)
        site = Site(place, {**sink.settings(), **ROOM, **queue})
        stack.callback(site.kill)
        wait_for(site.answers, reaches=True)
        mails = _mails(sink)
        citizens = Citizens(place, [site], mails).write(int(20 * minutes))
        chaos = Chaos(place, site, run=run, redis=redis)
        until = time.monotonic() + 60 * minutes
        stack.callback(chaos.end)
        chaos.start()
        citizens.wait()
        time.sleep(max(0.0, until - time.monotonic()))
        chaos.end()
        site.kill()
        chaos.release()
        place.clock.set_right()
        if run.reports:
            place.report(sorted(sink.copies()))
        place.settle()
        wrong = prove(place, Trial(chaos.kills.total(), most_copies=most), after=0).wrong
        return _row(run, place, chaos=chaos, citizens=citizens, wrong=wrong)


def _mails(sink: Sink) -> Mails:
    if isinstance(sink, SendgridSink):
        return Posts(sink, patience=MAIL_WITHIN)
    assert isinstance(sink, SmtpSink)
    return Mails(sink, patience=MAIL_WITHIN)


def _row(run: Run, place: Place, *, chaos: Chaos, citizens: Citizens, wrong: tuple[str, ...]) -> tuple[str, bool]:
    copies = Counter(place.sink.copies().values())
    lost = sum((" has 0 copies, is " in one and not one.endswith("is failed")) or " messages" in one for one in wrong)
    unconfirmed = sum("unconfirmed" in one or "nobody put it" in one for one in wrong)
    stuck, forms = place.unsettled(), citizens.lost()
    most = max(copies, default=0)
    kills = ", ".join(f"{count} {what}" for what, count in sorted(chaos.kills.items()))
    line = (
        f"{run.name:<42} {kills:<58} {copies.total():>8} {lost:>5} {f'{most} ({copies[most]})':>16} {unconfirmed:>17} "
        f"{stuck:>6} {forms:>11}"
    )
    holds_true = not (lost or unconfirmed or stuck or forms) and most <= (1 if run.reports else 2)
    return "\n".join([line, *(f"    {one}" for one in wrong[:10])]), holds_true


def main() -> int:
    """Go through the runs, and print their table."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.whole_site")
    parser.add_argument("--run", type=int, choices=range(1, len(RUNS) + 1), help="one run only")
    parser.add_argument("--minutes", type=float, default=5.0, help="for each run")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    asked = parser.parse_args()
    click.echo(f"seed {asked.seed}\n{HEAD}")
    below = 0
    for run in RUNS[asked.run - 1 : asked.run] if asked.run else RUNS:
        if run.redis and shutil.which("redis-server") is None:
            click.echo(f"{run.name:<42} not tried: redis-server is not installed")
            continue
        row, good = go_through(run, asked.minutes, seed=asked.seed)
        click.echo(row)
        below += not good
    click.echo("does NOT hold" if below else "all holds")
    return 1 if below else 0


if __name__ == "__main__":
    sys.exit(main())
