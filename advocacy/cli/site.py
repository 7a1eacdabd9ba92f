"""The site a command works on, opened when it is first needed: `--help` and wrong use touch no database."""

import logging
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import cached_property
from time import sleep
from typing import TYPE_CHECKING

import click
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from advocacy.database import KEYS_IN_SESSION
from advocacy.language import SOURCE
from advocacy.logs import logs_json, start_logging, start_service_logging
from advocacy.migrations import NewerDatabase
from advocacy.runtime import Runtime, open_runtime
from advocacy.settings import Settings, SettingsError

if TYPE_CHECKING:
    from advocacy.encryption import Keys

log = logging.getLogger(__name__)

DATABASE = "ADVOCACY_DATABASE_URL (docs/settings.md)"
OPERATOR_INTERVENTION = "57P"
"""How PostgreSQL's codes begin where its server is stopped, or an administrator ends a connection."""
OPERATOR_LANGUAGE = SOURCE
"""Operators read English on the command line."""
MAX_TRIES, RETRY_AFTER_S = 5, 1.0
"""How often a database is opened that ends the connection meanwhile, as a server that restarts does."""


class Site:
    """The runtime of the site, opened once; `now` is the clock, which nothing below the command line reads."""

    def __init__(self, stack: ExitStack, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._stack = stack
        self._logs_json = False
        self.now = now

    @cached_property
    def settings(self) -> Settings:
        """Read the settings; a wrong one is wrong use."""
        try:
            return Settings.from_environment()
        except SettingsError as error:
            raise WrongUse(str(error)) from None

    @cached_property
    def runtime(self) -> Runtime:
        """Open, migrate and seed; what the operator should know goes to stderr."""
        start_logging(self.settings.log_level)
        try:
            runtime = self._open()
        except NewerDatabase:
            problem = f"a newer version of advocacy has used this database; install it, or set {DATABASE} to another"
            raise click.ClickException(problem) from None
        except (SQLAlchemyError, OSError) as error:
            advice = "try again" if _is_connection_ended(error) else f"correct {DATABASE}"
            raise click.ClickException(f"the database cannot be opened ({reason(error)}); {advice}") from None
        for notice in runtime.notices:
            self.tell(notice)
        return runtime

    def start_service_logging(self) -> None:
        """Log as a process that runs for long; to be called before the runtime is opened."""
        self._logs_json = logs_json(self.settings.log_format)
        start_service_logging(self.settings.log_level, self.settings.log_format)

    def tell(self, sentence: str) -> None:
        """Write a sentence for the operator on stderr: as a line of the log where programs read it."""
        if self._logs_json:
            log.warning("%s", sentence)
        else:
            click.echo(sentence, err=True)

    def _open(self) -> Runtime:
        for _ in range(MAX_TRIES - 1):
            try:
                return self._stack.enter_context(open_runtime(self.settings, now=self.now()))
            except DBAPIError as error:
                if not _is_connection_ended(error):
                    raise
                sleep(RETRY_AFTER_S)
        return self._stack.enter_context(open_runtime(self.settings, now=self.now()))

    @cached_property
    def keys(self) -> "Keys":
        """Read the keys of personal data; wrong ones are wrong use."""
        from advocacy.letters.encrypted_columns import load_keys

        try:
            return load_keys(self.settings, self.sessions)
        except SettingsError as error:
            raise WrongUse(str(error)) from None

    @cached_property
    def sessions(self) -> sessionmaker[Session]:
        """Return the factory of transactions, which read the keys as `keys` does."""
        sessions = self.runtime.sessions
        sessions.configure(info={**sessions.kw["info"], KEYS_IN_SESSION: lambda: self.keys})
        return sessions


class WrongUse(click.ClickException):
    """What was asked cannot be done as it was asked; the sentence says how to ask. Exit code 2."""

    exit_code = 2


def _is_connection_ended(error: Exception) -> bool:
    """Whether the database ended a connection that it had let in, as PostgreSQL says too while it is being opened."""
    if not isinstance(error, DBAPIError):
        return False
    state = getattr(error.orig, "sqlstate", None) or ""
    return error.connection_invalidated or state.startswith(OPERATOR_INTERVENTION)


def reason(error: Exception) -> str:
    """Return the database's own words for what went wrong, in one line."""
    return str(getattr(error, "orig", error)).strip().split("\n")[0]


def format_moment(at: datetime) -> str:
    """Return a moment as lists show it."""
    return f"{at:%Y-%m-%d %H:%M} UTC"
