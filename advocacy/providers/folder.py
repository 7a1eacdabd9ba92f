"""A rehearsal: every mail becomes a file in a folder, for its owner alone to read, and nothing leaves."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from advocacy.delivery.provider import Accepted, Envelope, NotAllowed, TryLater
from advocacy.exports.mail import to_mail

UNFINISHED = ".unfinished"
OF_THE_OWNER = 0o600
FOLDER_OF_THE_OWNER = 0o700


class Folder:
    """Writes `<time>-<id>.eml` into the folder `path`, which is made when it is needed; `now` gives the time."""

    name = "folder"
    rehearses = True

    def __init__(self, path: Path, *, now: Callable[[], datetime]) -> None:
        self._path, self._now = path, now

    def send(self, envelope: Envelope) -> Accepted:
        """Write the mail; one that is there already is left as it is.

        Raises Refused, TryLater when the disk is full or fails, and NotAllowed when the folder may not be written.
        """
        at = self._now().astimezone(UTC)
        content = to_mail(envelope, at=at)
        try:
            self._path.mkdir(FOLDER_OF_THE_OWNER, parents=True, exist_ok=True)
            if not self._holds(ending := f"-{envelope.id}.eml"):
                self._write(f"{at:%Y-%m-%dT%H%M%S}{ending}", content, aside=f".{envelope.id}{UNFINISHED}")
        except (PermissionError, NotADirectoryError, FileExistsError):
            raise NotAllowed("folder") from None
        except OSError:
            raise TryLater("folder", counts=False) from None
        return Accepted()

    def close(self) -> None:
        """Nothing is kept open."""

    def _holds(self, ending: str) -> bool:
        with os.scandir(self._path) as files:
            return any(file.name.endswith(ending) for file in files)

    def _write(self, name: str, content: bytes, *, aside: str) -> None:
        unfinished = self._path / aside
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OF_THE_OWNER), "wb") as file:
            file.write(content)
        unfinished.replace(self._path / name)
