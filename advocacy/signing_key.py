"""The key that signs forms: given, or made once and kept where only its owner can read it."""

import secrets
from pathlib import Path

from advocacy.kept_secrets import kept_secret
from advocacy.settings import HOW_TO_MAKE_A_KEY, WHERE, Settings, SettingsError

FILE = "secret_key"


def signing_key(settings: Settings) -> str:
    """Return the key; raise SettingsError when it has to be set and is not."""
    if given := settings.secret_key.get_secret_value():
        return given
    if settings.database_file is None:
        raise SettingsError(f"set ADVOCACY_SECRET_KEY: {HOW_TO_MAKE_A_KEY}; {WHERE}")
    return kept_key(settings.database_file.with_name(FILE))


def kept_key(path: Path) -> str:
    """Read the key at `path`, made first where there is none."""
    return kept_secret(path, lambda: secrets.token_urlsafe(48))
