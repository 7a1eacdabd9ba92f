"""What `advocacy doctor` looks at: everything around the program that makes a site work, each with what to do.

Nothing is changed, nothing is sent, and the database is not brought up to date.
"""

import os
import shutil
import socket
import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from stat import S_IMODE
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import Connection, func, inspect, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from advocacy import mail_records, production
from advocacy.campaigns.open_campaigns import OpenCampaigns
from advocacy.database import make_engine
from advocacy.delivery import outbox
from advocacy.delivery.models import PeriodicRun
from advocacy.delivery.provider import NotAllowed, TryLater
from advocacy.delivery.states import State
from advocacy.dispatch import mail_folder, make_provider
from advocacy.language import day_of
from advocacy.legislators import directory_check
from advocacy.legislators.directory_queries import data_sets
from advocacy.migrations import VERSION_TABLE, newest_revision
from advocacy.providers.sendgrid import Sendgrid
from advocacy.providers.smtp import Server, Smtp, Tls
from advocacy.settings import MailMode, Settings, SettingsError
from advocacy.staff.audit_log import Act
from advocacy.staff.models import Account, AuditEntry, Role
from advocacy.task_queue import QueueUnavailable, close, make_huey

GIB = 1024**3
MIN_FREE, LITTLE_FREE = GIB // 2, 2 * GIB
MAX_CLOCK_OFF = timedelta(seconds=60)
SWEEP_LATE = timedelta(minutes=5)
"""A worker sweeps each minute."""
DUE_LATE = timedelta(minutes=10)
BACKUP_OLD = timedelta(days=2)
CERTIFICATE_ENDS, CERTIFICATE_ENDS_SOON = timedelta(days=7), timedelta(days=21)
"""certbot renews a month before the end."""
CONNECT_S = 5.0
DIRECTORY_OLD_DAYS = directory_check.OLD_AFTER_DAYS


class Level(StrEnum):
    """How a check came out."""

    OK = "ok"
    WARN = "warn"
    """It works, and somebody should know."""
    FAIL = "fail"
    """Something does not work, or will soon not."""


@dataclass(frozen=True, slots=True)
class Check:
    """What one check found: `name` is the same each time, `sentence` what is so, or what to do."""

    name: str
    level: Level
    sentence: str


def ok(name: str, sentence: str) -> Check:
    return Check(name, Level.OK, sentence)


def warn(name: str, sentence: str) -> Check:
    return Check(name, Level.WARN, sentence)


def fail(name: str, sentence: str) -> Check:
    return Check(name, Level.FAIL, sentence)


def check_site(
    settings: Settings, *, now: Callable[[], datetime], lookup: mail_records.Lookup = mail_records.txt_records
) -> Iterator[Check]:
    """Yield every check, as it is made; those of a database that does not answer are left out."""
    yield from check_settings(settings)
    yield from check_files(settings)
    yield check_disk(settings)
    yield from check_database(settings, now=now)
    yield from check_provider(settings, now=now)
    yield from check_dns(settings, lookup)
    yield from check_certificate(settings, now=now())


def check_settings(settings: Settings) -> Iterator[Check]:
    """Check what a public site needs, and what is allowed but seldom meant."""
    lacks = [*production.sending_lacks(settings)]
    lacks += production.public_lacks(settings) if production.is_public(settings) else ()
    yield from (fail("settings", lack) for lack in lacks)
    if not lacks:
        yield ok("settings", f"complete; the site is {settings.base_url}")
    if settings.mail_mode is MailMode.FOLDER:
        yield warn("settings", "nothing is sent to anyone: set ADVOCACY_PROVIDER to smtp or sendgrid when you go live")
    if settings.test_recipient:
        yield warn("settings", "every letter goes to ADVOCACY_TEST_RECIPIENT: remove it when you go live")
    if settings.base_url.startswith("https://") and not settings.proxy_hops:
        yield fail("settings", "set ADVOCACY_PROXY_HOPS to 1: behind a proxy all visitors count as one network now")
    if production.is_public(settings) and not settings.backup_recipient:
        yield warn("settings", "set ADVOCACY_BACKUP_RECIPIENT: without a public key no backup can be made")
    yield from _check_connections(settings)


def _check_connections(settings: Settings) -> Iterator[Check]:
    """Check that what leaves this machine is encrypted."""
    database = make_url(settings.database_url)
    if database.host and not _is_here(database.host) and database.query.get("sslmode") != "verify-full":
        yield warn("settings", "add ?sslmode=verify-full to ADVOCACY_DATABASE_URL: letters cross a network to it")
    queue = urlsplit(settings.queue_url)
    if queue.scheme == "redis" and not _is_here(queue.hostname or ""):
        yield warn("settings", "write rediss:// in ADVOCACY_QUEUE_URL: its password crosses a network")
    url = settings.smtp_url.get_secret_value()
    if settings.provider == "smtp" and url and "none" in parse_qs(urlsplit(url).query).get("tls", ()):
        server = Server.read(url)
        if server.tls is Tls.NONE and not _is_here(server.host):
            yield warn("settings", "take ?tls=none out of ADVOCACY_SMTP_URL: letters cross a network unencrypted")


def _is_here(host: str) -> bool:
    return host.startswith("/") or production.is_local(f"x://{host}")


def check_files(settings: Settings) -> Iterator[Check]:
    """Check that no other user of this machine can read what is secret. A public site's are among its settings."""
    loose = [path for path, bits in production.secret_files(settings) if _has_bits(path, bits)]
    if not production.is_public(settings):
        yield from (warn("files", f"run chmod 600 {path}: other users can read its secrets") for path in loose)
    ledger = settings.ledger_folder.absolute()
    if not os.access(next(one for one in (ledger, *ledger.parents) if one.exists()), os.W_OK | os.X_OK):
        yield fail("files", f"let this user write to {ledger}: without the erasure ledger nothing is sent or erased")
    database = settings.database_file
    if database is not None and _has_bits(database, 0o077):
        yield warn("files", f"run chmod 600 {database}*: other users of this machine can read the database")
    elif not loose:
        yield ok("files", "no other user can read keys, settings or the database's file")


def _has_bits(path: Path, bits: int) -> bool:
    return path.exists() and bool(S_IMODE(path.stat().st_mode) & bits)


def check_disk(settings: Settings) -> Check:
    """Check how much room is left where the site writes."""
    path = (settings.database_file or mail_folder(settings)).absolute()
    folder = next(one for one in (path, *path.parents) if one.exists())
    free = shutil.disk_usage(folder).free
    sentence = f"{free / GIB:.1f} GiB free at {folder}"
    if free < MIN_FREE:
        return fail("disk", f"{sentence}: make room, no letter can be taken on a full disk")
    return warn("disk", f"{sentence}: make room") if free < LITTLE_FREE else ok("disk", sentence)


def check_database(settings: Settings, *, now: Callable[[], datetime]) -> Iterator[Check]:
    """Check the database, and what stands in it."""
    file = settings.database_file
    if file is not None and not file.exists():
        yield fail("database", f"{file} does not exist: start the site, or correct ADVOCACY_DATABASE_URL")
        return
    engine = make_engine(settings.database_url)
    try:
        with engine.connect() as connection:
            yield from _check_tables(connection, now=now)
            is_current = _revision(connection) == newest_revision()
        if is_current:
            with Session(engine) as session:
                yield from check_contents(session, settings, now=now())
        yield from check_queue(settings)
    except SQLAlchemyError as error:
        told = str(getattr(error, "orig", error)).strip().split("\n")[0]
        yield fail("database", f"it does not answer ({told}): start it, or correct ADVOCACY_DATABASE_URL")
    finally:
        engine.dispose()


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION_TABLE.name):
        return None
    return connection.scalar(select(VERSION_TABLE.c.version_num))


def _check_tables(connection: Connection, *, now: Callable[[], datetime]) -> Iterator[Check]:
    revision, newest = _revision(connection), newest_revision()
    kind = "SQLite" if connection.dialect.name == "sqlite" else "PostgreSQL"
    if revision == newest:
        yield ok("database", f"{kind} answers, and its tables are those of this version ({newest})")
    else:
        advice = (
            "restart the site, which brings them up to date" if (revision or "") < newest else "install its version"
        )
        yield fail("database", f"its tables are of {revision or 'no version'}, this version's are {newest}: {advice}")
    if connection.dialect.name == "sqlite":
        mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
        if mode != "wal":
            yield fail("database", f"its journal mode is {mode}: stop the site and run PRAGMA journal_mode=WAL")
        return
    here, there = now(), connection.execute(select(func.now())).scalar_one()
    off = abs(there - here)
    if off > MAX_CLOCK_OFF:
        seconds = off // timedelta(seconds=1)
        yield fail("clock", f"this machine's clock and the database's are {seconds} s apart: have both set by NTP")
    else:
        yield ok("clock", "this machine's clock and the database's agree")


def check_contents(session: Session, settings: Settings, *, now: datetime) -> Iterator[Check]:
    """Check what only the rows of the database tell."""
    yield from check_worker(session, now=now)
    yield from check_outbox(session, now=now)
    yield from check_directory(session, now=now)
    yield from check_campaigns(session, settings, now=now)
    yield check_backups(session, settings, now=now)
    managers = select(Account.id).where(Account.role == Role.MANAGER, Account.active).limit(1)
    if session.scalar(managers) is None:
        yield warn("staff", "there is no manager: advocacy staff invite EMAIL --role manager")


def check_worker(session: Session, *, now: datetime) -> Iterator[Check]:
    """Check that a worker is at work."""
    swept = session.scalar(select(PeriodicRun.started_at).where(PeriodicRun.name == "sweep"))
    if swept is None:
        yield fail("worker", "no worker has ever run: start advocacy worker, or advocacy serve without --no-worker")
    elif now - swept > SWEEP_LATE:
        yield fail("worker", f"no worker has run for {_duration(now - swept)}: look at its log, start advocacy worker")
    elif swept - now > SWEEP_LATE:
        yield fail("clock", f"a worker ran {_duration(swept - now)} ahead of this clock: have both set by NTP")
    else:
        yield ok("worker", "it looked at the outbox within the last minutes")


def check_outbox(session: Session, *, now: datetime) -> Iterator[Check]:
    """Check that messages leave, and whether any waits for a person."""
    status = outbox.status(session, now=now)
    problems = []
    if status.hold is not None:
        problems.append(
            fail("outbox", "sending is paused: advocacy outbox status says why, advocacy outbox resume ends it")
        )
    if status.outage is not None:
        since = _duration(now - status.outage.since)
        problems.append(fail("outbox", f"the provider has taken no mail for {since} ({status.outage.reason})"))
    if status.oldest_due is not None and now - status.oldest_due > DUE_LATE:
        problems.append(
            fail("outbox", f"a message has been due for {_duration(now - status.oldest_due)}: is a worker running?")
        )
    for state, advice in (
        (State.NEEDS_STAFF, "advocacy outbox list"),
        (State.HELD, "read them under Deliveries, at /staff/"),
    ):
        if count := status.counts.get(state, 0):
            problems.append(warn("outbox", f"{count} wait for a person's decision: {advice}"))
    if count := status.counts.get(State.UNCERTAIN, 0):
        problems.append(warn("outbox", f"of {count} nobody knows yet whether they left; half an hour settles it"))
    yield from problems or [ok("outbox", f"messages leave in time; {status.counts.get(State.READY, 0)} are waiting")]


def check_directory(session: Session, *, now: datetime) -> Iterator[Check]:
    """Check the age of each list of legislators, and whether anything in them is broken."""
    broken = sum(remark.broken for remark in directory_check.check(session, today=day_of(now)))
    if broken:
        yield fail("directory", f"{broken} things are wrong in it: advocacy legislators check")
    old = [one for one in data_sets(session) if (day_of(now) - one.as_of).days > DIRECTORY_OLD_DAYS]
    for one in old:
        days = (day_of(now) - one.as_of).days
        yield warn("directory", f"{one.key} is {days} days old: advocacy legislators refresh, or import a newer list")
    if not old and not broken:
        yield ok("directory", f"no list is older than {DIRECTORY_OLD_DAYS} days")


def check_campaigns(session: Session, settings: Settings, *, now: datetime) -> Iterator[Check]:
    """Check who answers for each campaign, and the age of what is said of its bills."""
    for campaign in OpenCampaigns().all(session):
        where = f"/staff/campaigns/{campaign.name}/settings"
        for what, value in (
            ("who runs it", campaign.file.organiser),
            ("a privacy contact", campaign.file.privacy_contact),
        ):
            if not value:
                level = warn if settings.mail_mode is MailMode.FOLDER else fail
                yield level("campaign", f"{campaign.name} does not name {what}: fill it in at {where}, its mail waits")
        for bill in campaign.file.bills:
            days, left = bill.confirmed_days(day_of(now)), bill.stage_days_left(day_of(now))
            if days is None:
                yield warn("bill", f"{campaign.name}: nobody has confirmed the stage of {bill.number}; see /staff/")
            elif not left:
                yield warn(
                    "bill", f"{campaign.name}: letters name no stage of {bill.number} any more; confirm it again"
                )
            else:
                yield ok("bill", f"{campaign.name}: {bill.number} was confirmed {days} days ago; good for {left} more")


def check_backups(session: Session, settings: Settings, *, now: datetime) -> Check:
    """Check when the last backup was made."""
    made = session.scalar(select(func.max(AuditEntry.at)).where(AuditEntry.act == Act.BACKUP_MADE))
    level = warn if not production.is_public(settings) else fail if made is not None else warn
    if made is None:
        return warn("backup", "none was ever made: see docs/running.md, and systemctl enable advocacy-backup.timer")
    made = made if made.tzinfo else made.replace(tzinfo=UTC)
    if now - made > BACKUP_OLD:
        return level("backup", f"the last one is {_duration(now - made)} old: look at journalctl -u advocacy-backup")
    return ok("backup", f"the last one is {_duration(now - made)} old")


def check_queue(settings: Settings) -> Iterator[Check]:
    """Check that tasks can be queued."""
    try:
        huey = make_huey(settings)
    except (QueueUnavailable, SettingsError) as error:
        yield fail("queue", f"it cannot be opened ({error})")
        return
    try:
        waiting = huey.pending_count()
    except Exception as error:  # Redis, PostgreSQL and SQLite each have their own
        yield fail("queue", f"it does not answer ({type(error).__name__}): start it, or correct ADVOCACY_QUEUE_URL")
    else:
        yield ok("queue", f"it answers; {waiting} tasks wait")
    finally:
        close(huey)


def check_provider(settings: Settings, *, now: Callable[[], datetime]) -> Iterator[Check]:
    """Check that the provider lets the site in; nothing is sent."""
    try:
        provider = make_provider(settings, now=now)
    except SettingsError:
        return  # told of with the settings
    if not isinstance(provider, Smtp | Sendgrid):
        return
    with closing(provider):
        yield from ask_provider(provider)


def ask_provider(provider: Smtp | Sendgrid) -> Iterator[Check]:
    """Ask a provider to let the site in."""
    try:
        provider.check()
    except TryLater as later:
        yield fail("provider", f"{provider.name} does not answer ({later.reason}): check its address, and firewalls")
    except NotAllowed as refused:
        yield fail("provider", f"{provider.name} does not let the site in ({refused.reason}): check user and key")
    else:
        yield ok("provider", f"{provider.name} lets the site in")


def check_dns(settings: Settings, lookup: mail_records.Lookup) -> Iterator[Check]:
    """Check the records by which receivers know the site's mail."""
    if settings.mail_mode is MailMode.FOLDER or not settings.from_email or not production.is_public(settings):
        return
    try:
        for record in mail_records.records(settings, lookup):
            yield ok(record.kind, "is published") if record.is_right else fail(record.kind, record.advice)
    except mail_records.LookupFailed as error:
        yield warn("dns", f"it does not answer ({error}): check /etc/resolv.conf, then run this again")
    except ValueError:
        return  # the server's address is told of with the settings


def check_certificate(settings: Settings, *, now: datetime, ca_file: Path | None = None) -> Iterator[Check]:
    """Check that the site answers under its address with a certificate that browsers take, for a while yet."""
    parts = urlsplit(settings.base_url)
    if parts.scheme != "https" or not parts.hostname:
        return
    trust = ssl.create_default_context(cafile=ca_file)
    try:
        with (
            socket.create_connection((parts.hostname, parts.port or 443), CONNECT_S) as connection,
            trust.wrap_socket(connection, server_hostname=parts.hostname) as secure,
        ):
            certificate = secure.getpeercert() or {}
    except ssl.SSLCertVerificationError as error:
        yield fail("certificate", f"browsers do not take it ({error.verify_message}): certbot certificates, nginx -t")
        return
    except OSError as error:
        yield fail(
            "certificate", f"{settings.base_url} does not answer from here ({error}): check DNS, nginx, firewall"
        )
        return
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
    left = ends - now
    sentence = f"it ends in {_duration(left)}"
    if left < CERTIFICATE_ENDS:
        yield fail("certificate", f"{sentence}: certbot renew, and look at systemctl status certbot.timer")
    elif left < CERTIFICATE_ENDS_SOON:
        yield warn("certificate", f"{sentence}, and should have been renewed: systemctl status certbot.timer")
    else:
        yield ok("certificate", sentence)


def _duration(length: timedelta) -> str:
    if length >= timedelta(days=2):
        return f"{length.days} days"
    if length >= timedelta(hours=2):
        return f"{length // timedelta(hours=1)} hours"
    return f"{max(length // timedelta(minutes=1), 0)} minutes"


def has_failed(checks: Iterable[Check]) -> bool:
    """Whether any check failed."""
    return any(check.level is Level.FAIL for check in checks)
