"""A rehearsal: every mail becomes a file in a folder, for its owner alone to read, and nothing is sent."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from advocacy.delivery.provider import Accepted, Envelope, NotAllowed, TryLater
from advocacy.exports.mail import to_mail

UNFINISHED = ".unfinished"
FILE_MODE, FOLDER_MODE = 0o600, 0o700


class MailFolder:
    """Writes `<time>-<id>.eml` into the folder `path`, which is made when it is needed; `now` gives the time."""

    name = "folder"
    rehearses = True

    def __init__(self, path: Path, *, now: Callable[[], datetime]) -> None:
        self._path, self._now = path, now

    def send(self, envelope: Envelope) -> Accepted:
        """Write the mail; one that is there already is left as it is.

        Raises Refused, TryLater when the disk is full or fails, and NotAllowed when the folder may not be written.
        """
        at, ending = self._now().astimezone(UTC), f"-{envelope.id}.eml"
        content = to_mail(envelope, at=at)
        try:
            self._path.mkdir(FOLDER_MODE, parents=True, exist_ok=True)
            with os.scandir(self._path) as files:
                is_there = any(file.name.endswith(ending) for file in files)
            if not is_there:
                unfinished = self._path / f".{envelope.id}{UNFINISHED}"
                with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE_MODE), "wb") as file:
                    file.write(content)
                unfinished.replace(self._path / f"{at:%Y-%m-%dT%H%M%S}{ending}")
        except (PermissionError, NotADirectoryError, FileExistsError):
            raise NotAllowed("folder") from None
        except OSError:
            raise TryLater("folder", counts=False) from None
        return Accepted()

    def close(self) -> None:
        """Nothing is kept open."""
