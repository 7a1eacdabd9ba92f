"""A file appears under its name when all of it is there: it is written aside, made to last, and renamed."""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

UNFINISHED = ".unfinished"
_ASIDE = re.compile(rf"\.(.+)\.([1-9]\d*){re.escape(UNFINISHED)}")
AT_ONCE = 250
"""Small files made to last together: one after the other, the disk's answers take longer than their letters."""


def aside(path: Path) -> Path:
    """Name what a file is called while this process writes it, hidden in the same folder."""
    return path.with_name(f".{path.name}.{os.getpid()}{UNFINISHED}")


def clear_aside(folder: Path, ours: Callable[[str], bool]) -> None:
    """Remove what was being written when a process was killed, of files whose final names are `ours`."""
    for path in folder.glob(f".*{UNFINISHED}"):
        named = _ASIDE.fullmatch(path.name)
        if named and ours(named[1]) and not _another_lives(int(named[2])):
            path.unlink(missing_ok=True)


def _another_lives(process: int) -> bool:
    """Return whether another process has this number; in a container the one that was killed often had our own."""
    if process == os.getpid():
        return False
    try:
        os.kill(process, 0)
    except PermissionError:
        return True
    except (OverflowError, ProcessLookupError):
        return False
    return True


def write_whole(path: Path, content: bytes) -> None:
    """Write one file; a power cut leaves the old one or the new one, and a kill at most the file aside.

    Raises OSError with the file's own name; then nothing is left aside.
    """
    with _told_of(path):
        with aside(path).open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside(path).replace(path)
        _settle(path.parent)


class ManyFiles:
    """Files of one folder, each whole like one of `write_whole`, but made to last a few hundred at a time.

    One that fails takes those that wait with it, and nothing is left aside.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._waiting: list[Path] = []

    def write(self, path: Path, content: bytes) -> None:
        """Write a file that takes its name with the next few hundred."""
        with _told_of(path, self._waiting):
            aside(path).write_bytes(content)
        self._waiting.append(path)
        if len(self._waiting) >= AT_ONCE:
            self.finish()

    def finish(self) -> None:
        """Return every file that waits its name."""
        if self._waiting:
            os.sync()
        for path in self._waiting:
            with _told_of(path, self._waiting):
                aside(path).replace(path)
        self._waiting.clear()
        with _told_of(self._folder):
            _settle(self._folder)


@contextmanager
def _told_of(path: Path, waiting: Sequence[Path] = ()) -> Iterator[None]:
    """Tell what fails by the name a file was to have, and leave neither it nor those that wait aside."""
    try:
        yield
    except OSError as error:
        for one in (path, *waiting):
            with suppress(OSError):
                aside(one).unlink()
        raise OSError(error.errno, error.strerror, str(path)) from None


def _settle(folder: Path) -> None:
    """Make the folder's names last."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
