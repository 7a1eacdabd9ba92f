"""The secrets of a site, the key that signs and the keys that encrypt: set, or created once in a file of their own."""

import contextlib
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from advocacy.encryption import Keys, KeysUnreadable, id_of
from advocacy.settings import HOW_TO_MAKE_A_KEY, WHERE, Settings, SettingsError

SIGNING_KEY_FILE, DATA_KEYS_FILE = "secret_key", "data_keys"
"""Files beside an SQLite database that only their owner can read."""
HOW_TO_MAKE_A_DATA_KEY = (
    "python3 -c 'import base64, secrets; print(base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())' prints one"
)


@dataclass(frozen=True, slots=True)
class KeysInFile(Keys):
    """The keys of a file, which is read once more for a key not known: it may have been written there since."""

    path: Path | None = None

    def by_id(self) -> Mapping[bytes, bytes]:
        return _KeysById({id_of(key): key for key in self.newest_first}, self.path)


class _KeysById(Mapping[bytes, bytes]):
    def __init__(self, keys: Mapping[bytes, bytes], path: Path | None) -> None:
        self._keys, self._path = keys, path

    def __getitem__(self, key_id: bytes) -> bytes:
        if key_id in self._keys or self._path is None:
            return self._keys[key_id]
        try:
            newer = Keys.read(self._path.read_text(encoding="ascii", errors="replace"))
        except (OSError, KeysUnreadable):  # it is gone, or half written
            raise KeyError(key_id) from None
        return newer.by_id()[key_id]

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


def signing_key(settings: Settings) -> str:
    """Return the key that signs forms and tasks; raises SettingsError when it has to be set and is not."""
    if key := settings.secret_key.get_secret_value():
        return key
    if settings.database_file is None:
        raise SettingsError(f"set ADVOCACY_SECRET_KEY: {HOW_TO_MAKE_A_KEY}; {WHERE}")
    return _read_or_create(settings.database_file.with_name(SIGNING_KEY_FILE), lambda: secrets.token_urlsafe(48))


def data_keys(settings: Settings) -> Keys:
    """Return the keys, newest first; raises SettingsError when they have to be set and are not, or cannot be read."""
    if text := settings.data_keys.get_secret_value():
        return _parse(text, "ADVOCACY_DATA_KEYS")
    if settings.database_file is None:
        raise SettingsError(f"set ADVOCACY_DATA_KEYS: {HOW_TO_MAKE_A_DATA_KEY}; {WHERE}")
    path = settings.database_file.with_name(DATA_KEYS_FILE)
    return KeysInFile(_parse(_read_or_create(path, lambda: Keys.make().text), str(path)).newest_first, path)


def _parse(text: str, source: str) -> Keys:
    try:
        return Keys.read(text)
    except KeysUnreadable as error:
        # The text holds keys, perhaps all but whole: it is never repeated.
        raise SettingsError(f"fix {source}: {error}; {WHERE}") from None


def _read_or_create(path: Path, make: Callable[[], str]) -> str:
    """Read the secret at `path`, created first where there is none; processes that start together agree on one."""
    if not path.exists():
        path.parent.mkdir(0o700, parents=True, exist_ok=True)
        ours = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        with os.fdopen(os.open(ours, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(f"{make()}\n")
            file.flush()
            os.fsync(file.fileno())  # what is made with a secret must not outlast it
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(ours)  # whole or not at all, and the first one wins
        ours.unlink()
    return path.read_text(encoding="ascii", errors="replace").strip()
