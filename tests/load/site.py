"""A site under load: on PostgreSQL, with letters stored already, a mail server of this machine, and its processor time."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy.engine import make_url

from advocacy.runtime import utc_now
from benchmarks import stores
from tests.faults import tree
from tests.faults.opening import opened
from tests.faults.place import Place
from tests.faults.sinks import SmtpSink
from tests.served import ServedSite, served_site

TICKS = os.sysconf("SC_CLK_TCK")
SETTINGS = {
    "ADVOCACY_LOG_LEVEL": "INFO",
    "ADVOCACY_PROXY_HOPS": "1",  # each visitor comes from a network of their own
    "ADVOCACY_RETENTION_DAYS": "365",
    "ADVOCACY_SITE_PER_DAY": "10000000",
}

UNDER_PRESSURE = {"ADVOCACY_CALM_PER_TEN_MINUTES": "1"}
"""A campaign that is read by so many is never calm: each letter costs what its proof of work does."""


@dataclass(frozen=True)
class LoadSite:
    """A site that answers, and what it stands on."""

    place: Place
    served: ServedSite
    sink: SmtpSink

    def processor_seconds(self) -> Mapping[str, float]:
        """Return the processor time used so far by its web processes, its worker and its connections' processes."""
        name = make_url(str(self.place.runtime.settings.database_url)).database
        return processor_seconds(self.served, str(name))


@contextmanager
def place_with(letters: int) -> Iterator[tuple[Place, SmtpSink]]:
    """Open a site's database with so many letters stored, all settled, and a mail server beside it."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="advocacy-load-")))
        url = stack.enter_context(stores.empty_database(f"load_{letters}"))
        place = stack.enter_context(opened(folder, url, sink := SmtpSink(folder), seed=letters))
        if letters:
            stores.fill(place.runtime, letters, now=utc_now() - timedelta(days=1), waits=False)
        place.runtime.engine.dispose()
        yield place, sink


@contextmanager
def site_on(place: Place, sink: SmtpSink, *, processes: int) -> Iterator[LoadSite]:
    """Serve it by so many web processes and one worker."""
    settings = {**place.environment, **sink.settings(), **SETTINGS, **UNDER_PRESSURE}
    with served_site(place.folder, "--workers", str(processes), settings=settings) as served:
        yield LoadSite(place, served, sink)


def processor_seconds(served: ServedSite, database: str) -> Mapping[str, float]:
    """Return the processor time used so far by a site's processes, and by those of PostgreSQL that serve its database."""
    below = tree.below(served.process.pid)
    worker = [one for one in below if b"\0worker\0" in _command(one)]
    web = [served.process.pid, *(one for one in below if one not in worker)]
    everyone = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()] if database else []
    backends = [
        one for one in everyone if _command(one).startswith(b"postgres:") and database.encode() in _command(one)
    ]
    return {"web": _spent(web), "worker": _spent(worker), "database": _spent(backends)}


def _command(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""


def _spent(processes: list[int]) -> float:
    total = 0
    for process in processes:
        try:
            fields = Path(f"/proc/{process}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
        except OSError:
            continue
        total += int(fields[11]) + int(fields[12])
    return total / TICKS
