"""The parts of a running site, joined once: the only module that sees them all."""

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
from advocacy.legislators.seed import seed
from advocacy.migrations import migrate
from advocacy.settings import Settings
from advocacy.web.assets import Assets
from advocacy.web.errors import log_failure, tell_errors
from advocacy.web.health import health
from advocacy.web.keys import signing_key
from advocacy.web.locale import speak_languages
from advocacy.web.logs import log_requests
from advocacy.web.packing import pack_pages
from advocacy.web.page import furnish
from advocacy.web.public import public
from advocacy.web.security import secure
from advocacy.web.services import NAME, Services

Failure: TypeAlias = tuple[type, BaseException, TracebackType] | tuple[None, None, None]

PACKAGE = Path(__file__).parent


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

    Raises SettingsError where the site has no key to sign forms with and cannot keep one.
    """
    app = Site("advocacy", static_folder=None, template_folder=str(shipped_folder("templates")))
    app.jinja_options = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    services = app.extensions[NAME] = Services(parts.settings, parts.sessions, now)
    for notice in parts.notices:
        app.logger.warning("%s", notice)
    log_requests(app)
    pack_pages(app)  # answers pass through these in the opposite order: packed last, then logged
    speak_languages(app)
    secure(app, key=signing_key(parts.settings), proxy_hops=parts.settings.proxy_hops)
    tell_errors(app)
    furnish(app)
    app.register_blueprint(health(parts.engine))
    app.register_blueprint(public(services))
    _serve_assets(app)
    return app


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


def shipped_folder(name: str = "letters") -> Path:
    """Give the folder the shipped campaigns, or the pages' `templates`, are in."""
    inside = PACKAGE / "_shipped" / name
    return inside if inside.is_dir() else PACKAGE.parent / name


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
