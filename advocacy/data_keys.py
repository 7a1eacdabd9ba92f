"""The keys that seal personal columns: given, or made once and kept where only their owner can read them."""

from pathlib import Path

from advocacy.kept_secrets import kept_secret
from advocacy.sealing import Keys, KeysUnreadable
from advocacy.settings import WHERE, Settings, SettingsError

FILE = "data_keys"
HOW_TO_MAKE_ONE = (
    "python3 -c 'import base64, secrets; print(base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())' prints one"
)


def site_keys(settings: Settings) -> Keys:
    """Give the keys, newest first; raises SettingsError when they have to be set and are not, or cannot be read."""
    if given := settings.data_keys.get_secret_value():
        return _read(given, "ADVOCACY_DATA_KEYS")
    if settings.database_file is None:
        raise SettingsError(f"set ADVOCACY_DATA_KEYS: {HOW_TO_MAKE_ONE}; {WHERE}")
    return kept_keys(settings.database_file.with_name(FILE))


def kept_keys(path: Path) -> Keys:
    """Read the keys at `path`, made first where there are none; processes that start together agree on them."""
    return _read(kept_secret(path, lambda: Keys.make().text), str(path))


def _read(text: str, what: str) -> Keys:
    try:
        return Keys.read(text)
    except KeysUnreadable as error:
        # The text holds keys, perhaps all but whole: it is never repeated.
        raise SettingsError(f"mend {what}: {error}; {WHERE}") from None
