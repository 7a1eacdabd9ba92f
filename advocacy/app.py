"""The parts of a running site, joined once: the only module that sees them all."""

import logging
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TypeAlias

from flask import Flask
from jinja2 import StrictUndefined
from sqlalchemy import Engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from advocacy.campaigns.folder import CampaignFolder, digest, read_folders
from advocacy.campaigns.library import take_shipped
from advocacy.campaigns.opened import OpenCampaigns
from advocacy.database import make_engine, make_sessions
from advocacy.delivery.wake import Waker
from advocacy.delivery.worker import Worker
from advocacy.dispatch import keep_no_longer, make_events, make_kinds, make_provider, outgoing, refuse_unready, teller
from advocacy.legislators.seed import seed
from advocacy.letters.lost_keys import keys_of
from advocacy.migrations import migrate
from advocacy.sealing import Keys
from advocacy.settings import Settings
from advocacy.shipped import shipped_folder
from advocacy.web.assets import Assets
from advocacy.web.errors import log_failure, tell_errors
from advocacy.web.health import health
from advocacy.web.hooks import hooks
from advocacy.web.keys import signing_key
from advocacy.web.locale import speak_languages
from advocacy.web.logs import log_requests
from advocacy.web.metrics import metrics
from advocacy.web.packing import pack_pages
from advocacy.web.page import furnish
from advocacy.web.public import public
from advocacy.web.security import secure
from advocacy.web.services import NAME, Services
from advocacy.web.staff import staff_pages

Failure: TypeAlias = tuple[type, BaseException, TracebackType] | tuple[None, None, None]


@dataclass(frozen=True, slots=True)
class Parts:
    """What every command and page works with."""

    settings: Settings
    engine: Engine
    sessions: sessionmaker[Session]
    notices: tuple[str, ...] = ()
    """What the operator should know from this start, in sentences."""


@contextmanager
def open_parts(settings: Settings, *, now: datetime) -> Iterator[Parts]:
    """Open the database, bring it up to date, seed what is missing; close it at the end."""
    _make_folder(settings.database_url)
    engine = make_engine(settings.database_url)
    try:
        migrate(engine)
        sessions = make_sessions(engine)
        try:
            notices = _fill(sessions, now)
        except IntegrityError:  # another process filled it at the same moment
            notices = _fill(sessions, now)
        yield Parts(settings, engine, sessions, notices)
    finally:
        engine.dispose()


log = logging.getLogger(__name__)


class Site(Flask):
    """The web application."""

    def log_exception(self, exc_info: Failure) -> None:
        """Log a failure without what a person typed, which its message or the address may hold."""
        if exc_info[1] is not None:
            log_failure(exc_info[1])


def utc_now() -> datetime:
    """Read the clock: the one place where the pages' time comes from."""
    return datetime.now(UTC)


def create_app(parts: Parts, *, now: Callable[[], datetime] = utc_now) -> Flask:
    """Make the web application over these parts; what the operator should know is logged.

    Raises SettingsError where the site has no key to sign forms with and cannot keep one, has lost its data keys, or
    is to send without all it needs for that.
    """
    signs, keys = signing_key(parts.settings), keys_of(parts.settings, parts.sessions)
    refuse_unready(parts.settings, parts.sessions)
    app = Site("advocacy", static_folder=None, template_folder=str(shipped_folder("templates")))
    app.jinja_options = {**app.jinja_options, "undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    services = app.extensions[NAME] = _services(parts, keys, now)
    for notice in parts.notices:
        app.logger.warning("%s", notice)
    log_requests(app)
    pack_pages(app)  # answers pass through these in the opposite order: packed last, then logged
    speak_languages(app)
    secure(app, key=signs, proxy_hops=parts.settings.proxy_hops)
    tell_errors(app)
    furnish(app)
    app.register_blueprint(health(parts.engine, now))
    app.register_blueprint(metrics(services))
    app.register_blueprint(public(services))
    app.register_blueprint(hooks(services))
    app.register_blueprint(staff_pages())
    _serve_assets(app)
    return app


def make_worker(parts: Parts, *, now: Callable[[], datetime] = utc_now) -> Worker:
    """Make what delivers, by the provider that is set; raise SettingsError where something it needs is missing."""
    settings = parts.settings
    refuse_unready(parts.settings, parts.sessions)

    def chore() -> None:
        keep_no_longer(parts.engine, parts.sessions, settings, now=now())

    return Worker(
        parts.sessions,
        make_provider(settings, now=now),
        make_kinds(settings, keys_of(settings, parts.sessions), now=now),
        now=now,
        chance=random.SystemRandom().random,
        on_alert=log.error,
        per_hour=settings.recipient_per_hour,
        chores=(chore,),
    )


def contacts_to_set(parts: Parts) -> tuple[str, ...]:
    """Tell, in sentences, which campaigns do not say yet who answers for them: their pages can name nobody."""
    with parts.sessions() as session:
        campaigns = OpenCampaigns().all(session)
    return tuple(
        f"{campaign.name}: {what} is not set; write it into the campaign's campaign.toml, the privacy page names it"
        for campaign in campaigns
        for what, given in (
            ("the organiser", campaign.file.organiser),
            ("the privacy contact", campaign.file.privacy_contact),
        )
        if not given
    )


def shipped_letters() -> Sequence[CampaignFolder]:
    """Read the campaigns that come with the software: inside the wheel, or beside the package in a checkout."""
    return read_folders(shipped_folder())


def shipped_digests() -> frozenset[str]:
    """Give the digests by which the shipped documents are known again."""
    return frozenset(digest(files) for folder in shipped_letters() for files in folder.documents().values())


def _services(parts: Parts, keys: Keys, now: Callable[[], datetime]) -> Services:
    settings = parts.settings
    waker = Waker.of(settings.queue_url, settings.database_file)
    return Services(
        settings,
        parts.sessions,
        now,
        keys=keys,
        ring=waker.ring,
        outgoing=outgoing(settings),
        events_source=make_events(settings),
        told=teller(make_kinds(settings, keys, now=now)),
    )


def _serve_assets(app: Flask) -> None:
    assets = Assets(app.wsgi_app)
    app.wsgi_app = assets  # type: ignore[method-assign]
    app.jinja_env.globals["asset"] = assets.address


def _make_folder(url: str) -> None:
    """Make the folder of an SQLite file; SQLite makes the file but not its folder."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)


def _fill(sessions: sessionmaker[Session], now: datetime) -> tuple[str, ...]:
    """Take in what ships with the software; give what the operator should know of it, in sentences."""
    with sessions.begin() as session:
        kept = take_shipped(session, shipped_letters(), now=now)
        seeded = seed(session, now=now)
    where = [f"the files that ship with this version are in {shipped_folder()}"] if kept else []
    return (*map(str, kept), *where, *map(str, seeded.older))
