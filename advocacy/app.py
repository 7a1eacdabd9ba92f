"""The parts of a running site, joined once: the only module that sees them all."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session, sessionmaker

from advocacy.campaigns.folder import CampaignFolder, read_folders
from advocacy.campaigns.library import Kept, take_shipped
from advocacy.database import make_engine, make_sessions
from advocacy.legislators.seed import Seeding, seed
from advocacy.migrations import migrate
from advocacy.settings import Settings
from advocacy.web.health import health

PACKAGE = Path(__file__).parent
NEWER_LISTS = (
    "the shipped lists of legislators are newer than this version's, but this site keeps lists of its own; "
    "“advocacy legislators check” tells how old they are"
)


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
        with sessions.begin() as session:
            kept = take_shipped(session, shipped_letters(), now=now)
            seeding = seed(session, now=now)
        yield Parts(settings, engine, sessions, _notices(kept, seeding))
    finally:
        engine.dispose()


def create_app(parts: Parts) -> Flask:
    """Make the web application over these parts."""
    app = Flask("advocacy", static_folder=None)
    app.extensions["advocacy"] = parts
    app.register_blueprint(health(parts.engine))
    return app


def shipped_letters() -> Sequence[CampaignFolder]:
    """Read the campaigns that come with the software: inside the wheel, or beside the package in a checkout."""
    return read_folders(shipped_folder())


def shipped_folder() -> Path:
    """Give the folder the shipped campaigns are in."""
    inside = PACKAGE / "_shipped" / "letters"
    return inside if inside.is_dir() else PACKAGE.parent / "letters"


def _make_folder(url: str) -> None:
    """Make the folder of an SQLite file; SQLite makes the file but not its folder."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)


def _notices(kept: Sequence[Kept], seeding: Seeding) -> tuple[str, ...]:
    return (*map(str, kept), *([NEWER_LISTS] if seeding is Seeding.LEFT_ALONE else []))
