"""What a public site may not start without: every lack is named at once, one sentence each, with what to do."""

import ipaddress
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from stat import S_IMODE
from urllib.parse import urlsplit

from advocacy.encryption import Keys, KeysUnreadable
from advocacy.providers.sendgrid_events import SendgridEvents
from advocacy.providers.smtp import HOW_TO_WRITE_IT, Server
from advocacy.secret_keys import DATA_KEYS_FILE, HOW_TO_MAKE_A_DATA_KEY, SIGNING_KEY_FILE
from advocacy.settings import ENV_FILE, HOW_TO_MAKE_A_KEY, PREFIX, WHERE, MailMode, Settings, SettingsError

MIN_DISTINCT = 10
"""Different characters of a secret: of 32 hexadecimal digits that a machine made, one in 9,000 has fewer."""
MIN_DISTINCT_BYTES = 8
PLACEHOLDERS = ("change", "secret", "password", "example", "placeholder", "abcdef", "12345", "qwerty")
"""By which examples in manuals and templates of settings, and what fingers type, can be told."""
OTHERS, GROUP_AND_OTHERS = 0o007, 0o077
"""Bits of a file's mode. Settings may be read by the group of the service; keys by their owner alone."""


def require_ready(settings: Settings, debug: bool = False) -> None:
    """Raise SettingsError, which names each lack in a line of its own, where a site is not ready to start.

    A site that only writes mail to a folder, at an address of this machine, needs nothing. A campaign that does not say
    who answers for it stops no other: its own letters wait (`letters/mails.py`).
    """
    if sentences := list(lacks(settings, debug)):
        raise SettingsError("\n".join(sentences))


def lacks(settings: Settings, debug: bool = False) -> Iterator[str]:
    """Yield, in a sentence each, what keeps a site from starting."""
    if settings.mail_mode is not MailMode.FOLDER:
        yield from _sending_lacks(settings)
    if is_public(settings):
        yield from _public_lacks(settings, debug)


def is_public(settings: Settings) -> bool:
    """Whether citizens can reach the site, or its mail leaves this machine."""
    if not is_local(settings.base_url):
        return settings.base_url.startswith("https://") or settings.mail_mode is not MailMode.FOLDER
    return settings.mail_mode is not MailMode.FOLDER and not is_local(mail_server(settings))


def sends_to_public(settings: Settings) -> bool:
    """Whether mail leaves, and not only for a trial on this machine."""
    return settings.mail_mode is not MailMode.FOLDER and is_public(settings)


def mail_server(settings: Settings) -> str:
    """Return the address of the server that takes the mail."""
    return settings.smtp_url.get_secret_value() if settings.provider == "smtp" else settings.sendgrid_api_url


def is_local(url: str) -> bool:
    """Whether an address is one of this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _sending_lacks(settings: Settings) -> Iterator[str]:
    needed = {"from_email": "letters go out in its name"}
    if settings.provider == "smtp":
        needed["smtp_url"] = "the server that takes the mail"
    else:
        needed["sendgrid_api_key"] = "the key that SendGrid gives out"
        needed["sendgrid_webhook_public_key"] = "with it, delivery reports are known to be SendGrid’s"
    for name, why in needed.items():
        if not getattr(settings, name):
            yield f"set ADVOCACY_{name.upper()}: {why}; {WHERE}"
    if settings.base_url.startswith("http://") and not (
        is_local(settings.base_url) and is_local(mail_server(settings))
    ):
        yield f"set ADVOCACY_BASE_URL: confirmation links must begin with https://; {WHERE}"


def _public_lacks(settings: Settings, debug: bool) -> Iterator[str]:
    yield from _secret_lacks(settings)
    yield from _provider_lacks(settings)
    for path in readable_by_others(secret_files(settings)):
        allowed = "640" if path == ENV_FILE else "600"
        yield f"run chmod {allowed} {path}: other users of this machine can read its secrets"
    if debug:
        yield "unset FLASK_DEBUG: a debugger shows what citizens typed and runs what anybody types"
    if settings.log_level == "DEBUG":
        yield f"set ADVOCACY_LOG_LEVEL to INFO: at DEBUG, libraries may log what passes through them; {WHERE}"


def secret_files(settings: Settings) -> Sequence[tuple[Path, int]]:
    """Return the files that may hold secrets, each with the bits that its mode must not have."""
    database = settings.database_file
    keys = [] if database is None else [database.with_name(name) for name in (SIGNING_KEY_FILE, DATA_KEYS_FILE)]
    return [*((path, GROUP_AND_OTHERS) for path in keys), (ENV_FILE, OTHERS)]


def readable_by_others(files: Iterable[tuple[Path, int]]) -> Iterator[Path]:
    """Yield the files whose mode has bits that it must not have."""
    return (path for path, bits in files if path.exists() and S_IMODE(path.stat().st_mode) & bits)


def is_guessable(secret: str) -> bool:
    """Whether a secret looks typed by hand, repeated or taken from an example; "" does not, as it is not set."""
    has_few = len(set(secret)) < MIN_DISTINCT
    return bool(secret) and (has_few or any(word in secret.lower() for word in PLACEHOLDERS))


def _secret_lacks(settings: Settings) -> Iterator[str]:
    has_file = settings.database_file is not None
    data_keys = settings.data_keys.get_secret_value()
    if not settings.secret_key.get_secret_value() and not has_file:
        yield f"set ADVOCACY_SECRET_KEY: {HOW_TO_MAKE_A_KEY}; {WHERE}"
    if not data_keys and not has_file:
        yield f"set ADVOCACY_DATA_KEYS: {HOW_TO_MAKE_A_DATA_KEY}; {WHERE}"
    for name in ("secret_key", "metrics_token"):
        if is_guessable(getattr(settings, name).get_secret_value()):
            yield f"set another {PREFIX}{name.upper()}: this one can be guessed; {HOW_TO_MAKE_A_KEY}; {WHERE}"
    if data_keys:
        try:
            keys = Keys.read(data_keys).newest_first
        except KeysUnreadable as error:
            yield f"fix ADVOCACY_DATA_KEYS: {error}; {WHERE}"
            return
        if any(len(set(key)) < MIN_DISTINCT_BYTES for key in keys):
            yield f"set other ADVOCACY_DATA_KEYS: one of these can be guessed; {HOW_TO_MAKE_A_DATA_KEY}; {WHERE}"


def _provider_lacks(settings: Settings) -> Iterator[str]:
    if settings.provider == "smtp" and (url := settings.smtp_url.get_secret_value()):
        try:
            Server.read(url)
        except ValueError:
            yield f"fix ADVOCACY_SMTP_URL: write it as {HOW_TO_WRITE_IT}; {WHERE}"
    if settings.provider == "sendgrid" and settings.sendgrid_webhook_public_key:
        try:
            SendgridEvents(settings.sendgrid_webhook_public_key)
        except ValueError as wrong:
            yield f"set ADVOCACY_SENDGRID_WEBHOOK_PUBLIC_KEY: {wrong}; {WHERE}"
