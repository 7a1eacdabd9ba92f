"""The site of one rehearsal: what is to be tried out, and the directory, in a database of its own, with its pages."""

import logging
import secrets
import tempfile
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from threading import get_ident
from typing import Any

from pydantic import SecretStr
from sqlalchemy import Select, Table, event, insert, select
from sqlalchemy.orm import Session, sessionmaker

from advocacy import dispatch
from advocacy.campaigns.models import Availability, Campaign, Document, Publication, Revision, RevisionFile
from advocacy.database import KEYS_IN_SESSION, Base, immediate, make_engine, make_sessions, table_of
from advocacy.delivery.events import record_events
from advocacy.delivery.worker import Worker
from advocacy.encryption import Keys
from advocacy.legislators.directory_snapshot import DirectoryCache, DirectorySnapshot
from advocacy.legislators.models import (
    BouncedAddress,
    DataSet,
    Legislator,
    OwnList,
    Riding,
    RidingAlias,
)
from advocacy.rehearsal.faulty_provider import FaultyProvider
from advocacy.rehearsal.simulated_clock import SimulatedClock
from advocacy.runtime import Runtime
from advocacy.settings import Settings
from advocacy.web.application import Site, make_public_application
from advocacy.web.services import Services

DIRECTORY = (Riding, RidingAlias, Legislator, OwnList, DataSet, BouncedAddress)
"""The tables that are copied whole: none of them holds anything of a citizen, or of the staff."""
MAX_ROWS = 1000
"""Rows that are copied at once."""


class UnchangedDirectory(DirectoryCache):
    """The directory as it was copied: nothing changes it, so that it is read once and not each simulated minute."""

    def current(self, now: datetime) -> DirectorySnapshot:
        return self._snapshot or DirectoryCache.current(self, now)


class OtherThreads(logging.Filter):
    """Drops what a rehearsal would log: whoever reads the site's log would take it for what citizens do."""

    def __init__(self) -> None:
        super().__init__()
        self._thread = get_ident()

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a record is of another thread, or an error."""
        return record.thread != self._thread or record.levelno >= logging.ERROR


@contextmanager
def without_logs() -> Iterator[None]:
    """Log nothing of this thread but errors, while the block lasts."""
    handlers, others = list(logging.getLogger().handlers), OtherThreads()
    for handler in handlers:
        handler.addFilter(others)
    try:
        yield
    finally:
        for handler in handlers:
            handler.removeFilter(others)


@dataclass(slots=True)
class RehearsalSite:
    """The pages, the worker and the provider of a rehearsal; `failures` are the errors of its pages, by their type."""

    runtime: Runtime
    services: Services
    app: Site
    clock: SimulatedClock
    failures: Counter[str]
    alerts: list[str]

    def make_worker(self, provider: FaultyProvider, random: Random) -> Worker:
        """Return the worker that the site has, with the simulated clock and this provider."""
        settings = self.runtime.settings
        return Worker(
            self.runtime.sessions,
            provider,
            dispatch.make_kinds(settings, self.services.keys, now=self.clock.now),
            now=self.clock.now,
            chance=random.random,
            on_alert=self.alerts.append,
            per_hour=settings.recipient_per_hour,
            monotonic=self.clock.monotonic,
        )

    def record_reports(self, provider: FaultyProvider) -> int:
        """Record what the provider reports by now, as its webhook does; return how many reports there were."""
        reports = provider.due_reports()
        if reports:
            now = self.clock.now()
            with immediate(self.runtime.sessions) as session:
                moved = record_events(session, reports, provider=provider.name, now=now)
                self.services.notify(session, moved, now)
        return len(reports)


@contextmanager
def open_rehearsal_site(
    source: sessionmaker[Session],
    campaign: str,
    revisions: Collection[int],
    *,
    settings: Settings,
    start: datetime,
) -> Iterator[RehearsalSite]:
    """Copy a campaign as these revisions make it, and open a site with it alone; it is deleted at the end.

    Nothing is read of what citizens sent, and nothing is written where `source` reads. Its keys are its own.
    """
    with without_logs(), tempfile.TemporaryDirectory(prefix="advocacy-rehearsal-") as folder:
        keys = Keys.make()
        changed = {
            "database_url": f"sqlite:///{Path(folder) / 'rehearsal.sqlite3'}",
            "secret_key": SecretStr(secrets.token_urlsafe(48)),
            "data_keys": SecretStr(keys.text),
            "queue_url": "",
            "provider": "folder",
            "test_recipient": "",
            "proxy_hops": 0,
            "network_points_per_minute": 0,  # by the clock of this machine, for which a day passes in minutes
            "calm_per_ten_minutes": 1_000_000,  # invented citizens prove nothing
        }
        own_settings = settings.model_copy(update=changed)
        engine = make_engine(own_settings.database_url)
        # A rehearsal that is interrupted is begun anew: nothing of it has to survive.
        event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF"))
        try:
            Base.metadata.create_all(engine)
            sessions = make_sessions(engine)
            sessions.configure(info={KEYS_IN_SESSION: lambda: keys})
            with source() as reading, sessions.begin() as target:
                _copy(reading, target, campaign, revisions=revisions, start=start)
            clock, failures = SimulatedClock(start), Counter[str]()
            kinds = dispatch.make_kinds(own_settings, keys, now=clock.now)
            services = Services(
                own_settings,
                sessions,
                clock.now,
                directory=UnchangedDirectory(sessions),
                keys=keys,
                deliver_soon=lambda: None,  # the rehearsal itself has the worker look
                start_job=lambda _job_id: None,
                outgoing=Path(folder) / "outgoing",
                events_source=None,
                mail_domains=None,  # nobody outside is asked anything
                notify=dispatch.make_notifier(kinds),
            )
            app = make_public_application(services, own_settings.secret_key.get_secret_value(), logs=False)
            app.on_failure = lambda error: failures.update([type(error).__name__])
            yield RehearsalSite(Runtime(own_settings, engine, sessions), services, app, clock, failures, [])
        finally:
            engine.dispose()


def _copy(source: Session, target: Session, campaign: str, *, revisions: Collection[int], start: datetime) -> None:
    """Copy the directory whole and a campaign as these revisions make it, live from `start` on, with their ids."""
    for table in map(table_of, DIRECTORY):
        _copy_rows(source, target, select(table), into=table)
    campaigns, documents = table_of(Campaign), table_of(Document)
    rows, files = table_of(Revision), table_of(RevisionFile)
    used = select(rows.c.document_id).where(rows.c.id.in_(revisions))
    _copy_rows(source, target, select(campaigns).where(campaigns.c.name == campaign), into=campaigns)
    _copy_rows(source, target, select(documents).where(documents.c.id.in_(used)), into=documents)
    _copy_rows(source, target, select(rows).where(rows.c.id.in_(revisions)), into=rows)
    _copy_rows(source, target, select(files).where(files.c.revision_id.in_(revisions)), into=files)
    for table in (campaigns, documents):
        target.execute(table.update().values(availability=Availability.ONLINE, wrong_before=None))
    target.execute(insert(table_of(Publication)), [{"revision_id": one, "at": start} for one in sorted(revisions)])


def _copy_rows(source: Session, target: Session, which: Select[Any], *, into: Table) -> None:
    for some in source.connection().execute(which).mappings().partitions(MAX_ROWS):
        target.connection().execute(insert(into), [dict(row) for row in some])
