"""The settings of a site: frozen, read from the environment here alone; a wrong value is answered with advice."""

import os
import re
from collections.abc import Mapping
from difflib import get_close_matches
from enum import Enum, auto
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

PREFIX = "ADVOCACY_"
TEST_VARIABLES = frozenset(
    {f"ADVOCACY_TEST_{name}" for name in ("STRICT", "POSTGRES_URL", "APPROVE", "CHROMIUM", "VNU")}
)
WHERE = "docs/settings.md"
ENV_FILE = Path(".env")
"""Settings, in the folder where a command is started."""

DRIVERS = {
    "sqlite": "sqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}


SECRET_LENGTH = 32
HOW_TO_MAKE_A_KEY = "python3 -c 'import secrets; print(secrets.token_urlsafe(48))' prints one"
ORIGIN = re.compile(r"https?://(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:]+\])(?::\d{1,5})?/?", re.IGNORECASE)
ADDRESS = re.compile(r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+\.[^@\s<>,;:\".]+")
CONTACT = re.compile(r"(?:https://|mailto:|tel:)[!-~]+")
"""What RFC 9116 allows a contact to be: one line without spaces."""
RESERVED_TOP_LEVELS = frozenset({"example", "internal", "invalid", "local", "localhost", "test"})
"""Which nobody can register (RFC 2606, RFC 6762, and ICANN for `internal`)."""
RECIPIENT_PER_HOUR = 60
"""Letters that reach one office in an hour at most, where no setting says otherwise."""
RECIPIENT_PER_DAY = 24 * RECIPIENT_PER_HOUR
"""Letters to one office that need no look by staff: what leaves at that pace in a day."""


class SettingsError(ValueError):
    """A setting that cannot be used; its text is one sentence that says what to do."""


class MailMode(Enum):
    """Where mail goes: to whom it is for, to one test address, or into a folder."""

    SEND = auto()
    TEST_RECIPIENT = auto()
    FOLDER = auto()


class Settings(BaseModel):
    """Every setting of a site, each named `ADVOCACY_` and its own name in capitals; see docs/settings.md."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    database_url: str = "sqlite:///var/advocacy.sqlite3"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["auto", "json", "text"] = "auto"
    secret_key: SecretStr = SecretStr("")
    base_url: str = "http://localhost:8000"
    proxy_hops: Annotated[int, Field(ge=0, le=9)] = 0
    test_recipient: str = ""
    queue_url: str = ""
    data_keys: SecretStr = SecretStr("")
    metrics_token: SecretStr = SecretStr("")
    provider: Literal["folder", "smtp", "sendgrid"] = "folder"
    from_email: str = ""
    from_name: str = ""
    smtp_url: SecretStr = SecretStr("")
    sendgrid_api_key: SecretStr = SecretStr("")
    sendgrid_api_url: str = "https://api.sendgrid.com"
    sendgrid_webhook_public_key: str = ""
    retention_days: Annotated[int, Field(ge=1, le=365)] = 30
    unconfirmed_hours: Annotated[int, Field(ge=1, le=168)] = 48
    recipient_per_hour: Annotated[int, Field(ge=1, le=3600)] = RECIPIENT_PER_HOUR
    recipient_per_day: Annotated[int, Field(ge=1, le=100_000)] = RECIPIENT_PER_DAY
    kept_text_percent: Annotated[int, Field(ge=0, le=100)] = 40
    alike_per_day: Annotated[int, Field(ge=0, le=10_000)] = 10
    network_per_day: Annotated[int, Field(ge=1, le=100_000)] = 50
    site_per_day: Annotated[int, Field(ge=1, le=10_000_000)] = 20_000
    network_points_per_minute: Annotated[int, Field(ge=0, le=1_000_000)] = 800
    abuse_contact: str = ""
    calm_per_ten_minutes: Annotated[int, Field(ge=1, le=1_000_000)] = 30
    security_contact: str = ""
    erasure_ledger: str = ""
    backup_recipient: str = ""
    backup_days: Annotated[int, Field(ge=1, le=365)] = 30

    @field_validator("database_url")
    @classmethod
    def _name_the_driver(cls, value: str) -> str:
        scheme, colon, rest = value.partition("://")
        if scheme not in DRIVERS or not colon:
            raise ValueError("begin it with sqlite:/// or postgresql://")
        url = f"{DRIVERS[scheme]}://{rest}"
        try:
            parsed = make_url(url)
        except (ArgumentError, ValueError):
            # The value may hold a password, so it is never repeated.
            raise ValueError("write it as postgresql://user:password@host:5432/name") from None
        in_memory = parsed.query.get("mode") == "memory" or ":memory:" in (parsed.database or "")
        if parsed.drivername == "sqlite" and (in_memory or parsed.host or not parsed.database):
            raise ValueError(
                "name a file that lasts, as sqlite:///var/advocacy.sqlite3 or sqlite:////srv/advocacy.sqlite3"
            )
        return url

    @property
    def database_file(self) -> Path | None:
        """The file of an SQLite database; None for PostgreSQL."""
        parsed = make_url(self.database_url)
        return Path(str(parsed.database)) if parsed.get_backend_name() == "sqlite" else None

    @property
    def ledger_folder(self) -> Path:
        """The folder of the erasure ledger, which no backup of the database takes along."""
        if self.erasure_ledger:
            return Path(self.erasure_ledger)
        file = self.database_file
        return file.with_name("erasures") if file else Path("var") / "erasures"

    @property
    def mail_folder(self) -> Path:
        """The folder that mail is written to when it goes nowhere."""
        file = self.database_file
        return file.with_name("outgoing") if file else Path("var") / "outgoing"

    @property
    def mail_mode(self) -> MailMode:
        """Where the site's mail goes."""
        if self.provider == "folder":
            return MailMode.FOLDER
        return MailMode.TEST_RECIPIENT if self.test_recipient else MailMode.SEND

    @property
    def public_base_url(self) -> str:
        """The site's address where everybody can open it, "" for a site that is tried out on a machine or a network."""
        parts = urlsplit(self.base_url)
        return self.base_url if parts.scheme == "https" and _is_public(parts.hostname or "") else ""

    @property
    def shown_name(self) -> str:
        """What the site calls itself to its staff: the name in its mail, else its host's."""
        return self.from_name or urlsplit(self.base_url).hostname or self.base_url

    @field_validator("secret_key", "metrics_token")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if len(value.get_secret_value()) < SECRET_LENGTH:
            raise ValueError(f"make it at least {SECRET_LENGTH} characters that nobody can guess; {HOW_TO_MAKE_A_KEY}")
        return value

    @field_validator("base_url")
    @classmethod
    def _is_an_origin(cls, value: str) -> str:
        if not ORIGIN.fullmatch(value):
            raise ValueError("write it as https://letters.example.ca, without a path")
        return value.rstrip("/").lower()

    @field_validator("test_recipient", "from_email")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        if not ADDRESS.fullmatch(value):
            raise ValueError("enter one e-mail address, like someone@example.ca")
        return value

    @field_validator("security_contact")
    @classmethod
    def _is_a_contact(cls, value: str) -> str:
        if ADDRESS.fullmatch(value):
            return f"mailto:{value}"
        if not CONTACT.fullmatch(value):
            raise ValueError("enter an e-mail address, or the address of a page that begins with https://")
        return value

    @field_validator("abuse_contact")
    @classmethod
    def _is_a_mailbox_or_page(cls, value: str) -> str:
        if not ADDRESS.fullmatch(value) and not (CONTACT.fullmatch(value) and value.startswith("https://")):
            raise ValueError("enter an e-mail address, or the address of a page that begins with https://")
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def _in_capitals(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @classmethod
    def from_environment(cls, env_file: Path = ENV_FILE) -> Self:
        """Read the process's environment over the lines of `env_file`, where there is one.

        Raises SettingsError.
        """
        try:
            # No interpolation: a `$` in a password stays a `$`.
            lines = dotenv_values(env_file, interpolate=False, encoding="utf-8")
        except UnicodeDecodeError:
            raise SettingsError(f"save {env_file} as UTF-8 text; {WHERE}") from None
        return cls.from_mapping({**{name: value for name, value in lines.items() if value}, **os.environ})

    @classmethod
    def from_mapping(cls, variables: Mapping[str, str]) -> Self:
        """Read the settings among `variables`, which are named as in the environment; empty ones count as unset.

        Raises SettingsError for a value that cannot be used and for an unknown `ADVOCACY_` name.
        """
        fields = {}
        for name, value in variables.items():
            if not value or not name.startswith(PREFIX) or name in TEST_VARIABLES:
                continue
            if name not in variable_names():
                nearest = get_close_matches(name, variable_names(), n=1, cutoff=0)[0]
                advice = f"rename or remove {name}: there is no such setting, the nearest is {nearest}"
                raise SettingsError(f"{advice}; {WHERE}")
            fields[name.removeprefix(PREFIX).lower()] = value
        try:
            return cls.model_validate(fields)
        except ValidationError as error:
            wrong = error.errors()[0]
            name = PREFIX + str(wrong["loc"][0]).upper()
            reason = wrong.get("ctx", {}).get("error") or wrong["msg"].replace("Input should be", "it should be")
            raise SettingsError(f"set {name}: {reason}; {WHERE}") from None


def _is_public(host: str) -> bool:
    """Whether a host's name can be found by everybody."""
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host and host.rpartition(".")[2] not in RESERVED_TOP_LEVELS


def variable_names() -> tuple[str, ...]:
    """Return the environment's name for every setting."""
    return tuple(PREFIX + field.upper() for field in Settings.model_fields)
