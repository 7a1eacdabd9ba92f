"""What `advocacy doctor` looks at: what is wrong with the running site, and with everything around the program.

Nothing is changed, nothing is sent, and the database is not brought up to date.
"""

import os
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import dns.exception
import dns.resolver
from sqlalchemy import Engine, inspect, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from advocacy import production
from advocacy.campaigns.open_campaigns import OpenCampaigns
from advocacy.database import make_engine
from advocacy.delivery.provider import NotAllowed, TryLater
from advocacy.dispatch import make_provider
from advocacy.language import day_of
from advocacy.legislators import directory_check
from advocacy.migrations import VERSION_TABLE, newest_revision
from advocacy.providers.sendgrid import Sendgrid
from advocacy.providers.smtp import Server, Smtp
from advocacy.settings import MailMode, Settings, SettingsError
from advocacy.site_problems import SiteProblem, fail, site_problems, warn
from advocacy.task_queue import make_huey

CERTIFICATE_ENDS_SOON = timedelta(days=14)
"""certbot renews a month before the end."""
TIMEOUT_S = 5.0
SPF, DMARC = "v=spf1", "v=DMARC1"
SELECTORS = ("s1", "s2", "default", "dkim", "mail", "selector1", "selector2", "k1", "google", "smtp")
"""Names under which providers publish their DKIM keys; s1 and s2 are SendGrid's."""


def check_site(settings: Settings, *, now: Callable[[], datetime]) -> Iterator[SiteProblem]:
    """Yield every problem, as it is found; what stands in a database that does not answer is left out."""
    yield from check_settings(settings)
    yield from check_database(settings, now=now())
    yield from check_provider(settings, now=now)
    yield from check_mail_records(settings)
    yield from check_certificate(settings, now=now())


def check_settings(settings: Settings) -> Iterator[SiteProblem]:
    """Check what a public site needs, what is allowed but seldom meant, and who can read the files."""
    yield from (fail("settings", lack) for lack in production.lacks(settings))
    if settings.mail_mode is MailMode.FOLDER:
        yield warn("settings", "nothing is sent to anyone: set ADVOCACY_PROVIDER to smtp or sendgrid when you go live")
    if settings.test_recipient:
        yield warn("settings", "every letter goes to ADVOCACY_TEST_RECIPIENT: remove it when you go live")
    if settings.base_url.startswith("https://") and not settings.proxy_hops:
        yield fail("settings", "set ADVOCACY_PROXY_HOPS to 1: behind a proxy all visitors count as one network now")
    if production.is_public(settings) and not settings.backup_recipient:
        yield warn("settings", "set ADVOCACY_BACKUP_RECIPIENT: without a public key no backup can be made")
    database, queue = make_url(settings.database_url), urlsplit(settings.queue_url)
    mail_server = urlsplit(settings.smtp_url.get_secret_value())
    if database.host and not _is_here(database.host) and database.query.get("sslmode") != "verify-full":
        yield warn("settings", "add ?sslmode=verify-full to ADVOCACY_DATABASE_URL: letters cross a network to it")
    if queue.scheme == "redis" and not _is_here(queue.hostname or ""):
        yield warn("settings", "write rediss:// in ADVOCACY_QUEUE_URL: its password crosses a network")
    if "none" in parse_qs(mail_server.query).get("tls", ()) and not _is_here(mail_server.hostname or ""):
        yield warn("settings", "take ?tls=none out of ADVOCACY_SMTP_URL: letters cross a network unencrypted")
    yield from _check_files(settings)


def _is_here(host: str) -> bool:
    return host.startswith("/") or production.is_local(f"x://{host}")


def _check_files(settings: Settings) -> Iterator[SiteProblem]:
    files = [] if production.is_public(settings) else [*production.secret_files(settings)]
    if settings.database_file is not None:
        files.append((settings.database_file, production.GROUP_AND_OTHERS))
    for path in production.readable_by_others(files):
        yield warn("files", f"run chmod 600 {path}: other users of this machine can read it")
    ledger = settings.ledger_folder.absolute()
    if not os.access(next(folder for folder in (ledger, *ledger.parents) if folder.exists()), os.W_OK | os.X_OK):
        yield fail("files", f"let this user write to {ledger}: without the erasure ledger nothing is sent or erased")


def check_database(settings: Settings, *, now: datetime) -> Iterator[SiteProblem]:
    """Check that the database answers with the tables of this version, then what stands in it."""
    file = settings.database_file
    if file is not None and not file.exists():
        yield fail("database", f"{file} does not exist: start the site, or correct ADVOCACY_DATABASE_URL")
        return
    engine = make_engine(settings.database_url)
    try:
        revision, newest = _revision(engine), newest_revision()
        if revision != newest:
            advice = "restart the site, which updates them" if (revision or "") < newest else "install its version"
            yield fail("database", f"its tables are of {revision or 'no version'}, not of {newest}: {advice}")
            return
        with Session(engine) as session:
            campaigns = OpenCampaigns().all(session)
            yield from site_problems(
                session, campaigns, settings.mail_folder, forms_a_day=settings.site_per_day, now=now
            )
            if broken := sum(remark.broken for remark in directory_check.check(session, today=day_of(now))):
                yield fail("directory", f"{broken} things are wrong in the directory: advocacy legislators check")
        yield from check_queue(settings)
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).strip().split("\n")[0]
        yield fail("database", f"it does not answer ({reason}): start it, or correct ADVOCACY_DATABASE_URL")
    finally:
        engine.dispose()


def _revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table(VERSION_TABLE.name):
            return None
        return connection.scalar(select(VERSION_TABLE.c.version_num))


def check_queue(settings: Settings) -> Iterator[SiteProblem]:
    """Check that tasks can be queued."""
    try:
        huey = make_huey(settings)
        huey.pending_count()
        huey.storage.close()
    except SettingsError as error:
        yield fail("queue", f"it cannot be opened ({error})")
    except Exception as error:  # Redis, PostgreSQL and SQLite each have their own
        yield fail("queue", f"it does not answer ({type(error).__name__}): start it, or correct ADVOCACY_QUEUE_URL")


def check_provider(settings: Settings, *, now: Callable[[], datetime]) -> Iterator[SiteProblem]:
    """Check that the provider lets the site in; nothing is sent."""
    try:
        provider = make_provider(settings, now=now)
    except SettingsError:
        return  # told of with the settings
    if not isinstance(provider, Smtp | Sendgrid):
        return
    with closing(provider):
        yield from ask_provider(provider)


def ask_provider(provider: Smtp | Sendgrid) -> Iterator[SiteProblem]:
    """Ask a provider to let the site in."""
    try:
        provider.check()
    except TryLater as later:
        yield fail("provider", f"{provider.name} does not answer ({later.reason}): check its address, and firewalls")
    except NotAllowed as refused:
        yield fail("provider", f"{provider.name} does not let the site in ({refused.reason}): check user and key")


def check_mail_records(settings: Settings) -> Iterator[SiteProblem]:
    """Check the records by which receivers know the mail of a public site; the advice is what to publish."""
    if not production.sends_to_public(settings) or not settings.from_email:
        return
    try:
        yield from _mail_record_problems(settings)
    except (dns.exception.DNSException, OSError) as error:
        yield warn("dns", f"it does not answer ({type(error).__name__}): check /etc/resolv.conf, then run this again")
    except ValueError:
        return  # the server's address is told of with the settings


def _mail_record_problems(settings: Settings) -> Iterator[SiteProblem]:
    domain = settings.from_email.partition("@")[2]
    published = [text for text in txt_records(domain) if text.lower().startswith(SPF)]
    allowed = _spf_mechanism(settings, domain)
    if len(published) != 1 or allowed.partition(":")[2] not in published[0]:
        several = "; there are several now, and receivers take none of them" if len(published) > 1 else ""
        record = f"{SPF} {allowed or 'include:YOUR-PROVIDER'} ~all"
        yield fail("spf", f'publish one TXT record at {domain}: "{record}"{several}')
    if not any("p=" in text for name in SELECTORS for text in txt_records(f"{name}._domainkey.{domain}")):
        yield fail(
            "dkim",
            f"publish the records that your provider shows under domain authentication, as s1._domainkey.{domain}; no "
            f"key was found under the usual names ({', '.join(SELECTORS[:4])} …), so look whether yours has another",
        )
    if sum(text.startswith(DMARC) for text in txt_records(f"_dmarc.{domain}")) != 1:
        contact = settings.security_contact
        address = contact if contact.startswith("mailto:") else f"mailto:dmarc@{domain}"
        yield fail("dmarc", f'publish one TXT record at _dmarc.{domain}: "{DMARC}; p=quarantine; rua={address}"')


def txt_records(name: str) -> Sequence[str]:
    """Ask DNS for the TXT records of a name."""
    try:
        answer = dns.resolver.resolve(name, "TXT", lifetime=TIMEOUT_S)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return ()
    return [b"".join(record.strings).decode(errors="replace") for record in answer]


def _spf_mechanism(settings: Settings, domain: str) -> str:
    """Return what allows the provider to send, in SPF; "" where it cannot be told from the settings."""
    if settings.provider == "sendgrid":
        return "include:sendgrid.net"
    host = Server.read(settings.smtp_url.get_secret_value()).host
    # The server that takes the mail may hand it on: only one of the same domain is known to send by itself.
    return f"a:{host}" if host.endswith(domain) else ""


def check_certificate(settings: Settings, *, now: datetime, ca_file: Path | None = None) -> Iterator[SiteProblem]:
    """Check that the site answers under its address with a certificate that browsers take, for a while yet."""
    parts = urlsplit(settings.base_url)
    if parts.scheme != "https" or not parts.hostname:
        return
    trust = ssl.create_default_context(cafile=ca_file)
    try:
        with (
            socket.create_connection((parts.hostname, parts.port or 443), TIMEOUT_S) as connection,
            trust.wrap_socket(connection, server_hostname=parts.hostname) as secure,
        ):
            certificate = secure.getpeercert() or {}
    except ssl.SSLCertVerificationError as error:
        yield fail("certificate", f"browsers do not take it ({error.verify_message}): certbot certificates, nginx -t")
    except OSError as error:
        yield fail(
            "certificate", f"{settings.base_url} does not answer from here ({error}): check DNS, nginx, firewall"
        )
    else:
        ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
        if ends - now < CERTIFICATE_ENDS_SOON:
            yield fail("certificate", f"it ends on {ends:%Y-%m-%d}: certbot renew, systemctl status certbot.timer")
