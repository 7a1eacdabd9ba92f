"""A site under load: on PostgreSQL, with letters stored already, and a mail server of this machine."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from advocacy.runtime import utc_now
from benchmarks import stores
from tests.faults.opening import opened
from tests.faults.place import Place
from tests.faults.sinks import SmtpSink
from tests.served import ServedSite, served_site

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
