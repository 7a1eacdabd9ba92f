"""Files that are whole or not there: written under a temporary name, made to last, and renamed."""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

UNFINISHED = ".unfinished"
_TEMPORARY = re.compile(rf"\.(.+)\.([1-9]\d*){re.escape(UNFINISHED)}")
MAX_BATCH = 250
"""Small files made to last together: one after the other, the disk's answers take longer than their letters."""


def temporary(path: Path) -> Path:
    """Return the path of a file while this process writes it, hidden in the same folder."""
    return path.with_name(f".{path.name}.{os.getpid()}{UNFINISHED}")


def remove_unfinished(folder: Path, ours: Callable[[str], bool]) -> None:
    """Remove what was being written when a process was killed, of files whose final names are `ours`."""
    for path in folder.glob(f".*{UNFINISHED}"):
        named = _TEMPORARY.fullmatch(path.name)
        if named and ours(named[1]) and not _is_another_process(int(named[2])):
            path.unlink(missing_ok=True)


def _is_another_process(process: int) -> bool:
    """Whether another process has this number; in a container the one that was killed often had our own."""
    if process == os.getpid():
        return False
    try:
        os.kill(process, 0)
    except PermissionError:
        return True
    except (OverflowError, ProcessLookupError):
        return False
    return True


def write_file(path: Path, content: bytes) -> None:
    """Write one file; a power cut leaves the old one or the new one, and a kill at most the temporary file.

    Raises OSError with the file's own name; then no temporary file is left.
    """
    with _errors_named(path):
        with temporary(path).open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary(path).replace(path)
        _sync_names(path.parent)


@contextmanager
def open_file(path: Path, *, mode: int = 0o666) -> Iterator[BinaryIO]:
    """Open one file to be written as a stream, whole or not there like one of `write_file`."""
    unfinished = temporary(path)
    with _errors_named(path):
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        try:
            with os.fdopen(descriptor, "wb") as file:
                yield file
                file.flush()
                os.fsync(descriptor)
        except BaseException:
            with suppress(OSError):
                unfinished.unlink()
            raise
        unfinished.replace(path)
        _sync_names(path.parent)


class FileBatch:
    """Files of one folder, each whole like one of `write_file`, but made to last a few hundred at a time.

    One that fails takes those that wait with it, and no temporary file is left.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._waiting: list[Path] = []

    def write(self, path: Path, content: bytes) -> None:
        """Write a file that gets its name with the next few hundred."""
        with _errors_named(path, self._waiting):
            temporary(path).write_bytes(content)
        self._waiting.append(path)
        if len(self._waiting) >= MAX_BATCH:
            self.finish()

    def finish(self) -> None:
        """Rename every file that waits to its own name."""
        if self._waiting:
            os.sync()
        for path in self._waiting:
            with _errors_named(path, self._waiting):
                temporary(path).replace(path)
        self._waiting.clear()
        with _errors_named(self._folder):
            _sync_names(self._folder)


@contextmanager
def _errors_named(path: Path, waiting: Sequence[Path] = ()) -> Iterator[None]:
    """Name what fails as the file was to be called, and remove its temporary file and those that wait."""
    try:
        yield
    except OSError as error:
        for one in (path, *waiting):
            with suppress(OSError):
                temporary(one).unlink()
        raise OSError(error.errno, error.strerror, str(path)) from None


def _sync_names(folder: Path) -> None:
    """Make the folder's names last."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
