"""The key that signs forms: given, or made once and kept where only its owner can read it."""

import contextlib
import os
import secrets
from pathlib import Path

from advocacy.settings import HOW_TO_MAKE_A_KEY, WHERE, Settings, SettingsError

FILE = "secret_key"


def signing_key(settings: Settings) -> str:
    """Give the key; raise SettingsError when it has to be set and is not."""
    if given := settings.secret_key.get_secret_value():
        return given
    if settings.database_file is None:
        raise SettingsError(f"set ADVOCACY_SECRET_KEY: {HOW_TO_MAKE_A_KEY}; {WHERE}")
    return kept_key(settings.database_file.with_name(FILE))


def kept_key(path: Path) -> str:
    """Read the key at `path`, made first where there is none; processes that start together agree on one."""
    if not path.exists():
        _make(path)
    return path.read_text(encoding="ascii").strip()


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    ours = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(ours, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48) + "\n")
    with contextlib.suppress(FileExistsError):
        path.hardlink_to(ours)  # whole or not at all, and the first one wins
    ours.unlink()
