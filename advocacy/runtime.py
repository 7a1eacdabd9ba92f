"""What every command, page and task works with: settings, the database brought up to date, and the clock."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, partial
from typing import TYPE_CHECKING

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from advocacy import shipped_folder
from advocacy.campaigns.campaign_folder import CampaignFolder, digest, read_folders
from advocacy.campaigns.library import import_shipped
from advocacy.database import (
    KEYS_IN_SESSION,
    LEDGER_IN_SESSION,
    MAIL_IN_SESSION,
    create_private_file,
    make_engine,
    make_sessions,
)
from advocacy.legislators.seed import seed
from advocacy.migrations import migrate
from advocacy.settings import Settings

if TYPE_CHECKING:
    from advocacy.encryption import Keys


@dataclass(frozen=True, slots=True)
class Runtime:
    """What every command and page works with."""

    settings: Settings
    engine: Engine
    sessions: sessionmaker[Session]
    notices: tuple[str, ...] = ()
    """What the operator should know from this start, in sentences."""
    closing: ExitStack = field(default_factory=ExitStack)
    """What is closed with the database: whoever opens something more adds it here."""


@contextmanager
def open_runtime(settings: Settings, *, now: datetime) -> Iterator[Runtime]:
    """Open the database, bring it up to date, seed what is missing; close it at the end."""
    if settings.database_file is not None:
        create_private_file(settings.database_file)
    engine = make_engine(settings.database_url)
    with ExitStack() as closing:
        closing.callback(engine.dispose)
        migrate(engine)
        sessions = make_sessions(engine)
        keys = cache(partial(_keys, settings, sessions))
        folders = {LEDGER_IN_SESSION: settings.ledger_folder, MAIL_IN_SESSION: settings.mail_folder}
        sessions.configure(info={KEYS_IN_SESSION: keys, **folders})
        try:
            notices = _import_shipped(sessions, now)
        except IntegrityError:  # another process imported it at the same moment
            notices = _import_shipped(sessions, now)
        yield Runtime(settings, engine, sessions, notices, closing)


def _keys(settings: Settings, sessions: sessionmaker[Session]) -> "Keys":
    """Return the site's keys; what reads them is imported with the first: most commands need none."""
    from advocacy.letters.encrypted_columns import load_keys  # noqa: PLC0415

    return load_keys(settings, sessions)


def utc_now() -> datetime:
    """Return the time now: the one clock of a site."""
    return datetime.now(UTC)


def shipped_letters() -> Sequence[CampaignFolder]:
    """Read the campaigns that come with the software: inside the wheel, or beside the package in a checkout."""
    return read_folders(shipped_folder())


def shipped_digests() -> frozenset[str]:
    return frozenset(digest(files) for folder in shipped_letters() for files in folder.documents().values())


def _import_shipped(sessions: sessionmaker[Session], now: datetime) -> tuple[str, ...]:
    """Import what ships with the software; return what the operator should know of it, in sentences."""
    with sessions.begin() as session:
        warnings = import_shipped(session, shipped_letters(), now=now)
        seeded = seed(session, now=now)
    where = [f"the files that ship with this version are in {shipped_folder()}"] if warnings else []
    return (*map(str, warnings), *where, *seeded.older)
