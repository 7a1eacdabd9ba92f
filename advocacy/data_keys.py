"""The keys that seal personal columns: given, or made once and kept where only their owner can read them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from advocacy.kept_secrets import kept_secret
from advocacy.sealing import Keys, KeysUnreadable, id_of
from advocacy.settings import WHERE, Settings, SettingsError

FILE = "data_keys"
HOW_TO_MAKE_ONE = (
    "python3 -c 'import base64, secrets; print(base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())' prints one"
)


@dataclass(frozen=True, slots=True)
class KeptKeys(Keys):
    """The keys of a file, which is read once more for a key not known: it may have been written there since."""

    path: Path | None = None

    def by_id(self) -> Mapping[bytes, bytes]:
        """Return each key by its id."""
        return _OrReadAgain({id_of(key): key for key in self.newest_first}, self.path)


class _OrReadAgain(Mapping[bytes, bytes]):
    def __init__(self, known: Mapping[bytes, bytes], path: Path | None) -> None:
        self._known, self._path = known, path

    def __getitem__(self, key_id: bytes) -> bytes:
        if key_id in self._known or self._path is None:
            return self._known[key_id]
        return _read_again(self._path)[key_id]

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


def site_keys(settings: Settings) -> Keys:
    """Return the keys, newest first; raises SettingsError when they have to be set and are not, or cannot be read."""
    if given := settings.data_keys.get_secret_value():
        return _read(given, "ADVOCACY_DATA_KEYS")
    if settings.database_file is None:
        raise SettingsError(f"set ADVOCACY_DATA_KEYS: {HOW_TO_MAKE_ONE}; {WHERE}")
    return kept_keys(settings.database_file.with_name(FILE))


def kept_keys(path: Path) -> Keys:
    """Read the keys at `path`, made first where there are none; processes that start together agree on them."""
    return KeptKeys(_read(kept_secret(path, lambda: Keys.make().text), str(path)).newest_first, path)


def _read_again(path: Path) -> Mapping[bytes, bytes]:
    """Return the keys that a file holds by now, none where it is gone or half written."""
    try:
        return Keys.read(path.read_text(encoding="ascii", errors="replace")).by_id()
    except (OSError, KeysUnreadable):
        return {}


def _read(text: str, what: str) -> Keys:
    try:
        return Keys.read(text)
    except KeysUnreadable as error:
        # The text holds keys, perhaps all but whole: it is never repeated.
        raise SettingsError(f"fix {what}: {error}; {WHERE}") from None
